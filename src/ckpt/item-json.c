/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "item-json.h"

#include <string.h>

#include "values.h"

/* More digits than this Python itself refuses to read as a number. */
#define MAX_DIGITS 4300

static yyjson_mut_val *
integers (yyjson_mut_doc *doc, const gint64 *values, gsize n)
{
  return n > 0 ? yyjson_mut_arr_with_sint64 (doc, values, n) : yyjson_mut_arr (doc);
}

/* An int of any size: as a number, unless nobody could read it. */
static yyjson_mut_val *
int_to_json (yyjson_mut_doc *doc, CkptTree *tree, CkptNodeId node)
{
  g_autofree char *digits = NULL;
  gint64 value;

  if (ckpt_tree_get_int (tree, node, &value))
    return yyjson_mut_sint (doc, value);

  digits = ckpt_tree_repr (tree, node);
  if (digits == NULL)
    return yyjson_mut_null (doc);
  if (strlen (digits) > MAX_DIGITS || strspn (digits, "-0123456789") != strlen (digits))
    return json_text (doc, digits, strlen (digits));
  return yyjson_mut_rawcpy (doc, digits);
}

static yyjson_mut_val *
kept_text_to_json (yyjson_mut_doc *doc, CkptTree *tree, CkptNodeId node)
{
  gsize length;
  const char *text = ckpt_tree_peek_text (tree, node, &length, NULL);

  return text_to_json (doc, ckpt_tree_get_kind (tree, node), text, length);
}

/* What has no counterpart in JSON is written as its Python repr(). */
static yyjson_mut_val *
repr_to_json (yyjson_mut_doc *doc, CkptTree *tree, CkptNodeId node)
{
  g_autofree char *repr = ckpt_tree_repr (tree, node);

  return repr != NULL ? json_text (doc, repr, strlen (repr)) : yyjson_mut_null (doc);
}

static yyjson_mut_val *
scalar_to_json (yyjson_mut_doc *doc, CkptTree *tree, CkptNodeId node)
{
  switch (ckpt_tree_get_kind (tree, node))
    {
    case CKPT_KIND_NONE:
      return yyjson_mut_null (doc);
    case CKPT_KIND_BOOL:
      return yyjson_mut_bool (doc, ckpt_tree_get_bool (tree, node));
    case CKPT_KIND_INT:
      return int_to_json (doc, tree, node);
    case CKPT_KIND_FLOAT:
      return json_number (doc, ckpt_tree_get_float (tree, node));
    case CKPT_KIND_STRING:
    case CKPT_KIND_BYTES:
    case CKPT_KIND_BYTEARRAY:
      return kept_text_to_json (doc, tree, node);
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_DICT:
    case CKPT_KIND_SET:
    case CKPT_KIND_FROZENSET:
    case CKPT_KIND_GLOBAL:
    case CKPT_KIND_TENSOR:
    case CKPT_KIND_STORAGE:
    case CKPT_KIND_OBJECT:
    case CKPT_KIND_PERSISTENT_ID:
    default:
      return repr_to_json (doc, tree, node);
    }
}

static gboolean
is_plain_key (CkptKind kind)
{
  return kind == CKPT_KIND_STRING || kind == CKPT_KIND_INT || kind == CKPT_KIND_BOOL;
}

/* A key that is text or a number, an index, the repr() of another key; inside an object, the text form of the step. */
static yyjson_mut_val *
step_to_json (yyjson_mut_doc *doc, CkptTree *tree, const CkptChild *step)
{
  g_autofree char *text = NULL;

  if (step->kind == CKPT_STEP_INDEX)
    return yyjson_mut_uint (doc, step->index);
  if (step->kind == CKPT_STEP_KEY && is_plain_key (ckpt_tree_get_kind (tree, step->key)))
    return scalar_to_json (doc, tree, step->key);

  if (step->kind == CKPT_STEP_KEY)
    text = ckpt_tree_repr (tree, step->key);
  if (text == NULL)
    text = ckpt_path_step_to_label (tree, step);
  return json_text (doc, text, strlen (text));
}

