/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-ties.h"
#include "model/ckpt-tree-data.h"

/**
 * CkptReach:
 * @tensors: a bit for each tensor that is there
 * @storages: a bit for each storage that is
 * @ties: (nullable): by number of a tensor: the first that has the same elements; %NULL where there was no memory for it
 *
 * What of the tables of a version can be reached from its root.
 */
struct _CkptReach
{
  guint8 *tensors;
  guint8 *storages;
  guint32 *ties;
};

static guint8 *
bits_new (guint32 n)
{
  return g_malloc0 (n / 8 + 1);
}

static gboolean
has_bit (const guint8 *bits, guint32 i)
{
  return (bits[i / 8] >> i % 8 & 1) != 0;
}

static void
set_bit (guint8 *bits, guint32 i)
{
  bits[i / 8] |= 1 << i % 8;
}

/**
 * Walk:
 * @seen: a bit for each value
 * @todo: (element-type CkptNodeId): values that were met and not gone into yet
 */
typedef struct
{
  CkptTree *tree;
  CkptReach *reach;
  guint8 *seen;
  GArray *todo;
} Walk;

static void
meet (Walk *self, CkptNodeId node)
{
  CkptNodeId content;

  if (node == CKPT_NO_NODE)
    return;

  content = ckpt_nodes_get_content (self->tree->nodes, node);
  if (has_bit (self->seen, content))
    return;

  set_bit (self->seen, content);
  g_array_append_val (self->todo, content);
}

static void
note_tag (Walk *self, guint32 tag)
{
  guint32 index = ckpt_tag_get_index (tag);

  switch (ckpt_tag_get_kind (tag))
    {
    case CKPT_TAG_TENSOR:
      set_bit (self->reach->tensors, index);
      break;
    case CKPT_TAG_STORAGE:
      set_bit (self->reach->storages, index);
      break;
    case CKPT_TAG_VIEW:
      set_bit (self->reach->storages, ((CkptView *) ckpt_chunks_get (self->tree->views, index))->storage);
      break;
    case CKPT_TAG_NONE:
    case CKPT_TAG_VALUE:
    default:
      break;
    }
}

static void
go_into (Walk *self, CkptNodeId node)
{
  CkptNodes *nodes = self->tree->nodes;
  guint64 n;

  switch ((int) ckpt_nodes_get_kind (nodes, node))
    {
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_DICT:
    case CKPT_KIND_SET:
    case CKPT_KIND_FROZENSET:
    case CKPT_KIND_OBJECT:
    case CKPT_KIND_PERSISTENT_ID:
      note_tag (self, ckpt_nodes_get_tag (nodes, node));
      n = ckpt_nodes_get_length (nodes, node);
      for (guint64 i = 0; i < n; i++)
        meet (self, ckpt_nodes_get_child (nodes, node, i));
      break;
    default:
      break;
    }
}

/* A storage that another one is made from is not there for that: its bytes go into the other. */
static CkptReach *
reach_new (CkptTree *tree)
{
  CkptReach *self = g_new0 (CkptReach, 1);
  g_autofree guint8 *seen = bits_new (ckpt_nodes_get_n (tree->nodes));
  g_autoptr (GArray) todo = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  Walk walk = { tree, self, seen, todo };

  self->tensors = bits_new (ckpt_tree_get_n_tensors (tree));
  self->storages = bits_new (ckpt_tree_get_n_storages (tree));
  meet (&walk, tree->root);
  while (todo->len > 0)
    {
      CkptNodeId node = g_array_index (todo, CkptNodeId, todo->len - 1);

      g_array_set_size (todo, todo->len - 1);
      go_into (&walk, node);
    }
  for (guint i = 0; i < ckpt_tree_get_n_tensors (tree); i++)
    if (has_bit (self->tensors, i) && ckpt_tree_get_tensor (tree, i)->storage != CKPT_NO_STORAGE)
      set_bit (self->storages, ckpt_tree_get_tensor (tree, i)->storage);
  self->ties = ckpt_ties_find (tree, self->tensors, NULL);
  return self;
}

void
ckpt_reach_free (CkptReach *self)
{
  g_free (self->tensors);
  g_free (self->storages);
  g_free (self->ties);
  g_free (self);
}

/* Found out when it is first asked for, on any thread. */
static const CkptReach *
get_reach (CkptTree *tree)
{
  if (g_once_init_enter_pointer (&tree->reach))
    g_once_init_leave_pointer (&tree->reach, reach_new (tree));
  return tree->reach;
}

/**
 * ckpt_tree_has_tensor:
 * @self: a tree
 * @index: number of a tensor, below ckpt_tree_get_n_tensors()
 *
 * Returns: whether it is there: edits leave tensors that are removed in the table, so that numbers stay
 */
gboolean
ckpt_tree_has_tensor (CkptTree *self, guint index)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->store == NULL || has_bit (get_reach (self)->tensors, index);
}

/**
 * ckpt_tree_has_storage:
 * @self: a tree
 * @index: number of a storage, below ckpt_tree_get_n_storages()
 *
 * Returns: whether something in the tree needs it
 */
gboolean
ckpt_tree_has_storage (CkptTree *self, guint index)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->store == NULL || has_bit (get_reach (self)->storages, index);
}

/**
 * ckpt_tree_get_tied_to:
 * @self: a tree
 * @tensor: a tensor of it
 *
 * Returns: number of an earlier tensor with the same elements (storage, offset, shape, stride, type), or %CKPT_NO_TENSOR
 */
guint32
ckpt_tree_get_tied_to (CkptTree *self, const CkptTensor *tensor)
{
  const CkptReach *reach;

  g_return_val_if_fail (self != NULL && tensor != NULL, CKPT_NO_TENSOR);

  if (self->store == NULL)
    return tensor->tied_to;

  reach = get_reach (self);
  return reach->ties != NULL ? reach->ties[tensor->index] : CKPT_NO_TENSOR;
}

/**
 * ckpt_tree_get_first_tied:
 * @self: a tree
 * @tensor: a tensor of it
 *
 * Returns: (transfer none): the tensor that stands for all with the same elements: the first of them
 */
const CkptTensor *
ckpt_tree_get_first_tied (CkptTree *self, const CkptTensor *tensor)
{
  guint32 first = ckpt_tree_get_tied_to (self, tensor);

  return first != CKPT_NO_TENSOR ? ckpt_tree_get_tensor (self, first) : tensor;
}
