/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "stateroom-row-edit.h"
#include "stateroom-tree-view-private.h"
#include "stateroom-weak.h"

/* Puts the row as it was. */
static void
end_rename (StateroomTreeView *self, gboolean keep_focus)
{
  GtkWidget *expander = self->renamed;

  g_clear_weak_pointer (&self->renamed);
  /* It goes before the view does. */
  if (expander != NULL)
    gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), self->renamed_child);
  g_clear_object (&self->renamed_child);
  g_clear_object (&self->renamed_item);
  if (keep_focus && expander != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

void
stateroom_tree_view_end_rename (StateroomTreeView *self)
{
  end_rename (self, FALSE);
}

static void
on_rename_activate (StateroomTreeView *self, GtkEntry *entry)
{
  g_autofree char *key = g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry)));
  g_autoptr (CkptItem) item = self->renamed_item != NULL ? g_object_ref (self->renamed_item) : NULL;

  end_rename (self, TRUE);
  if (item != NULL)
    stateroom_tree_view_renamed (self, item, key);
}

static gboolean
on_rename_key (StateroomTreeView *self, guint keyval)
{
  if (keyval != GDK_KEY_Escape)
    return FALSE;
  end_rename (self, TRUE);
  return TRUE;
}

static void
end_later (gpointer user_data)
{
  g_autoptr (StateroomTreeView) self = stateroom_weak_take (user_data);

  if (self == NULL || self->renamed == NULL)
    return;
  /* Another key may be typed by now. */
  if (!(gtk_widget_get_state_flags (self->renamed) & GTK_STATE_FLAG_FOCUS_WITHIN))
    end_rename (self, FALSE);
}

/* GTK is still moving the focus, and would miss the entry. */
static void
on_rename_leave (StateroomTreeView *self)
{
  g_idle_add_once (end_later, stateroom_weak_new (self));
}

static GtkWidget *
new_entry (StateroomTreeView *self, CkptItem *item)
{
  GtkWidget *entry = gtk_entry_new ();
  GtkEventController *keys = gtk_event_controller_key_new (), *focus = gtk_event_controller_focus_new ();
  g_autofree char *key = ckpt_item_dup_key (item);

  gtk_editable_set_text (GTK_EDITABLE (entry), key);
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_widget_add_css_class (entry, "rename-entry");
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("New Key"), -1);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (entry, "activate", G_CALLBACK (on_rename_activate), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_rename_key), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (on_rename_leave), self);
  gtk_widget_add_controller (entry, keys);
  gtk_widget_add_controller (entry, focus);
  return entry;
}

/* The last part of a dotted key is what one changes most. */
static void
select_last_part (GtkEditable *entry)
{
  const char *text = gtk_editable_get_text (entry);
  const char *dot = strrchr (text, '.');

  gtk_editable_select_region (entry, dot != NULL ? (int) g_utf8_strlen (text, dot + 1 - text) : 0, -1);
}

static void
begin_rename (StateroomTreeView *self, GtkWidget *expander, CkptItem *item)
{
  GtkWidget *entry = new_entry (self, item);

  g_set_weak_pointer (&self->renamed, expander);
  self->renamed_item = g_object_ref (item);
  self->renamed_child = g_object_ref (gtk_tree_expander_get_child (GTK_TREE_EXPANDER (expander)));
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), entry);
  gtk_widget_grab_focus (entry);
  select_last_part (GTK_EDITABLE (entry));
}

/**
 * stateroom_tree_view_start_rename:
 *
 * Lets the key of the selected row be typed anew, in the row.
 */
void
stateroom_tree_view_start_rename (StateroomTreeView *self)
{
  GtkSingleSelection *selection;
  CkptItem *item;
  GtkWidget *expander;

  g_return_if_fail (STATEROOM_IS_TREE_VIEW (self));

  end_rename (self, FALSE);
  item = stateroom_tree_view_get_selected_item (self);
  if (item == NULL || !stateroom_row_edit_can (item, "rename"))
    return;
  selection = GTK_SINGLE_SELECTION (gtk_column_view_get_model (self->column_view));
  gtk_column_view_scroll_to (self->column_view, gtk_single_selection_get_selected (selection), NULL,
                             GTK_LIST_SCROLL_NONE, NULL);
  expander = stateroom_cells_find_key (self->cells, gtk_single_selection_get_selected (selection));
  if (expander != NULL)
    begin_rename (self, expander, item);
}

/**
 * stateroom_tree_view_get_rename_entry:
 *
 * Returns: (transfer none) (nullable): where a key is being typed, for tests
 */
GtkEntry *
stateroom_tree_view_get_rename_entry (StateroomTreeView *self)
{
  g_return_val_if_fail (STATEROOM_IS_TREE_VIEW (self), NULL);

  return self->renamed != NULL ? GTK_ENTRY (gtk_tree_expander_get_child (GTK_TREE_EXPANDER (self->renamed)))
                               : NULL;
}
