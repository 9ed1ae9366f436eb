/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "app-test-util.h"
#include "stateroom-cells.h"
#include "stateroom-search-terms.h"
#include "stateroom-share-bar.h"

typedef struct
{
  StateroomApplication *app;
  StateroomWindow *window;
  StateroomPage *page;
  StateroomTreeView *tree_view;
  GtkEditable *entry;
} Fixture;

static void
set_up (Fixture *self, gconstpointer name)
{
  g_autofree char *path = app_test_fixture (name);

  self->app = app_test_new_app ();
  self->window = app_test_open (self->app, path);
  self->page = stateroom_window_get_page (self->window);
  self->tree_view = stateroom_page_get_tree_view (self->page);
  self->entry = GTK_EDITABLE (app_test_find_widget (GTK_WIDGET (self->tree_view), GTK_TYPE_SEARCH_ENTRY));
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

static void
find (Fixture *self, const char *action, const char *text, int n_found)
{
  g_test_message ("%s %s", action, text);
  app_test_act (self->window, action, text);
  WAIT_UNTIL (stateroom_tree_view_get_n_found (self->tree_view) == n_found);
}

/* 14 tensors of the model and 20 of the optimizer on cuda:1, and 10 steps on the CPU. */
static void
test_terms (Fixture *self, gconstpointer data)
{
  g_autofree char *label = NULL;

  find (self, "find", "shape:16x6x5x5", 3);
  find (self, "find", "shape:16x6x5x5 model_state_dict", 1);
  label = app_test_dup_label (self->window, 0);
  g_assert_cmpstr (label, ==, "model_state_dict/conv2.weight");
  find (self, "find", "device:cpu", 10);
  find (self, "find", "dtype:int64", 1);
  find (self, "find", "size:>9kB weight", 2);
  find (self, "find-glob", "fc* -dims:1", 2);
  find (self, "find-regex", "^fc[12]\\. size:<100", 2);
  find (self, "find-glob", "size:>19kB", 3);
  find (self, "find", "type:int", 19);
}

/* A plain word also finds what the other columns of a tensor show. */
static void
test_columns (Fixture *self, gconstpointer data)
{
  find (self, "find", "16×6×5×5", 3);
  find (self, "find", "16x6x5x5 conv2", 1);
  find (self, "find", "int64", 1);
  find (self, "find", "cuda:1 fc1", 2);
}

static gboolean
has_problem (Fixture *self)
{
  return stateroom_tree_view_get_search_problem (self->tree_view) != NULL;
}

/* What makes no sense is said in the bar, not at once, and what was found stays. */
static void
test_problem (Fixture *self, gconstpointer data)
{
  int end = (int) strlen ("dtype:int64");

  find (self, "find", "dtype:int64", 1);
  gtk_editable_insert_text (self->entry, " dtype:flaot16", -1, &end);
  g_assert_false (has_problem (self));
  WAIT_UNTIL (has_problem (self));
  g_assert_cmpstr (stateroom_tree_view_get_search_problem (self->tree_view), ==,
                   "“flaot16” is no dtype. Write float16, int or float8*.");
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (self->entry), "error"));
  g_assert_cmpuint (count_rows (self), ==, 1);
  g_assert_cmpint (stateroom_tree_view_get_n_found (self->tree_view), ==, 1);
  find (self, "find", "dtype:float32", 43);
  g_assert_false (has_problem (self));
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (self->entry), "error"));
  app_test_act (self->window, "find-regex", "(");
  WAIT_UNTIL (has_problem (self));
  stateroom_tree_view_set_search_mode (self->tree_view, FALSE);
  g_assert_false (has_problem (self));
}

/* Where a word looks like a term but is none, the terms are named. */
static void
test_misspelt (Fixture *self, gconstpointer data)
{
  const char *terms = "Terms are dtype: type: shape: dims: device: size: and values:";

  find (self, "find", "dtpye:float16", 0);
  g_assert_true (app_test_has_text (GTK_WIDGET (self->tree_view), terms));
  find (self, "find", "cuda:1", 34);
  find (self, "find", "shape:7x7x7", 0);
  g_assert_false (app_test_has_text (GTK_WIDGET (self->tree_view), terms));
}

static StateroomSearchTerms *
get_terms (Fixture *self)
{
  GtkWidget *button = app_test_find_widget (GTK_WIDGET (self->tree_view), GTK_TYPE_MENU_BUTTON);

  return STATEROOM_SEARCH_TERMS (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)));
}

/* The list of terms as it is when it is shown. The compositor of the tests, which has no pointer, shows no popover. */
static GtkListBox *
open_terms (Fixture *self)
{
  stateroom_tree_view_set_search_mode (self->tree_view, TRUE);
  stateroom_search_terms_update (get_terms (self));
  return GTK_LIST_BOX (app_test_find_widget (GTK_WIDGET (get_terms (self)), GTK_TYPE_LIST_BOX));
}

