/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-heatmap-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define VALUE_DIGITS 6
#define RANGE_DIGITS 4

G_DEFINE_FINAL_TYPE (CkptPlotHeatmap, ckpt_plot_heatmap, CKPT_TYPE_PLOT)

static void
ckpt_plot_heatmap_finalize (GObject *object)
{
  CkptPlotHeatmap *self = CKPT_PLOT_HEATMAP (object);

  g_free (self->values);
  g_free (self->missing);
  g_free (self->reduction);
  g_clear_pointer (&self->layout, ckpt_plot_heatmap_layout_free);
  G_OBJECT_CLASS (ckpt_plot_heatmap_parent_class)->finalize (object);
}

static void
ckpt_plot_heatmap_forget (CkptPlot *plot)
{
  CkptPlotHeatmap *self = CKPT_PLOT_HEATMAP (plot);

  g_clear_pointer (&self->layout, ckpt_plot_heatmap_layout_free);
}

static guint
ckpt_plot_heatmap_get_n_items (CkptPlot *plot)
{
  CkptPlotHeatmap *self = CKPT_PLOT_HEATMAP (plot);

  return self->n_rows * self->n_columns;
}

/* From the first pixel that is of a cell to the first that is not; a pixel without one of its own stands beside. */
static void
get_span (double start, double length, guint i, guint n, double *low, double *extent)
{
  double end;

  *low = start + ceil (length * i / n);
  end = start + ceil (length * (i + 1) / n);
  if (end <= *low)
    *low = start + floor (length * i / n);
  *extent = fmax (end - *low, 1);
}

static gboolean
ckpt_plot_heatmap_get_item_rect (CkptPlot *plot, double width, double height, guint i, CkptPlotRect *rect)
{
  CkptPlotHeatmap *self = CKPT_PLOT_HEATMAP (plot);
  CkptPlotRect area;

  if (!ckpt_plot_heatmap_get_area (self, width, height, &area))
    return FALSE;

  get_span (area.x, area.width, i % self->n_columns, self->n_columns, &rect->x, &rect->width);
  get_span (area.y, area.height, i / self->n_columns, self->n_rows, &rect->y, &rect->height);
  return TRUE;
}

static gboolean
ckpt_plot_heatmap_pick (CkptPlot *plot, double width, double height, double x, double y, guint *item)
{
  CkptPlotHeatmap *self = CKPT_PLOT_HEATMAP (plot);
  CkptPlotRect area;
  double row, column;

  if (!ckpt_plot_heatmap_get_area (self, width, height, &area) || !ckpt_plot_rect_contains (&area, x, y))
    return FALSE;

  row = floor (floor (y - area.y) * self->n_rows / area.height);
  column = floor (floor (x - area.x) * self->n_columns / area.width);
  *item = (guint) row * self->n_columns + (guint) column;
  return TRUE;
}

static guint
ckpt_plot_heatmap_step (CkptPlot *plot, guint item, int columns, int rows)
{
  CkptPlotHeatmap *self = CKPT_PLOT_HEATMAP (plot);
  gint64 row = (gint64) (item / self->n_columns) + rows;
  gint64 column = (gint64) (item % self->n_columns) + columns;

  row = CLAMP (row, 0, (gint64) self->n_rows - 1);
  column = CLAMP (column, 0, (gint64) self->n_columns - 1);
  return (guint) row * self->n_columns + (guint) column;
}

/* "12", or "8 … 11" of a cell that stands for several elements. */
static char *
name_index (const CkptPlotHeatmapIndex *index, guint i)
{
  guint64 first = index->first + i * index->step;
  guint64 last = first + index->step - 1;

  if (index->end > 0)
    last = MIN (last, index->end - 1);
  if (last <= first)
    return g_strdup_printf ("%" G_GUINT64_FORMAT, first);
  return g_strdup_printf ("%" G_GUINT64_FORMAT " … %" G_GUINT64_FORMAT, first, last);
}

static char *
ckpt_plot_heatmap_name_item (CkptPlot *plot, guint i)
{
  CkptPlotHeatmap *self = CKPT_PLOT_HEATMAP (plot);
  g_autofree char *row = name_index (&self->row_index, i / self->n_columns);
  g_autofree char *column = name_index (&self->column_index, i % self->n_columns);

  return g_strdup_printf ("[%s, %s]", row, column);
}

const char *
ckpt_plot_heatmap_get_kind_name (CkptPlotCellKind kind)
{
  static const char *const names[] = { "NaN", "∞", "−∞" };

  /* Translators: cells of a heatmap whose values a cut file lacks */
  return kind == CKPT_PLOT_CELL_MISSING ? _ ("missing") : names[kind];
}

