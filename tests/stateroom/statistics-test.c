/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "app-test-util.h"
#include "inspector-test-util.h"
#include "stateroom-byte-strip.h"
#include "stateroom-container-page.h"
#include "stateroom-module-page.h"
#include "stateroom-overview.h"

/* Under the sanitizers all takes several times as long. */
#ifdef __SANITIZE_ADDRESS__
#define N_MANY 1000
#else
#define N_MANY 100000
#endif

typedef struct
{
  StateroomApplication *app;
  StateroomWindow *window;
  StateroomPage *page;
  StateroomInspector *inspector;
} Fixture;

static void
wait (Fixture *self)
{
  WAIT_UNTIL (!stateroom_survey_bar_is_busy (stateroom_page_get_survey_bar (self->page)) &&
              !stateroom_inspector_is_busy (self->inspector));
}

static void
open_file (Fixture *self, const char *path)
{
  self->app = app_test_new_app ();
  self->window = app_test_open (self->app, path);
  self->page = stateroom_window_get_page (self->window);
  self->inspector = stateroom_page_get_inspector (self->page);
  wait (self);
}

static void
set_up (Fixture *self, gconstpointer name)
{
  g_autofree char *path = app_test_fixture (name);

  open_file (self, path);
}

static void
tear_down (Fixture *self, gconstpointer name)
{
  app_test_free_app (self->app);
}

static StateroomStatistics *
select_dict (Fixture *self, const char *path)
{
  app_test_act (self->window, "select-path", path);
  wait (self);
  return stateroom_container_page_get_statistics (
      STATEROOM_CONTAINER_PAGE (stateroom_inspector_get_page (self->inspector)));
}

static StateroomOverview *
get_overview (Fixture *self)
{
  return STATEROOM_OVERVIEW (stateroom_inspector_get_page (self->inspector));
}

static void
assert_selected (Fixture *self, const char *path_text)
{
  CkptItem *item = stateroom_tree_view_get_selected_item (stateroom_page_get_tree_view (self->page));
  g_autofree char *path = ckpt_item_dup_path_text (item);

  g_assert_cmpstr (path, ==, path_text);
}

static void
assert_cell (StateroomTensorTable *table, StateroomTensorOrder column, guint position, const char *expected)
{
  g_autofree char *text = stateroom_tensor_table_dup_text (table, column, position);

  g_assert_cmpstr (text, ==, expected);
}

/* The figures are those of expected/cuda1_multi_item.pt.json. */
static void
test_table (Fixture *self, gconstpointer data)
{
  StateroomStatistics *statistics = select_dict (self, "[\"model_state_dict\"]");
  StateroomTensorTable *table = stateroom_statistics_get_table (statistics);
  StateroomTensorRows *rows = stateroom_tensor_table_get_rows (table);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (rows));

  g_assert_cmpuint (n, ==, 14);
  assert_cell (table, STATEROOM_BY_NAME, 0, "scale");
  assert_cell (table, STATEROOM_BY_NAME, 1, "conv1.weight");
  assert_cell (table, STATEROOM_BY_SHAPE, 1, "6×3×5×5");
  assert_cell (table, STATEROOM_BY_TYPE, 1, "float32");
  assert_cell (table, STATEROOM_BY_MEAN, 1, "−0.00172");
  assert_cell (table, STATEROOM_BY_STD, 1, "0.0671");
  assert_cell (table, STATEROOM_BY_MIN, 1, "−0.116");
  assert_cell (table, STATEROOM_BY_MAX, 1, "0.121");
  assert_cell (table, STATEROOM_BY_ZEROS, 1, "0");
  assert_cell (table, STATEROOM_BY_BAD, 1, "0");
}

static void
assert_sorted (StateroomTensorRows *rows, gboolean is_descending)
{
  for (guint i = 1; i < g_list_model_get_n_items (G_LIST_MODEL (rows)); i++)
    {
      double before = stateroom_tensor_rows_get_result (rows, i - 1)->stats.std;
      double after = stateroom_tensor_rows_get_result (rows, i)->stats.std;

      g_assert_true (is_descending ? before >= after : before <= after);
    }
}

