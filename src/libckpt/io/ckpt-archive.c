/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "io/ckpt-archive.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "io/ckpt-hash.h"
#include "io/ckpt-inflate.h"

/* Deflated records that are kept open, the last used ones. */
#define MAX_OPEN 8

typedef struct
{
  guint index;
  CkptInflate *inflate;
} OpenRecord;

struct _CkptArchive
{
  gatomicrefcount ref_count;
  CkptSource *source;
  GArray *records; /* element-type CkptRecord; not changed any more once several threads read */
  GStringChunk *names;

  GMutex lock;         /* for what follows, and for the offsets of records */
  GHashTable *by_name; /* name -> index + 1 of the first record with it; made when first needed */
  CkptLocateFunc locate;
  gpointer locate_data;
  GDestroyNotify locate_destroy;

  GMutex open_lock; /* for what follows */
  GPtrArray *open;  /* element-type OpenRecord, the last used one at the end */
};

static void
open_record_free (gpointer data)
{
  OpenRecord *open = data;

  ckpt_inflate_free (open->inflate);
  g_free (open);
}

/**
 * ckpt_archive_new:
 * @source: a file
 *
 * Returns: (transfer full): a list of records, empty at first
 */
CkptArchive *
ckpt_archive_new (CkptSource *source)
{
  CkptArchive *self = g_new0 (CkptArchive, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->source = ckpt_source_ref (source);
  self->records = g_array_new (FALSE, FALSE, sizeof (CkptRecord));
  self->names = g_string_chunk_new (4096);
  g_mutex_init (&self->lock);
  g_mutex_init (&self->open_lock);
  self->open = g_ptr_array_new_with_free_func (open_record_free);
  return self;
}

/**
 * ckpt_archive_ref:
 * @self: an archive
 *
 * Returns: (transfer full): @self
 */
CkptArchive *
ckpt_archive_ref (CkptArchive *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ckpt_archive_unref:
 * @self: (transfer full): an archive
 */
void
ckpt_archive_unref (CkptArchive *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  ckpt_archive_set_locate (self, NULL, NULL, NULL);
  g_ptr_array_unref (self->open);
  g_mutex_clear (&self->open_lock);
  g_mutex_clear (&self->lock);
  g_clear_pointer (&self->by_name, g_hash_table_unref);
  g_string_chunk_free (self->names);
  g_array_unref (self->records);
  ckpt_source_unref (self->source);
  g_free (self);
}

/**
 * ckpt_archive_set_locate:
 * @self: an archive
 * @locate: (nullable): finds out where a record begins
 * @data: passed to @locate
 * @destroy: (nullable): frees @data, with the archive at the latest
 */
void
ckpt_archive_set_locate (CkptArchive *self, CkptLocateFunc locate, gpointer data, GDestroyNotify destroy)
{
  if (self->locate_destroy != NULL)
    self->locate_destroy (self->locate_data);
  self->locate = locate;
  self->locate_data = data;
  self->locate_destroy = destroy;
}

/**
 * ckpt_archive_add:
 * @self: an archive that no other thread knows yet
 * @name: the record's name
 * @name_length: its bytes, or -1 if it ends at a NUL
 * @offset: byte of the file where the record begins, or %CKPT_NO_OFFSET to have it located when it is needed
 * @size: its bytes
 *
 * Adds a stored record. ckpt_archive_edit() makes it one of another kind.
 *
 * Returns: its index
 */
guint
ckpt_archive_add (CkptArchive *self, const char *name, gssize name_length, guint64 offset, guint64 size)
{
  gsize length = name_length < 0 ? strlen (name) : (gsize) name_length;
  CkptRecord record = {
    .name = g_string_chunk_insert_len (self->names, name, length),
    .name_length = length,
    .offset = offset,
    .stored_size = size,
    .size = size,
    .method = CKPT_RECORD_STORED,
  };

  g_clear_pointer (&self->by_name, g_hash_table_unref);
  g_array_append_val (self->records, record);
  return self->records->len - 1;
}

/**
 * ckpt_archive_edit:
 * @self: an archive that no other thread knows yet
 * @index: a record
 *
 * Returns: (transfer none): the record, to be changed until the next call of ckpt_archive_add(); its name
 *   stays
 */
CkptRecord *
ckpt_archive_edit (CkptArchive *self, guint index)
{
  g_return_val_if_fail (index < self->records->len, NULL);

  return &g_array_index (self->records, CkptRecord, index);
}

/**
 * ckpt_archive_get_source:
 * @self: an archive
 *
 * Returns: (transfer none): the file
 */
CkptSource *
ckpt_archive_get_source (CkptArchive *self)
{
  return self->source;
}

/**
 * ckpt_archive_get_n:
 * @self: an archive
 *
 * Returns: how many records it has
 */
guint
ckpt_archive_get_n (CkptArchive *self)
{
  return self->records->len;
}

/**
 * ckpt_archive_get:
 * @self: an archive
 * @index: a record
 *
 * Returns: (transfer none): the record
 */
const CkptRecord *
ckpt_archive_get (CkptArchive *self, guint index)
{
  g_return_val_if_fail (index < self->records->len, NULL);

  return &g_array_index (self->records, CkptRecord, index);
}

/* Names with NUL in them are nobody's to look for. */
static GHashTable *
index_names (CkptArchive *self)
{
  GHashTable *by_name = g_hash_table_new (ckpt_str_hash, g_str_equal);

  for (guint i = 0; i < self->records->len; i++)
    {
      CkptRecord *record = &g_array_index (self->records, CkptRecord, i);

      guint first;

      if (strlen (record->name) != record->name_length)
        continue;
      first = GPOINTER_TO_UINT (g_hash_table_lookup (by_name, record->name));
      if (first == 0)
        g_hash_table_insert (by_name, record->name, GUINT_TO_POINTER (i + 1));
      else
        g_array_index (self->records, CkptRecord, first - 1).is_repeated = record->is_repeated = TRUE;
    }
  return by_name;
}

/**
 * ckpt_archive_find:
 * @self: an archive
 * @name: a name
 * @index: (out) (optional): the first record of exactly that name
 *
 * Returns: whether there is one
 */
gboolean
ckpt_archive_find (CkptArchive *self, const char *name, guint *index)
{
  guint found;

  g_mutex_lock (&self->lock);
  if (self->by_name == NULL)
    self->by_name = index_names (self);
  found = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_name, name));
  g_mutex_unlock (&self->lock);
  if (found == 0)
    return FALSE;
  if (index != NULL)
    *index = found - 1;
  return TRUE;
}

