/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-binning.h"
#include "stats/ckpt-sketch-private.h"

#include <math.h>

/* Rank of a quantile among @n values, from 1 on: that of numpy.quantile (method="inverted_cdf"). */
static guint64
get_rank (double q, guint64 n)
{
  double rank = ceil (q * (double) n);

  return rank >= (double) n ? n : MAX ((guint64) rank, 1);
}

/**
 * ckpt_sketch_get_quantile:
 * @self: a sketch
 * @q: 0 to 1
 * @error: (out) (optional): how far the true one may be off; 0 where it is exact
 *
 * The least value such that a share of at least @q of all values is not above it, which is a value itself: numpy.quantile()
 * with method="inverted_cdf".
 *
 * Returns: the quantile
 */
double
ckpt_sketch_get_quantile (CkptSketch *self, double q, double *error)
{
  CkptSketchEntry entry = { 0 };
  CkptSketchIter iter;
  guint64 n_before = 0, n, rank;
  double value;

  g_return_val_if_fail (self != NULL && q >= 0 && q <= 1, NAN);

  n = ckpt_sketch_get_n (self);
  rank = get_rank (q, n);
  ckpt_sketch_iter_init (&iter, self);
  while (ckpt_sketch_iter_next (&iter, &entry) && n_before + entry.n < rank)
    n_before += entry.n;

  if (rank == 1 || rank == n)
    entry.first = entry.last = rank == 1 ? ckpt_sketch_get_min (self) : ckpt_sketch_get_max (self);
  value = entry.first +
          2 * ((entry.last / 2 - entry.first / 2) * (((double) (rank - n_before) - 0.5) / (double) entry.n));
  value = CLAMP (value, entry.first, entry.last);
  if (error != NULL)
    *error = MAX (value - entry.first, entry.last - value);
  return value;
}

/**
 * ckpt_sketch_count_buckets:
 * @self: a sketch
 * @low: a value
 * @high: another, not less
 *
 * Returns: how many buckets, or single values of an exact sketch, there are with values in [@low, @high]
 */
guint
ckpt_sketch_count_buckets (CkptSketch *self, double low, double high)
{
  CkptSketchEntry entry;
  CkptSketchIter iter;
  guint n = 0;

  g_return_val_if_fail (self != NULL, 0);

  ckpt_sketch_iter_init (&iter, self);
  while (ckpt_sketch_iter_next (&iter, &entry))
    n += entry.last >= low && entry.first <= high;
  return n;
}

/**
 * ckpt_sketch_get_histogram:
 * @self: a sketch
 * @scale: along which the bins have the same width
 * @low: left edge of the first bin
 * @high: right edge of the last one, not less than @low
 * @n_bins: number of bins, at least 1
 *
 * The values of a bucket that reaches over an edge are spread evenly over it, and counted in n_uncertain.
 *
 * Returns: (transfer full): the counts
 */
CkptHistogram *
ckpt_sketch_get_histogram (CkptSketch *self, const CkptScale *scale, double low, double high, guint n_bins)
{
  g_auto (CkptBinning) binning = { 0 };
  CkptHistogram *histogram;
  CkptSketchEntry entry;
  CkptSketchIter iter;

  g_return_val_if_fail (self != NULL && scale != NULL && n_bins > 0, NULL);
  g_return_val_if_fail (isfinite (low) && isfinite (high) && low <= high, NULL);

  histogram = ckpt_histogram_new (scale, low, high, n_bins);
  ckpt_binning_init (&binning, histogram);
  ckpt_sketch_iter_init (&iter, self);
  while (ckpt_sketch_iter_next (&iter, &entry))
    ckpt_binning_add_range (&binning, entry.first, entry.last, entry.n);
  return histogram;
}
