/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-zip-directory.h"

#include "formats/ckpt-zip-audit.h"
#include "formats/ckpt-zip-header.h"
#include "io/ckpt-alloc.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <zip.h>

/* libzip reads the directory, through a source of ours that counts. It is not asked for data: it would check CRCs, which PyTorch can
 * leave out, and serve one thread only. It is asked where data begin: for one byte of a record, which our source does not even read,
 * as the offset that libzip wants is the answer. */

/* The directory is read entry by entry. */
#define READ_AHEAD ((gsize) 256 << 10)

#define NAME_FLAGS (ZIP_FL_ENC_RAW | ZIP_FL_UNCHANGED)
#define OPEN_FLAGS (ZIP_FL_COMPRESSED | ZIP_FL_ENCRYPTED | ZIP_FL_UNCHANGED)

typedef struct
{
  CkptSource *source;
  CkptArchive *archive; /* owns this, so it is not referenced */
  zip_t *zip;
  guint64 *headers; /* where the directory says that the local headers are */

  guint64 position;
  guint8 *ahead; /* what was read ahead; only while the directory is read */
  guint64 ahead_start;
  gsize ahead_len;

  gboolean is_locating;
  guint64 data; /* what libzip asked for while locating */

  GCancellable *cancellable; /* only while the directory is read */
  GError *error;             /* of reading the file */
  zip_error_t zip_error;
} Directory;

static void
directory_free (gpointer data)
{
  Directory *self = data;

  if (self->zip != NULL)
    zip_discard (self->zip);
  zip_error_fini (&self->zip_error);
  g_clear_error (&self->error);
  g_free (self->headers);
  g_free (self->ahead);
  ckpt_source_unref (self->source);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Directory, directory_free)

static gboolean
fill_ahead (Directory *self)
{
  self->ahead_start = self->position;
  self->ahead_len = 0;
  return ckpt_source_read_some (self->source, self->position, self->ahead, READ_AHEAD, &self->ahead_len,
                                &self->error);
}

static zip_int64_t
read_bytes (Directory *self, guint8 *buffer, guint64 length)
{
  gsize n_read = 0;

  g_clear_error (&self->error);
  if (g_cancellable_set_error_if_cancelled (self->cancellable, &self->error))
    return -1;
  if (self->is_locating && length == 1)
    {
      self->data = self->position;
      buffer[0] = 0;
      n_read = 1;
    }
  else if (self->ahead == NULL || length >= READ_AHEAD)
    {
      if (!ckpt_source_read_some (self->source, self->position, buffer, length, &n_read, &self->error))
        return -1;
    }
  else
    {
      if ((self->position < self->ahead_start || self->position - self->ahead_start > self->ahead_len ||
           length > self->ahead_len - (self->position - self->ahead_start)) &&
          !fill_ahead (self))
        return -1;
      n_read = MIN (length, self->ahead_len - (self->position - self->ahead_start));
      memcpy (buffer, self->ahead + (self->position - self->ahead_start), n_read);
    }
  self->position += n_read;
  return n_read;
}

static zip_int64_t
stat_source (Directory *self, zip_stat_t *status)
{
  zip_stat_init (status);
  status->size = ckpt_source_get_size (self->source);
  status->valid = ZIP_STAT_SIZE;
  return sizeof *status;
}

static zip_int64_t
seek_source (Directory *self, void *data, guint64 length)
{
  zip_int64_t position = zip_source_seek_compute_offset (self->position, ckpt_source_get_size (self->source),
                                                         data, length, &self->zip_error);

  if (position < 0)
    return -1;
  self->position = position;
  return 0;
}

static zip_int64_t
serve_libzip (void *user_data, void *data, zip_uint64_t length, zip_source_cmd_t command)
{
  Directory *self = user_data;
  zip_int64_t n_read;

  if (command == ZIP_SOURCE_SUPPORTS)
    return zip_source_make_command_bitmap (ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                           ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
                                           ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS, -1);
  if (command == ZIP_SOURCE_READ)
    {
      n_read = read_bytes (self, data, length);
      if (n_read < 0)
        zip_error_set (&self->zip_error, ZIP_ER_READ, EIO);
      return n_read;
    }
  if (command == ZIP_SOURCE_STAT)
    return stat_source (self, data);
  if (command == ZIP_SOURCE_SEEK)
    return seek_source (self, data, length);
  if (command == ZIP_SOURCE_TELL)
    return self->position;
  if (command == ZIP_SOURCE_ERROR)
    return zip_error_to_data (&self->zip_error, data, length);
  if (command == ZIP_SOURCE_OPEN || command == ZIP_SOURCE_CLOSE || command == ZIP_SOURCE_FREE)
    return 0;
  zip_error_set (&self->zip_error, ZIP_ER_OPNOTSUPP, 0);
  return -1;
}