static gboolean
locate_locked (CkptArchive *self, guint index, guint64 *offset, GError **error)
{
  CkptRecord *record = &g_array_index (self->records, CkptRecord, index);
  guint64 found = CKPT_NO_OFFSET;

  if (record->offset == CKPT_NO_OFFSET)
    {
      if (self->locate == NULL)
        return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "record-not-located",
                               _ ("The bytes of this record cannot be found."));
      if (!self->locate (self->locate_data, index, &found, error))
        return FALSE;
      __atomic_store_n (&record->offset, found, __ATOMIC_RELEASE);
    }
  *offset = record->offset;
  return TRUE;
}

/**
 * ckpt_archive_locate:
 * @self: an archive
 * @index: a record
 * @offset: (out): where its (packed) bytes begin in the file
 * @error: return location
 *
 * Finds out where a record is; the first time this may read a little of the file. Any thread may call this.
 *
 * Returns: %FALSE with an error
 */
gboolean
ckpt_archive_locate (CkptArchive *self, guint index, guint64 *offset, GError **error)
{
  gboolean is_found;
  guint64 known;

  g_return_val_if_fail (index < self->records->len, FALSE);

  known = __atomic_load_n (&g_array_index (self->records, CkptRecord, index).offset, __ATOMIC_ACQUIRE);
  if (known != CKPT_NO_OFFSET)
    {
      *offset = known;
      return TRUE;
    }
  g_mutex_lock (&self->lock);
  is_found = locate_locked (self, index, offset, error);
  g_mutex_unlock (&self->lock);
  return is_found;
}

static OpenRecord *
steal_open_record (CkptArchive *self, guint index)
{
  for (guint i = 0; i < self->open->len; i++)
    {
      OpenRecord *open = g_ptr_array_index (self->open, i);

      if (open->index == index)
        return g_ptr_array_steal_index (self->open, i);
    }
  return NULL;
}

