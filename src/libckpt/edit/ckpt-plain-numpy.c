/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-plain.h"

#include "model/ckpt-dtype.h"
#include "model/ckpt-tree-data.h"

#include <string.h>

/* Elements of an array that are written one by one. */
#define MAX_ELEMENTS   1000000
#define MAX_DIMENSIONS 64
#define MAX_ITEM_SIZE  (1 << 16)

typedef struct
{
  const char *code;
  CkptDtype dtype;
} Code;

static const Code codes[] = {
  { "f8", CKPT_DTYPE_FLOAT64 },   { "f4", CKPT_DTYPE_FLOAT32 },     { "f2", CKPT_DTYPE_FLOAT16 },
  { "i8", CKPT_DTYPE_INT64 },     { "i4", CKPT_DTYPE_INT32 },       { "i2", CKPT_DTYPE_INT16 },
  { "i1", CKPT_DTYPE_INT8 },      { "u8", CKPT_DTYPE_UINT64 },      { "u4", CKPT_DTYPE_UINT32 },
  { "u2", CKPT_DTYPE_UINT16 },    { "u1", CKPT_DTYPE_UINT8 },       { "b1", CKPT_DTYPE_BOOL },
  { "c8", CKPT_DTYPE_COMPLEX64 }, { "c16", CKPT_DTYPE_COMPLEX128 },
};

/**
 * Element:
 * @dtype: its type, or unknown: then it is text or bytes
 * @is_text: whether it is text, of UCS-4 characters
 * @size: bytes of one
 * @is_big_endian: whether its bytes are reversed
 *
 * What numpy.dtype() says.
 */
typedef struct
{
  CkptDtype dtype;
  gboolean is_text;
  gsize size;
  gboolean is_big_endian;
} Element;

static gboolean
is_text (CkptTree *tree, CkptNodeId node, const char *text)
{
  gsize length;

  return g_strcmp0 (ckpt_tree_peek_whole_text (tree, node, &length), text) == 0;
}

/* dtype("f8", False, True) with the state (3, "<", ...). */
static gboolean
read_dtype (CkptDraft *draft, CkptNodeId node, Element *element)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  CkptNodes *nodes = ckpt_draft_get_nodes (draft);
  const char *code;
  CkptNodeId state;
  gsize length;

  if (node == CKPT_NO_NODE || ckpt_nodes_get_kind (nodes, node) != CKPT_KIND_OBJECT)
    return FALSE;
  code = ckpt_tree_peek_whole_text (tree, ckpt_plain_get_argument (draft, node, 0), &length);
  if (code == NULL)
    return FALSE;

  *element = (Element) { .dtype = CKPT_DTYPE_UNKNOWN };
  state = ckpt_nodes_get_slot (nodes, node, CKPT_SLOT_STATE);
  element->is_big_endian = state != CKPT_NO_NODE && ckpt_nodes_get_kind (nodes, state) == CKPT_KIND_TUPLE &&
                           ckpt_nodes_get_length (nodes, state) > 1 &&
                           is_text (tree, ckpt_nodes_get_child (nodes, state, 1), ">");
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (strcmp (code, codes[i].code) == 0)
      {
        element->dtype = codes[i].dtype;
        element->size = ckpt_dtype_get_info (element->dtype)->item_size;
        return TRUE;
      }

  if (code[0] != 'U' && code[0] != 'S')
    return FALSE;
  element->is_text = code[0] == 'U';
  element->size = g_ascii_strtoull (code + 1, NULL, 10) * (element->is_text ? 4 : 1);
  return element->size <= MAX_ITEM_SIZE;
}

/* Trailing NULs are padding. */
static CkptNodeId
make_text (CkptDraft *draft, const Element *element, const guint8 *bytes, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize size = element->size;

  if (!element->is_text)
    {
      while (size > 0 && bytes[size - 1] == '\0')
        size--;
      return size > 0 ? ckpt_draft_add_bytes (draft, bytes, size, error)
                      : ckpt_draft_add_string (draft, "", 0, error);
    }

  for (gsize i = 0; i + 4 <= size; i += 4)
    {
      guint32 character;

      memcpy (&character, bytes + i, 4);
      character = element->is_big_endian ? GUINT32_FROM_BE (character) : GUINT32_FROM_LE (character);
      if (character == 0)
        break;
      g_string_append_unichar (text, g_unichar_validate (character) ? character : 0xfffd);
    }
  return ckpt_draft_add_string (draft, text->str, text->len, error);
}

/* The bytes of one number, least significant first; each half of a complex one by itself. */
static void
take_little_endian (const Element *element, const guint8 *bytes, guint8 *item)
{
  gsize part = element->dtype == CKPT_DTYPE_COMPLEX64 || element->dtype == CKPT_DTYPE_COMPLEX128
                   ? element->size / 2
                   : element->size;

  memcpy (item, bytes, element->size);
  for (gsize start = 0; element->is_big_endian && start < element->size; start += part)
    for (gsize i = 0; i < part; i++)
      item[start + i] = bytes[start + part - 1 - i];
}

