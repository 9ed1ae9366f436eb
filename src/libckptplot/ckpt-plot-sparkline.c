/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-sparkline.h"

#include "ckpt-plot-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* The mark of values that are not finite, at the right end. */
#define FLAG_WIDTH 3
#define FLAG_GAP   2

#define NUMBER_DIGITS 3

struct _CkptPlotSparkline
{
  CkptPlot parent_instance;

  CkptStats stats;
  guint n_bins;
  guint64 *counts;
};

G_DEFINE_FINAL_TYPE (CkptPlotSparkline, ckpt_plot_sparkline, CKPT_TYPE_PLOT)

static void
ckpt_plot_sparkline_finalize (GObject *object)
{
  g_free (CKPT_PLOT_SPARKLINE (object)->counts);
  G_OBJECT_CLASS (ckpt_plot_sparkline_parent_class)->finalize (object);
}

static void
ckpt_plot_sparkline_forget (CkptPlot *plot)
{
}

static guint
ckpt_plot_sparkline_get_n_items (CkptPlot *plot)
{
  return 0;
}

static gboolean
ckpt_plot_sparkline_pick (CkptPlot *plot, double width, double height, double x, double y, guint *item)
{
  return FALSE;
}

/* The largest count of the bins that meet a column of pixels. */
static guint64
get_count (const CkptPlotSparkline *self, guint column, guint n_columns)
{
  guint first = (guint) ((guint64) column * self->n_bins / n_columns);
  guint end = (guint) (((guint64) (column + 1) * self->n_bins + n_columns - 1) / n_columns);
  guint64 largest = 0;

  for (guint i = first; i < end; i++)
    largest = MAX (largest, self->counts[i]);
  return largest;
}

static void
draw_bars (const CkptPlotSparkline *self,
           const CkptPlotTheme *theme,
           cairo_t *cr,
           guint n_columns,
           double height)
{
  guint64 largest = 1;

  for (guint i = 0; i < self->n_bins; i++)
    largest = MAX (largest, self->counts[i]);
  for (guint column = 0; column < n_columns && self->n_bins > 0; column++)
    {
      guint64 count = get_count (self, column, n_columns);
      double top = fmax (floor (height * count / largest + 0.5), 1);

      if (count > 0)
        cairo_rectangle (cr, column, height - top, 1, top);
    }
  ckpt_plot_set_source (cr, &theme->bar);
  cairo_fill (cr);
}

static void
draw_flag (const CkptPlotTheme *theme, cairo_t *cr, double width, double height)
{
  cairo_rectangle (cr, width - FLAG_WIDTH, 0, FLAG_WIDTH, height);
  ckpt_plot_set_source (cr, &theme->special);
  cairo_fill (cr);
}

static void
ckpt_plot_sparkline_draw (CkptPlot *plot, cairo_t *cr, double width, double height)
{
  CkptPlotSparkline *self = CKPT_PLOT_SPARKLINE (plot);
  const CkptPlotTheme *theme = ckpt_plot_get_theme (plot);
  gboolean has_flag = self->stats.n_finite < self->stats.n;
  double room = floor (width - (has_flag ? FLAG_WIDTH + FLAG_GAP : 0));

  height = floor (height);
  if (room < 1 || height < 1)
    return;
  cairo_rectangle (cr, 0, height - 1, room, 1);
  ckpt_plot_set_source (cr, &theme->grid);
  cairo_fill (cr);
  draw_bars (self, theme, cr, (guint) room, height);
  if (has_flag)
    draw_flag (theme, cr, floor (width), height);
}

static char *
ckpt_plot_sparkline_describe (CkptPlot *plot)
{
  const CkptStats *stats = &CKPT_PLOT_SPARKLINE (plot)->stats;
  const CkptPlotNumberStyle *numbers = &ckpt_plot_get_theme (plot)->numbers;
  g_autofree char *low = ckpt_plot_number_format (stats->min, NUMBER_DIGITS, numbers);
  g_autofree char *high = ckpt_plot_number_format (stats->max, NUMBER_DIGITS, numbers);
  g_autofree char *mean = ckpt_plot_number_format (stats->mean, NUMBER_DIGITS, numbers);
  g_autofree char *bad = ckpt_plot_number_format_count (stats->n - stats->n_finite, numbers);
  g_autoptr (GString) text = g_string_new (NULL);

  if (stats->n == 0)
    return g_strdup (_ ("No values."));
  if (stats->n_finite > 0)
    g_string_append_printf (text, _ ("From %s to %s, mean %s."), low, high, mean);
  if (stats->n_finite < stats->n)
    {
      g_string_append (text, text->len > 0 ? " " : "");
      g_string_append_printf (text, _ ("Not finite: %s."), bad);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
ckpt_plot_sparkline_class_init (CkptPlotSparklineClass *klass)
{
  CkptPlotClass *plot_class = CKPT_PLOT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ckpt_plot_sparkline_finalize;
  plot_class->draw = ckpt_plot_sparkline_draw;
  plot_class->forget = ckpt_plot_sparkline_forget;
  plot_class->get_n_items = ckpt_plot_sparkline_get_n_items;
  plot_class->pick = ckpt_plot_sparkline_pick;
  plot_class->describe = ckpt_plot_sparkline_describe;
}

static void
ckpt_plot_sparkline_init (CkptPlotSparkline *self)
{
}

/**
 * ckpt_plot_sparkline_new:
 * @stats: figures of the values
 * @histogram: (nullable): counts of the finite ones; %NULL where there are none
 *
 * Makes a plot of counts, each column of pixels as high as the largest count in it. A block at the right says that values are not finite.
 * The data are copied.
 *
 * Returns: (transfer full): the plot
 */
CkptPlotSparkline *
ckpt_plot_sparkline_new (const CkptStats *stats, const CkptHistogram *histogram)
{
  CkptPlotSparkline *self = g_object_new (CKPT_TYPE_PLOT_SPARKLINE, NULL);

  self->stats = *stats;
  if (histogram != NULL)
    {
      self->n_bins = histogram->n_bins;
      self->counts = g_memdup2 (histogram->counts, histogram->n_bins * sizeof *histogram->counts);
    }
  return self;
}
