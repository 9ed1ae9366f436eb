/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-histogram-private.h"

#include <math.h>

G_DEFINE_FINAL_TYPE (CkptPlotHistogram, ckpt_plot_histogram, CKPT_TYPE_PLOT)

/* Left of the bins, and right of them, from left to right. */
static const CkptPlotSlotKind left_kinds[] = { CKPT_PLOT_SLOT_NEG_INF, CKPT_PLOT_SLOT_BELOW };
static const CkptPlotSlotKind right_kinds[] = { CKPT_PLOT_SLOT_ABOVE, CKPT_PLOT_SLOT_POS_INF,
                                                CKPT_PLOT_SLOT_NAN };

static void
ckpt_plot_histogram_finalize (GObject *object)
{
  CkptPlotHistogram *self = CKPT_PLOT_HISTOGRAM (object);

  for (guint i = 0; i < self->n_series; i++)
    {
      g_free (self->series[i].name);
      g_clear_pointer (&self->series[i].bins, ckpt_histogram_free);
    }
  g_array_unref (self->percentiles);
  g_clear_pointer (&self->layout, ckpt_plot_histogram_layout_free);
  G_OBJECT_CLASS (ckpt_plot_histogram_parent_class)->finalize (object);
}

static void
ckpt_plot_histogram_forget (CkptPlot *plot)
{
  CkptPlotHistogram *self = CKPT_PLOT_HISTOGRAM (plot);

  g_clear_pointer (&self->layout, ckpt_plot_histogram_layout_free);
}

static guint
ckpt_plot_histogram_get_n_items (CkptPlot *plot)
{
  CkptPlotHistogram *self = CKPT_PLOT_HISTOGRAM (plot);
  guint n = ckpt_plot_histogram_get_first_bin (self) + ckpt_plot_histogram_get_n_bins (self);

  for (gsize i = 0; i < G_N_ELEMENTS (right_kinds); i++)
    n += ckpt_plot_histogram_has_slot (self, right_kinds[i]);
  return n;
}

static gboolean
ckpt_plot_histogram_get_item_rect (CkptPlot *plot, double width, double height, guint i, CkptPlotRect *rect)
{
  CkptPlotHistogram *self = CKPT_PLOT_HISTOGRAM (plot);
  const CkptPlotHistogramLayout *layout = ckpt_plot_histogram_get_layout (self, width, height);
  guint first = ckpt_plot_histogram_get_first_bin (self);
  CkptPlotBar bar;

  if (layout->area.width <= 0 || layout->area.height <= 0)
    return FALSE;

  for (guint s = 0; s < layout->n_specials; s++)
    {
      if (layout->specials[s].slot == i)
        {
          *rect = layout->specials[s].column;
          return TRUE;
        }
    }
  if (i < first || i - first >= ckpt_plot_histogram_get_n_bins (self))
    return FALSE;

  ckpt_plot_histogram_get_bar (self, layout, i - first, &bar);
  *rect = (CkptPlotRect) { bar.x, layout->area.y, bar.width, layout->area.height };
  return TRUE;
}

static gboolean
ckpt_plot_histogram_pick (CkptPlot *plot, double width, double height, double x, double y, guint *slot)
{
  CkptPlotHistogram *self = CKPT_PLOT_HISTOGRAM (plot);
  const CkptPlotHistogramLayout *layout = ckpt_plot_histogram_get_layout (self, width, height);
  CkptPlotBar bar;

  if (layout->sentence != NULL)
    return FALSE;

  for (guint s = 0; s < layout->n_specials; s++)
    {
      if (ckpt_plot_rect_contains (&layout->specials[s].column, x, y))
        {
          *slot = layout->specials[s].slot;
          return TRUE;
        }
    }
  if (!ckpt_plot_rect_contains (&layout->area, x, y))
    return FALSE;

  ckpt_plot_histogram_get_bar_at (self, layout, floor (x), &bar);
  *slot = ckpt_plot_histogram_get_first_bin (self) + ckpt_plot_histogram_get_tallest (self, &bar);
  return TRUE;
}

static void
ckpt_plot_histogram_class_init (CkptPlotHistogramClass *klass)
{
  CkptPlotClass *plot_class = CKPT_PLOT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ckpt_plot_histogram_finalize;
  plot_class->draw = ckpt_plot_histogram_draw;
  plot_class->forget = ckpt_plot_histogram_forget;
  plot_class->get_n_items = ckpt_plot_histogram_get_n_items;
  plot_class->get_item_rect = ckpt_plot_histogram_get_item_rect;
  plot_class->pick = ckpt_plot_histogram_pick;
  plot_class->name_item = ckpt_plot_histogram_name_slot;
  plot_class->describe_item = ckpt_plot_histogram_describe_slot;
  plot_class->describe = ckpt_plot_histogram_describe;
}

static void
ckpt_plot_histogram_init (CkptPlotHistogram *self)
{
  self->percentiles = g_array_new (FALSE, FALSE, sizeof (CkptPlotPercentile));
}

