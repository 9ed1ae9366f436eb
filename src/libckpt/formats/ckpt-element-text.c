/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-element-text.h"

#include "model/ckpt-values.h"

#include <math.h>

#define BLOCK (32 << 10)

struct _CkptElementText
{
  CkptTree *tree;
  const CkptTensor *tensor;
  const CkptDtypeInfo *info;
  CkptElementStyle style;
  guint64 n_read; /* elements of the blocks up to and with this one */
  gsize n;        /* elements in this block */
  gsize at;       /* next one of them */
  guint8 *items;
  double *doubles; /* real numbers, or pairs */
};

/**
 * ckpt_element_text_new:
 * @tree: a tree
 * @tensor: a tensor of it whose values can be read, or a part of one
 * @style: how to write an element
 *
 * Floating-point elements are written as the numbers that they are, as Python's `tolist()` gives them: with the digits that
 * a double needs, not only those of the tensor's own type. Quantized elements are real numbers, which are float32 in PyTorch.
 *
 * Returns: (transfer full): the elements, from the first one
 */
CkptElementText *
ckpt_element_text_new (CkptTree *tree, const CkptTensor *tensor, CkptElementStyle style)
{
  CkptElementText *self = g_new0 (CkptElementText, 1);
  gsize n = MIN (tensor->numel, BLOCK);

  self->tree = ckpt_tree_ref (tree);
  self->tensor = tensor;
  self->info = ckpt_dtype_get_info (tensor->dtype);
  self->style = style;
  self->items = g_malloc (MAX (n * self->info->item_size, 1));
  self->doubles = g_new (double, MAX (2 * n, 1));
  return self;
}

/**
 * ckpt_element_text_free:
 * @self: (nullable) (transfer full): elements
 */
void
ckpt_element_text_free (CkptElementText *self)
{
  if (self == NULL)
    return;
  g_free (self->doubles);
  g_free (self->items);
  ckpt_tree_unref (self->tree);
  g_free (self);
}

static gboolean
is_pair (CkptElementText *self)
{
  return self->info->dtype_class == CKPT_CLASS_COMPLEX || self->tensor->dtype == CKPT_DTYPE_FLOAT4_E2M1FN_X2;
}

static gboolean
read_block (CkptElementText *self, GError **error)
{
  gsize n = MIN (self->tensor->numel - self->n_read, BLOCK);

  if (self->info->dtype_class == CKPT_CLASS_QUANTIZED)
    {
      if (!ckpt_tensor_read_doubles (self->tree, self->tensor, self->n_read, n, self->doubles, error))
        return FALSE;
    }
  else
    {
      if (!ckpt_tensor_read (self->tree, self->tensor, self->n_read, n, self->items, error))
        return FALSE;
      if (is_pair (self))
        ckpt_dtype_to_complex (self->tensor->dtype, self->items, n, self->doubles);
      else if (self->info->dtype_class == CKPT_CLASS_FLOAT)
        ckpt_dtype_to_doubles (self->tensor->dtype, self->items, n, self->doubles);
    }

  self->n_read += n;
  self->n = n;
  self->at = 0;
  return TRUE;
}

static void
append_double (GString *text, double value, CkptElementStyle style)
{
  g_autofree char *digits = ckpt_dtype_item_to_string (CKPT_DTYPE_FLOAT64, &value);

  if (style == CKPT_ELEMENT_JSON && !isfinite (value))
    g_string_append_printf (text, "\"%s\"", digits);
  else
    g_string_append (text, digits);
}

static void
append_pair (CkptElementText *self, GString *text, const double pair[2])
{
  if (self->style == CKPT_ELEMENT_JSON)
    {
      g_string_append_c (text, '[');
      append_double (text, pair[0], CKPT_ELEMENT_JSON);
      g_string_append_c (text, ',');
      append_double (text, pair[1], CKPT_ELEMENT_JSON);
      g_string_append_c (text, ']');
    }
  else
    {
      g_autofree char *digits = ckpt_dtype_item_to_string (CKPT_DTYPE_COMPLEX128, pair);

      g_string_append (text, digits);
    }
}

static void
append_item (CkptElementText *self, GString *text, const void *item)
{
  g_autofree char *digits = NULL;

  if (self->info->dtype_class == CKPT_CLASS_BOOL && self->style == CKPT_ELEMENT_JSON)
    {
      g_string_append (text, *(const guint8 *) item != 0 ? "true" : "false");
      return;
    }

  digits = ckpt_dtype_item_to_string (self->tensor->dtype, item);
  g_string_append (text, digits);
}

/**
 * ckpt_element_text_append:
 * @self: elements
 * @text: where the next element is appended
 * @error: return location for an error
 *
 * To be called as many times as the tensor has elements, at most.
 *
 * Returns: %FALSE with an error if the element could not be read
 */
gboolean
ckpt_element_text_append (CkptElementText *self, GString *text, GError **error)
{
  if (self->at == self->n && !read_block (self, error))
    return FALSE;

  if (is_pair (self))
    append_pair (self, text, &self->doubles[2 * self->at]);
  else if (self->info->dtype_class == CKPT_CLASS_FLOAT || self->info->dtype_class == CKPT_CLASS_QUANTIZED)
    append_double (text, self->doubles[self->at], self->style);
  else
    append_item (self, text, self->items + self->at * self->info->item_size);
  self->at++;
  return TRUE;
}