static void
test_sort (Fixture *self, gconstpointer data)
{
  StateroomTensorTable *table = stateroom_statistics_get_table (select_dict (self, "[\"model_state_dict\"]"));
  StateroomTensorRows *rows = stateroom_tensor_table_get_rows (table);

  stateroom_tensor_table_sort (table, STATEROOM_BY_STD, FALSE);
  assert_sorted (rows, FALSE);
  stateroom_tensor_table_sort (table, STATEROOM_BY_STD, TRUE);
  assert_sorted (rows, TRUE);
  stateroom_tensor_table_sort (table, STATEROOM_BY_NAME, FALSE);
  assert_cell (table, STATEROOM_BY_NAME, 0, "bn.bias");
  stateroom_tensor_table_sort (table, STATEROOM_BY_SHAPE, TRUE);
  assert_cell (table, STATEROOM_BY_NAME, 0, "fc1.weight");
  /* A row leads to its tensor. */
  g_signal_emit_by_name (app_test_find_widget (GTK_WIDGET (table), GTK_TYPE_COLUMN_VIEW), "activate", 0);
  assert_selected (self, "[\"model_state_dict\"][\"fc1.weight\"]");
}

static void
test_strip (Fixture *self, gconstpointer data)
{
  StateroomStatistics *statistics = select_dict (self, "[\"model_state_dict\"]");
  StateroomPlotView *strip = stateroom_statistics_get_strip (statistics);
  guint item = 0;

  /* Not the two single values. */
  g_assert_cmpuint (ckpt_plot_get_n_items (stateroom_plot_view_get_plot (strip)), ==, 12);
  g_assert_true (inspector_test_press (GTK_WIDGET (strip), GDK_KEY_Down));
  g_assert_true (inspector_test_press (GTK_WIDGET (strip), GDK_KEY_Down));
  g_assert_true (stateroom_plot_view_get_item (strip, &item));
  g_assert_cmpuint (item, ==, 1);
  g_assert_true (inspector_test_press (GTK_WIDGET (strip), GDK_KEY_Return));
  assert_selected (self, "[\"model_state_dict\"][\"conv1.bias\"]");
}

/* The values of all tensors together, without counters and other single values. */
static void
test_merged (Fixture *self, gconstpointer data)
{
  StateroomStatistics *statistics = select_dict (self, "[\"model_state_dict\"]");
  StateroomFigures *figures = stateroom_statistics_get_figures (statistics);
  StateroomSurvey *survey = stateroom_inspector_get_survey (self->inspector);
  StateroomTensorRows *rows = stateroom_tensor_table_get_rows (stateroom_statistics_get_table (statistics));
  g_autofree char *count = NULL;
  double squares = 0, norm;
  guint64 n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (rows)); i++)
    {
      const CkptTensor *tensor = stateroom_tensor_rows_get_tensor (rows, i);
      const CkptStats *stats = &stateroom_survey_get_result (survey, tensor->index)->stats;

      if (tensor->numel == 1)
        continue;
      n += stats->n;
      squares += stats->norm * stats->norm;
    }
  count = ckpt_text_count (n);
  g_assert_cmpstr (stateroom_figures_get_value (figures, "Count"), ==, count);
  norm = g_ascii_strtod (stateroom_figures_get_value (figures, "L2 norm"), NULL);
  g_assert_cmpfloat_with_epsilon (norm, sqrt (squares), sqrt (squares) * 1e-3);
  g_assert_cmpstr (stateroom_histogram_card_get_page (stateroom_statistics_get_histogram (statistics)), ==,
                   "plot");
}

/* What is wrong with a file stands at its top, and leads to the tensors. */
static void
test_findings (Fixture *self, gconstpointer data)
{
  StateroomStatistics *statistics = stateroom_overview_get_statistics (get_overview (self));
  StateroomFindingsCard *card = stateroom_statistics_get_findings (statistics);

  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (card)));
  g_assert_cmpuint (stateroom_findings_card_get_n (card, CKPT_FINDING_PROBLEM), >, 2);
  g_signal_emit_by_name (card, "activated", "[\"all_nan\"]");
  assert_selected (self, "[\"all_nan\"]");
}

