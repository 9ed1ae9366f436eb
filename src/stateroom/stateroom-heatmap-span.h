/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * StateroomHeatmapSpan:
 * @n: indices of the axis
 * @first: the first one that is looked at, with a fraction
 * @count: how many are
 *
 * The part of one axis that a heatmap is zoomed to.
 */
typedef struct
{
  guint64 n;
  double first;
  double count;
} StateroomHeatmapSpan;

void     stateroom_heatmap_span_reset      (StateroomHeatmapSpan       *self,
                                            guint64                     n);
gboolean stateroom_heatmap_span_is_whole   (const StateroomHeatmapSpan *self);
void     stateroom_heatmap_span_zoom       (StateroomHeatmapSpan       *self,
                                            double                      about,
                                            double                      ratio);
void     stateroom_heatmap_span_pan        (StateroomHeatmapSpan       *self,
                                            double                      distance);
void     stateroom_heatmap_span_get_blocks (const StateroomHeatmapSpan *self,
                                            guint                       max_blocks,
                                            guint64                    *first,
                                            guint64                    *n,
                                            guint64                    *factor);

G_END_DECLS
