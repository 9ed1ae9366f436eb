/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckptplot.h>

G_BEGIN_DECLS

/* What a plot looks like in a widget: its font, and the colours of the style. */
CkptPlotTheme *stateroom_plot_theme_new   (GtkWidget *widget);
/* Calls @func (widget) when that may be another one, as long as the widget is there. */
void           stateroom_plot_theme_watch (GtkWidget *widget,
                                           GCallback  func);

G_END_DECLS
