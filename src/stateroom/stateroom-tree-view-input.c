/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-tree-view-private.h"

/* Keys that are for the selected row only while the list has the focus: elsewhere they are for text. */
static const struct
{
  guint keyval;
  GdkModifierType modifiers;
  const char *action;
} row_keys[] = {
  { GDK_KEY_c, GDK_CONTROL_MASK, "win.copy-key" },
  { GDK_KEY_v, GDK_CONTROL_MASK, "win.paste" },
  { GDK_KEY_Delete, 0, "win.remove" },
  { GDK_KEY_KP_Delete, 0, "win.remove" },
};

static GtkTreeListRow *
dup_selected_row (StateroomTreeView *self)
{
  GtkSelectionModel *model = gtk_column_view_get_model (self->column_view);
  gpointer row = NULL;

  if (model != NULL)
    row = gtk_single_selection_get_selected_item (GTK_SINGLE_SELECTION (model));
  return GTK_IS_TREE_LIST_ROW (row) ? g_object_ref (row) : NULL;
}

static void
go_to (StateroomTreeView *self, guint position)
{
  gtk_column_view_scroll_to (self->column_view, position, NULL,
                             GTK_LIST_SCROLL_SELECT | GTK_LIST_SCROLL_FOCUS, NULL);
}

/* Closes a row, or goes to the row above it. */
static gboolean
go_out (StateroomTreeView *self, GtkTreeListRow *row)
{
  g_autoptr (GtkTreeListRow) parent = NULL;

  if (gtk_tree_list_row_get_expanded (row))
    {
      gtk_tree_list_row_set_expanded (row, FALSE);
      return TRUE;
    }
  parent = gtk_tree_list_row_get_parent (row);
  if (parent != NULL)
    go_to (self, gtk_tree_list_row_get_position (parent));
  return TRUE;
}

/* Opens a row, or goes to the first row under it. */
static gboolean
go_in (StateroomTreeView *self, GtkTreeListRow *row)
{
  if (!gtk_tree_list_row_is_expandable (row))
    return TRUE;
  if (gtk_tree_list_row_get_expanded (row))
    go_to (self, gtk_tree_list_row_get_position (row) + 1);
  else
    gtk_tree_list_row_set_expanded (row, TRUE);
  return TRUE;
}

static void
show_menu (StateroomTreeView *self, const GdkRectangle *at)
{
  if (self->popover == NULL)
    {
      self->popover = gtk_popover_menu_new_from_model (self->row_menu);
      gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
      gtk_popover_set_position (GTK_POPOVER (self->popover), GTK_POS_BOTTOM);
      gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), at);
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

/* For the menu key: at the row that has the focus, or in the middle of the list. */
static void
show_menu_at_focus (StateroomTreeView *self)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkWidget *widget = GTK_WIDGET (self->column_view);
  graphene_rect_t bounds;

  if (focus != NULL && gtk_widget_is_ancestor (focus, widget))
    widget = focus;
  if (gtk_widget_compute_bounds (widget, GTK_WIDGET (self), &bounds))
    show_menu (self, &(GdkRectangle) { (int) bounds.origin.x + 40,
                                       (int) (bounds.origin.y + bounds.size.height / 2), 1, 1 });
}

static gboolean
is_rtl (StateroomTreeView *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

/* Keys that need a selected row of the tree. */
static gboolean
handle_row_key (StateroomTreeView *self, guint keyval)
{
  g_autoptr (GtkTreeListRow) row = dup_selected_row (self);

  if (row == NULL)
    return FALSE;
  switch (keyval)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return is_rtl (self) ? go_in (self, row) : go_out (self, row);
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return is_rtl (self) ? go_out (self, row) : go_in (self, row);
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      gtk_tree_list_row_set_expanded (row, FALSE);
      return TRUE;
    case GDK_KEY_plus:
    case GDK_KEY_KP_Add:
      gtk_tree_list_row_set_expanded (row, TRUE);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
on_key_pressed (StateroomTreeView *self, guint keyval, guint keycode, GdkModifierType state)
{
  GdkModifierType modifiers = state & gtk_accelerator_get_default_mod_mask ();

  /* What is typed into a row is not for the list. */
  if (self->renamed != NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (row_keys); i++)
    if (modifiers == row_keys[i].modifiers && gdk_keyval_to_lower (keyval) == row_keys[i].keyval)
      {
        gtk_widget_activate_action (GTK_WIDGET (self), row_keys[i].action, NULL);
        return TRUE;
      }
  if (keyval == GDK_KEY_Menu || (keyval == GDK_KEY_F10 && modifiers == GDK_SHIFT_MASK))
    {
      show_menu_at_focus (self);
      return TRUE;
    }
  return modifiers == 0 && handle_row_key (self, keyval);
}

static void
on_secondary_pressed (StateroomTreeView *self, int n_press, double x, double y, GtkGesture *gesture)
{
  GtkWidget *list = GTK_WIDGET (self->column_view);
  guint position = stateroom_cells_pick_row (list, x, y);
  graphene_point_t point;

  if (position == GTK_INVALID_LIST_POSITION)
    return;
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_selection_model_select_item (gtk_column_view_get_model (self->column_view), position, TRUE);
  if (gtk_widget_compute_point (list, GTK_WIDGET (self), &GRAPHENE_POINT_INIT ((float) x, (float) y), &point))
    show_menu (self, &(GdkRectangle) { (int) point.x, (int) point.y, 1, 1 });
}

static void
on_long_pressed (StateroomTreeView *self, double x, double y, GtkGesture *gesture)
{
  on_secondary_pressed (self, 1, x, y, gesture);
}

void
stateroom_tree_view_add_input (StateroomTreeView *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *press = gtk_gesture_long_press_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), keys);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_secondary_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), GTK_EVENT_CONTROLLER (click));

  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);
  g_signal_connect_swapped (press, "pressed", G_CALLBACK (on_long_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), GTK_EVENT_CONTROLLER (press));
}
