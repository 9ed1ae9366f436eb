/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-plot-view.h"

G_BEGIN_DECLS

/**
 * StateroomPlotView:
 * @plot: (nullable): what is shown
 * @has_item: whether the tip is about an item, which is @item
 * @has_pointer: whether the pointer is over it, at @pointer_x and @pointer_y
 * @height: pixels that it wants to have
 * @is_selecting: whether a part is being chosen, from @select_from to @select_to
 * @picture: (nullable): the plot as last drawn, without what follows the pointer
 */
struct _StateroomPlotView
{
  GtkWidget parent_instance;

  CkptPlot *plot;
  gboolean has_item;
  guint item;
  gboolean has_pointer;
  double pointer_x;
  double pointer_y;
  int height;
  gboolean has_rows;
  gboolean can_zoom;
  gboolean is_zoomed;
  gboolean is_selecting;
  double select_from;
  double select_to;
  GskRenderNode *picture;
  int picture_width;
  int picture_height;
  GtkWidget *tip;
  GtkLabel *tip_name;
  GtkLabel *tip_figures;
};

void stateroom_plot_view_set_item        (StateroomPlotView      *self,
                                          gboolean                has_item,
                                          guint                   item);
/* Takes the item under the pointer, if that is over the plot. */
void stateroom_plot_view_pick            (StateroomPlotView      *self);
/* Keys and pointer. */
void stateroom_plot_view_install_input   (StateroomPlotViewClass *klass);
void stateroom_plot_view_add_controllers (StateroomPlotView      *self);

G_END_DECLS
