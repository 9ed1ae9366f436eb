/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-item-private.h"
#include "model/ckpt-tree-data.h"

#include <string.h>

static void ckpt_item_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CkptItem,
                               ckpt_item,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, ckpt_item_list_model_init))

static void
shared_unref (CkptItemShared *shared)
{
  if (!g_atomic_ref_count_dec (&shared->ref_count))
    return;
  g_clear_pointer (&shared->scalars, g_hash_table_unref);
  g_hash_table_unref (shared->entries);
  ckpt_outline_unref (shared->outline);
  g_free (shared);
}

static CkptItem *
item_new (CkptItemShared *shared, CkptItem *parent, CkptItemRole role, CkptNodeId container)
{
  CkptItem *self = g_object_new (CKPT_TYPE_ITEM, NULL);

  g_atomic_ref_count_inc (&shared->ref_count);
  self->shared = shared;
  self->parent = parent != NULL ? g_object_ref (parent) : NULL;
  self->role = role;
  self->container = container;
  return self;
}

/* Parents are let go one by one: a chain of them may be as deep as the file is nested. */
static void
release_parents (CkptItem *parent)
{
  while (parent != NULL && G_OBJECT (parent)->ref_count == 1)
    {
      CkptItem *next = g_steal_pointer (&parent->parent);

      g_object_unref (parent);
      parent = next;
    }
  g_clear_object (&parent);
}

static void
ckpt_item_finalize (GObject *object)
{
  CkptItem *self = CKPT_ITEM (object);

  g_clear_pointer (&self->path, ckpt_path_free);
  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->shared, shared_unref);
  release_parents (g_steal_pointer (&self->parent));

  G_OBJECT_CLASS (ckpt_item_parent_class)->finalize (object);
}

static void
ckpt_item_class_init (CkptItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ckpt_item_finalize;
}

static void
ckpt_item_init (CkptItem *self)
{
  self->child.key = self->child.node = CKPT_NO_NODE;
}

/* Whether the root is no container whose children can stand for the file. */
static gboolean
root_is_row (CkptItem *self)
{
  CkptNodeId root = self->child.node;

  return ckpt_tree_get_kind (self->shared->tree, root) == CKPT_KIND_TENSOR ||
         ckpt_tree_get_n_children (self->shared->tree, root) == 0;
}

static gboolean
shows_ranges (CkptItem *self)
{
  return !ckpt_item_is_part (self) && ckpt_item_get_rows (self)->n_rows > CKPT_ITEM_MAX_ROWS;
}

static GType
ckpt_item_get_item_type (GListModel *model)
{
  return CKPT_TYPE_ITEM;
}

static guint
ckpt_item_get_n_items (GListModel *model)
{
  CkptItem *self = CKPT_ITEM (model);

  if (!ckpt_item_has_children (self))
    return 0;
  if (ckpt_item_is_part (self))
    return self->n;
  if (self->role == CKPT_ITEM_FILE && root_is_row (self))
    return 1;
  if (shows_ranges (self))
    return (ckpt_item_get_rows (self)->n_rows + CKPT_ITEM_RANGE_ROWS - 1) / CKPT_ITEM_RANGE_ROWS;
  return ckpt_item_get_rows (self)->n_shown;
}

/* Whether a container at this place is the same that stands at an earlier place. Equal tuples are one for Python's
 * pickler, and cannot hold themselves: they are shown again. */
static gboolean
is_repeat (CkptItem *self)
{
  CkptKind kind = ckpt_tree_get_kind (self->shared->tree, self->child.node);

  return kind != CKPT_KIND_TENSOR && kind != CKPT_KIND_STORAGE && kind != CKPT_KIND_TUPLE &&
         kind != CKPT_KIND_FROZENSET && ckpt_item_get_first (self) != NULL;
}

static CkptItem *
value_new (CkptItem *self, CkptNodeId container, guint32 number, guint32 offset)
{
  CkptItem *item = item_new (self->shared, self, CKPT_ITEM_VALUE, container);

  ckpt_tree_get_child (self->shared->tree, container, number, &item->child);
  item->offset = offset;
  if (is_repeat (item))
    item->role = CKPT_ITEM_REPEAT;
  return item;
}

