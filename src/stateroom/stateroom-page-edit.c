/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "stateroom-page-private.h"
#include "stateroom-version.h"
#include "stateroom-weak.h"

static void
stop_version (StateroomPage *self)
{
  g_cancellable_cancel (self->version_cancellable);
  g_clear_object (&self->version_cancellable);
}

static void
on_version_made (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomPage) self = stateroom_weak_take (user_data);
  g_autoptr (StateroomVersion) version = stateroom_version_make_finish (result, NULL);

  if (version == NULL || self == NULL)
    return;
  g_clear_object (&self->version_cancellable);
  stateroom_page_show_root (self, version->root, version->survey);
  if (self->select_path != NULL)
    stateroom_page_select (self, self->select_path, NULL);
  g_clear_pointer (&self->select_path, g_free);
}

/* Shows the tree of the document. What is shown now stays until its rows are known. */
static void
on_document_changed (StateroomPage *self)
{
  CkptTree *tree = ckpt_document_get_tree (self->document);

  stop_version (self);
  g_object_notify (G_OBJECT (self), "title");
  if (tree != stateroom_page_get_tree (self))
    {
      self->version_cancellable = g_cancellable_new ();
      stateroom_version_make_async (tree, stateroom_tree_view_get_flags (self->tree_view),
                                    stateroom_inspector_get_survey (self->inspector),
                                    self->version_cancellable, on_version_made, stateroom_weak_new (self));
    }
  stateroom_page_update_changes (self);
  stateroom_page_changed (self);
}

/* Lets go of the document. What is pending stays in its journal, unless it was given up. */
void
stateroom_page_drop_document (StateroomPage *self)
{
  stop_version (self);
  g_clear_pointer (&self->select_path, g_free);
  g_clear_pointer (&self->journal, g_ptr_array_unref);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->editor);
  g_clear_object (&self->document);
}

/* Begins with a file that was just opened. */
void
stateroom_page_set_document (StateroomPage *self, CkptTree *tree)
{
  stateroom_page_give_up (self);
  stateroom_page_drop_document (self);
  self->document = ckpt_document_new (tree);
  self->editor = stateroom_editor_new (self->document);
  g_signal_connect_object (self->document, "changed", G_CALLBACK (on_document_changed), self,
                           G_CONNECT_SWAPPED);
  stateroom_tree_view_set_document (self->tree_view, self->document);
  stateroom_page_offer_journal (self);
  stateroom_page_update_changes (self);
  g_object_notify (G_OBJECT (self), "title");
}

/**
 * stateroom_page_give_up:
 *
 * Throws away what is pending: it will not be offered again.
 */
void
stateroom_page_give_up (StateroomPage *self)
{
  g_return_if_fail (STATEROOM_IS_PAGE (self));

  if (self->document != NULL)
    ckpt_document_close (self->document);
}

/**
 * stateroom_page_get_document:
 *
 * Returns: (transfer none) (nullable): the file as it is edited, once it is open
 */
CkptDocument *
stateroom_page_get_document (StateroomPage *self)
{
  g_return_val_if_fail (STATEROOM_IS_PAGE (self), NULL);

  return self->document;
}

/**
 * stateroom_page_get_editor:
 *
 * Returns: (transfer none) (nullable): what edits the file, once it is open
 */
StateroomEditor *
stateroom_page_get_editor (StateroomPage *self)
{
  g_return_val_if_fail (STATEROOM_IS_PAGE (self), NULL);

  return self->editor;
}

/**
 * stateroom_page_is_modified:
 *
 * Returns: whether there are changes that are not saved
 */
gboolean
stateroom_page_is_modified (StateroomPage *self)
{
  g_return_val_if_fail (STATEROOM_IS_PAGE (self), FALSE);

  return self->document != NULL && ckpt_document_is_modified (self->document);
}

/**
 * stateroom_page_is_settled:
 *
 * Returns: whether what is shown is the file as it is edited, and nothing is being done to it
 */
gboolean
stateroom_page_is_settled (StateroomPage *self)
{
  g_return_val_if_fail (STATEROOM_IS_PAGE (self), FALSE);

  return self->load == NULL && self->save == NULL && self->version_cancellable == NULL &&
         (self->editor == NULL || !stateroom_editor_is_busy (self->editor));
}

static void
on_edited (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomPage) self = stateroom_weak_take (user_data);
  g_autoptr (GError) error = NULL;
  gboolean is_done = stateroom_editor_apply_finish (STATEROOM_EDITOR (source), result, &error);

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!is_done)
    {
      g_clear_pointer (&self->select_path, g_free);
      stateroom_page_say (self, error->message);
    }
  else if (ckpt_document_get_tree (self->document) != stateroom_page_get_tree (self))
    stateroom_page_say_edited (self);
  else
    stateroom_page_say (self, _ ("Nothing to Do"));
}

/**
 * stateroom_page_edit:
 * @words: (array zero-terminated=1): a verb and its words
 * @select_path: (nullable): what to select when it is done
 *
 * Edits the file, and says so.
 */
void
stateroom_page_edit (StateroomPage *self, const char *const *words, const char *select_path)
{
  g_autoptr (CkptEdit) edit = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (STATEROOM_IS_PAGE (self));
  g_return_if_fail (words != NULL && words[0] != NULL);

  if (self->editor == NULL)
    return;
  edit = ckpt_edit_new (words[0], words + 1, &error);
  if (edit == NULL)
    {
      stateroom_page_say (self, error->message);
      return;
    }
  g_free (self->select_path);
  self->select_path = g_strdup (select_path);
  stateroom_editor_apply_async (self->editor, edit, NULL, on_edited, stateroom_weak_new (self));
}

/**
 * stateroom_page_say_edited:
 *
 * Says what was done last, with a button that undoes it.
 */
void
stateroom_page_say_edited (StateroomPage *self)
{
  const char *title = ckpt_document_get_undo_title (self->document);

  if (title != NULL)
    stateroom_page_offer (self, title, _ ("_Undo"), "win.undo");
}

/**
 * stateroom_page_undo:
 * @is_redo: whether what was undone is done again
 *
 * Undoes the last edit.
 */
void
stateroom_page_undo (StateroomPage *self, gboolean is_redo)
{
  g_return_if_fail (STATEROOM_IS_PAGE (self));

  if (self->document == NULL)
    return;
  if (is_redo)
    ckpt_document_redo (self->document);
  else
    ckpt_document_undo (self->document);
}

/* The button in the status bar: how many changes are pending. */
void
stateroom_page_update_changes (StateroomPage *self)
{
  guint n = self->document != NULL ? ckpt_document_get_n_pending (self->document) : 0;
  g_autofree char *label = g_strdup_printf (ngettext ("%u unsaved change", "%u unsaved changes", n), n);

  gtk_button_set_label (self->changes_button, label);
  gtk_widget_set_visible (GTK_WIDGET (self->changes_button), n > 0);
}
