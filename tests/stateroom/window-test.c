/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app-test-util.h"
#include "stateroom-records.h"

/* One application with a window that has a file open. */
typedef struct
{
  StateroomApplication *app;
  StateroomWindow *window;
  StateroomPage *page;
  StateroomTreeView *tree_view;
} Fixture;

static void
open_path (Fixture *self, const char *path)
{
  self->app = app_test_new_app ();
  self->window = app_test_open (self->app, path);
  self->page = stateroom_window_get_page (self->window);
  self->tree_view = stateroom_page_get_tree_view (self->page);
}

static void
set_up (Fixture *self, gconstpointer name)
{
  g_autofree char *path = app_test_fixture (name);

  open_path (self, path);
}

static void
tear_down (Fixture *self, gconstpointer name)
{
  app_test_free_app (self->app);
}

static guint
count_rows (Fixture *self)
{
  return g_list_model_get_n_items (stateroom_tree_view_get_rows (self->tree_view));
}

static CkptItem *
get_selected (Fixture *self)
{
  return stateroom_tree_view_get_selected_item (self->tree_view);
}

static void
assert_selected (Fixture *self, const char *path_text)
{
  g_autofree char *path = ckpt_item_dup_path_text (get_selected (self));

  g_assert_cmpstr (path, ==, path_text);
}

static GtkTreeListRow *
get_row (Fixture *self, const char *label)
{
  guint position = app_test_find_row (self->window, label);

  g_assert_cmpuint (position, !=, GTK_INVALID_LIST_POSITION);
  return g_list_model_get_item (stateroom_tree_view_get_rows (self->tree_view), position);
}

static void
test_open (Fixture *self, gconstpointer data)
{
  g_autofree char *title = NULL, *subtitle = NULL;

  g_assert_cmpint (stateroom_page_get_state (self->page), ==, STATEROOM_PAGE_CONTENT);
  g_assert_cmpint (ckpt_item_get_role (get_selected (self)), ==, CKPT_ITEM_FILE);
  g_object_get (self->page, "title", &title, NULL);
  g_assert_cmpstr (title, ==, "cuda1_multi_item.pt");
  subtitle = stateroom_page_dup_subtitle (self->page);
  g_assert_cmpstr (subtitle, ==, "23.5 k values · epoch 9 · 107 kB");
  g_assert_cmpuint (app_test_find_row (self->window, "model_state_dict"), !=, GTK_INVALID_LIST_POSITION);
}

static void
test_expand (Fixture *self, gconstpointer data)
{
  g_autoptr (GtkTreeListRow) row = get_row (self, "model_state_dict");
  guint n;

  app_test_act (self->window, "collapse-all", NULL);
  g_assert_false (gtk_tree_list_row_get_expanded (row));
  n = count_rows (self);
  gtk_tree_list_row_set_expanded (row, TRUE);
  g_assert_cmpuint (count_rows (self), >, n);
  g_assert_cmpuint (app_test_find_row (self->window, "conv1"), !=, GTK_INVALID_LIST_POSITION);
}

static void
test_flat (Fixture *self, gconstpointer data)
{
  g_autoptr (GtkTreeListRow) row = get_row (self, "model_state_dict");

  gtk_tree_list_row_set_expanded (row, TRUE);
  app_test_act (self->window, "view-mode", "flat");
  /* The row stays open. */
  WAIT_UNTIL (app_test_find_row (self->window, "conv1.weight") != GTK_INVALID_LIST_POSITION);
  app_test_act (self->window, "view-mode", "tree");
  WAIT_UNTIL (app_test_find_row (self->window, "conv1.weight") == GTK_INVALID_LIST_POSITION);
  g_assert_cmpuint (app_test_find_row (self->window, "conv1"), !=, GTK_INVALID_LIST_POSITION);
}

/* The blocks h.1 and h.2 have the names and shapes of h.0. */
static void
test_fold (Fixture *self, gconstpointer data)
{
  StateroomTreeView *tree_view;
  guint position;

  app_test_act (self->window, "fold-blocks", NULL);
  WAIT_UNTIL (app_test_find_row (self->window, "1-2 ×2") != GTK_INVALID_LIST_POSITION);
  position = app_test_find_row (self->window, "1-2 ×2");
  tree_view = stateroom_page_get_tree_view (stateroom_window_get_page (self->window));
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (stateroom_tree_view_get_rows (tree_view)), position,
                                   TRUE);
  g_assert_cmpint (ckpt_item_get_role (stateroom_tree_view_get_selected_item (tree_view)), ==,
                   CKPT_ITEM_FOLD);
  /* What is folded is found, and opens its row. */
  app_test_act (self->window, "select-path", "[\"model_state_dict\"][\"h.2.ln_1.bias\"]");
  assert_selected (self, "[\"model_state_dict\"][\"h.2.ln_1.bias\"]");
  app_test_act (self->window, "fold-blocks", NULL);
  WAIT_UNTIL (app_test_find_row (self->window, "1-2 ×2") == GTK_INVALID_LIST_POSITION);
}