static void
test_no_findings (Fixture *self, gconstpointer data)
{
  StateroomStatistics *statistics = stateroom_overview_get_statistics (get_overview (self));
  StateroomFindingsCard *card = stateroom_statistics_get_findings (statistics);

  /* It says that nothing was found. */
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (card)));
  g_assert_cmpuint (stateroom_findings_card_get_n (card, CKPT_FINDING_PROBLEM), ==, 0);
  g_assert_cmpuint (stateroom_findings_card_get_n (card, CKPT_FINDING_NOTE), ==, 0);
  /* But of a dict that is left out. */
  statistics = select_dict (self, "[\"model_state_dict\"]");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (stateroom_statistics_get_findings (statistics))));
}

/* Storages are kept whole by tensors that show a part of them. */
static void
test_waste (Fixture *self, gconstpointer data)
{
  StateroomWasteCard *card = stateroom_overview_get_waste_card (get_overview (self));

  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (card)));
  g_assert_cmpuint (stateroom_waste_card_get_n (card), ==, 1);
  g_assert_nonnull (app_test_find_widget (GTK_WIDGET (card), STATEROOM_TYPE_BYTE_STRIP));
  g_signal_emit_by_name (app_test_find_widget (GTK_WIDGET (card), GTK_TYPE_BUTTON), "clicked");
  g_assert_cmpint (
      ckpt_item_get_role (stateroom_tree_view_get_selected_item (stateroom_page_get_tree_view (self->page))),
      !=, CKPT_ITEM_FILE);
}

/* A file of very many tensors: one byte each. */
static char *
write_many (void)
{
  g_autoptr (GString) header = g_string_new ("{");
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree guint8 *values = g_malloc (N_MANY);
  guint64 length;

  for (guint i = 0; i < N_MANY; i++)
    {
      g_string_append_printf (header, "%s\"t.%u\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[%u,%u]}",
                              i > 0 ? "," : "", i, i, i + 1);
      values[i] = (guint8) (i * 7);
    }
  g_string_append_c (header, '}');
  length = GUINT64_TO_LE (header->len);
  g_byte_array_append (bytes, (const guint8 *) &length, sizeof length);
  g_byte_array_append (bytes, (const guint8 *) header->str, (guint) header->len);
  g_byte_array_append (bytes, values, N_MANY);
  return app_test_file ("many.safetensors", bytes->data, (gssize) bytes->len);
}

static void
test_many (void)
{
  g_autofree char *path = write_many ();
  Fixture self;
  StateroomTensorTable *table;
  StateroomTensorRows *rows;
  gint64 started;

  open_file (&self, path);
  table = stateroom_statistics_get_table (stateroom_overview_get_statistics (get_overview (&self)));
  rows = stateroom_tensor_table_get_rows (table);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==, N_MANY);
  started = g_get_monotonic_time ();
  stateroom_tensor_table_sort (table, STATEROOM_BY_MAX, TRUE);
  g_test_minimized_result ((double) (g_get_monotonic_time () - started) / G_TIME_SPAN_SECOND, "sorting");
  assert_cell (table, STATEROOM_BY_MAX, 0, "255");
  assert_cell (table, STATEROOM_BY_MAX, N_MANY - 1, "0");
  app_test_free_app (self.app);
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

  add ("/statistics/table", "cuda1_multi_item.pt", test_table);
  add ("/statistics/sort", "cuda1_multi_item.pt", test_sort);
  add ("/statistics/strip", "cuda1_multi_item.pt", test_strip);
  add ("/statistics/merged", "cuda1_multi_item.pt", test_merged);
  add ("/statistics/findings", "special_values.pt", test_findings);
  add ("/statistics/no-findings", "cuda1_multi_item.pt", test_no_findings);
  add ("/statistics/waste", "sparse.pt", test_waste);
  g_test_add_func ("/statistics/many", test_many);

  return g_test_run ();
}
