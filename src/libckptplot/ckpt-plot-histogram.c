/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-histogram-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define STD_DIGITS 4

static CkptHistogram
copy_bins (const CkptHistogram *histogram)
{
  CkptHistogram copy = *histogram;

  copy.counts = g_memdup2 (histogram->counts, histogram->n_bins * sizeof *histogram->counts);
  return copy;
}

/**
 * ckpt_plot_histogram_new:
 * @stats: figures of the values
 * @histogram: (nullable): counts of the finite ones; %NULL where there are none
 * @is_whole: whether the values are whole numbers
 *
 * Makes a plot of counts, in the light theme. The data are copied.
 *
 * Returns: (transfer full): the plot; for one thread
 */
CkptPlotHistogram *
ckpt_plot_histogram_new (const CkptStats *stats, const CkptHistogram *histogram, gboolean is_whole)
{
  CkptPlotHistogram *self = g_new0 (CkptPlotHistogram, 1);

  self->stats = *stats;
  self->is_whole = is_whole;
  if (histogram != NULL)
    self->bins = copy_bins (histogram);
  for (guint i = 0; i < self->bins.n_bins; i++)
    self->largest = MAX (self->largest, self->bins.counts[i]);
  self->theme = ckpt_plot_theme_new (CKPT_PLOT_LIGHT);
  self->text = ckpt_plot_text_new (self->theme);
  return self;
}

/**
 * ckpt_plot_histogram_free:
 * @self: (transfer full): a plot
 */
void
ckpt_plot_histogram_free (CkptPlotHistogram *self)
{
  g_free (self->bins.counts);
  g_clear_pointer (&self->layout, ckpt_plot_histogram_layout_free);
  ckpt_plot_text_free (self->text);
  ckpt_plot_theme_free (self->theme);
  g_free (self);
}

/**
 * ckpt_plot_histogram_set_theme:
 * @self: a plot
 * @theme: what it is to look like; copied
 */
void
ckpt_plot_histogram_set_theme (CkptPlotHistogram *self, const CkptPlotTheme *theme)
{
  g_clear_pointer (&self->layout, ckpt_plot_histogram_layout_free);
  ckpt_plot_text_free (self->text);
  ckpt_plot_theme_free (self->theme);
  self->theme = ckpt_plot_theme_copy (theme);
  self->text = ckpt_plot_text_new (self->theme);
}

/**
 * ckpt_plot_histogram_set_log_counts:
 * @self: a plot
 * @log_counts: whether the heights are by the logarithm of the counts, which shows rare values
 */
