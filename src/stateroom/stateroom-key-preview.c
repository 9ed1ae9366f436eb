/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-key-preview.h"

#include <glib/gi18n.h>

#include "stateroom-format.h"

struct _StateroomKeyPreview
{
  GtkBox parent_instance;

  GtkListView *list_view;
  GtkLabel *more_label;

  GtkStringList *lines; /* old and new key of each change, divided by a line break */
};

G_DEFINE_FINAL_TYPE (StateroomKeyPreview, stateroom_key_preview, GTK_TYPE_BOX)

static GtkWidget *
new_key (const char *css_class)
{
  GtkWidget *key = gtk_inscription_new (NULL);

  g_object_set (key, "text-overflow", GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_START, "hexpand", TRUE, "min-chars",
                8, "nat-chars", 30, NULL);
  gtk_widget_add_css_class (key, css_class);
  return key;
}

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *arrow = gtk_label_new ("→");

  gtk_widget_add_css_class (arrow, "dimmed");
  gtk_box_append (GTK_BOX (box), new_key ("dimmed"));
  gtk_box_append (GTK_BOX (box), arrow);
  gtk_box_append (GTK_BOX (box), new_key ("key"));
  gtk_list_item_set_child (item, box);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_list_item_get_child (item);
  const char *line = gtk_string_object_get_string (gtk_list_item_get_item (item));
  g_auto (GStrv) keys = g_strsplit (line, "\n", 2);
  const char *after = keys[1][0] != '\0' ? keys[1] : _ ("removed");
  g_autofree char *label = NULL;

  /* Translators: read aloud; an old key and the new one */
  label = g_strdup_printf (_ ("%s becomes %s"), keys[0], after);
  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_widget_get_first_child (box)), keys[0]);
  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_widget_get_last_child (box)), after);
  gtk_list_item_set_accessible_label (item, label);
}

static void
stateroom_key_preview_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), STATEROOM_TYPE_KEY_PREVIEW);
  g_clear_object (&STATEROOM_KEY_PREVIEW (object)->lines);

  G_OBJECT_CLASS (stateroom_key_preview_parent_class)->dispose (object);
}

static void
stateroom_key_preview_class_init (StateroomKeyPreviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_key_preview_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-key-preview.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomKeyPreview, list_view);
  gtk_widget_class_bind_template_child (widget_class, StateroomKeyPreview, more_label);
}

static void
stateroom_key_preview_init (StateroomKeyPreview *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->lines = gtk_string_list_new (NULL);
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->lines)));
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);
  gtk_list_view_set_factory (self->list_view, factory);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (selection));
}

static GStrv
dup_lines (GArray *changes)
{
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  for (guint i = 0; i < changes->len; i++)
    {
      const CkptChange *change = &g_array_index (changes, CkptChange, i);
      g_autofree char *before = stateroom_format_label (change->before);
      g_autofree char *after = change->after != NULL ? stateroom_format_label (change->after) : NULL;

      g_strv_builder_take (lines, g_strconcat (before, "\n", after != NULL ? after : "", NULL));
    }
  return g_strv_builder_end (lines);
}

/**
 * stateroom_key_preview_set_effect:
 * @effect: (nullable): what an edit does; nothing is shown for %NULL
 *
 * Lists the changes of an edit.
 */
void
stateroom_key_preview_set_effect (StateroomKeyPreview *self, CkptEffect *effect)
{
  GArray *changes = effect != NULL ? effect->changes : NULL;
  guint n = changes != NULL ? changes->len : 0, n_old;
  g_auto (GStrv) lines = n > 0 ? dup_lines (changes) : NULL;

  g_return_if_fail (STATEROOM_IS_KEY_PREVIEW (self));

  n_old = g_list_model_get_n_items (G_LIST_MODEL (self->lines));
  gtk_string_list_splice (self->lines, 0, n_old, (const char *const *) lines);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->more_label), n > 0 && effect->n > n);
  if (n > 0 && effect->n > n)
    {
      g_autofree char *count = stateroom_format_count (effect->n - n);
      g_autofree char *text = g_strdup_printf (_ ("And %s more."), count);

      gtk_label_set_text (self->more_label, text);
    }
}

/**
 * stateroom_key_preview_get_n:
 *
 * Returns: how many lines are listed
 */
guint
stateroom_key_preview_get_n (StateroomKeyPreview *self)
{
  g_return_val_if_fail (STATEROOM_IS_KEY_PREVIEW (self), 0);

  return g_list_model_get_n_items (G_LIST_MODEL (self->lines));
}

/**
 * stateroom_key_preview_dup_line:
 * @i: number of a line
 *
 * Returns: (transfer full) (nullable): the old and the new key, with a line break between
 */
char *
stateroom_key_preview_dup_line (StateroomKeyPreview *self, guint i)
{
  g_return_val_if_fail (STATEROOM_IS_KEY_PREVIEW (self), NULL);

  return g_strdup (gtk_string_list_get_string (self->lines, i));
}
