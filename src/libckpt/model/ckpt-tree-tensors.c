/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-tree-data.h"

#include "io/ckpt-hash.h"

#include <string.h>

static const char *const layout_names[] = {
  [CKPT_LAYOUT_STRIDED] = "strided",       [CKPT_LAYOUT_SPARSE_COO] = "sparse_coo",
  [CKPT_LAYOUT_SPARSE_CSR] = "sparse_csr", [CKPT_LAYOUT_SPARSE_CSC] = "sparse_csc",
  [CKPT_LAYOUT_SPARSE_BSR] = "sparse_bsr", [CKPT_LAYOUT_SPARSE_BSC] = "sparse_bsc",
  [CKPT_LAYOUT_NESTED] = "nested",         [CKPT_LAYOUT_JAGGED] = "jagged",
  [CKPT_LAYOUT_UNKNOWN] = "unknown",
};

/**
 * ckpt_layout_get_name:
 * @layout: a layout
 *
 * Returns: (transfer none): PyTorch's name, without "torch."
 */
const char *
ckpt_layout_get_name (CkptLayout layout)
{
  g_return_val_if_fail (layout < G_N_ELEMENTS (layout_names), NULL);

  return layout_names[layout];
}

/**
 * ckpt_storage_get_bytes:
 * @self: a storage whose type is known
 * @numel: a number of elements
 * @n_bytes: (out): bytes that they take
 *
 * PyTorch counts a storage of packed elements, such as QUInt4x2Storage, in bytes: its element size is 1 there.
 *
 * Returns: whether a file can hold them
 */
gboolean
ckpt_storage_get_bytes (const CkptStorage *self, guint64 numel, guint64 *n_bytes)
{
  return g_uint64_checked_mul (n_bytes, numel, ckpt_dtype_get_info (self->dtype)->item_size) &&
         *n_bytes <= G_MAXINT64;
}

/**
 * ckpt_tree_get_n_tensors:
 * @self: a tree
 *
 * Returns: tensors of the file, those that others wrap included
 */
guint
ckpt_tree_get_n_tensors (CkptTree *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return ckpt_chunks_get_n (self->tensors);
}

/**
 * ckpt_tree_get_tensor:
 * @self: a tree
 * @index: which one
 *
 * Returns: (transfer none): the tensor
 */
const CkptTensor *
ckpt_tree_get_tensor (CkptTree *self, guint index)
{
  g_return_val_if_fail (self != NULL, NULL);

  return ckpt_chunks_get (self->tensors, index);
}

/**
 * ckpt_tree_get_node_tensor:
 * @self: a tree
 * @node: a value
 *
 * Returns: (transfer none) (nullable): the tensor that it is
 */
const CkptTensor *
ckpt_tree_get_node_tensor (CkptTree *self, CkptNodeId node)
{
  guint32 tag;

  g_return_val_if_fail (self != NULL, NULL);

  tag = ckpt_tree_get_tag (self, ckpt_tree_resolve (self, node));
  return ckpt_tag_get_kind (tag) == CKPT_TAG_TENSOR
             ? ckpt_chunks_get (self->tensors, ckpt_tag_get_index (tag))
             : NULL;
}

/**
 * ckpt_tree_get_n_storages:
 * @self: a tree
 *
 * Returns: storages that the file names
 */
guint
ckpt_tree_get_n_storages (CkptTree *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return ckpt_chunks_get_n (self->storages);
}

/**
 * ckpt_tree_get_storage:
 * @self: a tree
 * @index: which one
 *
 * Returns: (transfer none): the storage
 */
const CkptStorage *
ckpt_tree_get_storage (CkptTree *self, guint index)
{
  g_return_val_if_fail (self != NULL, NULL);

  return ckpt_chunks_get (self->storages, index);
}

/**
 * ckpt_tree_edit_storage:
 * @self: a tree that is being filled
 * @index: which one
 *
 * Returns: (transfer none): the storage, to be changed
 */
CkptStorage *
ckpt_tree_edit_storage (CkptTree *self, guint index)
{
  return ckpt_chunks_get (self->storages, index);
}

/**
 * ckpt_tree_find_node_storage:
 * @self: a tree
 * @node: a value
 *
 * Returns: the number of the storage that it names, of which it may be a part; %CKPT_NO_STORAGE if it names none
 */
