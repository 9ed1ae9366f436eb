/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-heatmap-view-private.h"

#include <math.h>

/* What a key or a step of the wheel zooms by. */
#define ZOOM_STEP 1.25
/* Of what is seen, a key goes by so much. */
#define PAN_STEP 0.25
/* Cells of a page. */
#define PAGE 10

static void
pick (StateroomHeatmapView *self, double x, double y)
{
  GtkWidget *widget = GTK_WIDGET (self);
  guint item = 0;
  gboolean has_cell = self->plot != NULL &&
                      ckpt_plot_pick (CKPT_PLOT (self->plot), gtk_widget_get_width (widget),
                                      gtk_widget_get_height (widget), x, y, &item);
  guint64 n_columns = has_cell ? ckpt_blocks_get_n_columns (self->blocks) : 1;

  stateroom_heatmap_view_set_cell (self, has_cell, item / n_columns, item % n_columns);
}

static void
on_motion (StateroomHeatmapView *self, double x, double y)
{
  pick (self, x, y);
}

static void
on_leave (StateroomHeatmapView *self)
{
  if (!gtk_widget_has_focus (GTK_WIDGET (self)))
    stateroom_heatmap_view_set_cell (self, FALSE, 0, 0);
}

static void
on_focus_leave (StateroomHeatmapView *self)
{
  stateroom_heatmap_view_set_cell (self, FALSE, 0, 0);
}

/* A finger has no motion before it touches. */
static void
on_pressed (StateroomHeatmapView *self, int n_press, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  pick (self, x, y);
}

/* With Ctrl, or once the heatmap was clicked: else the page is to scroll on under the pointer. */
static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, gpointer user_data)
{
  StateroomHeatmapView *self = user_data;
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if (!(state & GDK_CONTROL_MASK) && !gtk_widget_has_focus (GTK_WIDGET (self)))
    return GDK_EVENT_PROPAGATE;
  stateroom_heatmap_view_zoom (self, pow (ZOOM_STEP, dy));
  return GDK_EVENT_STOP;
}

static void
on_drag_begin (StateroomHeatmapView *self)
{
  self->drag_row = self->rows.first;
  self->drag_column = self->columns.first;
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, gpointer user_data)
{
  StateroomHeatmapView *self = user_data;
  CkptPlotRect area;

  if (!stateroom_heatmap_view_get_area (self, &area) || stateroom_heatmap_view_is_whole (self))
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  stateroom_heatmap_span_pan (&self->rows,
                              self->drag_row - dy / area.height * self->rows.count - self->rows.first);
  stateroom_heatmap_span_pan (&self->columns, self->drag_column - dx / area.width * self->columns.count -
                                                  self->columns.first);
  stateroom_heatmap_view_tell_wish (self);
}

static void
on_pinch_begin (StateroomHeatmapView *self)
{
  self->pinch = 1;
}

static void
on_pinch (StateroomHeatmapView *self, double scale)
{
  if (scale <= 0)
    return;
  stateroom_heatmap_view_zoom (self, self->pinch / scale);
  self->pinch = scale;
}

static void
announce (StateroomHeatmapView *self)
{
  g_autofree char *text = stateroom_heatmap_view_dup_cell_text (self);

  if (text != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

/* So many blocks back or forth, and the span along with them where that leaves what is seen. */
static guint64
move (StateroomHeatmapSpan *span, guint64 element, guint64 factor, int distance)
{
  double there = CLAMP ((double) element + distance * (double) factor, 0, (double) span->n - 1);

  if (there < span->first)
    stateroom_heatmap_span_pan (span, there - span->first);
  else if (there + 1 > span->first + span->count)
    stateroom_heatmap_span_pan (span, there + 1 - span->first - span->count);
  return MIN ((guint64) there, span->n - 1);
}

/* One cell on; at the edge the heatmap moves along. Begins in the middle. */
static void
move_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  StateroomHeatmapView *self = STATEROOM_HEATMAP_VIEW (widget);
  int rows, columns;

  g_variant_get (parameter, "(ii)", &rows, &columns);
  if (self->blocks == NULL)
    return;
  if (self->has_cell)
    stateroom_heatmap_view_set_element (
        self, move (&self->rows, self->element_row, ckpt_blocks_get_row_factor (self->blocks), rows),
        move (&self->columns, self->element_column, ckpt_blocks_get_column_factor (self->blocks), columns));
  else
    stateroom_heatmap_view_set_cell (self, TRUE, ckpt_blocks_get_n_rows (self->blocks) / 2,
                                     ckpt_blocks_get_n_columns (self->blocks) / 2);
  stateroom_heatmap_view_tell_wish (self);
  announce (self);
}

static void
pan_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  StateroomHeatmapView *self = STATEROOM_HEATMAP_VIEW (widget);
  int rows, columns;

  g_variant_get (parameter, "(ii)", &rows, &columns);
  stateroom_heatmap_span_pan (&self->rows, CLAMP (rows, -1, 1) * PAN_STEP * self->rows.count);
  stateroom_heatmap_span_pan (&self->columns, CLAMP (columns, -1, 1) * PAN_STEP * self->columns.count);
  stateroom_heatmap_view_tell_wish (self);
}