static void
test_sort (Fixture *self, gconstpointer data)
{
  app_test_act (self->window, "view-mode", "flat");
  WAIT_UNTIL (app_test_find_row (self->window, "conv1.weight") != GTK_INVALID_LIST_POSITION);
  app_test_act (self->window, "select-path", "[\"model_state_dict\"][\"conv1.weight\"]");
  g_assert_cmpuint (app_test_find_row (self->window, "conv1.weight"), <,
                    app_test_find_row (self->window, "conv1.bias"));
  app_test_act (self->window, "sort", "name");
  WAIT_UNTIL (app_test_find_row (self->window, "conv1.weight") >
              app_test_find_row (self->window, "conv1.bias"));
  assert_selected (self, "[\"model_state_dict\"][\"conv1.weight\"]");
}

static void
test_select (Fixture *self, gconstpointer data)
{
  const char *path = "[\"model_state_dict\"][\"conv1.weight\"]";
  g_autofree char *value = NULL, *type = NULL, *device = NULL, *spoken = NULL;

  app_test_act (self->window, "select-path", path);
  assert_selected (self, path);
  value = ckpt_item_dup_value (get_selected (self));
  type = ckpt_item_dup_type (get_selected (self));
  device = ckpt_item_dup_device (get_selected (self));
  spoken = stateroom_row_text_dup_accessible (get_selected (self));
  g_assert_cmpstr (value, ==, "6×3×5×5");
  g_assert_cmpstr (type, ==, "float32");
  g_assert_cmpstr (device, ==, "cuda:1");
  g_assert_cmpstr (spoken, ==, "weight, 6×3×5×5, float32, cuda:1");
  app_test_act (self->window, "select-path", "no/such/path");
  assert_selected (self, path);
  app_test_act (self->window, "select-path", ".");
  g_assert_cmpint (ckpt_item_get_role (get_selected (self)), ==, CKPT_ITEM_FILE);
}

static void
test_inspected (Fixture *self, gconstpointer data)
{
  app_test_act (self->window, "select-path", "[\"model_state_dict\"][\"fc1.weight\"]");
  WAIT_UNTIL (!stateroom_inspector_is_busy (stateroom_page_get_inspector (self->page)));
}

static void
test_copy (Fixture *self, gconstpointer data)
{
  g_autofree char *key = NULL, *code = NULL, *tsv = NULL, *markdown = NULL;

  app_test_act (self->window, "select-path", "[\"model_state_dict\"][\"conv1.weight\"]");
  key = stateroom_tree_view_dup_copy (self->tree_view, STATEROOM_COPY_KEY);
  code = stateroom_tree_view_dup_copy (self->tree_view, STATEROOM_COPY_CODE);
  tsv = stateroom_tree_view_dup_copy (self->tree_view, STATEROOM_COPY_TSV);
  markdown = stateroom_tree_view_dup_copy (self->tree_view, STATEROOM_COPY_MARKDOWN);
  g_assert_cmpstr (key, ==, "conv1.weight");
  g_assert_cmpstr (code, ==, "ckpt[\"model_state_dict\"][\"conv1.weight\"]");
  g_assert_cmpstr (tsv, ==, "[\"model_state_dict\"][\"conv1.weight\"]\t6×3×5×5\tfloat32\tcuda:1\t450\t1800");
  g_assert_cmpstr (
      markdown, ==,
      "| [\"model_state_dict\"][\"conv1.weight\"] | 6×3×5×5 | float32 | cuda:1 | 450 | 1800 |\n");
  app_test_act (self->window, "copy-path", NULL);
  g_assert_true (gdk_clipboard_is_local (gtk_widget_get_clipboard (GTK_WIDGET (self->window))));
}

static void
find (Fixture *self, const char *action, const char *text, int n_found)
{
  app_test_act (self->window, action, text);
  WAIT_UNTIL (stateroom_tree_view_get_n_found (self->tree_view) == n_found);
}

