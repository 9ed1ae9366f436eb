/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-zip-audit.h"

#include "formats/ckpt-zip-header.h"
#include "io/ckpt-alloc.h"
#include "io/ckpt-limits.h"
#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <sys/stat.h>

/* What is odd here can make different programs see different content in one zip: You et al., "My ZIP isn't your ZIP" (USENIX
 * Security 2025), has the classes. Where PyTorch's reading would be in doubt, the file is refused; else there is a warning. */

#define UNIX_HOST 3

#define NONE32 0xffffffff

struct _CkptZipAudit
{
  CkptSource *source;
  CkptWarnings *warnings;
  CkptZipEnd end;
  guint8 *directory;
  CkptZipEntry *entries;
  guint *order; /* the entries by their place in the file */
  guint n;
};

static gboolean
fail_at_entry (CkptZipAudit *self,
               const guint8 *entry,
               CkptError error_code,
               const char *code,
               GError **error,
               char *sentence)
{
  ckpt_zip_fail (error, error_code, code, self->end.directory + (entry - self->directory), "%s", sentence);
  g_free (sentence);
  return FALSE;
}

static void
warn (CkptZipAudit *self, const CkptZipEntry *entry, guint64 offset, const char *code, char *sentence)
{
  g_autofree char *name = g_strndup (entry->name, entry->name_length);
  CkptWarning *warning = ckpt_warnings_add (self->warnings, code, name, CKPT_NO_OFFSET, "%s", sentence);

  if (warning != NULL)
    warning->place.file_offset = offset;
  g_free (sentence);
}

/* The sizes and the offset that did not fit their fields, in the order in which they must stand. */
static gboolean
apply_zip64 (CkptZipEntry *entry, const guint8 *data, guint length)
{
  guint64 *const wide[] = { &entry->size, &entry->stored_size, &entry->header };
  guint at = 0;

  for (guint i = 0; i < G_N_ELEMENTS (wide); i++)
    {
      if (*wide[i] != NONE32)
        continue;
      if (length - at < 8)
        return FALSE;
      *wide[i] = ckpt_zip_get64 (data + at);
      at += 8;
    }
  return TRUE;
}

static gboolean
parse_extra (CkptZipAudit *self,
             CkptZipEntry *entry,
             const guint8 *at,
             const guint8 *extra,
             guint length,
             GError **error)
{
  const CkptZipEntry narrow = *entry;
  gboolean is_wide = FALSE;

  for (guint i = 0; length - i >= 4;)
    {
      guint id = ckpt_zip_get16 (extra + i);
      guint n = ckpt_zip_get16 (extra + i + 2);
      CkptZipEntry wide = narrow;

      if (n > length - i - 4)
        break;
      if (id == 1)
        {
          if (!apply_zip64 (&wide, extra + i + 4, n))
            break;
          if (is_wide && (wide.size != entry->size || wide.stored_size != entry->stored_size ||
                          wide.header != entry->header))
            return fail_at_entry (
                self, at, CKPT_ERROR_MALFORMED, "zip-two-sizes", error,
                g_strdup (_ ("A directory entry has two zip64 fields that disagree on its size.")));
          *entry = wide;
          is_wide = TRUE;
        }
      i += 4 + n;
    }
  if (!is_wide && (narrow.size == NONE32 || narrow.stored_size == NONE32 || narrow.header == NONE32))
    return fail_at_entry (
        self, at, CKPT_ERROR_MALFORMED, "zip-no-zip64", error,
        g_strdup (_ ("A directory entry says that its size stands in a zip64 field, which is missing.")));
  return TRUE;
}

