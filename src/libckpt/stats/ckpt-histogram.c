/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-histogram-pass.h"
#include "stats/ckpt-pool.h"

#include <math.h>

/**
 * ckpt_histogram_compute:
 * @tree: the tree
 * @tensor: a tensor of it
 * @low: left edge of the first bin
 * @high: right edge of the last one, not less than @low
 * @n_bins: number of bins, at least 1
 * @progress: (nullable) (scope call): told how many bytes of how many are done
 * @progress_data: for @progress
 * @cancellable: (nullable): asked before each block of 256 KiB
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
  const CkptScale scale = { CKPT_SCALE_LINEAR, 0 };
  g_autoptr (CkptPass) pass = NULL;

  g_return_val_if_fail (tree != NULL && tensor != NULL && n_bins > 0, NULL);
  g_return_val_if_fail (isfinite (low) && isfinite (high) && low <= high, NULL);

  pass = ckpt_histogram_pass_new (tree, tensor, &scale, low, high, n_bins, error);
  if (pass == NULL || !ckpt_pool_run_one (pass, 1, progress, progress_data, cancellable, error))
    return NULL;
  return ckpt_histogram_pass_finish (pass);
}

/**
 * ckpt_histogram_get_edge:
 * @self: a histogram
 * @i: 0 to its number of bins
 *
 * On a linear scale these are the edges of numpy.histogram().
 *
 * Returns: the left edge of bin @i; of the number of bins the right edge of the last one
 */
double
ckpt_histogram_get_edge (const CkptHistogram *self, guint i)
{
  double low, high;

  g_return_val_if_fail (self != NULL && i <= self->n_bins, NAN);

  if (i == 0 || i == self->n_bins)
    return i == 0 ? self->low : self->high;
  /* Halved, so that the whole range of a double has a width. */
  low = ckpt_scale_map (&self->scale, self->low);
  high = ckpt_scale_map (&self->scale, self->high);
  return CLAMP (ckpt_scale_unmap (&self->scale, low + 2 * (i * ((high / 2 - low / 2) / self->n_bins))),
                self->low, self->high);
}

/**
 * ckpt_histogram_copy:
 * @self: a histogram
 *
 * Returns: (transfer full): the same one once more
 */
CkptHistogram *
ckpt_histogram_copy (const CkptHistogram *self)
{
  CkptHistogram *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->counts = g_memdup2 (self->counts, self->n_bins * sizeof *self->counts);
  return copy;
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
