/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <ckpt.h>

#include "ckpt-plot.h"

G_BEGIN_DECLS

#define CKPT_TYPE_PLOT_SPARKLINE (ckpt_plot_sparkline_get_type ())

/* A histogram as small as a word, for a row of a table. It has no text and no items. */
G_DECLARE_FINAL_TYPE (CkptPlotSparkline, ckpt_plot_sparkline, CKPT, PLOT_SPARKLINE, CkptPlot)

CkptPlotSparkline *ckpt_plot_sparkline_new (const CkptStats     *stats,
                                            const CkptHistogram *histogram);

G_END_DECLS