static CkptItem *
range_new (CkptItem *self, guint position)
{
  const CkptItemRows *rows = ckpt_item_get_rows (self);
  CkptItem *item = item_new (self->shared, self, CKPT_ITEM_RANGE, rows->container);

  item->first = position * CKPT_ITEM_RANGE_ROWS;
  item->n = MIN (CKPT_ITEM_RANGE_ROWS, rows->n_rows - item->first);
  return item;
}

static CkptItem *
row_new (CkptItem *self, guint position)
{
  const CkptItemRows *rows = ckpt_item_get_rows (self);
  CkptItemRow row;
  CkptItem *item;

  ckpt_item_rows_get (rows, position, &row);
  if (row.n == 1)
    return value_new (self, rows->container, ckpt_item_rows_get_member (rows, row.first), rows->offset);
  item = item_new (self->shared, self, CKPT_ITEM_MODULE, rows->container);
  item->first = row.first;
  item->n = row.n;
  item->offset = rows->offset;
  item->label_end = row.label_end;
  return item;
}

static CkptItem *
shown_new (CkptItem *self, guint position)
{
  const CkptItemRows *rows = ckpt_item_get_rows (self);
  CkptItemFold fold;
  CkptItem *item;

  ckpt_item_rows_get_shown (rows, position, &fold);
  if (fold.n == 1)
    return row_new (self, fold.first);
  item = item_new (self->shared, self, CKPT_ITEM_FOLD, rows->container);
  item->first = fold.first;
  item->n = fold.n;
  return item;
}

static CkptItem *
root_value_new (CkptItem *self)
{
  CkptItem *item = item_new (self->shared, self, CKPT_ITEM_VALUE, CKPT_NO_NODE);

  item->child.node = self->child.node;
  return item;
}

static gpointer
ckpt_item_get_item (GListModel *model, guint position)
{
  CkptItem *self = CKPT_ITEM (model);

  if (position >= ckpt_item_get_n_items (model))
    return NULL;
  if (self->role == CKPT_ITEM_FILE && root_is_row (self))
    return root_value_new (self);
  if (ckpt_item_is_part (self))
    return row_new (self, self->first + position);
  return shows_ranges (self) ? range_new (self, position) : shown_new (self, position);
}

static void
ckpt_item_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = ckpt_item_get_item_type;
  iface->get_n_items = ckpt_item_get_n_items;
  iface->get_item = ckpt_item_get_item;
}

/**
 * ckpt_item_new:
 * @outline: of the tree to show
 * @flags: how to show it
 *
 * Makes the item of a whole file. Its list is the top level of the tree.
 *
 * Returns: (transfer full): the item
 */
CkptItem *
ckpt_item_new (CkptOutline *outline, CkptItemFlags flags)
{
  CkptItemShared *shared;
  CkptItem *self;

  g_return_val_if_fail (outline != NULL, NULL);

  shared = g_new0 (CkptItemShared, 1);
  g_atomic_ref_count_init (&shared->ref_count);
  shared->outline = ckpt_outline_ref (outline);
  shared->tree = ckpt_outline_get_tree (outline);
  shared->flags = flags;
  shared->entries = ckpt_item_entries_new ();
  self = item_new (shared, NULL, CKPT_ITEM_FILE, CKPT_NO_NODE);
  self->child.node = ckpt_tree_get_root (shared->tree);
  shared_unref (shared);
  return self;
}

/**
 * ckpt_item_new_for_path:
 * @root: the item of the file
 * @path: path of a value in it
 *
 * Makes an item that stands alone, as a list of search results shows it: its label is the whole path.
 *
 * Returns: (transfer full): the item
 */
