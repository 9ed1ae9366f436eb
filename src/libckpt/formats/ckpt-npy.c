/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-npy.h"

#include "io/ckpt-error.h"
#include "model/ckpt-values.h"

#include <glib/gi18n-lib.h>

#define BLOCK (128 << 10) /* elements */

/* numpy/lib/format.py: the header ends at a multiple of this, so that the data can be mapped. */
#define ALIGNMENT 64

typedef enum
{
  AS_STORED,
  AS_BOOL,    /* any byte but 0 is 1 */
  AS_FLOAT32, /* the doubles that the library gives */
  AS_COMPLEX64,
  AS_NOTHING,
} Conversion;

/**
 * Layout:
 * @type: type and size as NumPy writes them, without the byte order
 * @item_size: bytes of an element in the file
 * @name: NumPy's name, where it is not the tensor's own type
 */
typedef struct
{
  Conversion conversion;
  char type[4];
  guint8 item_size;
  const char *name;
} Layout;

static Layout
get_layout (CkptDtype dtype)
{
  static const char types[] = {
    [CKPT_CLASS_FLOAT] = 'f',     [CKPT_CLASS_COMPLEX] = 'c', [CKPT_CLASS_SIGNED] = 'i',
    [CKPT_CLASS_UNSIGNED] = 'u',  [CKPT_CLASS_BOOL] = 'b',    [CKPT_CLASS_BITS] = 'u',
    [CKPT_CLASS_QUANTIZED] = 'f', [CKPT_CLASS_UNKNOWN] = 'u',
  };
  const CkptDtypeInfo *info = ckpt_dtype_get_info (dtype);
  Layout layout = { AS_STORED, "", info->item_size, NULL };

  if (info->dtype_class == CKPT_CLASS_UNKNOWN)
    layout.conversion = AS_NOTHING;
  else if (info->dtype_class == CKPT_CLASS_BOOL)
    layout.conversion = AS_BOOL;
  else if (dtype == CKPT_DTYPE_COMPLEX32)
    layout = (Layout) { AS_COMPLEX64, "", 8, "complex64" };
  else if (dtype == CKPT_DTYPE_FLOAT4_E2M1FN_X2)
    layout = (Layout) { AS_STORED, "u1", 1, "uint8" };
  else if (info->dtype_class == CKPT_CLASS_BITS)
    layout.name = info->item_size == 1 ? "uint8" : "uint16";
  else if (info->dtype_class == CKPT_CLASS_QUANTIZED || dtype == CKPT_DTYPE_BFLOAT16 ||
           (info->dtype_class == CKPT_CLASS_FLOAT && info->item_size == 1))
    layout = (Layout) { AS_FLOAT32, "", 4, "float32" };

  if (layout.type[0] == '\0')
    g_snprintf (layout.type, sizeof layout.type, "%c%u", types[info->dtype_class], layout.item_size);
  return layout;
}

/**
 * ckpt_npy_get_substitute:
 * @dtype: a type of elements
 *
 * Returns: (nullable): the type that NumPy gets instead of one that it does not have; NULL if it has it
 */
const char *
ckpt_npy_get_substitute (CkptDtype dtype)
{
  return get_layout (dtype).name;
}

/* numpy/lib/format.py, version 1.0: magic, version, a 16-bit length, a Python dict, spaces, a newline. */
static gboolean
write_header (const CkptSink *sink, const CkptTensor *tensor, const Layout *layout, GError **error)
{
  const char *order = G_BYTE_ORDER == G_BIG_ENDIAN ? ">" : "<";
  g_autoptr (GString) header = g_string_new (NULL);
  guint8 prefix[10] = { 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0 };

  g_string_append_printf (header, "{'descr': '%s%s', 'fortran_order': False, 'shape': (",
                          layout->item_size == 1 ? "|" : order, layout->type);
  for (guint32 i = 0; i < tensor->n_dims; i++)
    g_string_append_printf (header, "%s%" G_GINT64_FORMAT, i > 0 ? ", " : "", tensor->shape[i]);
  g_string_append (header, tensor->n_dims == 1 ? ",), }" : "), }");
  while ((sizeof prefix + header->len + 1) % ALIGNMENT != 0)
    g_string_append_c (header, ' ');
  g_string_append_c (header, '\n');

  prefix[8] = header->len & 0xff;
  prefix[9] = header->len >> 8;
  return sink->write (sink->data, prefix, sizeof prefix, error) &&
         sink->write (sink->data, header->str, header->len, error);
}

/* Reads @n elements, and leaves them in @items as NumPy takes them. */
static gboolean
read_block (CkptTree *tree,
            const CkptTensor *tensor,
            Conversion conversion,
            guint64 first,
            gsize n,
            gpointer items,
            double *doubles,
            GError **error)
{
  float *floats = items;
  guint8 *bytes = items;
  gsize n_floats = conversion == AS_COMPLEX64 ? 2 * n : n;

  if (conversion == AS_FLOAT32)
    {
      if (!ckpt_tensor_read_doubles (tree, tensor, first, n, doubles, error))
        return FALSE;
    }
  else if (!ckpt_tensor_read (tree, tensor, first, n, items, error))
    return FALSE;

  if (conversion == AS_COMPLEX64)
    ckpt_dtype_to_complex (tensor->dtype, items, n, doubles);
  if (conversion == AS_FLOAT32 || conversion == AS_COMPLEX64)
    for (gsize i = 0; i < n_floats; i++)
      floats[i] = (float) doubles[i];
  if (conversion == AS_BOOL)
    for (gsize i = 0; i < n; i++)
      bytes[i] = bytes[i] != 0;
  return TRUE;
}

/**
 * ckpt_npy_write:
 * @tree: a tree
 * @tensor: a tensor of it whose values can be read, or a part of one
 * @sink: where the file goes
 * @cancellable: (nullable): to stop
 * @error: return location for an error
 *
 * Writes all elements as a file of NumPy's, in row-major order. See ckpt_npy_get_substitute() for types that NumPy lacks.
 *
 * Returns: %FALSE with %CKPT_ERROR_UNSUPPORTED if NumPy has nothing for the type, the errors of ckpt_tensor_read(), those of the sink,
 *   or %G_IO_ERROR_CANCELLED
 */
gboolean
ckpt_npy_write (CkptTree *tree,
                const CkptTensor *tensor,
                const CkptSink *sink,
                GCancellable *cancellable,
                GError **error)
{
  Layout layout = get_layout (tensor->dtype);
  gsize block = MIN (tensor->numel, BLOCK);
  g_autofree guint8 *items = g_malloc (MAX (block, 1) * 16);
  g_autofree double *doubles = g_new (double, 2 * MAX (block, 1));

  if (layout.conversion == AS_NOTHING)
    return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "no-npy",
                           _ ("NumPy has nothing for the type of this tensor."));

  if (!write_header (sink, tensor, &layout, error))
    return FALSE;
  for (guint64 first = 0; first < tensor->numel; first += block)
    {
      gsize n = MIN (tensor->numel - first, block);

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !read_block (tree, tensor, layout.conversion, first, n, items, doubles, error) ||
          !sink->write (sink->data, items, n * layout.item_size, error))
        return FALSE;
    }
  return TRUE;
}
