/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-rebuild.h"

#include "io/ckpt-limits.h"
#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * ckpt_rebuild_break:
 * @self: a call
 * @problem: a sentence that says why its values cannot be read
 *
 * Marks the tensor as broken, unless it is already.
 *
 * Returns: %FALSE
 */
gboolean
ckpt_rebuild_break (CkptRebuild *self, const char *problem)
{
  CkptTensor *tensor = &self->tensor;

  if (tensor->flags & CKPT_TENSOR_BROKEN)
    return FALSE;

  tensor->flags |= CKPT_TENSOR_BROKEN;
  tensor->problem = ckpt_tree_intern (self->owner->tree, problem);
  return FALSE;
}

/**
 * ckpt_rebuild_fail:
 * @self: a call
 * @code: stable name of what is wrong
 * @format: a sentence that says why its values cannot be read
 *
 * Marks the tensor as broken and warns of it, unless it is already.
 *
 * Returns: %FALSE
 */
gboolean
ckpt_rebuild_fail (CkptRebuild *self, const char *code, const char *format, ...)
{
  g_autofree char *problem = NULL;
  va_list args;

  if (self->tensor.flags & CKPT_TENSOR_BROKEN)
    return FALSE;

  va_start (args, format);
  problem = g_strdup_vprintf (format, args);
  va_end (args);
  ckpt_warnings_add_node (self->owner->warnings, code, self->node, "%s", problem);
  return ckpt_rebuild_break (self, problem);
}

/**
 * ckpt_rebuild_get_arg:
 * @self: a call
 * @i: which argument
 *
 * Returns: the argument, or %CKPT_NO_NODE
 */
CkptNodeId
ckpt_rebuild_get_arg (CkptRebuild *self, guint32 i)
{
  return i < self->n_args ? self->args[i] : CKPT_NO_NODE;
}

/**
 * ckpt_rebuild_is_true:
 * @self: a call
 * @node: a value, or %CKPT_NO_NODE
 *
 * Returns: whether it is True
 */
gboolean
ckpt_rebuild_is_true (CkptRebuild *self, CkptNodeId node)
{
  return node != CKPT_NO_NODE && ckpt_nodes_get_kind (self->owner->nodes, node) == CKPT_KIND_BOOL &&
         ckpt_nodes_get_int (self->owner->nodes, node) != 0;
}

/* The items of a list, a tuple, or a torch.Size, which is a call with a tuple. */
static const CkptNodeId *
get_sizes (CkptRebuild *self, CkptNodeId node, guint32 *n)
{
  CkptRecogniser *owner = self->owner;
  const CkptNodeId *args;

  *n = 0;
  if (node == CKPT_NO_NODE)
    return NULL;

  if (ckpt_nodes_get_kind (owner->nodes, node) != CKPT_KIND_OBJECT)
    return ckpt_recogniser_get_items (owner, ckpt_tree_resolve (owner->tree, node), n);

  if (ckpt_recogniser_get_name (owner, ckpt_nodes_get_slot (owner->nodes, node, CKPT_SLOT_CALLABLE)) !=
      CKPT_NAME_SIZE)
    return ckpt_recogniser_get_items (owner, ckpt_tree_resolve (owner->tree, node), n);

  args = ckpt_recogniser_get_items (owner, ckpt_nodes_get_slot (owner->nodes, node, CKPT_SLOT_ARGS), n);
  return *n == 1 ? ckpt_recogniser_get_items (owner, args[0], n) : args;
}

static gboolean
read_size (CkptRebuild *self, CkptNodeId node, gint64 *size)
{
  CkptNodes *nodes = self->owner->nodes;

  if (ckpt_nodes_get_kind (nodes, node) != CKPT_KIND_INT)
    return ckpt_rebuild_fail (self, "tensor-sizes",
                              _ ("The sizes and strides of this tensor are not all whole numbers."));

  if (!ckpt_tree_get_int (self->owner->tree, node, size))
    return ckpt_rebuild_fail (self, "tensor-overflow",
                              _ ("A size or stride of this tensor is too large for any file."));
  return TRUE;
}

