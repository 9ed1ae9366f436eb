/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-heatmap-span.h"
#include "stateroom-heatmap-view.h"

G_BEGIN_DECLS

struct _StateroomHeatmapView
{
  GtkWidget parent_instance;

  CkptSlice *slice;
  char *name;
  StateroomHeatmapSpan rows;
  StateroomHeatmapSpan columns;
  CkptBlocks *blocks; /* those that are shown */
  CkptBlockKind kind;
  CkptPlotHeatmap *plot;
  GskRenderNode *picture; /* the plot as last drawn, without what follows the pointer */
  int picture_width;
  int picture_height;
  gboolean has_cell;
  guint64 row; /* of the blocks that are shown */
  guint64 column;
  guint64 element_row; /* of the slice: where the cell is to stay when other blocks are shown */
  guint64 element_column;
  StateroomHeatmapWish wish; /* the last one that was told */
  double drag_row;           /* where the spans were when a drag began */
  double drag_column;
  double pinch; /* the last scale of two fingers */
};

void     stateroom_heatmap_view_add_bindings    (GtkWidgetClass       *widget_class);
void     stateroom_heatmap_view_add_controllers (StateroomHeatmapView *self);
gboolean stateroom_heatmap_view_get_area        (StateroomHeatmapView *self,
                                                 CkptPlotRect         *area);
void     stateroom_heatmap_view_tell_wish       (StateroomHeatmapView *self);
void     stateroom_heatmap_view_set_cell        (StateroomHeatmapView *self,
                                                 gboolean              has_cell,
                                                 guint64               row,
                                                 guint64               column);
void     stateroom_heatmap_view_set_element     (StateroomHeatmapView *self,
                                                 guint64               row,
                                                 guint64               column);

G_END_DECLS
