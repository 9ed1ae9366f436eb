/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-heatmap-span.h"

#include <math.h>

/* Nothing is zoomed further than to so many cells. */
#define MIN_COUNT 4.0

/**
 * stateroom_heatmap_span_reset:
 * @n: indices of the axis
 *
 * Looks at all of them.
 */
void
stateroom_heatmap_span_reset (StateroomHeatmapSpan *self, guint64 n)
{
  self->n = n;
  self->first = 0;
  self->count = (double) n;
}

/**
 * stateroom_heatmap_span_is_whole:
 *
 * Returns: whether all of the axis is looked at
 */
gboolean
stateroom_heatmap_span_is_whole (const StateroomHeatmapSpan *self)
{
  return self->count >= (double) self->n;
}

/**
 * stateroom_heatmap_span_zoom:
 * @about: the place that stays where it is: 0 is the first index that is looked at, 1 is behind the last
 * @ratio: how many times as many indices are looked at then
 */
void
stateroom_heatmap_span_zoom (StateroomHeatmapSpan *self, double about, double ratio)
{
  double n = (double) self->n, count = CLAMP (self->count * ratio, MIN (MIN_COUNT, n), n);
  double first = self->first + about * (self->count - count);

  self->count = count;
  self->first = CLAMP (first, 0, n - count);
}

/**
 * stateroom_heatmap_span_pan:
 * @distance: how far, in indices
 */
void
stateroom_heatmap_span_pan (StateroomHeatmapSpan *self, double distance)
{
  self->first = CLAMP (self->first + distance, 0, (double) self->n - self->count);
}

/**
 * stateroom_heatmap_span_get_blocks:
 * @max_blocks: for how many there is room, at least 2
 * @first: (out): the first index of the first block
 * @n: (out): how many indices are in all blocks
 * @factor: (out): how many are in one: a power of two
 *
 * Blocks begin at multiples of their size, so that they stay the same while the heatmap is moved.
 */
void
stateroom_heatmap_span_get_blocks (const StateroomHeatmapSpan *self,
                                   guint max_blocks,
                                   guint64 *first,
                                   guint64 *n,
                                   guint64 *factor)
{
  guint64 end = MIN ((guint64) ceil (self->first + self->count), self->n);

  *factor = 1;
  while (self->count / (double) *factor > max_blocks)
    *factor *= 2;
  *first = (guint64) self->first / *factor * *factor;
  if (end % *factor != 0)
    end = MIN (self->n - end, *factor - end % *factor) + end;
  *n = end - *first;
}