static gboolean
check_n_dims (CkptRebuild *self, guint32 n)
{
  if (n > CKPT_LIMIT_DIMENSIONS)
    return ckpt_rebuild_fail (self, "tensor-dimensions",
                              _ ("This tensor has %u dimensions; at most %u are shown."), n,
                              CKPT_LIMIT_DIMENSIONS);

  if (n > CKPT_LIMIT_DIMENSIONS_TORCH)
    ckpt_warnings_add_node (self->owner->warnings, "tensor-dimensions", self->node,
                            _ ("This tensor has %u dimensions. PyTorch takes at most %u."), n,
                            CKPT_LIMIT_DIMENSIONS_TORCH);
  return TRUE;
}

static gint64 *
read_sizes (CkptRebuild *self, const CkptNodeId *items, guint32 n)
{
  gint64 *sizes = ckpt_arena_alloc (self->owner->tree->arena, MAX (n, 1) * sizeof (gint64),
                                    &self->owner->error);

  if (sizes == NULL)
    return NULL;

  for (guint32 i = 0; i < n; i++)
    if (!read_size (self, items[i], &sizes[i]))
      return NULL;
  return sizes;
}

/**
 * ckpt_rebuild_read_shape:
 * @self: a call
 * @node: the size of the tensor
 *
 * Returns: whether it makes sense: then @shape and @n_dims of the tensor are set
 */
gboolean
ckpt_rebuild_read_shape (CkptRebuild *self, CkptNodeId node)
{
  guint32 n;
  const CkptNodeId *items = get_sizes (self, node, &n);
  gint64 *shape;

  if (items == NULL)
    return ckpt_rebuild_fail (self, "tensor-sizes",
                              _ ("The size of this tensor is no tuple of whole numbers."));

  shape = check_n_dims (self, n) ? read_sizes (self, items, n) : NULL;
  if (shape == NULL)
    return FALSE;

  for (guint32 i = 0; i < n; i++)
    if (shape[i] < 0)
      return ckpt_rebuild_fail (self, "tensor-negative",
                                _ ("This tensor has the size %" G_GINT64_FORMAT " along dimension %u."),
                                shape[i], i);

  self->tensor.n_dims = n;
  self->tensor.shape = shape;
  return TRUE;
}

/**
 * ckpt_rebuild_read_stride:
 * @self: a call whose shape is known
 * @node: the stride of the tensor
 *
 * Returns: whether it makes sense: then @stride of the tensor is set
 */
gboolean
ckpt_rebuild_read_stride (CkptRebuild *self, CkptNodeId node)
{
  guint32 n;
  const CkptNodeId *items = get_sizes (self, node, &n);
  gint64 *stride;

  if (items == NULL)
    return ckpt_rebuild_fail (self, "tensor-sizes",
                              _ ("The stride of this tensor is no tuple of whole numbers."));

  if (n != self->tensor.n_dims)
    return ckpt_rebuild_fail (self, "tensor-stride", _ ("This tensor has %u sizes but %u strides."),
                              self->tensor.n_dims, n);

  stride = read_sizes (self, items, n);
  if (stride == NULL)
    return FALSE;

  for (guint32 i = 0; i < n; i++)
    if (stride[i] < 0)
      return ckpt_rebuild_fail (self, "tensor-negative",
                                _ ("This tensor has the stride %" G_GINT64_FORMAT " along dimension %u."),
                                stride[i], i);

  self->tensor.stride = stride;
  return TRUE;
}

/**
 * ckpt_rebuild_count:
 * @self: a call whose shape and dtype are known
 *
 * Returns: whether elements and bytes of the tensor can be counted: then @numel and @n_bytes are set
 */
