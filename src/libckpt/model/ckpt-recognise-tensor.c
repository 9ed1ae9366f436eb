/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-rebuild.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The calls that torch.save() writes for tensors: torch/_utils.py, and _reduce_ex_internal() in torch/_tensor.py. */

/* Calls within calls: a subclass is rebuilt by a function that is given another one with its arguments. */
#define MAX_CALLS 4

typedef struct
{
  CkptName name;
  guint32 min_args;
  guint32 max_args;
  void (*rebuild) (CkptRebuild *self);
} Rebuilder;

static void
read_requires_grad (CkptRebuild *self, guint32 i)
{
  if (ckpt_rebuild_is_true (self, ckpt_rebuild_get_arg (self, i)))
    self->tensor.flags |= CKPT_TENSOR_REQUIRES_GRAD;
  else
    self->tensor.flags &= ~CKPT_TENSOR_REQUIRES_GRAD;
}

/* {"conj": True, "neg": True}: what is to be done to the values when they are read. */
static void
read_metadata (CkptRebuild *self, CkptNodeId node)
{
  CkptRecogniser *owner = self->owner;
  const CkptNodeId *pairs;
  guint32 n;

  if (node == CKPT_NO_NODE || ckpt_nodes_get_kind (owner->nodes, node) != CKPT_KIND_DICT)
    return;

  pairs = ckpt_nodes_get_children (owner->nodes, node, &n);
  for (guint32 i = 0; i + 1 < n; i += 2)
    {
      if (!ckpt_rebuild_is_true (self, pairs[i + 1]))
        continue;
      if (ckpt_recogniser_is_text (owner, pairs[i], "conj"))
        self->tensor.flags |= CKPT_TENSOR_CONJ;
      else if (ckpt_recogniser_is_text (owner, pairs[i], "neg"))
        self->tensor.flags |= CKPT_TENSOR_NEG;
    }
}

/* (storage, offset, size, stride[, requires_grad, hooks[, metadata]]) */
static void
rebuild_tensor (CkptRebuild *self)
{
  read_requires_grad (self, 4);
  read_metadata (self, ckpt_rebuild_get_arg (self, 6));
  ckpt_rebuild_read_strided (self, self->args, CKPT_DTYPE_UNKNOWN);
}

/* (storage, offset, size, stride, requires_grad, hooks, dtype[, metadata]), for types that have no storage class */
static void
rebuild_tensor_v3 (CkptRebuild *self)
{
  read_requires_grad (self, 4);
  read_metadata (self, ckpt_rebuild_get_arg (self, 7));
  if (ckpt_rebuild_read_dtype (self, self->args[6]))
    ckpt_rebuild_read_strided (self, self->args, self->tensor.dtype);
}

/* (data, requires_grad, hooks[, state]) */
static void
rebuild_parameter (CkptRebuild *self)
{
  self->tensor.class_name = "Parameter";
  if (ckpt_rebuild_get_tensor (self, self->args[0]) == NULL)
    ckpt_rebuild_fail (self, "parameter-data", _ ("The data of this parameter are no tensor."));
  else
    ckpt_rebuild_wrap (self, self->args[0]);

  self->tensor.flags |= CKPT_TENSOR_PARAMETER;
  read_requires_grad (self, 1);
}

static gboolean
read_float (CkptRebuild *self, CkptNodeId node, double *value)
{
  CkptTree *tree = self->owner->tree;
  gint64 number;

  if (ckpt_tree_get_kind (tree, node) == CKPT_KIND_FLOAT)
    {
      *value = ckpt_tree_get_float (tree, node);
      return TRUE;
    }

  *value = ckpt_tree_get_int (tree, node, &number) ? number : 0;
  return ckpt_tree_get_int (tree, node, &number);
}

static guint32
get_tensor_index (CkptRebuild *self, CkptNodeId node)
{
  const CkptTensor *tensor = ckpt_rebuild_get_tensor (self, node);

  return tensor != NULL ? tensor->index : CKPT_NO_TENSOR;
}

