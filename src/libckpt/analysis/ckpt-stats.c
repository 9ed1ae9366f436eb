/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-stats.h"

#include "analysis/ckpt-moments.h"
#include "analysis/ckpt-scan.h"

#include <math.h>

/* Beyond these the squares of numbers leave the range of a double. */
#define LARGE 1e140
#define SMALL 1e-140

static void
on_values (const double *values, gsize n, guint64 times, gpointer user_data)
{
  ckpt_moments_add (user_data, values, n, times);
}

/* What to multiply with to get the largest magnitude near 1. */
static double
choose_scale (const CkptStats *stats)
{
  double largest = MAX (fabs (stats->min), fabs (stats->max));

  if (stats->n_finite == 0 || largest == 0 || (largest <= LARGE && largest >= SMALL))
    return 1;
  return ldexp (1, CLAMP (-ilogb (largest), -1000, 1000));
}

/**
 * ckpt_stats_compute:
 * @tree: the tree
 * @tensor: a tensor of it
 * @progress: (nullable) (scope call): told how many bytes of how many are done
 * @progress_data: for @progress
 * @cancellable: (nullable): asked every 16,384 elements
 * @stats: (out): the statistics
 * @error: return location for an error
 *
 * Counts, minimum and maximum are exact (of 64-bit ints as far as a double is). The mean is within 1e-12 of the larger of
 * itself and the root mean square, the standard deviation within 1e-9 of itself. A quantized tensor counts as its real numbers, a
 * complex one as its magnitudes, one of float4 as both numbers of each element. Where no element is finite, minimum, maximum, mean
 * and deviation are NaN. One pass over the storage with 1 MiB of memory; a second one for float64 beyond 1e140 or all below 1e-140.
 * May be called on any thread.
 *
 * Returns: %FALSE with the errors of ckpt_tensor_read(), %G_IO_ERROR_CANCELLED, or %CKPT_ERROR_LIMIT for more than 2^40 elements
 *   that are not repetitions
 */
gboolean
ckpt_stats_compute (CkptTree *tree,
                    const CkptTensor *tensor,
                    CkptProgressFunc progress,
                    gpointer progress_data,
                    GCancellable *cancellable,
                    CkptStats *stats,
                    GError **error)
{
  CkptMoments moments;
  CkptScan scan = { on_values, &moments, progress, progress_data, cancellable };
  CkptStats result;
  double scale;

  g_return_val_if_fail (tree != NULL && tensor != NULL && stats != NULL, FALSE);

  ckpt_moments_init (&moments, 1);
  if (!ckpt_scan (tree, tensor, &scan, error))
    return FALSE;
  ckpt_moments_finish (&moments, &result);
  scale = choose_scale (&result);
  if (scale != 1)
    {
      ckpt_moments_init (&moments, scale);
      if (!ckpt_scan (tree, tensor, &scan, error))
        return FALSE;
      ckpt_moments_finish (&moments, &result);
    }
  result.is_magnitude = ckpt_dtype_get_info (tensor->dtype)->dtype_class == CKPT_CLASS_COMPLEX;
  *stats = result;
  return TRUE;
}
