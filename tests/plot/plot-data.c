/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-data.h"

#include <float.h>
#include <math.h>

CkptStats
plot_data_make_stats (const double *values, guint n)
{
  CkptStats stats = { .n = n, .min = INFINITY, .max = -INFINITY };

  for (guint i = 0; i < n; i++)
    {
      double value = values[i];

      stats.n_nan += isnan (value);
      stats.n_pos_inf += value == INFINITY;
      stats.n_neg_inf += value == -INFINITY;
      if (!isfinite (value))
        continue;
      stats.n_finite++;
      stats.min = fmin (stats.min, value);
      stats.max = fmax (stats.max, value);
      stats.mean += value / n;
    }
  return stats;
}

typedef struct
{
  double low;
  double high;
  guint n_bins;
} Bins;

static const CkptScale linear = { CKPT_SCALE_LINEAR, 0 };

/* Counts values without the library, so that these tests are of the picture alone. */
static CkptHistogram *
count (const double *values, guint n, const Bins *bins, const CkptScale *scale)
{
  double low = ckpt_scale_map (scale, bins->low);
  double high = ckpt_scale_map (scale, bins->high);
  CkptHistogram *histogram = g_new0 (CkptHistogram, 1);

  histogram->low = bins->low;
  histogram->high = bins->high;
  histogram->n_bins = bins->n_bins;
  histogram->scale = *scale;
  histogram->counts = g_new0 (guint64, bins->n_bins);
  for (guint i = 0; i < n; i++)
    {
      double place = (ckpt_scale_map (scale, values[i]) / 2 - low / 2) / (high / 2 - low / 2) * bins->n_bins;

      if (!isfinite (values[i]))
        continue;
      if (values[i] < bins->low)
        histogram->n_below++;
      else if (values[i] > bins->high)
        histogram->n_above++;
      else
        histogram->counts[(guint) CLAMP (place, 0, bins->n_bins - 1.0)]++;
    }
  return histogram;
}

/* Bins that hold all finite values, as the library would choose them: constants in the middle, and each whole number in one bin. */
static gboolean
choose_bins (const CkptStats *stats, gboolean is_whole, Bins *bins)
{
  double half = is_whole ? 7.5 : fmax (fabs (stats->min) / 2, DBL_MIN);
  double width = ceil ((stats->max - stats->min + 1) / PLOT_DATA_N_BINS);

  if (stats->n_finite == 0)
    return FALSE;
  *bins = (Bins) { stats->min, stats->max, PLOT_DATA_N_BINS };
  if (stats->min == stats->max)
    *bins = (Bins) { stats->min - half, stats->min + half, 15 };
  else if (is_whole)
    {
      bins->n_bins = (guint) ceil ((stats->max - stats->min + 1) / width);
      bins->low = stats->min - 0.5;
      bins->high = bins->low + width * bins->n_bins;
    }
  return TRUE;
}

/* All of the values, in bins of the usual number. */
CkptPlotHistogram *
plot_data_make_histogram (const double *values, guint n, gboolean is_whole)
{
  CkptStats stats = plot_data_make_stats (values, n);
  g_autoptr (CkptHistogram) histogram = NULL;
  Bins bins = { 0 };

  if (choose_bins (&stats, is_whole, &bins))
    histogram = count (values, n, &bins, &linear);
  return ckpt_plot_histogram_new (&stats, histogram, is_whole);
}

/* Only those in a range. */
CkptPlotHistogram *
plot_data_make_range (const double *values, guint n, double low, double high, const CkptScale *scale)
{
  const Bins bins = { low, high, PLOT_DATA_N_BINS };
  CkptStats stats = plot_data_make_stats (values, n);
  g_autoptr (CkptHistogram) histogram = count (values, n, &bins, scale != NULL ? scale : &linear);

  return ckpt_plot_histogram_new (&stats, histogram, FALSE);
}

/* Lays values over those of another histogram, in its bins. */
void
plot_data_add (CkptPlotHistogram *plot, const char *name, const double *values, guint n)
{
  CkptStats stats = plot_data_make_stats (values, n);
  Bins bins = { .n_bins = PLOT_DATA_N_BINS };
  g_autoptr (CkptHistogram) histogram = NULL;
  CkptPlotSlot slot;

  ckpt_plot_histogram_get_slot (plot, 0, &slot);
  bins.low = slot.low;
  ckpt_plot_histogram_get_slot (plot, PLOT_DATA_N_BINS - 1, &slot);
  bins.high = slot.high;
  histogram = count (values, n, &bins, &linear);
  ckpt_plot_histogram_add (plot, name, &stats, histogram);
}

CkptPlotSparkline *
plot_data_make_sparkline (const double *values, guint n)
{
  CkptStats stats = plot_data_make_stats (values, n);
  const Bins bins = { stats.min, stats.max, PLOT_DATA_N_BINS };
  g_autoptr (CkptHistogram) histogram = count (values, n, &bins, &linear);

  return ckpt_plot_sparkline_new (&stats, histogram);
}

static double
make_value (PlotData data, guint i)
{
  double bell = 0;

  for (int k = 0; k < 12; k++)
    bell += g_test_rand_double () / 2 - 0.25;
  switch (data)
    {
    case PLOT_DATA_SPECIALS:
      /* The last label stands at the edge, beside the bars of what is not finite. */
      if (i == 10)
        return 0.004;
      return i % 7 == 0 ? NAN : i % 7 == 1 ? INFINITY : i % 31 == 2 ? -INFINITY : bell * 1e-3;
    case PLOT_DATA_NEGATIVE:
      return bell - 1000;
    case PLOT_DATA_OUTLIER:
      return i == 3 ? 3.4e38 : bell;
    case PLOT_DATA_CONSTANT:
      return 0.125;
    case PLOT_DATA_TINY:
      return g_test_rand_double () * 1e-45;
    case PLOT_DATA_HUGE:
      return i % 2 == 0 ? 1.7e308 : -1.7e308;
    case PLOT_DATA_WHOLE:
      return floor (bell * 1000);
    case PLOT_DATA_BOOL:
      return i % 3 == 0;
    case PLOT_DATA_BELL:
    case PLOT_N_DATA:
    default:
      return bell;
    }
}

/* A histogram of 5,000 such values. */
CkptPlotHistogram *
plot_data_make (PlotData data)
{
  double values[5000];

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    values[i] = make_value (data, i);
  return plot_data_make_histogram (values, G_N_ELEMENTS (values),
                                   data == PLOT_DATA_WHOLE || data == PLOT_DATA_BOOL);
}
