/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckptplot.h>

#include "stateroom-heatmap-job.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_HEATMAP_VIEW (stateroom_heatmap_view_get_type ())

/* A heatmap to move and zoom. Emits "wish-changed" when other blocks are needed, and "cell-changed" when another cell is pointed at. */
G_DECLARE_FINAL_TYPE (StateroomHeatmapView, stateroom_heatmap_view, STATEROOM, HEATMAP_VIEW, GtkWidget)

GtkWidget       *stateroom_heatmap_view_new        (void);
void             stateroom_heatmap_view_set_slice  (StateroomHeatmapView *self,
                                                    const CkptSlice      *slice,
                                                    const char           *name);
void             stateroom_heatmap_view_set_blocks (StateroomHeatmapView *self,
                                                    CkptBlocks           *blocks,
                                                    CkptBlockKind         kind);
gboolean         stateroom_heatmap_view_get_wish   (StateroomHeatmapView *self,
                                                    StateroomHeatmapWish *wish);
void             stateroom_heatmap_view_zoom       (StateroomHeatmapView *self,
                                                    double                ratio);
void             stateroom_heatmap_view_reset      (StateroomHeatmapView *self);
gboolean         stateroom_heatmap_view_is_whole   (StateroomHeatmapView *self);
char            *stateroom_heatmap_view_dup_cell_text (StateroomHeatmapView *self);

G_END_DECLS
