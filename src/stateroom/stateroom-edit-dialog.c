/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-edit-dialog.h"

#include <glib/gi18n.h>

#include "stateroom-cast-form.h"
#include "stateroom-effect-view.h"
#include "stateroom-plain-form.h"
#include "stateroom-weak.h"

/* Keys that are typed quickly make one preview. */
#define REST_MS 60
/* Pixels of a dialog whose form has a list. */
#define ROOMY_HEIGHT 560

struct _StateroomEditDialog
{
  AdwDialog parent_instance;

  GtkButton *apply_button;
  AdwBin *form_bin;
  StateroomEffectView *effect_view;

  StateroomEditor *editor;
  StateroomForm *form;
  GCancellable *cancellable; /* of the preview that is being made */
  guint rest_id;             /* until it is begun */
  GPtrArray *more;           /* GStrv: edits that follow the one that is being done */
  gboolean is_applying;
};

enum
{
  APPLIED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StateroomEditDialog, stateroom_edit_dialog, ADW_TYPE_DIALOG)

static void
stop_preview (StateroomEditDialog *self)
{
  g_clear_handle_id (&self->rest_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
show_preview (StateroomEditDialog *self, StateroomPreview *preview)
{
  CkptEffect *effect = preview->effect;

  if (effect->n > 0)
    stateroom_effect_view_set_effect (self->effect_view, effect->title != NULL ? effect->title : "",
                                      preview->n_bytes, effect->notes);
  else
    stateroom_effect_view_set_effect (self->effect_view, _ ("Nothing to Do"), 0, effect->notes);
  stateroom_form_show_preview (self->form, effect->n > 0 ? effect : NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->apply_button), effect->n > 0);
}

static void
show_error (StateroomEditDialog *self, const GError *error)
{
  stateroom_effect_view_set_error (self->effect_view, error->message);
  stateroom_form_show_preview (self->form, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->apply_button), FALSE);
}

static void
on_preview (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomEditDialog) self = stateroom_weak_take (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (StateroomPreview)
      preview = stateroom_editor_preview_finish (STATEROOM_EDITOR (source), result, &error);

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      self->cancellable != g_task_get_cancellable (G_TASK (result)))
    return;
  g_clear_object (&self->cancellable);
  if (preview != NULL)
    show_preview (self, preview);
  else
    show_error (self, error);
}

/* What the form says; NULL, and said why, where that is nothing yet. */
static CkptEdit *
make_edit (StateroomEditDialog *self)
{
  g_auto (GStrv) words = stateroom_form_dup_words (self->form);
  g_autoptr (GError) error = NULL;
  CkptEdit *edit;

  if (words == NULL)
    {
      stateroom_effect_view_set_note (self->effect_view, _ ("Nothing is changed yet."));
      stateroom_form_show_preview (self->form, NULL);
      return NULL;
    }
  edit = ckpt_edit_new (words[0], (const char *const *) words + 1, &error);
  if (edit == NULL)
    show_error (self, error);
  return edit;
}

static gboolean
on_rest (gpointer user_data)
{
  StateroomEditDialog *self = user_data;
  g_autoptr (CkptEdit) edit = make_edit (self);

  self->rest_id = 0;
  if (edit == NULL)
    return G_SOURCE_REMOVE;
  self->cancellable = g_cancellable_new ();
  stateroom_effect_view_set_busy (self->effect_view);
  stateroom_editor_preview_async (self->editor, edit, self->cancellable, on_preview,
                                  stateroom_weak_new (self));
  return G_SOURCE_REMOVE;
}

static void
on_form_changed (StateroomEditDialog *self)
{
  stop_preview (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->apply_button), FALSE);
  self->rest_id = g_timeout_add (REST_MS, on_rest, self);
}

static void apply_edit (StateroomEditDialog *self, CkptEdit *edit);

/* FALSE if there is none, or it is none. */
static gboolean
apply_next (StateroomEditDialog *self)
{
  g_auto (GStrv) words = NULL;
  g_autoptr (CkptEdit) edit = NULL;

  if (self->more == NULL || self->more->len == 0)
    return FALSE;
  words = g_ptr_array_steal_index (self->more, 0);
  edit = ckpt_edit_new (words[0], (const char *const *) words + 1, NULL);
  if (edit != NULL)
    apply_edit (self, edit);
  return edit != NULL;
}

static void
on_applied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomEditDialog) self = stateroom_weak_take (user_data);
  g_autoptr (GError) error = NULL;
  gboolean is_done = stateroom_editor_apply_finish (STATEROOM_EDITOR (source), result, &error);

  if (self == NULL)
    return;
  self->is_applying = FALSE;
  g_clear_object (&self->cancellable);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!is_done)
    {
      show_error (self, error);
      return;
    }
  if (apply_next (self))
    return;
  g_signal_emit (self, signals[APPLIED], 0);
  adw_dialog_close (ADW_DIALOG (self));
}

