/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-binning.h"

#include <math.h>

/* Halved, so that the whole range of a double has a width. */
static double
map_half (const CkptHistogram *histogram, double value)
{
  return ckpt_scale_map (&histogram->scale, value) / 2;
}

/**
 * ckpt_histogram_new:
 * @scale: how the bins are spread
 * @low: left edge of the first bin
 * @high: right edge of the last one, not less than @low
 * @n_bins: number of bins, at least 1
 *
 * Returns: (transfer full): a histogram that has counted nothing
 */
CkptHistogram *
ckpt_histogram_new (const CkptScale *scale, double low, double high, guint n_bins)
{
  CkptHistogram *self = g_new0 (CkptHistogram, 1);

  self->scale = *scale;
  self->low = low;
  self->high = high;
  self->n_bins = n_bins;
  self->counts = g_new0 (guint64, n_bins);
  return self;
}

/**
 * ckpt_binning_init:
 * @self: (out): what finds bins
 * @histogram: where they are; must outlive @self
 */
void
ckpt_binning_init (CkptBinning *self, CkptHistogram *histogram)
{
  double width = map_half (histogram, histogram->high) - map_half (histogram, histogram->low);

  self->histogram = histogram;
  self->low = map_half (histogram, histogram->low);
  self->step = width > 0 ? histogram->n_bins / width : 0;
  self->edges = g_new (double, histogram->n_bins + 1);
  for (guint i = 0; i <= histogram->n_bins; i++)
    self->edges[i] = ckpt_histogram_get_edge (histogram, i);
}

/**
 * ckpt_binning_clear:
 * @self: what was initialized
 */
void
ckpt_binning_clear (CkptBinning *self)
{
  g_clear_pointer (&self->edges, g_free);
}

/**
 * ckpt_binning_find:
 * @self: what finds bins
 * @value: a value from the first edge to the last
 *
 * The edges decide, not the rounding of the quotient.
 *
 * Returns: its bin
 */
guint
ckpt_binning_find (const CkptBinning *self, double value)
{
  guint last = self->histogram->n_bins - 1;
  double position = (map_half (self->histogram, value) - self->low) * self->step;
  guint bin = position < last ? (guint) MAX (position, 0) : last;

  while (bin > 0 && value < self->edges[bin])
    bin--;
  while (bin < last && value >= self->edges[bin + 1])
    bin++;
  return bin;
}

/**
 * ckpt_binning_add:
 * @self: what finds bins
 * @value: a finite value
 * @times: how often to count it
 */
void
ckpt_binning_add (CkptBinning *self, double value, guint64 times)
{
  CkptHistogram *histogram = self->histogram;

  if (value < histogram->low)
    histogram->n_below += times;
  else if (value > histogram->high)
    histogram->n_above += times;
  else
    histogram->counts[ckpt_binning_find (self, value)] += times;
}

/* Of @n values in [first, last], those that stand under @edge if they are spread evenly. */
static guint64
count_under (double first, double last, guint64 n, double edge)
{
  double share = (edge / 2 - first / 2) / (last / 2 - first / 2);

  return share >= 1 ? n : (guint64) (share * n);
}

/**
 * ckpt_binning_add_range:
 * @self: what finds bins
 * @first: a finite value
 * @last: another, not less
 * @n: how many values there are from @first to @last
 *
 * Spreads them evenly over the bins there; where that is more than one, all of them are uncertain.
 */
void
ckpt_binning_add_range (CkptBinning *self, double first, double last, guint64 n)
{
  CkptHistogram *histogram = self->histogram;
  guint64 n_done = 0, n_under;
  guint bin;

  if (last < histogram->low || first > histogram->high || first == last)
    {
      ckpt_binning_add (self, first, n);
      return;
    }
  bin = first < histogram->low ? 0 : ckpt_binning_find (self, first);
  if (first >= histogram->low && last <= histogram->high && ckpt_binning_find (self, last) == bin)
    {
      histogram->counts[bin] += n;
      return;
    }
  histogram->n_uncertain += n;
  if (first < histogram->low)
    histogram->n_below += n_done = count_under (first, last, n, histogram->low);
  for (; bin < histogram->n_bins && n_done < n; bin++, n_done = n_under)
    {
      n_under = count_under (first, last, n, self->edges[bin + 1]);
      histogram->counts[bin] += n_under - n_done;
    }
  if (n_done < n && last > histogram->high)
    histogram->n_above += n - n_done;
  else
    histogram->counts[histogram->n_bins - 1] += n - n_done;
}
