/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-share-bar.h"

#include <math.h>

#define BAR_WIDTH     48
#define BAR_MIN_WIDTH 16
#define BAR_HEIGHT    6
#define MARK_WIDTH    3.0 /* of what is smaller */
#define MARK_ALPHA    0.5 /* of the least part */

struct _StateroomShareBar
{
  GtkWidget parent_instance;

  double share;
};

G_DEFINE_FINAL_TYPE (StateroomShareBar, stateroom_share_bar, GTK_TYPE_WIDGET)

static void
append_bar (GtkSnapshot *snapshot, double x, double y, double width, const GdkRGBA *color)
{
  GskRoundedRect shape;

  gsk_rounded_rect_init_from_rect (&shape,
                                   &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, BAR_HEIGHT),
                                   (float) MIN (width / 2, BAR_HEIGHT / 2.0));
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, color, &shape.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
stateroom_share_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  StateroomShareBar *self = STATEROOM_SHARE_BAR (widget);
  double width = gtk_widget_get_width (widget);
  double y = round ((gtk_widget_get_height (widget) - BAR_HEIGHT) / 2.0);
  double filled;
  GdkRGBA color;

  if (self->share < 0)
    return;
  gtk_widget_get_color (widget, &color);
  color.alpha *= 0.2f;
  append_bar (snapshot, 0, y, width, &color);
  if (self->share <= 0)
    return;
  /* Whatever there is at all can be seen; it is paler where it is less than its mark. */
  filled = CLAMP (width * self->share, MARK_WIDTH, width);
  gtk_widget_get_color (widget, &color);
  color.alpha *= (float) CLAMP (width * self->share / MARK_WIDTH, MARK_ALPHA, 1);
  append_bar (snapshot, gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? width - filled : 0, y, filled,
              &color);
}

static void
stateroom_share_bar_measure (GtkWidget *widget,
                             GtkOrientation orientation,
                             int for_size,
                             int *minimum,
                             int *natural,
                             int *minimum_baseline,
                             int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? BAR_MIN_WIDTH : BAR_HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? BAR_WIDTH : BAR_HEIGHT;
}

static void
stateroom_share_bar_class_init (StateroomShareBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = stateroom_share_bar_snapshot;
  widget_class->measure = stateroom_share_bar_measure;
  gtk_widget_class_set_css_name (widget_class, "sharebar");
  /* The number beside it says the same. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
stateroom_share_bar_init (StateroomShareBar *self)
{
  self->share = -1;
}

/**
 * stateroom_share_bar_new:
 *
 * Returns: (transfer floating): a bar that shows nothing
 */
GtkWidget *
stateroom_share_bar_new (void)
{
  return g_object_new (STATEROOM_TYPE_SHARE_BAR, NULL);
}

/**
 * stateroom_share_bar_set_share:
 * @share: from 0 to 1, or a negative number to draw no bar
 */
void
stateroom_share_bar_set_share (StateroomShareBar *self, double share)
{
  g_return_if_fail (STATEROOM_IS_SHARE_BAR (self));

  if (self->share == share)
    return;
  self->share = share;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
