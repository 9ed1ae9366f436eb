/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "analysis/ckpt-scan.h"
#include "analysis/ckpt-stats.h"

G_BEGIN_DECLS

/**
 * CkptMoments:
 * @counts: what was counted; the figures are not set
 * @scale: what values are multiplied by before their moments are taken
 * @shift: what is then taken off, so that a large offset does not drown their spread
 * @mean: mean of what remains
 * @m2: sum of the squares of what remains less @mean
 * @scratch: room for a block
 *
 * Statistics in the making: blocks of values are added one after the other, each with two passes over it.
 */
typedef struct
{
  CkptStats counts;
  double scale;
  double shift;
  double mean;
  double m2;
  double scratch[CKPT_SCAN_BLOCK];
} CkptMoments;

void ckpt_moments_init   (CkptMoments       *self,
                          double             scale);
void ckpt_moments_add    (CkptMoments       *self,
                          const double      *values,
                          gsize              n,
                          guint64            times);
void ckpt_moments_finish (const CkptMoments *self,
                          CkptStats         *stats);

G_END_DECLS
