/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tensor-json.h"


/* A tensor without elements is written as the empty lists that its shape says, unless these are too many for anybody. */
#define MAX_EMPTY 10000

typedef struct
{
  const gint64 *shape;
  guint32 n_dims;
  guint64 n;
} Nesting;

/* How many of the innermost dimensions end before element @i: as many brackets close there, and open again. */
static guint32
count_ends (const Nesting *nesting, guint64 i)
{
  guint32 n = 0;

  while (n < nesting->n_dims)
    {
      guint64 size = nesting->shape[nesting->n_dims - 1 - n];

      if (i % size != 0)
        break;
      i /= size;
      n++;
    }
  return n;
}

static void
append_brackets (GString *text, char bracket, guint32 n)
{
  for (guint32 i = 0; i < n; i++)
    g_string_append_c (text, bracket);
}

static void
append_separator (GString *text, const Nesting *nesting, guint64 i)
{
  guint32 n_ends = i > 0 ? count_ends (nesting, i) : 0;

  if (i == 0)
    append_brackets (text, '[', nesting->n_dims);
  else
    {
      append_brackets (text, ']', n_ends);
      g_string_append (text, n_ends > 0 ? ",\n" : ",");
      append_brackets (text, '[', n_ends);
    }
}

/* The dimensions before the first that is 0: inside them everything is `[]`. */
static Nesting
get_nesting (const CkptTensor *tensor)
{
  Nesting nesting = { tensor->shape, tensor->n_dims, tensor->numel };

  if (tensor->numel > 0)
    return nesting;

  nesting.n = 1;
  for (guint32 i = 0; i < tensor->n_dims; i++)
    {
      if (tensor->shape[i] == 0)
        nesting.n_dims = i;
      if (i >= nesting.n_dims)
        break;
      if (__builtin_mul_overflow (nesting.n, (guint64) tensor->shape[i], &nesting.n) || nesting.n > MAX_EMPTY)
        return (Nesting) { tensor->shape, 0, 1 };
    }
  return nesting;
}

/**
 * tensor_json_write:
 * @tensor: a tensor whose values can be read
 *
 * Writes all elements as nested lists, as Python's `json.dumps(tensor.tolist())`, but for what JSON has no number for.
 *
 * Returns: FALSE with an error if an element could not be read; what was written is then no JSON
 */
gboolean
tensor_json_write (Output *output, CkptTree *tree, const CkptTensor *tensor, GError **error)
{
  g_autoptr (CkptElementText) elements = ckpt_element_text_new (tree, tensor, CKPT_ELEMENT_JSON);
  g_autoptr (GString) text = g_string_new (NULL);
  Nesting nesting = get_nesting (tensor);

  for (guint64 i = 0; i < nesting.n && !output_has_failed (output); i++)
    {
      g_string_truncate (text, 0);
      append_separator (text, &nesting, i);
      if (tensor->numel == 0)
        g_string_append (text, "[]");
      else if (!ckpt_element_text_append (elements, text, error))
        return FALSE;
      output_write (output, text->str, text->len);
    }

  g_string_truncate (text, 0);
  append_brackets (text, ']', nesting.n_dims);
  output_write (output, text->str, text->len);
  return TRUE;
}