static void
test_search (Fixture *self, gconstpointer data)
{
  g_autofree char *label = NULL;
  guint n = count_rows (self);

  find (self, "find", "CONV1 weight", 1);
  g_assert_cmpuint (count_rows (self), ==, 1);
  label = app_test_dup_label (self->window, 0);
  g_assert_cmpstr (label, ==, "model_state_dict/conv1.weight");
  /* Not all that is under it. */
  find (self, "find", "model_state_dict", 1);
  find (self, "find-glob", "conv?.weight", 2);
  find (self, "find-glob", "model_state_dict/fc*", 4);
  find (self, "find-regex", "^conv[12]\\.(weight|bias)$", 4);
  find (self, "find", "there is no such key", 0);
  g_assert_true (stateroom_tree_view_get_search_mode (self->tree_view));
  stateroom_tree_view_set_search_mode (self->tree_view, FALSE);
  g_assert_cmpint (stateroom_tree_view_get_n_found (self->tree_view), ==, -1);
  g_assert_cmpuint (count_rows (self), ==, n);
}

/* What was selected among the results is selected in the tree when the search ends. */
static void
test_search_reveals (Fixture *self, gconstpointer data)
{
  GtkSelectionModel *rows;

  app_test_act (self->window, "collapse-all", NULL);
  find (self, "find", "conv2 bias", 1);
  rows = GTK_SELECTION_MODEL (stateroom_tree_view_get_rows (self->tree_view));
  gtk_selection_model_select_item (rows, 0, TRUE);
  stateroom_tree_view_set_search_mode (self->tree_view, FALSE);
  assert_selected (self, "[\"model_state_dict\"][\"conv2.bias\"]");
  g_assert_cmpuint (app_test_find_row (self->window, "bias"), !=, GTK_INVALID_LIST_POSITION);
}

static void
test_scalars (Fixture *self, gconstpointer data)
{
  g_autofree char *value = NULL;

  WAIT_UNTIL (stateroom_tree_view_has_scalars (self->tree_view));
  app_test_act (self->window, "select-path", "[\"optimizer_state_dict\"][\"state\"][0][\"step\"]");
  value = ckpt_item_dup_value (get_selected (self));
  g_assert_true (g_ascii_isdigit (value[0]));
}

static void
test_same_file (Fixture *self, gconstpointer data)
{
  g_autofree char *path = app_test_fixture ("cuda1_multi_item.pt");
  g_autofree char *other = app_test_fixture ("state_dict.pt");
  g_autofree char *link = g_build_filename (g_get_user_cache_dir (), "link.pt", NULL);

  app_test_act (self->window, "open", other);
  g_assert_cmpint (stateroom_window_get_n_pages (self->window), ==, 2);
  g_assert_true (stateroom_window_get_page (self->window) != self->page);
  app_test_act (self->window, "open", path);
  g_assert_cmpint (stateroom_window_get_n_pages (self->window), ==, 2);
  g_assert_true (stateroom_window_get_page (self->window) == self->page);
  /* By another name too. */
  g_mkdir_with_parents (g_get_user_cache_dir (), 0700);
  g_assert_cmpint (symlink (other, link), ==, 0);
  app_test_act (self->window, "open", link);
  g_assert_cmpint (stateroom_window_get_n_pages (self->window), ==, 2);
  g_assert_true (stateroom_window_get_page (self->window) != self->page);
  g_unlink (link);
}

static void
test_many_files (Fixture *self, gconstpointer data)
{
  GFile *files[300];

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_strdup_printf ("/nowhere/%u.pt", i);

      files[i] = g_file_new_for_path (path);
    }
  stateroom_window_open_files (self->window, files, G_N_ELEMENTS (files));
  g_assert_cmpint (stateroom_window_get_n_pages (self->window), ==, 101);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    g_object_unref (files[i]);
}

static void
test_close_tab (Fixture *self, gconstpointer data)
{
  StateroomPage *page = self->page;
  gpointer watched = page;

  g_object_add_weak_pointer (G_OBJECT (page), &watched);
  app_test_act (self->window, "select-path", "[\"model_state_dict\"][\"fc1.weight\"]");
  app_test_act (self->window, "close-tab", NULL);
  WAIT_UNTIL (watched == NULL);
  g_assert_cmpint (stateroom_window_get_n_pages (self->window), ==, 0);
  g_assert_false (g_action_get_enabled (g_action_map_lookup_action (G_ACTION_MAP (self->window), "find")));
}

