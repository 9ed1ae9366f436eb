/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-heatmap-view-private.h"

#include "stateroom-format.h"
#include "stateroom-plot-theme.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MIN_WIDTH      160
#define MIN_HEIGHT     160
#define NATURAL_WIDTH  560
#define NATURAL_HEIGHT 320
/* Pixels of a cell at least, along each axis. */
#define MIN_CELL 2
/* Pixels that a picture takes for its labels, about. */
#define LABELS 60
/* Digits that count of a value. */
#define N_DIGITS 6

enum
{
  WISH_CHANGED,
  CELL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StateroomHeatmapView, stateroom_heatmap_view, GTK_TYPE_WIDGET)

static void
drop_picture (StateroomHeatmapView *self)
{
  g_clear_pointer (&self->picture, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
update_theme (StateroomHeatmapView *self)
{
  g_autoptr (CkptPlotTheme) theme = NULL;

  if (self->plot == NULL)
    return;
  theme = stateroom_plot_theme_new (GTK_WIDGET (self));
  ckpt_plot_set_theme (CKPT_PLOT (self->plot), theme);
  drop_picture (self);
}

/**
 * stateroom_heatmap_view_get_area:
 * @area: (out): where the cells are
 *
 * Returns: FALSE if none are shown
 */
gboolean
stateroom_heatmap_view_get_area (StateroomHeatmapView *self, CkptPlotRect *area)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));

  return self->plot != NULL && width > 0 && height > 0 &&
         ckpt_plot_heatmap_get_area (self->plot, width, height, area);
}

/**
 * stateroom_heatmap_view_tell_wish:
 *
 * Tells what is wanted now, if that is something else than before.
 */
void
stateroom_heatmap_view_tell_wish (StateroomHeatmapView *self)
{
  StateroomHeatmapWish wish;

  memset (&wish, 0, sizeof wish);
  if (!stateroom_heatmap_view_get_wish (self, &wish) || memcmp (&wish, &self->wish, sizeof wish) == 0)
    return;
  self->wish = wish;
  g_signal_emit (self, signals[WISH_CHANGED], 0);
}

static void
stateroom_heatmap_view_measure (GtkWidget *widget,
                                GtkOrientation orientation,
                                int for_size,
                                int *minimum,
                                int *natural,
                                int *minimum_baseline,
                                int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : MIN_HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? NATURAL_WIDTH : NATURAL_HEIGHT;
}

static void
stateroom_heatmap_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  stateroom_heatmap_view_tell_wish (STATEROOM_HEATMAP_VIEW (widget));
}

static void
draw_picture (StateroomHeatmapView *self, int width, int height)
{
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot,
                                           &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));

  ckpt_plot_draw (CKPT_PLOT (self->plot), cr, width, height);
  cairo_destroy (cr);
  self->picture = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  self->picture_width = width;
  self->picture_height = height;
}

/* Two lines around the cell, so that one of them is seen on any colour. */
static void
append_cell (StateroomHeatmapView *self, GtkSnapshot *snapshot, int width, int height)
{
  guint item = (guint) (self->row * ckpt_blocks_get_n_columns (self->blocks) + self->column);
  const GdkRGBA colors[] = { { 1, 1, 1, 1 }, { 0, 0, 0, 1 } };
  CkptPlotRect rect;

  if (!self->has_cell || !ckpt_plot_get_item_rect (CKPT_PLOT (self->plot), width, height, item, &rect))
    return;
  for (guint i = 0; i < 2; i++)
    {
      float by = (float) i + 1;
      GskRoundedRect outline;

      gsk_rounded_rect_init_from_rect (&outline,
                                       &GRAPHENE_RECT_INIT ((float) rect.x - by, (float) rect.y - by,
                                                            (float) rect.width + 2 * by,
                                                            (float) rect.height + 2 * by),
                                       0);
      gtk_snapshot_append_border (snapshot, &outline, (const float[]) { 1, 1, 1, 1 },
                                  (const GdkRGBA[]) { colors[i], colors[i], colors[i], colors[i] });
    }
}

static void
stateroom_heatmap_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  StateroomHeatmapView *self = STATEROOM_HEATMAP_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);

  if (self->plot == NULL || width <= 0 || height <= 0)
    return;
  if (self->picture_width != width || self->picture_height != height)
    g_clear_pointer (&self->picture, gsk_render_node_unref);
  if (self->picture == NULL)
    draw_picture (self, width, height);
  if (self->picture != NULL)
    gtk_snapshot_append_node (snapshot, self->picture);
  append_cell (self, snapshot, width, height);
}

