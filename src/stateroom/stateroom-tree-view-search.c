/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "stateroom-tree-view-private.h"
#include "stateroom-weak.h"

#define PROBLEM_MS 600 /* after which it is said that something cannot be searched for */

static void
set_found (StateroomTreeView *self, StateroomFound *found)
{
  GListStore *store = g_list_store_new (CKPT_TYPE_ITEM);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < found->paths->len; i++)
    g_ptr_array_add (items, ckpt_item_new_for_path (self->root, g_ptr_array_index (found->paths, i)));
  g_list_store_splice (store, 0, 0, items->pdata, items->len);

  g_clear_object (&self->found_selection);
  self->found_selection = gtk_single_selection_new (G_LIST_MODEL (store));
  gtk_single_selection_set_autoselect (self->found_selection, FALSE);
  gtk_single_selection_set_can_unselect (self->found_selection, TRUE);
  gtk_single_selection_set_selected (self->found_selection, GTK_INVALID_LIST_POSITION);
  g_signal_connect_object (self->found_selection, "notify::selected-item",
                           G_CALLBACK (stateroom_tree_view_on_selected_notify), self, G_CONNECT_SWAPPED);
  self->n_found = (int) MIN (found->n_found, G_MAXINT);
}

/* Says that nothing was found, and, where a word looks like a term but is none, which there are. */
static void
show_nothing (StateroomTreeView *self)
{
  g_autoptr (CkptQuery)
      query = ckpt_query_new (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)), NULL);
  const char *text = query != NULL ? ckpt_query_get_text (query) : "";

  /* Translators: keep the words before the colons */
  adw_status_page_set_description (self->nothing_status,
                                   strpbrk (text, ":<>=") != NULL
                                       ? _ ("Terms are dtype: type: shape: dims: device: size: and values:")
                                       : NULL);
  gtk_stack_set_visible_child_name (self->stack, "nothing");
}

static void
show_problem (StateroomTreeView *self)
{
  gtk_label_set_text (self->error_label, self->search_problem);
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->search_entry), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->search_entry), GTK_ACCESSIBLE_STATE_INVALID,
                               GTK_ACCESSIBLE_INVALID_TRUE, -1);
  gtk_accessible_announce (GTK_ACCESSIBLE (self->search_entry), self->search_problem,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static gboolean
on_problem_timeout (gpointer user_data)
{
  StateroomTreeView *self = user_data;

  self->problem_id = 0;
  show_problem (self);
  return G_SOURCE_REMOVE;
}

/* What is wrong with half a term is said only when nobody types on. What was found before stays until then, and after. */
static void
show_problem_later (StateroomTreeView *self, const GError *error)
{
  g_set_str (&self->search_problem, error->message);
  self->problem_id = g_timeout_add (PROBLEM_MS, on_problem_timeout, self);
}

static void
clear_problem (StateroomTreeView *self)
{
  g_clear_handle_id (&self->problem_id, g_source_remove);
  g_clear_pointer (&self->search_problem, g_free);
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), FALSE);
  gtk_widget_remove_css_class (GTK_WIDGET (self->search_entry), "error");
  gtk_accessible_reset_state (GTK_ACCESSIBLE (self->search_entry), GTK_ACCESSIBLE_STATE_INVALID);
}

static void
on_searched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomTreeView) self = stateroom_weak_take (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (StateroomFound) found = stateroom_search_finish (result, &error);

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->search_job);
  if (found == NULL)
    {
      show_problem_later (self, error);
      return;
    }
  if (found->n_found > 0)
    {
      set_found (self, found);
      gtk_stack_set_visible_child_name (self->stack, "list");
      stateroom_tree_view_show_selection (self, self->found_selection);
    }
  else
    {
      self->n_found = 0;
      show_nothing (self);
    }
  g_signal_emit_by_name (self, "searched");
}

static void
cancel_search (StateroomTreeView *self)
{
  g_cancellable_cancel (self->search_job);
  g_clear_object (&self->search_job);
  clear_problem (self);
}

/* Ends what a search shows. The row that was selected in it stays selected, in the tree. */
static void
show_tree (StateroomTreeView *self)
{
  CkptItem *item = self->found_selection != NULL ? stateroom_tree_view_get_selected_item (self) : NULL;
  g_autoptr (CkptPath) path = item != NULL ? ckpt_item_dup_path (item) : NULL;

  gtk_stack_set_visible_child_name (self->stack, "list");
  self->n_found = -1;
  if (self->found_selection != NULL)
    stateroom_tree_view_show_selection (self, self->tree_selection);
  g_clear_object (&self->found_selection);
  if (path != NULL)
    stateroom_tree_view_reveal (self, path);
  g_signal_emit_by_name (self, "searched");
}