/* The open stream of a deflated record, which becomes the last used one. */
static CkptInflate *
peek_inflate (CkptArchive *self, guint index, guint64 offset, GError **error)
{
  const CkptRecord *record = ckpt_archive_get (self, index);
  OpenRecord *open = steal_open_record (self, index);
  CkptInflate *inflate = open != NULL ? open->inflate : NULL;

  if (inflate == NULL)
    inflate = ckpt_inflate_new (self->source, offset, record->stored_size, record->size, error);
  if (inflate == NULL)
    return NULL;
  if (open == NULL)
    open = g_new (OpenRecord, 1);
  *open = (OpenRecord) { index, inflate };
  if (self->open->len >= MAX_OPEN)
    g_ptr_array_remove_index (self->open, 0);
  g_ptr_array_add (self->open, open);
  return inflate;
}

static gboolean
read_deflated (CkptArchive *self, guint index, guint64 offset, gpointer buffer, gsize length, GError **error)
{
  CkptInflate *inflate;
  guint64 begin;
  gboolean is_read;

  if (!ckpt_archive_locate (self, index, &begin, error))
    return FALSE;
  g_mutex_lock (&self->open_lock);
  inflate = peek_inflate (self, index, begin, error);
  is_read = inflate != NULL && ckpt_inflate_read (inflate, offset, buffer, length, error);
  g_mutex_unlock (&self->open_lock);
  return is_read;
}

static gboolean
read_stored (CkptArchive *self, guint index, guint64 offset, gpointer buffer, gsize length, GError **error)
{
  guint64 begin;

  if (!ckpt_archive_locate (self, index, &begin, error))
    return FALSE;
  if (__builtin_add_overflow (begin, offset, &begin))
    return ckpt_error_set (error, CKPT_ERROR_MALFORMED, "record-outside",
                           _ ("The record lies outside of the file."));
  return ckpt_source_read (self->source, begin, buffer, length, error);
}

static gboolean
set_range_error (const CkptRecord *record, guint64 offset, gsize length, GError **error)
{
  return ckpt_error_set (
      error, CKPT_ERROR_TRUNCATED, "record-truncated",
      _ ("%zu bytes are needed from byte %" PRIu64 " on, but the record has only %" PRIu64 "."), length,
      offset, record->size);
}

/* Says in which record an error is, and keeps the byte of the file if that is known. */
static void
add_place (GError *error, const CkptRecord *record, guint64 offset)
{
  const CkptPlace *place = ckpt_error_get_place (error);

  if (place != NULL)
    ckpt_error_set_place (error, record->name, offset, place->file_offset, NULL);
}

/**
 * ckpt_archive_read:
 * @self: an archive
 * @index: a record
 * @offset: byte of the (unpacked) record where to begin
 * @buffer: (out caller-allocates): where to put the bytes; on failure its content is anything
 * @length: how many
 * @error: return location
 *
 * Reads all of a range of a record. Any thread may call this; deflated records are read one thread at a time.
 *
 * Returns: %FALSE with %CKPT_ERROR_TRUNCATED if the record is shorter, %CKPT_ERROR_UNSUPPORTED if it cannot
 *   be unpacked,
 *   %CKPT_ERROR_MALFORMED if it cannot be found or unpacks to something else, or an error of reading the file
 */
gboolean
ckpt_archive_read (CkptArchive *self,
                   guint index,
                   guint64 offset,
                   gpointer buffer,
                   gsize length,
                   GError **error)
{
  const CkptRecord *record = ckpt_archive_get (self, index);
  g_autoptr (GError) local_error = NULL;
  gboolean is_read = FALSE;

  g_return_val_if_fail (record != NULL, FALSE);

  if (offset > record->size || length > record->size - offset)
    set_range_error (record, offset, length, &local_error);
  else if (length == 0)
    is_read = TRUE;
  else if (record->method == CKPT_RECORD_STORED)
    is_read = read_stored (self, index, offset, buffer, length, &local_error);
  else if (record->method == CKPT_RECORD_DEFLATED)
    is_read = read_deflated (self, index, offset, buffer, length, &local_error);
  else
    ckpt_error_set (&local_error, CKPT_ERROR_UNSUPPORTED, "record-packing",
                    _ ("The record is packed or encrypted in a way that is not supported."));
  if (is_read)
    return TRUE;
  add_place (local_error, record, offset);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
