/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-storage-order.h"

#include "model/ckpt-tree-data.h"

/**
 * Walk:
 * @seen: a bit for each value
 * @listed: a bit for each storage
 * @todo: (element-type CkptNodeId): values that come next, the first one last
 * @order: (element-type guint): the storages that were met
 */
typedef struct
{
  CkptTree *tree;
  CkptNodes *nodes;
  guint8 *seen;
  guint8 *listed;
  GArray *todo;
  GArray *order;
} Walk;

/* Whether the bit was not set before. */
static gboolean
set_bit (guint8 *bits, guint32 i)
{
  guint8 former = bits[i / 8];

  bits[i / 8] |= 1 << i % 8;
  return bits[i / 8] != former;
}

static void
list_storage (Walk *self, guint index)
{
  if (set_bit (self->listed, index))
    g_array_append_val (self->order, index);
}

/* A persistent id names a storage, or a part of one. Where tensors are not pickled, they lead to their storages themselves. */
static void
note_tag (Walk *self, CkptNodeId node)
{
  guint32 tag = ckpt_nodes_get_tag (self->nodes, node);
  guint32 index = ckpt_tag_get_index (tag);
  const CkptTensor *tensor;

  switch (ckpt_tag_get_kind (tag))
    {
    case CKPT_TAG_STORAGE:
      list_storage (self, index);
      break;
    case CKPT_TAG_VIEW:
      list_storage (self, ((CkptView *) ckpt_chunks_get (self->tree->views, index))->storage);
      break;
    case CKPT_TAG_TENSOR:
      tensor = ckpt_tree_get_tensor (self->tree, index);
      if (tensor->storage != CKPT_NO_STORAGE &&
          ckpt_tree_get_storage (self->tree, tensor->storage)->node == CKPT_NO_NODE)
        list_storage (self, tensor->storage);
      break;
    case CKPT_TAG_NONE:
    case CKPT_TAG_VALUE:
    default:
      break;
    }
}

static void
push (Walk *self, CkptNodeId node)
{
  if (node != CKPT_NO_NODE)
    g_array_append_val (self->todo, node);
}

/* A pickle has what an object is made with, what was put into it, and its state; which of the two comes first can differ. */
static void
push_slots (Walk *self, CkptNodeId object)
{
  gboolean is_state_first = (ckpt_nodes_get_flags (self->nodes, object) & CKPT_NODE_STATE_FIRST) != 0;

  if (!is_state_first)
    push (self, ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_STATE));
  push (self, ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_DICT_ITEMS));
  push (self, ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_LIST_ITEMS));
  if (is_state_first)
    push (self, ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_STATE));
  push (self, ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_KWARGS));
  push (self, ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_ARGS));
  push (self, ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_CALLABLE));
}

static void
go_into (Walk *self, CkptNodeId node)
{
  switch ((int) ckpt_nodes_get_kind (self->nodes, node))
    {
    case CKPT_KIND_OBJECT:
      note_tag (self, node);
      push_slots (self, node);
      break;
    case CKPT_KIND_PERSISTENT_ID:
      note_tag (self, node);
      push (self, ckpt_nodes_get_child (self->nodes, node, 0));
      break;
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_DICT:
    case CKPT_KIND_SET:
    case CKPT_KIND_FROZENSET:
      for (guint64 i = ckpt_nodes_get_length (self->nodes, node); i-- > 0;)
        push (self, ckpt_nodes_get_child (self->nodes, node, i));
      break;
    default:
      break;
    }
}

/**
 * ckpt_storage_order_list:
 * @tree: a tree
 *
 * torch.save() numbers storages in this order, and torch.load() relies on it when it calculates where they are.
 *
 * Returns: (transfer full) (element-type guint): numbers of storages
 */
GArray *
ckpt_storage_order_list (CkptTree *tree)
{
  CkptNodes *nodes = ckpt_tree_get_nodes (tree);
  g_autofree guint8 *seen = g_malloc0 (ckpt_nodes_get_n (nodes) / 8 + 1);
  g_autofree guint8 *listed = g_malloc0 (ckpt_tree_get_n_storages (tree) / 8 + 1);
  g_autoptr (GArray) todo = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  GArray *order = g_array_new (FALSE, FALSE, sizeof (guint));
  Walk self = { tree, nodes, seen, listed, todo, order };

  push (&self, ckpt_tree_get_root (tree));
  while (todo->len > 0)
    {
      CkptNodeId node = g_array_index (todo, CkptNodeId, todo->len - 1);

      g_array_set_size (todo, todo->len - 1);
      if (set_bit (seen, ckpt_nodes_get_content (nodes, node)))
        go_into (&self, node);
    }
  return order;
}
