/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "formats/ckpt-csv.h"

#include "formats/ckpt-element-text.h"

/* Bytes of text that are handed on at a time. */
#define PIECE 32768

/* The names of the columns: needed where there are columns of indices. */
static gboolean
write_names (const CkptSink *sink, const CkptTensor *tensor, GString *text, GError **error)
{
  guint32 last = tensor->n_dims - 1;

  for (guint32 i = 0; i < last; i++)
    g_string_append_printf (text, "dim%u,", i);
  for (gint64 i = 0; i < tensor->shape[last]; i++)
    {
      g_string_append_printf (text, i > 0 ? ",%" G_GINT64_FORMAT : "%" G_GINT64_FORMAT, i);
      if (text->len < PIECE)
        continue;
      if (!sink->write (sink->data, text->str, text->len, error))
        return FALSE;
      g_string_truncate (text, 0);
    }
  g_string_append_c (text, '\n');
  return TRUE;
}

/* The indices of all dimensions but the last. */
static void
append_indices (GString *text, const CkptTensor *tensor, guint64 row)
{
  g_autofree guint64 *indices = g_new (guint64, tensor->n_dims);

  for (guint32 i = tensor->n_dims - 1; i-- > 0;)
    {
      indices[i] = row % (guint64) tensor->shape[i];
      row /= (guint64) tensor->shape[i];
    }
  for (guint32 i = 0; i + 1 < tensor->n_dims; i++)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT ",", indices[i]);
}

/**
 * ckpt_csv_write:
 * @tree: a tree
 * @tensor: a tensor of it whose values can be read, or a part of one
 * @sink: where the text goes
 * @cancellable: (nullable): to stop
 * @error: return location for an error
 *
 * Writes all elements: one a line of a tensor of one dimension; a row a line of one of two; of one of more, after a line of names,
 * a line for each row of the last dimension, with the indices of the others before it.
 *
 * Returns: %FALSE with the errors of ckpt_tensor_read(), those of the sink, or %G_IO_ERROR_CANCELLED
 */
gboolean
ckpt_csv_write (CkptTree *tree,
                const CkptTensor *tensor,
                const CkptSink *sink,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (CkptElementText) elements = ckpt_element_text_new (tree, tensor, CKPT_ELEMENT_CSV);
  g_autoptr (GString) text = g_string_new (NULL);
  guint64 row_length = tensor->n_dims < 2 ? 1 : (guint64) tensor->shape[tensor->n_dims - 1];

  if (tensor->n_dims > 2 && !write_names (sink, tensor, text, error))
    return FALSE;

  for (guint64 i = 0; i < tensor->numel; i++)
    {
      if (tensor->n_dims > 2 && i % row_length == 0)
        append_indices (text, tensor, i / row_length);
      if (!ckpt_element_text_append (elements, text, error))
        return FALSE;
      g_string_append_c (text, (i + 1) % row_length == 0 ? '\n' : ',');
      if (text->len < PIECE)
        continue;
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !sink->write (sink->data, text->str, text->len, error))
        return FALSE;
      g_string_truncate (text, 0);
    }
  return text->len == 0 || sink->write (sink->data, text->str, text->len, error);
}
