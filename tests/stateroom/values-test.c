/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-test-util.h"

#include "stateroom-axis-picker.h"
#include "stateroom-grid-axis.h"
#include "stateroom-heatmap-card.h"
#include "stateroom-values-card.h"

#include <string.h>

typedef struct
{
  GtkWindow *window;
  StateroomValuesCard *card;
  StateroomValueGrid *grid;
  CkptTree *tree;
  StateroomSliceModel *model;
} Fixture;

static void
take_tree (Fixture *fixture, CkptTree *tree, guint tensor)
{
  g_autoptr (GError) error = NULL;
  CkptSlice *slice = ckpt_slice_new (tree, ckpt_tree_get_tensor (tree, tensor), &error);

  g_assert_no_error (error);
  fixture->tree = tree;
  fixture->model = stateroom_slice_model_new (slice);
  stateroom_values_card_set_model (fixture->card, fixture->model, "x");
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->grid));
  WAIT_UNTIL (!stateroom_values_card_is_busy (fixture->card));
}

/* float32, 3×4×5: 0, 1, 2, ... */
static void
take_cube (Fixture *fixture)
{
  float values[60];

  for (guint i = 0; i < 60; i++)
    values[i] = (float) i;
  take_tree (fixture,
             app_test_sparse ("F32", "3,4,5", sizeof values, sizeof values, 0, values, sizeof values), 0);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->window = GTK_WINDOW (gtk_window_new ());
  fixture->card = STATEROOM_VALUES_CARD (stateroom_values_card_new ());
  fixture->grid = stateroom_values_card_get_grid (fixture->card);
  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->card));
  gtk_window_set_default_size (fixture->window, 600, 400);
  gtk_window_present (fixture->window);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  GtkWidget *grid = GTK_WIDGET (fixture->grid);

  g_object_add_weak_pointer (G_OBJECT (grid), (gpointer *) &grid);
  gtk_window_destroy (fixture->window);
  g_clear_object (&fixture->model);
  g_clear_pointer (&fixture->tree, ckpt_tree_unref);
  WAIT_UNTIL (grid == NULL);
}

static void
act (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->grid), action, NULL));
}

static void
move (Fixture *fixture, int how, int rows, int columns, gboolean extend)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->grid), "grid.move", "(iiib)", how, rows,
                                             columns, extend));
}

#define assert_status(fixture, text) \
  WAIT_UNTIL (g_str_equal (stateroom_values_card_get_status ((fixture)->card), text))

static guint64
count_bytes (Fixture *fixture)
{
  CkptSourceCounts counts;

  ckpt_source_get_counts (ckpt_tree_get_source (fixture->tree), &counts);
  return counts.n_bytes;
}

static void
test_cursor (Fixture *fixture, gconstpointer data)
{
  take_cube (fixture);
  assert_status (fixture, "[0, 0, 0] = 0.0");
  move (fixture, 0, 1, 2, FALSE);
  assert_status (fixture, "[0, 1, 2] = 7.0");
  move (fixture, 0, -9, 0, FALSE);
  assert_status (fixture, "[0, 0, 2] = 2.0");
  move (fixture, 2, 1, 1, FALSE);
  assert_status (fixture, "[0, 3, 4] = 19.0");
  move (fixture, 2, 0, -1, TRUE);
  assert_status (fixture, "[0, 3, 0] = 15.0 · 1×5 selected");
  act (fixture, "grid.select-all");
  assert_status (fixture, "[0, 0, 0] = 0.0 · 4×5 selected");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture->grid), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "[0, 0, 0] = 0.0");
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (fixture->grid), GTK_ACCESSIBLE_ROLE_GRID);
}

static void
go_to (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;
  guint64 row, column;

  g_assert_true (stateroom_slice_model_go_to (fixture->model, text, &row, &column, &error));
  g_assert_no_error (error);
  stateroom_value_grid_set_cursor (fixture->grid, row, column, FALSE);
}