static yyjson_mut_val *
path_to_json (yyjson_mut_doc *doc, const Item *item)
{
  yyjson_mut_val *keys = yyjson_mut_arr (doc);
  guint n = ckpt_path_get_length (item->path);

  for (guint i = 0; i < n; i++)
    yyjson_mut_arr_append (keys, step_to_json (doc, item->tree, ckpt_path_get_step (item->path, i)));
  return keys;
}

static void
add_quantizer (yyjson_mut_doc *doc, yyjson_mut_val *object, const CkptTensor *tensor)
{
  const CkptQuantizer *quantizer = tensor->quantizer;
  yyjson_mut_val *value;

  if (quantizer == NULL || quantizer->scheme == CKPT_QSCHEME_NONE)
    return;

  value = yyjson_mut_obj_add_obj (doc, object, "quantizer");
  if (quantizer->scheme == CKPT_QSCHEME_PER_TENSOR)
    {
      yyjson_mut_obj_add_str (doc, value, "scheme", "per_tensor");
      yyjson_mut_obj_add_val (doc, value, "scale", json_number (doc, quantizer->scale));
      yyjson_mut_obj_add_int (doc, value, "zero_point", quantizer->zero_point);
    }
  else
    {
      yyjson_mut_obj_add_str (doc, value, "scheme", "per_channel");
      yyjson_mut_obj_add_int (doc, value, "axis", quantizer->axis);
    }
}

static void
add_extent (yyjson_mut_doc *doc, yyjson_mut_val *object, CkptTree *tree, const CkptTensor *tensor)
{
  const CkptStorage *storage;

  if (tensor->storage == CKPT_NO_STORAGE)
    return;

  storage = ckpt_tree_get_storage (tree, tensor->storage);
  yyjson_mut_obj_add_val (doc, object, "stride", integers (doc, tensor->stride, tensor->n_dims));
  yyjson_mut_obj_add_int (doc, object, "storage_offset", tensor->offset);
  yyjson_mut_obj_add_uint (doc, object, "storage_nbytes", storage->n_bytes);
  json_add_text (doc, object, "storage", storage->key);
  yyjson_mut_obj_add_bool (doc, object, "view", tensor_is_view (tree, tensor));
}

static void
add_only (yyjson_mut_doc *doc, yyjson_mut_val *object, CkptTree *tree, const CkptTensor *tensor)
{
  g_autoptr (CkptElementText) elements = ckpt_element_text_new (tree, tensor, CKPT_ELEMENT_JSON);
  g_autoptr (GString) text = g_string_new (NULL);

  if (ckpt_element_text_append (elements, text, NULL))
    yyjson_mut_obj_add_val (doc, object, "value", yyjson_mut_rawncpy (doc, text->str, text->len));
}

static void
add_tensor (yyjson_mut_doc *doc, yyjson_mut_val *object, const Item *item, guint64 *budget)
{
  const CkptTensor *tensor = item->tensor;

  yyjson_mut_obj_add_str (doc, object, "dtype", ckpt_dtype_get_name (tensor->dtype));
  yyjson_mut_obj_add_val (doc, object, "shape", integers (doc, tensor->shape, tensor->n_dims));
  add_extent (doc, object, item->tree, tensor);
  json_add_text (doc, object, "device", tensor->device);
  yyjson_mut_obj_add_bool (doc, object, "requires_grad", (tensor->flags & CKPT_TENSOR_REQUIRES_GRAD) != 0);
  yyjson_mut_obj_add_str (doc, object, "layout", ckpt_layout_get_name (tensor->layout));
  json_add_text (doc, object, "class", tensor->class_name);
  yyjson_mut_obj_add_uint (doc, object, "bytes", tensor->n_bytes);
  json_add_text (doc, object, "tied_to", item->same_as);
  add_quantizer (doc, object, tensor);
  if (tensor->problem != NULL)
    json_add_text (doc, object, "problem", tensor->problem);

  if (tensor_has_only (item->tree, tensor, budget))
    add_only (doc, object, item->tree, tensor);
}

