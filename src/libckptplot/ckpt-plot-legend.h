/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ckpt-plot-text.h"

G_BEGIN_DECLS

/**
 * CkptPlotLegendEntry:
 * @name: what a series is; borrowed
 * @swatch: where a sample of its line or colour lies
 * @text: where its name lies; one that is longer is cut in the middle
 */
typedef struct
{
  const char *name;
  CkptPlotRect swatch;
  CkptPlotRect text;
} CkptPlotLegendEntry;

double ckpt_plot_legend_place (CkptPlotLegendEntry *entries,
                               guint                n_entries,
                               CkptPlotText        *text,
                               const CkptPlotRect  *room);
void   ckpt_plot_legend_draw  (const CkptPlotLegendEntry *entries,
                               guint                      n_entries,
                               CkptPlotText              *text,
                               cairo_t                   *cr,
                               const CkptPlotColor       *color);

G_END_DECLS