/* (torch.per_tensor_affine, scale, zero point), or (torch.per_channel_affine, scales, zero points, axis) with tensors. */
static gboolean
read_quantizer (CkptRebuild *self, CkptNodeId node)
{
  CkptRecogniser *owner = self->owner;
  CkptQuantizer quantizer = { .scales = CKPT_NO_TENSOR, .zero_points = CKPT_NO_TENSOR };
  guint32 n;
  const CkptNodeId *items = ckpt_recogniser_get_items (owner, node, &n);
  CkptName scheme = n > 0 ? ckpt_recogniser_get_name (owner, items[0]) : CKPT_NAME_UNKNOWN;

  if (scheme == CKPT_NAME_QSCHEME_PER_TENSOR && n == 3 && read_float (self, items[1], &quantizer.scale) &&
      ckpt_tree_get_int (owner->tree, items[2], &quantizer.zero_point))
    {
      quantizer.scheme = CKPT_QSCHEME_PER_TENSOR;
    }
  else if (scheme == CKPT_NAME_QSCHEME_PER_CHANNEL && n == 4 &&
           ckpt_tree_get_int (owner->tree, items[3], &quantizer.axis))
    {
      quantizer.scheme = CKPT_QSCHEME_PER_CHANNEL;
      quantizer.scales = get_tensor_index (self, items[1]);
      quantizer.zero_points = get_tensor_index (self, items[2]);
    }
  else
    {
      return ckpt_rebuild_fail (
          self, "tensor-quantizer",
          _ ("How the numbers of this quantized tensor become real ones makes no sense."));
    }

  self->tensor.quantizer = ckpt_tree_copy (owner->tree, &quantizer, sizeof quantizer, &owner->error);
  return self->tensor.quantizer != NULL;
}

static gboolean
is_channel_tensor (CkptRebuild *self, guint32 index)
{
  const CkptQuantizer *quantizer = self->tensor.quantizer;
  const CkptTensor *tensor;

  if (index == CKPT_NO_TENSOR)
    return FALSE;

  tensor = ckpt_tree_get_tensor (self->owner->tree, index);
  return tensor->n_dims == 1 && tensor->shape[0] == self->tensor.shape[quantizer->axis];
}

/* Files before PyTorch 1.4 may hold lists instead of the two tensors; their scales are then not applied. */
static gboolean
check_quantizer (CkptRebuild *self)
{
  const CkptQuantizer *quantizer = self->tensor.quantizer;

  if (quantizer->scheme == CKPT_QSCHEME_PER_TENSOR ||
      (quantizer->scales == CKPT_NO_TENSOR && quantizer->zero_points == CKPT_NO_TENSOR))
    return TRUE;

  if (quantizer->axis >= 0 && quantizer->axis < self->tensor.n_dims &&
      is_channel_tensor (self, quantizer->scales) && is_channel_tensor (self, quantizer->zero_points))
    return TRUE;

  return ckpt_rebuild_fail (self, "tensor-quantizer",
                            _ ("The scales of this quantized tensor do not fit its size."));
}

/* (storage, offset, size, stride, quantizer, requires_grad, hooks) */
static void
rebuild_quantized (CkptRebuild *self)
{
  read_requires_grad (self, 5);
  if (ckpt_rebuild_read_strided (self, self->args, CKPT_DTYPE_UNKNOWN) &&
      read_quantizer (self, self->args[4]))
    check_quantizer (self);
}

/* (dtype, size, stride, requires_grad) */
static void
rebuild_meta (CkptRebuild *self)
{
  self->tensor.flags |= CKPT_TENSOR_META;
  self->tensor.device = "meta";
  read_requires_grad (self, 3);
  if (ckpt_rebuild_read_dtype (self, self->args[0]) && ckpt_rebuild_read_shape (self, self->args[1]))
    ckpt_rebuild_count (self);

  /* Without data the stride is of no account, so an odd one does no harm. */
  if (self->tensor.n_dims > 0)
    {
      guint32 n;
      const CkptNodeId *items = ckpt_recogniser_get_items (self->owner, self->args[2], &n);

      if (items != NULL && n == self->tensor.n_dims)
        ckpt_rebuild_read_stride (self, self->args[2]);
    }
}

static const char *
get_class (CkptRebuild *self, CkptNodeId node)
{
  const CkptGlobal *global = ckpt_recogniser_get_global (self->owner, node);

  return global != NULL ? global->full_name : "Tensor";
}