static void
stateroom_heatmap_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (stateroom_heatmap_view_parent_class)->css_changed (widget, change);
  update_theme (STATEROOM_HEATMAP_VIEW (widget));
}

static void
stateroom_heatmap_view_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (stateroom_heatmap_view_parent_class)->system_setting_changed (widget, setting);
  update_theme (STATEROOM_HEATMAP_VIEW (widget));
}

static void
clear_blocks (StateroomHeatmapView *self)
{
  g_clear_pointer (&self->blocks, ckpt_blocks_unref);
  g_clear_object (&self->plot);
  drop_picture (self);
}

static void
stateroom_heatmap_view_dispose (GObject *object)
{
  StateroomHeatmapView *self = STATEROOM_HEATMAP_VIEW (object);

  clear_blocks (self);
  g_clear_pointer (&self->slice, ckpt_slice_free);
  g_clear_pointer (&self->name, g_free);
  G_OBJECT_CLASS (stateroom_heatmap_view_parent_class)->dispose (object);
}

static void
stateroom_heatmap_view_class_init (StateroomHeatmapViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_heatmap_view_dispose;
  widget_class->measure = stateroom_heatmap_view_measure;
  widget_class->size_allocate = stateroom_heatmap_view_size_allocate;
  widget_class->snapshot = stateroom_heatmap_view_snapshot;
  widget_class->css_changed = stateroom_heatmap_view_css_changed;
  widget_class->system_setting_changed = stateroom_heatmap_view_system_setting_changed;
  signals[WISH_CHANGED] = g_signal_new ("wish-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  signals[CELL_CHANGED] = g_signal_new ("cell-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "plotview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  stateroom_heatmap_view_add_bindings (widget_class);
}

static void
stateroom_heatmap_view_init (StateroomHeatmapView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  stateroom_heatmap_view_add_controllers (self);
  stateroom_plot_theme_watch (widget, G_CALLBACK (update_theme));
}

/**
 * stateroom_heatmap_view_new:
 *
 * Returns: (transfer floating): a view that shows nothing
 */
GtkWidget *
stateroom_heatmap_view_new (void)
{
  return g_object_new (STATEROOM_TYPE_HEATMAP_VIEW, NULL);
}

/**
 * stateroom_heatmap_view_set_slice:
 * @slice: (nullable): what is to be shown: all of it at first; copied
 * @name: (nullable): what it is of, for those who cannot see it
 *
 * Tells what is wanted for it.
 */
void
stateroom_heatmap_view_set_slice (StateroomHeatmapView *self, const CkptSlice *slice, const char *name)
{
  g_clear_pointer (&self->slice, ckpt_slice_free);
  self->slice = slice != NULL ? ckpt_slice_copy (slice) : NULL;
  g_set_str (&self->name, name);
  stateroom_heatmap_view_set_cell (self, FALSE, 0, 0);
  clear_blocks (self);
  memset (&self->wish, 0, sizeof self->wish);
  stateroom_heatmap_span_reset (&self->rows, slice != NULL ? ckpt_slice_get_n_rows (slice) : 0);
  stateroom_heatmap_span_reset (&self->columns, slice != NULL ? ckpt_slice_get_n_columns (slice) : 0);
  stateroom_heatmap_view_tell_wish (self);
}

static CkptPlotHeatmap *
new_plot (const CkptBlocks *blocks, CkptBlockKind kind)
{
  CkptPlotHeatmap *plot = ckpt_plot_heatmap_new_for_blocks (blocks, kind);
  double low, high;

  if (ckpt_blocks_get_usual_range (blocks, kind, &low, &high))
    ckpt_plot_heatmap_set_range (plot, low, high);
  return plot;
}

static void
describe (StateroomHeatmapView *self)
{
  /* Translators: %s is the name of a tensor */
  g_autofree char *label = g_strdup_printf (_ ("Heatmap of %s"), self->name != NULL ? self->name : "");
  g_autofree char *description = ckpt_plot_describe (CKPT_PLOT (self->plot));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

static guint64
find_block (guint64 element, guint64 first, guint64 n, guint64 factor)
{
  return element <= first ? 0 : MIN ((element - first) / factor, (n - 1) / factor);
}

/* The block where the element is that the cell was at, or the nearest one. */
static void
find_cell (StateroomHeatmapView *self)
{
  const CkptRect *rect = ckpt_blocks_get_rect (self->blocks);

  self->row = find_block (self->element_row, rect->row, rect->n_rows,
                          ckpt_blocks_get_row_factor (self->blocks));
  self->column = find_block (self->element_column, rect->column, rect->n_columns,
                             ckpt_blocks_get_column_factor (self->blocks));
}

/**
 * stateroom_heatmap_view_set_blocks:
 * @blocks: (nullable): what to show
 * @kind: what of them
 */
void
stateroom_heatmap_view_set_blocks (StateroomHeatmapView *self, CkptBlocks *blocks, CkptBlockKind kind)
{
  CkptBlocks *shown = blocks != NULL ? ckpt_blocks_ref (blocks) : NULL;

  clear_blocks (self);
  self->kind = kind;
  self->blocks = shown;
  if (shown == NULL)
    return;
  self->plot = new_plot (shown, kind);
  update_theme (self);
  describe (self);
  find_cell (self);
  g_signal_emit (self, signals[CELL_CHANGED], 0);
}

/**
 * stateroom_heatmap_view_get_wish:
 * @wish: (out): the blocks that there is room for
 *
 * Returns: FALSE if there is nothing to show, or no room
 */
gboolean
stateroom_heatmap_view_get_wish (StateroomHeatmapView *self, StateroomHeatmapWish *wish)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));

  if (self->slice == NULL || self->rows.n == 0 || self->columns.n == 0 || width <= 0 || height <= 0)
    return FALSE;
  stateroom_heatmap_span_get_blocks (&self->rows, (guint) MAX ((height - LABELS) / MIN_CELL, 2),
                                     &wish->rect.row, &wish->rect.n_rows, &wish->row_factor);
  stateroom_heatmap_span_get_blocks (&self->columns, (guint) MAX ((width - LABELS) / MIN_CELL, 2),
                                     &wish->rect.column, &wish->rect.n_columns, &wish->column_factor);
  return TRUE;
}

