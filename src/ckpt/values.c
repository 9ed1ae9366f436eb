/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "values.h"

#include <string.h>

#include <glib/gi18n.h>

/* The arguments of a small object are shown on its line if they are no longer than this. */
#define MAX_CALL 120

/**
 * kind_is_container:
 *
 * Returns: whether values of this kind are nothing but what is in them
 */
gboolean
kind_is_container (CkptKind kind)
{
  return kind == CKPT_KIND_DICT || kind == CKPT_KIND_LIST || kind == CKPT_KIND_TUPLE ||
         kind == CKPT_KIND_SET || kind == CKPT_KIND_FROZENSET;
}

/**
 * kind_has_text:
 *
 * Returns: whether values of this kind are text or bytes
 */
gboolean
kind_has_text (CkptKind kind)
{
  return kind == CKPT_KIND_STRING || kind == CKPT_KIND_BYTES || kind == CKPT_KIND_BYTEARRAY;
}

/**
 * kind_is_plain:
 *
 * Returns: whether values of this kind have nothing in them
 */
gboolean
kind_is_plain (CkptKind kind)
{
  return kind == CKPT_KIND_NONE || kind == CKPT_KIND_BOOL || kind == CKPT_KIND_INT ||
         kind == CKPT_KIND_FLOAT || kind == CKPT_KIND_GLOBAL || kind_has_text (kind);
}

/**
 * value_dup_type:
 *
 * Returns: (transfer full): what sort of value it is, in one word: the dtype of a tensor, the class of an object
 */
char *
value_dup_type (const Item *item)
{
  const char *class_name;

  if (item->tensor != NULL)
    return g_strdup (ckpt_dtype_get_name (item->tensor->dtype));
  if (item->storage != NULL)
    return g_strdup ("storage");

  class_name = ckpt_tree_get_class_name (item->tree, item->node);
  if (class_name == NULL)
    return g_strdup (ckpt_kind_get_name (item->kind));
  return ckpt_text_escape (class_name, strlen (class_name), 0);
}

/* As printf() with %d, in a tenth of the time: there may be 100,000 shapes to write. */
static void
append_size (GString *text, guint64 size)
{
  char digits[20];
  gsize n = 0;

  do
    digits[sizeof digits - ++n] = '0' + size % 10;
  while ((size /= 10) > 0);
  g_string_append_len (text, digits + sizeof digits - n, n);
}

/**
 * shape_to_string:
 *
 * Returns: (transfer full): `[64, 3, 7, 7]`, as PyTorch prints it
 */
char *
shape_to_string (const CkptTensor *tensor)
{
  GString *text = g_string_new ("[");

  for (guint32 i = 0; i < tensor->n_dims; i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      if (tensor->shape[i] < 0)
        g_string_append_c (text, '-');
      append_size (text, tensor->shape[i] < 0 ? -(guint64) tensor->shape[i] : (guint64) tensor->shape[i]);
    }
  g_string_append_c (text, ']');
  return g_string_free_and_steal (text);
}

/**
 * tensor_is_view:
 *
 * Returns: whether its storage holds more than the tensor shows
 */
gboolean
tensor_is_view (CkptTree *tree, const CkptTensor *tensor)
{
  return tensor->storage != CKPT_NO_STORAGE &&
         tensor->n_bytes < ckpt_tree_get_storage (tree, tensor->storage)->n_bytes;
}

/**
 * tensor_check_readable:
 *
 * Returns: FALSE with CKPT_ERROR_UNSUPPORTED if the values of a tensor cannot be read
 */
gboolean
tensor_check_readable (CkptTree *tree, const CkptTensor *tensor, GError **error)
{
  const char *problem = ckpt_tensor_get_unreadable (tree, tensor);

  return problem == NULL ||
         ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "tensor-unreadable", "%s", problem);
}

/**
 * tensor_has_only:
 * @budget: (inout): bytes that may still be read for this; what the tensor takes is taken off
 *
 * Returns: whether it has one element, which can be read
 */
gboolean
tensor_has_only (CkptTree *tree, const CkptTensor *tensor, guint64 *budget)
{
  if (tensor->numel != 1 || tensor->n_bytes > *budget || ckpt_tensor_get_unreadable (tree, tensor) != NULL)
    return FALSE;

  *budget -= tensor->n_bytes;
  return TRUE;
}

/* What is none of these behaves in ways of its own. */
static gboolean
is_plain_class (const CkptTensor *tensor)
{
  const char *dot = tensor->class_name != NULL ? strrchr (tensor->class_name, '.') : NULL;
  const char *name = dot != NULL ? dot + 1 : tensor->class_name;

  return name == NULL || strcmp (name, "Tensor") == 0 || strcmp (name, "Parameter") == 0 ||
         strcmp (name, "Buffer") == 0;
}

static char *
describe_tensor (const Item *item, guint64 *budget)
{
  const CkptTensor *tensor = item->tensor;
  g_autofree char *shape = shape_to_string (tensor);
  g_autofree char *only = NULL;

  if (tensor_has_only (item->tree, tensor, budget))
    only = ckpt_tensor_item_to_string (item->tree, tensor, 0, NULL);
  if (only != NULL)
    return g_strdup_printf ("%s = %s", shape, only);
  if (tensor->layout != CKPT_LAYOUT_STRIDED)
    return g_strdup_printf ("%s %s", shape, ckpt_layout_get_name (tensor->layout));
  if (!is_plain_class (tensor))
    return g_strdup_printf ("%s %s", shape, tensor->class_name);
  return g_steal_pointer (&shape);
}