/* (class, dtype, size, stride, storage offset, layout, device, requires_grad) */
static void
rebuild_wrapper (CkptRebuild *self)
{
  self->tensor.flags |= CKPT_TENSOR_WRAPPER;
  self->tensor.class_name = get_class (self, self->args[0]);
  read_requires_grad (self, 7);
  ckpt_rebuild_read_device (self, self->args[6]);
  if (ckpt_rebuild_read_dtype (self, self->args[1]) && ckpt_rebuild_read_shape (self, self->args[2]) &&
      ckpt_rebuild_count (self))
    ckpt_rebuild_read_stride (self, self->args[3]);
}

/* (CPU tensor, dtype, device, requires_grad) */
static void
rebuild_device_from_cpu (CkptRebuild *self)
{
  if (ckpt_rebuild_wrap (self, self->args[0]))
    ckpt_rebuild_read_dtype (self, self->args[1]);
  ckpt_rebuild_read_device (self, self->args[2]);
  read_requires_grad (self, 3);
}

/* The size of a NumPy array, from the state that its __setstate__() is given: (version, shape, dtype, is_fortran, data). */
static CkptNodeId
get_array_shape (CkptRebuild *self, CkptNodeId array)
{
  CkptRecogniser *owner = self->owner;
  guint32 n = 0;
  const CkptNodeId *items = NULL;

  if (ckpt_nodes_get_kind (owner->nodes, array) == CKPT_KIND_OBJECT)
    items = ckpt_recogniser_get_items (owner, ckpt_nodes_get_slot (owner->nodes, array, CKPT_SLOT_STATE), &n);

  return n == 5 ? items[1] : CKPT_NO_NODE;
}

/* (NumPy array, dtype, device, requires_grad): the values are in the pickle itself. */
static void
rebuild_device_from_numpy (CkptRebuild *self)
{
  CkptNodeId shape = get_array_shape (self, self->args[0]);

  ckpt_rebuild_read_device (self, self->args[2]);
  read_requires_grad (self, 3);
  if (shape == CKPT_NO_NODE)
    ckpt_rebuild_fail (self, "tensor-data", _ ("What this tensor is made from is no NumPy array."));
  else if (ckpt_rebuild_read_dtype (self, self->args[1]) && ckpt_rebuild_read_shape (self, shape) &&
           ckpt_rebuild_count (self))
    ckpt_rebuild_break (self, _ ("Its values are in a NumPy array in the pickle."));
}

static const Rebuilder rebuilders[] = {
  { CKPT_NAME_REBUILD_TENSOR, 4, 4, rebuild_tensor },
  { CKPT_NAME_REBUILD_TENSOR_V2, 6, 7, rebuild_tensor },
  { CKPT_NAME_REBUILD_TENSOR_V3, 7, 8, rebuild_tensor_v3 },
  { CKPT_NAME_REBUILD_PARAMETER, 3, 3, rebuild_parameter },
  { CKPT_NAME_REBUILD_PARAMETER_WITH_STATE, 4, 4, rebuild_parameter },
  { CKPT_NAME_REBUILD_QTENSOR, 7, 7, rebuild_quantized },
  { CKPT_NAME_REBUILD_SPARSE_TENSOR, 2, G_MAXUINT32, ckpt_rebuild_sparse },
  { CKPT_NAME_REBUILD_SPARSE_CSR_TENSOR, 2, 2, ckpt_rebuild_sparse_csr },
  { CKPT_NAME_REBUILD_META_TENSOR, 4, 4, rebuild_meta },
  { CKPT_NAME_REBUILD_NESTED_TENSOR, 4, 4, ckpt_rebuild_nested },
  { CKPT_NAME_REBUILD_JAGGED_TENSOR, 1, 1, ckpt_rebuild_jagged },
  { CKPT_NAME_REBUILD_WRAPPER_SUBCLASS, 8, 8, rebuild_wrapper },
  { CKPT_NAME_REBUILD_DEVICE_TENSOR_FROM_CPU, 4, 4, rebuild_device_from_cpu },
  { CKPT_NAME_REBUILD_DEVICE_TENSOR_FROM_NUMPY, 4, 4, rebuild_device_from_numpy },
};

static const Rebuilder *
find_rebuilder (CkptName name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rebuilders); i++)
    if (rebuilders[i].name == name)
      return &rebuilders[i];
  return NULL;
}