static void
add_storage (yyjson_mut_doc *doc, yyjson_mut_val *object, const CkptStorage *storage)
{
  yyjson_mut_obj_add_str (doc, object, "dtype", ckpt_dtype_get_name (storage->dtype));
  yyjson_mut_obj_add_uint (doc, object, "numel", storage->numel);
  json_add_text (doc, object, "device", storage->location);
  json_add_text (doc, object, "storage", storage->key);
  yyjson_mut_obj_add_uint (doc, object, "bytes", storage->n_bytes);
}

static void
add_object (yyjson_mut_doc *doc, yyjson_mut_val *object, const Item *item)
{
  g_autofree char *call = value_dup_call (item->tree, item->node);

  if (call != NULL)
    json_add_text (doc, object, "arguments", call);
}

static void
add_scalar (yyjson_mut_doc *doc, yyjson_mut_val *object, const Item *item)
{
  gsize length;
  guint64 full_length;

  yyjson_mut_obj_add_val (doc, object, "value", scalar_to_json (doc, item->tree, item->node));
  if (!kind_has_text (item->kind))
    return;

  ckpt_tree_peek_text (item->tree, item->node, &length, &full_length);
  yyjson_mut_obj_add_uint (doc, object, "length", full_length);
  if (length < full_length)
    yyjson_mut_obj_add_bool (doc, object, "truncated", true);
}

static void
add_value (yyjson_mut_doc *doc, yyjson_mut_val *object, const Item *item, guint64 *budget)
{
  const char *class_name;

  if (item->tensor != NULL)
    {
      add_tensor (doc, object, item, budget);
      return;
    }

  class_name = ckpt_tree_get_class_name (item->tree, item->node);
  if (class_name != NULL)
    json_add_text (doc, object, "class", class_name);
  if (item->same_as != NULL)
    json_add_text (doc, object, "same_as", item->same_as);

  if (item->storage != NULL)
    add_storage (doc, object, item->storage);
  else if (item->kind == CKPT_KIND_OBJECT)
    add_object (doc, object, item);
  else if (kind_is_container (item->kind))
    yyjson_mut_obj_add_uint (doc, object, "length", ckpt_tree_get_n_children (item->tree, item->node));
  else
    add_scalar (doc, object, item);
}

/**
 * text_to_json:
 * @kind: of a str, or of bytes, which become a text that reads `b"..."`
 * @text: (array length=length): text or bytes of a file
 *
 * Returns: (transfer none): a string of @doc
 */
yyjson_mut_val *
text_to_json (yyjson_mut_doc *doc, CkptKind kind, const char *text, gsize length)
{
  g_autofree char *quoted = NULL;

  if (kind == CKPT_KIND_STRING)
    return json_text (doc, text, length);

  quoted = ckpt_text_quote_bytes (text, length);
  return yyjson_mut_strcpy (doc, quoted);
}

/**
 * item_to_json:
 * @budget: (inout): bytes that may still be read to show tensors of one element
 *
 * Describes a value with the field names that docs/json.md lists.
 *
 * Returns: (transfer none): an object of @doc
 */
yyjson_mut_val *
item_to_json (yyjson_mut_doc *doc, const Item *item, guint64 *budget)
{
  yyjson_mut_val *object = yyjson_mut_obj (doc);

  json_add_text (doc, object, "path", item->text);
  yyjson_mut_obj_add_val (doc, object, "keys", path_to_json (doc, item));
  yyjson_mut_obj_add_str (doc, object, "kind", ckpt_kind_get_name (item->kind));
  add_value (doc, object, item, budget);
  return object;
}
