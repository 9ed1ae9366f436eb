/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ckpt-plot-theme.h"

G_BEGIN_DECLS

/* Shades on each side of zero. */
#define CKPT_PLOT_PALETTE_SIDE 127

/**
 * CkptPlotPalette:
 * @pixels: from the lowest value to the highest, zero in the middle; as 0xRRGGBB
 *
 * Colours of numbers: blue below zero, orange above, the stronger the farther from it.
 */
typedef struct
{
  guint32 pixels[2 * CKPT_PLOT_PALETTE_SIDE + 1];
} CkptPlotPalette;

void    ckpt_plot_palette_init      (CkptPlotPalette       *self,
                                     const CkptPlotTheme   *theme);
guint32 ckpt_plot_palette_get_pixel (const CkptPlotPalette *self,
                                     double                 place);
guint32 ckpt_plot_color_to_pixel    (const CkptPlotColor   *color,
                                     const CkptPlotColor   *background);

G_END_DECLS