static void
call (CkptRebuild *self, const Rebuilder *rebuilder)
{
  if (self->n_args >= rebuilder->min_args && self->n_args <= rebuilder->max_args)
    rebuilder->rebuild (self);
  else if (rebuilder->min_args == rebuilder->max_args)
    ckpt_rebuild_fail (self, "tensor-arguments", _ ("This tensor is made from %u arguments instead of %u."),
                       self->n_args, rebuilder->min_args);
  else
    ckpt_rebuild_fail (self, "tensor-arguments",
                       _ ("This tensor is made from %u arguments instead of %u or %u."), self->n_args,
                       rebuilder->min_args, rebuilder->max_args);
}

/* (function, class, arguments, state): the tensor that the function makes, as another class. FALSE if the function is none that is
 * known; then it stays an object. */
static gboolean
unfold_type (CkptRebuild *self, const Rebuilder **rebuilder)
{
  const char *class_name = NULL;
  CkptName name = CKPT_NAME_REBUILD_FROM_TYPE;

  for (guint i = 0; i < MAX_CALLS && name == CKPT_NAME_REBUILD_FROM_TYPE; i++)
    {
      const CkptNodeId *args;
      guint32 n;

      if (self->n_args != 4)
        {
          ckpt_rebuild_fail (self, "tensor-arguments",
                             _ ("This tensor is made from %u arguments instead of %u."), self->n_args, 4u);
          return TRUE;
        }

      args = ckpt_recogniser_get_items (self->owner, self->args[2], &n);
      if (args == NULL)
        return FALSE;

      name = ckpt_recogniser_get_name (self->owner, self->args[0]);
      if (class_name == NULL)
        class_name = get_class (self, self->args[1]);
      self->args = args;
      self->n_args = n;
    }

  *rebuilder = find_rebuilder (name);
  self->tensor.class_name = class_name;
  return *rebuilder != NULL;
}

static void
rebuild_type (CkptRebuild *self, const Rebuilder *rebuilder)
{
  const char *class_name = self->tensor.class_name;

  call (self, rebuilder);
  self->tensor.class_name = class_name;
}

/* A tensor of PyTorch before 0.4: an object of torch.FloatTensor and the like, with (storage, offset, size, stride) as state. */
static gboolean
rebuild_old_tensor (CkptRebuild *self)
{
  CkptRecogniser *owner = self->owner;
  guint32 n;
  const CkptNodeId *items = ckpt_recogniser_get_items (
      owner, ckpt_nodes_get_slot (owner->nodes, self->node, CKPT_SLOT_STATE), &n);

  if (n != 4)
    return FALSE;

  ckpt_rebuild_read_strided (self, items, CKPT_DTYPE_UNKNOWN);
  return TRUE;
}

static gboolean
is_old_state (CkptRecogniser *self, CkptNodeId state)
{
  guint32 n;

  return ckpt_recogniser_get_items (self, state, &n) != NULL && (n == 3 || n == 5);
}

/* Not a torch.autograd.Variable, of which there is no more to say than of a tensor. */
static gboolean
is_old_parameter (CkptRebuild *self)
{
  CkptRecogniser *owner = self->owner;
  CkptNodeId callable = ckpt_nodes_get_slot (owner->nodes, self->node, CKPT_SLOT_CALLABLE);

  return g_str_has_suffix (get_class (self, callable), ".Parameter");
}

/* A parameter of PyTorch before 0.4: an object of (data[, requires_grad]) with (requires_grad, volatile, hooks) as state, or with
 * (data, grad, hooks, requires_grad, volatile), which come after it in the file. */
static gboolean
rebuild_old_parameter (CkptRebuild *self, gboolean is_deferred)
{
  CkptRecogniser *owner = self->owner;
  CkptNodeId state = ckpt_nodes_get_slot (owner->nodes, self->node, CKPT_SLOT_STATE);
  CkptNodeId data = ckpt_rebuild_get_arg (self, 0);
  CkptNodeId requires_grad = ckpt_rebuild_get_arg (self, 1);
  guint32 n = 0;

  if (is_old_state (owner, state))
    {
      const CkptNodeId *items = ckpt_recogniser_get_items (owner, state, &n);

      requires_grad = items[n == 5 ? 3 : 0];
      data = n == 5 ? items[0] : data;
    }

  if (n == 5 && !is_deferred)
    {
      g_array_append_val (owner->deferred, self->node);
      return FALSE;
    }

  if (data == CKPT_NO_NODE)
    return FALSE;

  self->tensor.class_name = is_old_parameter (self) ? "Parameter" : "Tensor";
  ckpt_rebuild_wrap (self, data);
  self->tensor.flags &= ~CKPT_TENSOR_REQUIRES_GRAD;
  if (is_old_parameter (self))
    self->tensor.flags |= CKPT_TENSOR_PARAMETER;
  if (ckpt_rebuild_is_true (self, requires_grad))
    self->tensor.flags |= CKPT_TENSOR_REQUIRES_GRAD;
  return TRUE;
}

