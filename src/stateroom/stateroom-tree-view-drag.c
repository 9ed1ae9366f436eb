/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "stateroom-key-ref.h"
#include "stateroom-tree-view-private.h"

/* The row at a point of the list, or NULL. */
static CkptItem *
pick_item (StateroomTreeView *self, double x, double y)
{
  guint position = stateroom_cells_pick_row (GTK_WIDGET (self->column_view), x, y);
  g_autoptr (GObject) row = NULL;

  if (position == GTK_INVALID_LIST_POSITION)
    return NULL;
  row = g_list_model_get_item (stateroom_tree_view_get_rows (self), position);
  return row != NULL ? g_object_ref (stateroom_cells_get_item (row)) : NULL;
}

static GdkContentProvider *
on_prepare (StateroomTreeView *self, double x, double y)
{
  g_autoptr (CkptItem) item = pick_item (self, x, y);

  if (item == NULL || ckpt_item_get_role (item) != CKPT_ITEM_VALUE)
    return NULL;
  return stateroom_key_ref_new_provider (item);
}

/* What is dragged looks like its key. */
static void
on_drag_begin (StateroomTreeView *self, GdkDrag *drag, GtkDragSource *source)
{
  GdkContentProvider *content = gtk_drag_source_get_content (source);
  GtkWidget *icon = gtk_drag_icon_get_for_drag (drag);
  GtkWidget *label = gtk_label_new (NULL);
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  if (content != NULL && gdk_content_provider_get_value (content, &value, NULL))
    {
      g_autofree char *shown = ckpt_text_escape (g_value_get_string (&value),
                                                 strlen (g_value_get_string (&value)), 80);

      gtk_label_set_text (GTK_LABEL (label), shown);
    }
  gtk_widget_add_css_class (label, "plot-tip");
  gtk_drag_icon_set_child (GTK_DRAG_ICON (icon), label);
}

static gboolean
on_drop (StateroomTreeView *self, const GValue *value, double x, double y)
{
  StateroomKeyRef *ref = g_value_get_object (value);
  g_autoptr (CkptItem) item = pick_item (self, x, y);

  if (ref == NULL || self->root == NULL ||
      stateroom_key_ref_get_source (ref) == ckpt_tree_get_source (ckpt_item_get_tree (self->root)))
    return FALSE;
  stateroom_tree_view_dropped (self, G_OBJECT (ref), item);
  return TRUE;
}

void
stateroom_tree_view_add_drag (StateroomTreeView *self)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (STATEROOM_TYPE_KEY_REF, GDK_ACTION_COPY);

  g_signal_connect_swapped (source, "prepare", G_CALLBACK (on_prepare), self);
  g_signal_connect_swapped (source, "drag-begin", G_CALLBACK (on_drag_begin), self);
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), GTK_EVENT_CONTROLLER (source));
  g_signal_connect_swapped (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), GTK_EVENT_CONTROLLER (target));
}
