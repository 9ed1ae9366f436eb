/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-histogram-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define STD_DIGITS   4
#define SHARE_DIGITS 3
#define MAX_DIGITS   17

static const CkptPlotNumberStyle *
get_numbers (CkptPlotHistogram *self)
{
  return &ckpt_plot_get_theme (CKPT_PLOT (self))->numbers;
}

static char *
name_bin (CkptPlotHistogram *self, const CkptPlotSlot *slot)
{
  const CkptPlotNumberStyle *numbers = get_numbers (self);
  int n_digits = ckpt_plot_number_digits_between (slot->low, slot->high);
  g_autofree char *low = NULL;
  g_autofree char *high = NULL;

  /* Bins of whole numbers begin and end between them. */
  if (self->is_whole && slot->low != floor (slot->low))
    {
      low = ckpt_plot_number_format (slot->low + 0.5, MAX_DIGITS, numbers);
      high = ckpt_plot_number_format (slot->high - 0.5, MAX_DIGITS, numbers);
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

/* With as many digits as the edges of bins. */
static char *
name_tail (CkptPlotHistogram *self, CkptPlotSlotKind kind)
{
  const CkptHistogram *bins = ckpt_plot_histogram_peek_bins (self);
  double step = bins->high / bins->n_bins - bins->low / bins->n_bins;
  int n_digits = ckpt_plot_number_digits_between (bins->high - step, bins->high);
  g_autofree char *edge = ckpt_plot_number_format (kind == CKPT_PLOT_SLOT_BELOW ? bins->low : bins->high,
                                                   n_digits, get_numbers (self));

  return g_strdup_printf (kind == CKPT_PLOT_SLOT_BELOW ? "< %s" : "> %s", edge);
}

/* Which values a slot counts: "0.0192 … 0.0199", "NaN", "> 0.1". */
char *
ckpt_plot_histogram_name_slot (CkptPlot *plot, guint i)
{
  CkptPlotHistogram *self = CKPT_PLOT_HISTOGRAM (plot);
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
    case CKPT_PLOT_SLOT_BELOW:
    case CKPT_PLOT_SLOT_ABOVE:
      return name_tail (self, slot.kind);
    case CKPT_PLOT_SLOT_BIN:
    default:
      return name_bin (self, &slot);
    }
}

static char *
describe_count (CkptPlotHistogram *self, guint series, guint64 n)
{
  const CkptPlotNumberStyle *numbers = get_numbers (self);
  guint64 total = self->series[series].stats.n;
  g_autofree char *count = ckpt_plot_number_format_count (n, numbers);
  g_autofree char *share = ckpt_plot_number_format (total > 0 ? 100.0 * n / total : 0, SHARE_DIGITS, numbers);

  /* Translators: of the values of a tensor those of one bar of the histogram, and their share of all */
  return g_strdup_printf (ngettext ("%s value · %s %%", "%s values · %s %%", (gulong) n), count, share);
}

/* How many values a slot counts: "18,344 values · 1.04 %"; where there are several series, a line for each. */
char *
ckpt_plot_histogram_describe_slot (CkptPlot *plot, guint i)
{
  CkptPlotHistogram *self = CKPT_PLOT_HISTOGRAM (plot);
  g_autoptr (GString) text = g_string_new (NULL);
  CkptPlotSlot slot = { 0 };

  ckpt_plot_histogram_get_slot (self, i, &slot);
  for (guint s = 0; s < self->n_series; s++)
    {
      const CkptPlotSeries *series = &self->series[s];
      guint bin = i - ckpt_plot_histogram_get_first_bin (self);
      guint64 n = ckpt_plot_histogram_get_count (self, slot.kind, s);
      g_autofree char *count = NULL;

      if (slot.kind == CKPT_PLOT_SLOT_BIN && series->bins != NULL)
        n = series->bins->counts[bin];
      count = describe_count (self, s, n);
      if (self->n_series > 1)
        g_string_append_printf (text, "%s%s: ", s > 0 ? "\n" : "", series->name != NULL ? series->name : "");
      g_string_append (text, count);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
describe_finite (CkptPlotHistogram *self, const CkptStats *stats)
{
  const CkptPlotNumberStyle *numbers = get_numbers (self);
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
append_percentiles (CkptPlotHistogram *self, GString *text)
{
  const CkptStats *stats = &self->series[0].stats;
  int n_digits = ckpt_plot_number_digits_of_range (stats->min, stats->max, self->is_whole);

  for (guint i = 0; i < self->percentiles->len; i++)
    {
      const CkptPlotPercentile *percentile = &g_array_index (self->percentiles, CkptPlotPercentile, i);
      g_autofree char *percent = ckpt_plot_number_format (percentile->percent, 6, get_numbers (self));
      g_autofree char *value = ckpt_plot_number_format (percentile->value, n_digits, get_numbers (self));

      if (percentile->percent == 50)
        g_string_append_printf (text, _ (" Median %s."), value);
      else
        /* Translators: the first %s is a number such as 99, the second a value that 99 % of the values are not above */
        g_string_append_printf (text, _ (" %s %% are at most %s."), percent, value);
    }
}

static void
append_tallest (CkptPlotHistogram *self, GString *text)
{
  const CkptHistogram *bins = self->series[0].bins;
  guint tallest = 0;
  g_autofree char *name = NULL;
  g_autofree char *count = NULL;

  while (bins->counts[tallest] != self->largest)
    tallest++;
  tallest += ckpt_plot_histogram_get_first_bin (self);
  name = ckpt_plot_histogram_name_slot (CKPT_PLOT (self), tallest);
  count = ckpt_plot_histogram_describe_slot (CKPT_PLOT (self), tallest);
  /* Translators: the first %s is a range of values, "0.1 … 0.2", the second "8 values · 5 %" */
  g_string_append_printf (text, _ (" Tallest bar: %s, %s."), name, count);
}

static void
append_specials (CkptPlotHistogram *self, GString *text)
{
  guint n_slots = ckpt_plot_get_n_items (CKPT_PLOT (self));
  guint first = ckpt_plot_histogram_get_first_bin (self);
  guint n_bins = ckpt_plot_histogram_get_n_bins (self);

  for (guint i = 0; i < n_slots; i++)
    {
      g_autofree char *name = NULL;
      g_autofree char *count = NULL;

      if (i == first)
        i += n_bins;
      if (i >= n_slots)
        break;
      name = ckpt_plot_histogram_name_slot (CKPT_PLOT (self), i);
      count = ckpt_plot_histogram_describe_slot (CKPT_PLOT (self), i);
      g_string_append_printf (text, "%s%s: %s.", text->len > 0 ? " " : "", name, count);
    }
}

/* What a reader of the figures must know about them. */
static void
append_caveats (CkptPlotHistogram *self, GString *text)
{
  guint64 n_missing = self->series[0].stats.n_missing;
  guint64 n_uncertain = self->series[0].bins != NULL ? self->series[0].bins->n_uncertain : 0;
  g_autofree char *missing = ckpt_plot_number_format_count (n_missing, get_numbers (self));
  g_autofree char *uncertain = ckpt_plot_number_format_count (n_uncertain, get_numbers (self));

  if (n_missing > 0)
    g_string_append_printf (text,
                            ngettext (" %s value is missing in the file.",
                                      " %s values are missing in the file.", (gulong) n_missing),
                            missing);
  if (n_uncertain > 0)
    g_string_append_printf (text,
                            ngettext (" %s value may belong to a bar beside its own.",
                                      " %s values may belong to a bar beside their own.",
                                      (gulong) n_uncertain),
                            uncertain);
}

static char *
describe_series (CkptPlotHistogram *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, ngettext ("%u histogram.", "%u histograms.", self->n_series), self->n_series);
  for (guint i = 0; i < self->n_series; i++)
    {
      const CkptPlotSeries *series = &self->series[i];
      g_autofree char *finite = series->stats.n_finite > 0 ? describe_finite (self, &series->stats)
                                                           : g_strdup (_ ("No finite values."));

      g_string_append_printf (text, " %s: %s", series->name != NULL ? series->name : "", finite);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
ckpt_plot_histogram_describe (CkptPlot *plot)
{
  CkptPlotHistogram *self = CKPT_PLOT_HISTOGRAM (plot);
  const CkptStats *stats = &self->series[0].stats;
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->n_series > 1)
    return describe_series (self);
  if (stats->n == 0)
    return g_strdup (_ ("No values."));

  if (stats->n_finite > 0)
    {
      g_autofree char *finite = describe_finite (self, stats);

      g_string_append (text, finite);
      append_percentiles (self, text);
      if (self->largest > 0)
        append_tallest (self, text);
    }
  append_specials (self, text);
  append_caveats (self, text);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
