/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-zip-end.h"

#include "formats/ckpt-zip-header.h"
#include "io/ckpt-alloc.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* The end record may be followed by a comment; before it stands the locator of a zip64 end record. */
#define TAIL_SIZE (CKPT_ZIP_END_SIZE + CKPT_ZIP_MAX_COMMENT + CKPT_ZIP_LOCATOR_SIZE)

#define NONE32 0xffffffff
#define NONE16 0xffff

/* The last bytes of the file. */
typedef struct
{
  guint8 *bytes;
  gsize length;
  guint64 offset;
} Tail;

static gboolean
is_end (const Tail *tail, gsize at)
{
  return tail->length - at >= CKPT_ZIP_END_SIZE && memcmp (tail->bytes + at, "PK\5\6", 4) == 0;
}

/* The last end record, which both libzip and PyTorch's miniz take. */
static gboolean
find_last (const Tail *tail, gsize *at)
{
  for (gsize i = tail->length; i > 0; i--)
    if (is_end (tail, i - 1))
      {
        *at = i - 1;
        return TRUE;
      }
  return FALSE;
}

/* Another end record behind the directory leads other programs to another directory. */
static gboolean
check_only_one (const Tail *tail, gsize last, const CkptZipEnd *end, GError **error)
{
  guint64 directory_end = end->directory + end->directory_size;

  for (gsize i = 0; i < tail->length; i++)
    if (i != last && tail->offset + i >= directory_end && is_end (tail, i))
      return ckpt_zip_fail (error, CKPT_ERROR_MALFORMED, "zip-two-ends", tail->offset + i,
                            _ ("The zip archive has two end records, at bytes %" PRIu64 " and %" PRIu64
                               ", so different programs would see different content."),
                            tail->offset + MIN (i, last), tail->offset + MAX (i, last));
  return TRUE;
}

static gboolean
set_disagree_error (guint64 offset, GError **error)
{
  return ckpt_zip_fail (
      error, CKPT_ERROR_MALFORMED, "zip-ends-disagree", offset,
      _ ("The two end records of the zip archive disagree, so different programs would see different content."));
}

/* Where a zip64 end record is meant, the plain one either says the same or holds the highest number. */
static gboolean
check_agree (const CkptZipEnd *plain, const CkptZipEnd *end64, guint64 offset, GError **error)
{
  if ((plain->n_entries != NONE16 && plain->n_entries != end64->n_entries) ||
      (plain->directory_size != NONE32 && plain->directory_size != end64->directory_size) ||
      (plain->directory != NONE32 && plain->directory != end64->directory))
    return set_disagree_error (offset, error);
  return TRUE;
}

static gboolean
check_disks (gboolean is_one, guint64 offset, GError **error)
{
  return is_one || ckpt_zip_fail (error, CKPT_ERROR_UNSUPPORTED, "zip-multi-disk", offset,
                                  _ ("This is one part of a zip archive of several parts."));
}

static gboolean
read_end64 (CkptSource *source, const Tail *tail, gsize locator, CkptZipEnd *end, GError **error)
{
  const guint8 *bytes = tail->bytes + locator;
  guint64 locator_offset = tail->offset + locator;
  guint64 offset = ckpt_zip_get64 (bytes + 8);
  CkptZipEnd end64 = { .offset = offset };
  guint8 record[CKPT_ZIP_END64_SIZE];

  if (offset > locator_offset || locator_offset - offset < sizeof record)
    return ckpt_zip_fail (
        error, CKPT_ERROR_MALFORMED, "zip-locator", locator_offset,
        _ ("There can be no zip64 end record at byte %" PRIu64 ", where the zip archive says it is."),
        offset);
  if (!ckpt_source_read (source, offset, record, sizeof record, error))
    return FALSE;
  if (memcmp (record, "PK\6\6", 4) != 0 || ckpt_zip_get64 (record + 4) != locator_offset - offset - 12)
    return ckpt_zip_fail (
        error, CKPT_ERROR_MALFORMED, "zip-locator", offset,
        _ ("There is no zip64 end record at byte %" PRIu64 ", where the zip archive says it is."), offset);
  if (!check_disks (ckpt_zip_get32 (bytes + 4) == 0 && ckpt_zip_get32 (bytes + 16) == 1 &&
                        ckpt_zip_get32 (record + 16) == 0 && ckpt_zip_get32 (record + 20) == 0 &&
                        ckpt_zip_get64 (record + 24) == ckpt_zip_get64 (record + 32),
                    offset, error))
    return FALSE;

  end64.n_entries = ckpt_zip_get64 (record + 32);
  end64.directory_size = ckpt_zip_get64 (record + 40);
  end64.directory = ckpt_zip_get64 (record + 48);
  if (!check_agree (end, &end64, offset, error))
    return FALSE;
  *end = end64;
  return TRUE;
}