/* Nothing is left of a window in the middle of a search: app_test_free_app() asserts it for every test. */
static void
test_finalized (Fixture *self, gconstpointer data)
{
  gpointer page = self->page, tree_view = self->tree_view;

  g_object_add_weak_pointer (page, &page);
  g_object_add_weak_pointer (tree_view, &tree_view);
  app_test_act (self->window, "find", "weight");
  WAIT_UNTIL (stateroom_tree_view_get_n_found (self->tree_view) > 0);
  app_test_act (self->window, "find", "bias");
  gtk_window_destroy (GTK_WINDOW (self->window));
  WAIT_UNTIL (page == NULL && tree_view == NULL);
}

/* A window that is closed while it opens a file leaves nothing behind. */
static void
test_closed_early (void)
{
  StateroomApplication *app = app_test_new_app ();
  g_autofree char *path = app_test_fixture ("training_run.ckpt");
  g_autoptr (GFile) file = g_file_new_for_path (path);
  StateroomWindow *window = stateroom_window_new (app);
  gpointer page;

  stateroom_window_open_files (window, &file, 1);
  page = stateroom_window_get_page (window);
  g_object_add_weak_pointer (page, &page);
  gtk_window_destroy (GTK_WINDOW (window));
  WAIT_UNTIL (page == NULL);
  app_test_free_app (app);
}

static void
test_error (void)
{
  g_autofree char *path = app_test_file ("page.pt", "<!DOCTYPE html><html><b>&", -1);
  Fixture fixture;

  open_path (&fixture, path);
  g_assert_cmpint (stateroom_page_get_state (fixture.page), ==, STATEROOM_PAGE_ERROR);
  g_assert_false (g_action_get_enabled (g_action_map_lookup_action (G_ACTION_MAP (fixture.window), "find")));
  /* There are no records to list. */
  g_assert_false (
      gtk_widget_get_visible (app_test_find_widget (GTK_WIDGET (fixture.page), STATEROOM_TYPE_RECORDS)));
  /* The file is mended meanwhile. */
  {
    g_autofree char *good = app_test_fixture ("state_dict.pt");

    app_test_copy (good, path);
  }
  app_test_act (fixture.window, "reload", NULL);
  WAIT_UNTIL (stateroom_page_get_state (fixture.page) == STATEROOM_PAGE_CONTENT);
  g_unlink (path);
  app_test_free_app (fixture.app);
}

/* Breaks the first opcode of data.pkl after that of its protocol. */
static char *
write_bad_pickle (void)
{
  g_autofree char *good = app_test_fixture ("state_dict.pt");
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  char *pickle;

  g_file_get_contents (good, &bytes, &length, &error);
  g_assert_no_error (error);
  pickle = memmem (bytes, length,
                   "\x80\x02"
                   "ccollections",
                   2 + strlen ("ccollections"));
  g_assert_nonnull (pickle);
  pickle[2] = '\xff';
  return app_test_file ("bad-pickle.pt", bytes, (gssize) length);
}

/* Of a zip file whose pickle cannot be read, the records are listed. */
static void
test_records (void)
{
  g_autofree char *path = write_bad_pickle ();
  g_autoptr (CkptArchive) archive = ckpt_load_records (path, NULL);
  g_autofree char *label = NULL;
  GtkWidget *records, *list;
  Fixture fixture;

  open_path (&fixture, path);
  g_assert_cmpint (stateroom_page_get_state (fixture.page), ==, STATEROOM_PAGE_ERROR);
  records = app_test_find_widget (GTK_WIDGET (fixture.page), STATEROOM_TYPE_RECORDS);
  g_assert_true (gtk_widget_get_visible (records));
  gtk_expander_set_expanded (GTK_EXPANDER (adw_bin_get_child (ADW_BIN (records))), TRUE);
  list = app_test_find_widget (records, GTK_TYPE_COLUMN_VIEW);
  WAIT_UNTIL (gtk_widget_get_mapped (list));
  label = g_strdup_printf ("%u records in the file", ckpt_archive_get_n (archive));
  g_assert_cmpstr (gtk_expander_get_label (GTK_EXPANDER (adw_bin_get_child (ADW_BIN (records)))), ==, label);
  g_assert_cmpuint (
      g_list_model_get_n_items (G_LIST_MODEL (gtk_column_view_get_model (GTK_COLUMN_VIEW (list)))), ==,
      ckpt_archive_get_n (archive));
  WAIT_UNTIL (app_test_has_text (list, "state_dict/data.pkl"));
  g_assert_true (app_test_has_text (list, "stored"));
  g_unlink (path);
  app_test_free_app (fixture.app);
}

