/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-spot.h"

#include "model/ckpt-tree-data.h"

/**
 * ckpt_spot_init:
 * @self: (out): a place
 * @tree: a tree
 * @from: where @path begins
 * @path: the way to it
 *
 * Returns: whether it is held by something on the way: %FALSE for @from itself, and where the path leads nowhere
 */
gboolean
ckpt_spot_init (CkptSpot *self, CkptTree *tree, CkptNodeId from, const CkptPath *path)
{
  guint n = ckpt_path_get_length (path);

  if (n == 0)
    return FALSE;
  self->parent = n > 1 ? ckpt_path_get_step (path, n - 2)->node : from;
  self->i = ckpt_tree_find_child (tree, self->parent, ckpt_path_get_step (path, n - 1));
  if (self->i == G_MAXUINT32)
    return FALSE;
  ckpt_tree_get_child (tree, self->parent, self->i, &self->child);
  return TRUE;
}
