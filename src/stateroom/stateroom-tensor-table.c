/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-tensor-table.h"

#include <glib/gi18n.h>

#include "stateroom-format.h"
#include "stateroom-sparkline.h"

#define DIGITS       3
#define SHARE_DIGITS 2
#define ROW_HEIGHT   26
#define HEADER       33
#define MAX_HEIGHT   420
#define NAME_WIDTH   150
#define RESORT_MS    700 /* how often rows that are sorted by figures may move while these arrive */

/* A column; the one of sparklines is none of these. */
typedef struct
{
  StateroomTensorOrder order;
  const char *title;
  gboolean is_number;
} Column;

static const Column columns[] = {
  { STATEROOM_BY_NAME, N_ ("Name"), FALSE },
  { STATEROOM_BY_SHAPE, N_ ("Shape"), TRUE },
  { STATEROOM_BY_MEAN, N_ ("Mean"), TRUE },
  { STATEROOM_BY_STD, N_ ("Std"), TRUE },
  { STATEROOM_BY_MIN, N_ ("Min"), TRUE },
  { STATEROOM_BY_MAX, N_ ("Max"), TRUE },
  { STATEROOM_BY_ZEROS, N_ ("Zeros"), TRUE },
  /* Translators: values that are NaN or infinite */
  { STATEROOM_BY_BAD, N_ ("NaN, Inf"), TRUE },
  { STATEROOM_BY_TYPE, N_ ("Type"), FALSE },
};

struct _StateroomTensorTable
{
  AdwBin parent_instance;

  GtkScrolledWindow *window;
  GtkColumnView *view;
  GtkSingleSelection *selection;
  GHashTable *cells; /* GtkListItem that are bound now */
  StateroomTensorRows *rows;
  StateroomSurvey *survey;
  gulong arrived_id;
  guint resort_id;
};

enum
{
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StateroomTensorTable, stateroom_tensor_table, ADW_TYPE_BIN)

static char *
dup_number (double value, gboolean exists)
{
  return exists ? stateroom_format_number (value, DIGITS) : g_strdup ("–");
}

static char *
dup_share (guint64 count, guint64 n)
{
  g_autofree char *percent = NULL;

  if (count == 0 || n == 0)
    return g_strdup ("0");
  percent = stateroom_format_number (100 * (double) count / (double) n, SHARE_DIGITS);
  return g_strdup_printf ("%s %%", percent);
}

static char *
dup_figure (const StateroomResult *result, StateroomTensorOrder column)
{
  const CkptStats *stats;
  gboolean exists;

  if (result == NULL)
    return g_strdup ("");
  if (result->error != NULL)
    return g_strdup ("–");
  stats = &result->stats;
  exists = stats->n_finite > 0;
  switch (column)
    {
    case STATEROOM_BY_MEAN:
      return dup_number (stats->mean, exists);
    case STATEROOM_BY_STD:
      return dup_number (stats->std, exists);
    case STATEROOM_BY_MIN:
      return dup_number (stats->min, exists);
    case STATEROOM_BY_MAX:
      return dup_number (stats->max, exists);
    case STATEROOM_BY_ZEROS:
      return dup_share (stats->n_zero, stats->n);
    case STATEROOM_BY_BAD:
      return stats->n == stats->n_finite ? g_strdup ("0")
                                         : stateroom_format_count (stats->n - stats->n_finite);
    case STATEROOM_BY_FILE:
    case STATEROOM_BY_NAME:
    case STATEROOM_BY_SHAPE:
    case STATEROOM_BY_TYPE:
    default:
      return g_strdup ("");
    }
}

/**
 * stateroom_tensor_table_dup_text:
 * @column: a column
 * @position: number of a row
 *
 * Returns: (transfer full): what stands there
 */
char *
stateroom_tensor_table_dup_text (StateroomTensorTable *self, StateroomTensorOrder column, guint position)
{
  if (column == STATEROOM_BY_NAME)
    return g_strdup (stateroom_tensor_rows_get_entry (self->rows, position)->name);
  if (column == STATEROOM_BY_SHAPE)
    return ckpt_tensor_shape_to_string (stateroom_tensor_rows_get_tensor (self->rows, position));
  if (column == STATEROOM_BY_TYPE)
    return g_strdup (ckpt_dtype_get_name (stateroom_tensor_rows_get_tensor (self->rows, position)->dtype));
  return dup_figure (stateroom_tensor_rows_get_result (self->rows, position), column);
}

static StateroomTensorOrder
get_column (GtkListItem *cell)
{
  return (StateroomTensorOrder) GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (cell), "column"));
}

