/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-cell-cache.h"
#include "stateroom-grid-axis.h"
#include "stateroom-value-grid.h"

G_BEGIN_DECLS

/* Pixels around the text of a cell. */
#define STATEROOM_CELL_PADDING_X 8
#define STATEROOM_CELL_PADDING_Y 4

struct _StateroomValueGrid
{
  GtkWidget parent_instance;

  StateroomSliceModel *model;
  StateroomCellCache *cache;
  StateroomGridAxis rows;
  StateroomGridAxis columns;
  guint policies[2]; /* of scrolling, by GtkOrientation */
  guint64 cursor_row;
  guint64 cursor_column;
  guint64 anchor_row; /* the other corner of the selection */
  guint64 anchor_column;
  gboolean is_to_announce; /* the cell of the cursor, once it is read */

  int header_width; /* of the indices of rows */
  int cell_width;
  int cell_height; /* also of the indices of columns */
  int wanted_width; /* of cells whose text does not fit */
  guint resize_id;
  GtkWidget *menu;
};

const CkptSlice *stateroom_value_grid_get_slice     (StateroomValueGrid   *self);
void             stateroom_value_grid_measure_cells (StateroomValueGrid   *self);
void             stateroom_value_grid_draw          (StateroomValueGrid   *self,
                                                     GtkSnapshot          *snapshot);
void             stateroom_value_grid_add_bindings  (GtkWidgetClass       *widget_class);
void             stateroom_value_grid_add_controllers (StateroomValueGrid *self);
gboolean         stateroom_value_grid_query_tooltip (GtkWidget            *widget,
                                                     int                   x,
                                                     int                   y,
                                                     gboolean              keyboard,
                                                     GtkTooltip           *tooltip);

G_END_DECLS
