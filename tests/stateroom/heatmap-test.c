/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-test-util.h"

#include "stateroom-heatmap-card.h"
#include "stateroom-heatmap-span.h"

#include <math.h>
#include <string.h>

typedef struct
{
  GtkWindow *window;
  StateroomHeatmapCard *card;
  StateroomHeatmapView *view;
  CkptTree *tree;
  StateroomSliceModel *model;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->window = GTK_WINDOW (gtk_window_new ());
  fixture->card = STATEROOM_HEATMAP_CARD (stateroom_heatmap_card_new ());
  fixture->view = stateroom_heatmap_card_get_view (fixture->card);
  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->card));
  gtk_window_set_default_size (fixture->window, 600, 500);
  gtk_window_present (fixture->window);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  GtkWidget *view = GTK_WIDGET (fixture->view);

  g_object_add_weak_pointer (G_OBJECT (view), (gpointer *) &view);
  gtk_window_destroy (fixture->window);
  g_clear_object (&fixture->model);
  g_clear_pointer (&fixture->tree, ckpt_tree_unref);
  WAIT_UNTIL (view == NULL);
}

static void
wait (Fixture *fixture)
{
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->view));
  WAIT_UNTIL (!stateroom_heatmap_card_is_busy (fixture->card));
}

static void
take_tree (Fixture *fixture, CkptTree *tree)
{
  g_autoptr (GError) error = NULL;
  CkptSlice *slice = ckpt_slice_new (tree, ckpt_tree_get_tensor (tree, 0), &error);

  g_assert_no_error (error);
  fixture->tree = tree;
  fixture->model = stateroom_slice_model_new (slice);
  stateroom_heatmap_card_set_model (fixture->card, fixture->model, "x");
  wait (fixture);
}

/* 1024×2048 of float32, all 0 but for the first three: 1, NaN and -3. */
static void
take_matrix (Fixture *fixture)
{
  const float first[] = { 1, NAN, -3 };
  guint64 n_bytes = (guint64) 1024 * 2048 * 4;

  take_tree (fixture, app_test_sparse ("F32", "1024,2048", n_bytes, n_bytes, 0, first, sizeof first));
}

static void
act (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->view), action, NULL));
  wait (fixture);
}

static void
act_with (Fixture *fixture, const char *action, int rows, int columns)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->view), action, "(ii)", rows, columns));
  wait (fixture);
}

/* What is said of the cell at the top left. */
static const char *
read_first_cell (Fixture *fixture)
{
  act_with (fixture, "heatmap.move", 0, 0);
  act_with (fixture, "heatmap.move", -G_MAXINT, -G_MAXINT);
  return stateroom_heatmap_card_get_cell (fixture->card);
}

static void
test_reduction (Fixture *fixture, gconstpointer data)
{
  CkptBlocks *blocks;
  guint64 row_factor, column_factor, n_finite;
  g_autofree char *note = NULL, *mean = NULL;

  take_matrix (fixture);
  blocks = stateroom_heatmap_card_get_blocks (fixture->card);
  row_factor = ckpt_blocks_get_row_factor (blocks);
  column_factor = ckpt_blocks_get_column_factor (blocks);
  g_assert_cmpuint (row_factor, >=, 4);
  g_assert_cmpuint (column_factor, >=, 4);
  n_finite = row_factor * column_factor - 1;
  g_assert_cmpfloat (fabs (ckpt_blocks_get_value (blocks, CKPT_BLOCK_MEAN, 0, 0) + 2.0 / (double) n_finite),
                     <, 1e-15);
  note = g_strdup_printf ("each cell: mean of %" G_GUINT64_FORMAT "×%" G_GUINT64_FORMAT " · 1 NaN",
                          row_factor, column_factor);
  g_assert_cmpstr (stateroom_heatmap_card_get_note (fixture->card), ==, note);
  stateroom_heatmap_card_set_kind (fixture->card, CKPT_BLOCK_MAX);
  g_assert_true (g_str_has_prefix (stateroom_heatmap_card_get_note (fixture->card), "each cell: max of "));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture->view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Heatmap of x");
}

static void
test_cell (Fixture *fixture, gconstpointer data)
{
  const char *cell;

  take_matrix (fixture);
  g_assert_nonnull (strstr (stateroom_heatmap_card_get_cell (fixture->card), "Point at a cell"));
  cell = read_first_cell (fixture);
  g_assert_nonnull (strstr (cell, " · min −3 · max 1 · has NaN"));
  g_assert_true (g_str_has_prefix (cell, "[0…"));
}

static void
test_zoom (Fixture *fixture, gconstpointer data)
{
  const CkptRect *rect;

  take_matrix (fixture);
  g_assert_true (stateroom_heatmap_view_is_whole (fixture->view));
  read_first_cell (fixture);
  for (guint i = 0; i < 40; i++)
    act (fixture, "heatmap.zoom-in");
  rect = ckpt_blocks_get_rect (stateroom_heatmap_card_get_blocks (fixture->card));
  g_assert_cmpuint (rect->n_rows, <=, 5);
  g_assert_cmpuint (rect->n_columns, <=, 5);
  g_assert_cmpstr (read_first_cell (fixture), ==, "[0, 0] = 1");
  g_assert_cmpstr (stateroom_heatmap_card_get_note (fixture->card), ==, "each cell: one element · 1 NaN");
  act_with (fixture, "heatmap.move", 0, 2);
  g_assert_cmpstr (stateroom_heatmap_card_get_cell (fixture->card), ==, "[0, 2] = −3");
  /* Behind the edge the heatmap moves along. */
  for (guint i = 0; i < 9; i++)
    act_with (fixture, "heatmap.move", 1, 0);
  rect = ckpt_blocks_get_rect (stateroom_heatmap_card_get_blocks (fixture->card));
  g_assert_cmpuint (rect->row, >, 0);
  g_assert_cmpstr (stateroom_heatmap_card_get_cell (fixture->card), ==, "[9, 2] = 0");
  act_with (fixture, "heatmap.pan", 0, 1);
  rect = ckpt_blocks_get_rect (stateroom_heatmap_card_get_blocks (fixture->card));
  g_assert_cmpuint (rect->column, >, 0);
  act (fixture, "heatmap.reset");
  g_assert_true (stateroom_heatmap_view_is_whole (fixture->view));
}

