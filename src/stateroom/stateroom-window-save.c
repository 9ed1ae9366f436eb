/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "stateroom-key-ref.h"
#include "stateroom-row-edit.h"
#include "stateroom-weak.h"
#include "stateroom-window-private.h"

static void
on_save_chosen (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomPage) page = stateroom_weak_take (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, &error);

  /* The dialog has asked whether to replace a file that is there. */
  if (file != NULL && page != NULL && g_file_peek_path (file) != NULL)
    stateroom_page_save (page, file, CKPT_OUTPUT_DEFAULT);
}

/* "model.edited.pt" of "model.pt", unless the file was written here. */
static char *
dup_save_name (StateroomPage *page)
{
  GFile *file = stateroom_page_get_file (page);
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *result = NULL;

  if (stateroom_page_is_own (page))
    return g_file_get_basename (file);
  result = ckpt_result_name_new (path, "edited", ckpt_tree_get_container (stateroom_page_get_tree (page)));
  return g_path_get_basename (result);
}

/**
 * stateroom_window_choose_save:
 * @page: a page
 *
 * Lets the user choose where to save the file.
 */
void
stateroom_window_choose_save (StateroomWindow *self, StateroomPage *page)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GFile) folder = g_file_get_parent (stateroom_page_get_file (page));
  g_autofree char *name = dup_save_name (page);

  gtk_file_dialog_set_title (dialog, _ ("Save As"));
  gtk_file_dialog_set_initial_folder (dialog, folder);
  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_save (dialog, GTK_WINDOW (self), NULL, on_save_chosen, stateroom_weak_new (page));
}

static StateroomPage *
get_page (gpointer user_data)
{
  return stateroom_window_get_page (STATEROOM_WINDOW (user_data));
}

static void
save_as_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);

  if (page != NULL)
    stateroom_window_choose_save (STATEROOM_WINDOW (user_data), page);
}

/* A file that was not written here is not replaced by a mere Ctrl+S. */
static void
save_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);

  if (page == NULL)
    return;
  if (stateroom_page_is_own (page))
    stateroom_page_save (page, stateroom_page_get_file (page), CKPT_OUTPUT_DEFAULT);
  else
    stateroom_window_choose_save (STATEROOM_WINDOW (user_data), page);
}

/* A path or a URI. */
static void
save_to_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (g_variant_get_string (parameter, NULL));

  if (page != NULL && g_file_peek_path (file) != NULL)
    stateroom_page_save (page, file, CKPT_OUTPUT_DEFAULT);
}

static void
on_pasted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomPage) page = stateroom_weak_take (user_data);
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);

  if (value == NULL || page == NULL || stateroom_page_get_tree (page) == NULL)
    return;
  stateroom_row_edit_insert_ref (page,
                                 stateroom_tree_view_get_selected_item (stateroom_page_get_tree_view (page)),
                                 g_value_get_object (value));
}

/* Puts what was copied from another file of this app beside the selected row. */
static void
paste_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (user_data));

  if (page != NULL &&
      gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (clipboard), STATEROOM_TYPE_KEY_REF))
    gdk_clipboard_read_value_async (clipboard, STATEROOM_TYPE_KEY_REF, G_PRIORITY_DEFAULT, NULL, on_pasted,
                                    stateroom_weak_new (page));
}

static const GActionEntry entries[] = {
  { .name = "save", .activate = save_action },
  { .name = "save-as", .activate = save_as_action },
  { .name = "save-to", .activate = save_to_action, .parameter_type = "s" },
  { .name = "paste", .activate = paste_action },
};

/**
 * stateroom_window_update_save_actions:
 *
 * Enables what can be done with the file that is shown.
 */
void
stateroom_window_update_save_actions (StateroomWindow *self)
{
  StateroomPage *page = stateroom_window_get_page (self);
  gboolean has_content = page != NULL && stateroom_page_get_state (page) == STATEROOM_PAGE_CONTENT;
  gboolean can_save = has_content && !stateroom_page_is_saving (page);

  stateroom_window_set_enabled (self, "save", can_save && stateroom_page_is_modified (page));
  stateroom_window_set_enabled (self, "save-as", can_save);
  stateroom_window_set_enabled (self, "save-to", can_save);
  stateroom_window_set_enabled (self, "paste", has_content);
}

/**
 * stateroom_window_add_save_actions:
 *
 * Adds the actions that write files.
 */
void
stateroom_window_add_save_actions (StateroomWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
