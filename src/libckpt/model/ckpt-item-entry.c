/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-item-private.h"

#define MAX_PREPARED 64u  /* rows that a view shows at first */
#define MAX_OPENED   5000 /* children of a row that is opened by itself beside others */

static guint
entry_hash (gconstpointer key)
{
  const CkptItemEntry *entry = key;

  return entry->node * 31 + entry->first * 17 + entry->offset * 3 + (guint) entry->role;
}

static gboolean
entry_equal (gconstpointer a, gconstpointer b)
{
  const CkptItemEntry *x = a, *y = b;

  return x->node == y->node && x->first == y->first && x->offset == y->offset && x->role == y->role;
}

static void
entry_free (gpointer data)
{
  CkptItemEntry *entry = data;

  g_clear_pointer (&entry->rows, ckpt_item_rows_free);
  g_free (entry);
}

GHashTable *
ckpt_item_entries_new (void)
{
  return g_hash_table_new_full (entry_hash, entry_equal, entry_free, NULL);
}

gboolean
ckpt_item_is_part (CkptItem *self)
{
  return self->role == CKPT_ITEM_RANGE || self->role == CKPT_ITEM_FOLD;
}

static void
set_key (CkptItem *self, CkptItemEntry *entry)
{
  const CkptItemRows *rows;
  CkptItemRow row = { .first = self->first };

  entry->role = self->role;
  entry->node = ckpt_item_get_node (self);
  if (self->role != CKPT_ITEM_MODULE && !ckpt_item_is_part (self))
    return;
  rows = ckpt_item_get_holder (self);
  if (ckpt_item_is_part (self))
    ckpt_item_rows_get (rows, self->first, &row);
  entry->first = ckpt_item_rows_get_member (rows, row.first);
  entry->offset = ckpt_item_is_part (self) ? rows->offset : self->label_end + 1;
}

/* What is known about the row; made when first asked for. */
CkptItemEntry *
ckpt_item_get_entry (CkptItem *self)
{
  CkptItemEntry key = { 0 };

  if (self->entry != NULL)
    return self->entry;
  set_key (self, &key);
  self->entry = g_hash_table_lookup (self->shared->entries, &key);
  if (self->entry == NULL)
    {
      self->entry = g_memdup2 (&key, sizeof key);
      g_hash_table_add (self->shared->entries, self->entry);
    }
  return self->entry;
}

/* For a module: the rows that hold its members. For a range or fold: the rows that it shows some of. */
const CkptItemRows *
ckpt_item_get_holder (CkptItem *self)
{
  CkptItem *item = self->parent;

  while (ckpt_item_is_part (item))
    item = item->parent;
  return ckpt_item_get_rows (item);
}

const CkptItemRows *
ckpt_item_get_rows (CkptItem *self)
{
  CkptTree *tree = self->shared->tree;
  CkptItemEntry *entry;

  if (ckpt_item_is_part (self))
    return ckpt_item_get_holder (self);
  entry = ckpt_item_get_entry (self);
  if (entry->rows != NULL)
    return entry->rows;
  if (self->role == CKPT_ITEM_MODULE)
    entry->rows = ckpt_item_rows_new (tree, self->container,
                                      ckpt_item_get_holder (self)->members + self->first, self->n,
                                      self->label_end + 1, self->shared->flags);
  else
    entry->rows = ckpt_item_rows_new (tree, self->child.node, NULL,
                                      ckpt_tree_get_n_children (tree, self->child.node), 0,
                                      self->shared->flags);
  return entry->rows;
}

typedef gboolean (*ChildFunc) (CkptItem *self, const CkptChild *child, gpointer user_data);

/* Calls @func for members of @rows until it returns TRUE. */
static gboolean
any_member (CkptItem *self,
            const CkptItemRows *rows,
            guint32 first,
            guint32 n,
            ChildFunc func,
            gpointer user_data)
{
  for (guint32 i = first; i < first + n; i++)
    {
      CkptChild child;

      ckpt_tree_get_child (self->shared->tree, rows->container, ckpt_item_rows_get_member (rows, i), &child);
      if (func (self, &child, user_data))
        return TRUE;
    }
  return FALSE;
}

