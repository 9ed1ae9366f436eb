/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-tree-data.h"
#include "model/ckpt-walker.h"

/* One bit for each value that was met. */
typedef struct
{
  guint8 *bits;
  guint32 n_bytes;
} Seen;

/* Whether a value was met before. Plain values are not the same only because the file wrote them once. */
static gboolean
see (Seen *self, CkptTree *tree, CkptNodeId node)
{
  gboolean was_seen;

  node = ckpt_tree_resolve (tree, node);
  if (node / 8 >= self->n_bytes)
    return FALSE;

  was_seen = (self->bits[node / 8] >> node % 8) & 1;
  if (!was_seen)
    {
      self->bits[node / 8] |= 1 << node % 8;
      return FALSE;
    }

  switch ((int) ckpt_tree_get_kind (tree, node))
    {
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_DICT:
    case CKPT_KIND_SET:
    case CKPT_KIND_FROZENSET:
    case CKPT_KIND_OBJECT:
    case CKPT_KIND_PERSISTENT_ID:
      return ckpt_tree_get_n_children (tree, node) > 0;
    case CKPT_KIND_TENSOR:
    case CKPT_KIND_STORAGE:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Whether the attributes of an object were met before: many objects may have been given one dict as their state, and going through it for
 * each of them would take time that the file's size does not bound. */
static gboolean
see_state (Seen *self, CkptTree *tree, CkptNodeId node)
{
  CkptNodeId state;

  if (ckpt_nodes_get_kind (tree->nodes, node) != CKPT_KIND_OBJECT)
    return FALSE;

  state = ckpt_nodes_get_slot (tree->nodes, node, CKPT_SLOT_STATE);
  return state != CKPT_NO_NODE && see (self, tree, state);
}

/**
 * ckpt_tree_walk:
 * @tree: a tree
 * @from: the value to begin with, which the paths start from
 * @func: (scope call): called for each value
 *
 * Visits values depth-first, in the order of the file, each as often as it hangs somewhere but its children only once, so that shared
 * values and cycles cost no more than what is in the file. A plain value, such as a number, is never a repeat.
 */
void
ckpt_tree_walk (CkptTree *tree, CkptNodeId from, CkptWalkFunc func, gpointer user_data)
{
  g_autoptr (CkptWalker) walker = NULL;
  g_autofree guint8 *bits = NULL;
  CkptChild child = { .kind = CKPT_STEP_KEY, .key = CKPT_NO_NODE, .node = from };
  const CkptPath *path;
  Seen seen;

  g_return_if_fail (tree != NULL && func != NULL);

  if (from == CKPT_NO_NODE)
    return;

  seen.n_bytes = ckpt_nodes_get_n (tree->nodes) / 8 + 1;
  seen.bits = bits = g_malloc0 (seen.n_bytes);
  walker = ckpt_walker_new (tree, from);
  path = ckpt_walker_get_path (walker);
  see (&seen, tree, from);
  if (!func (tree, path, 0, &child, FALSE, user_data))
    return;

  while (ckpt_walker_next (walker, &child))
    {
      gboolean is_repeat = see (&seen, tree, child.node);

      if (func (tree, path, ckpt_path_get_length (path), &child, is_repeat, user_data) && !is_repeat &&
          !see_state (&seen, tree, child.node))
        ckpt_walker_enter (walker);
    }
}