static void
add_series (CkptPlotHistogram *self, const char *name, const CkptStats *stats, const CkptHistogram *histogram)
{
  CkptPlotSeries *series = &self->series[self->n_series++];

  series->name = g_strdup (name);
  series->stats = *stats;
  series->bins = histogram != NULL ? ckpt_histogram_copy (histogram) : NULL;
  for (guint i = 0; histogram != NULL && i < histogram->n_bins; i++)
    self->largest = MAX (self->largest, histogram->counts[i]);
  ckpt_plot_histogram_forget (CKPT_PLOT (self));
}

/**
 * ckpt_plot_histogram_new:
 * @stats: figures of the values
 * @histogram: (nullable): counts of the finite ones, over any range; %NULL where there are none
 * @is_whole: whether the values are whole numbers
 *
 * Makes a plot of counts. The data are copied.
 *
 * Returns: (transfer full): the plot
 */
CkptPlotHistogram *
ckpt_plot_histogram_new (const CkptStats *stats, const CkptHistogram *histogram, gboolean is_whole)
{
  CkptPlotHistogram *self = g_object_new (CKPT_TYPE_PLOT_HISTOGRAM, NULL);

  self->is_whole = is_whole;
  add_series (self, NULL, stats, histogram);
  return self;
}

/**
 * ckpt_plot_histogram_set_name:
 * @self: a plot
 * @name: (nullable): what the values are of; in the legend where there are several
 */
void
ckpt_plot_histogram_set_name (CkptPlotHistogram *self, const char *name)
{
  g_return_if_fail (CKPT_IS_PLOT_HISTOGRAM (self));

  g_set_str (&self->series[0].name, name);
  ckpt_plot_histogram_forget (CKPT_PLOT (self));
}

static gboolean
have_same_bins (const CkptHistogram *a, const CkptHistogram *b)
{
  return a->n_bins == b->n_bins && a->low == b->low && a->high == b->high && a->scale.kind == b->scale.kind &&
         a->scale.threshold == b->scale.threshold;
}

/**
 * ckpt_plot_histogram_add:
 * @self: a plot of fewer than %CKPT_PLOT_N_SERIES
 * @name: what the values are of
 * @stats: figures of the values
 * @histogram: (nullable): counts of them, in the same bins as the others
 *
 * Lays one more histogram over the others.
 */
void
ckpt_plot_histogram_add (CkptPlotHistogram *self,
                         const char *name,
                         const CkptStats *stats,
                         const CkptHistogram *histogram)
{
  const CkptHistogram *bins = ckpt_plot_histogram_peek_bins (self);

  g_return_if_fail (CKPT_IS_PLOT_HISTOGRAM (self));
  g_return_if_fail (self->n_series < CKPT_PLOT_N_SERIES);
  g_return_if_fail (bins == NULL || histogram == NULL || have_same_bins (bins, histogram));

  add_series (self, name, stats, histogram);
}

/**
 * ckpt_plot_histogram_add_percentile:
 * @self: a plot
 * @percent: how many in a hundred values are at most @value
 * @value: the percentile
 *
 * Adds a line at a percentile, less important than those before; 50 is called the median. Where there are several series, no lines are
 * drawn, as nobody could tell whose they are.
 */
void
ckpt_plot_histogram_add_percentile (CkptPlotHistogram *self, double percent, double value)
{
  const CkptPlotPercentile percentile = { percent, value };

  g_return_if_fail (CKPT_IS_PLOT_HISTOGRAM (self));

  g_array_append_val (self->percentiles, percentile);
  ckpt_plot_histogram_forget (CKPT_PLOT (self));
}

/**
 * ckpt_plot_histogram_set_log_counts:
 * @self: a plot
 * @log_counts: whether the heights are by the logarithm of the counts, which shows rare values
 */
void
ckpt_plot_histogram_set_log_counts (CkptPlotHistogram *self, gboolean log_counts)
{
  g_return_if_fail (CKPT_IS_PLOT_HISTOGRAM (self));

  ckpt_plot_histogram_forget (CKPT_PLOT (self));
  self->log_counts = log_counts;
}

CkptPlotHistogramLayout *
ckpt_plot_histogram_get_layout (CkptPlotHistogram *self, double width, double height)
{
  if (self->layout != NULL && (self->layout->width != width || self->layout->height != height))
    g_clear_pointer (&self->layout, ckpt_plot_histogram_layout_free);
  if (self->layout == NULL)
    self->layout = ckpt_plot_histogram_layout_new (self, width, height);
  return self->layout;
}

/* The bins of the first series that has any; the others have the same, or none. */
const CkptHistogram *
ckpt_plot_histogram_peek_bins (CkptPlotHistogram *self)
{
  for (guint i = 0; i < self->n_series; i++)
    {
      if (self->series[i].bins != NULL)
        return self->series[i].bins;
    }
  return NULL;
}

guint
ckpt_plot_histogram_get_n_bins (CkptPlotHistogram *self)
{
  const CkptHistogram *bins = ckpt_plot_histogram_peek_bins (self);

  return bins != NULL ? bins->n_bins : 0;
}