static gboolean
check_range (CkptZipAudit *self, const CkptZipEntry *entry, const guint8 *at, GError **error)
{
  guint64 directory = self->end.directory;

  if (entry->header > directory ||
      directory - entry->header < CKPT_ZIP_LOCAL_SIZE + (guint64) entry->name_length)
    return fail_at_entry (self, at, CKPT_ERROR_MALFORMED, "zip-record-outside", error,
                          g_strdup_printf (_ ("A record should begin at byte %" PRIu64
                                              ", but the records end at byte %" PRIu64 "."),
                                           entry->header, directory));
  if (entry->stored_size > directory - entry->header - CKPT_ZIP_LOCAL_SIZE - entry->name_length)
    return fail_at_entry (self, at, CKPT_ERROR_MALFORMED, "zip-record-outside", error,
                          g_strdup_printf (_ ("A record at byte %" PRIu64 " should have %" PRIu64
                                              " bytes, but the records end at byte %" PRIu64 "."),
                                           entry->header, entry->stored_size, directory));
  if (entry->method == CKPT_ZIP_METHOD_STORED && entry->size != entry->stored_size &&
      !(entry->flags & CKPT_ZIP_FLAG_ENCRYPTED))
    return fail_at_entry (self, at, CKPT_ERROR_MALFORMED, "zip-two-sizes", error,
                          g_strdup_printf (_ ("A record that is not compressed has two sizes, %" PRIu64
                                              " and %" PRIu64 " bytes."),
                                           entry->size, entry->stored_size));
  return TRUE;
}

/* What miniz passes over but other programs act on. */
static void
check_marks (CkptZipAudit *self, const CkptZipEntry *entry, const guint8 *at)
{
  guint64 offset = self->end.directory + (at - self->directory);
  guint32 mode = ckpt_zip_get32 (at + 38) >> 16;

  if (entry->flags & CKPT_ZIP_ODD_FLAGS)
    warn (self, entry, offset, "zip-flags",
          g_strdup_printf (
              _ ("A record is marked as encrypted or as a patch (flags 0x%04x). PyTorch does not load it."),
              entry->flags));
  if (at[5] == UNIX_HOST && S_ISLNK (mode))
    warn (self, entry, offset, "zip-symbolic-link",
          g_strdup (_ ("A record is marked as a symbolic link. It is shown as data.")));
  if (entry->name_length == 0)
    warn (self, entry, offset, "zip-no-name", g_strdup (_ ("A record has no name.")));
  else if (entry->name[entry->name_length - 1] == '/' && entry->size > 0)
    warn (self, entry, offset, "zip-folder-with-data",
          g_strdup (_ ("A folder of the zip archive has data of its own.")));
}

/* Reads the entry at @at, of which CKPT_ZIP_CENTRAL_SIZE bytes are there. */
static gboolean
parse_entry (CkptZipAudit *self,
             const guint8 *at,
             gsize n_left,
             CkptZipEntry *entry,
             gsize *length,
             GError **error)
{
  guint name_length = ckpt_zip_get16 (at + 28);
  guint extra_length = ckpt_zip_get16 (at + 30);
  const guint8 *name = at + CKPT_ZIP_CENTRAL_SIZE;

  *length = CKPT_ZIP_CENTRAL_SIZE + name_length + extra_length + ckpt_zip_get16 (at + 32);
  if (*length > n_left)
    return fail_at_entry (
        self, at, CKPT_ERROR_MALFORMED, "zip-entry-long", error,
        g_strdup (_ ("An entry of the zip archive's directory runs past the end of the directory.")));
  *entry = (CkptZipEntry) {
    .name = (const char *) name,
    .name_length = name_length,
    .flags = ckpt_zip_get16 (at + 8),
    .method = ckpt_zip_get16 (at + 10),
    .crc = ckpt_zip_get32 (at + 16),
    .stored_size = ckpt_zip_get32 (at + 20),
    .size = ckpt_zip_get32 (at + 24),
    .header = ckpt_zip_get32 (at + 42),
  };
  if (memchr (name, '\0', name_length) != NULL)
    return fail_at_entry (
        self, at, CKPT_ERROR_MALFORMED, "zip-name-nul", error,
        g_strdup (_ (
            "The name of a record has a NUL byte in it, so different programs would see different names.")));
  if (!parse_extra (self, entry, at, name + name_length, extra_length, error) ||
      !check_range (self, entry, at, error))
    return FALSE;
  check_marks (self, entry, at);
  return TRUE;
}

