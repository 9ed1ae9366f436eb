/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "model/ckpt-values-private.h"

#include "io/ckpt-limits.h"
#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* An expanded view can claim far more than is in the file. */
#define MAX_REPEATED ((guint64) 1 << 30)

typedef struct
{
  CkptTree *tree;
  guint storage;
} StorageBytes;

static const char *
describe_layout (const CkptTensor *tensor)
{
  switch (tensor->layout)
    {
    case CKPT_LAYOUT_STRIDED:
      return NULL;
    case CKPT_LAYOUT_NESTED:
    case CKPT_LAYOUT_JAGGED:
      return _ ("It is a nested tensor: its values are in the tensors that it is made of.");
    case CKPT_LAYOUT_UNKNOWN:
      return _ ("How its values are laid out is not known.");
    default:
      return _ ("It is sparse: its values and indices are in the tensors that it is made of.");
    }
}

static const char *
describe_storage (const CkptStorage *storage)
{
  if (storage->bytes != CKPT_BYTES_RECORD || storage->record != CKPT_NO_RECORD)
    return NULL;
  if (storage->n_bytes_present > 0)
    return _ ("What its bytes mean is in doubt: see the warnings of the file.");
  return _ ("Its values are not in the file.");
}

/**
 * ckpt_tensor_get_unreadable:
 * @tree: the tree
 * @tensor: a tensor of it
 *
 * That part of the bytes is missing from the file is not told here: what is there can be read.
 *
 * Returns: (transfer none) (nullable): why the values cannot be read, a sentence; %NULL if they can
 */
const char *
ckpt_tensor_get_unreadable (CkptTree *tree, const CkptTensor *tensor)
{
  g_return_val_if_fail (tree != NULL && tensor != NULL, NULL);

  if (tensor->flags & CKPT_TENSOR_BROKEN)
    return tensor->problem != NULL ? tensor->problem : _ ("Its description makes no sense.");
  if (tensor->flags & CKPT_TENSOR_META)
    return _ ("It is on the device “meta”: it has a shape but no values.");
  if (tensor->layout != CKPT_LAYOUT_STRIDED)
    return describe_layout (tensor);
  if (ckpt_dtype_get_info (tensor->dtype)->item_size == 0)
    return _ ("The type of its elements is not known.");
  if (tensor->n_dims > CKPT_LIMIT_DIMENSIONS)
    return _ ("It has more dimensions than can be shown.");
  if (tensor->numel == 0)
    return NULL;
  if (tensor->storage == CKPT_NO_STORAGE)
    return _ ("Its values, if it has any, are in the tensors that it is made of.");
  return describe_storage (ckpt_tree_get_storage (tree, tensor->storage));
}

/**
 * ckpt_tensor_check_readable:
 * @tree: the tree
 * @tensor: a tensor of it
 * @error: return location for what ckpt_tensor_get_unreadable() says, as %CKPT_ERROR_UNSUPPORTED
 *
 * Returns: whether the values can be read
 */
gboolean
ckpt_tensor_check_readable (CkptTree *tree, const CkptTensor *tensor, GError **error)
{
  const char *reason = ckpt_tensor_get_unreadable (tree, tensor);

  if (reason == NULL)
    return TRUE;
  return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "tensor-unreadable", "%s", reason);
}

/**
 * ckpt_tensor_check_repetition:
 * @tree: the tree
 * @tensor: a tensor of it, or a part of one
 * @error: return location for %CKPT_ERROR_LIMIT
 *
 * To be asked before all elements are written somewhere.
 *
 * Returns: %FALSE if they would come to far more than is in the file
 */
gboolean
ckpt_tensor_check_repetition (CkptTree *tree, const CkptTensor *tensor, GError **error)
{
  g_autofree char *claimed = NULL;

  g_return_val_if_fail (tree != NULL && tensor != NULL, FALSE);

  if (tensor->n_bytes <= MAX_REPEATED || tensor->storage == CKPT_NO_STORAGE ||
      tensor->n_bytes <= ckpt_tree_get_storage (tree, tensor->storage)->n_bytes)
    return TRUE;

  claimed = ckpt_text_bytes (tensor->n_bytes);
  return ckpt_error_set (error, CKPT_ERROR_LIMIT, "tensor-repeats",
                         _ ("The tensor repeats a few values, and would become %s when written out."),
                         claimed);
}

/**
 * ckpt_tensor_get_geometry:
 * @tensor: a readable tensor
 * @geometry: (out): where its elements are
 * @error: return location for %CKPT_ERROR_MALFORMED
 *
 * Returns: whether its shape and strides make sense
 */
gboolean
ckpt_tensor_get_geometry (const CkptTensor *tensor, CkptGeometry *geometry, GError **error)
{
  if (ckpt_geometry_init (geometry, tensor->n_dims, tensor->shape, tensor->stride, tensor->offset))
    return TRUE;
  return ckpt_error_set (error, CKPT_ERROR_MALFORMED, "tensor-out-of-bounds",
                         _ ("The shape and strides of the tensor make no sense."));
}

