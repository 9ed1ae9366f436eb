/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "stateroom-window-private.h"

#define MAX_RECENT 12

static const char *const suffixes[] = {
  "pt", "pth", "ckpt", "tar", "bin", "pkl", "safetensors", "pt2", "mar"
};

static GListModel *
new_filters (void)
{
  GListStore *filters = g_list_store_new (GTK_TYPE_FILE_FILTER);
  g_autoptr (GtkFileFilter) checkpoints = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (checkpoints, _ ("Checkpoints"));
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    gtk_file_filter_add_suffix (checkpoints, suffixes[i]);
  gtk_file_filter_set_name (all, _ ("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  g_list_store_append (filters, checkpoints);
  g_list_store_append (filters, all);
  return G_LIST_MODEL (filters);
}

static void
open_list (StateroomWindow *self, GListModel *list)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    g_ptr_array_add (files, g_list_model_get_item (list, i));
  stateroom_window_open_files (self, (GFile **) files->pdata, (int) files->len);
}

static void
on_chosen (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel)
      list = gtk_file_dialog_open_multiple_finish (GTK_FILE_DIALOG (source), result, &error);

  if (list != NULL)
    open_list (self, list);
  else if (!g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    stateroom_window_say (self, error->message);
}

/**
 * stateroom_window_choose_files:
 *
 * Lets the user choose files to open, beginning where the file that is shown lies.
 */
void
stateroom_window_choose_files (StateroomWindow *self)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GListModel) filters = new_filters ();
  StateroomPage *page = stateroom_window_get_page (self);

  gtk_file_dialog_set_title (dialog, _ ("Open"));
  gtk_file_dialog_set_filters (dialog, filters);
  if (page != NULL)
    {
      g_autoptr (GFile) folder = g_file_get_parent (stateroom_page_get_file (page));

      gtk_file_dialog_set_initial_folder (dialog, folder);
    }
  gtk_file_dialog_open_multiple (dialog, GTK_WINDOW (self), NULL, on_chosen, g_object_ref (self));
}

static gboolean
on_drop (StateroomWindow *self, const GValue *value)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  GSList *list;

  if (!G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return FALSE;
  list = gdk_file_list_get_files (g_value_get_boxed (value));
  for (GSList *l = list; l != NULL; l = l->next)
    g_ptr_array_add (files, g_object_ref (l->data));
  g_slist_free (list);
  stateroom_window_open_files (self, (GFile **) files->pdata, (int) files->len);
  return files->len > 0;
}

/**
 * stateroom_window_add_drop:
 *
 * Lets files be dropped anywhere on the window.
 */
void
stateroom_window_add_drop (StateroomWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_swapped (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static int
compare_visited (gconstpointer a, gconstpointer b)
{
  return -g_date_time_compare (gtk_recent_info_get_visited ((GtkRecentInfo *) a),
                               gtk_recent_info_get_visited ((GtkRecentInfo *) b));
}

static void
add_recent_item (GMenu *menu, GtkRecentInfo *info)
{
  g_autofree char *name = NULL;
  g_autoptr (GString) label = NULL;
  g_autoptr (GMenuItem) item = g_menu_item_new (NULL, NULL);
  const char *display_name = gtk_recent_info_get_display_name (info);

  name = ckpt_text_escape (display_name, strlen (display_name), 80);
  label = g_string_new (name);
  g_string_replace (label, "_", "__", 0);
  g_menu_item_set_label (item, label->str);
  g_menu_item_set_action_and_target (item, "win.open", "s", gtk_recent_info_get_uri (info));
  g_menu_append_item (menu, item);
}

static void
update_recent (StateroomWindow *self)
{
  GList *infos = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());
  guint n = 0;

  infos = g_list_sort (infos, compare_visited);
  g_menu_remove_all (self->recent_menu);
  for (GList *l = infos; l != NULL && n < MAX_RECENT; l = l->next)
    if (gtk_recent_info_has_application (l->data, "Stateroom") && gtk_recent_info_is_local (l->data))
      {
        add_recent_item (self->recent_menu, l->data);
        n++;
      }
  g_list_free_full (infos, (GDestroyNotify) gtk_recent_info_unref);
}

/**
 * stateroom_window_add_recent:
 *
 * Fills the menu of recent files, now and whenever their list changes.
 */
void
stateroom_window_add_recent (StateroomWindow *self)
{
  g_signal_connect_object (gtk_recent_manager_get_default (), "changed", G_CALLBACK (update_recent), self,
                           G_CONNECT_SWAPPED);
  update_recent (self);
}

/**
 * stateroom_window_remember:
 * @file: a file that was opened
 *
 * Adds a file to those of the recent list.
 */
void
stateroom_window_remember (StateroomWindow *self, GFile *file)
{
  g_autofree char *uri = g_file_get_uri (file);
  GtkRecentData data = {
    .mime_type = (char *) "application/x-pytorch-checkpoint",
    .app_name = (char *) "Stateroom",
    .app_exec = (char *) "stateroom %u",
  };

  gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
}