/* More than 256 MB are read only when asked for, and what is zoomed to by itself. */
static void
test_ask (Fixture *fixture, gconstpointer data)
{
  const float first = 7;
  guint64 n = (guint64) 1 << 15;
  CkptSourceCounts counts;

  take_tree (fixture, app_test_sparse ("F32", "32768,32768", n * n * 4, n * n * 4, 0, &first, 4));
  g_assert_null (stateroom_heatmap_card_get_blocks (fixture->card));
  ckpt_source_get_counts (ckpt_tree_get_source (fixture->tree), &counts);
  g_assert_cmpuint (counts.n_bytes, <, 10000);
  for (guint i = 0; i < 12; i++)
    act (fixture, "heatmap.zoom-in");
  g_assert_nonnull (stateroom_heatmap_card_get_blocks (fixture->card));
  ckpt_source_get_counts (ckpt_tree_get_source (fixture->tree), &counts);
  g_assert_cmpuint (counts.n_bytes, <, (guint64) 1500 * 1000 * 1000);
}

static void
test_missing (Fixture *fixture, gconstpointer data)
{
  const float first = 2;

  take_tree (fixture, app_test_sparse ("F32", "16,16", 1024, 512, 0, &first, 4));
  g_assert_cmpstr (stateroom_heatmap_card_get_note (fixture->card), ==,
                   "each cell: one element · 128 missing");
  for (guint i = 0; i < 10; i++)
    act_with (fixture, "heatmap.move", 1, 0);
  g_assert_true (
      g_str_has_suffix (stateroom_heatmap_card_get_cell (fixture->card), " · missing from the file"));
}

/* A vector lies. */
static void
test_vector (Fixture *fixture, gconstpointer data)
{
  const float first = 2;

  take_tree (fixture, app_test_sparse ("F32", "100", 400, 400, 0, &first, 4));
  g_assert_cmpuint (ckpt_blocks_get_n_rows (stateroom_heatmap_card_get_blocks (fixture->card)), ==, 1);
  g_assert_cmpuint (ckpt_blocks_get_n_columns (stateroom_heatmap_card_get_blocks (fixture->card)), ==, 100);
}

static void
assert_blocks (const StateroomHeatmapSpan *span, guint max_blocks, guint64 first, guint64 n, guint64 factor)
{
  guint64 blocks_first, blocks_n, blocks_factor;

  stateroom_heatmap_span_get_blocks (span, max_blocks, &blocks_first, &blocks_n, &blocks_factor);
  g_assert_cmpuint (blocks_first, ==, first);
  g_assert_cmpuint (blocks_n, ==, n);
  g_assert_cmpuint (blocks_factor, ==, factor);
}

static void
test_span (void)
{
  StateroomHeatmapSpan span;

  stateroom_heatmap_span_reset (&span, 1000);
  assert_blocks (&span, 100, 0, 1000, 16);
  assert_blocks (&span, 1000, 0, 1000, 1);
  /* About its place: that stays where it is. */
  stateroom_heatmap_span_zoom (&span, 0.25, 0.5);
  g_assert_cmpfloat (span.first, ==, 125);
  g_assert_cmpfloat (span.count, ==, 500);
  assert_blocks (&span, 100, 120, 512, 8);
  stateroom_heatmap_span_pan (&span, 9999);
  assert_blocks (&span, 100, 496, 504, 8);
  stateroom_heatmap_span_pan (&span, -9999);
  g_assert_cmpfloat (span.first, ==, 0);
  for (guint i = 0; i < 30; i++)
    stateroom_heatmap_span_zoom (&span, 0.5, 0.5);
  g_assert_cmpfloat (span.count, ==, 4);
  for (guint i = 0; i < 30; i++)
    stateroom_heatmap_span_zoom (&span, 0.5, 2);
  g_assert_true (stateroom_heatmap_span_is_whole (&span));
  stateroom_heatmap_span_reset (&span, G_GUINT64_CONSTANT (1) << 62);
  assert_blocks (&span, 128, 0, G_GUINT64_CONSTANT (1) << 62, G_GUINT64_CONSTANT (1) << 55);
  stateroom_heatmap_span_reset (&span, 1);
  stateroom_heatmap_span_zoom (&span, 0.5, 0.5);
  assert_blocks (&span, 100, 0, 1, 1);
}

#define ADD(name, func) g_test_add ("/heatmap/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);
  ADD ("reduction", test_reduction);
  ADD ("cell", test_cell);
  ADD ("zoom", test_zoom);
  ADD ("ask", test_ask);
  ADD ("missing", test_missing);
  ADD ("vector", test_vector);
  g_test_add_func ("/heatmap/span", test_span);
  return g_test_run ();
}
