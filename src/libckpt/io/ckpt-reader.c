/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "io/ckpt-reader.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "io/ckpt-alloc.h"

#define WINDOW_SIZE ((gsize) 64 << 10)

struct _CkptReader
{
  CkptArchive *archive; /* NULL for a reader of memory, whose window is all of it */
  guint record;
  char *name;
  guint64 size;

  const guint8 *window;
  guint64 window_start; /* byte of the record */
  gsize window_len;
  gsize at; /* byte of the window */

  guint8 *buffer; /* what @window is of a record */
  guint8 *line;   /* of take_line(), for lines that are longer than the window */
};

/**
 * ckpt_reader_new:
 * @archive: an archive
 * @record: one of its records
 *
 * Returns: (transfer full): a cursor at the beginning of that record
 */
CkptReader *
ckpt_reader_new (CkptArchive *archive, guint record)
{
  const CkptRecord *info = ckpt_archive_get (archive, record);
  CkptReader *self;

  g_return_val_if_fail (info != NULL, NULL);

  self = g_new0 (CkptReader, 1);
  self->archive = ckpt_archive_ref (archive);
  self->record = record;
  self->name = g_strdup (info->name);
  self->size = info->size;
  self->buffer = g_malloc (MAX (MIN (WINDOW_SIZE, self->size), 1));
  self->window = self->buffer;
  return self;
}

/**
 * ckpt_reader_new_for_data:
 * @data: (array length=length): bytes, which must outlive the reader
 * @length: how many
 * @name: what to call them in errors
 *
 * Returns: (transfer full): a cursor at the beginning of @data
 */
CkptReader *
ckpt_reader_new_for_data (const void *data, gsize length, const char *name)
{
  CkptReader *self = g_new0 (CkptReader, 1);

  self->record = G_MAXUINT;
  self->name = g_strdup (name);
  self->size = length;
  self->window = data;
  self->window_len = length;
  return self;
}

/**
 * ckpt_reader_free:
 * @self: (transfer full): a reader
 */
void
ckpt_reader_free (CkptReader *self)
{
  g_clear_pointer (&self->archive, ckpt_archive_unref);
  g_free (self->name);
  g_free (self->buffer);
  g_free (self->line);
  g_free (self);
}

/**
 * ckpt_reader_get_record:
 * @self: a reader
 *
 * Returns: (transfer none): the name of what it reads
 */
const char *
ckpt_reader_get_record (CkptReader *self)
{
  return self->name;
}

/**
 * ckpt_reader_get_record_index:
 * @self: a reader
 *
 * Returns: which record of the archive it reads, or %G_MAXUINT for bytes in memory
 */
guint
ckpt_reader_get_record_index (CkptReader *self)
{
  return self->record;
}

/**
 * ckpt_reader_get_position:
 * @self: a reader
 *
 * Returns: byte of the record that is next
 */
guint64
ckpt_reader_get_position (CkptReader *self)
{
  return self->window_start + self->at;
}

/**
 * ckpt_reader_get_remaining:
 * @self: a reader
 *
 * Returns: bytes of the record that are left
 */
guint64
ckpt_reader_get_remaining (CkptReader *self)
{
  return self->size - ckpt_reader_get_position (self);
}

/**
 * ckpt_reader_get_file_offset:
 * @self: a reader
 * @position: byte of the record
 *
 * Returns: byte of the file where it stands, or %CKPT_NO_OFFSET if the record is packed or not of a file
 */
guint64
ckpt_reader_get_file_offset (CkptReader *self, guint64 position)
{
  guint64 offset;

  if (self->archive == NULL || ckpt_archive_get (self->archive, self->record)->method != CKPT_RECORD_STORED)
    return CKPT_NO_OFFSET;
  if (!ckpt_archive_locate (self->archive, self->record, &offset, NULL) ||
      __builtin_add_overflow (offset, position, &offset))
    return CKPT_NO_OFFSET;
  return offset;
}

static gboolean
set_end_error (CkptReader *self, guint64 length, GError **error)
{
  guint64 position = ckpt_reader_get_position (self);

  ckpt_error_set (error, CKPT_ERROR_TRUNCATED, "record-truncated",
                  _ ("%" PRIu64 " bytes are needed, but only %" PRIu64 " remain."), length,
                  self->size - position);
  if (error != NULL)
    ckpt_error_set_place (*error, self->name, position, ckpt_reader_get_file_offset (self, position), NULL);
  return FALSE;
}

/* Makes the window begin at the position. */
static gboolean
load_window (CkptReader *self, GError **error)
{
  guint64 position = ckpt_reader_get_position (self);
  gsize length = MIN (WINDOW_SIZE, self->size - position);
  gboolean is_read = ckpt_archive_read (self->archive, self->record, position, self->buffer, length, error);

  self->window_start = position;
  self->window_len = is_read ? length : 0;
  self->at = 0;
  return is_read;
}

/**
 * ckpt_reader_take:
 * @self: a reader
 * @length: how many bytes, at most 64 KiB
 * @error: return location
 *
 * Takes the next bytes.
 *
 * Returns: (transfer none) (array length=length): the bytes, until the next call; %NULL with
 *   %CKPT_ERROR_TRUNCATED if fewer
 *   remain, or an error of reading the record
 */
