/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-choose.h"

/**
 * ckpt_choose_nodes:
 * @words: words of which each is a path
 * @tree: a tree
 * @error: return location
 *
 * Returns: (transfer full) (element-type CkptNodeId): what they name, or the root; %NULL with %CKPT_ERROR_NO_SUCH_PATH
 */
GArray *
ckpt_choose_nodes (const CkptWords *words, CkptTree *tree, GError **error)
{
  g_autoptr (GPtrArray) paths = ckpt_words_match_all (words, 0, tree, error);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  CkptNodeId root = ckpt_tree_get_root (tree);
  GArray *nodes;

  if (paths == NULL)
    return NULL;

  nodes = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  if (paths->len == 0)
    g_array_append_val (nodes, root);
  for (guint i = 0; i < paths->len; i++)
    {
      CkptNodeId node = ckpt_path_get_node (paths->pdata[i], tree);

      if (g_hash_table_add (seen, GUINT_TO_POINTER (node)))
        g_array_append_val (nodes, node);
    }
  return nodes;
}
