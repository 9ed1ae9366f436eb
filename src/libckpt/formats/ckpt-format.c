/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-format.h"

/* Asked in this order: safetensors begins with a length, which can look like anything, and has the stricter test; a bare pickle is what
 * is left. */
static const CkptFormat *const formats[] = {
  &ckpt_format_torch_zip, &ckpt_format_torch_legacy, &ckpt_format_safetensors,
  &ckpt_format_tar,       &ckpt_format_pickle,
};

/**
 * ckpt_format_find:
 * @head: the first bytes of the file, at most %CKPT_PROBE_SIZE
 * @length: bytes of @head
 * @file_size: bytes of the whole file
 *
 * Finds the format of a file by its content. Names are never looked at.
 *
 * Returns: (nullable): a row of the table, or NULL if no format recognises the content
 */
const CkptFormat *
ckpt_format_find (const guint8 *head, gsize length, guint64 file_size)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i]->recognises (head, length, file_size))
      return formats[i];

  return NULL;
}
