/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-value-grid-private.h"

#include "stateroom-cell-text.h"

#include <glib/gi18n.h>

#define MIN_ROWS        3
#define NATURAL_ROWS    14
#define MIN_COLUMNS     1
#define NATURAL_COLUMNS 6

enum
{
  PROP_0,
  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

enum
{
  CURSOR_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
get_border (GtkScrollable *scrollable, GtkBorder *border)
{
  StateroomValueGrid *self = STATEROOM_VALUE_GRID (scrollable);

  *border = (GtkBorder) { .left = (gint16) self->header_width, .top = (gint16) self->cell_height };
  return TRUE;
}

static void
init_scrollable (GtkScrollableInterface *iface)
{
  iface->get_border = get_border;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (StateroomValueGrid,
                               stateroom_value_grid,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, init_scrollable))

/**
 * stateroom_value_grid_get_slice:
 *
 * Returns: (transfer none) (nullable): what is shown
 */
const CkptSlice *
stateroom_value_grid_get_slice (StateroomValueGrid *self)
{
  return self->model != NULL ? stateroom_slice_model_get_slice (self->model) : NULL;
}

static void
on_adjustment_changed (StateroomValueGrid *self)
{
  stateroom_grid_axis_follow (&self->rows);
  stateroom_grid_axis_follow (&self->columns);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
set_adjustment (StateroomValueGrid *self, StateroomGridAxis *axis, GtkAdjustment *adjustment)
{
  if (axis->adjustment != NULL)
    g_signal_handlers_disconnect_by_data (axis->adjustment, self);
  stateroom_grid_axis_set_adjustment (axis, adjustment);
  g_signal_connect_swapped (axis->adjustment, "value-changed", G_CALLBACK (on_adjustment_changed), self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
stateroom_value_grid_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  StateroomValueGrid *self = STATEROOM_VALUE_GRID (object);

  switch (property)
    {
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->columns.adjustment);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->rows.adjustment);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, (int) self->policies[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, (int) self->policies[GTK_ORIENTATION_VERTICAL]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
stateroom_value_grid_set_property (GObject *object, guint property, const GValue *value, GParamSpec *pspec)
{
  StateroomValueGrid *self = STATEROOM_VALUE_GRID (object);

  switch (property)
    {
    case PROP_HADJUSTMENT:
      set_adjustment (self, &self->columns, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      set_adjustment (self, &self->rows, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
      self->policies[GTK_ORIENTATION_HORIZONTAL] = (guint) g_value_get_enum (value);
      break;
    case PROP_VSCROLL_POLICY:
      self->policies[GTK_ORIENTATION_VERTICAL] = (guint) g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static guint64
count_rows (StateroomValueGrid *self)
{
  const CkptSlice *slice = stateroom_value_grid_get_slice (self);

  return slice != NULL ? ckpt_slice_get_n_rows (slice) : 0;
}

static guint64
count_columns (StateroomValueGrid *self)
{
  const CkptSlice *slice = stateroom_value_grid_get_slice (self);

  return slice != NULL ? ckpt_slice_get_n_columns (slice) : 0;
}

static void
stateroom_value_grid_measure (GtkWidget *widget,
                              GtkOrientation orientation,
                              int for_size,
                              int *minimum,
                              int *natural,
                              int *minimum_baseline,
                              int *natural_baseline)
{
  StateroomValueGrid *self = STATEROOM_VALUE_GRID (widget);

  stateroom_value_grid_measure_cells (self);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = self->header_width + MIN_COLUMNS * self->cell_width;
      *natural = self->header_width +
                 (int) CLAMP (count_columns (self), MIN_COLUMNS, NATURAL_COLUMNS) * self->cell_width;
    }
  else
    {
      *minimum = (1 + (int) MIN (count_rows (self), MIN_ROWS)) * self->cell_height;
      *natural = (1 + (int) MIN (count_rows (self), NATURAL_ROWS)) * self->cell_height;
    }
}

static void
stateroom_value_grid_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  StateroomValueGrid *self = STATEROOM_VALUE_GRID (widget);

  stateroom_value_grid_measure_cells (self);
  stateroom_grid_axis_configure (&self->columns, count_columns (self), self->cell_width,
                                 width - self->header_width);
  stateroom_grid_axis_configure (&self->rows, count_rows (self), self->cell_height,
                                 height - self->cell_height);
  if (self->menu != NULL)
    gtk_popover_present (GTK_POPOVER (self->menu));
}

static void
stateroom_value_grid_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  StateroomValueGrid *self = STATEROOM_VALUE_GRID (widget);

  if (self->cache != NULL)
    stateroom_value_grid_draw (self, snapshot);
}

static void
stateroom_value_grid_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (stateroom_value_grid_parent_class)->css_changed (widget, change);
  STATEROOM_VALUE_GRID (widget)->cell_height = 0;
  gtk_widget_queue_resize (widget);
}

static void
stateroom_value_grid_dispose (GObject *object)
{
  StateroomValueGrid *self = STATEROOM_VALUE_GRID (object);

  stateroom_value_grid_set_model (self, NULL);
  g_clear_handle_id (&self->resize_id, g_source_remove);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_signal_handlers_disconnect_by_data (self->rows.adjustment, self);
  g_signal_handlers_disconnect_by_data (self->columns.adjustment, self);
  G_OBJECT_CLASS (stateroom_value_grid_parent_class)->dispose (object);
}

static void
stateroom_value_grid_finalize (GObject *object)
{
  StateroomValueGrid *self = STATEROOM_VALUE_GRID (object);

  stateroom_grid_axis_clear (&self->rows);
  stateroom_grid_axis_clear (&self->columns);
  G_OBJECT_CLASS (stateroom_value_grid_parent_class)->finalize (object);
}

static void
stateroom_value_grid_class_init (StateroomValueGridClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = stateroom_value_grid_get_property;
  object_class->set_property = stateroom_value_grid_set_property;
  object_class->dispose = stateroom_value_grid_dispose;
  object_class->finalize = stateroom_value_grid_finalize;
  widget_class->measure = stateroom_value_grid_measure;
  widget_class->size_allocate = stateroom_value_grid_size_allocate;
  widget_class->snapshot = stateroom_value_grid_snapshot;
  widget_class->css_changed = stateroom_value_grid_css_changed;
  widget_class->query_tooltip = stateroom_value_grid_query_tooltip;
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  signals[CURSOR_CHANGED] = g_signal_new ("cursor-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "valuegrid");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
  stateroom_value_grid_add_bindings (widget_class);
}

static void
stateroom_value_grid_init (StateroomValueGrid *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  set_adjustment (self, &self->rows, NULL);
  set_adjustment (self, &self->columns, NULL);
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_has_tooltip (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Values"), -1);
  stateroom_value_grid_add_controllers (self);
}

/**
 * stateroom_value_grid_new:
 *
 * Returns: (transfer floating): a grid that shows nothing
 */
GtkWidget *
stateroom_value_grid_new (void)
{
  return g_object_new (STATEROOM_TYPE_VALUE_GRID, NULL);
}

/* The cell of the cursor in words. */
static void
describe (StateroomValueGrid *self)
{
  g_autofree char *text = stateroom_value_grid_dup_cursor_text (self);
  const CkptSlice *slice = stateroom_value_grid_get_slice (self);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : "", -1);
  if (text != NULL && self->is_to_announce &&
      stateroom_cell_cache_look_up (self->cache, self->cursor_row, self->cursor_column, NULL) != NULL)
    {
      gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
      self->is_to_announce = FALSE;
    }
  if (slice != NULL)
    gtk_accessible_update_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_ROW_COUNT,
                                    (int) MIN (ckpt_slice_get_n_rows (slice), G_MAXINT),
                                    GTK_ACCESSIBLE_RELATION_COL_COUNT,
                                    (int) MIN (ckpt_slice_get_n_columns (slice), G_MAXINT), -1);
}

static void
tell_cursor (StateroomValueGrid *self)
{
  describe (self);
  g_signal_emit (self, signals[CURSOR_CHANGED], 0);
}

static void
on_cells_read (gpointer user_data)
{
  StateroomValueGrid *self = user_data;

  gtk_widget_queue_draw (GTK_WIDGET (self));
  tell_cursor (self);
}

static void
on_slice_changed (StateroomValueGrid *self)
{
  const CkptSlice *slice = stateroom_value_grid_get_slice (self);

  g_clear_pointer (&self->cache, stateroom_cell_cache_free);
  self->cell_width = 0;
  self->cell_height = 0;
  if (slice != NULL && ckpt_slice_get_n_rows (slice) > 0)
    self->cache = stateroom_cell_cache_new (slice, on_cells_read, self);
  if (self->cache != NULL)
    {
      self->cursor_row = MIN (self->cursor_row, ckpt_slice_get_n_rows (slice) - 1);
      self->cursor_column = MIN (self->cursor_column, ckpt_slice_get_n_columns (slice) - 1);
      self->anchor_row = self->cursor_row;
      self->anchor_column = self->cursor_column;
    }
  gtk_widget_queue_resize (GTK_WIDGET (self));
  tell_cursor (self);
}

/**
 * stateroom_value_grid_set_model:
 * @model: (nullable): what to show
 */
void
stateroom_value_grid_set_model (StateroomValueGrid *self, StateroomSliceModel *model)
{
  if (self->model == model)
    return;
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_set_object (&self->model, model);
  self->cursor_row = self->cursor_column = 0;
  self->rows.first = self->columns.first = 0;
  self->rows.hidden = self->columns.hidden = 0;
  self->is_to_announce = FALSE;
  if (model != NULL)
    g_signal_connect_swapped (model, "changed", G_CALLBACK (on_slice_changed), self);
  on_slice_changed (self);
}

/**
 * stateroom_value_grid_set_menu:
 * @menu: what a click with the other button offers
 */
void
stateroom_value_grid_set_menu (StateroomValueGrid *self, GMenuModel *menu)
{
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  self->menu = gtk_popover_menu_new_from_model (menu);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
}

/**
 * stateroom_value_grid_get_cursor:
 * @row: (out): the row of the cell with the cursor
 * @column: (out): its column
 */
void
stateroom_value_grid_get_cursor (StateroomValueGrid *self, guint64 *row, guint64 *column)
{
  *row = self->cursor_row;
  *column = self->cursor_column;
}

/**
 * stateroom_value_grid_set_cursor:
 * @row: a row; the last one if there are not so many
 * @column: a column, likewise
 * @extend: whether the selection goes on to that cell, instead of being that cell
 *
 * Moves the cursor, and scrolls to where it is.
 */
void
stateroom_value_grid_set_cursor (StateroomValueGrid *self, guint64 row, guint64 column, gboolean extend)
{
  if (self->cache == NULL)
    return;
  self->cursor_row = MIN (row, count_rows (self) - 1);
  self->cursor_column = MIN (column, count_columns (self) - 1);
  if (!extend)
    {
      self->anchor_row = self->cursor_row;
      self->anchor_column = self->cursor_column;
    }
  stateroom_grid_axis_show (&self->rows, self->cursor_row);
  stateroom_grid_axis_show (&self->columns, self->cursor_column);
  self->is_to_announce = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  tell_cursor (self);
}

/**
 * stateroom_value_grid_get_selection:
 * @rect: (out): the cells that are selected
 *
 * Returns: FALSE if there are no cells
 */
gboolean
stateroom_value_grid_get_selection (StateroomValueGrid *self, CkptRect *rect)
{
  if (self->cache == NULL)
    return FALSE;
  rect->row = MIN (self->anchor_row, self->cursor_row);
  rect->n_rows = MAX (self->anchor_row, self->cursor_row) - rect->row + 1;
  rect->column = MIN (self->anchor_column, self->cursor_column);
  rect->n_columns = MAX (self->anchor_column, self->cursor_column) - rect->column + 1;
  return TRUE;
}

/**
 * stateroom_value_grid_select_all:
 *
 * Selects all cells; the cursor goes to the first one.
 */
void
stateroom_value_grid_select_all (StateroomValueGrid *self)
{
  if (self->cache == NULL)
    return;
  self->anchor_row = count_rows (self) - 1;
  self->anchor_column = count_columns (self) - 1;
  self->cursor_row = self->cursor_column = 0;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  tell_cursor (self);
}

/**
 * stateroom_value_grid_dup_cursor_text:
 *
 * Returns: (transfer full) (nullable): where the cursor is, and what is there: "[3, 17] = 0.1"; NULL if there are no cells
 */
char *
stateroom_value_grid_dup_cursor_text (StateroomValueGrid *self)
{
  const CkptCells *cells;
  const GError *error = NULL;
  g_autofree char *index = NULL, *value = NULL;

  if (self->cache == NULL)
    return NULL;
  index = ckpt_slice_dup_index (stateroom_value_grid_get_slice (self), self->cursor_row, self->cursor_column);
  cells = stateroom_cell_cache_look_up (self->cache, self->cursor_row, self->cursor_column, &error);
  /* Who does not look at the grid has nothing read. */
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    stateroom_cell_cache_end (self->cache);
  if (error != NULL)
    return g_strdup_printf ("%s: %s", index, error->message);
  if (cells == NULL)
    return g_steal_pointer (&index);
  value = stateroom_cell_text_full (cells, self->cursor_row, self->cursor_column);
  return g_strdup_printf ("%s = %s", index, value);
}

/**
 * stateroom_value_grid_get_visible:
 * @rect: (out): the cells of which something is seen
 */
void
stateroom_value_grid_get_visible (StateroomValueGrid *self, CkptRect *rect)
{
  rect->row = self->rows.first;
  rect->n_rows = stateroom_grid_axis_get_end (&self->rows) - rect->row;
  rect->column = self->columns.first;
  rect->n_columns = stateroom_grid_axis_get_end (&self->columns) - rect->column;
}

/**
 * stateroom_value_grid_is_busy:
 *
 * Returns: whether something that is seen is still being read
 */
gboolean
stateroom_value_grid_is_busy (StateroomValueGrid *self)
{
  return self->cache != NULL && stateroom_cell_cache_is_busy (self->cache);
}