static CkptNodeId
make_complex (CkptDraft *draft, CkptDtype dtype, const guint8 *item, GError **error)
{
  CkptNodeId args[2];
  double parts[2];

  ckpt_dtype_to_complex (dtype, item, 1, parts);
  for (guint i = 0; i < 2; i++)
    {
      args[i] = ckpt_draft_add_float (draft, parts[i], error);
      if (args[i] == CKPT_NO_NODE)
        return CKPT_NO_NODE;
    }
  return ckpt_draft_add_call (draft, ckpt_draft_add_global (draft, "__builtin__", "complex", error),
                              ckpt_draft_add_tuple (draft, args, 2, error), error);
}

static CkptNodeId
make_int (CkptDraft *draft, CkptDtype dtype, const guint8 *item, gsize size, GError **error)
{
  gboolean is_signed = dtype == CKPT_DTYPE_INT8 || dtype == CKPT_DTYPE_INT16 || dtype == CKPT_DTYPE_INT32 ||
                       dtype == CKPT_DTYPE_INT64;
  guint64 value = is_signed && (item[size - 1] & 0x80) ? G_MAXUINT64 : 0;

  for (gsize i = size; i > 0; i--)
    value = value << 8 | item[i - 1];
  if (!is_signed && value > G_MAXINT64) /* beyond what fits a node: nearly the same number */
    return ckpt_draft_add_float (draft, value, error);
  return ckpt_draft_add_int (draft, (gint64) value, error);
}

static CkptNodeId
make_element (CkptDraft *draft, const Element *element, const guint8 *bytes, GError **error)
{
  guint8 item[16];
  double number;

  if (element->dtype == CKPT_DTYPE_UNKNOWN)
    return make_text (draft, element, bytes, error);

  take_little_endian (element, bytes, item);
  switch ((int) element->dtype)
    {
    case CKPT_DTYPE_BOOL:
      return ckpt_draft_add_bool (draft, item[0] != 0, error);
    case CKPT_DTYPE_COMPLEX64:
    case CKPT_DTYPE_COMPLEX128:
      return make_complex (draft, element->dtype, item, error);
    case CKPT_DTYPE_FLOAT16:
    case CKPT_DTYPE_FLOAT32:
    case CKPT_DTYPE_FLOAT64:
      ckpt_dtype_to_doubles (element->dtype, item, 1, &number);
      return ckpt_draft_add_float (draft, number, error);
    default:
      return make_int (draft, element->dtype, item, element->size, error);
    }
}

/**
 * ckpt_plain_make_scalar:
 * @draft: a draft
 * @object: a call `scalar(dtype, bytes)` of NumPy
 * @error: return location
 *
 * Returns: the number or text; %CKPT_NO_NODE if it is none, or with %CKPT_ERROR_LIMIT
 */
CkptNodeId
ckpt_plain_make_scalar (CkptDraft *draft, CkptNodeId object, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  CkptNodeId value = ckpt_plain_get_argument (draft, object, 1);
  Element element;
  const char *bytes;
  gsize length;

  if (value == CKPT_NO_NODE || ckpt_tree_get_kind (tree, value) != CKPT_KIND_BYTES ||
      !read_dtype (draft, ckpt_plain_get_argument (draft, object, 0), &element))
    return CKPT_NO_NODE;

  bytes = ckpt_tree_peek_text (tree, value, &length, NULL);
  return length == element.size ? make_element (draft, &element, (const guint8 *) bytes, error)
                                : CKPT_NO_NODE;
}

/**
 * Array:
 * @n_dims: dimensions
 * @shape: elements along each
 * @is_fortran: whether the first dimension is the innermost
 * @n: product of @shape
 *
 * An array that is made a list of lists.
 */
typedef struct
{
  Element element;
  guint32 n_dims;
  guint64 shape[MAX_DIMENSIONS];
  gboolean is_fortran;
  guint64 n;
} Array;

static gboolean
read_shape (CkptDraft *draft, CkptNodeId node, Array *array)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  guint32 n = ckpt_tree_get_kind (tree, node) == CKPT_KIND_TUPLE ? ckpt_tree_get_n_children (tree, node)
                                                                 : MAX_DIMENSIONS + 1;

  guint64 n_lists = 1; /* an empty array can have any number of empty lists */

  if (n > MAX_DIMENSIONS)
    return FALSE;

  array->n_dims = n;
  array->n = 1;
  for (guint32 i = 0; i < n; i++)
    {
      CkptChild child;
      gint64 size;

      ckpt_tree_get_child (tree, node, i, &child);
      if (ckpt_tree_get_kind (tree, child.node) != CKPT_KIND_INT ||
          !ckpt_tree_get_int (tree, child.node, &size) || size < 0 ||
          __builtin_mul_overflow (array->n, (guint64) size, &array->n) ||
          __builtin_mul_overflow (n_lists, (guint64) MAX (size, 1), &n_lists) || n_lists > MAX_ELEMENTS)
        return FALSE;
      array->shape[i] = size;
    }
  return TRUE;
}

