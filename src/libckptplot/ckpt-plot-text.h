/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ckpt-plot.h"

G_BEGIN_DECLS

/* Measures and draws text of a theme, with the same extents on every kind of surface. */
typedef struct _CkptPlotText CkptPlotText;

CkptPlotText *ckpt_plot_text_new          (const CkptPlotTheme *theme);
void          ckpt_plot_text_free         (CkptPlotText        *self);
void          ckpt_plot_text_measure      (CkptPlotText        *self,
                                           const char          *text,
                                           double              *width,
                                           double              *height);
void          ckpt_plot_text_draw         (CkptPlotText        *self,
                                           cairo_t             *cr,
                                           const char          *text,
                                           double               x,
                                           double               y,
                                           const CkptPlotColor *color);
void          ckpt_plot_text_draw_in_box  (CkptPlotText        *self,
                                           cairo_t             *cr,
                                           const char          *text,
                                           const CkptPlotRect  *box,
                                           const CkptPlotColor *color);
void          ckpt_plot_text_draw_within  (CkptPlotText        *self,
                                           cairo_t             *cr,
                                           const char          *text,
                                           double               x,
                                           double               y,
                                           double               width,
                                           const CkptPlotColor *color);
void          ckpt_plot_set_source        (cairo_t             *cr,
                                           const CkptPlotColor *color);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptPlotText, ckpt_plot_text_free)

G_END_DECLS
