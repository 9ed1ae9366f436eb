/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-byte-strip.h"

#include <math.h>

#define HEIGHT    14
#define MIN_WIDTH 60
#define MIN_RANGE 2.0 /* pixels: what is there at all is seen */

struct _StateroomByteStrip
{
  GtkWidget parent_instance;

  GArray *ranges; /* of CkptByteRange */
  guint64 n_bytes;
  CkptByteRange marked;
};

G_DEFINE_FINAL_TYPE (StateroomByteStrip, stateroom_byte_strip, GTK_TYPE_WIDGET)

static void
append_range (StateroomByteStrip *self, GtkSnapshot *snapshot, CkptByteRange range, const GdkRGBA *color)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double first = floor ((double) range.first / (double) self->n_bytes * width);
  double end = ceil ((double) range.end / (double) self->n_bytes * width);
  double length = MAX (end - first, MIN_RANGE);

  gtk_snapshot_append_color (
      snapshot, color, &GRAPHENE_RECT_INIT ((float) MIN (first, width - length), 0, (float) length, HEIGHT));
}

static void
stateroom_byte_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  StateroomByteStrip *self = STATEROOM_BYTE_STRIP (widget);
  GskRoundedRect shape;
  GdkRGBA color;

  if (self->n_bytes == 0)
    return;
  gsk_rounded_rect_init_from_rect (
      &shape, &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget), HEIGHT), 4);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_widget_get_color (widget, &color);
  color.alpha *= 0.2f;
  gtk_snapshot_append_color (snapshot, &color, &shape.bounds);
  color.alpha *= 5;
  for (guint i = 0; i < self->ranges->len; i++)
    append_range (self, snapshot, g_array_index (self->ranges, CkptByteRange, i), &color);
  if (self->marked.end > self->marked.first)
    append_range (self, snapshot, self->marked, &(GdkRGBA) { 0.9f, 0.38f, 0, 1 });
  gtk_snapshot_pop (snapshot);
}

static void
stateroom_byte_strip_measure (GtkWidget *widget,
                              GtkOrientation orientation,
                              int for_size,
                              int *minimum,
                              int *natural,
                              int *minimum_baseline,
                              int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : HEIGHT;
}

static void
stateroom_byte_strip_finalize (GObject *object)
{
  g_array_unref (STATEROOM_BYTE_STRIP (object)->ranges);
  G_OBJECT_CLASS (stateroom_byte_strip_parent_class)->finalize (object);
}

static void
stateroom_byte_strip_class_init (StateroomByteStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = stateroom_byte_strip_finalize;
  widget_class->snapshot = stateroom_byte_strip_snapshot;
  widget_class->measure = stateroom_byte_strip_measure;
  gtk_widget_class_set_css_name (widget_class, "bytestrip");
  /* The words around it say the same. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
stateroom_byte_strip_init (StateroomByteStrip *self)
{
}

/**
 * stateroom_byte_strip_new:
 * @ranges: (element-type CkptByteRange): bytes that are shown
 * @n_bytes: bytes that there are
 *
 * Returns: (transfer floating): a strip
 */
GtkWidget *
stateroom_byte_strip_new (const GArray *ranges, guint64 n_bytes)
{
  StateroomByteStrip *self = g_object_new (STATEROOM_TYPE_BYTE_STRIP, NULL);

  self->ranges = g_array_copy ((GArray *) ranges);
  self->n_bytes = n_bytes;
  return GTK_WIDGET (self);
}

/**
 * stateroom_byte_strip_set_marked:
 * @range: bytes to mark
 */
void
stateroom_byte_strip_set_marked (StateroomByteStrip *self, CkptByteRange range)
{
  g_return_if_fail (STATEROOM_IS_BYTE_STRIP (self));

  self->marked = range;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