/* The place in memory of element @index, counted with the last dimension as the innermost. */
static guint64
find_place (const Array *array, guint64 index)
{
  guint64 place = 0, stride = 1, rest = index, below = array->n;

  if (!array->is_fortran)
    return index;
  for (guint32 i = 0; i < array->n_dims; i++)
    {
      below /= array->shape[i];
      place += rest / below * stride;
      rest %= below;
      stride *= array->shape[i];
    }
  return place;
}

/* Groups values by the innermost dimension, again and again. */
static CkptNodeId
nest (CkptDraft *draft, const Array *array, GArray *values, GError **error)
{
  for (guint32 dim = array->n_dims; dim > 0; dim--)
    {
      g_autoptr (GArray) lists = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
      guint64 size = array->shape[dim - 1], n_lists = 1;

      for (guint32 i = 0; i + 1 < dim; i++)
        n_lists *= array->shape[i];
      for (guint64 i = 0; i < n_lists; i++)
        {
          CkptNodeId list = ckpt_draft_add_list (
              draft, (const CkptNodeId *) (gpointer) values->data + i * size, size, error);

          if (list == CKPT_NO_NODE)
            return CKPT_NO_NODE;
          g_array_append_val (lists, list);
        }
      g_array_set_size (values, 0);
      g_array_append_vals (values, lists->data, lists->len);
    }
  return g_array_index (values, CkptNodeId, 0);
}

static CkptNodeId
make_of_bytes (CkptDraft *draft, const Array *array, CkptNodeId data, GError **error)
{
  g_autoptr (GBytes) bytes = ckpt_tree_dup_text (ckpt_draft_get_tree (draft), data, error);
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  const guint8 *items;
  gsize length;

  if (bytes == NULL)
    return CKPT_NO_NODE;
  items = g_bytes_get_data (bytes, &length);
  if (length != array->n * array->element.size)
    return CKPT_NO_NODE;

  for (guint64 i = 0; i < array->n; i++)
    {
      CkptNodeId value = make_element (draft, &array->element,
                                       items + find_place (array, i) * array->element.size, error);

      if (value == CKPT_NO_NODE)
        return CKPT_NO_NODE;
      g_array_append_val (values, value);
    }
  return nest (draft, array, values, error);
}

/* An array of objects has them in a list, in the order of memory. */
static CkptNodeId
make_of_objects (CkptDraft *draft, const Array *array, CkptNodeId data, GError **error)
{
  CkptNodes *nodes = ckpt_draft_get_nodes (draft);
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));

  if (ckpt_nodes_get_length (nodes, data) != array->n)
    return CKPT_NO_NODE;
  for (guint64 i = 0; i < array->n; i++)
    {
      CkptNodeId value = ckpt_nodes_get_child (nodes, data, find_place (array, i));

      g_array_append_val (values, value);
    }
  return nest (draft, array, values, error);
}

/**
 * ckpt_plain_make_array:
 * @draft: a draft
 * @object: an array of NumPy: a call with the state (1, shape, dtype, is_fortran, bytes or list)
 * @error: return location
 *
 * Returns: lists of its values; %CKPT_NO_NODE if it has too many or is of another form, or with %CKPT_ERROR_LIMIT
 */
CkptNodeId
ckpt_plain_make_array (CkptDraft *draft, CkptNodeId object, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  CkptNodes *nodes = ckpt_draft_get_nodes (draft);
  CkptNodeId state = ckpt_nodes_get_slot (nodes, object, CKPT_SLOT_STATE);
  CkptNodeId parts[5];
  Array array = { 0 };

  if (state == CKPT_NO_NODE || ckpt_nodes_get_kind (nodes, state) != CKPT_KIND_TUPLE ||
      ckpt_nodes_get_length (nodes, state) != 5)
    return CKPT_NO_NODE;
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    parts[i] = ckpt_nodes_get_child (nodes, state, i);
  if (!read_shape (draft, parts[1], &array))
    return CKPT_NO_NODE;

  array.is_fortran = ckpt_tree_get_kind (tree, parts[3]) == CKPT_KIND_BOOL &&
                     ckpt_tree_get_bool (tree, parts[3]);
  if (ckpt_nodes_get_kind (nodes, parts[4]) == CKPT_KIND_LIST)
    return make_of_objects (draft, &array, parts[4], error);
  if (ckpt_tree_get_kind (tree, parts[4]) != CKPT_KIND_BYTES || !read_dtype (draft, parts[2], &array.element))
    return CKPT_NO_NODE;
  return make_of_bytes (draft, &array, parts[4], error);
}
