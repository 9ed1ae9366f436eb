/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-unwrap-form.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "stateroom-format.h"
#include "stateroom-key-preview.h"
#include "stateroom-scope.h"

#define WORD_KEY "stateroom-word"

struct _StateroomUnwrapForm
{
  GtkBox parent_instance;

  AdwComboRow *scope_row;
  AdwPreferencesGroup *wrappers_group;
  AdwEntryRow *other_row;
  AdwSwitchRow *partial_row;
  StateroomKeyPreview *preview;

  CkptTree *tree;
  GPtrArray *switches; /* AdwSwitchRow: one for each wrapper */
  GCancellable *cancellable;
};

typedef struct
{
  CkptTree *tree;
  CkptNodeId node;
} Job;

static void form_init (StateroomFormInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StateroomUnwrapForm,
                               stateroom_unwrap_form,
                               GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (STATEROOM_TYPE_FORM, form_init))

static void
on_changed (StateroomUnwrapForm *self)
{
  stateroom_form_changed (self);
}

static GStrv
dup_words (StateroomForm *form)
{
  StateroomUnwrapForm *self = STATEROOM_UNWRAP_FORM (form);
  const char *other = gtk_editable_get_text (GTK_EDITABLE (self->other_row));
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  guint n = 0;

  g_strv_builder_add (words, "unwrap");
  stateroom_scope_add_word (self->scope_row, words);
  if (adw_switch_row_get_active (self->partial_row))
    g_strv_builder_add (words, "--partial");
  g_strv_builder_add (words, "--");
  for (guint i = 0; i < self->switches->len; i++)
    {
      AdwSwitchRow *row = g_ptr_array_index (self->switches, i);

      if (!adw_switch_row_get_active (row))
        continue;
      g_strv_builder_add (words, g_object_get_data (G_OBJECT (row), WORD_KEY));
      n++;
    }
  if (other[0] != '\0')
    g_strv_builder_add (words, other);
  /* Without a word the verb looks for wrappers by itself. */
  return n > 0 || other[0] != '\0' ? g_strv_builder_end (words) : NULL;
}

static void
show_preview (StateroomForm *form, CkptEffect *effect)
{
  stateroom_key_preview_set_effect (STATEROOM_UNWRAP_FORM (form)->preview, effect);
}

static void
form_init (StateroomFormInterface *iface)
{
  iface->dup_words = dup_words;
  iface->show_preview = show_preview;
}

/* "26 keys carry it", or "26 keys carry it, 3 do not". */
static char *
dup_count (const CkptWrapper *wrapper)
{
  g_autofree char *n_keys = stateroom_format_count (wrapper->n_keys);
  g_autofree char *n_others = stateroom_format_count (wrapper->n_others);
  gulong n = (gulong) MIN (wrapper->n_keys, G_MAXINT);

  if (wrapper->n_others > 0)
    return g_strdup_printf (ngettext ("%s key carries it, %s do not", "%s keys carry it, %s do not", n),
                            n_keys, n_others);
  return g_strdup_printf (ngettext ("%s key carries it", "%s keys carry it", n), n_keys);
}

static void
add_wrapper (StateroomUnwrapForm *self, const CkptWrapper *wrapper)
{
  GtkWidget *row = adw_switch_row_new ();
  g_autofree char *title = stateroom_format_label (wrapper->name);
  g_autofree char *subtitle = dup_count (wrapper);

  g_object_set (row, "use-markup", FALSE, "title", title, "subtitle", subtitle, "active",
                wrapper->is_suggested, NULL);
  g_object_set_data_full (G_OBJECT (row), WORD_KEY, g_strdup (wrapper->name), g_free);
  g_signal_connect_object (row, "notify::active", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->switches, row);
  adw_preferences_group_add (self->wrappers_group, row);
}

static void
show_wrappers (StateroomUnwrapForm *self, GArray *wrappers)
{
  for (guint i = 0; i < self->switches->len; i++)
    adw_preferences_group_remove (self->wrappers_group, g_ptr_array_index (self->switches, i));
  g_ptr_array_set_size (self->switches, 0);
  /* The entry stays the last row. */
  g_object_ref (self->other_row);
  adw_preferences_group_remove (self->wrappers_group, GTK_WIDGET (self->other_row));
  for (guint i = 0; i < wrappers->len; i++)
    add_wrapper (self, &g_array_index (wrappers, CkptWrapper, i));
  adw_preferences_group_add (self->wrappers_group, GTK_WIDGET (self->other_row));
  g_object_unref (self->other_row);
  stateroom_form_changed (self);
}

static void
free_job (gpointer data)
{
  Job *job = data;

  ckpt_tree_unref (job->tree);
  g_free (job);
}

