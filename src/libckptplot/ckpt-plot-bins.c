/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-bins.h"

#include <float.h>
#include <math.h>

/* Bins for values that are all the same: an odd number, so that they stand in the middle. */
#define N_BINS_OF_CONSTANT 15

/* Up to here doubles hold every half. */
#define MAX_WHOLE 0x1p51

static void
choose_around (double value, gboolean is_whole, CkptPlotBins *bins)
{
  double half = value == 0 ? 0.5 : fmax (fabs (value) / 2, DBL_MIN);

  if (is_whole && fabs (value) < MAX_WHOLE)
    half = N_BINS_OF_CONSTANT / 2.0;
  bins->low = fmax (value - half, -DBL_MAX);
  bins->high = fmin (value + half, DBL_MAX);
  bins->n_bins = N_BINS_OF_CONSTANT;
}

/* Each bin holds the same number of whole numbers; otherwise every few bins would stick out. */
static void
choose_whole (const CkptStats *stats, guint n_wanted, CkptPlotBins *bins)
{
  double span = stats->max - stats->min + 1;
  double width = ceil (span / n_wanted);

  bins->n_bins = (guint) ceil (span / width);
  bins->low = stats->min - 0.5;
  bins->high = bins->low + width * bins->n_bins;
}

/**
 * ckpt_plot_bins_choose:
 * @stats: figures of the values
 * @is_whole: whether they are all whole numbers
 * @n_wanted: bins to have, at least 1; whole numbers may get fewer
 * @bins: (out): what to count
 *
 * Chooses bins that hold all finite values. A range of no width becomes one around the value.
 *
 * Returns: FALSE, with @bins untouched, if there are no finite values
 */
gboolean
ckpt_plot_bins_choose (const CkptStats *stats, gboolean is_whole, guint n_wanted, CkptPlotBins *bins)
{
  g_return_val_if_fail (n_wanted > 0, FALSE);

  if (stats->n_finite == 0)
    return FALSE;

  if (stats->min == stats->max)
    choose_around (stats->min, is_whole, bins);
  else if (is_whole && stats->min > -MAX_WHOLE && stats->max < MAX_WHOLE)
    choose_whole (stats, n_wanted, bins);
  else
    *bins = (CkptPlotBins) { stats->min, stats->max, n_wanted };
  return TRUE;
}
