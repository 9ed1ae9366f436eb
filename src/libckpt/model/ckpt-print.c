/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "model/ckpt-dtype-float.h"
#include "model/ckpt-number-format.h"
#include "model/ckpt-text.h"
#include "model/ckpt-values-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* PyTorch's print options. */
#define LINE_WIDTH 80
#define THRESHOLD  1000
#define EDGE_ITEMS 3
/* Elements that are printed; PyTorch would print any number if there are dimensions enough. */
#define MAX_SHOWN 100000

/* Which elements of a tensor are printed, and how. */
typedef struct
{
  CkptTree *tree;
  const CkptTensor *tensor;
  gsize edge; /* at each end of a long dimension; 0 if all are shown */
  gsize n_shown;

  GPtrArray *texts; /* of ints and the like */
  double *values;   /* of floats; of complex numbers, pairs */
  gsize n_read;
  guint n_parts; /* numbers in @values for an element */
  CkptNumberFormat formats[2];
  guint text_width;

  GString *out;
  guint64 *index; /* of the row, in shown indices */
  gsize next;
  guint indent;
} Printer;

static gboolean
is_cut (const Printer *self, guint dim)
{
  return self->edge > 0 && (guint64) self->tensor->shape[dim] > 2 * self->edge;
}

static guint64
count_shown (const Printer *self, guint dim)
{
  return is_cut (self, dim) ? 2 * self->edge : (guint64) self->tensor->shape[dim];
}

/* The real index of a shown one. */
static guint64
get_position (const Printer *self, guint dim, guint64 shown)
{
  if (is_cut (self, dim) && shown >= self->edge)
    return self->tensor->shape[dim] - 2 * self->edge + shown;
  return shown;
}

static gboolean
count_all_shown (Printer *self)
{
  guint64 n = 1;

  for (guint i = 0; i < self->tensor->n_dims; i++)
    if (__builtin_mul_overflow (n, count_shown (self, i), &n))
      return FALSE;
  self->n_shown = n;
  return n <= MAX_SHOWN;
}

/* Three at each end, or fewer where that would still be too many. */
static gboolean
choose_edge (Printer *self, GError **error)
{
  self->edge = self->tensor->numel > THRESHOLD ? EDGE_ITEMS : 0;
  while (!count_all_shown (self))
    if (self->edge == 0 || --self->edge == 0)
      return ckpt_error_set (
          error, CKPT_ERROR_LIMIT, "tensor-too-large-to-print",
          _ ("The tensor has so many dimensions that even its edges are too much to print."));
  return TRUE;
}

static gboolean
is_printed_as_float (const CkptTensor *tensor)
{
  CkptDtypeClass dtype_class = ckpt_dtype_get_info (tensor->dtype)->dtype_class;

  /* PyTorch shows the bytes of float4 pairs. */
  return (dtype_class == CKPT_CLASS_FLOAT && tensor->dtype != CKPT_DTYPE_FLOAT4_E2M1FN_X2) ||
         tensor->quantizer != NULL;
}

static gboolean
is_complex (const CkptTensor *tensor)
{
  return ckpt_dtype_get_info (tensor->dtype)->dtype_class == CKPT_CLASS_COMPLEX;
}

static void
add_texts (Printer *self, const guint8 *items, gsize n)
{
  CkptDtype dtype = self->tensor->dtype;
  gsize item_size = ckpt_dtype_get_info (dtype)->item_size;

  if (dtype == CKPT_DTYPE_FLOAT4_E2M1FN_X2)
    dtype = CKPT_DTYPE_UINT8;
  for (gsize i = 0; i < n; i++)
    {
      char *text = ckpt_dtype_item_to_string (dtype, items + i * item_size);

      self->text_width = MAX (self->text_width, strlen (text));
      g_ptr_array_add (self->texts, text);
    }
}

static gboolean
read_range (Printer *self, guint64 first, gsize n, GError **error)
{
  const CkptTensor *tensor = self->tensor;
  double *values = self->values != NULL ? self->values + self->n_read * self->n_parts : NULL;
  g_autofree guint8 *items = NULL;

  self->n_read += n;
  if (is_printed_as_float (tensor))
    return ckpt_tensor_read_doubles (self->tree, tensor, first, n, values, error);
  items = g_malloc (n * ckpt_dtype_get_info (tensor->dtype)->item_size);
  if (!ckpt_tensor_read (self->tree, tensor, first, n, items, error))
    return FALSE;
  if (values != NULL)
    ckpt_dtype_to_complex (tensor->dtype, items, n, values);
  else
    add_texts (self, items, n);
  return TRUE;
}