static gboolean
set_libzip_error (Directory *self, zip_error_t *zip_error, GError **error)
{
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else if (zip_error_code_zip (zip_error) == ZIP_ER_MEMORY)
    ckpt_error_set (error, CKPT_ERROR_LIMIT, "out-of-memory",
                    _ ("There is not enough memory for the directory of the zip archive."));
  else
    ckpt_error_set (error, CKPT_ERROR_MALFORMED, "zip-unreadable", _ ("The zip archive cannot be read: %s."),
                    zip_error_strerror (zip_error));
  return FALSE;
}

static gboolean
open_zip (Directory *self, GError **error)
{
  zip_error_t zip_error;
  zip_source_t *source;

  zip_error_init (&zip_error);
  self->ahead = g_malloc (READ_AHEAD);
  source = zip_source_function_create (serve_libzip, self, &zip_error);
  if (source != NULL)
    self->zip = zip_open_from_source (source, ZIP_RDONLY, &zip_error);
  if (source != NULL && self->zip == NULL)
    zip_source_free (source);
  if (self->zip == NULL)
    set_libzip_error (self, &zip_error, error);
  zip_error_fini (&zip_error);
  g_clear_pointer (&self->ahead, g_free);
  return self->zip != NULL;
}

static gboolean
set_differ_error (guint64 header, GError **error)
{
  return ckpt_zip_fail (
      error, CKPT_ERROR_MALFORMED, "zip-two-readings", header,
      _ ("The directory of the zip archive can be read in two ways, so different programs would see different content."));
}

static CkptRecordMethod
get_method (const CkptZipEntry *entry)
{
  /* Encryption adds bytes; without them only the mark is there. */
  if ((entry->flags & (CKPT_ZIP_FLAG_ENCRYPTED | CKPT_ZIP_FLAG_STRONG_ENCRYPTION)) &&
      (entry->method != CKPT_ZIP_METHOD_STORED || entry->size != entry->stored_size))
    return CKPT_RECORD_UNREADABLE;
  if (entry->method == CKPT_ZIP_METHOD_STORED)
    return CKPT_RECORD_STORED;
  return entry->method == CKPT_ZIP_METHOD_DEFLATED ? CKPT_RECORD_DEFLATED : CKPT_RECORD_UNREADABLE;
}

/* The name must be the same in both readings. Sizes are compared when the record is located: zip_stat_index() converts the entry's
 * time with mktime(), which costs a system call where TZ is not set, 0.35 s for 100,000 records. */
static gboolean
add_record (Directory *self, guint index, const CkptZipEntry *entry, GError **error)
{
  const char *name = zip_get_name (self->zip, index, NAME_FLAGS);
  CkptRecord *record;

  if (name == NULL)
    return set_libzip_error (self, zip_get_error (self->zip), error);
  if (strlen (name) != entry->name_length || memcmp (name, entry->name, entry->name_length) != 0)
    return set_differ_error (entry->header, error);

  self->headers[index] = entry->header;
  record = ckpt_archive_edit (
      self->archive, ckpt_archive_add (self->archive, name, entry->name_length, CKPT_NO_OFFSET, entry->size));
  record->stored_size = entry->stored_size;
  record->crc = entry->crc;
  record->has_crc = TRUE;
  record->method = get_method (entry);
  return TRUE;
}

/* Nothing is read of a record before both readings of its entry agree. */
static gboolean
check_entry (Directory *self, guint index, GError **error)
{
  const CkptRecord *record = ckpt_archive_get (self->archive, index);
  zip_stat_t status;

  if (zip_stat_index (self->zip, index, NAME_FLAGS, &status) < 0)
    return set_libzip_error (self, zip_get_error (self->zip), error);
  if (status.size != record->size || status.comp_size != record->stored_size || status.crc != record->crc ||
      (record->method == CKPT_RECORD_STORED && status.comp_method != ZIP_CM_STORE))
    return set_differ_error (self->headers[index], error);
  return TRUE;
}

