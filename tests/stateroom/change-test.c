/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app-test-util.h"

#define REST_MS 60 /* instead of 2 s, so that the tests need not wait so long */

#define PLACE 3137.0 /* pixels down a list */

typedef struct
{
  StateroomApplication *app;
  StateroomWindow *window;
  StateroomPage *page;
  StateroomTreeView *tree_view;
  char *path;
  char *message;
} Fixture;

static void
on_message (Fixture *self, const char *text)
{
  g_free (self->message);
  self->message = g_strdup (text);
}

static void
set_up (Fixture *self, gconstpointer name)
{
  g_autofree char *original = app_test_fixture (name);

  self->path = app_test_file ("changing.pt", "", 0);
  app_test_copy (original, self->path);
  self->app = app_test_new_app ();
  self->window = app_test_open (self->app, self->path);
  self->page = stateroom_window_get_page (self->window);
  self->tree_view = stateroom_page_get_tree_view (self->page);
  stateroom_page_set_delay_ms (self->page, REST_MS);
  g_signal_connect_swapped (self->page, "message", G_CALLBACK (on_message), self);
}

static void
tear_down (Fixture *self, gconstpointer name)
{
  app_test_free_app (self->app);
  g_unlink (self->path);
  g_free (self->path);
  g_free (self->message);
}

/* Another file takes the place of the one that is open, as a training run does it. */
static void
replace (Fixture *self, const char *name)
{
  g_autofree char *original = app_test_fixture (name);
  g_autofree char *beside = g_strconcat (self->path, ".new", NULL);

  app_test_copy (original, beside);
  g_assert_cmpint (g_rename (beside, self->path), ==, 0);
}

static AdwBanner *
find_banner (Fixture *self)
{
  return ADW_BANNER (app_test_find_widget (GTK_WIDGET (self->page), ADW_TYPE_BANNER));
}

static void
test_replaced (Fixture *self, gconstpointer data)
{
  const char *path = "[\"model_state_dict\"][\"conv1.weight\"]";
  CkptTree *before = stateroom_page_get_tree (self->page);
  g_autofree char *selected = NULL;

  app_test_act (self->window, "select-path", path);
  replace (self, "cuda1_multi_item.pt");
  WAIT_UNTIL (stateroom_page_get_tree (self->page) != before && !stateroom_page_is_busy (self->page));
  selected = ckpt_item_dup_path_text (stateroom_tree_view_get_selected_item (self->tree_view));
  g_assert_cmpstr (selected, ==, path);
  g_assert_cmpstr (self->message, ==, "Reloaded: epoch 5 to 9");
}

static GtkAdjustment *
get_scroll (Fixture *self)
{
  GtkWidget *list = app_test_find_widget (GTK_WIDGET (self->tree_view), GTK_TYPE_COLUMN_VIEW);

  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));
}

/* The labels of all rows. */
static char *
dup_labels (Fixture *self)
{
  GString *labels = g_string_new (NULL);
  guint n = g_list_model_get_n_items (stateroom_tree_view_get_rows (self->tree_view));

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *label = app_test_dup_label (self->window, i);

      g_string_append_printf (labels, "%s\n", label);
    }
  return g_string_free_and_steal (labels);
}

/* Opens all rows but one. Returns how many there are. */
static guint
expand_all_but (Fixture *self, const char *label)
{
  GListModel *rows = stateroom_tree_view_get_rows (self->tree_view);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (GtkTreeListRow) row = g_list_model_get_item (rows, i);
      g_autofree char *other = app_test_dup_label (self->window, i);

      gtk_tree_list_row_set_expanded (row, !g_str_equal (other, label));
    }
  return g_list_model_get_n_items (rows);
}