/* Number of the first element of the current row. */
static guint64
get_row_start (const Printer *self)
{
  guint64 start = 0;

  for (guint i = 0; i < self->tensor->n_dims; i++)
    start = start * self->tensor->shape[i] +
            (i + 1 < self->tensor->n_dims ? get_position (self, i, self->index[i]) : 0);
  return start;
}

/* To the next row; gives the dimension whose index went up, or n_dims after the last one. */
static guint
advance (Printer *self)
{
  for (guint i = self->tensor->n_dims - 1; i > 0; i--)
    {
      if (++self->index[i - 1] < count_shown (self, i - 1))
        return i - 1;
      self->index[i - 1] = 0;
    }
  return self->tensor->n_dims;
}

static gboolean
read_rows (Printer *self, GError **error)
{
  guint last = self->tensor->n_dims - 1;
  guint64 size = self->tensor->shape[last];

  do
    {
      guint64 start = get_row_start (self);

      if (is_cut (self, last))
        {
          if (!read_range (self, start, self->edge, error) ||
              !read_range (self, start + size - self->edge, self->edge, error))
            return FALSE;
        }
      else if (!read_range (self, start, size, error))
        return FALSE;
    }
  while (advance (self) < self->tensor->n_dims);
  return TRUE;
}

/* PyTorch dequantizes to float32, whose rounding decides what looks whole. */
static void
round_to_float (double *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    values[i] = (float) values[i];
}

static gboolean
read_shown (Printer *self, GError **error)
{
  const CkptTensor *tensor = self->tensor;

  self->n_parts = is_complex (tensor) ? 2 : 1;
  if (is_complex (tensor) || is_printed_as_float (tensor))
    self->values = g_new (double, self->n_shown * self->n_parts);
  else
    self->texts = g_ptr_array_new_with_free_func (g_free);
  if (self->edge == 0 ? !read_range (self, 0, tensor->numel, error) : !read_rows (self, error))
    return FALSE;
  if (self->values == NULL)
    return TRUE;
  if (tensor->quantizer != NULL)
    round_to_float (self->values, self->n_shown);
  for (guint part = 0; part < self->n_parts; part++)
    ckpt_number_format_init (&self->formats[part], self->values + part, self->n_shown, self->n_parts);
  return TRUE;
}

static void
append_complex (Printer *self, const double *pair)
{
  g_autoptr (GString) imaginary = g_string_new (NULL);

  ckpt_number_format_append (&self->formats[0], self->out, pair[0]);
  ckpt_number_format_append (&self->formats[1], imaginary, pair[1]);
  g_strchug (imaginary->str);
  g_string_append_printf (self->out, "%s%sj", imaginary->str[0] == '-' ? "" : "+", imaginary->str);
}

/* The next of the elements that were read. */
static void
append_element (Printer *self)
{
  gsize i = self->next++;

  if (self->texts != NULL)
    g_string_append_printf (self->out, "%*s", (int) self->text_width, (char *) self->texts->pdata[i]);
  else if (self->n_parts == 2)
    append_complex (self, self->values + 2 * i);
  else
    ckpt_number_format_append (&self->formats[0], self->out, self->values[i]);
}

/* Characters of an element with the comma and space behind it. */
static guint
get_element_width (const Printer *self)
{
  if (self->texts != NULL)
    return self->text_width + 2;
  return self->formats[0].width + 2 + (self->n_parts == 2 ? self->formats[1].width + 1 : 0);
}

static void
append_spaces (GString *out, guint n)
{
  g_string_append_printf (out, "%*s", (int) n, "");
}

static void
append_row (Printer *self)
{
  guint last = self->tensor->n_dims - 1;
  guint indent = self->indent + last;
  guint per_line = indent < LINE_WIDTH ? MAX (1, (LINE_WIDTH - indent) / get_element_width (self)) : 1;
  guint64 n = count_shown (self, last) + is_cut (self, last);

  for (guint64 i = 0; i < n; i++)
    {
      if (i > 0 && i % per_line == 0)
        {
          g_string_append (self->out, ",\n");
          append_spaces (self->out, indent + 1);
        }
      else if (i > 0)
        g_string_append (self->out, ", ");
      if (is_cut (self, last) && i == self->edge)
        g_string_append (self->out, " ...");
      else
        append_element (self);
    }
}

/* What stands between two parts of dimension @dim: the deeper a part, the more lines it is apart. */
static void
append_separator (Printer *self, guint dim)
{
  g_string_append_c (self->out, ',');
  for (guint i = dim + 1; i < self->tensor->n_dims; i++)
    g_string_append_c (self->out, '\n');
  append_spaces (self->out, self->indent + dim + 1);
}

static void
append_brackets (GString *out, char bracket, guint n)
{
  for (guint i = 0; i < n; i++)
    g_string_append_c (out, bracket);
}

