/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-zip-loader.h"

#include "io/ckpt-alloc.h"
#include "io/ckpt-limits.h"
#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* kMinSupportedFileFormatVersion and kMaxSupportedFileFormatVersion of PyTorch 2.13 (caffe2/serialize/versions.h). */
#define MIN_VERSION 1
#define MAX_VERSION 10

#define MAX_SHOWN 200

static void
warn (CkptZipLoader *self, guint record, const char *code, const char *sentence)
{
  ckpt_warnings_add (self->loader->warnings, code, ckpt_archive_get (self->loader->archive, record)->name,
                     CKPT_NO_OFFSET, "%s", sentence);
}

/**
 * ckpt_zip_loader_can_ignore:
 * @local_error: (transfer full): an error of reading a record that the checkpoint can do without
 * @error: return location
 *
 * Tells damage, which is no reason to refuse the whole file, from a disk that does not give it.
 *
 * Returns: FALSE, with @local_error propagated to @error, if it is the disk
 */
gboolean
ckpt_zip_loader_can_ignore (GError **local_error, GError **error)
{
  if ((*local_error)->domain == CKPT_ERROR && (*local_error)->code != CKPT_ERROR_CHANGED_ON_DISK)
    {
      g_clear_error (local_error);
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (local_error));
  return FALSE;
}

static gboolean
read_text (CkptZipLoader *self, guint index, char **text, GError **error)
{
  CkptArchive *archive = self->loader->archive;
  const CkptRecord *record = ckpt_archive_get (archive, index);
  g_autoptr (GError) local_error = NULL;
  g_autofree char *read = NULL;

  *text = NULL;
  self->is_used[index] = TRUE;
  if (record->size > CKPT_LIMIT_SMALL_RECORD)
    {
      warn (self, index, "record-large", _ ("A record that should hold a word is too large to be read."));
      return TRUE;
    }
  read = ckpt_try_malloc (record->size + 1, error);
  if (read == NULL)
    return FALSE;
  if (!ckpt_archive_read (archive, index, 0, read, record->size, &local_error))
    {
      warn (self, index, "record-unreadable", local_error->message);
      return ckpt_zip_loader_can_ignore (&local_error, error);
    }
  read[record->size] = '\0';
  *text = g_steal_pointer (&read);
  return TRUE;
}

/* Notes what a record says, if it is there. */
static gboolean
read_fact (CkptZipLoader *self,
           const char *record,
           const char *name,
           char **text,
           gboolean *is_there,
           GError **error)
{
  g_autofree char *read = NULL;
  g_autofree char *shown = NULL;
  guint index;

  *is_there = ckpt_zip_names_find (self->names, self->loader->warnings, record, &index);
  if (!*is_there)
    return TRUE;
  if (!read_text (self, index, &read, error))
    return FALSE;
  if (read == NULL)
    return TRUE;
  g_strchomp (read);
  shown = ckpt_text_escape (read, strlen (read), MAX_SHOWN);
  ckpt_tree_add_fact (self->loader->tree, name, shown);
  if (text != NULL)
    *text = g_steal_pointer (&read);
  return TRUE;
}

/* PyTorch reads the number as std::stoull() does, and needs one. */
static void
check_version (CkptZipLoader *self, const char *text, gboolean is_there)
{
  CkptWarnings *warnings = self->loader->warnings;
  guint64 version;

  if (!is_there && self->is_cut)
    return;
  if (!is_there)
    ckpt_warnings_add (warnings, "version-missing", NULL, CKPT_NO_OFFSET,
                       _ ("The record “version” is missing. PyTorch does not load this file."));
  else if (text == NULL)
    return;
  else if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &version, NULL))
    ckpt_warnings_add (warnings, "version-not-a-number", NULL, CKPT_NO_OFFSET,
                       _ ("The record “version” does not hold a number. PyTorch does not load this file."));
  else if (version < MIN_VERSION || version > MAX_VERSION)
    ckpt_warnings_add (warnings, "version-unknown", NULL, CKPT_NO_OFFSET,
                       _ ("The file says that it is of version %" PRIu64
                          ". PyTorch 2.13 loads versions %d to %d; another one may be needed."),
                       version, MIN_VERSION, MAX_VERSION);
}

/* torch.load() takes a file without a byte order for little-endian since 2.1. */
static void
check_byte_order (CkptZipLoader *self, const char *text, gboolean is_there)
{
  self->is_big_endian = text != NULL && strcmp (text, "big") == 0;
  self->can_read = !is_there || self->is_big_endian || (text != NULL && strcmp (text, "little") == 0);
  if (!self->can_read)
    ckpt_warnings_add (
        self->loader->warnings, "byteorder-unknown", NULL, CKPT_NO_OFFSET,
        _ ("The file names a byte order that is neither “little” nor “big”, so no values are shown. PyTorch does not load it."));
}

/**
 * ckpt_zip_loader_read_facts:
 * @self: a zip
 * @error: return location
 *
 * Reads the records in which PyTorch says what it wrote (torch/serialization.py, _save(), and caffe2/serialize/inline_container.cc).
 *
 * Returns: FALSE with an error of reading the file
 */
gboolean
ckpt_zip_loader_read_facts (CkptZipLoader *self, GError **error)
{
  g_autofree char *version = NULL;
  g_autofree char *byte_order = NULL;
  gboolean has_version;
  gboolean has_byte_order;
  gboolean ignored;

  if (!read_fact (self, ".data/version", "version", &version, &has_version, error) ||
      (!has_version && !read_fact (self, "version", "version", &version, &has_version, error)) ||
      !read_fact (self, "byteorder", "byteorder", &byte_order, &has_byte_order, error) ||
      !read_fact (self, ".format_version", "format_version", NULL, &ignored, error) ||
      !read_fact (self, ".storage_alignment", "storage_alignment", NULL, &ignored, error) ||
      !read_fact (self, ".data/serialization_id", "serialization_id", NULL, &ignored, error))
    return FALSE;
  check_version (self, version, has_version);
  check_byte_order (self, byte_order, has_byte_order);
  return TRUE;
}
