/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckptplot.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_PLOT_VIEW (stateroom_plot_view_get_type ())

/* Shows a plot in the colours of the style. The pointer and the arrow keys tell what its items are, and tell those who use it what to do. */
G_DECLARE_FINAL_TYPE (StateroomPlotView, stateroom_plot_view, STATEROOM, PLOT_VIEW, GtkWidget)

GtkWidget *stateroom_plot_view_new        (void);
void       stateroom_plot_view_set_plot   (StateroomPlotView *self,
                                           CkptPlot          *plot,
                                           const char        *label);
CkptPlot  *stateroom_plot_view_get_plot   (StateroomPlotView *self);
/* After the plot itself was changed. */
void       stateroom_plot_view_refresh    (StateroomPlotView *self);
gboolean   stateroom_plot_view_get_item   (StateroomPlotView *self,
                                           guint             *item);
void       stateroom_plot_view_set_height (StateroomPlotView *self,
                                           int                height);
/* Whether up and down go along the items too. */
void       stateroom_plot_view_set_has_rows (StateroomPlotView *self,
                                           gboolean           has_rows);
/* Whether a part can be chosen by dragging, and whether there is more than what is shown. */
void       stateroom_plot_view_set_can_zoom (StateroomPlotView *self,
                                           gboolean           can_zoom);
void       stateroom_plot_view_set_is_zoomed (StateroomPlotView *self,
                                           gboolean           is_zoomed);

G_END_DECLS