static void
test_go_to (Fixture *fixture, gconstpointer data)
{
  const char *const wrong[] = { "",     "x",        "3, 0, 0",
                                "0, 0", "60",       "-61",
                                "1.5",  "0, -5, 0", "99999999999999999999" };

  take_cube (fixture);
  go_to (fixture, "2, 1, 3");
  assert_status (fixture, "[2, 1, 3] = 48.0");
  go_to (fixture, "[0, -1, -1]");
  assert_status (fixture, "[0, 3, 4] = 19.0");
  go_to (fixture, "59");
  assert_status (fixture, "[2, 3, 4] = 59.0");
  go_to (fixture, "-60");
  assert_status (fixture, "[0, 0, 0] = 0.0");
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      guint64 row, column;

      g_assert_false (stateroom_slice_model_go_to (fixture->model, wrong[i], &row, &column, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
}

/* The control of the picker that is called so. */
static GtkWidget *
find_control (GtkWidget *widget, GType type, guint *n)
{
  GtkWidget *found = NULL;

  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) && (*n)-- == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_control (child, type, n);
  return found;
}

static GtkWidget *
get_control (Fixture *fixture, GType type, guint n)
{
  GtkWidget *picker = app_test_find_widget (GTK_WIDGET (fixture->card), STATEROOM_TYPE_AXIS_PICKER);

  return find_control (picker, type, &n);
}

static void
test_axes (Fixture *fixture, gconstpointer data)
{
  const CkptSlice *slice;

  take_cube (fixture);
  slice = stateroom_slice_model_get_slice (fixture->model);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (get_control (fixture, GTK_TYPE_SPIN_BUTTON, 0)), 2);
  assert_status (fixture, "[2, 0, 0] = 40.0");
  g_assert_null (get_control (fixture, GTK_TYPE_SPIN_BUTTON, 1));
  /* Rows become what columns were, and the other way round. */
  gtk_drop_down_set_selected (GTK_DROP_DOWN (get_control (fixture, GTK_TYPE_DROP_DOWN, 0)), 3);
  g_assert_cmpint (ckpt_slice_get_row_axis (slice), ==, 2);
  g_assert_cmpint (ckpt_slice_get_column_axis (slice), ==, 1);
  WAIT_UNTIL (gtk_drop_down_get_selected (GTK_DROP_DOWN (get_control (fixture, GTK_TYPE_DROP_DOWN, 1))) == 2);
  move (fixture, 2, 1, 0, FALSE);
  assert_status (fixture, "[2, 0, 4] = 44.0");
  /* Without columns, their axis gets an index too. */
  gtk_drop_down_set_selected (GTK_DROP_DOWN (get_control (fixture, GTK_TYPE_DROP_DOWN, 1)), 0);
  g_assert_cmpuint (ckpt_slice_get_n_columns (slice), ==, 1);
  WAIT_UNTIL (get_control (fixture, GTK_TYPE_SPIN_BUTTON, 1) != NULL);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (get_control (fixture, GTK_TYPE_SPIN_BUTTON, 1)), 3);
  assert_status (fixture, "[2, 3, 4] = 59.0");
}

static void
on_text (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static char *
dup_clipboard (Fixture *fixture)
{
  char *text = NULL;

  assert_status (fixture, "Copied");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (fixture->card)), NULL, on_text, &text);
  WAIT_UNTIL (text != NULL);
  return text;
}

static void
test_copy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *one = NULL, *some = NULL, *csv = NULL;

  take_cube (fixture);
  go_to (fixture, "1, 1, 1");
  act (fixture, "values.copy");
  one = dup_clipboard (fixture);
  g_assert_cmpstr (one, ==, "26.0");
  stateroom_value_grid_set_cursor (fixture->grid, 2, 3, TRUE);
  act (fixture, "values.copy");
  some = dup_clipboard (fixture);
  g_assert_cmpstr (some, ==, "26.0\t27.0\t28.0\n31.0\t32.0\t33.0\n");
  stateroom_value_grid_set_cursor (fixture->grid, 2, 3, TRUE);
  act (fixture, "values.copy-csv");
  csv = dup_clipboard (fixture);
  g_assert_cmpstr (csv, ==, "26.0,27.0,28.0\n31.0,32.0,33.0\n");
}

static void
test_save (Fixture *fixture, gconstpointer data)
{
  const CkptRect rect = { 1, 2, 3, 2 };
  const float expected[] = { 8, 9, 13, 14 };
  g_autofree char *npy = app_test_file ("x.npy", "old", 3), *csv = app_test_file ("x.csv", "", 0);
  g_autofree char *data_npy = NULL, *data_csv = NULL;
  g_autoptr (GFile) npy_file = g_file_new_for_path (npy);
  g_autoptr (GFile) csv_file = g_file_new_for_path (csv);
  gsize length;

  take_cube (fixture);
  stateroom_values_card_save (fixture->card, &rect, npy_file);
  assert_status (fixture, "Saved");
  g_assert_true (g_file_get_contents (npy, &data_npy, &length, NULL));
  g_assert_cmpuint (length, ==, 128 + sizeof expected);
  g_assert_nonnull (strstr (data_npy + 10, "'shape': (2, 2)"));
  g_assert_cmpmem (data_npy + 128, sizeof expected, expected, sizeof expected);
  stateroom_value_grid_set_cursor (fixture->grid, 0, 0, FALSE);
  stateroom_values_card_save (fixture->card, &rect, csv_file);
  assert_status (fixture, "Saved");
  g_assert_true (g_file_get_contents (csv, &data_csv, NULL, NULL));
  g_assert_cmpstr (data_csv, ==, "8.0,9.0\n13.0,14.0\n");
}

