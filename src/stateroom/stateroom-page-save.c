/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "stateroom-page-private.h"
#include "stateroom-weak.h"

static char *
dup_file_name (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);

  return ckpt_text_escape (name, strlen (name), 80);
}

static void start_save (StateroomPage *self, StateroomSave *save);

static void
on_problem_response (StateroomPage *self, const char *response, AdwAlertDialog *dialog)
{
  StateroomSave *save = g_object_get_data (G_OBJECT (dialog), "stateroom-save");
  CkptOutputFlags consent = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (dialog), "stateroom-consent"));
  CkptSaveOptions options = *stateroom_save_get_options (save);
  g_autoptr (StateroomSave) again = NULL;

  if (g_str_equal (response, "save-as"))
    {
      gtk_widget_activate_action (GTK_WIDGET (self),
                                  stateroom_save_is_copy (save) ? "win.export" : "win.save-as", NULL);
      return;
    }
  if (!g_str_equal (response, "replace"))
    return;
  options.flags |= consent;
  again = stateroom_save_new (stateroom_save_get_tree (save), &options, stateroom_save_get_file (save),
                              stateroom_save_is_copy (save));
  start_save (self, again);
}

/* Says why a file was not written, and asks whether to do it nevertheless, where that is for a person to say. */
static void
show_problem (StateroomPage *self, StateroomSave *save, const GError *error)
{
  CkptOutputFlags consent = ckpt_output_get_consent (error);
  g_autofree char *name = dup_file_name (stateroom_save_get_file (save));
  g_autofree char *heading = g_strdup_printf (consent != 0 ? _ ("Replace “%s”?") : _ ("Cannot Save “%s”"),
                                              name);
  AdwDialog *dialog = adw_alert_dialog_new (heading, error->message);
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);

  adw_alert_dialog_add_responses (alert, "cancel", consent != 0 ? _ ("_Cancel") : _ ("_Close"), "save-as",
                                  stateroom_save_is_copy (save) ? _ ("_Export…") : _ ("Save _As…"), NULL);
  if (consent != 0)
    {
      adw_alert_dialog_add_response (alert, "replace", _ ("_Replace"));
      adw_alert_dialog_set_response_appearance (alert, "replace", ADW_RESPONSE_DESTRUCTIVE);
    }
  adw_alert_dialog_set_default_response (alert, "save-as");
  adw_alert_dialog_set_close_response (alert, "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "stateroom-save", g_object_ref (save), g_object_unref);
  g_object_set_data (G_OBJECT (dialog), "stateroom-consent", GUINT_TO_POINTER (consent));
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_problem_response), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

/* "Saved NAME", and what there is to know. */
static char *
dup_saved_text (StateroomSave *save)
{
  GPtrArray *notes = stateroom_save_get_notes (save);
  g_autofree char *name = dup_file_name (stateroom_save_get_file (save));
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, _ ("Saved “%s”"), name);
  for (guint i = 0; notes != NULL && i < notes->len; i++)
    g_string_append_printf (text, " · %s", (const char *) g_ptr_array_index (notes, i));
  return g_string_free_and_steal (text);
}

static void
finish_copy (StateroomPage *self, StateroomSave *save)
{
  g_autofree char *text = dup_saved_text (save);
  g_autoptr (GVariant)
      path = g_variant_ref_sink (g_variant_new_string (g_file_peek_path (stateroom_save_get_file (save))));
  g_autofree char *action = g_action_print_detailed_name ("win.open", path);

  stateroom_page_offer (self, text, _ ("_Open"), action);
}

