/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-retarget.h"

#include "edit/ckpt-rebuild-call.h"

#include "model/ckpt-tree-data.h"

#include <string.h>

/* Of the calls below: storage, offset, size, stride, then what each has of its own; at most with type and metadata. */
#define MAX_ARGS 8
/* Tensors one within the other: a parameter of a device tensor of a subclass, say. */
#define MAX_WRAPPERS 8

typedef struct
{
  CkptDraft *draft;
  CkptTree *tree;
  const CkptTensor *tensor;
  const CkptRetarget *to;
  CkptRebuildCall call;
  CkptNodeId args[MAX_ARGS];
  guint32 n_args;
} Retarget;

static gboolean
is_strided_call (const CkptRebuildCall *call)
{
  switch ((int) call->name)
    {
    case CKPT_NAME_REBUILD_TENSOR:
      return call->n_args == 4;
    case CKPT_NAME_REBUILD_TENSOR_V2:
      return call->n_args == 6 || call->n_args == 7;
    case CKPT_NAME_REBUILD_TENSOR_V3:
      return call->n_args == 7 || call->n_args == 8;
    case CKPT_NAME_REBUILD_QTENSOR:
      return call->n_args == 7;
    default:
      return FALSE;
    }
}

/* What has no call that is known, such as a tensor of safetensors or of PyTorch before 0.4, becomes one of today. */
static gboolean
is_replaceable (const CkptTensor *tensor)
{
  return strcmp (tensor->class_name, "Tensor") == 0 && tensor->quantizer == NULL &&
         (tensor->flags & (CKPT_TENSOR_CONJ | CKPT_TENSOR_NEG | CKPT_TENSOR_PARAMETER)) == 0;
}

/**
 * ckpt_retarget_is_possible:
 * @tree: a tree
 * @tensor: a tensor of it
 *
 * Returns: whether ckpt_retarget_tensor() can change it; what wraps a tensor follows that one, and is none itself
 */
gboolean
ckpt_retarget_is_possible (CkptTree *tree, const CkptTensor *tensor)
{
  CkptRebuildCall call;

  if (tensor->inner != CKPT_NO_TENSOR || tensor->storage == CKPT_NO_STORAGE || tensor->stride == NULL ||
      tensor->layout != CKPT_LAYOUT_STRIDED || (tensor->flags & (CKPT_TENSOR_BROKEN | CKPT_TENSOR_META)))
    return FALSE;
  return (ckpt_rebuild_call_init (&call, tree, tensor->node) && is_strided_call (&call)) ||
         is_replaceable (tensor);
}

static gboolean
add_arg (Retarget *self, CkptNodeId node)
{
  self->args[self->n_args++] = node;
  return node != CKPT_NO_NODE;
}

static CkptNodeId
add_stride (Retarget *self, GError **error)
{
  guint32 n = self->tensor->n_dims;
  g_autofree CkptNodeId *items = g_new (CkptNodeId, n + 1);

  if (self->to->stride == NULL)
    return ckpt_rebuild_call_get_arg (&self->call, self->tree, 3);
  for (guint32 i = 0; i < n; i++)
    if ((items[i] = ckpt_draft_add_int (self->draft, self->to->stride[i], error)) == CKPT_NO_NODE)
      return CKPT_NO_NODE;
  return ckpt_draft_add_tuple (self->draft, items, n, error);
}

/* requires_grad and hooks, which _rebuild_tensor() does not have. */
static gboolean
add_flags (Retarget *self, GError **error)
{
  if (self->call.name != CKPT_NAME_REBUILD_TENSOR)
    return add_arg (self, ckpt_rebuild_call_get_arg (&self->call, self->tree, 4)) &&
           add_arg (self, ckpt_rebuild_call_get_arg (&self->call, self->tree, 5));
  return add_arg (self, ckpt_draft_add_bool (self->draft, FALSE, error)) &&
         add_arg (self, ckpt_draft_add_ordered_dict (self->draft, NULL, 0, error));
}