/* Where an element is in what is seen: 0 to 1. */
static double
get_place (const StateroomHeatmapSpan *span, guint64 element)
{
  return CLAMP (((double) element + 0.5 - span->first) / span->count, 0, 1);
}

/**
 * stateroom_heatmap_view_zoom:
 * @ratio: how many times as much is to be seen along each axis
 *
 * Zooms about the cell that is pointed at, or the middle.
 */
void
stateroom_heatmap_view_zoom (StateroomHeatmapView *self, double ratio)
{
  stateroom_heatmap_span_zoom (&self->rows, self->has_cell ? get_place (&self->rows, self->element_row) : 0.5,
                               ratio);
  stateroom_heatmap_span_zoom (
      &self->columns, self->has_cell ? get_place (&self->columns, self->element_column) : 0.5, ratio);
  stateroom_heatmap_view_tell_wish (self);
}

/**
 * stateroom_heatmap_view_reset:
 *
 * Shows all of the slice.
 */
void
stateroom_heatmap_view_reset (StateroomHeatmapView *self)
{
  stateroom_heatmap_span_reset (&self->rows, self->rows.n);
  stateroom_heatmap_span_reset (&self->columns, self->columns.n);
  stateroom_heatmap_view_tell_wish (self);
}

/**
 * stateroom_heatmap_view_is_whole:
 *
 * Returns: whether all of the slice is shown
 */
gboolean
stateroom_heatmap_view_is_whole (StateroomHeatmapView *self)
{
  return stateroom_heatmap_span_is_whole (&self->rows) && stateroom_heatmap_span_is_whole (&self->columns);
}

/**
 * stateroom_heatmap_view_set_cell:
 * @has_cell: whether a cell is pointed at
 * @row: its row, of the blocks
 * @column: its column
 */
void
stateroom_heatmap_view_set_cell (StateroomHeatmapView *self, gboolean has_cell, guint64 row, guint64 column)
{
  if (self->has_cell == has_cell && (!has_cell || (self->row == row && self->column == column)))
    return;
  self->has_cell = has_cell;
  self->row = row;
  self->column = column;
  if (has_cell)
    {
      guint64 row_factor = ckpt_blocks_get_row_factor (self->blocks),
              column_factor = ckpt_blocks_get_column_factor (self->blocks);

      self->element_row = ckpt_blocks_get_rect (self->blocks)->row + row * row_factor + row_factor / 2;
      self->element_column = ckpt_blocks_get_rect (self->blocks)->column + column * column_factor +
                             column_factor / 2;
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[CELL_CHANGED], 0);
}