static gboolean
is_entry (const guint8 *at, gsize n_left)
{
  return n_left >= CKPT_ZIP_CENTRAL_SIZE && memcmp (at, "PK\1\2", 4) == 0;
}

static gboolean
parse_directory (CkptZipAudit *self, GError **error)
{
  const guint8 *at = self->directory;
  gsize n_left = self->end.directory_size;
  gsize length;

  for (; self->n < self->end.n_entries; self->n++)
    {
      if (!is_entry (at, n_left))
        return fail_at_entry (self, at, CKPT_ERROR_MALFORMED, "zip-no-entry", error,
                              g_strdup_printf (_ ("The directory of the zip archive should have %" PRIu64
                                                  " entries, but after %u there is none."),
                                               self->end.n_entries, self->n));
      if (!parse_entry (self, at, n_left, &self->entries[self->n], &length, error))
        return FALSE;
      at += length;
      n_left -= length;
    }
  if (is_entry (at, n_left))
    return fail_at_entry (
        self, at, CKPT_ERROR_MALFORMED, "zip-uncounted", error,
        g_strdup_printf (
            _ ("The directory of the zip archive has more entries than the %" PRIu64
               " that its end record counts, so different programs would see different content."),
            self->end.n_entries));
  return TRUE;
}

static int
compare_places (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const CkptZipEntry *entries = user_data;
  guint64 place_a = entries[*(const guint *) a].header;
  guint64 place_b = entries[*(const guint *) b].header;

  return (place_a > place_b) - (place_a < place_b);
}

/* Where the data of an entry end at the soonest: the length of the local extra field is not known here. */
static guint64
get_soonest_end (const CkptZipEntry *entry)
{
  return entry->header + CKPT_ZIP_LOCAL_SIZE + entry->name_length + entry->stored_size;
}

/* Records that share bytes are how a small zip unpacks to petabytes; no writer makes them. */
static gboolean
check_overlap (CkptZipAudit *self, GError **error)
{
  gboolean is_sorted = TRUE;

  for (guint i = 0; i < self->n; i++)
    {
      self->order[i] = i;
      is_sorted = is_sorted && (i == 0 || self->entries[i - 1].header <= self->entries[i].header);
    }
  if (!is_sorted)
    g_sort_array (self->order, self->n, sizeof *self->order, compare_places, self->entries);

  for (guint i = 1; i < self->n; i++)
    {
      const CkptZipEntry *former = &self->entries[self->order[i - 1]];
      const CkptZipEntry *entry = &self->entries[self->order[i]];

      if (get_soonest_end (former) > entry->header)
        return ckpt_zip_fail (
            error, CKPT_ERROR_MALFORMED, "zip-overlap", entry->header,
            _ ("Records %u and %u of the zip archive share bytes from byte %" PRIu64 " on."),
            self->order[i - 1] + 1, self->order[i] + 1, entry->header);
    }
  return TRUE;
}

/* libzip looks its names up by a hash without a key (of Bernstein: 33 times the former plus the next byte), so names can be made
 * that all fall together, and opening 100,000 of them would take a quarter of a minute. */
static gboolean
check_names (CkptZipAudit *self, GError **error)
{
  g_autofree guint32 *n_together = g_new0 (guint32, 1 << 16);
  guint limit = 256 + self->n / 4096;

  for (guint i = 0; i < self->n; i++)
    {
      const CkptZipEntry *entry = &self->entries[i];
      guint32 hash = 5381;

      for (guint at = 0; at < entry->name_length; at++)
        hash = hash * 33 + (guint8) entry->name[at];
      if (++n_together[hash & 0xffff] > limit)
        return ckpt_zip_fail (
            error, CKPT_ERROR_LIMIT, "zip-names", entry->header,
            _ ("The names of the records are chosen so that the zip archive would take very long to open."));
    }
  return TRUE;
}