/* (storage, offset, size, stride, requires_grad, hooks[, dtype][, metadata]) */
static gboolean
add_plain_args (Retarget *self, gboolean is_untyped, GError **error)
{
  CkptNodeId metadata = ckpt_rebuild_call_get_arg (&self->call, self->tree,
                                                   self->call.name == CKPT_NAME_REBUILD_TENSOR_V3 ? 7 : 6);

  if (!add_flags (self, error))
    return FALSE;
  if (is_untyped && !add_arg (self, ckpt_draft_add_global (self->draft, "torch",
                                                           ckpt_dtype_get_name (self->to->dtype), error)))
    return FALSE;
  return metadata == CKPT_NO_NODE || self->to->is_plain || add_arg (self, metadata);
}

static gboolean
make_args (Retarget *self, gboolean is_untyped, GError **error)
{
  if (!add_arg (self, ckpt_tree_get_storage (self->tree, self->to->storage)->node) ||
      !add_arg (self, ckpt_draft_add_int (self->draft, self->to->offset, error)) ||
      !add_arg (self, ckpt_rebuild_call_get_arg (&self->call, self->tree, 2)) ||
      !add_arg (self, add_stride (self, error)))
    return FALSE;
  if (self->call.name != CKPT_NAME_REBUILD_QTENSOR)
    return add_plain_args (self, is_untyped, error);
  for (guint32 i = 4; i < 7; i++)
    add_arg (self, ckpt_rebuild_call_get_arg (&self->call, self->tree, i));
  return TRUE;
}

static CkptNodeId
add_function (Retarget *self, gboolean is_untyped, GError **error)
{
  if (self->call.name == CKPT_NAME_REBUILD_QTENSOR)
    return ckpt_draft_add_global (self->draft, "torch._utils", "_rebuild_qtensor", error);
  return ckpt_draft_add_global (self->draft, "torch._utils",
                                is_untyped ? "_rebuild_tensor_v3" : "_rebuild_tensor_v2", error);
}

static gboolean
change_call (Retarget *self, GError **error)
{
  gboolean is_untyped = ckpt_tree_get_storage (self->tree, self->to->storage)->is_untyped;
  CkptNodeId function = add_function (self, is_untyped, error);
  CkptNodeId args;

  if (function == CKPT_NO_NODE || !make_args (self, is_untyped, error))
    return FALSE;
  args = ckpt_draft_add_tuple (self->draft, self->args, self->n_args, error);
  if (args == CKPT_NO_NODE)
    return FALSE;
  if (self->call.outer != CKPT_NO_NODE)
    return ckpt_draft_set_child (self->draft, self->call.outer, 0, function, error) &&
           ckpt_draft_set_child (self->draft, self->call.outer, 2, args, error) &&
           ckpt_draft_touch_tensor (self->draft, self->tensor->index, error);
  return ckpt_draft_set_slot (self->draft, self->call.node, CKPT_SLOT_CALLABLE, function, error) &&
         ckpt_draft_set_slot (self->draft, self->call.node, CKPT_SLOT_ARGS, args, error) &&
         ckpt_draft_touch_tensor (self->draft, self->tensor->index, error);
}

static gboolean
replace (Retarget *self, GError **error)
{
  const CkptTensor *tensor = self->tensor;
  const CkptRetarget *to = self->to;
  CkptNodeId with = ckpt_draft_add_tensor (self->draft, to->storage, to->dtype, to->offset, tensor->n_dims,
                                           tensor->shape, to->stride != NULL ? to->stride : tensor->stride,
                                           (tensor->flags & CKPT_TENSOR_REQUIRES_GRAD) != 0, error);

  return with != CKPT_NO_NODE && ckpt_draft_replace_tensor (self->draft, tensor->index, with, error);
}

