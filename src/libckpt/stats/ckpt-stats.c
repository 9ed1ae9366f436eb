/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-stats.h"

#include "stats/ckpt-pool.h"
#include "stats/ckpt-profile-pass.h"

#include <math.h>

/**
 * ckpt_stats_compute:
 * @tree: the tree
 * @tensor: a tensor of it
 * @progress: (nullable) (scope call): told how many bytes of how many are done
 * @progress_data: for @progress
 * @cancellable: (nullable): asked before each block of 256 KiB
 * @stats: (out): the statistics
 * @error: return location for an error
 *
 * Counts, minimum and maximum are exact (of 64-bit ints as far as a double is). The mean is within 1e-12 of the larger of
 * itself and the root mean square, the standard deviation within 1e-9 of itself. A quantized tensor counts as its real numbers, a
 * complex one as its magnitudes, one of float4 as both numbers of each element. Where no element is finite, minimum, maximum, mean
 * and deviation are NaN. Elements that are not in the file are only counted. One pass over the storage, on this thread, with 2 MiB of
 * memory; ckpt_survey_run() uses all cores and keeps what it found. May be called on any thread.
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
  g_autoptr (CkptProfile) profile = NULL;
  g_autoptr (CkptPass) pass = NULL;

  g_return_val_if_fail (tree != NULL && tensor != NULL && stats != NULL, FALSE);

  pass = ckpt_profile_pass_new (tree, tensor, error);
  if (pass == NULL || !ckpt_pool_run_one (pass, 1, progress, progress_data, cancellable, error))
    return FALSE;
  profile = ckpt_profile_pass_finish (pass);
  *stats = profile->stats;
  return TRUE;
}

/* The mean of both, weighted; neither product can overflow. */
static double
mix (double first, double n_first, double second, double n_second)
{
  return first * (n_first / (n_first + n_second)) + second * (n_second / (n_first + n_second));
}

static void
add_figures (CkptStats *self, const CkptStats *other)
{
  double n = (double) self->n_finite, n_other = (double) other->n_finite;
  double spread = other->mean / 2 - self->mean / 2;

  self->std = hypot (sqrt (n / (n + n_other)) * self->std, sqrt (n_other / (n + n_other)) * other->std);
  self->std = hypot (self->std, 2 * spread * sqrt (n / (n + n_other)) * sqrt (n_other / (n + n_other)));
  self->mean = mix (self->mean, n, other->mean, n_other);
  self->min = MIN (self->min, other->min);
  self->max = MAX (self->max, other->max);
}

/**
 * ckpt_stats_add:
 * @self: (inout): the figures of some values
 * @other: those of others
 *
 * Makes @self the figures of all of them. Counts, minimum and maximum are exact, and the order does not matter but for rounding.
 */
void
ckpt_stats_add (CkptStats *self, const CkptStats *other)
{
  g_return_if_fail (self != NULL && other != NULL);

  if (self->n_finite > 0 && other->n_finite > 0)
    add_figures (self, other);
  else if (other->n_finite > 0)
    {
      self->min = other->min;
      self->max = other->max;
      self->mean = other->mean;
      self->std = other->std;
    }
  self->fits_bfloat16 = (self->fits_bfloat16 || self->n == 0) && (other->fits_bfloat16 || other->n == 0);
  self->fits_float16 = (self->fits_float16 || self->n == 0) && (other->fits_float16 || other->n == 0);
  self->n += other->n;
  self->n_nan += other->n_nan;
  self->n_pos_inf += other->n_pos_inf;
  self->n_neg_inf += other->n_neg_inf;
  self->n_zero += other->n_zero;
  self->n_finite += other->n_finite;
  self->n_missing += other->n_missing;
  self->norm = hypot (self->norm, other->norm);
  self->is_magnitude = self->is_magnitude || other->is_magnitude;
}
