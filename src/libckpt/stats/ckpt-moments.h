/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "stats/ckpt-stats.h"

G_BEGIN_DECLS

/**
 * CkptMoments:
 * @counts: counts, minimum and maximum; other figures are not set
 * @range: 0; 1 where the numbers are so large that a double cannot hold their squares, -1 where they are so small: then
 *   @shift, @mean and @m2 are of the numbers times 2^-600, or 2^600
 * @shift: what is taken off before anything is summed, so that a large offset does not drown the spread
 * @mean: mean of what remains
 * @m2: sum of the squares of what remains less @mean
 * @wants_fits: whether the two below are asked for
 * @fits_bfloat16: whether each number so far is a bfloat16
 * @fits_float16: whether it is a float16
 *
 * Statistics in the making, of one block of a tensor; then those of all blocks are merged in the order of the blocks, so that it does
 * not matter which thread made which.
 */
typedef struct
{
  CkptStats counts;
  int range;
  double shift;
  double mean;
  double m2;
  gboolean wants_fits;
  gboolean fits_bfloat16;
  gboolean fits_float16;
} CkptMoments;

void ckpt_moments_init        (CkptMoments       *self,
                               gboolean           wants_fits);
void ckpt_moments_add_floats  (CkptMoments       *self,
                               const void        *items,
                               gsize              n);
void ckpt_moments_add_doubles (CkptMoments       *self,
                               const double      *values,
                               gsize              n,
                               guint64            times);
void ckpt_moments_merge       (CkptMoments       *self,
                               const CkptMoments *other);
void ckpt_moments_finish      (const CkptMoments *self,
                               CkptStats         *stats);

G_END_DECLS