/* Adds `, REPR` or `, NAME=REPR`; FALSE if the value is nothing plain. */
static gboolean
append_argument (GString *call, CkptTree *tree, const CkptChild *child)
{
  g_autofree char *repr = NULL;
  g_autofree char *name = NULL;

  if (child->kind != CKPT_STEP_ARGUMENT && child->kind != CKPT_STEP_KEYWORD)
    return FALSE;

  repr = ckpt_tree_repr (tree, child->node);
  if (repr == NULL)
    return FALSE;

  if (call->len > 1)
    g_string_append (call, ", ");
  if (child->kind == CKPT_STEP_KEYWORD)
    {
      name = ckpt_path_step_to_label (tree, child);
      g_string_append_printf (call, "%s=", name);
    }
  g_string_append (call, repr);
  return call->len <= MAX_CALL;
}

/**
 * value_dup_call:
 * @node: an object
 *
 * Returns: (transfer full) (nullable): `(1.0, 2.0)`, the arguments of an object that holds nothing but a few plain ones; NULL
 *   for other objects
 */
char *
value_dup_call (CkptTree *tree, CkptNodeId node)
{
  g_autoptr (GString) call = g_string_new ("(");
  guint32 n = ckpt_tree_get_n_children (tree, node);

  for (guint32 i = 0; i < n; i++)
    {
      CkptChild child;

      ckpt_tree_get_child (tree, node, i, &child);
      if (!append_argument (call, tree, &child))
        return NULL;
    }

  g_string_append_c (call, ')');
  return g_string_free_and_steal (g_steal_pointer (&call));
}

static char *
describe_storage (const CkptStorage *storage)
{
  return g_strdup_printf ("[%" G_GUINT64_FORMAT "] %s", storage->numel, ckpt_dtype_get_name (storage->dtype));
}

/**
 * value_dup_text:
 * @budget: (inout): bytes that may still be read to show tensors of one element
 *
 * Returns: (transfer full): a value in one line: the shape of a tensor, a number, the beginning of a text
 */
char *
value_dup_text (const Item *item, guint64 *budget)
{
  if (item->tensor != NULL)
    return describe_tensor (item, budget);
  if (item->storage != NULL)
    return describe_storage (item->storage);
  if (item->kind == CKPT_KIND_OBJECT)
    {
      char *call = value_dup_call (item->tree, item->node);

      return call != NULL ? call : g_strdup ("");
    }
  if (kind_is_container (item->kind) && ckpt_tree_get_n_children (item->tree, item->node) == 0)
    return g_strdup (_ ("empty"));
  return ckpt_tree_describe (item->tree, item->node);
}

/**
 * value_get_device:
 *
 * Returns: (nullable): the device of a tensor, or the location tag of a storage; as in the file
 */
const char *
value_get_device (const Item *item)
{
  if (item->tensor != NULL)
    return item->tensor->device;
  return item->storage != NULL ? item->storage->location : NULL;
}

static char *
format_bytes (guint64 n_bytes, gboolean exact)
{
  return exact ? g_strdup_printf ("%" G_GUINT64_FORMAT, n_bytes) : ckpt_text_bytes (n_bytes);
}

static char *
describe_size (const Item *item, gboolean exact)
{
  const CkptTensor *tensor = item->tensor;
  g_autofree char *own = NULL;
  g_autofree char *whole = NULL;
  guint64 n_whole;

  if (tensor == NULL)
    return item->storage != NULL ? format_bytes (item->storage->n_bytes, exact) : g_strdup ("");
  if ((tensor->flags & CKPT_TENSOR_BROKEN) != 0)
    return g_strdup_printf (_ ("broken: %s"), tensor->problem);
  if ((tensor->flags & CKPT_TENSOR_META) != 0)
    return g_strdup (_ ("no data"));

  own = format_bytes (tensor->n_bytes, exact);
  if (tensor->storage == CKPT_NO_STORAGE)
    return g_steal_pointer (&own);

  n_whole = ckpt_tree_get_storage (item->tree, tensor->storage)->n_bytes;
  if (n_whole == tensor->n_bytes)
    return g_steal_pointer (&own);

  whole = format_bytes (n_whole, exact);
  return g_strdup_printf (n_whole > tensor->n_bytes ? _ ("%s, view of %s") : _ ("%s, expanded from %s"), own,
                          whole);
}

/**
 * value_dup_size:
 * @exact: whether to give bytes instead of a rounded figure
 *
 * Returns: (transfer full): how many bytes a tensor or storage has, of how many it is a view, or what it is tied to; empty for
 *   other values
 */
char *
value_dup_size (const Item *item, gboolean exact)
{
  if (item->same_as == NULL)
    return describe_size (item, exact);
  if (item->tensor != NULL)
    return g_strdup_printf (_ ("tied to %s"), item->same_as);
  return g_strdup_printf (_ ("same as %s"), item->same_as);
}
