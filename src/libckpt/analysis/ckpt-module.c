/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "analysis/ckpt-module.h"

#include "model/ckpt-path.h"

#include <string.h>

/* Attributes that are looked at: nn.Module.__init__() makes its own before a class can have many of others. Objects without number may share
 * one state, so all of it cannot be searched for each of them. */
#define MAX_ATTRIBUTES 1000

/**
 * ckpt_module_get_attribute:
 * @tree: a tree
 * @module: a module, or anything else
 * @name: name of an attribute: "training"
 *
 * Returns: the attribute of that name, or %CKPT_NO_NODE
 */
CkptNodeId
ckpt_module_get_attribute (CkptTree *tree, CkptNodeId module, const char *name)
{
  guint32 n = ckpt_tree_get_n_children (tree, module);

  for (guint32 i = 0; i < MIN (n, MAX_ATTRIBUTES); i++)
    {
      CkptChild child;
      gsize length;

      ckpt_tree_get_child (tree, module, i, &child);
      if (child.kind == CKPT_STEP_ATTRIBUTE && ckpt_tree_get_kind (tree, child.key) == CKPT_KIND_STRING &&
          strcmp (ckpt_tree_peek_text (tree, child.key, &length, NULL), name) == 0)
        return child.node;
    }
  return CKPT_NO_NODE;
}

/**
 * ckpt_module_get_dict:
 * @tree: a tree
 * @module: a module, or anything else
 * @name: name of an attribute: "_parameters"
 *
 * Returns: the attribute of that name, if it is a dict, else %CKPT_NO_NODE
 */
CkptNodeId
ckpt_module_get_dict (CkptTree *tree, CkptNodeId module, const char *name)
{
  CkptNodeId dict = ckpt_module_get_attribute (tree, module, name);

  return dict != CKPT_NO_NODE && ckpt_tree_get_kind (tree, dict) == CKPT_KIND_DICT ? dict : CKPT_NO_NODE;
}

static gboolean
has_dicts (CkptTree *tree, CkptNodeId node)
{
  static const char *const dicts[] = { "_parameters", "_buffers", "_modules" };

  if (ckpt_tree_get_kind (tree, node) != CKPT_KIND_OBJECT)
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (dicts); i++)
    if (ckpt_module_get_dict (tree, node, dicts[i]) == CKPT_NO_NODE)
      return FALSE;
  return TRUE;
}

/**
 * ckpt_module_get_compiled:
 * @tree: a tree
 * @node: a value
 *
 * torch/_dynamo/eval_frame.py: OptimizedModule is pickled as a call with the module and with how it was compiled; by PyTorch 2.0, as any
 * module.
 *
 * Returns: the module that was compiled, if @node is such a call, else %CKPT_NO_NODE
 */
CkptNodeId
ckpt_module_get_compiled (CkptTree *tree, CkptNodeId node)
{
  guint32 n;

  if (ckpt_tree_get_kind (tree, node) != CKPT_KIND_OBJECT ||
      g_strcmp0 (ckpt_tree_get_class_name (tree, node), "torch._dynamo.eval_frame.OptimizedModule") != 0)
    return CKPT_NO_NODE;

  n = ckpt_tree_get_n_children (tree, node);
  for (guint32 i = 0; i < n; i++)
    {
      CkptChild child;

      ckpt_tree_get_child (tree, node, i, &child);
      if (child.kind == CKPT_STEP_ARGUMENT && child.index == 0)
        return has_dicts (tree, child.node) ? child.node : CKPT_NO_NODE;
    }
  return CKPT_NO_NODE;
}

/**
 * ckpt_module_check:
 * @tree: a tree
 * @node: a value
 *
 * torch/nn/modules/module.py: every nn.Module has had `_parameters`, `_buffers` and `_modules` since PyTorch 0.1, whatever its class adds.
 *
 * Returns: whether it is a pickled module
 */
gboolean
ckpt_module_check (CkptTree *tree, CkptNodeId node)
{
  return has_dicts (tree, node) || ckpt_module_get_compiled (tree, node) != CKPT_NO_NODE;
}

/**
 * ckpt_module_get_training:
 * @tree: a tree
 * @module: a module
 * @training: (out): whether it was in training mode
 *
 * Returns: %FALSE if it does not say
 */
gboolean
ckpt_module_get_training (CkptTree *tree, CkptNodeId module, gboolean *training)
{
  CkptNodeId node = ckpt_module_get_attribute (tree, module, "training");

  if (node == CKPT_NO_NODE || ckpt_tree_get_kind (tree, node) != CKPT_KIND_BOOL)
    return FALSE;

  *training = ckpt_tree_get_bool (tree, node);
  return TRUE;
}

typedef struct
{
  GArray *found;
  gboolean goes_inside;
} Search;

static gboolean
take (CkptTree *tree,
      const CkptPath *path,
      guint depth,
      const CkptChild *child,
      gboolean is_repeat,
      gpointer user_data)
{
  Search *search = user_data;

  if (is_repeat || !ckpt_module_check (tree, child->node))
    return TRUE;

  g_array_append_val (search->found, child->node);
  return search->goes_inside;
}

static GArray *
list (CkptTree *tree, CkptNodeId from, gboolean goes_inside)
{
  Search search = { g_array_new (FALSE, FALSE, sizeof (CkptNodeId)), goes_inside };

  ckpt_tree_walk (tree, from, take, &search);
  return search.found;
}

/**
 * ckpt_module_list:
 * @tree: a tree
 * @from: where to look
 *
 * Returns: (transfer full) (element-type CkptNodeId): the outermost modules there, in the order of the file, each once
 */
GArray *
ckpt_module_list (CkptTree *tree, CkptNodeId from)
{
  return list (tree, from, FALSE);
}

/**
 * ckpt_module_list_all:
 * @tree: a tree
 * @from: where to look
 *
 * Returns: (transfer full) (element-type CkptNodeId): @from, if it is a module, and all modules in it, each once
 */
GArray *
ckpt_module_list_all (CkptTree *tree, CkptNodeId from)
{
  return list (tree, from, TRUE);
}
