/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>
#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  STATEROOM_COLUMN_KEY,
  STATEROOM_COLUMN_VALUE,
  STATEROOM_COLUMN_TYPE,
  STATEROOM_COLUMN_DEVICE,
  STATEROOM_COLUMN_VALUES,
  STATEROOM_COLUMN_SIZE,
} StateroomColumn;

#define STATEROOM_TYPE_CELLS (stateroom_cells_get_type ())

/* Makes and fills the cells of the key tree. */
G_DECLARE_FINAL_TYPE (StateroomCells, stateroom_cells, STATEROOM, CELLS, GObject)

StateroomCells     *stateroom_cells_new             (void);
void                stateroom_cells_set_root        (StateroomCells  *self,
                                                     CkptItem        *root);
void                stateroom_cells_set_document    (StateroomCells  *self,
                                                     CkptDocument    *document);
GtkListItemFactory *stateroom_cells_new_factory     (StateroomCells  *self,
                                                     StateroomColumn  column);
GtkListItemFactory *stateroom_cells_new_row_factory (StateroomCells  *self);
void                stateroom_cells_update_values   (StateroomCells  *self);
/* The position of the row that is shown at a point of the list, or GTK_INVALID_LIST_POSITION. */
guint               stateroom_cells_pick_row        (GtkWidget       *column_view,
                                                     double           x,
                                                     double           y);
GtkWidget          *stateroom_cells_find_key        (StateroomCells  *self,
                                                     guint            position);
CkptItem           *stateroom_cells_get_item        (gpointer         row);

G_END_DECLS