/**
 * ckpt_retarget_tensor:
 * @draft: a draft
 * @tensor: number of a tensor; ckpt_retarget_is_possible()
 * @to: what it shall view
 * @error: return location
 *
 * Changes the call that makes a tensor; class, flags, attributes and what wraps it stay.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_retarget_tensor (CkptDraft *draft, guint tensor, const CkptRetarget *to, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  Retarget self = { draft, tree, ckpt_tree_get_tensor (tree, tensor), to };

  if (ckpt_rebuild_call_init (&self.call, tree, self.tensor->node) && is_strided_call (&self.call))
    return change_call (&self, error);
  return replace (&self, error);
}

/* A call with the same function, of other arguments. FALSE where the object was changed after it was made. */
static CkptNodeId
copy_call (CkptDraft *draft, CkptNodeId node, CkptNodeId args, GError **error)
{
  return args != CKPT_NO_NODE
             ? ckpt_draft_add_call (
                   draft, ckpt_nodes_get_slot (ckpt_draft_get_nodes (draft), node, CKPT_SLOT_CALLABLE), args,
                   error)
             : CKPT_NO_NODE;
}

/* The same tuple, but for one item. */
static CkptNodeId
copy_tuple (CkptDraft *draft, CkptNodeId tuple, CkptNodeId item, CkptNodeId with, GError **error)
{
  CkptNodes *nodes = ckpt_draft_get_nodes (draft);
  guint32 n = ckpt_nodes_get_length (nodes, tuple);
  g_autofree CkptNodeId *items = g_new (CkptNodeId, n + 1);

  for (guint32 i = 0; i < n; i++)
    {
      items[i] = ckpt_nodes_get_child (nodes, tuple, i);
      if (items[i] == item)
        items[i] = with;
    }
  return ckpt_draft_add_tuple (draft, items, n, error);
}

/* The call that views the storage; a new tuple of arguments is what makes it another tensor. */
static CkptNodeId
copy_leaf (CkptDraft *draft, const CkptTensor *tensor, const CkptRebuildCall *call, GError **error)
{
  CkptNodeId args = copy_tuple (draft, call->args, CKPT_NO_NODE, CKPT_NO_NODE, error);

  if (call->outer != CKPT_NO_NODE && args != CKPT_NO_NODE)
    args = copy_tuple (draft, call->outer, call->args, args, error);
  return copy_call (draft, tensor->node, args, error);
}

static gboolean
is_copyable (CkptTree *tree, const CkptTensor *tensor, CkptRebuildCall *call)
{
  return ckpt_rebuild_call_init (call, tree, tensor->node) &&
         ckpt_nodes_get_slot (tree->nodes, tensor->node, CKPT_SLOT_STATE) == CKPT_NO_NODE &&
         (call->outer == CKPT_NO_NODE ||
          call->outer == ckpt_nodes_get_slot (tree->nodes, tensor->node, CKPT_SLOT_ARGS)) &&
         (tensor->inner != CKPT_NO_TENSOR || is_strided_call (call));
}

/**
 * ckpt_retarget_copy:
 * @draft: a draft
 * @tensor: a tensor
 * @error: return location
 *
 * Returns: another tensor that shows the same values in the same storage, and so what it wraps; %CKPT_NO_NODE without an error where it is
 *   made in a way that cannot be repeated, or with %CKPT_ERROR_LIMIT
 */
CkptNodeId
ckpt_retarget_copy (CkptDraft *draft, const CkptTensor *tensor, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  const CkptTensor *chain[MAX_WRAPPERS];
  CkptRebuildCall call;
  CkptNodeId copy;
  guint n = 0;

  for (;; tensor = ckpt_tree_get_tensor (tree, tensor->inner))
    {
      if (n == MAX_WRAPPERS || !is_copyable (tree, tensor, &call))
        return CKPT_NO_NODE;
      chain[n++] = tensor;
      if (tensor->inner == CKPT_NO_TENSOR)
        break;
    }
  copy = copy_leaf (draft, chain[--n], &call, error);
  while (n > 0 && copy != CKPT_NO_NODE)
    {
      CkptNodeId inner = chain[n]->node;

      n--;
      ckpt_rebuild_call_init (&call, tree, chain[n]->node);
      copy = copy_call (draft, chain[n]->node, copy_tuple (draft, call.args, inner, copy, error), error);
    }
  return copy;
}
