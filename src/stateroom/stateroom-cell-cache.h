/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/* Cells of a tile. */
#define STATEROOM_TILE_ROWS    64
#define STATEROOM_TILE_COLUMNS 32

/* Pages of the cells of a slice, read in threads when they are looked for; the last ones are kept. For the main thread. */
typedef struct _StateroomCellCache StateroomCellCache;

/* Something was read. */
typedef void (*StateroomCellFunc) (gpointer user_data);

StateroomCellCache *stateroom_cell_cache_new       (const CkptSlice     *slice,
                                                    StateroomCellFunc    func,
                                                    gpointer             user_data);
void                stateroom_cell_cache_free      (StateroomCellCache  *self);
void                stateroom_cell_cache_begin     (StateroomCellCache  *self);
const CkptCells    *stateroom_cell_cache_look_up   (StateroomCellCache  *self,
                                                    guint64              row,
                                                    guint64              column,
                                                    const GError       **error);
void                stateroom_cell_cache_end       (StateroomCellCache  *self);
gboolean            stateroom_cell_cache_is_busy   (StateroomCellCache  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StateroomCellCache, stateroom_cell_cache_free)

G_END_DECLS
