/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-plot-view-private.h"

#include <math.h>

/* A drag that is shorter chooses nothing. */
#define MIN_DRAG 8
/* How much of the values is left after one step of the wheel, or of a key. */
#define ZOOM_STEP 0.8

enum
{
  ITEM_ACTIVATED,
  RANGE_CHOSEN,
  ZOOMED,
  RESET,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

void
stateroom_plot_view_pick (StateroomPlotView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  guint item = 0;
  gboolean has_item;

  if (!self->has_pointer || self->plot == NULL)
    return;
  has_item = !self->is_selecting &&
             ckpt_plot_pick (self->plot, gtk_widget_get_width (widget), gtk_widget_get_height (widget),
                             self->pointer_x, self->pointer_y, &item);
  stateroom_plot_view_set_item (self, has_item, item);
}

static void
point (StateroomPlotView *self, double x, double y)
{
  self->has_pointer = TRUE;
  self->pointer_x = x;
  self->pointer_y = y;
  stateroom_plot_view_pick (self);
}

/* GTK tells of a motion after each layout too. That of the tip must not bring back the tip that Escape took away. */
static void
on_motion (StateroomPlotView *self, double x, double y)
{
  if (!self->has_pointer || x != self->pointer_x || y != self->pointer_y)
    point (self, x, y);
}

static void
on_leave (StateroomPlotView *self)
{
  self->has_pointer = FALSE;
  if (!gtk_widget_has_focus (GTK_WIDGET (self)))
    stateroom_plot_view_set_item (self, FALSE, 0);
}

/* A finger has no motion before it touches. */
static void
on_pressed (StateroomPlotView *self, int n_press, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  point (self, x, y);
  if (n_press == 2 && self->is_zoomed)
    g_signal_emit (self, signals[RESET], 0);
}

static void
on_released (StateroomPlotView *self, int n_press, double x, double y)
{
  point (self, x, y);
  if (n_press == 1 && self->has_item)
    g_signal_emit (self, signals[ITEM_ACTIVATED], 0, self->item);
}

static void
on_focus_leave (StateroomPlotView *self)
{
  stateroom_plot_view_set_item (self, FALSE, 0);
}

static void
on_drag_update (StateroomPlotView *self, double x, double y, GtkGesture *gesture)
{
  double from, from_y;

  if (!self->can_zoom || self->plot == NULL)
    return;
  /* A finger that goes up or down scrolls what is around. */
  if (!self->is_selecting && (fabs (x) < MIN_DRAG || fabs (x) < fabs (y)))
    return;
  if (!gtk_gesture_drag_get_start_point (GTK_GESTURE_DRAG (gesture), &from, &from_y))
    return;
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  self->is_selecting = TRUE;
  self->select_from = CLAMP (from, 0, gtk_widget_get_width (GTK_WIDGET (self)));
  self->select_to = CLAMP (from + x, 0, gtk_widget_get_width (GTK_WIDGET (self)));
  stateroom_plot_view_set_item (self, FALSE, 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_drag_end (StateroomPlotView *self)
{
  double from = MIN (self->select_from, self->select_to);
  double to = MAX (self->select_from, self->select_to);

  if (!self->is_selecting)
    return;
  self->is_selecting = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (to - from >= MIN_DRAG)
    g_signal_emit (self, signals[RANGE_CHOSEN], 0, from, to);
}

static void
on_drag_cancel (StateroomPlotView *self)
{
  self->is_selecting = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
zoom (StateroomPlotView *self, double factor, double x)
{
  g_signal_emit (self, signals[ZOOMED], 0, factor, x);
}

/* The wheel is for what is around, until the plot was clicked, or with Ctrl. */
static gboolean
on_scroll (StateroomPlotView *self, double dx, double dy, GtkEventControllerScroll *controller)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if (!self->can_zoom || self->plot == NULL || !self->has_pointer || dy == 0 ||
      (!(state & GDK_CONTROL_MASK) && !gtk_widget_has_focus (GTK_WIDGET (self))))
    return GDK_EVENT_PROPAGATE;
  zoom (self, pow (ZOOM_STEP, -dy), self->pointer_x);
  return GDK_EVENT_STOP;
}

static void
announce_item (StateroomPlotView *self)
{
  g_autofree char *name = ckpt_plot_name_item (self->plot, self->item);
  g_autofree char *figures = ckpt_plot_describe_item (self->plot, self->item);
  g_autofree char *text = g_strdup_printf ("%s: %s", name, figures);

  gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

/* Goes some items to the right and down, or to the left and up if negative; more than one to the end. */
static void
move (StateroomPlotView *self, int columns, int rows)
{
  guint n_items = self->plot != NULL ? ckpt_plot_get_n_items (self->plot) : 0;
  guint item = columns + (gint64) rows < 0 ? n_items - 1 : 0;

  if (n_items == 0)
    return;
  if (self->has_item)
    item = ckpt_plot_step (self->plot, self->item, columns, rows);
  else if (ABS ((gint64) columns) > 1)
    item = n_items - 1 - item;
  stateroom_plot_view_set_item (self, TRUE, item);
  announce_item (self);
}

static void
move_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  int columns, rows;

  g_variant_get (parameter, "(ii)", &columns, &rows);
  move (STATEROOM_PLOT_VIEW (widget), columns, rows);
}

static gboolean
on_move_key (GtkWidget *widget, GVariant *parameter, gpointer user_data)
{
  StateroomPlotView *self = STATEROOM_PLOT_VIEW (widget);
  int columns, rows;

  g_variant_get (parameter, "(ii)", &columns, &rows);
  if (self->plot == NULL || (rows != 0 && !self->has_rows))
    return GDK_EVENT_PROPAGATE;
  move (self, columns, rows);
  return GDK_EVENT_STOP;
}

static gboolean
on_escape_key (GtkWidget *widget, GVariant *parameter, gpointer user_data)
{
  StateroomPlotView *self = STATEROOM_PLOT_VIEW (widget);

  if (self->has_item)
    stateroom_plot_view_set_item (self, FALSE, 0);
  else if (self->is_zoomed)
    g_signal_emit (self, signals[RESET], 0);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static gboolean
on_activate_key (GtkWidget *widget, GVariant *parameter, gpointer user_data)
{
  StateroomPlotView *self = STATEROOM_PLOT_VIEW (widget);

  if (!self->has_item)
    return GDK_EVENT_PROPAGATE;
  g_signal_emit (self, signals[ITEM_ACTIVATED], 0, self->item);
  return GDK_EVENT_STOP;
}

/* Around the item that the keys have come to, or the middle. */
static gboolean
on_zoom_key (GtkWidget *widget, GVariant *parameter, gpointer user_data)
{
  StateroomPlotView *self = STATEROOM_PLOT_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  CkptPlotRect item = { width / 2.0, 0, 0, 0 };

  if (!self->can_zoom || self->plot == NULL)
    return GDK_EVENT_PROPAGATE;
  if (self->has_item)
    ckpt_plot_get_item_rect (self->plot, width, height, self->item, &item);
  zoom (self, g_variant_get_boolean (parameter) ? ZOOM_STEP : 1 / ZOOM_STEP, item.x + item.width / 2);
  return GDK_EVENT_STOP;
}

static void
add_move_bindings (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    guint keypad_key;
    int columns;
    int rows;
  } moves[] = {
    { GDK_KEY_Left, GDK_KEY_KP_Left, -1, 0 },
    { GDK_KEY_Right, GDK_KEY_KP_Right, 1, 0 },
    { GDK_KEY_Up, GDK_KEY_KP_Up, 0, -1 },
    { GDK_KEY_Down, GDK_KEY_KP_Down, 0, 1 },
    { GDK_KEY_Home, GDK_KEY_KP_Home, G_MININT32, 0 },
    { GDK_KEY_End, GDK_KEY_KP_End, G_MAXINT32, 0 },
  };

  gtk_widget_class_install_action (widget_class, "plot.move", "(ii)", move_action);
  for (gsize i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      gtk_widget_class_add_binding (widget_class, moves[i].key, 0, on_move_key, "(ii)", moves[i].columns,
                                    moves[i].rows);
      gtk_widget_class_add_binding (widget_class, moves[i].keypad_key, 0, on_move_key, "(ii)",
                                    moves[i].columns, moves[i].rows);
    }
}

static void
add_other_bindings (GtkWidgetClass *widget_class)
{
  static const guint in_keys[] = { GDK_KEY_plus, GDK_KEY_equal, GDK_KEY_KP_Add };
  static const guint out_keys[] = { GDK_KEY_minus, GDK_KEY_KP_Subtract };
  static const guint activate_keys[] = { GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_space };

  for (gsize i = 0; i < G_N_ELEMENTS (in_keys); i++)
    gtk_widget_class_add_binding (widget_class, in_keys[i], 0, on_zoom_key, "b", TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (out_keys); i++)
    gtk_widget_class_add_binding (widget_class, out_keys[i], 0, on_zoom_key, "b", FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (activate_keys); i++)
    gtk_widget_class_add_binding (widget_class, activate_keys[i], 0, on_activate_key, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, on_escape_key, NULL);
}

void
stateroom_plot_view_install_input (StateroomPlotViewClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  /**
   * StateroomPlotView::item-activated:
   * @item: an item that was clicked, or Enter pressed on
   */
  signals[ITEM_ACTIVATED] = g_signal_new ("item-activated", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_UINT);
  /**
   * StateroomPlotView::range-chosen:
   * @from: where a part that was chosen begins, in pixels from the left
   * @to: where it ends
   */
  signals[RANGE_CHOSEN] = g_signal_new ("range-chosen", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  /**
   * StateroomPlotView::zoomed:
   * @factor: what share of the range is to be seen: below 1 less of it, above 1 more
   * @x: what stays at its place, in pixels from the left
   */
  signals[ZOOMED] = g_signal_new ("zoomed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                  G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  /**
   * StateroomPlotView::reset:
   *
   * Everything is to be seen again.
   */
  signals[RESET] = g_signal_new ("reset", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  add_move_bindings (GTK_WIDGET_CLASS (klass));
  add_other_bindings (GTK_WIDGET_CLASS (klass));
}

void
stateroom_plot_view_add_controllers (StateroomPlotView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (on_focus_leave), self);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect_swapped (click, "released", G_CALLBACK (on_released), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  g_signal_connect_swapped (drag, "cancel", G_CALLBACK (on_drag_cancel), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}
