/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-path.h"
#include "model/ckpt-tree-data.h"

#include <glib/gi18n-lib.h>

/**
 * Finder:
 * @warnings: CkptNodeId -> list of CkptWarning about it, until its path is found
 */
typedef struct
{
  GHashTable *warnings;
} Finder;

static void
give_path (Finder *self, CkptTree *tree, CkptNodeId node, const CkptPath *path)
{
  GSList *list = g_hash_table_lookup (self->warnings, GUINT_TO_POINTER (node));

  for (GSList *item = list; item != NULL; item = item->next)
    {
      CkptWarning *warning = item->data;

      if (warning->path == NULL)
        warning->path = ckpt_path_to_string (path, tree);
    }
}

static CkptNodeId
get_first_argument (CkptTree *tree, CkptNodeId node)
{
  CkptNodeId args = ckpt_nodes_get_slot (tree->nodes, node, CKPT_SLOT_ARGS);
  const CkptNodeId *items;
  guint32 n;

  if (args == CKPT_NO_NODE || ckpt_nodes_get_kind (tree->nodes, args) != CKPT_KIND_TUPLE)
    return CKPT_NO_NODE;

  items = ckpt_nodes_get_children (tree->nodes, args, &n);
  return n > 0 ? items[0] : CKPT_NO_NODE;
}

/* What is said of the tensors that a tensor wraps, and of its storage, is said of it: they have no path of their own. */
static void
give_tensor_path (Finder *self, CkptTree *tree, const CkptTensor *tensor, const CkptPath *path)
{
  while (tensor->inner != CKPT_NO_TENSOR)
    {
      tensor = ckpt_tree_get_tensor (tree, tensor->inner);
      give_path (self, tree, tensor->node, path);
    }

  give_path (self, tree, get_first_argument (tree, tensor->node), path);
  if (tensor->storage != CKPT_NO_STORAGE)
    give_path (self, tree, ckpt_tree_get_storage (tree, tensor->storage)->node, path);
}

static gboolean
on_value (CkptTree *tree,
          const CkptPath *path,
          guint depth,
          const CkptChild *child,
          gboolean is_repeat,
          gpointer user_data)
{
  Finder *self = user_data;
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, child->node);
  CkptNodeId state;

  give_path (self, tree, child->node, path);
  if (tensor != NULL)
    give_tensor_path (self, tree, tensor, path);

  /* The raw dict of an object's attributes or items is no value of its own. */
  if (ckpt_nodes_get_kind (tree->nodes, child->node) == CKPT_KIND_OBJECT)
    {
      state = ckpt_nodes_get_slot (tree->nodes, child->node, CKPT_SLOT_STATE);
      give_path (self, tree, state, path);
      give_path (self, tree, ckpt_nodes_get_slot (tree->nodes, child->node, CKPT_SLOT_DICT_ITEMS), path);
      give_path (self, tree, get_first_argument (tree, child->node), path);
    }
  return !is_repeat;
}

/**
 * ckpt_tree_finish:
 * @self: a tree that was filled
 * @error: return location
 *
 * Finds the paths of the values that warnings are about. The tree does not change afterwards, so that any thread may read it.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT if there was not enough memory for all that was added
 */
gboolean
ckpt_tree_finish (CkptTree *self, GError **error)
{
  Finder finder;
  guint n = ckpt_warnings_get_n (self->warnings);

  if (self->is_short_of_memory)
    return ckpt_error_set (error, CKPT_ERROR_LIMIT, "out-of-memory",
                           _ ("There is not enough memory for all that the file holds."));

  finder.warnings = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_slist_free);
  for (guint i = 0; i < n; i++)
    {
      CkptWarning *warning = ckpt_warnings_get (self->warnings, i);
      gpointer key = GUINT_TO_POINTER (warning->node);
      GSList *list;

      if (warning->node == CKPT_NO_NODE || warning->path != NULL)
        continue;

      list = g_hash_table_lookup (finder.warnings, key);
      g_hash_table_steal (finder.warnings, key);
      g_hash_table_insert (finder.warnings, key, g_slist_prepend (list, warning));
    }

  if (g_hash_table_size (finder.warnings) > 0)
    ckpt_tree_walk (self, self->root, on_value, &finder);
  g_hash_table_unref (finder.warnings);
  return TRUE;
}