static gboolean
read_storage (gpointer data, guint64 offset, gpointer buffer, gsize length, GError **error)
{
  StorageBytes *bytes = data;

  return ckpt_tree_read_storage (bytes->tree, bytes->storage, offset, buffer, length, error);
}

/**
 * ckpt_tensor_open:
 * @tree: the tree; must live as long as the result
 * @tensor: a readable tensor of it
 * @geometry: where the elements are
 *
 * Bytes are swapped by the size of the tensor's elements, which is also right where the storage is an untyped one.
 *
 * Returns: (transfer full): its elements
 */
CkptElements *
ckpt_tensor_open (CkptTree *tree, const CkptTensor *tensor, const CkptGeometry *geometry)
{
  StorageBytes *bytes = g_new0 (StorageBytes, 1);
  gboolean is_swapped = FALSE;

  bytes->tree = tree;
  bytes->storage = tensor->storage;
  if (tensor->storage != CKPT_NO_STORAGE)
    is_swapped = ckpt_tree_get_storage (tree, tensor->storage)->is_big_endian !=
                 (G_BYTE_ORDER == G_BIG_ENDIAN);
  return ckpt_elements_new (geometry,
                            ckpt_window_new (tensor->dtype, is_swapped, read_storage, bytes, g_free));
}

/* Negates, by their sign bits, @n numbers of @size bytes that are @step bytes apart. */
static void
flip_signs (guint8 *numbers, gsize n, guint size, guint step)
{
  guint top = G_BYTE_ORDER == G_LITTLE_ENDIAN ? size - 1 : 0;

  for (gsize i = 0; i < n; i++)
    numbers[i * step + top] ^= 0x80;
}

