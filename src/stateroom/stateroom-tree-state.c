/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-tree-state.h"

#include <ckpt.h>

struct _StateroomTreeState
{
  GHashTable *expanded; /* names of rows */
  char *selected;       /* name of a row, or NULL */
  CkptNodeId node;      /* the value that was selected, or CKPT_NO_NODE: then it goes by its name alone */
  gboolean is_by_node;  /* whether values keep their ids, so that rows are named by them */
};

static char *
dup_value_name (CkptItem *item, gboolean is_by_node)
{
  return is_by_node ? g_strdup_printf ("#%u", ckpt_item_get_node (item)) : ckpt_item_dup_path_text (item);
}

/* A name that a row has in every tree of the file. */
static char *
dup_name (CkptItem *item, gboolean is_by_node)
{
  CkptItemRole role = ckpt_item_get_role (item);
  g_autofree char *path = dup_value_name (item, is_by_node);

  switch (role)
    {
    case CKPT_ITEM_FILE:
      return g_strdup ("");
    case CKPT_ITEM_MODULE:
    case CKPT_ITEM_FOLD:
      {
        g_autofree char *key = ckpt_item_dup_key (item);

        return g_strconcat (path, "\n", key, NULL);
      }
    case CKPT_ITEM_RANGE:
      return g_strconcat (path, "\t", ckpt_item_get_label (item), NULL);
    case CKPT_ITEM_VALUE:
    case CKPT_ITEM_REPEAT:
      break;
    }
  return g_steal_pointer (&path);
}

static char *
dup_row_name (GtkTreeListRow *row, gboolean is_by_node)
{
  g_autoptr (CkptItem) item = gtk_tree_list_row_get_item (row);

  return dup_name (item, is_by_node);
}

/* What is selected goes by its path first, and else by its value, where no other place can have that. */
static void
take_selected (StateroomTreeState *self, GtkTreeListRow *row)
{
  g_autoptr (CkptItem) item = gtk_tree_list_row_get_item (row);
  gboolean is_value = ckpt_item_get_role (item) == CKPT_ITEM_VALUE;

  self->selected = dup_name (item, FALSE);
  if (self->is_by_node && is_value && (ckpt_item_has_children (item) || ckpt_item_get_tensor (item) != NULL))
    self->node = ckpt_item_get_node (item);
}

/**
 * stateroom_tree_state_new:
 * @model: a tree of CkptItem
 * @selected: position of the selected row, or %GTK_INVALID_LIST_POSITION
 * @is_by_node: whether the values keep their ids, as they do when they are edited
 *
 * Returns: (transfer full): the state of the tree
 */
StateroomTreeState *
stateroom_tree_state_new (GtkTreeListModel *model, guint selected, gboolean is_by_node)
{
  StateroomTreeState *self = g_new0 (StateroomTreeState, 1);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (model));

  self->expanded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->node = CKPT_NO_NODE;
  self->is_by_node = is_by_node;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (model, i);

      if (gtk_tree_list_row_get_expanded (row))
        g_hash_table_add (self->expanded, dup_row_name (row, is_by_node));
      if (i == selected)
        take_selected (self, row);
    }
  return self;
}

/**
 * stateroom_tree_state_free:
 */
void
stateroom_tree_state_free (StateroomTreeState *self)
{
  g_hash_table_unref (self->expanded);
  g_free (self->selected);
  g_free (self);
}

/* Whether a row may be of interest: naming each of very many rows takes time. */
static gboolean
may_be_known (StateroomTreeState *self, GtkTreeListRow *row)
{
  g_autoptr (CkptItem) item = gtk_tree_list_row_get_item (row);

  return self->selected != NULL || (g_hash_table_size (self->expanded) > 0 && ckpt_item_has_children (item));
}

static void
expand_again (StateroomTreeState *self, GtkTreeListRow *row)
{
  g_autofree char *name = NULL;

  if (g_hash_table_size (self->expanded) == 0)
    return;
  name = dup_row_name (row, self->is_by_node);
  if (g_hash_table_remove (self->expanded, name))
    gtk_tree_list_row_set_expanded (row, TRUE);
}

static gboolean
has_selected_node (StateroomTreeState *self, GtkTreeListRow *row)
{
  g_autoptr (CkptItem) item = gtk_tree_list_row_get_item (row);

  return self->node != CKPT_NO_NODE && ckpt_item_get_role (item) == CKPT_ITEM_VALUE &&
         ckpt_item_get_node (item) == self->node;
}

/**
 * stateroom_tree_state_restore:
 * @model: a tree of CkptItem
 *
 * Opens the rows that were open.
 *
 * Returns: the position of the row that was selected, or %GTK_INVALID_LIST_POSITION
 */
guint
stateroom_tree_state_restore (StateroomTreeState *self, GtkTreeListModel *model)
{
  guint selected = GTK_INVALID_LIST_POSITION, moved = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (model)); i++)
    {
      g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (model, i);
      g_autofree char *name = NULL;

      if (!may_be_known (self, row))
        continue;
      expand_again (self, row);
      name = self->selected != NULL ? dup_row_name (row, FALSE) : NULL;
      if (name != NULL && g_str_equal (name, self->selected))
        {
          g_clear_pointer (&self->selected, g_free);
          selected = i;
        }
      else if (moved == GTK_INVALID_LIST_POSITION && has_selected_node (self, row))
        moved = i;
    }
  return selected != GTK_INVALID_LIST_POSITION ? selected : moved;
}