static void
choose (GtkListBox *list, const char *text)
{
  for (int i = 0;; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (list, i);
      GtkWidget *label;

      g_assert_nonnull (row);
      label = app_test_find_widget (GTK_WIDGET (row), GTK_TYPE_LABEL);
      if (!g_str_equal (gtk_label_get_text (GTK_LABEL (label)), text))
        continue;
      g_assert_true (gtk_list_box_row_get_activatable (row));
      gtk_widget_activate (GTK_WIDGET (row));
      return;
    }
}

/* The button lists what is in the file, and what can be asked. */
static void
test_button (Fixture *self, gconstpointer data)
{
  int begin, end;

  gtk_editable_set_text (self->entry, "conv1 ");
  choose (open_terms (self), "device:cuda:1");
  g_assert_cmpstr (gtk_editable_get_text (self->entry), ==, "conv1 device:cuda:1");
  WAIT_UNTIL (stateroom_tree_view_get_n_found (self->tree_view) == 2);
  choose (open_terms (self), "size:>10MB");
  g_assert_cmpstr (gtk_editable_get_text (self->entry), ==, "conv1 device:cuda:1 size:>10MB");
  g_assert_true (gtk_editable_get_selection_bounds (self->entry, &begin, &end));
  g_assert_cmpint (begin, ==, (int) strlen ("conv1 device:cuda:1 size:"));
  g_assert_cmpint (end, ==, (int) strlen ("conv1 device:cuda:1 size:>10MB"));
}

static void
assert_completed (Fixture *self, const char *typed, const char *expected)
{
  g_autofree char *completed = stateroom_search_terms_complete (get_terms (self), typed);

  g_assert_cmpstr (completed, ==, expected);
}

static void
test_completion (Fixture *self, gconstpointer data)
{
  assert_completed (self, "dty", "dtype:");
  assert_completed (self, "d", NULL);
  assert_completed (self, "di", "dims:");
  assert_completed (self, "-DTYPE:f", "-dtype:float32");
  assert_completed (self, "dtype:float32", NULL);
  assert_completed (self, "dtype:q", NULL);
  assert_completed (self, "device:cu", "device:cuda:1");
  assert_completed (self, "device:", "device:c");
  assert_completed (self, "conv", NULL);
  assert_completed (self, "", NULL);
}

static gboolean
press_tab (Fixture *self)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (self->entry));
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !handled; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller) &&
          gtk_event_controller_get_propagation_phase (controller) == GTK_PHASE_CAPTURE)
        g_signal_emit_by_name (controller, "key-pressed", GDK_KEY_Tab, 0, 0, &handled);
    }
  return handled;
}

static void
test_tab (Fixture *self, gconstpointer data)
{
  stateroom_tree_view_set_search_mode (self->tree_view, TRUE);
  gtk_editable_set_text (self->entry, "Größe dtype:fl weight");
  gtk_editable_set_position (self->entry, (int) g_utf8_strlen ("Größe dtype:fl", -1));
  g_assert_true (press_tab (self));
  g_assert_cmpstr (gtk_editable_get_text (self->entry), ==, "Größe dtype:float32 weight");
  g_assert_cmpint (gtk_editable_get_position (self->entry), ==,
                   (int) g_utf8_strlen ("Größe dtype:float32", -1));
  /* There is no more to complete: Tab leaves the entry. */
  g_assert_false (press_tab (self));
}

static double
get_share (Fixture *self, const char *path)
{
  CkptItem *item;

  app_test_act (self->window, "select-path", path);
  item = stateroom_tree_view_get_selected_item (self->tree_view);
  return stateroom_row_text_get_share (item, stateroom_tree_view_get_root (self->tree_view));
}

/* Bars show shares of the file; the tooltip also that of the row above. */
static void
test_shares (Fixture *self, gconstpointer data)
{
  double sum = get_share (self, "model_state_dict") + get_share (self, "optimizer_state_dict");
  CkptItem *root = stateroom_tree_view_get_root (self->tree_view);
  g_autofree char *text = NULL, *top_text = NULL;

  g_assert_cmpfloat (ABS (sum - 1), <, 1e-9);
  g_assert_cmpfloat (get_share (self, "model_state_dict/fc1.weight"), <,
                     get_share (self, "model_state_dict"));
  get_share (self, "model_state_dict/fc1.weight");
  text = stateroom_row_text_dup_shares (stateroom_tree_view_get_selected_item (self->tree_view), root);
  g_assert_cmpstr (text, ==, "20 % of the file, 100 % of fc1");
  get_share (self, "model_state_dict");
  top_text = stateroom_row_text_dup_shares (stateroom_tree_view_get_selected_item (self->tree_view), root);
  g_assert_cmpstr (top_text, ==, "33 % of the file");
}

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (name, Fixture, "cuda1_multi_item.pt", set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  app_test_init (&argc, &argv);

  add ("/search/terms", test_terms);
  add ("/search/columns", test_columns);
  add ("/search/problem", test_problem);
  add ("/search/misspelt", test_misspelt);
  add ("/search/button", test_button);
  add ("/search/completion", test_completion);
  add ("/search/tab", test_tab);
  add ("/search/shares", test_shares);

  return g_test_run ();
}