static void
fill_cell (StateroomTensorTable *self, GtkListItem *cell)
{
  GtkWidget *child = gtk_list_item_get_child (cell);
  guint position = gtk_list_item_get_position (cell);
  g_autofree char *text = NULL;

  if (STATEROOM_IS_SPARKLINE (child))
    {
      stateroom_sparkline_set_result (STATEROOM_SPARKLINE (child),
                                      stateroom_tensor_rows_get_result (self->rows, position));
      return;
    }
  text = stateroom_tensor_table_dup_text (self, get_column (cell), position);
  gtk_inscription_set_text (GTK_INSCRIPTION (child), text);
  if (get_column (cell) == STATEROOM_BY_NAME)
    gtk_widget_set_tooltip_text (child, stateroom_tensor_rows_get_entry (self->rows, position)->path);
}

static void
on_setup (StateroomTensorTable *self, GtkListItem *cell, GtkListItemFactory *factory)
{
  const Column *column = g_object_get_data (G_OBJECT (factory), "column");
  GtkWidget *child;

  if (column == NULL)
    {
      gtk_list_item_set_child (cell, stateroom_sparkline_new ());
      return;
    }
  child = gtk_inscription_new (NULL);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (child), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_MIDDLE);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (child), column->is_number ? 1 : 0);
  gtk_widget_add_css_class (child, "numeric");
  if (column->order != STATEROOM_BY_NAME)
    gtk_widget_add_css_class (child, "dimmed");
  g_object_set_data (G_OBJECT (cell), "column", GUINT_TO_POINTER (column->order));
  gtk_list_item_set_child (cell, child);
}

static void
on_bind (StateroomTensorTable *self, GtkListItem *cell)
{
  g_hash_table_add (self->cells, cell);
  fill_cell (self, cell);
}

static void
on_unbind (StateroomTensorTable *self, GtkListItem *cell)
{
  g_hash_table_remove (self->cells, cell);
}

static GtkListItemFactory *
new_factory (StateroomTensorTable *self, const Column *column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_object_set_data (G_OBJECT (factory), "column", (gpointer) column);
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_unbind), self, G_CONNECT_SWAPPED);
  return factory;
}

/* One that does nothing: it makes the heading a button, and the rows are sorted elsewhere. */
static GtkSorter *
new_sorter (const Column *column)
{
  GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (NULL, NULL, NULL));

  g_object_set_data (G_OBJECT (sorter), "column", (gpointer) column);
  return sorter;
}

static int
get_width (StateroomTensorOrder order)
{
  switch (order)
    {
    case STATEROOM_BY_NAME:
      return NAME_WIDTH;
    case STATEROOM_BY_SHAPE:
      return 88;
    case STATEROOM_BY_TYPE:
      return 74;
    case STATEROOM_BY_ZEROS:
    case STATEROOM_BY_BAD:
      return 66;
    case STATEROOM_BY_FILE:
    case STATEROOM_BY_MEAN:
    case STATEROOM_BY_STD:
    case STATEROOM_BY_MIN:
    case STATEROOM_BY_MAX:
    default:
      return 92;
    }
}

static void
add_column (StateroomTensorTable *self, const Column *column)
{
  g_autoptr (GtkColumnViewColumn)
      made = gtk_column_view_column_new (_ (column->title), new_factory (self, column));
  g_autoptr (GtkSorter) sorter = new_sorter (column);

  gtk_column_view_column_set_sorter (made, sorter);
  gtk_column_view_column_set_resizable (made, TRUE);
  gtk_column_view_column_set_fixed_width (made, get_width (column->order));
  gtk_column_view_column_set_expand (made, column->order == STATEROOM_BY_NAME);
  gtk_column_view_append_column (self->view, made);
}

static void
add_columns (StateroomTensorTable *self)
{
  g_autoptr (GtkColumnViewColumn)
      bars = gtk_column_view_column_new (_ ("Histogram"), new_factory (self, NULL));

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      add_column (self, &columns[i]);
      if (columns[i].order == STATEROOM_BY_SHAPE)
        gtk_column_view_append_column (self->view, bars);
    }
  gtk_column_view_column_set_fixed_width (bars, 82);
}

static void
on_sorter_changed (StateroomTensorTable *self)
{
  GtkColumnViewSorter *sorter = GTK_COLUMN_VIEW_SORTER (gtk_column_view_get_sorter (self->view));
  GtkColumnViewColumn *column = gtk_column_view_sorter_get_primary_sort_column (sorter);
  const Column *by = column != NULL
                         ? g_object_get_data (G_OBJECT (gtk_column_view_column_get_sorter (column)), "column")
                         : NULL;

  if (self->rows == NULL)
    return;
  stateroom_tensor_rows_sort (self->rows, by != NULL ? by->order : STATEROOM_BY_FILE,
                              by != NULL && gtk_column_view_sorter_get_primary_sort_order (sorter) ==
                                                GTK_SORT_DESCENDING);
}

static void
on_activate (StateroomTensorTable *self, guint position)
{
  g_signal_emit (self, signals[ACTIVATED], 0, stateroom_tensor_rows_get_entry (self->rows, position)->path);
}