/* The file that the values come from is not written over. */
static void
test_save_over_source (Fixture *fixture, gconstpointer data)
{
  const CkptRect rect = { 0, 1, 0, 1 };
  g_autofree char *from = app_test_fixture ("bare_tensor.pt"), *path = app_test_file ("bare.npy", "", 0);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *before = NULL, *after = NULL;
  gsize n_before, n_after;

  app_test_copy (from, path);
  take_tree (fixture, ckpt_load (path, NULL, NULL, NULL, NULL), 0);
  g_assert_true (g_file_get_contents (path, &before, &n_before, NULL));
  stateroom_values_card_save (fixture->card, &rect, file);
  assert_status (fixture, "This is the file that the values come from.");
  g_assert_true (g_file_get_contents (path, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);
}

/* 2^30 rows of 4 GB: only what is seen is read, and the last row is as precise as the first. */
static void
test_billion_rows (Fixture *fixture, gconstpointer data)
{
  const float last = 1.5f;
  guint64 n = (guint64) 1 << 30;
  CkptRect visible;

  take_tree (fixture, app_test_sparse ("F32", "1073741824,1", n * 4, n * 4, (n - 1) * 4, &last, 4), 0);
  move (fixture, 2, 1, 0, FALSE);
  assert_status (fixture, "[1073741823, 0] = 1.5");
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->grid));
  stateroom_value_grid_get_visible (fixture->grid, &visible);
  g_assert_cmpuint (visible.row + visible.n_rows, ==, n);
  go_to (fixture, "536870912");
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->grid));
  move (fixture, 0, 1, 0, FALSE);
  assert_status (fixture, "[536870913, 0] = 0.0");
  WAIT_UNTIL (!stateroom_values_card_is_busy (fixture->card));
  g_assert_cmpuint (count_bytes (fixture), <, 100000);
}

/* Page Down goes by the rows that are seen. */
static void
test_pages (Fixture *fixture, gconstpointer data)
{
  const float first = 1;
  guint64 row, column, n_seen;
  CkptRect visible;

  take_tree (fixture, app_test_sparse ("F32", "1000,2", 8000, 8000, 0, &first, 4), 0);
  stateroom_value_grid_get_visible (fixture->grid, &visible);
  n_seen = visible.n_rows;
  move (fixture, 1, 1, 0, FALSE);
  stateroom_value_grid_get_cursor (fixture->grid, &row, &column);
  g_assert_cmpuint (row, <=, n_seen);
  g_assert_cmpuint (row + 1, >=, n_seen - 1);
  move (fixture, 1, 1, 0, TRUE);
  move (fixture, 1, -1, 0, FALSE);
  stateroom_value_grid_get_cursor (fixture->grid, &row, &column);
  g_assert_cmpuint (row + 1, >=, n_seen - 1);
  move (fixture, 1, -1, 0, FALSE);
  stateroom_value_grid_get_cursor (fixture->grid, &row, &column);
  g_assert_cmpuint (row, ==, 0);
}

static void
check_tensor (Fixture *fixture, StateroomHeatmapCard *heatmap, CkptTree *tree, const CkptTensor *tensor)
{
  CkptSlice *slice = ckpt_slice_new (tree, tensor, NULL);
  g_autoptr (StateroomSliceModel) model = slice != NULL ? stateroom_slice_model_new (slice) : NULL;
  g_autofree char *expected = NULL, *value = NULL, *index = NULL;

  if (model == NULL)
    return;
  stateroom_values_card_set_model (fixture->card, model, "x");
  stateroom_heatmap_card_set_model (heatmap, model, "x");
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->grid));
  WAIT_UNTIL (!stateroom_values_card_is_busy (fixture->card) && !stateroom_heatmap_card_is_busy (heatmap));
  g_assert_cmpint (stateroom_heatmap_card_get_blocks (heatmap) != NULL, ==, tensor->numel > 0);
  if (tensor->numel == 0)
    {
      g_assert_cmpstr (stateroom_values_card_get_status (fixture->card), ==, "It has no elements.");
      return;
    }
  index = ckpt_slice_dup_index (slice, 0, 0);
  value = ckpt_tensor_item_to_string (tree, tensor, 0, NULL);
  expected = g_strdup_printf ("%s = %s", index, value);
  g_assert_cmpstr (stateroom_values_card_get_status (fixture->card), ==, expected);
}

