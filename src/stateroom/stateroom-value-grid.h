/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "stateroom-slice-model.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_VALUE_GRID (stateroom_value_grid_get_type ())

/* The values of a slice in rows and columns; reads only what is seen. Emits "cursor-changed" when there is something else to say about the
 * cell that has the cursor. */
G_DECLARE_FINAL_TYPE (StateroomValueGrid, stateroom_value_grid, STATEROOM, VALUE_GRID, GtkWidget)

GtkWidget *stateroom_value_grid_new             (void);
void       stateroom_value_grid_set_model       (StateroomValueGrid  *self,
                                                 StateroomSliceModel *model);
void       stateroom_value_grid_set_menu        (StateroomValueGrid  *self,
                                                 GMenuModel          *menu);
void       stateroom_value_grid_get_cursor      (StateroomValueGrid  *self,
                                                 guint64             *row,
                                                 guint64             *column);
void       stateroom_value_grid_set_cursor      (StateroomValueGrid  *self,
                                                 guint64              row,
                                                 guint64              column,
                                                 gboolean             extend);
gboolean   stateroom_value_grid_get_selection   (StateroomValueGrid  *self,
                                                 CkptRect            *rect);
void       stateroom_value_grid_select_all      (StateroomValueGrid  *self);
char      *stateroom_value_grid_dup_cursor_text (StateroomValueGrid  *self);
void       stateroom_value_grid_get_visible     (StateroomValueGrid  *self,
                                                 CkptRect            *rect);
gboolean   stateroom_value_grid_is_busy         (StateroomValueGrid  *self);

G_END_DECLS
