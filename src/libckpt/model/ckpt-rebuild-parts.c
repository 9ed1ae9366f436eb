/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-rebuild.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Tensors that are made of other tensors: sparse and nested ones. Their forms are those of _reduce_ex_internal() in torch/_tensor.py, and
 * of torch/csrc/jit/serialization/pickler.cpp for TorchScript. */

typedef struct
{
  const CkptTensor *tensors[4];
  guint n;
} Parts;

static gboolean
take_parts (CkptRebuild *self, const CkptNodeId *nodes, guint n, Parts *parts)
{
  guint64 n_bytes = 0;

  for (guint i = 0; i < n; i++)
    {
      parts->tensors[i] = ckpt_rebuild_get_tensor (self, nodes[i]);
      if (parts->tensors[i] == NULL)
        return ckpt_rebuild_fail (self, "tensor-parts",
                                  _ ("A part that this tensor is made of is no tensor."));
      if (!g_uint64_checked_add (&n_bytes, n_bytes, parts->tensors[i]->n_bytes))
        n_bytes = G_MAXUINT64;
    }

  parts->n = n;
  self->tensor.n_bytes = n_bytes;
  return TRUE;
}

/* A broken part has had its warning. */
static gboolean
check_parts (CkptRebuild *self, const Parts *parts)
{
  for (guint i = 0; i < parts->n; i++)
    if (parts->tensors[i]->flags & CKPT_TENSOR_BROKEN)
      return ckpt_rebuild_break (self, parts->tensors[i]->problem);
  return TRUE;
}

static void
take_values (CkptRebuild *self, const CkptTensor *values)
{
  self->tensor.dtype = values->dtype;
  self->tensor.device = values->device;
}

/* Counts the elements that the tensor would have if it were not sparse; what the parts take was counted already. */
static gboolean
count_dense (CkptRebuild *self)
{
  guint64 n_bytes = self->tensor.n_bytes;
  gboolean fits = ckpt_rebuild_count (self);

  self->tensor.n_bytes = n_bytes;
  return fits;
}

/* indices is [sparse dimensions, n], values is [n, dense dimensions...]. */
static gboolean
check_coo (CkptRebuild *self, const CkptTensor *indices, const CkptTensor *values)
{
  if (indices->n_dims == 2 && values->n_dims >= 1 && indices->shape[1] == values->shape[0] &&
      (guint64) indices->shape[0] + values->n_dims - 1 == self->tensor.n_dims)
    return TRUE;

  return ckpt_rebuild_fail (self, "tensor-sparse",
                            _ ("The indices and values of this sparse tensor do not fit its size."));
}

static void
rebuild_coo (CkptRebuild *self, const CkptNodeId *items, guint32 n)
{
  Parts parts;

  self->tensor.layout = CKPT_LAYOUT_SPARSE_COO;
  if (n < 3)
    {
      ckpt_rebuild_fail (self, "tensor-arguments",
                         _ ("This sparse tensor is described by %u values instead of 3 or 4."), n);
      return;
    }

  if (!take_parts (self, items, 2, &parts))
    return;

  take_values (self, parts.tensors[1]);
  if (ckpt_rebuild_read_shape (self, items[2]) && check_parts (self, &parts) && count_dense (self))
    check_coo (self, parts.tensors[0], parts.tensors[1]);
}

static void
rebuild_compressed (CkptRebuild *self, CkptLayout layout, const CkptNodeId *items, guint32 n)
{
  Parts parts;

  self->tensor.layout = layout;
  if (n != 4)
    {
      ckpt_rebuild_fail (self, "tensor-arguments",
                         _ ("This sparse tensor is described by %u values instead of 4."), n);
      return;
    }

  if (!take_parts (self, items, 3, &parts))
    return;

  take_values (self, parts.tensors[2]);
  if (ckpt_rebuild_read_shape (self, items[3]) && check_parts (self, &parts))
    count_dense (self);
}

/* The layout is a call of _get_layout() with "torch.sparse_coo", or a global. */
static gboolean
read_layout (CkptRebuild *self, CkptNodeId node, CkptLayout *layout)
{
  CkptRecogniser *owner = self->owner;
  const CkptGlobal *global = ckpt_recogniser_get_global (owner, node);
  const char *name = global != NULL && global->name == CKPT_NAME_LAYOUT ? global->full_name : NULL;
  gsize length;
  guint32 n;

  if (node != CKPT_NO_NODE && ckpt_nodes_get_kind (owner->nodes, node) == CKPT_KIND_OBJECT)
    {
      const CkptNodeId *args = ckpt_recogniser_get_items (
          owner, ckpt_nodes_get_slot (owner->nodes, node, CKPT_SLOT_ARGS), &n);

      name = n > 0 ? ckpt_tree_peek_whole_text (owner->tree, args[0], &length) : NULL;
    }

  for (guint i = CKPT_LAYOUT_STRIDED; name != NULL && i < CKPT_LAYOUT_UNKNOWN; i++)
    if (g_str_has_prefix (name, "torch.") && strcmp (name + strlen ("torch."), ckpt_layout_get_name (i)) == 0)
      {
        *layout = i;
        return TRUE;
      }
  return FALSE;
}

