/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-value-grid-private.h"

#include "stateroom-cell-text.h"

/**
 * Place:
 * @PLACE_CORNER: where both headers meet
 * @PLACE_ROW: the index of a row
 * @PLACE_COLUMN: the index of a column
 */
typedef enum
{
  PLACE_CELL,
  PLACE_ROW,
  PLACE_COLUMN,
  PLACE_CORNER,
} Place;

/* What is at a point; where there are no more cells, the nearest one. */
static Place
find (StateroomValueGrid *self, double x, double y, guint64 *row, guint64 *column, gboolean *is_there)
{
  gboolean has_row = stateroom_grid_axis_find (&self->rows, y - self->cell_height, row);
  gboolean has_column = stateroom_grid_axis_find (&self->columns, x - self->header_width, column);

  *is_there = has_row && has_column;
  if (x < self->header_width)
    return y < self->cell_height ? PLACE_CORNER : PLACE_ROW;
  return y < self->cell_height ? PLACE_COLUMN : PLACE_CELL;
}

/* All of a row or a column, with the cursor at its beginning. */
static void
select_lines (StateroomValueGrid *self, Place place, guint64 row, guint64 column)
{
  const CkptSlice *slice = stateroom_value_grid_get_slice (self);

  if (place == PLACE_CORNER)
    {
      stateroom_value_grid_select_all (self);
      return;
    }
  self->anchor_row = place == PLACE_ROW ? row : ckpt_slice_get_n_rows (slice) - 1;
  self->anchor_column = place == PLACE_COLUMN ? column : ckpt_slice_get_n_columns (slice) - 1;
  stateroom_value_grid_set_cursor (self, place == PLACE_ROW ? row : 0, place == PLACE_COLUMN ? column : 0,
                                   TRUE);
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  StateroomValueGrid *self = user_data;
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  guint64 row, column;
  gboolean is_there;
  Place place;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->cache == NULL)
    return;
  place = find (self, x, y, &row, &column, &is_there);
  if (place == PLACE_CELL)
    stateroom_value_grid_set_cursor (self, row, column, (state & GDK_SHIFT_MASK) != 0);
  else
    select_lines (self, place, row, column);
}

static gboolean
is_selected (StateroomValueGrid *self, guint64 row, guint64 column)
{
  CkptRect rect;

  return stateroom_value_grid_get_selection (self, &rect) && row >= rect.row &&
         row - rect.row < rect.n_rows && column >= rect.column && column - rect.column < rect.n_columns;
}

static void
show_menu (StateroomValueGrid *self, double x, double y)
{
  if (self->menu == NULL)
    return;
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

/* A click outside of the selection selects first, as everywhere. */
static void
on_menu_pressed (StateroomValueGrid *self, int n_press, double x, double y)
{
  guint64 row, column;
  gboolean is_there;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->cache == NULL)
    return;
  if (find (self, x, y, &row, &column, &is_there) == PLACE_CELL && !is_selected (self, row, column))
    stateroom_value_grid_set_cursor (self, row, column, FALSE);
  show_menu (self, x, y);
}

/* A finger scrolls. */
static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, gpointer user_data)
{
  StateroomValueGrid *self = user_data;
  GdkDevice *device = gtk_event_controller_get_current_event_device (GTK_EVENT_CONTROLLER (gesture));

  if (self->cache == NULL || x < self->header_width || y < self->cell_height ||
      (device != NULL && gdk_device_get_source (device) == GDK_SOURCE_TOUCHSCREEN))
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, gpointer user_data)
{
  StateroomValueGrid *self = user_data;
  double x, y;
  guint64 row, column;
  gboolean is_there;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  find (self, x + dx, y + dy, &row, &column, &is_there);
  if (row == self->cursor_row && column == self->cursor_column)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  stateroom_value_grid_set_cursor (self, row, column, TRUE);
}

/* So many lines back or forth, not over an end. */
static guint64
move (guint64 line, gint64 distance)
{
  if (distance < 0)
    return line > (guint64) -distance ? line - (guint64) -distance : 0;
  return line + (guint64) distance;
}

typedef enum
{
  MOVE_LINES,
  MOVE_PAGES,
  MOVE_TO_EDGE,
} Move;

/* The parameter: a Move, rows, columns, and whether the selection goes along. */
static void
move_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  StateroomValueGrid *self = STATEROOM_VALUE_GRID (widget);
  const CkptSlice *slice = stateroom_value_grid_get_slice (self);
  guint64 row = self->cursor_row, column = self->cursor_column;
  int how, rows, columns;
  gboolean extend;

  g_variant_get (parameter, "(iiib)", &how, &rows, &columns, &extend);
  if (self->cache == NULL)
    return;
  if (how == MOVE_TO_EDGE)
    {
      if (rows != 0)
        row = rows > 0 ? ckpt_slice_get_n_rows (slice) - 1 : 0;
      if (columns != 0)
        column = columns > 0 ? ckpt_slice_get_n_columns (slice) - 1 : 0;
    }
  else
    {
      guint64 step = how == MOVE_PAGES ? stateroom_grid_axis_count_whole (&self->rows) : 1;

      row = move (row, rows * (gint64) step);
      column = move (column, columns);
    }
  stateroom_value_grid_set_cursor (self, row, column, extend);
}

static void
select_all_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  stateroom_value_grid_select_all (STATEROOM_VALUE_GRID (widget));
}

