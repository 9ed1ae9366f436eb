/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-zip-header.h"

/**
 * ckpt_zip_header_read:
 * @source: a file
 * @offset: where a local header should begin
 * @is_header: (out): whether one does, and is whole
 * @header: (out): the header, to be cleared with ckpt_zip_header_clear(); only set if there is one
 * @error: return location
 *
 * Reads the local header of a record, but none of its data.
 *
 * Returns: FALSE with an error of reading the file
 */
gboolean
ckpt_zip_header_read (CkptSource *source,
                      guint64 offset,
                      gboolean *is_header,
                      CkptZipHeader *header,
                      GError **error)
{
  g_autofree char *name = NULL;
  guint8 fixed[CKPT_ZIP_LOCAL_SIZE];
  guint16 name_length;
  gsize n_read;

  *is_header = FALSE;
  if (!ckpt_source_read_some (source, offset, fixed, sizeof fixed, &n_read, error))
    return FALSE;
  if (n_read < sizeof fixed || memcmp (fixed, "PK\3\4", 4) != 0)
    return TRUE;

  name_length = ckpt_zip_get16 (fixed + 26);
  name = g_malloc0 (name_length + 1);
  if (!ckpt_source_read_some (source, offset + sizeof fixed, name, name_length, &n_read, error))
    return FALSE;
  if (n_read < name_length)
    return TRUE;

  *is_header = TRUE;
  *header = (CkptZipHeader) {
    .offset = offset,
    .flags = ckpt_zip_get16 (fixed + 6),
    .method = ckpt_zip_get16 (fixed + 8),
    .crc = ckpt_zip_get32 (fixed + 14),
    .stored_size = ckpt_zip_get32 (fixed + 18),
    .size = ckpt_zip_get32 (fixed + 22),
    .name = g_steal_pointer (&name),
    .name_length = name_length,
    .extra_length = ckpt_zip_get16 (fixed + 28),
  };
  header->data = offset + CKPT_ZIP_LOCAL_SIZE + name_length + header->extra_length;
  return TRUE;
}

/**
 * ckpt_zip_header_clear:
 * @header: a header, all zero if nothing was read into it
 *
 * Frees what @header holds.
 */
void
ckpt_zip_header_clear (CkptZipHeader *header)
{
  g_clear_pointer (&header->name, g_free);
}

/**
 * ckpt_zip_fail:
 * @error: return location
 * @error_code: what kind of error
 * @code: the stable name of what is wrong
 * @offset: byte of the file
 * @format: a sentence for a person
 * @...: its arguments
 *
 * Sets an error of the container.
 *
 * Returns: FALSE
 */
gboolean
ckpt_zip_fail (GError **error,
               CkptError error_code,
               const char *code,
               guint64 offset,
               const char *format,
               ...)
{
  g_autofree char *sentence = NULL;
  va_list args;

  va_start (args, format);
  sentence = g_strdup_vprintf (format, args);
  va_end (args);
  ckpt_error_set_at (error, error_code, code, NULL, CKPT_NO_OFFSET, offset, "%s", sentence);
  return FALSE;
}