/**
 * stateroom_tree_view_on_search_changed:
 *
 * Searches for what is in the entry, or shows the tree where there is nothing.
 */
void
stateroom_tree_view_on_search_changed (StateroomTreeView *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->search_entry))));

  cancel_search (self);
  if (self->root == NULL)
    return;
  if (text[0] == '\0' || !gtk_search_bar_get_search_mode (self->search_bar))
    {
      show_tree (self);
      return;
    }
  self->search_job = g_cancellable_new ();
  stateroom_search_async (ckpt_item_get_tree (self->root),
                          (StateroomSearchKind) gtk_drop_down_get_selected (self->kind_drop_down), text,
                          self->search_job, on_searched, stateroom_weak_new (self));
}

/**
 * stateroom_tree_view_on_search_activate:
 *
 * Goes from the entry to the first row that was found, or says why nothing can be found.
 */
void
stateroom_tree_view_on_search_activate (StateroomTreeView *self)
{
  if (self->problem_id != 0)
    {
      g_clear_handle_id (&self->problem_id, g_source_remove);
      show_problem (self);
      return;
    }
  if (self->found_selection != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->found_selection)) > 0)
    gtk_column_view_scroll_to (self->column_view, 0, NULL, GTK_LIST_SCROLL_SELECT | GTK_LIST_SCROLL_FOCUS,
                               NULL);
}

/**
 * stateroom_tree_view_on_search_mode_notify:
 *
 * The search bar was opened or closed.
 */
void
stateroom_tree_view_on_search_mode_notify (StateroomTreeView *self)
{
  if (gtk_search_bar_get_search_mode (self->search_bar))
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
      return;
    }
  cancel_search (self);
  show_tree (self);
}

void
stateroom_tree_view_end_search (StateroomTreeView *self)
{
  cancel_search (self);
  if (self->found_selection != NULL)
    gtk_single_selection_set_selected (self->found_selection, GTK_INVALID_LIST_POSITION);
  if (self->n_found >= 0)
    show_tree (self);
  if (gtk_search_bar_get_search_mode (self->search_bar))
    gtk_search_bar_set_search_mode (self->search_bar, FALSE);
}

/**
 * stateroom_tree_view_get_search_mode:
 *
 * Returns: whether the search bar is open
 */
gboolean
stateroom_tree_view_get_search_mode (StateroomTreeView *self)
{
  g_return_val_if_fail (STATEROOM_IS_TREE_VIEW (self), FALSE);

  return gtk_search_bar_get_search_mode (self->search_bar);
}

/**
 * stateroom_tree_view_set_search_mode:
 * @search_mode: whether to open the search bar
 */
void
stateroom_tree_view_set_search_mode (StateroomTreeView *self, gboolean search_mode)
{
  g_return_if_fail (STATEROOM_IS_TREE_VIEW (self));

  gtk_search_bar_set_search_mode (self->search_bar, search_mode);
}

/**
 * stateroom_tree_view_search:
 * @kind: what @text is
 * @text: what to look for
 *
 * Does as if @text was typed into the search bar. Emits "searched" when done.
 */
void
stateroom_tree_view_search (StateroomTreeView *self, StateroomSearchKind kind, const char *text)
{
  g_return_if_fail (STATEROOM_IS_TREE_VIEW (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_drop_down_set_selected (self->kind_drop_down, kind);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), text);
  stateroom_tree_view_on_search_changed (self);
}

/**
 * stateroom_tree_view_get_n_found:
 *
 * Returns: how much the search found, or -1 if none is shown
 */
int
stateroom_tree_view_get_n_found (StateroomTreeView *self)
{
  g_return_val_if_fail (STATEROOM_IS_TREE_VIEW (self), -1);

  return self->n_found;
}

/**
 * stateroom_tree_view_get_search_problem:
 *
 * Returns: (transfer none) (nullable): why what is in the entry cannot be searched for, if that is shown
 */
const char *
stateroom_tree_view_get_search_problem (StateroomTreeView *self)
{
  g_return_val_if_fail (STATEROOM_IS_TREE_VIEW (self), NULL);

  return gtk_widget_get_visible (GTK_WIDGET (self->error_label)) ? self->search_problem : NULL;
}
