/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-device-calls.h"

#include "model/ckpt-tree-data.h"

#include <string.h>

/**
 * Call:
 * @name: what is called
 * @args: its arguments, a raw tuple
 * @position: which of them is the device
 */
typedef struct
{
  CkptName name;
  CkptNodeId args;
  guint32 position;
} Call;

static CkptName
get_name (CkptTree *tree, CkptNodeId node)
{
  const CkptGlobal *global = node != CKPT_NO_NODE ? ckpt_tree_peek_global (tree, node) : NULL;

  return global != NULL ? global->name : CKPT_NAME_UNKNOWN;
}

/* Which argument of a function is the device, and how many it has. */
static gboolean
get_position (CkptName name, guint32 *position, guint32 *n_args)
{
  switch ((int) name)
    {
    case CKPT_NAME_REBUILD_WRAPPER_SUBCLASS:
      *position = 6;
      *n_args = 8;
      return TRUE;
    case CKPT_NAME_REBUILD_DEVICE_TENSOR_FROM_NUMPY:
    case CKPT_NAME_REBUILD_DEVICE_TENSOR_FROM_CPU:
      *position = 2;
      *n_args = 4;
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_tuple (CkptNodes *nodes, CkptNodeId node, guint32 n_least)
{
  return node != CKPT_NO_NODE && ckpt_nodes_get_kind (nodes, node) == CKPT_KIND_TUPLE &&
         ckpt_nodes_get_length (nodes, node) >= n_least;
}

/* The call that makes a tensor, if it is one with a device. A subclass passes the function on: _rebuild_from_type_v2 (function, type,
 * arguments, state). */
static gboolean
call_init (Call *self, CkptTree *tree, CkptNodeId node)
{
  CkptNodes *nodes = tree->nodes;
  guint32 n_args;

  if (ckpt_nodes_get_kind (nodes, node) != CKPT_KIND_OBJECT)
    return FALSE;
  self->name = get_name (tree, ckpt_nodes_get_slot (nodes, node, CKPT_SLOT_CALLABLE));
  self->args = ckpt_nodes_get_slot (nodes, node, CKPT_SLOT_ARGS);
  if (self->name == CKPT_NAME_REBUILD_FROM_TYPE && is_tuple (nodes, self->args, 4))
    {
      self->name = get_name (tree, ckpt_nodes_get_child (nodes, self->args, 0));
      self->args = ckpt_nodes_get_child (nodes, self->args, 2);
    }
  return get_position (self->name, &self->position, &n_args) && is_tuple (nodes, self->args, n_args);
}

/**
 * ckpt_device_add_object:
 * @draft: a draft
 * @tag: a device, such as "cuda:1"
 * @error: return location
 *
 * Returns: torch.device ("cuda", 1), as torch/csrc/Device.cpp pickles it; %CKPT_NO_NODE with %CKPT_ERROR_LIMIT
 */
CkptNodeId
ckpt_device_add_object (CkptDraft *draft, const char *tag, GError **error)
{
  const char *colon = strchr (tag, ':');
  CkptNodeId callable = ckpt_draft_add_global (draft, "torch", "device", error);
  CkptNodeId items[2] = { CKPT_NO_NODE, CKPT_NO_NODE };
  CkptNodeId args;

  items[0] = ckpt_draft_add_string (draft, tag, colon != NULL ? colon - tag : -1, error);
  if (colon != NULL)
    items[1] = ckpt_draft_add_int (draft, g_ascii_strtoll (colon + 1, NULL, 10), error);
  if (callable == CKPT_NO_NODE || items[0] == CKPT_NO_NODE || (colon != NULL && items[1] == CKPT_NO_NODE))
    return CKPT_NO_NODE;
  args = ckpt_draft_add_tuple (draft, items, colon != NULL ? 2 : 1, error);
  return args != CKPT_NO_NODE ? ckpt_draft_add_call (draft, callable, args, error) : CKPT_NO_NODE;
}

static gboolean
set_device (CkptDraft *draft, guint tensor, const Call *call, const char *to, GError **error)
{
  CkptNodes *nodes = ckpt_draft_get_nodes (draft);
  CkptNodeId old = ckpt_nodes_get_child (nodes, call->args, call->position);
  CkptNodeId device = ckpt_nodes_get_kind (nodes, old) == CKPT_KIND_STRING
                          ? ckpt_draft_add_string (draft, to, -1, error)
                          : ckpt_device_add_object (draft, to, error);

  return device != CKPT_NO_NODE && ckpt_draft_set_child (draft, call->args, call->position, device, error) &&
         ckpt_draft_touch_tensor (draft, tensor, error);
}

/* On the CPU such a tensor is what it is made from, but for what the call says of gradients. */
static gboolean
unwrap (CkptDraft *draft, const CkptTensor *tensor, const CkptTensor *inner, GError **error)
{
  CkptNodeId with = inner->node;

  if ((tensor->flags ^ inner->flags) & CKPT_TENSOR_REQUIRES_GRAD)
    with = ckpt_draft_add_tensor (draft, inner->storage, inner->dtype, inner->offset, inner->n_dims,
                                  inner->shape, inner->stride,
                                  (tensor->flags & CKPT_TENSOR_REQUIRES_GRAD) != 0, error);
  return with != CKPT_NO_NODE && ckpt_draft_replace_tensor (draft, tensor->index, with, error);
}

static const CkptTensor *
get_plain_inner (CkptTree *tree, const CkptTensor *tensor)
{
  const CkptTensor *inner = tensor->inner != CKPT_NO_TENSOR ? ckpt_tree_get_tensor (tree, tensor->inner)
                                                            : NULL;

  return inner != NULL && inner->dtype == tensor->dtype && inner->storage != CKPT_NO_STORAGE &&
                 inner->layout == CKPT_LAYOUT_STRIDED &&
                 !(inner->flags & (CKPT_TENSOR_BROKEN | CKPT_TENSOR_CONJ | CKPT_TENSOR_NEG))
             ? inner
             : NULL;
}

/**
 * ckpt_device_is_call:
 * @tree: a tree
 * @tensor: a tensor of it
 *
 * Returns: whether its device is an argument of the call that makes it
 */
gboolean
ckpt_device_is_call (CkptTree *tree, const CkptTensor *tensor)
{
  Call call;

  return call_init (&call, tree, tensor->node);
}

/**
 * ckpt_device_move_call:
 * @draft: a draft
 * @tensor: number of a tensor that has its device as an argument
 * @to: where it goes
 * @error: return location
 *
 * torch.load() maps the device of such a call, too: see _get_restore_location() in torch/_utils.py.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_device_move_call (CkptDraft *draft, guint tensor, const char *to, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  const CkptTensor *moved = ckpt_tree_get_tensor (tree, tensor);
  const CkptTensor *inner = NULL;
  Call call;

  if (!call_init (&call, tree, moved->node))
    g_return_val_if_reached (FALSE);
  if (call.name == CKPT_NAME_REBUILD_DEVICE_TENSOR_FROM_CPU && strcmp (to, "cpu") == 0)
    inner = get_plain_inner (tree, moved);
  return inner != NULL ? unwrap (draft, moved, inner, error) : set_device (draft, tensor, &call, to, error);
}
