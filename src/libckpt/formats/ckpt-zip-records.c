/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-zip-audit.h"

#include "formats/ckpt-zip-header.h"
#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* Opening waits for this, so it must cost little. Local headers are not beside each other but before each record's data, one read
 * apiece and on a disk that turns a seek apiece. So only some are read: all of a small file; else those of records that are no
 * storages, which are read anyway, and those behind which the directory leaves a gap that padding does not explain. What is not
 * read here is held to be a header at least, when the record is located (ckpt-zip-directory.c). No data are read. */

#define SMALL_FILE  ((guint64) 4 << 20)
#define MAX_HEADERS 1000

#define NONE32 0xffffffff

typedef struct
{
  CkptSource *source;
  CkptWarnings *warnings;
  const CkptZipEntry *entry;
  guint64 next; /* where the next record begins, or the directory */
} Record;

static void
warn (Record *self, guint64 offset, const char *code, char *sentence)
{
  g_autofree char *name = g_strndup (self->entry->name, self->entry->name_length);
  CkptWarning *warning = ckpt_warnings_add (self->warnings, code, name, CKPT_NO_OFFSET, "%s", sentence);

  if (warning != NULL)
    warning->place.file_offset = offset;
  g_free (sentence);
}

/* The length of what PyTorch's writer (caffe2/serialize/inline_container.cc, getPadding()) puts between name and data: an extra
 * field that makes the data begin at a multiple of 64, behind a zip64 field if the record needs one. */
static guint64
get_padding (const CkptZipEntry *entry, gboolean is_wide)
{
  guint64 data = entry->header + CKPT_ZIP_LOCAL_SIZE + entry->name_length + 4;

  if (is_wide)
    data += 4 + (entry->size >= NONE32 ? 16 : 0) + (entry->header >= NONE32 ? 8 : 0);
  return (data + 63) / 64 * 64 - (entry->header + CKPT_ZIP_LOCAL_SIZE + entry->name_length);
}

/* Whether the room between the record and the next one is what PyTorch's writer leaves, or what there is without padding. */
static gboolean
is_gap_usual (const CkptZipEntry *entry, guint64 next)
{
  gboolean is_wide = entry->size >= NONE32 || entry->header >= NONE32;
  guint64 descriptor = entry->flags & CKPT_ZIP_FLAG_DESCRIPTOR ? (is_wide ? 24 : 16) : 0;
  guint64 gap = next - entry->header - CKPT_ZIP_LOCAL_SIZE - entry->name_length - entry->stored_size;

  return gap == descriptor || gap == get_padding (entry, is_wide) + descriptor;
}

/* Whether it is a storage by its name: FOLDER/data/KEY, or constants/ and tensors/ of TorchScript. */
static gboolean
is_storage (const CkptZipEntry *entry)
{
  const char *slash = memchr (entry->name, '/', entry->name_length);
  gsize n_left = slash != NULL ? entry->name_length - (slash + 1 - entry->name) : 0;

  return (n_left > 5 && memcmp (slash, "/data/", 6) == 0) ||
         (n_left > 10 && memcmp (slash, "/constants/", 11) == 0) ||
         (n_left > 8 && memcmp (slash, "/tensors/", 9) == 0);
}

static void
check_name (Record *self, const CkptZipHeader *header)
{
  g_autofree char *name = NULL;

  if (header->name_length == self->entry->name_length &&
      memcmp (header->name, self->entry->name, header->name_length) == 0)
    return;
  name = ckpt_text_escape (header->name, header->name_length, 100);
  warn (
      self, header->offset, "zip-two-names",
      g_strdup_printf (
          _ ("A record has another name, “%s”, in front of its data. PyTorch goes by the directory."), name));
}

static void
check_fields (Record *self, const CkptZipHeader *header)
{
  const CkptZipEntry *entry = self->entry;
  gboolean has_descriptor = (header->flags & CKPT_ZIP_FLAG_DESCRIPTOR) != 0;
  gboolean is_size_same = header->size == MIN (entry->size, NONE32) || header->size == NONE32;
  gboolean is_stored_size_same = header->stored_size == MIN (entry->stored_size, NONE32) ||
                                 header->stored_size == NONE32;

  if (header->method != entry->method)
    warn (
        self, header->offset, "zip-two-methods",
        g_strdup_printf (
            _ ("A record is compressed by method %u according to the directory, %u according to its own header. PyTorch goes by the directory."),
            entry->method, header->method));
  if ((header->flags ^ entry->flags) & CKPT_ZIP_ODD_FLAGS)
    warn (self, header->offset, "zip-two-flags",
          g_strdup_printf (
              _ ("The flags of a record are 0x%04x in the directory and 0x%04x in its own header."),
              entry->flags, header->flags));
  if ((!is_size_same && !(has_descriptor && header->size == 0)) ||
      (!is_stored_size_same && !(has_descriptor && header->stored_size == 0)))
    warn (
        self, header->offset, "zip-two-sizes",
        g_strdup_printf (
            _ ("A record has %" PRIu64
               " bytes according to the directory, %u according to its own header. PyTorch goes by the directory."),
            entry->size, header->size));
}

