/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-pick.h"

#include "model/ckpt-tensor.h"

typedef struct
{
  GArray *numbers; /* of guint32 */
  GHashTable *seen;
  gboolean has_storages;
} Pick;

static gboolean
on_value (CkptTree *tree,
          const CkptPath *path,
          guint depth,
          const CkptChild *child,
          gboolean is_repeat,
          gpointer user_data)
{
  Pick *self = user_data;
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, child->node);
  guint32 number;

  if (tensor == NULL || is_repeat)
    return TRUE;
  while (tensor->inner != CKPT_NO_TENSOR)
    tensor = ckpt_tree_get_tensor (tree, tensor->inner);
  number = self->has_storages ? tensor->storage : tensor->index;
  if (tensor->storage != CKPT_NO_STORAGE && g_hash_table_add (self->seen, GUINT_TO_POINTER (number + 1)))
    g_array_append_val (self->numbers, number);
  return TRUE;
}

static GArray *
pick (const CkptWords *words, guint from, CkptTree *tree, gboolean has_storages, GError **error)
{
  g_autoptr (GPtrArray) paths = ckpt_words_get_n (words) > from
                                    ? ckpt_words_match_all (words, from, tree, error)
                                    : ckpt_tree_match (tree, ".", error);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  Pick self = { NULL, seen, has_storages };

  if (paths == NULL)
    return NULL;
  self.numbers = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < paths->len; i++)
    ckpt_tree_walk (tree, ckpt_path_get_node (paths->pdata[i], tree), on_value, &self);
  return self.numbers;
}

/**
 * ckpt_pick_storages:
 * @words: words of which those from @from on are paths
 * @from: the first of them
 * @tree: a tree
 * @error: return location
 *
 * Returns: (transfer full) (element-type guint32): numbers of storages; %NULL with %CKPT_ERROR_NO_SUCH_PATH
 */
GArray *
ckpt_pick_storages (const CkptWords *words, guint from, CkptTree *tree, GError **error)
{
  return pick (words, from, tree, TRUE, error);
}

/**
 * ckpt_pick_tensors:
 * @words: words of which those from @from on are paths
 * @from: the first of them
 * @tree: a tree
 * @error: return location
 *
 * Returns: (transfer full) (element-type guint32): numbers of tensors, of those that wrap others what they wrap; %NULL with
 *   %CKPT_ERROR_NO_SUCH_PATH
 */
GArray *
ckpt_pick_tensors (const CkptWords *words, guint from, CkptTree *tree, GError **error)
{
  return pick (words, from, tree, FALSE, error);
}