static void
warn_of_items (CkptRecogniser *self, CkptNodeId node)
{
  if (ckpt_nodes_get_slot (self->nodes, node, CKPT_SLOT_DICT_ITEMS) != CKPT_NO_NODE ||
      ckpt_nodes_get_slot (self->nodes, node, CKPT_SLOT_LIST_ITEMS) != CKPT_NO_NODE)
    ckpt_warnings_add_node (
        self->warnings, "tensor-written", node,
        _ ("The file writes into this tensor while it is loaded. PyTorch never does so: the file was made by hand, "
           "perhaps to do harm. What it writes is not shown."));
}

static void
keep (CkptRebuild *self)
{
  CkptRecogniser *owner = self->owner;
  CkptTensor *tensor = ckpt_chunks_add (owner->tree->tensors, &owner->error);

  if (tensor == NULL)
    return;

  *tensor = self->tensor;
  tensor->node = self->node;
  tensor->index = ckpt_chunks_get_n (owner->tree->tensors) - 1;
  ckpt_nodes_set_tag (owner->nodes, self->node, ckpt_tag_new (CKPT_TAG_TENSOR, tensor->index));
  warn_of_items (owner, self->node);
}

static gboolean
rebuild (CkptRebuild *self, CkptName name, gboolean is_deferred)
{
  const Rebuilder *rebuilder = NULL;

  switch ((int) name)
    {
    case CKPT_NAME_TENSOR_CLASS:
      return rebuild_old_tensor (self);

    case CKPT_NAME_PARAMETER:
      return rebuild_old_parameter (self, is_deferred);

    case CKPT_NAME_REBUILD_FROM_TYPE:
      if (!unfold_type (self, &rebuilder))
        return FALSE;
      if (rebuilder != NULL)
        rebuild_type (self, rebuilder);
      return TRUE;

    default:
      rebuilder = find_rebuilder (name);
      if (rebuilder != NULL)
        call (self, rebuilder);
      return rebuilder != NULL;
    }
}

static gboolean
do_tensor (CkptRecogniser *self, CkptNodeId node, gboolean is_deferred)
{
  CkptName name = ckpt_recogniser_get_name (self,
                                            ckpt_nodes_get_slot (self->nodes, node, CKPT_SLOT_CALLABLE));
  CkptRebuild call_of = {
    .owner = self,
    .node = node,
    .tensor = {
      .node = node,
      .storage = CKPT_NO_STORAGE,
      .device = "?",
      .class_name = "Tensor",
      .inner = CKPT_NO_TENSOR,
      .tied_to = CKPT_NO_TENSOR,
    },
  };

  if (name == CKPT_NAME_UNKNOWN)
    return FALSE;

  call_of.args = ckpt_recogniser_get_items (self, ckpt_nodes_get_slot (self->nodes, node, CKPT_SLOT_ARGS),
                                            &call_of.n_args);
  if (!rebuild (&call_of, name, is_deferred))
    return FALSE;

  keep (&call_of);
  return TRUE;
}

/**
 * ckpt_recogniser_do_tensor:
 * @self: a recogniser
 * @node: an object
 *
 * Returns: whether it is a tensor, which it then is in the tree
 */
gboolean
ckpt_recogniser_do_tensor (CkptRecogniser *self, CkptNodeId node)
{
  return do_tensor (self, node, FALSE);
}

/**
 * ckpt_recogniser_do_deferred:
 * @self: a recogniser
 * @node: an object that waited for the tensor in its state
 */
void
ckpt_recogniser_do_deferred (CkptRecogniser *self, CkptNodeId node)
{
  do_tensor (self, node, TRUE);
}