static char *
ckpt_plot_heatmap_describe_item (CkptPlot *plot, guint i)
{
  CkptPlotHeatmap *self = CKPT_PLOT_HEATMAP (plot);
  g_autofree char *value = ckpt_plot_number_format (self->values[i], VALUE_DIGITS,
                                                    &ckpt_plot_get_theme (plot)->numbers);

  if (self->missing != NULL && self->missing[i])
    return g_strdup (ckpt_plot_heatmap_get_kind_name (CKPT_PLOT_CELL_MISSING));
  return self->reduction != NULL ? g_strdup_printf ("%s %s", self->reduction, value)
                                 : g_steal_pointer (&value);
}

static char *
ckpt_plot_heatmap_describe (CkptPlot *plot)
{
  CkptPlotHeatmap *self = CKPT_PLOT_HEATMAP (plot);
  const CkptPlotNumberStyle *numbers = &ckpt_plot_get_theme (plot)->numbers;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *rows = ckpt_plot_number_format_count (self->n_rows, numbers);
  g_autofree char *columns = ckpt_plot_number_format_count (self->n_columns, numbers);
  g_autofree char *low = ckpt_plot_number_format (self->min, RANGE_DIGITS, numbers);
  g_autofree char *high = ckpt_plot_number_format (self->max, RANGE_DIGITS, numbers);

  /* Translators: rows and columns of a picture made of coloured cells */
  g_string_append_printf (text, _ ("%s × %s cells."), rows, columns);
  if (self->reduction != NULL)
    {
      g_string_append_c (text, ' ');
      /* Translators: %s is "mean", "min" or "max" */
      g_string_append_printf (text, _ ("Each cell is the %s of several elements."), self->reduction);
    }
  if (!isnan (self->min))
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text, _ ("Values from %s to %s."), low, high);
    }
  for (guint i = 0; i < CKPT_PLOT_N_CELL_KINDS; i++)
    {
      g_autofree char *count = ckpt_plot_number_format_count (self->n_special[i], numbers);

      if (self->n_special[i] > 0)
        g_string_append_printf (text, " %s: %s.", ckpt_plot_heatmap_get_kind_name (i), count);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
ckpt_plot_heatmap_class_init (CkptPlotHeatmapClass *klass)
{
  CkptPlotClass *plot_class = CKPT_PLOT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ckpt_plot_heatmap_finalize;
  plot_class->draw = ckpt_plot_heatmap_draw;
  plot_class->forget = ckpt_plot_heatmap_forget;
  plot_class->get_n_items = ckpt_plot_heatmap_get_n_items;
  plot_class->get_item_rect = ckpt_plot_heatmap_get_item_rect;
  plot_class->pick = ckpt_plot_heatmap_pick;
  plot_class->step = ckpt_plot_heatmap_step;
  plot_class->name_item = ckpt_plot_heatmap_name_item;
  plot_class->describe_item = ckpt_plot_heatmap_describe_item;
  plot_class->describe = ckpt_plot_heatmap_describe;
}

static void
ckpt_plot_heatmap_init (CkptPlotHeatmap *self)
{
  self->row_index.step = self->column_index.step = 1;
}

static void
look_through (CkptPlotHeatmap *self)
{
  gsize n = (gsize) self->n_rows * self->n_columns;

  self->min = self->max = NAN;
  for (gsize i = 0; i < n; i++)
    {
      double value = self->values[i];

      if (isnan (value))
        self->n_special[CKPT_PLOT_CELL_NAN]++;
      else if (isinf (value))
        self->n_special[value > 0 ? CKPT_PLOT_CELL_POS_INF : CKPT_PLOT_CELL_NEG_INF]++;
      else
        {
          self->min = fmin (self->min, value);
          self->max = fmax (self->max, value);
        }
    }
}

/**
 * ckpt_plot_heatmap_new:
 * @values: (array): the cells, row by row
 * @n_rows: rows
 * @n_columns: columns; there are fewer than 2^32 cells
 *
 * Makes a plot of a matrix; colours are chosen by the range of its values until another is set. The data are copied.
 *
 * Returns: (transfer full): the plot
 */
CkptPlotHeatmap *
ckpt_plot_heatmap_new (const double *values, guint n_rows, guint n_columns)
{
  CkptPlotHeatmap *self;

  g_return_val_if_fail ((guint64) n_rows * n_columns <= G_MAXUINT, NULL);

  self = g_object_new (CKPT_TYPE_PLOT_HEATMAP, NULL);
  self->values = g_memdup2 (values, (gsize) n_rows * n_columns * sizeof *values);
  self->n_rows = n_rows;
  self->n_columns = n_columns;
  look_through (self);
  ckpt_plot_heatmap_set_range (self, self->min, self->max);
  return self;
}

/**
 * ckpt_plot_heatmap_set_missing:
 * @self: a plot
 * @missing: (array): for each cell, row by row, whether it is not there; its value is NaN
 *
 * Tells cells that the data lack from those that are NaN. The data are copied. May be called once.
 */
void
ckpt_plot_heatmap_set_missing (CkptPlotHeatmap *self, const guint8 *missing)
{
  gsize n = (gsize) self->n_rows * self->n_columns;

  g_return_if_fail (CKPT_IS_PLOT_HEATMAP (self) && self->missing == NULL);

  self->missing = g_memdup2 (missing, n);
  for (gsize i = 0; i < n; i++)
    if (missing[i] && isnan (self->values[i]))
      {
        self->n_special[CKPT_PLOT_CELL_NAN]--;
        self->n_special[CKPT_PLOT_CELL_MISSING]++;
      }
  ckpt_plot_heatmap_forget (CKPT_PLOT (self));
}

/**
 * ckpt_plot_heatmap_set_range:
 * @self: a plot
 * @low: value of the lowest colour
 * @high: value of the highest colour
 *
 * Chooses what colours stand for. A range on both sides of zero is made symmetric around it, so that zero is in the middle; values of one
 * sign have one half of the colours, from zero or from the end nearer to it.
 */
void
ckpt_plot_heatmap_set_range (CkptPlotHeatmap *self, double low, double high)
{
  g_return_if_fail (CKPT_IS_PLOT_HEATMAP (self));

  self->low = isnan (low) ? -1 : low;
  self->high = isnan (high) ? 1 : high;
  if (self->low < 0 && self->high > 0)
    {
      self->high = fmax (self->high, -self->low);
      self->low = -self->high;
    }
  ckpt_plot_heatmap_forget (CKPT_PLOT (self));
}

/**
 * ckpt_plot_heatmap_set_indices:
 * @self: a plot
 * @rows: which rows of a tensor the rows of cells show; copied
 * @columns: likewise
 */
void
ckpt_plot_heatmap_set_indices (CkptPlotHeatmap *self,
                               const CkptPlotHeatmapIndex *rows,
                               const CkptPlotHeatmapIndex *columns)
{
  g_return_if_fail (CKPT_IS_PLOT_HEATMAP (self));
  g_return_if_fail (rows->step > 0 && columns->step > 0);

  self->row_index = *rows;
  self->column_index = *columns;
  ckpt_plot_heatmap_forget (CKPT_PLOT (self));
}

/**
 * ckpt_plot_heatmap_set_reduction:
 * @self: a plot
 * @reduction: (nullable): what a cell is of its elements, in the language of the user: "mean"
 */
void
ckpt_plot_heatmap_set_reduction (CkptPlotHeatmap *self, const char *reduction)
{
  g_return_if_fail (CKPT_IS_PLOT_HEATMAP (self));

  g_set_str (&self->reduction, reduction);
}

/**
 * ckpt_plot_heatmap_get_area:
 * @self: a plot
 * @width: width of the canvas
 * @height: height of the canvas
 * @area: (out): where its cells lie
 *
 * Returns: FALSE, with @area untouched, if there are none on such a canvas
 */
gboolean
ckpt_plot_heatmap_get_area (CkptPlotHeatmap *self, double width, double height, CkptPlotRect *area)
{
  const CkptPlotHeatmapLayout *layout = ckpt_plot_heatmap_get_layout (self, width, height);

  if (layout->area.width < 1 || layout->area.height < 1)
    return FALSE;

  *area = layout->area;
  return TRUE;
}

/* Where a finite value stands in the palette: -1 to 1. */
double
ckpt_plot_heatmap_get_place (const CkptPlotHeatmap *self, double value)
{
  const CkptPlotScale scale = { { CKPT_SCALE_LINEAR, 0 }, self->low, self->high };

  if (!(self->high > self->low))
    return value > 0 ? 1 : value < 0 ? -1 : 0;
  if (self->low >= 0)
    return ckpt_plot_scale_map (&scale, value);
  if (self->high <= 0)
    return ckpt_plot_scale_map (&scale, value) - 1;
  return ckpt_plot_scale_map (&scale, value) * 2 - 1;
}