gboolean
ckpt_rebuild_count (CkptRebuild *self)
{
  CkptTensor *tensor = &self->tensor;
  guint64 numel = 1;
  gboolean is_empty = FALSE;
  gboolean fits = TRUE;

  for (guint32 i = 0; i < tensor->n_dims; i++)
    {
      if (tensor->shape[i] == 0)
        is_empty = TRUE;
      else if (!g_uint64_checked_mul (&numel, numel, tensor->shape[i]))
        fits = FALSE;
    }

  tensor->numel = is_empty ? 0 : numel;
  if ((!fits && !is_empty) || tensor->numel > G_MAXINT64 ||
      !ckpt_dtype_get_bytes (tensor->dtype, tensor->numel, &tensor->n_bytes) || tensor->n_bytes > G_MAXINT64)
    {
      tensor->numel = 0;
      return ckpt_rebuild_fail (self, "tensor-overflow",
                                _ ("This tensor has more elements than can be counted in 64 bits."));
    }
  return TRUE;
}

/**
 * ckpt_rebuild_read_dtype:
 * @self: a call
 * @node: a dtype
 *
 * Returns: whether it is one: then @dtype of the tensor is set
 */
gboolean
ckpt_rebuild_read_dtype (CkptRebuild *self, CkptNodeId node)
{
  const CkptGlobal *global = ckpt_recogniser_get_global (self->owner, node);

  if (global == NULL || global->name != CKPT_NAME_DTYPE || global->dtype == CKPT_DTYPE_UNKNOWN)
    return ckpt_rebuild_fail (self, "tensor-type-unknown",
                              _ ("The element type “%s” of this tensor is not known."),
                              global != NULL ? global->full_name : "?");

  self->tensor.dtype = global->dtype;
  return TRUE;
}

/**
 * ckpt_rebuild_read_device:
 * @self: a call
 * @node: a device: text, or a call of torch.device
 *
 * Returns: %TRUE; what is no device is "?"
 */
gboolean
ckpt_rebuild_read_device (CkptRebuild *self, CkptNodeId node)
{
  CkptRecogniser *owner = self->owner;
  const CkptNodeId *args;
  guint32 n = 0;
  gint64 number;

  self->tensor.device = "?";
  if (node == CKPT_NO_NODE)
    return TRUE;

  if (ckpt_nodes_get_kind (owner->nodes, node) != CKPT_KIND_OBJECT)
    {
      self->tensor.device = ckpt_recogniser_get_location (owner, node);
      return TRUE;
    }

  args = ckpt_recogniser_get_items (owner, ckpt_nodes_get_slot (owner->nodes, node, CKPT_SLOT_ARGS), &n);
  if (ckpt_recogniser_get_name (owner, ckpt_nodes_get_slot (owner->nodes, node, CKPT_SLOT_CALLABLE)) !=
          CKPT_NAME_DEVICE ||
      n == 0)
    return TRUE;

  self->tensor.device = ckpt_recogniser_get_location (owner, args[0]);
  if (n > 1 && ckpt_tree_get_int (owner->tree, args[1], &number))
    {
      g_autofree char *device = g_strdup_printf ("%s:%" G_GINT64_FORMAT, self->tensor.device, number);

      self->tensor.device = ckpt_tree_intern (owner->tree, device);
    }
  return TRUE;
}

/**
 * ckpt_rebuild_get_tensor:
 * @self: a call
 * @node: a value, or %CKPT_NO_NODE
 *
 * Returns: (transfer none) (nullable): the tensor that it is
 */
const CkptTensor *
ckpt_rebuild_get_tensor (CkptRebuild *self, CkptNodeId node)
{
  return node != CKPT_NO_NODE ? ckpt_tree_get_node_tensor (self->owner->tree, node) : NULL;
}

/**
 * ckpt_rebuild_wrap:
 * @self: a call
 * @node: the tensor that it wraps
 *
 * Returns: whether it is a tensor: then everything but the class is taken over
 */
gboolean
ckpt_rebuild_wrap (CkptRebuild *self, CkptNodeId node)
{
  const CkptTensor *inner = ckpt_rebuild_get_tensor (self, node);
  const char *class_name = self->tensor.class_name;

  if (inner == NULL)
    return ckpt_rebuild_fail (self, "tensor-data",
                              _ ("What this tensor or parameter is made from is no tensor."));

  self->tensor = *inner;
  self->tensor.class_name = class_name;
  self->tensor.node = self->node;
  self->tensor.inner = inner->index;
  return (inner->flags & CKPT_TENSOR_BROKEN) == 0;
}