static void
append_rows (Printer *self)
{
  guint n_dims = self->tensor->n_dims;
  guint dim;

  append_brackets (self->out, '[', n_dims);
  append_row (self);
  while ((dim = advance (self)) < n_dims)
    {
      append_brackets (self->out, ']', n_dims - 1 - dim);
      append_separator (self, dim);
      if (is_cut (self, dim) && self->index[dim] == self->edge)
        {
          g_string_append (self->out, "...");
          append_separator (self, dim);
        }
      append_brackets (self->out, '[', n_dims - 1 - dim);
      append_row (self);
    }
  append_brackets (self->out, ']', n_dims);
}

static gboolean
append_values (Printer *self, GError **error)
{
  if (self->tensor->numel == 0)
    {
      g_string_append (self->out, "[]");
      return TRUE;
    }
  if (!choose_edge (self, error))
    return FALSE;
  self->index = g_new0 (guint64, self->tensor->n_dims + 1);
  if (!read_shown (self, error))
    return FALSE;
  if (self->tensor->n_dims == 0)
    append_element (self);
  else
    append_rows (self);
  return TRUE;
}

static void
printer_clear (Printer *self)
{
  g_clear_pointer (&self->texts, g_ptr_array_unref);
  g_clear_pointer (&self->values, g_free);
  g_clear_pointer (&self->index, g_free);
}

static void
add_suffix (GPtrArray *suffixes, const char *name, const char *value)
{
  g_ptr_array_add (suffixes, g_strconcat (name, value, NULL));
}

static void
add_size (GPtrArray *suffixes, const CkptTensor *tensor)
{
  g_autoptr (GString) size = g_string_new ("(");

  for (guint i = 0; i < tensor->n_dims; i++)
    g_string_append_printf (size, "%s%" G_GINT64_FORMAT, i > 0 ? ", " : "", tensor->shape[i]);
  g_string_append (size, tensor->n_dims == 1 ? ",)" : ")");
  add_suffix (suffixes, "size=", size->str);
}

static void
add_device (GPtrArray *suffixes, const CkptTensor *tensor)
{
  g_autofree char *device = ckpt_text_escape (tensor->device, strlen (tensor->device), 60);

  if (!g_str_equal (device, "cpu"))
    g_ptr_array_add (suffixes, g_strdup_printf ("device='%s'", device));
}

/* Where the values alone do not tell it. */
static void
add_dtype (GPtrArray *suffixes, const CkptTensor *tensor)
{
  gboolean has_values = tensor->numel > 0 && !(tensor->flags & CKPT_TENSOR_META);

  if (tensor->dtype == CKPT_DTYPE_FLOAT32)
    return;
  if (has_values && (tensor->dtype == CKPT_DTYPE_COMPLEX64 || tensor->dtype == CKPT_DTYPE_INT64 ||
                     tensor->dtype == CKPT_DTYPE_BOOL))
    return;
  add_suffix (suffixes, "dtype=torch.", ckpt_dtype_get_name (tensor->dtype));
}

static gboolean add_quantizer (GPtrArray *suffixes, CkptTree *tree, const CkptTensor *tensor, GError **error);

static gboolean
add_suffixes (GPtrArray *suffixes, CkptTree *tree, const CkptTensor *tensor, GError **error)
{
  add_device (suffixes, tensor);
  if (tensor->quantizer != NULL || tensor->flags & CKPT_TENSOR_META ||
      (tensor->numel == 0 && tensor->n_dims != 1))
    add_size (suffixes, tensor);
  add_dtype (suffixes, tensor);
  if (tensor->quantizer != NULL && !add_quantizer (suffixes, tree, tensor, error))
    return FALSE;
  if (tensor->flags & CKPT_TENSOR_REQUIRES_GRAD)
    add_suffix (suffixes, "requires_grad=True", "");
  return TRUE;
}

/* Appends them behind the values, on the same line while there is room. */
static void
append_suffixes (GString *out, GPtrArray *suffixes, gsize start, guint indent)
{
  const char *line = strrchr (out->str + start, '\n');
  /* PyTorch counts from the newline to one behind the end; where there is none, as if it stood before the text. */
  gsize length = line != NULL ? strlen (line) + 1 : out->len - start + 2;

  for (guint i = 0; i < suffixes->len; i++)
    {
      const char *suffix = suffixes->pdata[i];

      if (length + strlen (suffix) + 2 > LINE_WIDTH)
        {
          g_string_append (out, ",\n");
          append_spaces (out, indent);
          length = indent + strlen (suffix);
        }
      else
        {
          g_string_append (out, ", ");
          length += strlen (suffix) + 2;
        }
      g_string_append (out, suffix);
    }
  g_string_append_c (out, ')');
}