static void
clear_wrapper (gpointer data)
{
  g_free (((CkptWrapper *) data)->name);
}

/* Adds what was found in one dict to what was found in others. */
static void
merge_wrapper (GArray *all, const CkptWrapper *wrapper)
{
  CkptWrapper copy = *wrapper;

  for (guint i = 0; i < all->len; i++)
    {
      CkptWrapper *other = &g_array_index (all, CkptWrapper, i);

      if (!g_str_equal (other->name, wrapper->name))
        continue;
      other->is_suggested |= wrapper->is_suggested;
      other->n_keys += wrapper->n_keys;
      other->n_others += wrapper->n_others;
      other->n_paths += wrapper->n_paths;
      return;
    }
  copy.name = g_strdup (wrapper->name);
  g_array_append_val (all, copy);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  g_autoptr (GArray) dicts = ckpt_wrappers_list_dicts (job->tree, job->node);
  GArray *all = g_array_new (FALSE, FALSE, sizeof (CkptWrapper));

  g_array_set_clear_func (all, clear_wrapper);
  for (guint i = 0; i < dicts->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      g_autoptr (GArray) found = ckpt_wrappers_find (job->tree, g_array_index (dicts, CkptNodeId, i));

      for (guint j = 0; j < found->len; j++)
        merge_wrapper (all, &g_array_index (found, CkptWrapper, j));
    }
  g_task_return_pointer (task, all, (GDestroyNotify) g_array_unref);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GArray) wrappers = g_task_propagate_pointer (G_TASK (result), NULL);
  StateroomUnwrapForm *self = user_data;

  /* The form may be gone. */
  if (wrappers == NULL)
    return;
  g_clear_object (&self->cancellable);
  show_wrappers (self, wrappers);
}

static void
on_scope_notify (StateroomUnwrapForm *self)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  if (self->tree == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  job = g_new0 (Job, 1);
  job->tree = ckpt_tree_ref (self->tree);
  job->node = stateroom_scope_get_node (self->scope_row);
  task = g_task_new (NULL, self->cancellable, on_listed, self);
  g_task_set_name (task, "names of wrappers");
  g_task_set_task_data (task, job, free_job);
  g_task_run_in_thread (task, run_in_thread);
}

static void
stateroom_unwrap_form_dispose (GObject *object)
{
  StateroomUnwrapForm *self = STATEROOM_UNWRAP_FORM (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->tree, ckpt_tree_unref);
  g_ptr_array_set_size (self->switches, 0);
  gtk_widget_dispose_template (GTK_WIDGET (object), STATEROOM_TYPE_UNWRAP_FORM);

  G_OBJECT_CLASS (stateroom_unwrap_form_parent_class)->dispose (object);
}

static void
stateroom_unwrap_form_finalize (GObject *object)
{
  g_ptr_array_unref (STATEROOM_UNWRAP_FORM (object)->switches);

  G_OBJECT_CLASS (stateroom_unwrap_form_parent_class)->finalize (object);
}

static void
stateroom_unwrap_form_class_init (StateroomUnwrapFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_unwrap_form_dispose;
  G_OBJECT_CLASS (klass)->finalize = stateroom_unwrap_form_finalize;
  g_type_ensure (STATEROOM_TYPE_KEY_PREVIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-unwrap-form.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomUnwrapForm, scope_row);
  gtk_widget_class_bind_template_child (widget_class, StateroomUnwrapForm, wrappers_group);
  gtk_widget_class_bind_template_child (widget_class, StateroomUnwrapForm, other_row);
  gtk_widget_class_bind_template_child (widget_class, StateroomUnwrapForm, partial_row);
  gtk_widget_class_bind_template_child (widget_class, StateroomUnwrapForm, preview);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_scope_notify);
}

static void
stateroom_unwrap_form_init (StateroomUnwrapForm *self)
{
  self->switches = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * stateroom_unwrap_form_new:
 * @item: (nullable): what is selected
 * @tree: the file
 *
 * Returns: (transfer floating): a form that takes out the names of wrappers that are found
 */
GtkWidget *
stateroom_unwrap_form_new (CkptItem *item, CkptTree *tree)
{
  StateroomUnwrapForm *self = g_object_new (STATEROOM_TYPE_UNWRAP_FORM, NULL);

  stateroom_scope_fill (self->scope_row, item);
  self->tree = ckpt_tree_ref (tree);
  on_scope_notify (self);
  return GTK_WIDGET (self);
}

/**
 * stateroom_unwrap_form_is_busy:
 *
 * Returns: whether wrappers are still being looked for
 */
gboolean
stateroom_unwrap_form_is_busy (StateroomUnwrapForm *self)
{
  g_return_val_if_fail (STATEROOM_IS_UNWRAP_FORM (self), FALSE);

  return self->cancellable != NULL;
}