static gboolean
check_limits (const CkptZipEnd *end, GError **error)
{
  if (end->n_entries > CKPT_LIMIT_RECORDS)
    return ckpt_zip_fail (error, CKPT_ERROR_LIMIT, "zip-records", end->offset,
                          _ ("The zip archive has %" PRIu64 " records, more than the %u that are read."),
                          end->n_entries, CKPT_LIMIT_RECORDS);
  if (end->directory_size > CKPT_LIMIT_ZIP_DIRECTORY)
    return ckpt_zip_fail (error, CKPT_ERROR_LIMIT, "zip-directory", end->offset,
                          _ ("The directory of the zip archive has %" PRIu64 " bytes, more than the %" PRIu64
                             " that are read."),
                          end->directory_size, CKPT_LIMIT_ZIP_DIRECTORY);
  return TRUE;
}

/**
 * ckpt_zip_audit_new:
 * @source: a zip
 * @warnings: where to say what is odd; must outlive the audit
 * @error: return location
 *
 * Reads the end records and the directory.
 *
 * Returns: (transfer full): the entries, or NULL with CKPT_ERROR_TRUNCATED and the code %CKPT_ZIP_NO_END if there is no
 *   directory, another CKPT_ERROR if it cannot be relied on, or an error of reading the file
 */
CkptZipAudit *
ckpt_zip_audit_new (CkptSource *source, CkptWarnings *warnings, GError **error)
{
  g_autoptr (CkptZipAudit) self = g_new0 (CkptZipAudit, 1);
  CkptZipEnd *end = &self->end;

  self->source = ckpt_source_ref (source);
  self->warnings = warnings;
  if (!ckpt_zip_end_find (source, warnings, end, error) || !check_limits (end, error))
    return NULL;

  self->directory = ckpt_try_malloc (end->directory_size, error);
  self->entries = self->directory != NULL ? ckpt_try_malloc (end->n_entries * sizeof *self->entries, error)
                                          : NULL;
  self->order = self->entries != NULL ? ckpt_try_malloc (end->n_entries * sizeof *self->order, error) : NULL;
  if (self->order == NULL ||
      !ckpt_source_read (source, end->directory, self->directory, end->directory_size, error) ||
      !parse_directory (self, error) || !check_overlap (self, error) || !check_names (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * ckpt_zip_audit_free:
 * @self: (transfer full): an audit
 */
void
ckpt_zip_audit_free (CkptZipAudit *self)
{
  ckpt_source_unref (self->source);
  g_free (self->directory);
  g_free (self->entries);
  g_free (self->order);
  g_free (self);
}

/**
 * ckpt_zip_audit_get_n:
 * @self: an audit
 *
 * Returns: how many entries the directory has
 */
guint
ckpt_zip_audit_get_n (CkptZipAudit *self)
{
  return self->n;
}

/**
 * ckpt_zip_audit_get:
 * @self: an audit
 * @index: which one, in the order of the directory
 *
 * Returns: (transfer none): the entry
 */
const CkptZipEntry *
ckpt_zip_audit_get (CkptZipAudit *self, guint index)
{
  return &self->entries[index];
}

/**
 * ckpt_zip_audit_get_by_place:
 * @self: an audit
 * @place: which one, in the order of the file
 *
 * Returns: (transfer none): the entry
 */
const CkptZipEntry *
ckpt_zip_audit_get_by_place (CkptZipAudit *self, guint place)
{
  return &self->entries[self->order[place]];
}

/**
 * ckpt_zip_audit_get_directory:
 * @self: an audit
 *
 * Returns: byte of the file where the directory begins, and the records end
 */
guint64
ckpt_zip_audit_get_directory (CkptZipAudit *self)
{
  return self->end.directory;
}