/* "tensor(", or the name of the subclass. */
static void
append_prefix (GString *out, const CkptTensor *tensor)
{
  const char *name = tensor->class_name != NULL ? tensor->class_name : "Tensor";
  const char *dot = strrchr (name, '.');
  g_autofree char *escaped = NULL;

  if (dot != NULL)
    name = dot + 1;
  escaped = ckpt_text_escape (name, strlen (name), 60);
  if (g_str_equal (name, "Tensor") || g_str_equal (name, "Parameter"))
    g_string_append (out, "tensor(");
  else
    g_string_append_printf (out, "%s(", escaped);
}

static char *
print (CkptTree *tree, const CkptTensor *tensor, GError **error)
{
  g_autoptr (GPtrArray) suffixes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString)
      out = g_string_new (tensor->flags & CKPT_TENSOR_PARAMETER ? "Parameter containing:\n" : NULL);
  gsize start = out->len;
  Printer printer = { .tree = tree, .tensor = tensor, .out = out };
  gboolean is_done = TRUE;

  append_prefix (out, tensor);
  printer.indent = (guint) g_utf8_strlen (out->str + start, -1);
  if (tensor->flags & CKPT_TENSOR_META)
    g_string_append (out, "...");
  else
    is_done = append_values (&printer, error);
  printer_clear (&printer);
  if (!is_done || !add_suffixes (suffixes, tree, tensor, error))
    return NULL;
  append_suffixes (out, suffixes, start, printer.indent);
  return g_string_free_and_steal (g_steal_pointer (&out));
}

/* Scales or zero points; a quantized tensor among them could name itself, and is left out. */
static gboolean
add_channels (GPtrArray *suffixes, const char *name, CkptTree *tree, guint32 index, GError **error)
{
  const CkptTensor *tensor = index != CKPT_NO_TENSOR ? ckpt_tree_get_tensor (tree, index) : NULL;
  g_autofree char *text = NULL;

  if (tensor == NULL || tensor->quantizer != NULL)
    return TRUE;
  text = print (tree, tensor, error);
  if (text == NULL)
    return FALSE;
  add_suffix (suffixes, name, text);
  return TRUE;
}

static gboolean
has_float_zero_points (CkptTree *tree, const CkptQuantizer *quantizer)
{
  const CkptTensor *tensor;

  if (quantizer->zero_points == CKPT_NO_TENSOR)
    return FALSE;
  tensor = ckpt_tree_get_tensor (tree, quantizer->zero_points);
  return ckpt_dtype_get_info (tensor->dtype)->dtype_class == CKPT_CLASS_FLOAT;
}

static gboolean
add_quantizer (GPtrArray *suffixes, CkptTree *tree, const CkptTensor *tensor, GError **error)
{
  const CkptQuantizer *quantizer = tensor->quantizer;
  g_autofree char *scale = NULL;

  if (quantizer->scheme == CKPT_QSCHEME_PER_CHANNEL)
    {
      add_suffix (suffixes, "quantization_scheme=torch.per_channel_affine",
                  has_float_zero_points (tree, quantizer) ? "_float_qparams" : "");
      if (!add_channels (suffixes, "scale=", tree, quantizer->scales, error) ||
          !add_channels (suffixes, "zero_point=", tree, quantizer->zero_points, error))
        return FALSE;
      g_ptr_array_add (suffixes, g_strdup_printf ("axis=%" G_GINT64_FORMAT, quantizer->axis));
      return TRUE;
    }
  scale = ckpt_number_to_string (quantizer->scale);
  add_suffix (suffixes, "quantization_scheme=torch.", "per_tensor_affine");
  add_suffix (suffixes, "scale=", scale);
  g_ptr_array_add (suffixes, g_strdup_printf ("zero_point=%" G_GINT64_FORMAT, quantizer->zero_point));
  return TRUE;
}

/**
 * ckpt_tensor_print:
 * @tree: the tree
 * @tensor: a tensor of it
 * @error: return location for an error
 *
 * Lays values out as PyTorch's print() does with its default options: up to 1,000 elements whole, of more than that the first
 * and last three of each dimension; the type where it is not the default one, the device where it is not the CPU. Types that
 * PyTorch cannot print show their bits as numbers. Text that comes from the file is escaped.
 *
 * Returns: (transfer full): the text, of one or more lines, without a newline at the end; %NULL with %CKPT_ERROR_LIMIT for a
 *   tensor of so many dimensions that its edges are over 100,000 elements, or the errors of ckpt_tensor_read()
 */
char *
ckpt_tensor_print (CkptTree *tree, const CkptTensor *tensor, GError **error)
{
  g_return_val_if_fail (tree != NULL && tensor != NULL, NULL);

  if (!(tensor->flags & CKPT_TENSOR_META) && !ckpt_tensor_check_readable (tree, tensor, error))
    return NULL;
  return print (tree, tensor, error);
}