/* Sizes and CRC behind the data, in fields of 32 or 64 bits, with or without a signature. Returns its length, or 0. */
static guint
match_descriptor (const CkptZipEntry *entry, const guint8 *bytes, gsize length)
{
  guint at = length >= 4 && memcmp (bytes, "PK\7\10", 4) == 0 ? 4 : 0;

  if (length < at + 12u || ckpt_zip_get32 (bytes + at) != entry->crc)
    return 0;
  if (length >= at + 20u && ckpt_zip_get64 (bytes + at + 4) == entry->stored_size &&
      ckpt_zip_get64 (bytes + at + 12) == entry->size)
    return at + 20;
  if (ckpt_zip_get32 (bytes + at + 4) == entry->stored_size && ckpt_zip_get32 (bytes + at + 8) == entry->size)
    return at + 12;
  return 0;
}

static gboolean
check_end (Record *self, const CkptZipHeader *header, GError **error)
{
  guint64 end = header->data + self->entry->stored_size;
  guint8 bytes[CKPT_ZIP_MAX_DESCRIPTOR + 4];
  guint n_descriptor = 0;
  gsize n_read;

  if (end > self->next)
    return ckpt_zip_fail (error, CKPT_ERROR_MALFORMED, "zip-overlap", header->offset,
                          _ ("The data of the record at byte %" PRIu64 " would reach to byte %" PRIu64
                             ", but the next part of the file begins at byte %" PRIu64 "."),
                          header->offset, end, self->next);
  if (!ckpt_source_read_some (self->source, end, bytes, MIN (sizeof bytes, self->next - end), &n_read, error))
    return FALSE;
  if (header->flags & CKPT_ZIP_FLAG_DESCRIPTOR)
    {
      n_descriptor = match_descriptor (self->entry, bytes, n_read);
      if (n_descriptor == 0)
        warn (
            self, end, "zip-descriptor",
            g_strdup (_ (
                "The sizes that follow a record's data are missing or differ from the directory. PyTorch goes by the directory.")));
    }
  if (n_read >= n_descriptor + 4u && memcmp (bytes + n_descriptor, "PK\3\4", 4) == 0)
    warn (self, end + n_descriptor, "zip-unlisted",
          g_strdup_printf (_ ("A record at byte %" PRIu64
                              " is not in the directory. It is not shown, and PyTorch does not see it."),
                           end + n_descriptor));
  return TRUE;
}

static gboolean
check_record (Record *self, GError **error)
{
  g_auto (CkptZipHeader) header = { 0 };
  gboolean is_header;

  if (!ckpt_zip_header_read (self->source, self->entry->header, &is_header, &header, error))
    return FALSE;
  if (!is_header)
    return ckpt_zip_fail (
        error, CKPT_ERROR_MALFORMED, "zip-no-local-header", self->entry->header,
        _ ("No record begins at byte %" PRIu64 ", where the directory of the zip archive says so."),
        self->entry->header);
  check_name (self, &header);
  check_fields (self, &header);
  return check_end (self, &header, error);
}

/**
 * ckpt_zip_audit_check_records:
 * @self: an audit
 * @source: its file
 * @warnings: where to say what is odd
 * @error: return location
 *
 * Holds the local headers of records, and what follows their data, against the directory. Of a large file only those that are
 * cheap or suspicious, at most a thousand.
 *
 * Returns: FALSE with CKPT_ERROR_MALFORMED if a record is not where the directory says, or an error of reading the file
 */
gboolean
ckpt_zip_audit_check_records (CkptZipAudit *self, CkptSource *source, CkptWarnings *warnings, GError **error)
{
  gboolean is_small = ckpt_source_get_size (source) <= SMALL_FILE;
  guint n = ckpt_zip_audit_get_n (self);
  guint n_read = 0;

  if (ckpt_zip_audit_get_by_place (self, 0)->header > 0)
    ckpt_warnings_add (
        warnings, "zip-unlisted", NULL, CKPT_NO_OFFSET,
        _ ("The record at the beginning of the file is not in the directory. It is not shown, and PyTorch does not see it."));
  for (guint i = 0; i < n && n_read < MAX_HEADERS; i++)
    {
      const CkptZipEntry *entry = ckpt_zip_audit_get_by_place (self, i);
      Record record = { source, warnings, entry, ckpt_zip_audit_get_directory (self) };

      if (i + 1 < n)
        record.next = ckpt_zip_audit_get_by_place (self, i + 1)->header;
      if (!is_small && is_storage (entry) && is_gap_usual (entry, record.next))
        continue;
      n_read++;
      if (!check_record (&record, error))
        return FALSE;
    }
  return TRUE;
}