static void
zoom_in_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  stateroom_heatmap_view_zoom (STATEROOM_HEATMAP_VIEW (widget), 1 / ZOOM_STEP);
}

static void
zoom_out_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  stateroom_heatmap_view_zoom (STATEROOM_HEATMAP_VIEW (widget), ZOOM_STEP);
}

static void
reset_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  stateroom_heatmap_view_reset (STATEROOM_HEATMAP_VIEW (widget));
}

/**
 * stateroom_heatmap_view_add_bindings:
 * @widget_class: the class of the view
 *
 * Adds its actions and their keys.
 */
void
stateroom_heatmap_view_add_bindings (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint keys[2];
    int rows;
    int columns;
  } moves[] = {
    { { GDK_KEY_Up, GDK_KEY_KP_Up }, -1, 0 },
    { { GDK_KEY_Down, GDK_KEY_KP_Down }, 1, 0 },
    { { GDK_KEY_Left, GDK_KEY_KP_Left }, 0, -1 },
    { { GDK_KEY_Right, GDK_KEY_KP_Right }, 0, 1 },
    { { GDK_KEY_Page_Up, GDK_KEY_KP_Page_Up }, -PAGE, 0 },
    { { GDK_KEY_Page_Down, GDK_KEY_KP_Page_Down }, PAGE, 0 },
    { { GDK_KEY_Home, GDK_KEY_KP_Home }, 0, -G_MAXINT },
    { { GDK_KEY_End, GDK_KEY_KP_End }, 0, G_MAXINT },
  };
  static const struct
  {
    guint key;
    const char *action;
  } others[] = {
    { GDK_KEY_plus, "heatmap.zoom-in" },         { GDK_KEY_KP_Add, "heatmap.zoom-in" },
    { GDK_KEY_equal, "heatmap.zoom-in" },        { GDK_KEY_minus, "heatmap.zoom-out" },
    { GDK_KEY_KP_Subtract, "heatmap.zoom-out" }, { GDK_KEY_0, "heatmap.reset" },
    { GDK_KEY_KP_0, "heatmap.reset" },
  };

  gtk_widget_class_install_action (widget_class, "heatmap.move", "(ii)", move_action);
  gtk_widget_class_install_action (widget_class, "heatmap.pan", "(ii)", pan_action);
  gtk_widget_class_install_action (widget_class, "heatmap.zoom-in", NULL, zoom_in_action);
  gtk_widget_class_install_action (widget_class, "heatmap.zoom-out", NULL, zoom_out_action);
  gtk_widget_class_install_action (widget_class, "heatmap.reset", NULL, reset_action);
  for (gsize i = 0; i < G_N_ELEMENTS (moves); i++)
    for (guint k = 0; k < 2; k++)
      {
        gtk_widget_class_add_binding_action (widget_class, moves[i].keys[k], 0, "heatmap.move", "(ii)",
                                             moves[i].rows, moves[i].columns);
        gtk_widget_class_add_binding_action (widget_class, moves[i].keys[k], GDK_CONTROL_MASK, "heatmap.pan",
                                             "(ii)", moves[i].rows, moves[i].columns);
      }
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      gtk_widget_class_add_binding_action (widget_class, others[i].key, 0, others[i].action, NULL);
      gtk_widget_class_add_binding_action (widget_class, others[i].key, GDK_SHIFT_MASK, others[i].action,
                                           NULL);
      gtk_widget_class_add_binding_action (widget_class, others[i].key, GDK_CONTROL_MASK, others[i].action,
                                           NULL);
    }
}

/**
 * stateroom_heatmap_view_add_controllers:
 *
 * Listens to the pointer.
 */
void
stateroom_heatmap_view_add_controllers (StateroomHeatmapView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (on_focus_leave), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (on_pinch_begin), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (on_pinch), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pinch));
}