static gboolean
read_end (CkptSource *source, const Tail *tail, gsize at, CkptZipEnd *end, GError **error)
{
  const guint8 *bytes = tail->bytes + at;
  gboolean has_locator = at >= CKPT_ZIP_LOCATOR_SIZE &&
                         memcmp (bytes - CKPT_ZIP_LOCATOR_SIZE, "PK\6\7", 4) == 0;

  end->offset = tail->offset + at;
  end->n_entries = ckpt_zip_get16 (bytes + 10);
  end->directory_size = ckpt_zip_get32 (bytes + 12);
  end->directory = ckpt_zip_get32 (bytes + 16);
  return check_disks (ckpt_zip_get16 (bytes + 4) == 0 && ckpt_zip_get16 (bytes + 6) == 0 &&
                          ckpt_zip_get16 (bytes + 8) == end->n_entries,
                      end->offset, error) &&
         (!has_locator || read_end64 (source, tail, at - CKPT_ZIP_LOCATOR_SIZE, end, error));
}

/* What lies between the directory and the end, and behind it. */
static gboolean
check_surroundings (CkptSource *source,
                    CkptWarnings *warnings,
                    const Tail *tail,
                    gsize at,
                    const CkptZipEnd *end,
                    GError **error)
{
  guint64 size = ckpt_source_get_size (source);
  guint64 after = tail->offset + at + CKPT_ZIP_END_SIZE + ckpt_zip_get16 (tail->bytes + at + 20);

  if (end->directory > end->offset || end->directory_size > end->offset - end->directory)
    return ckpt_zip_fail (error, CKPT_ERROR_MALFORMED, "zip-directory-outside", end->offset,
                          _ ("The directory of the zip archive should be at byte %" PRIu64 " with %" PRIu64
                             " bytes, but the file has only %" PRIu64 " bytes before its end record."),
                          end->directory, end->directory_size, end->offset);
  if (!check_only_one (tail, at, end, error))
    return FALSE;
  if (end->n_entries == 0)
    return ckpt_zip_fail (error, CKPT_ERROR_NOT_RECOGNIZED, "zip-empty", end->offset,
                          _ ("This is an empty zip archive, without a checkpoint in it."));

  if (end->directory + end->directory_size < end->offset)
    ckpt_warnings_add (
        warnings, "zip-directory-gap", NULL, CKPT_NO_OFFSET,
        _ ("%" PRIu64 " bytes lie between the directory of the zip archive and its end record."),
        end->offset - end->directory - end->directory_size);
  if (after < size)
    ckpt_warnings_add (warnings, "bytes-after-end", NULL, CKPT_NO_OFFSET,
                       _ ("%" PRIu64 " bytes follow the end of the zip archive. They are not shown."),
                       size - after);
  else if (after > size)
    ckpt_warnings_add (
        warnings, "zip-end-cut", NULL, CKPT_NO_OFFSET,
        _ ("The zip archive announces a comment at its end, of which %" PRIu64 " bytes are missing."),
        after - size);
  return TRUE;
}

/**
 * ckpt_zip_end_find:
 * @source: a zip
 * @warnings: where to say what is odd
 * @end: (out): where its directory is
 * @error: return location
 *
 * Reads the end records as miniz does, which PyTorch uses: the last end record counts, and a zip64 end record before it goes
 * first. Where other programs would come to another directory, that is an error. Reads at most 65,633 bytes.
 *
 * Returns: FALSE with CKPT_ERROR_TRUNCATED and the code %CKPT_ZIP_NO_END if there is no end record, another CKPT_ERROR if it
 *   cannot be relied on, or an error of reading the file
 */
gboolean
ckpt_zip_end_find (CkptSource *source, CkptWarnings *warnings, CkptZipEnd *end, GError **error)
{
  g_autofree guint8 *bytes = NULL;
  guint64 size = ckpt_source_get_size (source);
  Tail tail = { .length = MIN (size, TAIL_SIZE) };
  CkptZipEnd found = { 0 };
  gsize at;

  bytes = ckpt_try_malloc (tail.length, error);
  if (bytes == NULL)
    return FALSE;
  tail.bytes = bytes;
  tail.offset = size - tail.length;
  if (!ckpt_source_read (source, tail.offset, bytes, tail.length, error))
    return FALSE;
  if (!find_last (&tail, &at))
    return ckpt_zip_fail (error, CKPT_ERROR_TRUNCATED, CKPT_ZIP_NO_END, size,
                          _ ("The zip archive has no end record: the file is cut at byte %" PRIu64 "."),
                          size);
  if (!read_end (source, &tail, at, &found, error) ||
      !check_surroundings (source, warnings, &tail, at, &found, error))
    return FALSE;
  *end = found;
  return TRUE;
}
