/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "stats/ckpt-stats.h"

G_BEGIN_DECLS

/* Distinct values that an exact sketch holds at most. */
#define CKPT_SKETCH_MAX_EXACT 65536

/* How the finite values of one tensor, or of many, are spread: counts of single values, or of buckets that are the same for all
 * types. Never changes, so any thread may use it. */
typedef struct _CkptSketch CkptSketch;

CKPT_EXPORT CkptSketch    *ckpt_sketch_ref           (CkptSketch         *self);
CKPT_EXPORT void           ckpt_sketch_unref         (CkptSketch         *self);
CKPT_EXPORT CkptSketch    *ckpt_sketch_merge         (CkptSketch * const *sketches,
                                                      gsize               n);
CKPT_EXPORT guint64        ckpt_sketch_get_n         (CkptSketch         *self);
CKPT_EXPORT gboolean       ckpt_sketch_is_exact      (CkptSketch         *self);
CKPT_EXPORT gsize          ckpt_sketch_get_size      (CkptSketch         *self);
CKPT_EXPORT double         ckpt_sketch_get_quantile  (CkptSketch         *self,
                                                      double              q,
                                                      double             *error);
CKPT_EXPORT guint          ckpt_sketch_count_buckets (CkptSketch         *self,
                                                      double              low,
                                                      double              high);
CKPT_EXPORT CkptHistogram *ckpt_sketch_get_histogram (CkptSketch         *self,
                                                      const CkptScale    *scale,
                                                      double              low,
                                                      double              high,
                                                      guint               n_bins);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptSketch, ckpt_sketch_unref)

G_END_DECLS
