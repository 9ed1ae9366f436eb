/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ckpt-plot-text.h"
#include "ckpt-plot.h"

G_BEGIN_DECLS

/* Distances that all plots keep, in lines of text, so that everything grows with the font. */
#define CKPT_PLOT_GAP       0.4
#define CKPT_PLOT_MARGIN    0.6
#define CKPT_PLOT_HALF_LINE 0.5

#define CKPT_PLOT_TICK_LENGTH 4

CkptPlotText *ckpt_plot_get_text      (CkptPlot           *self);
double        ckpt_plot_get_line      (CkptPlot           *self);
gboolean      ckpt_plot_rect_contains (const CkptPlotRect *self,
                                       double              x,
                                       double              y);

G_END_DECLS