/* Every type, layout and shape that the fixtures have. */
static void
test_fixtures (Fixture *fixture, gconstpointer data)
{
  const char *const names[] = { "dtypes.pt", "dtypes_new.pt",     "big_endian.pt", "quantized.pt",
                                "views.pt",  "special_values.pt", "sparse.pt" };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  StateroomHeatmapCard *heatmap = STATEROOM_HEATMAP_CARD (stateroom_heatmap_card_new ());
  guint n = 0;

  g_object_ref (fixture->card);
  gtk_window_set_child (fixture->window, NULL);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->card));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (heatmap));
  gtk_window_set_child (fixture->window, box);
  g_object_unref (fixture->card);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = app_test_fixture (names[i]);
      g_autoptr (CkptTree) tree = ckpt_load (path, NULL, NULL, NULL, NULL);

      for (guint k = 0; tree != NULL && k < ckpt_tree_get_n_tensors (tree); k++, n++)
        check_tensor (fixture, heatmap, tree, ckpt_tree_get_tensor (tree, k));
      stateroom_values_card_set_model (fixture->card, NULL, NULL);
      stateroom_heatmap_card_set_model (heatmap, NULL, NULL);
    }
  g_assert_cmpuint (n, >, 50);
}

/* What a file that is cut lacks is said to be missing, and the rest is there. */
static void
test_missing (Fixture *fixture, gconstpointer data)
{
  const float first = 2.5f;
  const CkptRect all = { 0, 4, 0, 4 };
  g_autofree char *copied = NULL, *path = app_test_file ("missing.npy", "old", 3), *kept = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);

  take_tree (fixture, app_test_sparse ("F32", "4,4", 64, 40, 0, &first, 4), 0);
  assert_status (fixture, "[0, 0] = 2.5");
  go_to (fixture, "2, 1");
  assert_status (fixture, "[2, 1] = 0.0");
  go_to (fixture, "2, 2");
  assert_status (fixture, "[2, 2] = missing from the file");
  act (fixture, "grid.select-all");
  act (fixture, "values.copy");
  copied = dup_clipboard (fixture);
  g_assert_cmpstr (copied, ==, "2.5\t0.0\t0.0\t0.0\n0.0\t0.0\t0.0\t0.0\n0.0\t0.0\t\t\n\t\t\t\n");
  /* A file that says nothing of it is not written. */
  stateroom_values_card_save (fixture->card, &all, file);
  WAIT_UNTIL (strstr (stateroom_values_card_get_status (fixture->card), "40 of 64 bytes") != NULL);
  g_assert_true (g_file_get_contents (path, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "old");
}

/* More rows than a double has pixels for. */
static void
test_grid_axis (void)
{
  StateroomGridAxis axis = { 0 };
  guint64 n = (guint64) 1 << 60, line;
  GtkAdjustment *adjustment = gtk_adjustment_new (0, 0, 0, 0, 0, 0);

  stateroom_grid_axis_set_adjustment (&axis, adjustment);
  stateroom_grid_axis_configure (&axis, n, 20, 410);
  g_assert_cmpuint (stateroom_grid_axis_get_end (&axis), ==, 21);
  stateroom_grid_axis_show (&axis, n - 1);
  g_assert_cmpuint (stateroom_grid_axis_get_end (&axis), ==, n);
  g_assert_cmpfloat (stateroom_grid_axis_locate (&axis, n - 1), ==, 390);
  stateroom_grid_axis_show (&axis, n / 2 + 1);
  g_assert_cmpuint (axis.first, ==, n / 2 + 1);
  /* A step of the wheel goes by pixels there too. */
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + 50);
  stateroom_grid_axis_follow (&axis);
  g_assert_cmpuint (axis.first, ==, n / 2 + 3);
  g_assert_cmpfloat (axis.hidden, ==, 10);
  g_assert_true (stateroom_grid_axis_find (&axis, 15, &line));
  g_assert_cmpuint (line, ==, n / 2 + 4);
  /* To the end by the scrollbar. */
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  stateroom_grid_axis_follow (&axis);
  g_assert_cmpuint (stateroom_grid_axis_get_end (&axis), ==, n);
  g_assert_cmpfloat (stateroom_grid_axis_locate (&axis, n - 1), ==, 390);
  stateroom_grid_axis_configure (&axis, 3, 20, 410);
  g_assert_cmpuint (axis.first, ==, 0);
  g_assert_cmpuint (stateroom_grid_axis_get_end (&axis), ==, 3);
  stateroom_grid_axis_clear (&axis);
}

#define ADD(name, func) g_test_add ("/values/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);
  ADD ("cursor", test_cursor);
  ADD ("go-to", test_go_to);
  ADD ("axes", test_axes);
  ADD ("copy", test_copy);
  ADD ("save", test_save);
  ADD ("save-over-source", test_save_over_source);
  ADD ("billion-rows", test_billion_rows);
  ADD ("pages", test_pages);
  ADD ("fixtures", test_fixtures);
  ADD ("missing", test_missing);
  g_test_add_func ("/values/grid-axis", test_grid_axis);
  return g_test_run ();
}
