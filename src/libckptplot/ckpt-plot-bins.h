/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/**
 * CkptPlotBins:
 * @low: left edge of the first bin
 * @high: right edge of the last bin
 * @n_bins: bins, all of the same width
 */
typedef struct
{
  double low;
  double high;
  guint n_bins;
} CkptPlotBins;

gboolean ckpt_plot_bins_choose (const CkptStats *stats,
                                gboolean         is_whole,
                                guint            n_wanted,
                                CkptPlotBins    *bins);

G_END_DECLS
