/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckptplot.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_PLOT_VIEW (stateroom_plot_view_get_type ())

/* Shows a plot in the colours of the style. The pointer and the arrow keys tell what a bar counts. */
G_DECLARE_FINAL_TYPE (StateroomPlotView, stateroom_plot_view, STATEROOM, PLOT_VIEW, GtkWidget)

GtkWidget *stateroom_plot_view_new            (void);
void       stateroom_plot_view_take_histogram (StateroomPlotView *self,
                                               CkptPlotHistogram *plot,
                                               const char        *name);
void       stateroom_plot_view_set_log_counts (StateroomPlotView *self,
                                               gboolean           log_counts);
gboolean   stateroom_plot_view_get_slot       (StateroomPlotView *self,
                                               guint             *slot);

G_END_DECLS