/* Where libzip would read the first byte of a record that has some. */
static gboolean
ask_libzip (Directory *self, guint index, guint64 *data, GError **error)
{
  zip_file_t *file;
  char byte;

  self->data = CKPT_NO_OFFSET;
  self->is_locating = TRUE;
  file = zip_fopen_index (self->zip, index, OPEN_FLAGS);
  if (file != NULL)
    {
      zip_fread (file, &byte, 1);
      zip_fclose (file);
    }
  self->is_locating = FALSE;
  if (self->data == CKPT_NO_OFFSET)
    return set_libzip_error (self, zip_get_error (self->zip), error);
  *data = self->data;
  return TRUE;
}

static gboolean
locate (gpointer user_data, guint index, guint64 *offset, GError **error)
{
  Directory *self = user_data;
  const CkptRecord *record = ckpt_archive_get (self->archive, index);
  g_auto (CkptZipHeader) header = { 0 };
  guint64 size = ckpt_source_get_size (self->source);
  gboolean is_header;
  guint64 data;

  if (!check_entry (self, index, error) ||
      !ckpt_zip_header_read (self->source, self->headers[index], &is_header, &header, error))
    return FALSE;
  if (!is_header)
    return ckpt_zip_fail (
        error, CKPT_ERROR_MALFORMED, "zip-no-local-header", self->headers[index],
        _ ("No record begins at byte %" PRIu64 ", where the directory of the zip archive says so."),
        self->headers[index]);
  data = header.data;
  if (record->stored_size > 0 && !ask_libzip (self, index, &data, error))
    return FALSE;
  if (data != header.data)
    return set_differ_error (header.offset, error);
  if (data > size || record->stored_size > size - data)
    return ckpt_zip_fail (error, CKPT_ERROR_MALFORMED, "zip-record-outside", header.offset,
                          _ ("The data of the record at byte %" PRIu64 " would begin at byte %" PRIu64
                             " and have %" PRIu64 " bytes, but the file has only %" PRIu64 "."),
                          header.offset, data, record->stored_size, size);
  *offset = data;
  return TRUE;
}

/**
 * ckpt_zip_directory_read:
 * @archive: an archive without records
 * @warnings: where to say what is odd
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Adds the members of the archive's file, a zip, in the order of its directory. Where they begin is found out later, one by one.
 *
 * Returns: FALSE with CKPT_ERROR_TRUNCATED and the code "zip-no-end" if the end of the zip is missing, another CKPT_ERROR if it is
 *   no good or can be read in two ways, an error of reading the file, or G_IO_ERROR_CANCELLED
 */
gboolean
ckpt_zip_directory_read (CkptArchive *archive,
                         CkptWarnings *warnings,
                         GCancellable *cancellable,
                         GError **error)
{
  CkptSource *source = ckpt_archive_get_source (archive);
  g_autoptr (CkptZipAudit) audit = ckpt_zip_audit_new (source, warnings, error);
  g_autoptr (Directory) self = NULL;
  guint n;

  if (audit == NULL)
    return FALSE;
  n = ckpt_zip_audit_get_n (audit);
  self = g_new0 (Directory, 1);
  self->source = ckpt_source_ref (source);
  self->archive = archive;
  self->cancellable = cancellable;
  zip_error_init (&self->zip_error);
  self->headers = ckpt_try_malloc ((guint64) n * sizeof *self->headers, error);
  if (self->headers == NULL || !open_zip (self, error))
    return FALSE;
  if ((guint64) zip_get_num_entries (self->zip, ZIP_FL_UNCHANGED) != n)
    return set_differ_error (ckpt_zip_audit_get_directory (audit), error);
  for (guint i = 0; i < n; i++)
    if (!add_record (self, i, ckpt_zip_audit_get (audit, i), error))
      return FALSE;
  if (!ckpt_zip_audit_check_records (audit, source, warnings, error))
    return FALSE;
  self->cancellable = NULL;
  ckpt_archive_set_locate (archive, locate, g_steal_pointer (&self), directory_free);
  return TRUE;
}
