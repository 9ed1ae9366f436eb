/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-zip-loader.h"

#include "io/ckpt-alloc.h"
#include "io/ckpt-limits.h"
#include "model/ckpt-text.h"

#include <errno.h>
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

/* A small record, as far as it could be read. */
typedef struct
{
  gboolean is_there;
  guint index;
  char *text; /* NULL if it is not there or not readable, which was warned of */
} Fact;

static void
fact_clear (Fact *fact)
{
  g_clear_pointer (&fact->text, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fact, fact_clear)

static gboolean
read_text (CkptZipLoader *self, Fact *fact, GError **error)
{
  CkptArchive *archive = self->loader->archive;
  const CkptRecord *record = ckpt_archive_get (archive, fact->index);
  g_autoptr (GError) local_error = NULL;
  g_autofree char *text = NULL;

  self->is_used[fact->index] = TRUE;
  if (record->is_repeated)
    {
      warn (self, fact->index, "record-twice",
            _ ("Two records of the zip archive have the same name, so neither is read."));
      return TRUE;
    }
  if (record->size > CKPT_LIMIT_SMALL_RECORD)
    {
      warn (self, fact->index, "record-large",
            _ ("A record that should hold a word is too large to be read."));
      return TRUE;
    }
  text = ckpt_try_malloc (record->size + 1, error);
  if (text == NULL)
    return FALSE;
  if (!ckpt_archive_read (archive, fact->index, 0, text, record->size, &local_error))
    {
      warn (self, fact->index, "record-unreadable", local_error->message);
      return ckpt_zip_loader_can_ignore (&local_error, error);
    }
  text[record->size] = '\0';
  fact->text = g_strchomp (g_steal_pointer (&text));
  return TRUE;
}

/* Notes what a record says, if it is there. */
static gboolean
read_fact (CkptZipLoader *self, const char *record, const char *name, Fact *fact, GError **error)
{
  g_autofree char *shown = NULL;

  fact->is_there = ckpt_zip_names_find (self->names, self->loader->warnings, record, &fact->index);
  if (!fact->is_there)
    return TRUE;
  if (!read_text (self, fact, error))
    return FALSE;
  if (fact->text == NULL)
    return TRUE;
  shown = ckpt_text_escape (fact->text, strlen (fact->text), MAX_SHOWN);
  ckpt_tree_add_fact (self->loader->tree, name, shown);
  return TRUE;
}

/* PyTorch reads the number by std::stoull(), which takes what follows it. */
static gboolean
parse_version (const char *text, guint64 *version)
{
  char *end = NULL;

  while (g_ascii_isspace (*text))
    text++;
  errno = 0;
  *version = g_ascii_isdigit (*text) ? g_ascii_strtoull (text, &end, 10) : 0;
  return end != NULL && errno == 0;
}

static gboolean
read_version (CkptZipLoader *self, GError **error)
{
  g_auto (Fact) fact = { 0 };

  if (!read_fact (self, ".data/version", "version", &fact, error) ||
      (!fact.is_there && !read_fact (self, "version", "version", &fact, error)))
    return FALSE;
  self->version = fact.is_there ? fact.index : CKPT_NO_RECORD;
  return TRUE;
}

/* torch.load() takes a file without a byte order for little-endian since 2.1. */
static gboolean
read_byte_order (CkptZipLoader *self, GError **error)
{
  g_auto (Fact) fact = { 0 };

  if (!read_fact (self, "byteorder", "byteorder", &fact, error))
    return FALSE;
  self->is_big_endian = g_strcmp0 (fact.text, "big") == 0;
  self->can_read = !fact.is_there || self->is_big_endian || g_strcmp0 (fact.text, "little") == 0;
  if (!self->can_read && fact.text != NULL)
    warn (
        self, fact.index, "byteorder-unknown",
        _ ("The file names a byte order that is neither “little” nor “big”, so no values are shown. PyTorch does not load it."));
  return TRUE;
}

static gboolean
read_other_fact (CkptZipLoader *self, const char *record, const char *name, GError **error)
{
  g_auto (Fact) fact = { 0 };

  return read_fact (self, record, name, &fact, error);
}

/**
 * ckpt_zip_loader_read_facts:
 * @self: a zip
 * @error: return location
 *
 * Reads the records in which PyTorch says what it wrote (torch/serialization.py, _save(), and
 * caffe2/serialize/inline_container.cc).
 *
 * Returns: FALSE with an error of reading the file
 */
gboolean
ckpt_zip_loader_read_facts (CkptZipLoader *self, GError **error)
{
  return read_version (self, error) && read_byte_order (self, error) &&
         read_other_fact (self, ".format_version", "format_version", error) &&
         read_other_fact (self, ".storage_alignment", "storage_alignment", error) &&
         read_other_fact (self, ".data/serialization_id", "serialization_id", error);
}

/**
 * ckpt_zip_loader_check_version:
 * @self: a zip whose facts were read
 *
 * Warns of a version with which PyTorchStreamReader does not load a checkpoint or a TorchScript model.
 */
void
ckpt_zip_loader_check_version (CkptZipLoader *self)
{
  const char *text = ckpt_tree_get_fact (self->loader->tree, "version");
  g_autofree char *sentence = NULL;
  guint64 version;

  if (self->version == CKPT_NO_RECORD)
    ckpt_warnings_add (self->loader->warnings, "version-missing", NULL, CKPT_NO_OFFSET,
                       _ ("The record “version” is missing. PyTorch does not load this file."));
  if (text == NULL)
    return;
  if (!parse_version (text, &version))
    warn (self, self->version, "version-not-a-number",
          _ ("The record “version” does not hold a number. PyTorch does not load this file."));
  else if (version < MIN_VERSION || version > MAX_VERSION)
    {
      sentence = g_strdup_printf (_ ("The file says that it is of version %" PRIu64
                                     ". PyTorch 2.13 loads versions %d to %d; another one may be needed."),
                                  version, MIN_VERSION, MAX_VERSION);
      warn (self, self->version, "version-unknown", sentence);
    }
}
