/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-scan.h"
#include "analysis/ckpt-stats.h"

#include <math.h>

typedef struct
{
  CkptHistogram *histogram;
  double *edges; /* one more than bins */
  double scale;  /* bins per unit, of values that were halved */
} Binning;

/* Halved, so that the whole range of a double has a width. */
static double
halve (double value)
{
  return value / 2;
}

static void
fill_edges (Binning *self)
{
  const CkptHistogram *histogram = self->histogram;
  double step = (halve (histogram->high) - halve (histogram->low)) / histogram->n_bins;

  self->scale = step > 0 ? 1 / step : 0;
  self->edges = g_new (double, histogram->n_bins + 1);
  for (guint i = 0; i < histogram->n_bins; i++)
    self->edges[i] = histogram->low + 2 * (i * step);
  self->edges[histogram->n_bins] = histogram->high;
}

/* The edges decide, not the rounding of the quotient. */
static guint
find_bin (const Binning *self, double value)
{
  const CkptHistogram *histogram = self->histogram;
  guint last = histogram->n_bins - 1;
  double position = (halve (value) - halve (histogram->low)) * self->scale;
  guint bin = position < last ? (guint) position : last;

  while (bin > 0 && value < self->edges[bin])
    bin--;
  while (bin < last && value >= self->edges[bin + 1])
    bin++;
  return bin;
}

static void
on_values (const double *values, gsize n, guint64 times, gpointer user_data)
{
  Binning *self = user_data;
  CkptHistogram *histogram = self->histogram;

  for (gsize i = 0; i < n; i++)
    if (values[i] >= histogram->low && values[i] <= histogram->high)
      histogram->counts[find_bin (self, values[i])] += times;
    else if (values[i] < histogram->low && !isinf (values[i]))
      histogram->n_below += times;
    else if (values[i] > histogram->high && !isinf (values[i]))
      histogram->n_above += times;
}

/**
 * ckpt_histogram_compute:
 * @tree: the tree
 * @tensor: a tensor of it
 * @low: left edge of the first bin
 * @high: right edge of the last one, not less than @low
 * @n_bins: number of bins, at least 1
 * @progress: (nullable) (scope call): told how many bytes of how many are done
 * @progress_data: for @progress
 * @cancellable: (nullable): asked every 16,384 elements
 * @error: return location for an error
 *
 * Counts the values as numpy.histogram() does: bin i has those from @low + i w on and below @low + (i + 1) w, the last one those
 * equal to @high too. What is not finite is not counted. If @low equals @high, all that equals it is in the last bin.
 * One pass over the storage. May be called on any thread.
 *
 * Returns: (transfer full): the counts, or %NULL with the errors of ckpt_stats_compute()
 */
CkptHistogram *
ckpt_histogram_compute (CkptTree *tree,
                        const CkptTensor *tensor,
                        double low,
                        double high,
                        guint n_bins,
                        CkptProgressFunc progress,
                        gpointer progress_data,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (CkptHistogram) histogram = NULL;
  Binning binning;
  CkptScan scan = { on_values, &binning, progress, progress_data, cancellable };
  gboolean is_done;

  g_return_val_if_fail (tree != NULL && tensor != NULL && n_bins > 0, NULL);
  g_return_val_if_fail (isfinite (low) && isfinite (high) && low <= high, NULL);

  histogram = g_new0 (CkptHistogram, 1);
  histogram->low = low;
  histogram->high = high;
  histogram->n_bins = n_bins;
  histogram->counts = g_new0 (guint64, n_bins);
  binning.histogram = histogram;
  fill_edges (&binning);
  is_done = ckpt_scan (tree, tensor, &scan, error);
  g_free (binning.edges);
  return is_done ? g_steal_pointer (&histogram) : NULL;
}

/**
 * ckpt_histogram_free:
 * @self: (nullable): a histogram
 */
void
ckpt_histogram_free (CkptHistogram *self)
{
  if (self == NULL)
    return;
  g_free (self->counts);
  g_free (self);
}