guint32
ckpt_tree_find_node_storage (CkptTree *self, CkptNodeId node)
{
  guint32 tag = ckpt_tree_get_tag (self, ckpt_tree_resolve (self, node));
  guint32 index = ckpt_tag_get_index (tag);

  switch (ckpt_tag_get_kind (tag))
    {
    case CKPT_TAG_STORAGE:
      return index;
    case CKPT_TAG_VIEW:
      return ((CkptView *) ckpt_chunks_get (self->views, index))->storage;
    case CKPT_TAG_NONE:
    case CKPT_TAG_TENSOR:
    case CKPT_TAG_VALUE:
    default:
      return CKPT_NO_STORAGE;
    }
}

/**
 * ckpt_tree_get_node_storage:
 * @self: a tree
 * @node: a value
 *
 * Returns: (transfer none) (nullable): the storage that it names, of which it may be a part
 */
const CkptStorage *
ckpt_tree_get_node_storage (CkptTree *self, CkptNodeId node)
{
  guint32 index;

  g_return_val_if_fail (self != NULL, NULL);

  index = ckpt_tree_find_node_storage (self, node);
  return index != CKPT_NO_STORAGE ? ckpt_chunks_get (self->storages, index) : NULL;
}

static gboolean
has_key (guint32 number, gconstpointer key, gpointer user_data)
{
  CkptTree *self = user_data;

  return strcmp (((CkptStorage *) ckpt_chunks_get (self->storages, number))->key, key) == 0;
}

/**
 * ckpt_tree_find_storage:
 * @self: a tree
 * @key: key of a storage
 * @index: (out): its number
 *
 * Returns: whether there is one
 */
gboolean
ckpt_tree_find_storage (CkptTree *self, const char *key, guint *index)
{
  return ckpt_index_find (self->storage_index, ckpt_str_hash (key), has_key, key, self, index);
}

/**
 * ckpt_tree_add_storage:
 * @self: a tree that is being filled
 * @storage: what to add; its texts must live as long as the tree, its key must be new
 *
 * Returns: its number, or %CKPT_NO_STORAGE where there is no memory for it, which ckpt_tree_finish() tells
 */
guint
ckpt_tree_add_storage (CkptTree *self, const CkptStorage *storage)
{
  CkptStorage *copy = ckpt_chunks_add (self->storages, NULL);
  guint index = ckpt_chunks_get_n (self->storages) - 1;

  if (copy != NULL)
    {
      *copy = *storage;
      if (self->store != NULL ||
          ckpt_index_add (self->storage_index, ckpt_str_hash (storage->key), index, NULL))
        return index;
    }
  self->is_short_of_memory = TRUE;
  return CKPT_NO_STORAGE;
}

/* Takes over the sizes, which the caller may free. A tensor that makes no sense may come without. */
static gboolean
copy_sizes (CkptTree *self, CkptTensor *tensor, GError **error)
{
  gsize n_bytes = tensor->n_dims * sizeof (gint64);

  if (tensor->shape != NULL && (tensor->shape = ckpt_tree_copy (self, tensor->shape, n_bytes, error)) == NULL)
    return FALSE;

  return tensor->stride == NULL ||
         (tensor->stride = ckpt_tree_copy (self, tensor->stride, n_bytes, error)) != NULL;
}

/**
 * ckpt_tree_add_tensor:
 * @self: a tree that is being filled
 * @tensor: what to add; its shape and stride are copied, its texts must live as long as the tree
 * @error: return location
 *
 * Returns: the new value that it is; %CKPT_NO_NODE with %CKPT_ERROR_LIMIT
 */
CkptNodeId
ckpt_tree_add_tensor (CkptTree *self, const CkptTensor *tensor, GError **error)
{
  CkptNodeId slots[CKPT_N_SLOTS];
  CkptTensor *copy;
  CkptNodeId node;

  for (guint i = 0; i < CKPT_N_SLOTS; i++)
    slots[i] = CKPT_NO_NODE;

  node = ckpt_nodes_add_container (self->nodes, CKPT_KIND_OBJECT, 0, CKPT_NO_OFFSET, slots, CKPT_N_SLOTS,
                                   error);
  copy = node != CKPT_NO_NODE ? ckpt_chunks_add (self->tensors, error) : NULL;
  if (copy == NULL)
    return CKPT_NO_NODE;

  *copy = *tensor;
  copy->index = ckpt_chunks_get_n (self->tensors) - 1;
  copy->node = node;
  if (!copy_sizes (self, copy, error))
    return CKPT_NO_NODE;

  ckpt_nodes_set_tag (self->nodes, node, ckpt_tag_new (CKPT_TAG_TENSOR, copy->index));
  return node;
}
