/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-device-calls.h"

#include "edit/ckpt-rebuild-call.h"

#include <string.h>

/* Which argument of the function is the device. */
static gboolean
get_position (const CkptRebuildCall *call, guint32 *position)
{
  switch ((int) call->name)
    {
    case CKPT_NAME_REBUILD_WRAPPER_SUBCLASS:
      *position = 6;
      return call->n_args == 8;
    case CKPT_NAME_REBUILD_DEVICE_TENSOR_FROM_NUMPY:
    case CKPT_NAME_REBUILD_DEVICE_TENSOR_FROM_CPU:
      *position = 2;
      return call->n_args == 4;
    default:
      return FALSE;
    }
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
set_device (CkptDraft *draft,
            guint tensor,
            const CkptRebuildCall *call,
            guint32 position,
            const char *to,
            GError **error)
{
  CkptNodes *nodes = ckpt_draft_get_nodes (draft);
  CkptNodeId old = ckpt_nodes_get_child (nodes, call->args, position);
  CkptNodeId device = ckpt_nodes_get_kind (nodes, old) == CKPT_KIND_STRING
                          ? ckpt_draft_add_string (draft, to, -1, error)
                          : ckpt_device_add_object (draft, to, error);

  return device != CKPT_NO_NODE && ckpt_draft_set_child (draft, call->args, position, device, error) &&
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
  CkptRebuildCall call;
  guint32 position;

  return ckpt_rebuild_call_init (&call, tree, tensor->node) && get_position (&call, &position);
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
  CkptRebuildCall call;
  guint32 position;

  if (!ckpt_rebuild_call_init (&call, tree, moved->node) || !get_position (&call, &position))
    g_return_val_if_reached (FALSE);
  if (call.name == CKPT_NAME_REBUILD_DEVICE_TENSOR_FROM_CPU && strcmp (to, "cpu") == 0)
    inner = get_plain_inner (tree, moved);
  return inner != NULL ? unwrap (draft, moved, inner, error)
                       : set_device (draft, tensor, &call, position, to, error);
}