#define DEFINE_NEGATE(bits)                                      \
  static void negate_##bits (guint8 *bytes, gsize n)             \
  {                                                              \
    for (gsize i = 0; i < n; i++)                                \
      {                                                          \
        guint##bits value;                                       \
        memcpy (&value, bytes + i * sizeof value, sizeof value); \
        value = (guint##bits) (0 - value);                       \
        memcpy (bytes + i * sizeof value, &value, sizeof value); \
      }                                                          \
  }

DEFINE_NEGATE (8)
DEFINE_NEGATE (16)
DEFINE_NEGATE (32)
DEFINE_NEGATE (64)

static void
negate_ints (guint8 *items, gsize n, guint size)
{
  switch (size)
    {
    case 1:
      negate_8 (items, n);
      break;
    case 2:
      negate_16 (items, n);
      break;
    case 4:
      negate_32 (items, n);
      break;
    default:
      negate_64 (items, n);
      break;
    }
}

static void
negate (guint8 *items, gsize n, const CkptDtypeInfo *info)
{
  switch (info->dtype_class)
    {
    case CKPT_CLASS_FLOAT:
      flip_signs (items, n, info->item_size, info->item_size);
      break;
    case CKPT_CLASS_COMPLEX:
      flip_signs (items, 2 * n, info->swap_size, info->swap_size);
      break;
    case CKPT_CLASS_SIGNED:
    case CKPT_CLASS_UNSIGNED:
      negate_ints (items, n, info->item_size);
      break;
    default: /* PyTorch sets no negative bit on others */
      break;
    }
}

/**
 * ckpt_tensor_finish_items:
 * @tensor: a tensor
 * @items: (inout): elements as they are stored, in host order and unpacked
 * @n: how many
 *
 * Makes them what the tensor says: applies its conj and neg bits, and turns bools into 0 and 1.
 */
void
ckpt_tensor_finish_items (const CkptTensor *tensor, guint8 *items, gsize n)
{
  const CkptDtypeInfo *info = ckpt_dtype_get_info (tensor->dtype);

  if (info->dtype_class == CKPT_CLASS_BOOL)
    for (gsize i = 0; i < n; i++)
      items[i] = items[i] != 0;
  if (tensor->flags & CKPT_TENSOR_CONJ && info->dtype_class == CKPT_CLASS_COMPLEX)
    flip_signs (items + info->swap_size, n, info->swap_size, info->item_size);
  if (tensor->flags & CKPT_TENSOR_NEG)
    negate (items, n, info);
}

static gboolean
is_range (const CkptTensor *tensor, guint64 first, guint64 n)
{
  return first <= tensor->numel && n <= tensor->numel - first;
}

static CkptElements *
open_checked (CkptTree *tree, const CkptTensor *tensor, GError **error)
{
  CkptGeometry geometry;

  if (!ckpt_tensor_check_readable (tree, tensor, error) ||
      !ckpt_tensor_get_geometry (tensor, &geometry, error))
    return NULL;
  return ckpt_tensor_open (tree, tensor, &geometry);
}

/**
 * ckpt_tensor_read:
 * @tree: the tree
 * @tensor: a tensor of it
 * @first: number of an element, in row-major order
 * @n: how many; all must be elements of @tensor
 * @items: (out caller-allocates): item_size bytes for each, in host order
 * @error: return location for an error
 *
 * Packed elements take a byte each, quantized ones are as stored, those of bool are 0 or 1, and the conj and neg bits have been
 * applied. At most 256 KiB are held besides @items. May be called on any thread.
 *
 * Returns: %FALSE with %CKPT_ERROR_UNSUPPORTED where ckpt_tensor_get_unreadable() says why, %CKPT_ERROR_TRUNCATED where the
 *   bytes are not all in the file, or an error of reading the file; @items are then undefined
 */
gboolean
ckpt_tensor_read (CkptTree *tree,
                  const CkptTensor *tensor,
                  guint64 first,
                  gsize n,
                  gpointer items,
                  GError **error)
{
  g_autoptr (CkptElements) elements = NULL;

  g_return_val_if_fail (tree != NULL && tensor != NULL && items != NULL && is_range (tensor, first, n),
                        FALSE);

  elements = open_checked (tree, tensor, error);
  if (elements == NULL)
    return FALSE;
  if (n > 0 && !ckpt_elements_read (elements, first, n, items, error))
    return FALSE;
  ckpt_tensor_finish_items (tensor, items, n);
  return TRUE;
}

/**
 * ckpt_tensor_read_doubles:
 * @tree: the tree
 * @tensor: a tensor of it
 * @first: number of an element, in row-major order
 * @n: how many; all must be elements of @tensor
 * @values: (out caller-allocates) (array length=n): their values
 * @error: return location for an error
 *
 * As ckpt_tensor_read() and ckpt_dtype_to_doubles(), but a quantized element gives the real number that it stands for. Ints of
 * 64 bits may be rounded. At most 8 MiB are held besides @values.
 *
 * Returns: %FALSE with the errors of ckpt_tensor_read(); @values are then undefined
 */
gboolean
ckpt_tensor_read_doubles (CkptTree *tree,
                          const CkptTensor *tensor,
                          guint64 first,
                          gsize n,
                          double *values,
                          GError **error)
{
  g_autoptr (CkptElements) elements = NULL;
  g_autofree guint8 *items = NULL;
  gsize n_block, item_size;

  g_return_val_if_fail (tree != NULL && tensor != NULL && values != NULL && is_range (tensor, first, n),
                        FALSE);

  elements = open_checked (tree, tensor, error);
  if (elements == NULL)
    return FALSE;
  /* In large parts, since each costs a pass over the storage of a transposed tensor. */
  item_size = ckpt_dtype_get_info (tensor->dtype)->item_size;
  n_block = MIN (n, CKPT_LIMIT_BLOCK / item_size);
  items = g_malloc (n_block * item_size);
  for (gsize done = 0; done < n; done += n_block)
    {
      gsize n_now = MIN (n_block, n - done);

      if (!ckpt_elements_read (elements, first + done, n_now, items, error))
        return FALSE;
      ckpt_tensor_finish_items (tensor, items, n_now);
      ckpt_dtype_to_doubles (tensor->dtype, items, n_now, values + done);
    }
  return tensor->quantizer == NULL || ckpt_tensor_dequantize (tree, tensor, first, n, values, error);
}

/**
 * ckpt_tensor_item_to_string:
 * @tree: the tree
 * @tensor: a tensor of it
 * @element: number of an element, in row-major order
 * @error: return location for an error
 *
 * As ckpt_dtype_item_to_string(), but a quantized element gives the real number that it stands for, as the float32 that
 * PyTorch makes of it.
 *
 * Returns: (transfer full): the element as text, the same in every locale; %NULL with the errors of ckpt_tensor_read()
 */
char *
ckpt_tensor_item_to_string (CkptTree *tree, const CkptTensor *tensor, guint64 element, GError **error)
{
  guint64 item[2];
  double value;
  float real;

  g_return_val_if_fail (tree != NULL && tensor != NULL && is_range (tensor, element, 1), NULL);

  if (tensor->quantizer != NULL)
    {
      if (!ckpt_tensor_read_doubles (tree, tensor, element, 1, &value, error))
        return NULL;
      real = (float) value;
      return ckpt_dtype_item_to_string (CKPT_DTYPE_FLOAT32, &real);
    }
  if (!ckpt_tensor_read (tree, tensor, element, 1, item, error))
    return NULL;
  return ckpt_dtype_item_to_string (tensor->dtype, item);
}

/**
 * ckpt_tensor_shape_to_string:
 * @tensor: a tensor
 *
 * Returns: (transfer full): its shape for a person: "3×224×224", or "scalar" if it has no dimensions
 */
char *
ckpt_tensor_shape_to_string (const CkptTensor *tensor)
{
  GString *text;

  g_return_val_if_fail (tensor != NULL, NULL);

  if (tensor->n_dims == 0)
    return g_strdup (_ ("scalar"));
  text = g_string_new (NULL);
  for (guint i = 0; i < tensor->n_dims; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? "×" : "", tensor->shape[i]);
  return g_string_free_and_steal (text);
}
