/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-test-util.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "stateroom-cells.h"

void
app_test_init (int *argc, char ***argv)
{
  gtk_test_init (argc, argv, NULL);
  adw_init ();
}

StateroomApplication *
app_test_new_app (void)
{
  StateroomApplication *app = stateroom_application_new ();
  g_autoptr (GError) error = NULL;

  g_application_set_flags (G_APPLICATION (app),
                           G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN | G_APPLICATION_IS_SERVICE);
  g_application_register (G_APPLICATION (app), NULL, &error);
  g_assert_no_error (error);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  return app;
}

static void
quit (gpointer app)
{
  g_application_quit (app);
}

/* Closes all windows, and asserts that nothing is left of them or of the application. */
void
app_test_free_app (StateroomApplication *app)
{
  gpointer watched = app;

  for (GList *list; (list = gtk_application_get_windows (GTK_APPLICATION (app))) != NULL;)
    {
      gpointer window = list->data;

      g_object_add_weak_pointer (window, &window);
      gtk_window_destroy (window);
      WAIT_UNTIL (window == NULL);
    }
  g_object_add_weak_pointer (G_OBJECT (app), &watched);
  /* Only the end of g_application_run() takes an application off the bus. */
  g_idle_add_once (quit, app);
  g_application_run (G_APPLICATION (app), 0, NULL);
  g_object_unref (app);
  WAIT_UNTIL (watched == NULL);
}

/* Wakes up now and then, so that a condition that no event tells of is seen too. */
static gboolean
on_wake (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

void
app_test_iterate (void)
{
  guint id = g_timeout_add (20, on_wake, NULL);

  g_main_context_iteration (NULL, TRUE);
  if (g_main_context_find_source_by_id (NULL, id) != NULL)
    g_source_remove (id);
}

StateroomWindow *
app_test_open (StateroomApplication *app, const char *path)
{
  StateroomWindow *window = stateroom_window_new (app);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  stateroom_window_open_files (window, &file, 1);
  gtk_window_present (GTK_WINDOW (window));
  WAIT_UNTIL (!stateroom_page_is_busy (stateroom_window_get_page (window)));
  return window;
}

char *
app_test_fixture (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "fixtures", "torch-2.13", name, NULL);
}

char *
app_test_file (const char *name, const void *data, gssize length)
{
  char *path = g_build_filename (g_get_user_cache_dir (), name, NULL);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (g_get_user_cache_dir (), 0700);
  g_file_set_contents (path, data, length, &error);
  g_assert_no_error (error);
  return path;
}

void
app_test_copy (const char *from, const char *to)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  gsize length;

  g_file_get_contents (from, &data, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents (to, data, (gssize) length, &error);
  g_assert_no_error (error);
}

CkptTree *
app_test_sparse (const char *dtype,
                 const char *shape,
                 guint64 n_bytes,
                 guint64 n_present,
                 guint64 offset,
                 const void *bytes,
                 gsize length)
{
  g_autofree char *header = g_strdup_printf (
      "{\"x\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[0,%" G_GUINT64_FORMAT "]}}", dtype, shape,
      n_bytes);
  guint64 header_length = GUINT64_TO_LE (strlen (header));
  g_autofree char *path = app_test_file ("sparse.safetensors", "", 0);
  g_autoptr (GError) error = NULL;
  int fd = g_open (path, O_WRONLY, 0);
  CkptTree *tree;

  g_assert_cmpint (write (fd, &header_length, 8), ==, 8);
  g_assert_cmpint (write (fd, header, strlen (header)), ==, strlen (header));
  g_assert_cmpint (ftruncate (fd, (off_t) (8 + strlen (header) + n_present)), ==, 0);
  g_assert_cmpint (pwrite (fd, bytes, length, (off_t) (8 + strlen (header) + offset)), ==, length);
  close (fd);
  tree = ckpt_load (path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_unlink (path);
  return tree;
}

void
app_test_act (StateroomWindow *window, const char *action, const char *parameter)
{
  GAction *found = g_action_map_lookup_action (G_ACTION_MAP (window), action);

  g_assert_nonnull (found);
  g_assert_true (g_action_get_enabled (found));
  g_action_activate (found, parameter != NULL ? g_variant_new_string (parameter) : NULL);
}

char *
app_test_dup_label (StateroomWindow *window, guint position)
{
  GListModel *rows = stateroom_tree_view_get_rows (
      stateroom_page_get_tree_view (stateroom_window_get_page (window)));
  g_autoptr (GObject) row = g_list_model_get_item (rows, position);

  return row != NULL ? g_strdup (ckpt_item_get_label (stateroom_cells_get_item (row))) : NULL;
}

guint
app_test_find_row (StateroomWindow *window, const char *label)
{
  for (guint i = 0;; i++)
    {
      g_autofree char *other = app_test_dup_label (window, i);

      if (other == NULL)
        return GTK_INVALID_LIST_POSITION;
      if (g_str_equal (other, label))
        return i;
    }
}

GtkWidget *
app_test_find_widget (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = app_test_find_widget (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWidget *
find_button (GtkWidget *widget, const char *label)
{
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);

      if (found != NULL)
        return found;
    }
  return NULL;
}

void
app_test_click (GtkWidget *widget, const char *label)
{
  GtkWidget *button = find_button (widget, label);

  g_assert_nonnull (button);
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

gboolean
app_test_has_text (GtkWidget *widget, const char *text)
{
  if (GTK_IS_INSCRIPTION (widget) &&
      g_strcmp0 (gtk_inscription_get_text (GTK_INSCRIPTION (widget)), text) == 0)
    return TRUE;
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (app_test_has_text (child, text))
      return TRUE;
  return FALSE;
}