void
ckpt_plot_histogram_set_log_counts (CkptPlotHistogram *self, gboolean log_counts)
{
  g_clear_pointer (&self->layout, ckpt_plot_histogram_layout_free);
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

static guint
get_first_bin_slot (const CkptPlotHistogram *self)
{
  return self->stats.n_neg_inf > 0 ? 1 : 0;
}

/**
 * ckpt_plot_histogram_get_n_slots:
 * @self: a plot
 *
 * Returns: bins, and one more for each of −∞, ∞ and NaN that occurs
 */
guint
ckpt_plot_histogram_get_n_slots (const CkptPlotHistogram *self)
{
  return get_first_bin_slot (self) + self->bins.n_bins + (self->stats.n_pos_inf > 0) +
         (self->stats.n_nan > 0);
}

/* Exact for bins of whole numbers. */
static double
get_edge (const CkptPlotHistogram *self, guint bin)
{
  const CkptPlotScale scale = { CKPT_PLOT_SCALE_LINEAR, self->bins.low, self->bins.high };
  double width = (self->bins.high - self->bins.low) / self->bins.n_bins;

  if (bin > 0 && bin < self->bins.n_bins && isfinite (width))
    return self->bins.low + bin * width;
  return ckpt_plot_scale_unmap (&scale, (double) bin / self->bins.n_bins);
}

/**
 * ckpt_plot_histogram_get_slot:
 * @self: a plot
 * @i: less than the number of slots; they go from left to right
 * @slot: (out): what is counted there
 */
void
ckpt_plot_histogram_get_slot (const CkptPlotHistogram *self, guint i, CkptPlotSlot *slot)
{
  guint first = get_first_bin_slot (self);

  g_return_if_fail (i < ckpt_plot_histogram_get_n_slots (self));

  *slot = (CkptPlotSlot) { .kind = CKPT_PLOT_SLOT_BIN };
  if (i < first)
    {
      slot->kind = CKPT_PLOT_SLOT_NEG_INF;
      slot->count = self->stats.n_neg_inf;
    }
  else if (i - first < self->bins.n_bins)
    {
      slot->low = get_edge (self, i - first);
      slot->high = get_edge (self, i - first + 1);
      slot->count = self->bins.counts[i - first];
    }
  else if (i - first == self->bins.n_bins && self->stats.n_pos_inf > 0)
    {
      slot->kind = CKPT_PLOT_SLOT_POS_INF;
      slot->count = self->stats.n_pos_inf;
    }
  else
    {
      slot->kind = CKPT_PLOT_SLOT_NAN;
      slot->count = self->stats.n_nan;
    }
}

/**
 * ckpt_plot_histogram_get_slot_rect:
 * @self: a plot
 * @width: width of the canvas
 * @height: height of the canvas
 * @i: less than the number of slots
 * @rect: (out): the column of its bar, from the top of the plot to the axis
 *
 * Returns: FALSE, with @rect untouched, if it has no bar on such a canvas
 */
gboolean
ckpt_plot_histogram_get_slot_rect (CkptPlotHistogram *self,
                                   double width,
                                   double height,
                                   guint i,
                                   CkptPlotRect *rect)
{
  const CkptPlotHistogramLayout *layout = ckpt_plot_histogram_get_layout (self, width, height);
  guint first = get_first_bin_slot (self);
  CkptPlotBar bar;

  g_return_val_if_fail (i < ckpt_plot_histogram_get_n_slots (self), FALSE);

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
  if (i < first || i - first >= self->bins.n_bins)
    return FALSE;

  ckpt_plot_histogram_get_bar (self, layout, i - first, &bar);
  *rect = (CkptPlotRect) { bar.x, layout->area.y, bar.width, layout->area.height };
  return TRUE;
}

/**
 * ckpt_plot_histogram_pick:
 * @self: a plot
 * @width: width of the canvas
 * @height: height of the canvas
 * @x: a place on it
 * @y: likewise
 * @slot: (out): the slot there
 *
 * Finds what lies under the pointer. Where one pixel stands for several bins, it is the one that is drawn, the tallest.
 *
 * Returns: FALSE, with @slot untouched, if there is none
 */
gboolean
ckpt_plot_histogram_pick (CkptPlotHistogram *self,
                          double width,
                          double height,
                          double x,
                          double y,
                          guint *slot)
{
  const CkptPlotHistogramLayout *layout = ckpt_plot_histogram_get_layout (self, width, height);
  const CkptPlotRect *area = &layout->area;
  CkptPlotBar bar;

  if (layout->sentence != NULL || y < area->y || y >= area->y + area->height)
    return FALSE;

  for (guint s = 0; s < layout->n_specials; s++)
    {
      const CkptPlotRect *column = &layout->specials[s].column;

      if (x >= column->x && x < column->x + column->width)
        {
          *slot = layout->specials[s].slot;
          return TRUE;
        }
    }
  if (x < area->x || x >= area->x + area->width)
    return FALSE;

  ckpt_plot_histogram_get_bar_at (self, layout, floor (x), &bar);
  *slot = get_first_bin_slot (self) + bar.tallest;
  return TRUE;
}

static char *
describe_bin (const CkptPlotHistogram *self, const CkptPlotSlot *slot)
{
  const CkptPlotNumberStyle *numbers = &self->theme->numbers;
  int n_digits = ckpt_plot_number_digits_between (slot->low, slot->high);
  g_autofree char *low = NULL;
  g_autofree char *high = NULL;

  /* Bins of whole numbers begin and end between them. */
  if (self->is_whole && slot->low != floor (slot->low))
    {
      low = ckpt_plot_number_format (slot->low + 0.5, 17, numbers);
      high = ckpt_plot_number_format (slot->high - 0.5, 17, numbers);
      if (g_str_equal (low, high))
        return g_steal_pointer (&low);
    }
  else
    {
      low = ckpt_plot_number_format (slot->low, n_digits, numbers);
      high = ckpt_plot_number_format (slot->high, n_digits, numbers);
    }
  return g_strdup_printf ("%s … %s", low, high);
}

/**
 * ckpt_plot_histogram_describe_slot:
 * @self: a plot
 * @i: less than the number of slots
 *
 * Returns: (transfer full): which values it counts: `0.0192 … 0.0199`, `NaN`
 */
char *
ckpt_plot_histogram_describe_slot (const CkptPlotHistogram *self, guint i)
{
  CkptPlotSlot slot = { 0 };

  ckpt_plot_histogram_get_slot (self, i, &slot);
  switch (slot.kind)
    {
    case CKPT_PLOT_SLOT_NEG_INF:
      return ckpt_plot_number_format (-INFINITY, 1, NULL);
    case CKPT_PLOT_SLOT_POS_INF:
      return ckpt_plot_number_format (INFINITY, 1, NULL);
    case CKPT_PLOT_SLOT_NAN:
      return ckpt_plot_number_format (NAN, 1, NULL);
    case CKPT_PLOT_SLOT_BIN:
    default:
      return describe_bin (self, &slot);
    }
}

/**
 * ckpt_plot_histogram_describe_count:
 * @self: a plot
 * @i: less than the number of slots
 *
 * Returns: (transfer full): how many values there are: `18,344 values · 1.04 %`
 */
char *
ckpt_plot_histogram_describe_count (const CkptPlotHistogram *self, guint i)
{
  const CkptPlotNumberStyle *numbers = &self->theme->numbers;
  g_autofree char *count = NULL;
  g_autofree char *share = NULL;
  CkptPlotSlot slot = { 0 };

  ckpt_plot_histogram_get_slot (self, i, &slot);
  count = ckpt_plot_number_format_count (slot.count, numbers);
  share = ckpt_plot_number_format (self->stats.n > 0 ? 100.0 * slot.count / self->stats.n : 0, 3, numbers);
  /* Translators: of the values of a tensor those of one bar of the histogram, and their share of all */
  return g_strdup_printf (ngettext ("%s value · %s %%", "%s values · %s %%", (gulong) slot.count), count,
                          share);
}

static char *
describe_finite (const CkptPlotHistogram *self)
{
  const CkptPlotNumberStyle *numbers = &self->theme->numbers;
  const CkptStats *stats = &self->stats;
  int n_digits = ckpt_plot_number_digits_of_range (stats->min, stats->max, self->is_whole);
  int n_mean_digits = ckpt_plot_number_digits_of_range (stats->min, stats->max, FALSE);
  g_autofree char *count = ckpt_plot_number_format_count (stats->n, numbers);
  g_autofree char *low = ckpt_plot_number_format (stats->min, n_digits, numbers);
  g_autofree char *high = ckpt_plot_number_format (stats->max, n_digits, numbers);
  g_autofree char *mean = ckpt_plot_number_format (stats->mean, n_mean_digits, numbers);
  g_autofree char *std = ckpt_plot_number_format (stats->std, STD_DIGITS, numbers);
  gulong n = (gulong) stats->n;

  if (stats->min == stats->max)
    return g_strdup_printf (ngettext ("%s value: %s.", "%s values, all finite ones are %s.", n), count, low);
  if (stats->is_magnitude)
    return g_strdup_printf (
        _ ("%s complex values with magnitudes from %s to %s, mean %s, standard deviation %s."), count, low,
        high, mean, std);
  return g_strdup_printf (_ ("%s values from %s to %s, mean %s, standard deviation %s."), count, low, high,
                          mean, std);
}

static void
append_tallest (const CkptPlotHistogram *self, GString *text)
{
  guint tallest = 0;
  g_autofree char *slot = NULL;
  g_autofree char *count = NULL;

  while (self->bins.counts[tallest] != self->largest)
    tallest++;
  tallest += get_first_bin_slot (self);
  slot = ckpt_plot_histogram_describe_slot (self, tallest);
  count = ckpt_plot_histogram_describe_count (self, tallest);
  /* Translators: the first %s is a range of values, "0.1 … 0.2", the second "8 values · 5 %" */
  g_string_append_printf (text, _ (" Tallest bar: %s, %s."), slot, count);
}

/**
 * ckpt_plot_histogram_describe:
 * @self: a plot
 *
 * Returns: (transfer full): what the picture shows, in a few sentences, for those who cannot see it
 */
char *
ckpt_plot_histogram_describe (const CkptPlotHistogram *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n_slots = ckpt_plot_histogram_get_n_slots (self);

  if (self->stats.n == 0)
    return g_strdup (_ ("No values."));

  if (self->stats.n_finite > 0)
    {
      g_autofree char *finite = describe_finite (self);

      g_string_append (text, finite);
      if (self->largest > 0)
        append_tallest (self, text);
    }
  for (guint i = 0; i < n_slots; i++)
    {
      CkptPlotSlot slot = { 0 };
      g_autofree char *name = NULL;
      g_autofree char *count = NULL;

      ckpt_plot_histogram_get_slot (self, i, &slot);
      if (slot.kind == CKPT_PLOT_SLOT_BIN)
        continue;
      name = ckpt_plot_histogram_describe_slot (self, i);
      count = ckpt_plot_histogram_describe_count (self, i);
      g_string_append_printf (text, "%s%s: %s.", text->len > 0 ? " " : "", name, count);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