static void
menu_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  StateroomValueGrid *self = STATEROOM_VALUE_GRID (widget);

  show_menu (self,
             self->header_width + stateroom_grid_axis_locate (&self->columns, self->cursor_column) +
                 self->cell_width / 2.0,
             self->cell_height + stateroom_grid_axis_locate (&self->rows, self->cursor_row) +
                 self->cell_height);
}

static void
add_move (GtkWidgetClass *widget_class, guint key, GdkModifierType modifiers, Move how, int rows, int columns)
{
  gtk_widget_class_add_binding_action (widget_class, key, modifiers, "grid.move", "(iiib)", (int) how, rows,
                                       columns, FALSE);
  gtk_widget_class_add_binding_action (widget_class, key, modifiers | GDK_SHIFT_MASK, "grid.move", "(iiib)",
                                       (int) how, rows, columns, TRUE);
}

/**
 * stateroom_value_grid_add_bindings:
 * @widget_class: the class of the grid
 *
 * Adds its actions and their keys. What is done with the selection, "values.copy" and so on, is left to a widget around it.
 */
void
stateroom_value_grid_add_bindings (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    guint keypad_key;
    GdkModifierType modifiers;
    Move how;
    int rows;
    int columns;
  } moves[] = {
    { GDK_KEY_Up, GDK_KEY_KP_Up, 0, MOVE_LINES, -1, 0 },
    { GDK_KEY_Down, GDK_KEY_KP_Down, 0, MOVE_LINES, 1, 0 },
    { GDK_KEY_Left, GDK_KEY_KP_Left, 0, MOVE_LINES, 0, -1 },
    { GDK_KEY_Right, GDK_KEY_KP_Right, 0, MOVE_LINES, 0, 1 },
    { GDK_KEY_Page_Up, GDK_KEY_KP_Page_Up, 0, MOVE_PAGES, -1, 0 },
    { GDK_KEY_Page_Down, GDK_KEY_KP_Page_Down, 0, MOVE_PAGES, 1, 0 },
    { GDK_KEY_Home, GDK_KEY_KP_Home, 0, MOVE_TO_EDGE, 0, -1 },
    { GDK_KEY_End, GDK_KEY_KP_End, 0, MOVE_TO_EDGE, 0, 1 },
    { GDK_KEY_Up, GDK_KEY_KP_Up, GDK_CONTROL_MASK, MOVE_TO_EDGE, -1, 0 },
    { GDK_KEY_Down, GDK_KEY_KP_Down, GDK_CONTROL_MASK, MOVE_TO_EDGE, 1, 0 },
    { GDK_KEY_Left, GDK_KEY_KP_Left, GDK_CONTROL_MASK, MOVE_TO_EDGE, 0, -1 },
    { GDK_KEY_Right, GDK_KEY_KP_Right, GDK_CONTROL_MASK, MOVE_TO_EDGE, 0, 1 },
    { GDK_KEY_Home, GDK_KEY_KP_Home, GDK_CONTROL_MASK, MOVE_TO_EDGE, -1, -1 },
    { GDK_KEY_End, GDK_KEY_KP_End, GDK_CONTROL_MASK, MOVE_TO_EDGE, 1, 1 },
  };

  gtk_widget_class_install_action (widget_class, "grid.move", "(iiib)", move_action);
  gtk_widget_class_install_action (widget_class, "grid.select-all", NULL, select_all_action);
  gtk_widget_class_install_action (widget_class, "grid.menu", NULL, menu_action);
  for (gsize i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      add_move (widget_class, moves[i].key, moves[i].modifiers, moves[i].how, moves[i].rows,
                moves[i].columns);
      add_move (widget_class, moves[i].keypad_key, moves[i].modifiers, moves[i].how, moves[i].rows,
                moves[i].columns);
    }
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_CONTROL_MASK, "grid.select-all", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "values.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_g, GDK_CONTROL_MASK, "values.go-to", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "grid.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "grid.menu", NULL);
}

/**
 * stateroom_value_grid_add_controllers:
 *
 * Listens to the pointer.
 */
void
stateroom_value_grid_add_controllers (StateroomValueGrid *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *menu_click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (menu_click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect_swapped (menu_click, "pressed", G_CALLBACK (on_menu_pressed), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (gtk_widget_queue_draw), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (gtk_widget_queue_draw), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (menu_click));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

/**
 * stateroom_value_grid_query_tooltip:
 *
 * Tells of the cell under the pointer where it is, and its value with all digits.
 *
 * Returns: whether there is something to tell
 */
gboolean
stateroom_value_grid_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  StateroomValueGrid *self = STATEROOM_VALUE_GRID (widget);
  guint64 row, column;
  gboolean is_there;
  const CkptCells *cells;
  g_autofree char *index = NULL, *value = NULL, *text = NULL;

  if (self->cache == NULL || keyboard || find (self, x, y, &row, &column, &is_there) != PLACE_CELL ||
      !is_there)
    return FALSE;
  cells = stateroom_cell_cache_look_up (self->cache, row, column, NULL);
  if (cells == NULL)
    return FALSE;
  index = ckpt_slice_dup_index (stateroom_value_grid_get_slice (self), row, column);
  value = stateroom_cell_text_full (cells, row, column);
  text = g_strdup_printf ("%s = %s", index, value);
  gtk_tooltip_set_text (tooltip, text);
  gtk_tooltip_set_tip_area (
      tooltip,
      &(GdkRectangle) { self->header_width + (int) stateroom_grid_axis_locate (&self->columns, column),
                        self->cell_height + (int) stateroom_grid_axis_locate (&self->rows, row),
                        self->cell_width, self->cell_height });
  return TRUE;
}
