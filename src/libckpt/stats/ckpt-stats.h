/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"
#include "stats/ckpt-scale.h"

G_BEGIN_DECLS

/**
 * CkptStats:
 * @n: elements that are there; of float4, whose elements are pairs, both numbers
 * @n_finite: elements that are neither NaN nor infinite; the figures below are over these
 * @std: population standard deviation
 * @is_magnitude: whether the figures are of the magnitudes of complex numbers
 * @n_missing: elements that the tensor has but the file has not, counted as @n
 * @norm: L2 norm: square root of the sum of the squares
 * @fits_bfloat16: of float32 and float64: whether there are elements and each, NaN and infinities too, is a bfloat16 exactly
 * @fits_float16: likewise a float16
 */
typedef struct
{
  guint64 n;
  guint64 n_nan;
  guint64 n_pos_inf;
  guint64 n_neg_inf;
  guint64 n_zero;
  guint64 n_finite;
  double min;
  double max;
  double mean;
  double std;
  gboolean is_magnitude;
  guint64 n_missing;
  double norm;
  gboolean fits_bfloat16;
  gboolean fits_float16;
} CkptStats;

/**
 * CkptHistogram:
 * @low: left edge of the first bin
 * @high: right edge of the last bin; values equal to it belong to the last bin
 * @n_bins: bins, all of the same width on @scale
 * @counts: (array length=n_bins): values in each
 * @n_below: finite values left of @low
 * @n_above: finite values right of @high
 * @scale: along which the bins have the same width
 * @n_uncertain: values that may belong to a bin beside the one where they are counted, or outside; 0: all counts are exact
 */
typedef struct
{
  double low;
  double high;
  guint n_bins;
  guint64 *counts;
  guint64 n_below;
  guint64 n_above;
  CkptScale scale;
  guint64 n_uncertain;
} CkptHistogram;

CKPT_EXPORT gboolean       ckpt_stats_compute     (CkptTree         *tree,
                                                   const CkptTensor *tensor,
                                                   CkptProgressFunc  progress,
                                                   gpointer          progress_data,
                                                   GCancellable     *cancellable,
                                                   CkptStats        *stats,
                                                   GError          **error);
CKPT_EXPORT void           ckpt_stats_add         (CkptStats        *self,
                                                   const CkptStats  *other);
CKPT_EXPORT CkptHistogram *ckpt_histogram_compute (CkptTree         *tree,
                                                   const CkptTensor *tensor,
                                                   double            low,
                                                   double            high,
                                                   guint             n_bins,
                                                   CkptProgressFunc  progress,
                                                   gpointer          progress_data,
                                                   GCancellable     *cancellable,
                                                   GError          **error);
CKPT_EXPORT double         ckpt_histogram_get_edge (const CkptHistogram *self,
                                                    guint            i);
CKPT_EXPORT CkptHistogram *ckpt_histogram_copy    (const CkptHistogram *self);
CKPT_EXPORT void           ckpt_histogram_free    (CkptHistogram    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptHistogram, ckpt_histogram_free)

G_END_DECLS