/**
 * stateroom_heatmap_view_set_element:
 * @row: a row of the slice, perhaps not among those that are shown yet
 * @column: a column of the slice
 *
 * Points at the cell with an element, as soon as it is shown.
 */
void
stateroom_heatmap_view_set_element (StateroomHeatmapView *self, guint64 row, guint64 column)
{
  self->has_cell = TRUE;
  self->element_row = row;
  self->element_column = column;
  find_cell (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[CELL_CHANGED], 0);
}

/* "8…11", or "8". */
static void
append_range (GString *text, guint64 first, guint64 factor, guint64 end)
{
  guint64 last = MIN (factor - 1, end - 1 - first) + first;

  g_string_append_printf (text, "%" G_GUINT64_FORMAT, first);
  if (last > first)
    g_string_append_printf (text, "…%" G_GUINT64_FORMAT, last);
}

static void
append_index (GString *text, StateroomHeatmapView *self)
{
  const CkptRect *rect = ckpt_blocks_get_rect (self->blocks);
  guint64 row_factor = ckpt_blocks_get_row_factor (self->blocks),
          column_factor = ckpt_blocks_get_column_factor (self->blocks);
  guint n_dims = ckpt_slice_get_tensor (self->slice)->n_dims;

  g_string_append_c (text, '[');
  for (guint i = 0; i < n_dims; i++)
    {
      g_string_append (text, i > 0 ? ", " : "");
      if ((int) i == ckpt_slice_get_row_axis (self->slice))
        append_range (text, rect->row + self->row * row_factor, row_factor, rect->row + rect->n_rows);
      else if ((int) i == ckpt_slice_get_column_axis (self->slice))
        append_range (text, rect->column + self->column * column_factor, column_factor,
                      rect->column + rect->n_columns);
      else
        append_range (text, ckpt_slice_get_index (self->slice, i), 1, G_MAXUINT64);
    }
  g_string_append_c (text, ']');
}

static void
append_value (GString *text, StateroomHeatmapView *self, CkptBlockKind kind, gboolean is_named)
{
  double value = ckpt_blocks_get_value (self->blocks, kind, self->row, self->column);
  g_autofree char *number = stateroom_format_number (value, N_DIGITS);

  g_string_append_printf (text, is_named ? " · %s %s" : " = %s%s",
                          is_named ? ckpt_plot_heatmap_name_reduction (kind) : "", number);
}

static void
append_flags (GString *text, CkptBlockFlags flags, gboolean is_block)
{
  if (is_block && flags & CKPT_BLOCK_HAS_NAN)
    g_string_append_printf (text, " · %s", _ ("has NaN"));
  if (is_block && flags & (CKPT_BLOCK_HAS_POS_INF | CKPT_BLOCK_HAS_NEG_INF))
    g_string_append_printf (text, " · %s", _ ("has ∞"));
  if (flags & CKPT_BLOCK_HAS_MISSING)
    g_string_append_printf (text, " · %s",
                            flags & CKPT_BLOCK_HAS_VALUE ? _ ("partly missing from the file")
                                                         : _ ("missing from the file"));
}

/**
 * stateroom_heatmap_view_dup_cell_text:
 *
 * Returns: (transfer full) (nullable): which elements are pointed at, and what is there; NULL if there is no such cell
 */
char *
stateroom_heatmap_view_dup_cell_text (StateroomHeatmapView *self)
{
  gboolean is_block;
  CkptBlockFlags flags;
  GString *text;

  if (!self->has_cell || self->blocks == NULL)
    return NULL;
  is_block = ckpt_blocks_get_row_factor (self->blocks) > 1 ||
             ckpt_blocks_get_column_factor (self->blocks) > 1;
  flags = ckpt_blocks_get_flags (self->blocks, self->row, self->column);
  text = g_string_new (NULL);
  append_index (text, self);
  if (is_block && flags & CKPT_BLOCK_HAS_VALUE)
    for (guint kind = CKPT_BLOCK_MEAN; kind <= CKPT_BLOCK_MAX; kind++)
      append_value (text, self, kind, TRUE);
  else if (flags & CKPT_BLOCK_HAS_VALUE)
    append_value (text, self, CKPT_BLOCK_MEAN, FALSE);
  append_flags (text, flags, is_block);
  return g_string_free_and_steal (text);
}
