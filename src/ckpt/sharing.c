/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sharing.h"

#include <string.h>

struct _Sharing
{
  CkptTree *tree;
  GHashTable
      *paths; /* value that others are the same as -> path where it is met first, or NULL until it is met */
};

/* Tied tensors are many values with the same elements: the first of them stands for all. */
static CkptNodeId
stand_in (CkptTree *tree, CkptNodeId node)
{
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, node);

  return tensor != NULL ? ckpt_tree_get_first_tied (tree, tensor)->node : node;
}

static gboolean
is_tied (CkptTree *tree, CkptNodeId node)
{
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, node);

  return tensor != NULL && ckpt_tree_get_tied_to (tree, tensor) != CKPT_NO_TENSOR;
}

/**
 * sharing_has_ties:
 *
 * Returns: whether any tensor repeats another one
 */
gboolean
sharing_has_ties (CkptTree *tree)
{
  guint n = ckpt_tree_get_n_tensors (tree);

  for (guint i = 0; i < n; i++)
    if (ckpt_tree_get_tied_to (tree, ckpt_tree_get_tensor (tree, i)) != CKPT_NO_TENSOR)
      return TRUE;
  return FALSE;
}

/**
 * sharing_is_worth_telling:
 * @node: a value that is at several places
 *
 * Returns: FALSE for numbers, texts and empty containers: that they are one value in the file is an accident
 */
gboolean
sharing_is_worth_telling (CkptTree *tree, CkptNodeId node)
{
  switch (ckpt_tree_get_kind (tree, node))
    {
    case CKPT_KIND_TENSOR:
    case CKPT_KIND_STORAGE:
    case CKPT_KIND_OBJECT:
      return TRUE;
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_DICT:
    case CKPT_KIND_SET:
    case CKPT_KIND_FROZENSET:
      return ckpt_tree_get_n_children (tree, node) > 0;
    case CKPT_KIND_NONE:
    case CKPT_KIND_BOOL:
    case CKPT_KIND_INT:
    case CKPT_KIND_FLOAT:
    case CKPT_KIND_STRING:
    case CKPT_KIND_BYTES:
    case CKPT_KIND_BYTEARRAY:
    case CKPT_KIND_GLOBAL:
    case CKPT_KIND_PERSISTENT_ID:
    default:
      return FALSE;
    }
}

static gboolean
note_shared (CkptTree *tree,
             const CkptPath *path,
             guint depth,
             const CkptChild *child,
             gboolean is_repeat,
             gpointer user_data)
{
  Sharing *self = user_data;

  if ((is_repeat || is_tied (tree, child->node)) && sharing_is_worth_telling (tree, child->node))
    g_hash_table_insert (self->paths, GUINT_TO_POINTER (stand_in (tree, child->node)), NULL);
  return TRUE;
}

static gboolean
note_first (CkptTree *tree,
            const CkptPath *path,
            guint depth,
            const CkptChild *child,
            gboolean is_repeat,
            gpointer user_data)
{
  Sharing *self = user_data;
  gpointer key = GUINT_TO_POINTER (stand_in (tree, child->node));
  gpointer known_path;

  if (g_hash_table_lookup_extended (self->paths, key, NULL, &known_path) && known_path == NULL)
    g_hash_table_insert (self->paths, key, ckpt_path_to_string (path, tree));
  return TRUE;
}

/**
 * sharing_new:
 *
 * Walks the tree once, and once more if anything in it is shared.
 *
 * Returns: (transfer full): what is shared
 */
Sharing *
sharing_new (CkptTree *tree)
{
  Sharing *self = g_new0 (Sharing, 1);
  CkptNodeId root = ckpt_tree_get_root (tree);

  self->tree = ckpt_tree_ref (tree);
  self->paths = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  ckpt_tree_walk (tree, root, note_shared, self);
  if (g_hash_table_size (self->paths) > 0)
    ckpt_tree_walk (tree, root, note_first, self);
  return self;
}

void
sharing_free (Sharing *self)
{
  g_hash_table_unref (self->paths);
  ckpt_tree_unref (self->tree);
  g_free (self);
}

/**
 * sharing_get_first:
 * @node: a value
 * @path: the text form of a path to it
 *
 * Returns: (transfer none) (nullable): the path where the same value comes first, or NULL if that is @path itself
 */
const char *
sharing_get_first (Sharing *self, CkptNodeId node, const char *path)
{
  const char *first;

  if (g_hash_table_size (self->paths) == 0)
    return NULL;

  first = g_hash_table_lookup (self->paths, GUINT_TO_POINTER (stand_in (self->tree, node)));
  return first != NULL && strcmp (first, path) != 0 ? first : NULL;
}