static void
apply_edit (StateroomEditDialog *self, CkptEdit *edit)
{
  self->is_applying = TRUE;
  self->cancellable = g_cancellable_new ();
  stateroom_editor_apply_async (self->editor, edit, self->cancellable, on_applied, stateroom_weak_new (self));
}

static void
on_apply_clicked (StateroomEditDialog *self)
{
  stateroom_edit_dialog_apply (self);
}

static void
on_cancel_clicked (StateroomEditDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

static void
stateroom_edit_dialog_dispose (GObject *object)
{
  StateroomEditDialog *self = STATEROOM_EDIT_DIALOG (object);

  stop_preview (self);
  g_clear_pointer (&self->more, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), STATEROOM_TYPE_EDIT_DIALOG);
  g_clear_object (&self->editor);

  G_OBJECT_CLASS (stateroom_edit_dialog_parent_class)->dispose (object);
}

static void
stateroom_edit_dialog_class_init (StateroomEditDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_edit_dialog_dispose;
  /**
   * StateroomEditDialog::applied:
   *
   * The document was edited; the dialog closes.
   */
  signals[APPLIED] = g_signal_new ("applied", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  g_type_ensure (STATEROOM_TYPE_EFFECT_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-edit-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomEditDialog, apply_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomEditDialog, form_bin);
  gtk_widget_class_bind_template_child (widget_class, StateroomEditDialog, effect_view);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_apply_clicked);
}

static void
stateroom_edit_dialog_init (StateroomEditDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * stateroom_edit_dialog_new:
 * @editor: what does it
 * @title: what is done
 * @apply_label: the label of the button that does it, with a mnemonic
 * @form: (type StateroomForm): its controls
 *
 * Returns: (transfer floating): a dialog that previews the edit of @form at once
 */
AdwDialog *
stateroom_edit_dialog_new (StateroomEditor *editor,
                           const char *title,
                           const char *apply_label,
                           GtkWidget *form)
{
  StateroomEditDialog *self = g_object_new (STATEROOM_TYPE_EDIT_DIALOG, "title", title, NULL);

  self->editor = g_object_ref (editor);
  self->form = STATEROOM_FORM (form);
  gtk_button_set_label (self->apply_button, apply_label);
  adw_bin_set_child (self->form_bin, form);
  /* Others get rows that are not known yet. */
  if (!STATEROOM_IS_PLAIN_FORM (form) && !STATEROOM_IS_CAST_FORM (form))
    adw_dialog_set_content_height (ADW_DIALOG (self), ROOMY_HEIGHT);
  g_signal_connect_object (form, "changed", G_CALLBACK (on_form_changed), self, G_CONNECT_SWAPPED);
  on_form_changed (self);
  return ADW_DIALOG (self);
}

/**
 * stateroom_edit_dialog_get_form:
 *
 * Returns: (transfer none): its controls
 */
StateroomForm *
stateroom_edit_dialog_get_form (StateroomEditDialog *self)
{
  g_return_val_if_fail (STATEROOM_IS_EDIT_DIALOG (self), NULL);

  return self->form;
}

/**
 * stateroom_edit_dialog_is_busy:
 *
 * Returns: whether it is being found out what the edit does, or the edit is being done
 */
gboolean
stateroom_edit_dialog_is_busy (StateroomEditDialog *self)
{
  g_return_val_if_fail (STATEROOM_IS_EDIT_DIALOG (self), FALSE);

  return self->rest_id != 0 || self->cancellable != NULL || self->is_applying;
}

/**
 * stateroom_edit_dialog_can_apply:
 *
 * Returns: whether the edit is known to change something
 */
gboolean
stateroom_edit_dialog_can_apply (StateroomEditDialog *self)
{
  g_return_val_if_fail (STATEROOM_IS_EDIT_DIALOG (self), FALSE);

  return gtk_widget_get_sensitive (GTK_WIDGET (self->apply_button));
}

/**
 * stateroom_edit_dialog_get_text:
 *
 * Returns: (transfer none): what the edit does, or why it cannot be done
 */
const char *
stateroom_edit_dialog_get_text (StateroomEditDialog *self)
{
  g_return_val_if_fail (STATEROOM_IS_EDIT_DIALOG (self), NULL);

  return stateroom_effect_view_get_title (self->effect_view);
}

/**
 * stateroom_edit_dialog_apply:
 *
 * Does the edit, and closes the dialog.
 */
void
stateroom_edit_dialog_apply (StateroomEditDialog *self)
{
  g_autoptr (CkptEdit) edit = NULL;

  g_return_if_fail (STATEROOM_IS_EDIT_DIALOG (self));

  if (self->is_applying)
    return;
  stop_preview (self);
  edit = make_edit (self);
  if (edit == NULL)
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (self->apply_button), FALSE);
  stateroom_effect_view_set_busy (self->effect_view);
  g_clear_pointer (&self->more, g_ptr_array_unref);
  self->more = stateroom_form_list_more (self->form);
  apply_edit (self, edit);
}