/* Calls @func for all values that the row stands for, until it returns TRUE. */
static gboolean
any_child (CkptItem *self, ChildFunc func, gpointer user_data)
{
  if (self->role == CKPT_ITEM_MODULE)
    return any_member (self, ckpt_item_get_holder (self), self->first, self->n, func, user_data);
  if (!ckpt_item_is_part (self))
    return func (self, &self->child, user_data);
  for (guint32 i = self->first; i < self->first + self->n; i++)
    {
      const CkptItemRows *rows = ckpt_item_get_rows (self);
      CkptItemRow row;

      ckpt_item_rows_get (rows, i, &row);
      if (any_member (self, rows, row.first, row.n, func, user_data))
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_tensors (CkptItem *self, const CkptChild *child, gpointer user_data)
{
  return ckpt_outline_has_tensors (self->shared->outline, child->node);
}

/**
 * ckpt_item_has_tensors:
 *
 * Tells whether the row stands for anything with a size, without adding it up.
 *
 * Returns: whether it is a tensor or a storage, or has one under it
 */
gboolean
ckpt_item_has_tensors (CkptItem *self)
{
  g_return_val_if_fail (CKPT_IS_ITEM (self), FALSE);

  return any_child (self, has_tensors, NULL);
}

static gboolean
add_totals (CkptItem *self, const CkptChild *child, gpointer user_data)
{
  ckpt_outline_add_totals (self->shared->outline, child->node, user_data);
  return FALSE;
}

/**
 * ckpt_item_get_total:
 *
 * Adds up when first asked.
 *
 * Returns: (transfer none): what lies under the row, itself included, each storage once and whole; it has no name
 */
const CkptTotal *
ckpt_item_get_total (CkptItem *self)
{
  static const CkptTotal nothing = { 0 };
  CkptItemEntry *entry;

  g_return_val_if_fail (CKPT_IS_ITEM (self), NULL);

  if (!ckpt_item_has_tensors (self))
    return &nothing;
  entry = ckpt_item_get_entry (self);
  if (!entry->has_total)
    {
      g_autoptr (CkptTotals) totals = ckpt_totals_new (self->shared->tree);
      const char *device;

      any_child (self, add_totals, totals);
      ckpt_totals_finish (totals);
      entry->total = *ckpt_totals_get_all (totals);
      device = ckpt_totals_get_device (totals);
      entry->device = device != NULL ? g_intern_string (device) : NULL;
      entry->has_total = TRUE;
    }
  return &entry->total;
}

static gboolean
add_child (CkptItem *self, const CkptChild *child, gpointer user_data)
{
  GArray *children = user_data;

  g_array_append_val (children, *child);
  return FALSE;
}

/**
 * ckpt_item_list_children:
 * @offset: (out): byte of their keys from which rows under this one show them
 *
 * Lists the children of ckpt_item_get_node() for which a module, a range or a fold stands.
 *
 * Returns: (transfer full) (element-type CkptChild): how each of them hangs there; none where the row is a value itself
 */
GArray *
ckpt_item_list_children (CkptItem *self, guint32 *offset)
{
  GArray *children;

  g_return_val_if_fail (CKPT_IS_ITEM (self), NULL);

  children = g_array_new (FALSE, FALSE, sizeof (CkptChild));
  *offset = 0;
  if (self->role != CKPT_ITEM_MODULE && !ckpt_item_is_part (self))
    return children;
  *offset = ckpt_item_get_entry (self)->offset;
  any_child (self, add_child, children);
  return children;
}

/**
 * ckpt_item_prepare:
 *
 * Finds out what a view of the file needs at first. What takes long with a large file is then done in the thread that
 * opens it, before the item is handed to the thread of the view.
 */
void
ckpt_item_prepare (CkptItem *self)
{
  guint n;

  g_return_if_fail (CKPT_IS_ITEM (self));

  ckpt_item_get_total (self);
  n = g_list_model_get_n_items (G_LIST_MODEL (self));
  for (guint i = 0; i < MIN (n, MAX_PREPARED); i++)
    {
      g_autoptr (CkptItem) child = g_list_model_get_item (G_LIST_MODEL (self), i);

      if (!ckpt_item_has_children (child) || !ckpt_item_has_tensors (child))
        continue;
      ckpt_item_get_total (child);
      if (n == 1 || ckpt_tree_get_n_children (self->shared->tree, ckpt_item_get_node (child)) <= MAX_OPENED)
        g_list_model_get_n_items (G_LIST_MODEL (child));
    }
}