static gboolean
on_resort (gpointer data)
{
  StateroomTensorTable *self = data;

  self->resort_id = 0;
  stateroom_tensor_rows_sort_again (self->rows);
  return G_SOURCE_REMOVE;
}

/* Only what is seen is filled in; rows move more seldom, so that they can be read. */
static void
on_arrived (StateroomTensorTable *self)
{
  GHashTableIter iter;
  gpointer cell;

  g_hash_table_iter_init (&iter, self->cells);
  while (g_hash_table_iter_next (&iter, &cell, NULL))
    fill_cell (self, cell);
  if (self->resort_id == 0)
    self->resort_id = g_timeout_add (RESORT_MS, on_resort, self);
}

static void
drop_rows (StateroomTensorTable *self)
{
  g_clear_handle_id (&self->resort_id, g_source_remove);
  if (self->survey != NULL)
    g_clear_signal_handler (&self->arrived_id, self->survey);
  g_clear_object (&self->survey);
  if (self->selection != NULL)
    gtk_single_selection_set_model (self->selection, NULL);
  g_clear_object (&self->rows);
}

static void
stateroom_tensor_table_dispose (GObject *object)
{
  StateroomTensorTable *self = STATEROOM_TENSOR_TABLE (object);

  drop_rows (self);
  g_clear_object (&self->selection);
  g_clear_pointer (&self->cells, g_hash_table_unref);
  G_OBJECT_CLASS (stateroom_tensor_table_parent_class)->dispose (object);
}

static void
stateroom_tensor_table_class_init (StateroomTensorTableClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = stateroom_tensor_table_dispose;

  /**
   * StateroomTensorTable::activated:
   * @path: text form of the path of the tensor
   */
  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
stateroom_tensor_table_init (StateroomTensorTable *self)
{
  self->cells = g_hash_table_new (NULL, NULL);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  self->view = GTK_COLUMN_VIEW (gtk_column_view_new (GTK_SELECTION_MODEL (g_object_ref (self->selection))));
  gtk_column_view_set_single_click_activate (self->view, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "tensor-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Tensors"),
                                  -1);
  add_columns (self);
  g_signal_connect_object (gtk_column_view_get_sorter (self->view), "changed", G_CALLBACK (on_sorter_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "activate", G_CALLBACK (on_activate), self, G_CONNECT_SWAPPED);
  self->window = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  gtk_scrolled_window_set_child (self->window, GTK_WIDGET (self->view));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->window));
}

/**
 * stateroom_tensor_table_new:
 *
 * Returns: (transfer floating): an empty table
 */
GtkWidget *
stateroom_tensor_table_new (void)
{
  return g_object_new (STATEROOM_TYPE_TENSOR_TABLE, NULL);
}

/**
 * stateroom_tensor_table_set_list:
 * @list: (nullable): what to show
 * @survey: (nullable): what is known of it; what arrives later is filled in
 */
void
stateroom_tensor_table_set_list (StateroomTensorTable *self,
                                 StateroomTensorList *list,
                                 StateroomSurvey *survey)
{
  int height;

  drop_rows (self);
  if (list == NULL)
    return;
  self->survey = g_object_ref (survey);
  self->rows = stateroom_tensor_rows_new (list, survey);
  self->arrived_id = g_signal_connect_swapped (survey, "arrived", G_CALLBACK (on_arrived), self);
  on_sorter_changed (self);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->rows));
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  height = (int) MIN ((gint64) stateroom_tensor_list_get_n (list) * ROW_HEIGHT + HEADER, MAX_HEIGHT);
  gtk_scrolled_window_set_max_content_height (self->window, -1);
  gtk_scrolled_window_set_min_content_height (self->window, height);
  gtk_scrolled_window_set_max_content_height (self->window, height);
}

/**
 * stateroom_tensor_table_get_rows:
 *
 * Returns: (transfer none) (nullable): the rows that are shown
 */
StateroomTensorRows *
stateroom_tensor_table_get_rows (StateroomTensorTable *self)
{
  return self->rows;
}

/**
 * stateroom_tensor_table_sort:
 * @order: a column
 * @is_descending: whether the largest come first
 */
void
stateroom_tensor_table_sort (StateroomTensorTable *self, StateroomTensorOrder order, gboolean is_descending)
{
  GListModel *shown = gtk_column_view_get_columns (self->view);

  for (guint i = 0; i < g_list_model_get_n_items (shown); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (shown, i);
      GtkSorter *sorter = gtk_column_view_column_get_sorter (column);
      const Column *by = sorter != NULL ? g_object_get_data (G_OBJECT (sorter), "column") : NULL;

      if (by != NULL && by->order == order)
        gtk_column_view_sort_by_column (self->view, column,
                                        is_descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
    }
}