/* How many values of a series are in the slot of a kind other than bin. */
guint64
ckpt_plot_histogram_get_count (CkptPlotHistogram *self, CkptPlotSlotKind kind, guint series)
{
  const CkptStats *stats = &self->series[series].stats;
  const CkptHistogram *bins = self->series[series].bins;

  switch (kind)
    {
    case CKPT_PLOT_SLOT_NEG_INF:
      return stats->n_neg_inf;
    case CKPT_PLOT_SLOT_POS_INF:
      return stats->n_pos_inf;
    case CKPT_PLOT_SLOT_NAN:
      return stats->n_nan;
    case CKPT_PLOT_SLOT_BELOW:
      return bins != NULL ? bins->n_below : 0;
    case CKPT_PLOT_SLOT_ABOVE:
      return bins != NULL ? bins->n_above : 0;
    case CKPT_PLOT_SLOT_BIN:
    default:
      return 0;
    }
}

gboolean
ckpt_plot_histogram_has_slot (CkptPlotHistogram *self, CkptPlotSlotKind kind)
{
  for (guint i = 0; i < self->n_series; i++)
    {
      if (ckpt_plot_histogram_get_count (self, kind, i) > 0)
        return TRUE;
    }
  return FALSE;
}

/* The slot of the first bin. */
guint
ckpt_plot_histogram_get_first_bin (CkptPlotHistogram *self)
{
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (left_kinds); i++)
    n += ckpt_plot_histogram_has_slot (self, left_kinds[i]);
  return n;
}

/* The kind of the slot @i among the kinds of one side, of which only those are there that count something. */
static CkptPlotSlotKind
get_kind (CkptPlotHistogram *self, const CkptPlotSlotKind *kinds, guint i)
{
  for (;; kinds++)
    {
      if (ckpt_plot_histogram_has_slot (self, *kinds) && i-- == 0)
        return *kinds;
    }
}

/**
 * ckpt_plot_histogram_get_slot:
 * @self: a plot
 * @i: less than the number of items; they go from left to right
 * @slot: (out): what is counted there
 */
void
ckpt_plot_histogram_get_slot (CkptPlotHistogram *self, guint i, CkptPlotSlot *slot)
{
  guint first = ckpt_plot_histogram_get_first_bin (self);
  const CkptHistogram *bins = ckpt_plot_histogram_peek_bins (self);
  guint n_bins = ckpt_plot_histogram_get_n_bins (self);

  g_return_if_fail (CKPT_IS_PLOT_HISTOGRAM (self));
  g_return_if_fail (i < ckpt_plot_get_n_items (CKPT_PLOT (self)));

  *slot = (CkptPlotSlot) { .kind = CKPT_PLOT_SLOT_BIN };
  if (i >= first && i - first < n_bins)
    {
      slot->low = ckpt_histogram_get_edge (bins, i - first);
      slot->high = ckpt_histogram_get_edge (bins, i - first + 1);
      slot->count = self->series[0].bins != NULL ? self->series[0].bins->counts[i - first] : 0;
      return;
    }
  slot->kind = i < first ? get_kind (self, left_kinds, i) : get_kind (self, right_kinds, i - first - n_bins);
  slot->count = ckpt_plot_histogram_get_count (self, slot->kind, 0);
}

/**
 * ckpt_plot_histogram_get_area:
 * @self: a plot
 * @width: width of the canvas
 * @height: height of the canvas
 * @area: (out): where its bins stand
 *
 * Returns: FALSE, with @area untouched, if there are none on such a canvas
 */
gboolean
ckpt_plot_histogram_get_area (CkptPlotHistogram *self, double width, double height, CkptPlotRect *area)
{
  const CkptPlotHistogramLayout *layout = ckpt_plot_histogram_get_layout (self, width, height);

  g_return_val_if_fail (CKPT_IS_PLOT_HISTOGRAM (self), FALSE);

  if (layout->sentence != NULL || layout->area.width <= 0 || layout->area.height <= 0)
    return FALSE;

  *area = layout->area;
  return TRUE;
}

/**
 * ckpt_plot_histogram_get_value:
 * @self: a plot
 * @width: width of the canvas
 * @height: height of the canvas
 * @x: a place on it
 *
 * Returns: the value that stands there, within the range of the bins; NaN on a canvas without bins
 */
double
ckpt_plot_histogram_get_value (CkptPlotHistogram *self, double width, double height, double x)
{
  CkptPlotRect area;

  if (!ckpt_plot_histogram_get_area (self, width, height, &area))
    return NAN;
  return ckpt_plot_axis_unmap (self->layout->x, x);
}

/**
 * ckpt_plot_histogram_get_x:
 * @self: a plot
 * @width: width of the canvas
 * @height: height of the canvas
 * @value: a finite value
 *
 * Returns: where it stands, at an end of the bins if it is outside; NaN on a canvas without bins
 */
double
ckpt_plot_histogram_get_x (CkptPlotHistogram *self, double width, double height, double value)
{
  CkptPlotRect area;

  if (!ckpt_plot_histogram_get_area (self, width, height, &area))
    return NAN;
  return ckpt_plot_axis_map (self->layout->x, value);
}
