/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "analysis/ckpt-optimizers.h"

#include <string.h>

/* Items of a list, or keys of a dict, that are looked at: nobody trains with more optimizers. */
#define MAX_OPTIMIZERS 100

/* At these keys, what has values is the state of an optimizer, whatever it looks like: DeepSpeed's, apex's, Megatron's. */
static const char *const keys[] = {
  "optimizer",
  "optimizers",
  "optimizer_state",
  "optimizer_states",
  "optimizer_state_dict",
  "optimizer_state_dicts",
  "optimizers_state_dict",
  "optim",
  "optim_state",
  "optim_state_dict",
  "last_optimizer_state",
  "opt_state_dict",
};

/* torch/optim/optimizer.py: Optimizer.state_dict() gives these two; a pickled optimizer has them as attributes. */
static gboolean
is_optimizer (CkptTree *tree, CkptNodeId node)
{
  CkptKind kind = ckpt_tree_get_kind (tree, node);
  CkptNodeId groups;

  if ((kind != CKPT_KIND_DICT && kind != CKPT_KIND_OBJECT) ||
      ckpt_tree_get_n_children (tree, node) > MAX_OPTIMIZERS ||
      ckpt_tree_get_key (tree, node, "state") == CKPT_NO_NODE)
    return FALSE;

  groups = ckpt_tree_get_key (tree, node, "param_groups");
  return groups != CKPT_NO_NODE && ckpt_tree_get_kind (tree, groups) == CKPT_KIND_LIST;
}

static gboolean
is_container (CkptTree *tree, CkptNodeId node)
{
  switch ((int) ckpt_tree_get_kind (tree, node))
    {
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_DICT:
      return TRUE;
    default:
      return FALSE;
    }
}

/**
 * ckpt_optimizers_check:
 * @tree: a tree
 * @node: a value
 *
 * Returns: whether it is the state of an optimizer, or of several and of nothing else
 */
gboolean
ckpt_optimizers_check (CkptTree *tree, CkptNodeId node)
{
  guint32 n = is_container (tree, node) ? ckpt_tree_get_n_children (tree, node) : 0;

  if (is_optimizer (tree, node))
    return TRUE;
  if (n == 0 || n > MAX_OPTIMIZERS)
    return FALSE;

  for (guint32 i = 0; i < n; i++)
    {
      CkptChild child;

      ckpt_tree_get_child (tree, node, i, &child);
      if (!is_optimizer (tree, child.node))
        return FALSE;
    }
  return TRUE;
}

/**
 * ckpt_optimizers_check_child:
 * @tree: a tree
 * @child: a child of a value
 *
 * Returns: whether it is the state of one or several optimizers, by what it holds or by its key
 */
gboolean
ckpt_optimizers_check_child (CkptTree *tree, const CkptChild *child)
{
  const char *key;
  gsize length;

  if (ckpt_optimizers_check (tree, child->node))
    return TRUE;
  if (child->kind != CKPT_STEP_KEY || ckpt_tree_get_kind (tree, child->key) != CKPT_KIND_STRING ||
      (!is_container (tree, child->node) && ckpt_tree_get_kind (tree, child->node) != CKPT_KIND_OBJECT) ||
      ckpt_tree_get_n_children (tree, child->node) == 0)
    return FALSE;

  key = ckpt_tree_peek_text (tree, child->key, &length, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (key, keys[i]) == 0)
      return TRUE;
  return FALSE;
}
