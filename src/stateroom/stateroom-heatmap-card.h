/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "stateroom-heatmap-view.h"
#include "stateroom-slice-model.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_HEATMAP_CARD (stateroom_heatmap_card_get_type ())

/* A heatmap of a slice, with what can be chosen about it. Reads nothing before it is looked at. */
G_DECLARE_FINAL_TYPE (StateroomHeatmapCard, stateroom_heatmap_card, STATEROOM, HEATMAP_CARD, AdwBin)

GtkWidget            *stateroom_heatmap_card_new       (void);
void                  stateroom_heatmap_card_set_model (StateroomHeatmapCard *self,
                                                        StateroomSliceModel  *model,
                                                        const char           *name);
void                  stateroom_heatmap_card_set_kind  (StateroomHeatmapCard *self,
                                                        CkptBlockKind         kind);
StateroomHeatmapView *stateroom_heatmap_card_get_view  (StateroomHeatmapCard *self);
CkptBlocks           *stateroom_heatmap_card_get_blocks (StateroomHeatmapCard *self);
const char           *stateroom_heatmap_card_get_note  (StateroomHeatmapCard *self);
const char           *stateroom_heatmap_card_get_cell  (StateroomHeatmapCard *self);
gboolean              stateroom_heatmap_card_is_busy   (StateroomHeatmapCard *self);

G_END_DECLS