/* TorchScript: layout as a number, size, requires_grad, then the tensors: indices and values, or crow, col and values. */
static void
rebuild_script_sparse (CkptRebuild *self, gint64 layout)
{
  guint n_parts = layout == 1 ? 2 : 3;
  Parts parts;

  self->tensor.layout = layout == 1 ? CKPT_LAYOUT_SPARSE_COO : CKPT_LAYOUT_SPARSE_CSR;
  if (self->n_args < 3 + n_parts)
    {
      ckpt_rebuild_fail (self, "tensor-arguments",
                         _ ("This tensor is made from %u arguments, which are too few."), self->n_args);
      return;
    }

  if (ckpt_rebuild_is_true (self, self->args[2]))
    self->tensor.flags |= CKPT_TENSOR_REQUIRES_GRAD;
  if (!take_parts (self, self->args + 3, n_parts, &parts))
    return;

  take_values (self, parts.tensors[n_parts - 1]);
  if (ckpt_rebuild_read_shape (self, self->args[1]) && check_parts (self, &parts))
    count_dense (self);
}

/**
 * ckpt_rebuild_sparse:
 * @self: a call of torch._utils._rebuild_sparse_tensor
 *
 * Takes (layout, (indices, values, size[, is_coalesced])), or (layout, (compressed indices, plain indices, values, size)).
 */
void
ckpt_rebuild_sparse (CkptRebuild *self)
{
  CkptLayout layout = CKPT_LAYOUT_UNKNOWN;
  const CkptNodeId *items;
  gint64 number;
  guint32 n;

  self->tensor.layout = CKPT_LAYOUT_UNKNOWN;
  if (ckpt_tree_get_int (self->owner->tree, self->args[0], &number))
    {
      rebuild_script_sparse (self, number);
      return;
    }

  items = ckpt_recogniser_get_items (self->owner, self->args[1], &n);
  if (!read_layout (self, self->args[0], &layout) || items == NULL)
    {
      ckpt_rebuild_fail (self, "tensor-sparse",
                         _ ("This sparse tensor is laid out in a way that is not known."));
      return;
    }

  if (layout == CKPT_LAYOUT_SPARSE_COO)
    rebuild_coo (self, items, n);
  else
    rebuild_compressed (self, layout, items, n);
}

/**
 * ckpt_rebuild_sparse_csr:
 * @self: a call of torch._utils._rebuild_sparse_csr_tensor, which PyTorch 1.9 to 1.13 wrote
 *
 * Takes (layout, (crow indices, column indices, values, size)).
 */
void
ckpt_rebuild_sparse_csr (CkptRebuild *self)
{
  guint32 n;
  const CkptNodeId *items = ckpt_recogniser_get_items (self->owner, self->args[1], &n);

  rebuild_compressed (self, CKPT_LAYOUT_SPARSE_CSR, items, n);
}

/* The sizes of the tensors inside are values of another tensor, so only their number is known without reading it. */
static void
set_nested (CkptRebuild *self, CkptLayout layout, const CkptTensor *values, gint64 n_inside)
{
  gint64 *shape = ckpt_tree_copy (self->owner->tree, &n_inside, sizeof n_inside, &self->owner->error);

  self->tensor.layout = layout;
  take_values (self, values);
  self->tensor.numel = values->numel;
  if (shape != NULL)
    {
      self->tensor.shape = shape;
      self->tensor.n_dims = 1;
    }
}

/**
 * ckpt_rebuild_nested:
 * @self: a call of torch._utils._rebuild_nested_tensor
 *
 * Takes (values, sizes, strides, offsets): all values in one row, and for each tensor inside a row of sizes and of strides. Of the size of
 * the whole only the number of tensors inside is given.
 */
void
ckpt_rebuild_nested (CkptRebuild *self)
{
  guint n_parts = ckpt_rebuild_get_tensor (self, self->args[3]) != NULL ? 4 : 3;
  Parts parts;

  self->tensor.layout = CKPT_LAYOUT_NESTED;
  if (!take_parts (self, self->args, n_parts, &parts))
    return;

  set_nested (self, CKPT_LAYOUT_NESTED, parts.tensors[0],
              parts.tensors[1]->n_dims > 0 ? parts.tensors[1]->shape[0] : 0);
  check_parts (self, &parts);
}

static CkptNodeId
get_dict_value (CkptRebuild *self, CkptNodeId dict, const char *key)
{
  CkptRecogniser *owner = self->owner;
  guint32 n;
  const CkptNodeId *pairs;

  if (ckpt_nodes_get_kind (owner->nodes, dict) != CKPT_KIND_DICT)
    return CKPT_NO_NODE;

  pairs = ckpt_nodes_get_children (owner->nodes, dict, &n);
  for (guint32 i = 0; i + 1 < n; i += 2)
    if (ckpt_recogniser_is_text (owner, pairs[i], key))
      return pairs[i + 1];
  return CKPT_NO_NODE;
}

/**
 * ckpt_rebuild_jagged:
 * @self: a call of torch.nested._internal.nested_tensor._rebuild_njt
 *
 * Takes a dict with the tensors "values" and "offsets", and others. Of the size of the whole only the number of tensors inside is given.
 */
void
ckpt_rebuild_jagged (CkptRebuild *self)
{
  CkptNodeId nodes[2] = { get_dict_value (self, self->args[0], "values"),
                          get_dict_value (self, self->args[0], "offsets") };
  Parts parts;

  self->tensor.layout = CKPT_LAYOUT_JAGGED;
  if (ckpt_rebuild_is_true (self, get_dict_value (self, self->args[0], "requires_grad")))
    self->tensor.flags |= CKPT_TENSOR_REQUIRES_GRAD;
  if (!take_parts (self, nodes, G_N_ELEMENTS (nodes), &parts))
    return;

  set_nested (self, CKPT_LAYOUT_JAGGED, parts.tensors[0], MAX (parts.tensors[1]->numel, 1) - 1);
  check_parts (self, &parts);
}
