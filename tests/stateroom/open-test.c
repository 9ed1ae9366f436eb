/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "app-test-util.h"

typedef struct
{
  StateroomApplication *app;
  StateroomWindow *window;
} Fixture;

static GMenuModel *
get_recent_menu (Fixture *self)
{
  GtkWidget *button = app_test_find_widget (GTK_WIDGET (self->window), ADW_TYPE_SPLIT_BUTTON);

  return adw_split_button_get_menu_model (ADW_SPLIT_BUTTON (button));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->app = app_test_new_app ();
  self->window = stateroom_window_new (self->app);
  gtk_window_present (GTK_WINDOW (self->window));
  /* What an earlier test opened. */
  gtk_recent_manager_purge_items (gtk_recent_manager_get_default (), NULL);
  WAIT_UNTIL (g_menu_model_get_n_items (get_recent_menu (self)) == 0);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  app_test_free_app (self->app);
}

/* The files that the menu offers, by their labels. */
static char *
dup_recent (Fixture *self)
{
  GMenuModel *menu = get_recent_menu (self);
  GString *labels = g_string_new (NULL);

  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autofree char *label = NULL;

      g_assert_true (g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_LABEL, "s", &label));
      g_string_append_printf (labels, "%s%s", i > 0 ? " " : "", label);
    }
  return g_string_free_and_steal (labels);
}

static gboolean
shows_recent (Fixture *self, const char *expected)
{
  g_autofree char *labels = dup_recent (self);

  return g_str_equal (labels, expected);
}

static void
open_path (Fixture *self, const char *path)
{
  app_test_act (self->window, "open", path);
  WAIT_UNTIL (!stateroom_page_is_busy (stateroom_window_get_page (self->window)));
}

static void
open_fixture (Fixture *self, const char *name)
{
  g_autofree char *path = app_test_fixture (name);

  open_path (self, path);
}

/* What was opened is in the recent list, the last one first, and can be opened from the menu. */
static void
test_recent (Fixture *self, gconstpointer data)
{
  g_autofree char *path = app_test_fixture ("state_dict.pt");
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autoptr (GtkRecentInfo) info = NULL;
  g_autoptr (GVariant) target = NULL;
  g_autofree char *action = NULL;

  WAIT_UNTIL (shows_recent (self, ""));
  open_fixture (self, "state_dict.pt");
  WAIT_UNTIL (shows_recent (self, "state__dict.pt"));
  info = gtk_recent_manager_lookup_item (gtk_recent_manager_get_default (), uri, NULL);
  g_assert_nonnull (info);
  g_assert_cmpstr (gtk_recent_info_get_mime_type (info), ==, "application/x-pytorch-checkpoint");
  g_assert_true (gtk_recent_info_has_application (info, "Stateroom"));
  /* Times in the list are whole seconds. */
  g_usleep (1100000);
  open_fixture (self, "views.pt");
  WAIT_UNTIL (shows_recent (self, "views.pt state__dict.pt"));
  g_assert_true (
      g_menu_model_get_item_attribute (get_recent_menu (self), 1, G_MENU_ATTRIBUTE_ACTION, "s", &action));
  g_assert_cmpstr (action, ==, "win.open");
  target = g_menu_model_get_item_attribute_value (get_recent_menu (self), 1, G_MENU_ATTRIBUTE_TARGET, NULL);
  app_test_act (self->window, "close-tab", NULL);
  app_test_act (self->window, "close-tab", NULL);
  WAIT_UNTIL (stateroom_window_get_n_pages (self->window) == 0);
  app_test_act (self->window, "open", g_variant_get_string (target, NULL));
  WAIT_UNTIL (stateroom_page_get_state (stateroom_window_get_page (self->window)) == STATEROOM_PAGE_CONTENT);
}

/* What other programs opened is not in the menu. */
static void
test_recent_of_others (Fixture *self, gconstpointer data)
{
  GtkRecentManager *manager = gtk_recent_manager_get_default ();
  GtkRecentData other = { .mime_type = (char *) "text/plain",
                          .app_name = (char *) "Other",
                          .app_exec = (char *) "other" };

  g_assert_true (gtk_recent_manager_add_full (manager, "file:///nowhere/other.txt", &other));
  WAIT_UNTIL (gtk_recent_manager_has_item (manager, "file:///nowhere/other.txt"));
  open_fixture (self, "views.pt");
  WAIT_UNTIL (shows_recent (self, "views.pt"));
}

/* A name is no mnemonic and no line break. */
static void
test_recent_name (Fixture *self, gconstpointer data)
{
  g_autofree char *good = app_test_fixture ("state_dict.pt");
  g_autofree char *path = app_test_file ("a_b\nc.pt", "", 0);

  app_test_copy (good, path);
  open_path (self, path);
  WAIT_UNTIL (shows_recent (self, "a__b\\nc.pt"));
  g_unlink (path);
}

/* The dialog that GTK shows where there is no portal, or NULL. */
static GtkWindow *
find_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (g_str_equal (G_OBJECT_TYPE_NAME (l->data), "GtkFileChooserDialog"))
      return l->data;
  return NULL;
}

static gboolean
passes (GtkFileFilter *filter, const char *name)
{
  g_autoptr (GFileInfo) info = g_file_info_new ();

  g_file_info_set_display_name (info, name);
  g_file_info_set_content_type (info, "application/octet-stream");
  return gtk_filter_match (GTK_FILTER (filter), info);
}

static void
test_dialog (Fixture *self, gconstpointer data)
{
  const char *const checkpoints[] = { "a.pt",  "a.pth", "A.CKPT", "a.pth.tar", "a.bin", "model.safetensors",
                                      "a.pkl", "a.pt2" };
  const char *const others[] = { "a.txt", "pt", "a.pt.txt", "a.zip", "README" };
  g_autoptr (GListModel) filters = NULL;
  g_autoptr (GtkFileFilter) first = NULL, last = NULL;

#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("GTK's own dialog leaks what it reads of a folder");
  return;
#endif
  open_fixture (self, "views.pt");
  app_test_act (self->window, "open-dialog", NULL);
  WAIT_UNTIL (find_dialog () != NULL);
  g_object_get (find_dialog (), "filters", &filters, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (filters), ==, 2);
  first = g_list_model_get_item (filters, 0);
  last = g_list_model_get_item (filters, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (checkpoints); i++)
    g_assert_true (passes (first, checkpoints[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_assert_false (passes (first, others[i]));
      g_assert_true (passes (last, others[i]));
    }
  gtk_window_close (find_dialog ());
  WAIT_UNTIL (find_dialog () == NULL);
  g_assert_cmpint (stateroom_window_get_n_pages (self->window), ==, 1);
}

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (name, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  app_test_init (&argc, &argv);

  add ("/open/recent", test_recent);
  add ("/open/recent-of-others", test_recent_of_others);
  add ("/open/recent-name", test_recent_name);
  add ("/open/dialog", test_dialog);

  return g_test_run ();
}