const guint8 *
ckpt_reader_take (CkptReader *self, gsize length, GError **error)
{
  const guint8 *taken;

  if (G_UNLIKELY (length > self->window_len - self->at))
    {
      g_return_val_if_fail (length <= WINDOW_SIZE, NULL);
      if (length > ckpt_reader_get_remaining (self))
        {
          set_end_error (self, length, error);
          return NULL;
        }
      if (!load_window (self, error))
        return NULL;
    }
  taken = self->window + self->at;
  self->at += length;
  return taken;
}

static void
seek (CkptReader *self, guint64 position)
{
  if (position < self->window_start || position > self->window_start + self->window_len)
    {
      self->window_start = position;
      self->window_len = 0;
    }
  self->at = position - self->window_start;
}

static gboolean
set_line_error (CkptReader *self, guint64 n_seen, guint64 max_length, GError **error)
{
  guint64 position = ckpt_reader_get_position (self);

  if (n_seen > max_length)
    ckpt_error_set (error, CKPT_ERROR_LIMIT, "text-line-long",
                    _ ("A line of text is longer than %" PRIu64 " bytes."), max_length);
  else
    ckpt_error_set (error, CKPT_ERROR_TRUNCATED, "record-truncated", _ ("A line of text has no end."));
  if (error != NULL)
    ckpt_error_set_place (*error, self->name, position, ckpt_reader_get_file_offset (self, position), NULL);
  return FALSE;
}

static gboolean
add_to_line (CkptReader *self, gsize *size, gsize used, const guint8 *bytes, gsize n_bytes, GError **error)
{
  if (used + n_bytes > *size || self->line == NULL)
    {
      gsize grown = MAX (2 * *size, used + n_bytes);
      guint8 *line = ckpt_try_realloc (self->line, grown, error);

      if (line == NULL)
        return FALSE;
      self->line = line;
      *size = grown;
    }
  memcpy (self->line + used, bytes, n_bytes);
  return TRUE;
}

/* A line that goes on beyond the window: it is put together in memory of its own. */
static const guint8 *
take_long_line (CkptReader *self, guint64 max_length, gsize *length, GError **error)
{
  guint64 start = ckpt_reader_get_position (self);
  const guint8 *newline = NULL;
  gsize line_len = 0;
  gsize size = 0;
  gboolean is_ok = TRUE;

  while (is_ok && newline == NULL)
    {
      const guint8 *rest = self->window + self->at;
      gsize n = self->window_len - self->at;

      newline = n > 0 ? memchr (rest, '\n', n) : NULL;
      n = newline != NULL ? (gsize) (newline - rest) : n;
      self->at += n;
      if (line_len + n > max_length || (newline == NULL && ckpt_reader_get_remaining (self) == 0))
        {
          seek (self, start);
          set_line_error (self, line_len + n, max_length, error);
          return NULL;
        }
      is_ok = add_to_line (self, &size, line_len, rest, n, error) &&
              (newline != NULL || load_window (self, error));
      line_len += n;
    }
  if (!is_ok)
    {
      seek (self, start);
      return NULL;
    }
  self->at++;
  *length = line_len;
  return self->line;
}

/**
 * ckpt_reader_take_line:
 * @self: a reader
 * @max_length: bytes that a line may have
 * @length: (out): the bytes of the line, without its newline
 * @error: return location
 *
 * Takes the bytes up to the next newline, and passes over that.
 *
 * Returns: (transfer none) (array length=length): the line, until the next call; %NULL with
 *   %CKPT_ERROR_LIMIT if it is too long,
 *   %CKPT_ERROR_TRUNCATED if there is no newline, or an error of reading the record
 */
const guint8 *
ckpt_reader_take_line (CkptReader *self, guint64 max_length, gsize *length, GError **error)
{
  const guint8 *line = self->window + self->at;
  gsize n = self->window_len - self->at;
  const guint8 *newline = n > 0 ? memchr (line, '\n', n) : NULL;

  g_clear_pointer (&self->line, g_free);
  if (newline == NULL || (gsize) (newline - line) > max_length)
    return take_long_line (self, max_length, length, error);
  *length = newline - line;
  self->at += *length + 1;
  return line;
}

/**
 * ckpt_reader_copy:
 * @self: a reader
 * @buffer: (out caller-allocates): where to put the bytes; on failure its content is anything
 * @length: how many
 * @error: return location
 *
 * Copies the next bytes, any number of them.
 *
 * Returns: %FALSE with %CKPT_ERROR_TRUNCATED if fewer remain, or an error of reading the record
 */
gboolean
ckpt_reader_copy (CkptReader *self, gpointer buffer, gsize length, GError **error)
{
  gsize n_here = MIN (length, self->window_len - self->at);
  gsize n_left = length - n_here;

  if (length > ckpt_reader_get_remaining (self))
    return set_end_error (self, length, error);
  if (n_here > 0)
    memcpy (buffer, self->window + self->at, n_here);
  if (n_left > 0 && !ckpt_archive_read (self->archive, self->record, ckpt_reader_get_position (self) + n_here,
                                        (guint8 *) buffer + n_here, n_left, error))
    return FALSE;
  seek (self, ckpt_reader_get_position (self) + length);
  return TRUE;
}

/**
 * ckpt_reader_skip:
 * @self: a reader
 * @length: how many bytes
 * @error: return location
 *
 * Passes over bytes without reading them.
 *
 * Returns: %FALSE with %CKPT_ERROR_TRUNCATED if fewer remain
 */
gboolean
ckpt_reader_skip (CkptReader *self, guint64 length, GError **error)
{
  if (length > ckpt_reader_get_remaining (self))
    return set_end_error (self, length, error);
  seek (self, ckpt_reader_get_position (self) + length);
  return TRUE;
}
