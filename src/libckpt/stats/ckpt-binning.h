/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "stats/ckpt-stats.h"

G_BEGIN_DECLS

/**
 * CkptBinning:
 * @histogram: where to count
 * @edges: one more than bins
 * @low: the first edge on the scale, halved
 * @step: bins for each unit on the scale, once halved
 *
 * Finds the bins of values, for one histogram.
 */
typedef struct
{
  CkptHistogram *histogram;
  double *edges;
  double low;
  double step;
} CkptBinning;

CkptHistogram *ckpt_histogram_new     (const CkptScale   *scale,
                                       double             low,
                                       double             high,
                                       guint              n_bins);
void           ckpt_binning_init      (CkptBinning       *self,
                                       CkptHistogram     *histogram);
void           ckpt_binning_clear     (CkptBinning       *self);
guint          ckpt_binning_find      (const CkptBinning *self,
                                       double             value);
void           ckpt_binning_add       (CkptBinning       *self,
                                       double             value,
                                       guint64            times);
void           ckpt_binning_add_range (CkptBinning       *self,
                                       double             first,
                                       double             last,
                                       guint64            n);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CkptBinning, ckpt_binning_clear)

G_END_DECLS
