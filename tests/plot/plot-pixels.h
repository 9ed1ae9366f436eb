/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckptplot.h>

G_BEGIN_DECLS

cairo_surface_t *plot_pixels_draw  (CkptPlot        *plot,
                                    int              width,
                                    int              height);
guint32          plot_pixels_get   (cairo_surface_t *surface,
                                    int              x,
                                    int              y);
gsize            plot_pixels_count_svg (CkptPlot    *plot,
                                    double           width,
                                    double           height);

G_END_DECLS