/* The rows that are open, and the place in the list, are the same after the file was written anew. */
static void
test_place (Fixture *self, gconstpointer data)
{
  CkptTree *before = stateroom_page_get_tree (self->page);
  GtkAdjustment *scroll = get_scroll (self);
  g_autofree char *labels = NULL, *labels_after = NULL;

  gtk_window_set_default_size (GTK_WINDOW (self->window), 900, 500);
  /* The first rows are shown before the others. */
  WAIT_UNTIL (expand_all_but (self, "param_groups") > 200);
  WAIT_UNTIL (gtk_adjustment_get_upper (scroll) > PLACE + 1000);
  gtk_adjustment_set_value (scroll, PLACE);
  labels = dup_labels (self);
  replace (self, data);
  WAIT_UNTIL (stateroom_page_get_tree (self->page) != before && !stateroom_page_is_busy (self->page));
  labels_after = dup_labels (self);
  g_assert_cmpstr (labels_after, ==, labels);
  WAIT_UNTIL (gtk_adjustment_get_value (scroll) == PLACE);
  /* It stays there once the list was laid out. */
  for (guint i = 0; i < 10; i++)
    app_test_iterate ();
  g_assert_cmpfloat (gtk_adjustment_get_value (scroll), ==, PLACE);
}

static void
test_removed (Fixture *self, gconstpointer data)
{
  CkptTree *tree = stateroom_page_get_tree (self->page);
  const CkptTensor *tensor = ckpt_tree_get_tensor (tree, 0);
  g_autofree char *value = NULL;

  g_unlink (self->path);
  WAIT_UNTIL (adw_banner_get_revealed (find_banner (self)));
  g_assert_true (stateroom_page_get_tree (self->page) == tree);
  value = ckpt_tensor_item_to_string (tree, tensor, 0, NULL);
  g_assert_nonnull (value);
  /* It comes back. */
  replace (self, "state_dict.pt");
  WAIT_UNTIL (stateroom_page_get_tree (self->page) != tree);
  g_assert_false (adw_banner_get_revealed (find_banner (self)));
}

static void
test_cut (Fixture *self, gconstpointer data)
{
  CkptTree *before = stateroom_page_get_tree (self->page);
  guint64 size = ckpt_source_get_size (ckpt_tree_get_source (before));

  g_assert_cmpint (truncate (self->path, (off_t) (size / 2)), ==, 0);
  WAIT_UNTIL (stateroom_page_get_tree (self->page) != before);
  g_assert_true (ckpt_tree_is_cut (stateroom_page_get_tree (self->page)));
}

/* The next version is no checkpoint: what was open stays. */
static void
test_broken (Fixture *self, gconstpointer data)
{
  CkptTree *before = stateroom_page_get_tree (self->page);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (self->path, "no more", -1, &error);
  g_assert_no_error (error);
  WAIT_UNTIL (adw_banner_get_revealed (find_banner (self)));
  g_assert_true (stateroom_page_get_tree (self->page) == before);
  g_assert_cmpint (stateroom_page_get_state (self->page), ==, STATEROOM_PAGE_CONTENT);
}

/* A pickle of {'step': N}. */
static void
write_step (Fixture *self, guint8 step)
{
  guint8 pickle[] = { 0x80, 2, '}', 'X', 4, 0, 0, 0, 's', 't', 'e', 'p', 'K', step, 's', '.' };
  g_autofree char *beside = g_strconcat (self->path, ".new", NULL);

  g_file_set_contents (beside, (const char *) pickle, sizeof pickle, NULL);
  g_assert_cmpint (g_rename (beside, self->path), ==, 0);
}

static void
test_step (Fixture *self, gconstpointer data)
{
  write_step (self, 12);
  WAIT_UNTIL (self->message != NULL);
  g_clear_pointer (&self->message, g_free);
  write_step (self, 14);
  WAIT_UNTIL (self->message != NULL);
  g_assert_cmpstr (self->message, ==, "Reloaded: step 12 to 14");
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

  add ("/change/replaced", "multi_item.pt", test_replaced);
  add ("/change/place", "../../../data/samples/tiny_gpt.pt", test_place);
  add ("/change/removed", "state_dict.pt", test_removed);
  add ("/change/cut", "state_dict.pt", test_cut);
  add ("/change/broken", "state_dict.pt", test_broken);
  add ("/change/step", "state_dict.pt", test_step);

  return g_test_run ();
}