CkptItem *
ckpt_item_new_for_path (CkptItem *root, const CkptPath *path)
{
  CkptItem *self;
  guint length;

  g_return_val_if_fail (CKPT_IS_ITEM (root), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  length = ckpt_path_get_length (path);
  self = item_new (root->shared, NULL, CKPT_ITEM_VALUE, CKPT_NO_NODE);
  self->path = ckpt_path_copy (path);
  if (length > 0)
    self->child = *ckpt_path_get_step (path, length - 1);
  else
    self->child.node = ckpt_tree_get_root (root->shared->tree);
  if (length > 1)
    self->container = ckpt_path_get_step (path, length - 2)->node;
  else if (length == 1)
    self->container = ckpt_tree_get_root (root->shared->tree);
  return self;
}

/**
 * ckpt_item_get_role:
 *
 * Returns: what the row stands for
 */
CkptItemRole
ckpt_item_get_role (CkptItem *self)
{
  g_return_val_if_fail (CKPT_IS_ITEM (self), CKPT_ITEM_FILE);

  return self->role;
}

/**
 * ckpt_item_get_tree:
 *
 * Returns: (transfer none): the tree
 */
CkptTree *
ckpt_item_get_tree (CkptItem *self)
{
  g_return_val_if_fail (CKPT_IS_ITEM (self), NULL);

  return self->shared->tree;
}

/**
 * ckpt_item_get_outline:
 *
 * Returns: (transfer none): the outline of the tree
 */
CkptOutline *
ckpt_item_get_outline (CkptItem *self)
{
  g_return_val_if_fail (CKPT_IS_ITEM (self), NULL);

  return self->shared->outline;
}

/**
 * ckpt_item_get_flags:
 *
 * Returns: how the tree is shown
 */
CkptItemFlags
ckpt_item_get_flags (CkptItem *self)
{
  g_return_val_if_fail (CKPT_IS_ITEM (self), CKPT_ITEM_FLAGS_NONE);

  return self->shared->flags;
}

/**
 * ckpt_item_get_parent:
 *
 * Returns: (transfer none) (nullable): the item whose list @self is in
 */
CkptItem *
ckpt_item_get_parent (CkptItem *self)
{
  g_return_val_if_fail (CKPT_IS_ITEM (self), NULL);

  return self->parent;
}

/**
 * ckpt_item_get_node:
 *
 * Returns: the value; of a module, a range or a fold: the dict or list that it is a part of
 */
CkptNodeId
ckpt_item_get_node (CkptItem *self)
{
  g_return_val_if_fail (CKPT_IS_ITEM (self), CKPT_NO_NODE);

  return self->child.node != CKPT_NO_NODE ? self->child.node : self->container;
}

/**
 * ckpt_item_get_tensor:
 *
 * Returns: (transfer none) (nullable): the tensor, if the row stands for one
 */
const CkptTensor *
ckpt_item_get_tensor (CkptItem *self)
{
  g_return_val_if_fail (CKPT_IS_ITEM (self), NULL);

  if (self->role != CKPT_ITEM_VALUE)
    return NULL;
  return ckpt_tree_get_node_tensor (self->shared->tree, self->child.node);
}

/**
 * ckpt_item_has_children:
 *
 * Tells whether there are rows under this one, without making them.
 *
 * Returns: whether its list has items
 */
gboolean
ckpt_item_has_children (CkptItem *self)
{
  g_return_val_if_fail (CKPT_IS_ITEM (self), FALSE);

  switch (self->role)
    {
    case CKPT_ITEM_FILE:
    case CKPT_ITEM_MODULE:
    case CKPT_ITEM_RANGE:
    case CKPT_ITEM_FOLD:
      return TRUE;
    case CKPT_ITEM_VALUE:
      return self->path == NULL && ckpt_tree_get_n_children (self->shared->tree, self->child.node) > 0;
    case CKPT_ITEM_REPEAT:
      break;
    }
  return FALSE;
}

static gboolean
is_at (CkptItem *self, const CkptPath *path)
{
  guint length = ckpt_path_get_length (path);
  const CkptChild *last;
  CkptNodeId container;

  if (length == 0)
    return self->container == CKPT_NO_NODE;
  last = ckpt_path_get_step (path, length - 1);
  container = length > 1 ? ckpt_path_get_step (path, length - 2)->node
                         : ckpt_tree_get_root (self->shared->tree);
  return self->container == container && self->child.kind == last->kind && self->child.index == last->index &&
         self->child.key == last->key;
}

/**
 * ckpt_item_get_first:
 *
 * Returns: (transfer none) (nullable): where the same tensor or container stands first, if that is another place
 */
const CkptPath *
ckpt_item_get_first (CkptItem *self)
{
  const CkptTensor *tensor;
  const CkptPath *first;

  g_return_val_if_fail (CKPT_IS_ITEM (self), NULL);

  if (self->child.node == CKPT_NO_NODE)
    return NULL;
  first = ckpt_outline_get_first (self->shared->outline, self->child.node);
  if (first != NULL && !is_at (self, first))
    return first;
  tensor = ckpt_item_get_tensor (self);
  if (tensor == NULL || ckpt_tree_get_tied_to (self->shared->tree, tensor) == CKPT_NO_TENSOR)
    return NULL;
  tensor = ckpt_tree_get_first_tied (self->shared->tree, tensor);
  return ckpt_outline_get_first (self->shared->outline, tensor->node);
}

/**
 * ckpt_item_is_tied:
 *
 * Returns: whether it is a tensor whose elements are those of an earlier one
 */
gboolean
ckpt_item_is_tied (CkptItem *self)
{
  const CkptTensor *tensor = ckpt_item_get_tensor (self);

  return tensor != NULL && (ckpt_tree_get_tied_to (self->shared->tree, tensor) != CKPT_NO_TENSOR ||
                            ckpt_item_get_first (self) != NULL);
}

/**
 * ckpt_item_dup_path:
 *
 * Returns: (transfer full): the path of the value; of a module, a range or a fold: of what it is a part of
 */
CkptPath *
ckpt_item_dup_path (CkptItem *self)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new ();
  CkptPath *path;

  g_return_val_if_fail (CKPT_IS_ITEM (self), NULL);

  if (self->path != NULL)
    return ckpt_path_copy (self->path);
  for (CkptItem *item = self; item != NULL; item = item->parent)
    if (item->container != CKPT_NO_NODE && item->child.node != CKPT_NO_NODE)
      g_ptr_array_add (steps, &item->child);
  path = ckpt_path_new ();
  for (guint i = steps->len; i > 0; i--)
    ckpt_path_push (path, g_ptr_array_index (steps, i - 1));
  return path;
}

