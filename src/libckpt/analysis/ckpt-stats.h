/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/**
 * CkptStats:
 * @n: elements; of float4, whose elements are pairs, both numbers
 * @n_finite: elements that are neither NaN nor infinite; the figures below are over these
 * @std: population standard deviation
 * @is_magnitude: whether the figures are of the magnitudes of complex numbers
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
} CkptStats;

/**
 * CkptHistogram:
 * @low: left edge of the first bin
 * @high: right edge of the last bin; values equal to it belong to the last bin
 * @n_bins: bins, all of the same width
 * @counts: (array length=n_bins): values in each
 * @n_below: finite values left of @low
 * @n_above: finite values right of @high
 */
typedef struct
{
  double low;
  double high;
  guint n_bins;
  guint64 *counts;
  guint64 n_below;
  guint64 n_above;
} CkptHistogram;

CKPT_EXPORT gboolean       ckpt_stats_compute     (CkptTree         *tree,
                                                   const CkptTensor *tensor,
                                                   CkptProgressFunc  progress,
                                                   gpointer          progress_data,
                                                   GCancellable     *cancellable,
                                                   CkptStats        *stats,
                                                   GError          **error);
CKPT_EXPORT CkptHistogram *ckpt_histogram_compute (CkptTree         *tree,
                                                   const CkptTensor *tensor,
                                                   double            low,
                                                   double            high,
                                                   guint             n_bins,
                                                   CkptProgressFunc  progress,
                                                   gpointer          progress_data,
                                                   GCancellable     *cancellable,
                                                   GError          **error);
CKPT_EXPORT void           ckpt_histogram_free    (CkptHistogram    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptHistogram, ckpt_histogram_free)

G_END_DECLS