/* Goes on with the file that was written. */
static void
finish_save (StateroomPage *self, StateroomSave *save, CkptTree *written)
{
  g_autofree char *text = dup_saved_text (save);

  g_set_object (&self->saved_file, stateroom_save_get_file (save));
  adw_banner_set_revealed (self->changed_banner, FALSE);
  ckpt_document_set_saved (self->document, written);
  stateroom_page_set_file (self, stateroom_save_get_file (save));
  stateroom_page_say (self, text);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomPage) self = stateroom_weak_take (user_data);
  g_autoptr (StateroomSave) save = g_object_ref (STATEROOM_SAVE (source));
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptTree) written = stateroom_save_run_finish (save, result, &error);

  if (self == NULL || self->save != save)
    return;
  stateroom_save_bar_set_save (self->save_bar, NULL);
  g_clear_object (&self->save);
  g_clear_object (&self->save_cancellable);
  if (written != NULL && stateroom_save_is_copy (save))
    finish_copy (self, save);
  else if (written != NULL)
    finish_save (self, save, written);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    stateroom_page_say (self, _ ("Not Saved"));
  else
    show_problem (self, save, error);
  stateroom_page_changed (self);
  stateroom_page_save_ended (self);
}

static void
start_save (StateroomPage *self, StateroomSave *save)
{
  if (self->save != NULL || self->editor == NULL)
    return;
  self->save = g_object_ref (save);
  self->save_cancellable = g_cancellable_new ();
  stateroom_save_bar_set_save (self->save_bar, save);
  stateroom_save_run_async (save, self->editor, self->save_cancellable, on_saved, stateroom_weak_new (self));
  stateroom_page_changed (self);
}

/* Ends the writing; the button of the bar does it too. */
void
stateroom_page_cancel_save (StateroomPage *self)
{
  g_cancellable_cancel (self->save_cancellable);
}

/**
 * stateroom_page_save:
 * @file: where to; with a local path
 * @flags: what a person agreed to
 *
 * Writes the file as it is edited, and goes on with it. "saved" follows, whatever comes of it.
 */
void
stateroom_page_save (StateroomPage *self, GFile *file, CkptOutputFlags flags)
{
  CkptTree *tree;
  CkptSaveOptions options = { .flags = flags };
  g_autoptr (StateroomSave) save = NULL;

  g_return_if_fail (STATEROOM_IS_PAGE (self));
  g_return_if_fail (g_file_peek_path (file) != NULL);

  if (self->document == NULL)
    return;
  tree = ckpt_document_get_tree (self->document);
  options.write.container = ckpt_tree_get_container (tree);
  save = stateroom_save_new (tree, &options, file, FALSE);
  start_save (self, save);
}

/**
 * stateroom_page_export:
 * @tree: what to write
 * @container: as what
 * @file: where to; with a local path
 * @flags: what a person agreed to
 *
 * Writes a copy for others.
 */
void
stateroom_page_export (StateroomPage *self,
                       CkptTree *tree,
                       CkptContainer container,
                       GFile *file,
                       CkptOutputFlags flags)
{
  CkptSaveOptions options = { .write = { .container = container, .leaves_out = TRUE }, .flags = flags };
  g_autoptr (StateroomSave) save = NULL;

  g_return_if_fail (STATEROOM_IS_PAGE (self));
  g_return_if_fail (g_file_peek_path (file) != NULL);

  save = stateroom_save_new (tree, &options, file, TRUE);
  start_save (self, save);
}

/**
 * stateroom_page_is_own:
 *
 * Returns: whether the file that is shown was written here, so that saving replaces it without a question
 */
gboolean
stateroom_page_is_own (StateroomPage *self)
{
  g_return_val_if_fail (STATEROOM_IS_PAGE (self), FALSE);

  return self->saved_file != NULL && g_file_equal (self->saved_file, self->file);
}

/**
 * stateroom_page_is_saving:
 *
 * Returns: whether something is being written
 */
gboolean
stateroom_page_is_saving (StateroomPage *self)
{
  g_return_val_if_fail (STATEROOM_IS_PAGE (self), FALSE);

  return self->save != NULL;
}

/**
 * stateroom_page_get_save_bar:
 *
 * Returns: (transfer none): what shows how far a file is written
 */
StateroomSaveBar *
stateroom_page_get_save_bar (StateroomPage *self)
{
  g_return_val_if_fail (STATEROOM_IS_PAGE (self), NULL);

  return self->save_bar;
}
