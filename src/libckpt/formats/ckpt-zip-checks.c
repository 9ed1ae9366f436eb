/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-zip-loader.h"

#include "pickle/ckpt-opcodes.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <libdeflate.h>
#include <string.h>

/* A pickle of more bytes than this is not read twice for its CRC. */
#define MAX_CHECKED ((guint64) 64 << 20)
#define BLOCK_SIZE  ((gsize) 1 << 18)

/* How much of the records that nothing uses is looked at. */
#define MAX_UNUSED 1000
#define SHORT_LOOK ((gsize) 512)
#define LONG_LOOK  ((gsize) 1 << 18)

/* Writers may leave CRCs out (torch.serialization.set_crc32_options(False)), and then all are 0. */
static gboolean
has_crcs (CkptArchive *archive)
{
  for (guint i = 0; i < ckpt_archive_get_n (archive); i++)
    if (ckpt_archive_get (archive, i)->crc != 0)
      return TRUE;
  return FALSE;
}

/**
 * ckpt_zip_loader_check_crc:
 * @self: a zip
 * @record: a record that is going to be read
 * @error: return location
 *
 * Warns if the record's CRC is not what the directory says. PyTorch does not look.
 *
 * Returns: FALSE with an error of reading the record
 */
gboolean
ckpt_zip_loader_check_crc (CkptZipLoader *self, guint record, GError **error)
{
  CkptArchive *archive = self->loader->archive;
  const CkptRecord *info = ckpt_archive_get (archive, record);
  g_autofree guint8 *block = NULL;
  guint32 crc = 0;

  if (info->size > MAX_CHECKED || !has_crcs (archive))
    return TRUE;
  block = g_malloc (MIN (BLOCK_SIZE, MAX (info->size, 1)));
  for (guint64 at = 0; at < info->size;)
    {
      gsize n = MIN (BLOCK_SIZE, info->size - at);

      if (g_cancellable_set_error_if_cancelled (self->loader->cancellable, error) ||
          !ckpt_archive_read (archive, record, at, block, n, error))
        return FALSE;
      crc = libdeflate_crc32 (crc, block, n);
      at += n;
    }
  if (crc != info->crc)
    ckpt_warnings_add (
        self->loader->warnings, "crc", info->name, CKPT_NO_OFFSET,
        _ ("The checksum of a record is %08x, but the file says %08x: it may be damaged. PyTorch does not check it."),
        crc, info->crc);
  return TRUE;
}

/* What a look at bytes that may be a pickle finds. */
typedef struct
{
  gboolean has_proto;
  gboolean has_global;
} Glance;

static void
note_opcode (guint64 position, guint8 opcode, gpointer user_data)
{
  Glance *glance = user_data;

  glance->has_proto = glance->has_proto || (opcode == CKPT_OP_PROTO && position == 0);
  glance->has_global = glance->has_global || opcode == CKPT_OP_GLOBAL || opcode == CKPT_OP_STACK_GLOBAL ||
                       opcode == CKPT_OP_INST;
}

/* Scans the first bytes of what may be a pickle. Whether more bytes could change the answer is in @needs_more. One that is cut does
 * its work up to there all the same. */
static gboolean
scan (const guint8 *bytes, gsize length, gboolean *needs_more)
{
  g_autoptr (CkptReader) reader = ckpt_reader_new_for_data (bytes, length, "");
  g_autoptr (GError) error = NULL;
  Glance glance = { FALSE, FALSE };

  *needs_more = FALSE;
  if (ckpt_scan_pickle (reader, note_opcode, &glance, &error))
    return glance.has_global || glance.has_proto;
  *needs_more = g_error_matches (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
  return *needs_more && glance.has_global && glance.has_proto;
}

/* Any bytes may be opcodes by chance, but not for long. A few bytes tell; if they do not, more are read. */
static gboolean
find_pickle (CkptZipLoader *self, guint record, guint64 position, gboolean *is_pickle, GError **error)
{
  guint64 n_left = ckpt_archive_get (self->loader->archive, record)->size - position;
  g_autofree guint8 *bytes = g_malloc (MIN (LONG_LOOK, n_left));
  g_autoptr (GError) local_error = NULL;
  gboolean needs_more = TRUE;

  *is_pickle = FALSE;
  for (gsize look = SHORT_LOOK; needs_more && look <= LONG_LOOK; look *= LONG_LOOK / SHORT_LOOK)
    {
      gsize n = MIN (look, n_left);

      if (!ckpt_archive_read (self->loader->archive, record, position, bytes, n, &local_error))
        return ckpt_zip_loader_can_ignore (&local_error, error);
      *is_pickle = scan (bytes, n, &needs_more);
      needs_more = needs_more && n < n_left;
    }
  return TRUE;
}

/**
 * ckpt_zip_loader_check_stop:
 * @self: a zip
 * @record: a record with a pickle
 * @end: byte of the record where the pickle ends
 * @error: return location
 *
 * Warns of what follows: Python reads no further, but another program may.
 *
 * Returns: FALSE with an error of reading the file
 */
gboolean
ckpt_zip_loader_check_stop (CkptZipLoader *self, guint record, guint64 end, GError **error)
{
  const CkptRecord *info = ckpt_archive_get (self->loader->archive, record);
  gboolean is_pickle;

  if (end >= info->size)
    return TRUE;
  if (!find_pickle (self, record, end, &is_pickle, error))
    return FALSE;
  if (is_pickle)
    ckpt_warnings_add (self->loader->warnings, "pickle-after-stop", info->name, end,
                       _ ("A second pickle follows the end of the first one, at byte %" PRIu64
                          ". It is not shown, and PyTorch does not read it."),
                       end);
  else
    ckpt_warnings_add (self->loader->warnings, "bytes-after-stop", info->name, end,
                       _ ("%" PRIu64 " bytes follow the end of the pickle. They are not shown."),
                       info->size - end);
  return TRUE;
}

/**
 * ckpt_zip_loader_check_unused:
 * @self: a zip whose storages were found
 * @error: return location
 *
 * Warns of records that nothing uses and that are pickles, whatever their names are. Others are only wasted bytes.
 *
 * Returns: FALSE with an error of reading the file or G_IO_ERROR_CANCELLED
 */
gboolean
ckpt_zip_loader_check_unused (CkptZipLoader *self, GError **error)
{
  CkptArchive *archive = self->loader->archive;
  guint n_seen = 0;

  for (guint i = 0; i < ckpt_archive_get_n (archive) && n_seen < MAX_UNUSED; i++)
    {
      const CkptRecord *record = ckpt_archive_get (archive, i);
      gboolean is_pickle;

      if (self->is_used[i] || record->size == 0)
        continue;
      if (g_cancellable_set_error_if_cancelled (self->loader->cancellable, error))
        return FALSE;
      n_seen++;
      if (!find_pickle (self, i, 0, &is_pickle, error))
        return FALSE;
      if (is_pickle)
        ckpt_warnings_add (
            self->loader->warnings, "hidden-pickle", record->name, CKPT_NO_OFFSET,
            _ ("A record that the checkpoint does not use is a pickle. It is not shown, and PyTorch does not read it."));
    }
  return TRUE;
}