static void
test_not_local (void)
{
  StateroomApplication *app = app_test_new_app ();
  StateroomWindow *window = stateroom_window_new (app);

  app_test_act (window, "open", "sftp:///model.pt");
  g_assert_cmpint (stateroom_page_get_state (stateroom_window_get_page (window)), ==, STATEROOM_PAGE_ERROR);
  app_test_free_app (app);
}

/* Nothing hangs on a pipe that nobody writes to, and Cancel works whatever the thread does. */
static void
test_cancel (void)
{
  g_autofree char *path = app_test_fixture ("training_run.ckpt");
  StateroomApplication *app = app_test_new_app ();
  StateroomWindow *window = stateroom_window_new (app);
  StateroomPage *page;

  app_test_act (window, "open", path);
  page = stateroom_window_get_page (window);
  g_assert_true (stateroom_page_is_busy (page));
  app_test_act (window, "cancel", NULL);
  WAIT_UNTIL (!stateroom_page_is_busy (page));
  g_assert_cmpint (stateroom_page_get_state (page), ==, STATEROOM_PAGE_ERROR);
  app_test_act (window, "reload", NULL);
  WAIT_UNTIL (stateroom_page_get_state (page) == STATEROOM_PAGE_CONTENT);
  app_test_free_app (app);
}

static void
set_size (Fixture *self, int width)
{
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, 700);
  WAIT_UNTIL (gtk_widget_get_width (GTK_WIDGET (self->window)) == width);
}

static void
test_narrow (Fixture *self, gconstpointer data)
{
  set_size (self, 360);
  WAIT_UNTIL (stateroom_page_is_narrow (self->page));
  app_test_act (self->window, "select-path", "[\"model_state_dict\"][\"fc1.weight\"]");
  app_test_act (self->window, "inspect", NULL);
  WAIT_UNTIL (gtk_widget_get_mapped (GTK_WIDGET (stateroom_page_get_inspector (self->page))));
  /* Again, where it is shown already. */
  app_test_act (self->window, "inspect", NULL);
  set_size (self, 1300);
  WAIT_UNTIL (!stateroom_page_is_narrow (self->page));
  WAIT_UNTIL (gtk_widget_get_mapped (GTK_WIDGET (self->tree_view)));
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (stateroom_page_get_inspector (self->page))));
  assert_selected (self, "[\"model_state_dict\"][\"fc1.weight\"]");
}

static void
test_hide_inspector (Fixture *self, gconstpointer data)
{
  WAIT_UNTIL (gtk_widget_get_mapped (GTK_WIDGET (stateroom_page_get_inspector (self->page))));
  app_test_act (self->window, "show-inspector", NULL);
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (stateroom_page_get_inspector (self->page))));
  app_test_act (self->window, "show-inspector", NULL);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (stateroom_page_get_inspector (self->page))));
}

static void
add (const char *name, const char *file, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (name, Fixture, file, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  app_test_init (&argc, &argv);

  add ("/window/open", "cuda1_multi_item.pt", test_open);
  add ("/window/expand", "cuda1_multi_item.pt", test_expand);
  add ("/window/flat", "cuda1_multi_item.pt", test_flat);
  add ("/window/fold", "../../../data/samples/tiny_gpt.pt", test_fold);
  add ("/window/sort", "cuda1_multi_item.pt", test_sort);
  add ("/window/select", "cuda1_multi_item.pt", test_select);
  add ("/window/inspected", "cuda1_multi_item.pt", test_inspected);
  add ("/window/copy", "cuda1_multi_item.pt", test_copy);
  add ("/window/search", "cuda1_multi_item.pt", test_search);
  add ("/window/search-reveals", "cuda1_multi_item.pt", test_search_reveals);
  add ("/window/scalars", "optim_adamw_groups.pt", test_scalars);
  add ("/window/same-file", "cuda1_multi_item.pt", test_same_file);
  add ("/window/many-files", "cuda1_multi_item.pt", test_many_files);
  add ("/window/close-tab", "cuda1_multi_item.pt", test_close_tab);
  add ("/window/narrow", "cuda1_multi_item.pt", test_narrow);
  add ("/window/hide-inspector", "cuda1_multi_item.pt", test_hide_inspector);
  add ("/window/finalized", "cuda1_multi_item.pt", test_finalized);
  g_test_add_func ("/window/closed-early", test_closed_early);
  g_test_add_func ("/window/error", test_error);
  g_test_add_func ("/window/records", test_records);
  g_test_add_func ("/window/not-local", test_not_local);
  g_test_add_func ("/window/cancel", test_cancel);

  return g_test_run ();
}