static guint32
find_row (const CkptItemRows *rows, guint32 child)
{
  for (guint32 i = 0; i < rows->n_rows; i++)
    {
      CkptItemRow row;

      ckpt_item_rows_get (rows, i, &row);
      for (guint32 j = 0; j < row.n; j++)
        if (ckpt_item_rows_get_member (rows, row.first + j) == child)
          return i;
    }
  return G_MAXUINT32;
}

static guint
get_depth (CkptItem *self)
{
  guint depth = 0;

  for (CkptItem *item = self; item != NULL; item = item->parent)
    if (item->container != CKPT_NO_NODE && item->child.node != CKPT_NO_NODE)
      depth++;
  return depth;
}

/**
 * ckpt_item_find:
 * @path: path of a value under @self
 * @position: (out): position in its list of the row for that value, or of the row that it is under
 *
 * Goes one level down towards a value.
 *
 * Returns: whether there is such a row
 */
gboolean
ckpt_item_find (CkptItem *self, const CkptPath *path, guint *position)
{
  const CkptItemRows *rows;
  guint depth;
  guint32 child, row;

  g_return_val_if_fail (CKPT_IS_ITEM (self), FALSE);

  depth = get_depth (self);
  if (self->role == CKPT_ITEM_FILE && root_is_row (self))
    {
      *position = 0;
      return TRUE;
    }
  if (!ckpt_item_has_children (self) || ckpt_path_get_length (path) <= depth)
    return FALSE;
  rows = ckpt_item_get_rows (self);
  child = ckpt_tree_find_child (self->shared->tree, rows->container, ckpt_path_get_step (path, depth));
  row = child != G_MAXUINT32 ? find_row (rows, child) : G_MAXUINT32;
  if (row == G_MAXUINT32 || (ckpt_item_is_part (self) && (row < self->first || row - self->first >= self->n)))
    return FALSE;
  if (ckpt_item_is_part (self))
    *position = row - self->first;
  else
    *position = shows_ranges (self) ? row / CKPT_ITEM_RANGE_ROWS : ckpt_item_rows_find_shown (rows, row);
  return TRUE;
}

/**
 * ckpt_item_set_scalars:
 * @scalars: (element-type CkptNodeId utf8): values of tensors with one element, of ckpt_outline_read_scalars()
 *
 * Lets all items of the view show these values.
 */
void
ckpt_item_set_scalars (CkptItem *self, GHashTable *scalars)
{
  g_return_if_fail (CKPT_IS_ITEM (self));
  g_return_if_fail (scalars != NULL);

  g_hash_table_ref (scalars);
  g_clear_pointer (&self->shared->scalars, g_hash_table_unref);
  self->shared->scalars = scalars;
}
