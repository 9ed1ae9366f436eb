/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * StateroomGridAxis:
 * @n: how many lines (rows, or columns) there are
 * @size: pixels of a line
 * @page: pixels that are seen
 * @first: the first line that is seen
 * @hidden: pixels of it that are not
 *
 * Lines of which some are seen through a scrolled window. There may be more of them than a double has pixels for: then the adjustment is
 * shrunk, and only far leaps follow it; what is less than some pages goes by pixels, so that every line can be reached.
 */
typedef struct
{
  guint64 n;
  int size;
  int page;
  guint64 first;
  double hidden;
  /*< private >*/
  GtkAdjustment *adjustment;
  double value;
} StateroomGridAxis;

void     stateroom_grid_axis_clear          (StateroomGridAxis *self);
gboolean stateroom_grid_axis_set_adjustment (StateroomGridAxis *self,
                                             GtkAdjustment     *adjustment);
void     stateroom_grid_axis_configure      (StateroomGridAxis *self,
                                             guint64            n,
                                             int                size,
                                             int                page);
void     stateroom_grid_axis_follow         (StateroomGridAxis *self);
void     stateroom_grid_axis_show           (StateroomGridAxis *self,
                                             guint64            line);
guint64  stateroom_grid_axis_get_end        (StateroomGridAxis *self);
guint64  stateroom_grid_axis_count_whole    (StateroomGridAxis *self);
double   stateroom_grid_axis_locate         (StateroomGridAxis *self,
                                             guint64            line);
gboolean stateroom_grid_axis_find           (StateroomGridAxis *self,
                                             double             pixel,
                                             guint64           *line);

G_END_DECLS
