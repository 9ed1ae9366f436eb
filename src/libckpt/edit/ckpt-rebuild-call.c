/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-rebuild-call.h"

#include "model/ckpt-tree-data.h"

/* Functions that pass others on, one within the other. */
#define MAX_NESTED 8

static CkptName
get_name (CkptTree *tree, CkptNodeId node)
{
  const CkptGlobal *global = node != CKPT_NO_NODE ? ckpt_tree_peek_global (tree, node) : NULL;

  return global != NULL ? global->name : CKPT_NAME_UNKNOWN;
}

static gboolean
take_args (CkptRebuildCall *self, CkptTree *tree, CkptNodeId args)
{
  if (args == CKPT_NO_NODE || ckpt_nodes_get_kind (tree->nodes, args) != CKPT_KIND_TUPLE)
    return FALSE;
  self->args = args;
  self->n_args = ckpt_nodes_get_length (tree->nodes, args);
  return TRUE;
}

/**
 * ckpt_rebuild_call_init:
 * @self: (out): how @node is made
 * @tree: a tree
 * @node: a tensor of it
 *
 * Looks through torch._tensor._rebuild_from_type_v2 (function, class, arguments, state).
 *
 * Returns: whether it is a call of a function with a tuple of arguments
 */
gboolean
ckpt_rebuild_call_init (CkptRebuildCall *self, CkptTree *tree, CkptNodeId node)
{
  CkptNodes *nodes = tree->nodes;

  if (ckpt_nodes_get_kind (nodes, node) != CKPT_KIND_OBJECT)
    return FALSE;
  self->node = node;
  self->outer = CKPT_NO_NODE;
  self->name = get_name (tree, ckpt_nodes_get_slot (nodes, node, CKPT_SLOT_CALLABLE));
  if (!take_args (self, tree, ckpt_nodes_get_slot (nodes, node, CKPT_SLOT_ARGS)))
    return FALSE;
  for (guint i = 0; i < MAX_NESTED && self->name == CKPT_NAME_REBUILD_FROM_TYPE && self->n_args == 4; i++)
    {
      self->outer = self->args;
      self->name = get_name (tree, ckpt_nodes_get_child (nodes, self->outer, 0));
      if (!take_args (self, tree, ckpt_nodes_get_child (nodes, self->outer, 2)))
        return FALSE;
    }
  return TRUE;
}

/**
 * ckpt_rebuild_call_get_arg:
 * @self: a call
 * @tree: its tree
 * @i: a number
 *
 * Returns: argument @i, or %CKPT_NO_NODE if there are not as many
 */
CkptNodeId
ckpt_rebuild_call_get_arg (const CkptRebuildCall *self, CkptTree *tree, guint32 i)
{
  return i < self->n_args ? ckpt_nodes_get_child (tree->nodes, self->args, i) : CKPT_NO_NODE;
}
