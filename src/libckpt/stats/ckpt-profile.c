/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-profile.h"

#include <float.h>
#include <math.h>

/* Bins for values that are all the same: an odd number, so that they stand in the middle. */
#define N_BINS_OF_CONSTANT 15
/* Up to here doubles hold every half. */
#define MAX_WHOLE 0x1p51

/**
 * ckpt_profile_new:
 * @stats: the figures
 * @sketch: (transfer full) (nullable): how the finite values are spread
 * @is_whole: whether the values are whole numbers by their type
 *
 * Returns: (transfer full): a profile
 */
CkptProfile *
ckpt_profile_new (const CkptStats *stats, CkptSketch *sketch, gboolean is_whole)
{
  CkptProfile *self = g_atomic_rc_box_new0 (CkptProfile);

  self->stats = *stats;
  self->sketch = sketch;
  self->is_whole = is_whole;
  return self;
}

/**
 * ckpt_profile_ref:
 * @self: a profile
 *
 * Returns: (transfer full): @self
 */
CkptProfile *
ckpt_profile_ref (CkptProfile *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  CkptProfile *self = data;

  g_clear_pointer (&self->sketch, ckpt_sketch_unref);
}

/**
 * ckpt_profile_unref:
 * @self: (transfer full): a profile
 */
void
ckpt_profile_unref (CkptProfile *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear);
}

static void
choose_around (double value, gboolean is_whole, double *low, double *high)
{
  double half = value == 0 ? 0.5 : fmax (fabs (value) / 2, DBL_MIN);

  if (is_whole && fabs (value) < MAX_WHOLE)
    half = N_BINS_OF_CONSTANT / 2.0;
  *low = fmax (value - half, -DBL_MAX);
  *high = fmin (value + half, DBL_MAX);
}

/* Each bin holds the same number of whole numbers; otherwise every few bins would stick out. */
static guint
choose_whole (double min, double max, guint n_wanted, double *low, double *high)
{
  double span = max - min + 1;
  double width = ceil (span / n_wanted);
  guint n_bins = (guint) ceil (span / width);

  *low = min - 0.5;
  *high = *low + width * n_bins;
  return n_bins;
}

/**
 * ckpt_profile_get_default_range:
 * @self: a profile
 * @n_wanted: bins to have, at least 1
 * @low: (out): left edge of the first bin
 * @high: (out): right edge of the last one
 * @n_bins: (out): how many bins to have; whole numbers may get fewer, values that are all the same get 15
 *
 * A range that holds all finite values. One of no width becomes one around the value.
 *
 * Returns: %FALSE, with all else untouched, if there are no finite values
 */
gboolean
ckpt_profile_get_default_range (const CkptProfile *self,
                                guint n_wanted,
                                double *low,
                                double *high,
                                guint *n_bins)
{
  const CkptStats *stats;

  g_return_val_if_fail (self != NULL && n_wanted > 0, FALSE);

  stats = &self->stats;
  if (stats->n_finite == 0)
    return FALSE;
  *n_bins = n_wanted;
  *low = stats->min;
  *high = stats->max;
  if (stats->min == stats->max)
    {
      choose_around (stats->min, self->is_whole, low, high);
      *n_bins = N_BINS_OF_CONSTANT;
    }
  else if (self->is_whole && stats->min > -MAX_WHOLE && stats->max < MAX_WHOLE)
    *n_bins = choose_whole (stats->min, stats->max, n_wanted, low, high);
  return TRUE;
}

/**
 * ckpt_profile_round_range:
 * @n_wanted: bins to have, at least 1
 * @low: (inout): left edge of the first bin
 * @high: (inout): right edge of the last one, not less than @low
 * @n_bins: (out): how many bins to have
 *
 * For a part of the values, where all are whole numbers: takes those from @low to @high, at least one, and brings the edges between
 * them. Numbers that are too large to have a half are left as they are.
 */
void
ckpt_profile_round_range (guint n_wanted, double *low, double *high, guint *n_bins)
{
  g_return_if_fail (n_wanted > 0);

  *n_bins = n_wanted;
  if (*low <= -MAX_WHOLE || *high >= MAX_WHOLE)
    return;
  *n_bins = choose_whole (ceil (*low), MAX (floor (*high), ceil (*low)), n_wanted, low, high);
}

static double
get_quartile_magnitude (CkptSketch *sketch, double q)
{
  return fmin (fabs (ckpt_sketch_get_quantile (sketch, q, NULL)),
               fabs (ckpt_sketch_get_quantile (sketch, 1 - q, NULL)));
}

/**
 * ckpt_profile_get_threshold:
 * @self: a profile
 *
 * Chooses the threshold of a symmetric-log scale: a tenth of what most values are larger than, so that these are spread out by their
 * magnitude, and the smallest ones, which say little, stand close together.
 *
 * Returns: a threshold larger than 0
 */
double
ckpt_profile_get_threshold (const CkptProfile *self)
{
  double largest, typical = 0;

  g_return_val_if_fail (self != NULL, 1);

  if (self->stats.n_finite == 0)
    return 1;
  largest = fmax (fabs (self->stats.min), fabs (self->stats.max));
  if (largest == 0)
    return 1;
  if (self->sketch != NULL)
    typical = get_quartile_magnitude (self->sketch, 0.25);
  if (typical == 0)
    typical = largest * 1e-3;
  return fmax (fmax (typical / 10, largest * 1e-12), DBL_MIN);
}
