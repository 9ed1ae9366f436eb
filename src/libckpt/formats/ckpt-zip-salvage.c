/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-zip-salvage.h"

#include "formats/ckpt-zip-header.h"
#include "formats/ckpt-zip-kind.h"
#include "formats/ckpt-zip-loader.h"
#include "io/ckpt-alloc.h"
#include "io/ckpt-limits.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* A download that stopped has lost the directory at the end, and with it the sizes: PyTorch's writer leaves them out of the local
 * headers. But torch.save() writes the pickle first. It ends at its STOP, and says how long each storage is, so from the beginning of
 * the file each record leads to the next one. What is behind the cut stays without bytes. */

#define BLOCK_SIZE ((gsize) 64 << 10)
#define MAX_SCANNED \
  ((guint64) 64 << 20) /* bytes in which the end of records of unknown length is looked for */

#define NONE32    0xffffffff
#define NO_RECORD G_MAXUINT

typedef struct
{
  CkptLoader *loader;
  guint64 position; /* where the next local header should be */
  gboolean is_over;
  gboolean has_directory; /* the records are followed by it, so all are there */
  gboolean is_lost;       /* the file goes on, but not with a record */
  gboolean is_script;
  char *prefix;
  guint pickle;
  guint64 n_scanned;
} Salvage;

static void
salvage_clear (Salvage *self)
{
  g_clear_pointer (&self->prefix, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Salvage, salvage_clear)

static guint64
get_n_left (Salvage *self, guint64 position)
{
  guint64 size = ckpt_source_get_size (self->loader->source);

  return position < size ? size - position : 0;
}

/* The sizes that did not fit the header's fields stand in its extra field, the unpacked one first. */
static gboolean
read_wide_sizes (Salvage *self,
                 const CkptZipHeader *header,
                 guint64 *stored_size,
                 guint64 *size,
                 GError **error)
{
  g_autofree guint8 *extra = g_malloc0 (header->extra_length + 1);
  gsize n_read;

  if (!ckpt_source_read_some (self->loader->source, header->data - header->extra_length, extra,
                              header->extra_length, &n_read, error))
    return FALSE;
  for (gsize i = 0; n_read - i >= 4;)
    {
      gsize n = ckpt_zip_get16 (extra + i + 2);

      if (n > n_read - i - 4)
        break;
      if (ckpt_zip_get16 (extra + i) == 1 && n >= 16)
        {
          *size = ckpt_zip_get64 (extra + i + 4);
          *stored_size = ckpt_zip_get64 (extra + i + 12);
          break;
        }
      i += 4 + n;
    }
  return TRUE;
}

/* Whether the header itself says how long the record is, and how long. */
static gboolean
read_sizes (Salvage *self,
            const CkptZipHeader *header,
            gboolean *is_known,
            guint64 *stored_size,
            guint64 *size,
            GError **error)
{
  *stored_size = header->stored_size;
  *size = header->size;
  *is_known = !(header->flags & CKPT_ZIP_FLAG_DESCRIPTOR) || header->stored_size != 0;
  if (header->stored_size == NONE32 || header->size == NONE32)
    return read_wide_sizes (self, header, stored_size, size, error);
  return TRUE;
}

/* Whether a descriptor that stands behind @length bytes of data says so, too. */
static gboolean
is_descriptor (const guint8 *bytes, gsize n_bytes, guint64 length, guint *descriptor_len)
{
  if (n_bytes < 16 || memcmp (bytes, "PK\7\10", 4) != 0)
    return FALSE;
  if (n_bytes >= 24 && ckpt_zip_get64 (bytes + 8) == length && ckpt_zip_get64 (bytes + 16) == length)
    {
      *descriptor_len = 24;
      return TRUE;
    }
  *descriptor_len = 16;
  return ckpt_zip_get32 (bytes + 8) == length && ckpt_zip_get32 (bytes + 12) == length;
}

/* Moves on behind a record. Where a descriptor is due but none is, the way is lost. */
static gboolean
pass_record (Salvage *self, const CkptZipHeader *header, guint64 stored_size, GError **error)
{
  guint8 bytes[CKPT_ZIP_MAX_DESCRIPTOR];
  guint descriptor_len = 0;
  gsize n_read;

  if (stored_size > get_n_left (self, header->data))
    {
      self->is_over = TRUE;
      return TRUE;
    }
  self->position = header->data + stored_size;
  if (!(header->flags & CKPT_ZIP_FLAG_DESCRIPTOR))
    return TRUE;
  if (!ckpt_source_read_some (self->loader->source, self->position, bytes, sizeof bytes, &n_read, error))
    return FALSE;
  if (is_descriptor (bytes, n_read, stored_size, &descriptor_len))
    self->position += descriptor_len;
  else if (n_read < 4 || memcmp (bytes, "PK\3\4", 4) != 0)
    self->is_over = TRUE;
  self->is_lost = self->is_over && n_read == sizeof bytes;
  return TRUE;
}

static gboolean
find_in_block (const guint8 *block, gsize n_block, guint64 block_start, guint64 *length)
{
  guint descriptor_len;

  for (gsize i = 0; n_block - i >= 16; i++)
    {
      const guint8 *found = memchr (block + i, 'P', n_block - i - 15);

      if (found == NULL)
        return FALSE;
      i = found - block;
      if (is_descriptor (found, n_block - i, block_start + i, &descriptor_len))
        {
          *length = block_start + i;
          return TRUE;
        }
    }
  return FALSE;
}

/* Looks for the descriptor of a record of unknown length; such records are small, or else the pickle names them. */
static gboolean
scan_for_length (Salvage *self,
                 const CkptZipHeader *header,
                 gboolean *is_found,
                 guint64 *length,
                 GError **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK_SIZE);
  guint64 at = 0;
  gsize n_read = BLOCK_SIZE;

  *is_found = FALSE;
  while (n_read == BLOCK_SIZE && self->n_scanned < MAX_SCANNED)
    {
      if (g_cancellable_set_error_if_cancelled (self->loader->cancellable, error) ||
          !ckpt_source_read_some (self->loader->source, header->data + at, block, BLOCK_SIZE, &n_read, error))
        return FALSE;
      *is_found = n_read >= 16 && find_in_block (block, n_read, at, length);
      if (*is_found)
        return TRUE;
      at += BLOCK_SIZE - CKPT_ZIP_MAX_DESCRIPTOR;
      self->n_scanned += n_read;
    }
  return TRUE;
}

/* Lists as much of a record as there is. */
static guint
add_record (Salvage *self, const CkptZipHeader *header, guint64 stored_size, guint64 size)
{
  guint64 present = MIN (stored_size, get_n_left (self, header->data));
  guint index = ckpt_archive_add (self->loader->archive, header->name, header->name_length, header->data,
                                  present);
  CkptRecord *record = ckpt_archive_edit (self->loader->archive, index);

  if (header->method == CKPT_ZIP_METHOD_DEFLATED)
    record->method = CKPT_RECORD_DEFLATED;
  else if (header->method != CKPT_ZIP_METHOD_STORED || header->flags & CKPT_ZIP_FLAG_ENCRYPTED)
    record->method = CKPT_RECORD_UNREADABLE;
  if (header->method != CKPT_ZIP_METHOD_STORED)
    record->size = size;
  return index;
}

/* The length of a record that its header does not tell: from the tree if it is one of its storages, else by its descriptor. */
static gboolean
find_length (Salvage *self,
             CkptTree *tree,
             const CkptZipHeader *header,
             gboolean *is_known,
             guint64 *length,
             GError **error)
{
  const char *inside = g_str_has_prefix (header->name, self->prefix) ? header->name + strlen (self->prefix)
                                                                     : "";
  const char *key = g_str_has_prefix (inside, "data/") ? inside + strlen ("data/") : NULL;
  guint storage;

  *is_known = header->method == CKPT_ZIP_METHOD_STORED && tree != NULL && key != NULL &&
              ckpt_tree_find_storage (tree, key, &storage);
  if (*is_known)
    *length = ckpt_tree_get_storage (tree, storage)->n_bytes;
  else if (header->method == CKPT_ZIP_METHOD_STORED)
    return scan_for_length (self, header, is_known, length, error);
  return TRUE;
}

static void
note_kind (Salvage *self, const CkptZipHeader *header)
{
  const char *slash = strchr (header->name, '/');

  if (self->prefix == NULL)
    self->prefix = g_strndup (header->name, slash != NULL ? slash + 1 - header->name : 0);
  if (slash != NULL && (strcmp (slash, "/constants.pkl") == 0 || g_str_has_prefix (slash, "/code/") ||
                        g_str_has_prefix (slash, "/constants/")))
    self->is_script = TRUE;
}

static gboolean
is_pickle (Salvage *self, const CkptZipHeader *header)
{
  return self->pickle == NO_RECORD && g_str_has_prefix (header->name, self->prefix) &&
         strcmp (header->name + strlen (self->prefix), "data.pkl") == 0;
}

/* Decodes the pickle where it stands. If its length is not known, it ends at its STOP. */
static gboolean
decode_pickle (Salvage *self,
               const CkptZipHeader *header,
               gboolean is_known,
               guint64 *stored_size,
               guint64 size,
               GError **error)
{
  g_autoptr (CkptReader) reader = NULL;
  CkptPickleInfo info;

  if (!is_known && header->method != CKPT_ZIP_METHOD_STORED)
    return ckpt_zip_fail (
        error, CKPT_ERROR_TRUNCATED, "zip-no-end", header->offset,
        _ ("The zip archive has no end record, and how long its compressed pickle is stands only there."));
  if (size > CKPT_LIMIT_INFLATED_PICKLE && header->method == CKPT_ZIP_METHOD_DEFLATED)
    return ckpt_zip_fail (error, CKPT_ERROR_LIMIT, "inflated-pickle", header->offset,
                          _ ("The pickle is compressed and would unpack to more bytes than are read."));
  self->pickle = add_record (self, header, is_known ? *stored_size : G_MAXUINT64, size);
  reader = ckpt_reader_new (self->loader->archive, self->pickle);
  if (!ckpt_loader_decode_root (self->loader, reader, &info, error))
    {
      g_prefix_error (error, _ ("The file is cut at byte %" PRIu64 " and has no directory. "),
                      ckpt_source_get_size (self->loader->source));
      return FALSE;
    }
  if (is_known)
    return TRUE;
  *stored_size = info.end;
  ckpt_archive_edit (self->loader->archive, self->pickle)->size = info.end;
  ckpt_archive_edit (self->loader->archive, self->pickle)->stored_size = info.end;
  return TRUE;
}

static gboolean
read_header (Salvage *self, CkptZipHeader *header, GError **error)
{
  gboolean is_header;
  guint8 magic[4];
  gsize n_read;

  if (g_cancellable_set_error_if_cancelled (self->loader->cancellable, error) ||
      !ckpt_zip_header_read (self->loader->source, self->position, &is_header, header, error))
    return FALSE;
  self->is_over = !is_header || get_n_left (self, header->data) == 0 ||
                  ckpt_archive_get_n (self->loader->archive) >= CKPT_LIMIT_RECORDS;
  if (is_header)
    return TRUE;
  if (!ckpt_source_read_some (self->loader->source, self->position, magic, sizeof magic, &n_read, error))
    return FALSE;
  self->has_directory = n_read == sizeof magic && memcmp (magic, "PK\1\2", 4) == 0;
  self->is_lost = !self->has_directory && n_read == sizeof magic && memcmp (magic, "PK\3\4", 4) != 0;
  return TRUE;
}

/* Goes over the next record. The tree is there once the pickle was read. */
static gboolean
walk_record (Salvage *self, CkptTree *tree, GError **error)
{
  g_auto (CkptZipHeader) header = { 0 };
  guint64 stored_size = 0;
  guint64 size = 0;
  gboolean is_known = FALSE;

  if (!read_header (self, &header, error))
    return FALSE;
  if (self->is_over)
    return TRUE;
  note_kind (self, &header);
  if (!read_sizes (self, &header, &is_known, &stored_size, &size, error))
    return FALSE;
  if (is_pickle (self, &header))
    return decode_pickle (self, &header, is_known, &stored_size, size, error) &&
           pass_record (self, &header, stored_size, error);
  if (!is_known && !find_length (self, tree, &header, &is_known, &stored_size, error))
    return FALSE;
  self->is_over = !is_known;
  if (!is_known)
    return TRUE;
  add_record (self, &header, stored_size, size);
  return pass_record (self, &header, stored_size, error);
}

static void
warn_of_end (Salvage *self)
{
  if (self->has_directory)
    ckpt_warnings_add (
        self->loader->warnings, "zip-no-end", NULL, CKPT_NO_OFFSET,
        _ ("The end of the zip archive is missing, so its records were looked for one by one. All of them are there. PyTorch does not load this file."));
  else if (self->is_lost)
    ckpt_warnings_add (self->loader->warnings, "zip-lost", NULL, CKPT_NO_OFFSET,
                       _ ("The end of the zip archive is missing, and from byte %" PRIu64
                          " on the file makes no sense. All keys are there, but perhaps not all values."),
                       self->position);
  else
    ckpt_warnings_add (
        self->loader->warnings, "file-cut", NULL, CKPT_NO_OFFSET,
        _ ("The file is cut at %" PRIu64
           " bytes: all keys are there, but not all values. The download may not have finished."),
        ckpt_source_get_size (self->loader->source));
}

/* The rest of the way needs the lengths of the storages, which are known now. */
static gboolean
locate_storages (CkptTree *tree, gpointer user_data, GError **error)
{
  Salvage *self = user_data;
  CkptZipLoader zip = { .loader = self->loader };
  g_autoptr (CkptZipNames) names = NULL;
  g_autofree gboolean *is_used = NULL;

  while (!self->is_over)
    if (!walk_record (self, tree, error))
      return FALSE;
  warn_of_end (self);
  names = ckpt_zip_names_new (self->loader->archive);
  is_used = g_new0 (gboolean, ckpt_archive_get_n (self->loader->archive));
  zip.names = names;
  zip.is_used = is_used;
  return ckpt_zip_loader_read_facts (&zip, error) && ckpt_zip_loader_locate_storages (tree, &zip, error);
}

static gboolean
set_no_pickle_error (Salvage *self, GError **error)
{
  for (guint i = 0; i < ckpt_archive_get_n (self->loader->archive); i++)
    if (ckpt_zip_kind_explain_record (ckpt_archive_get (self->loader->archive, i), error))
      return FALSE;
  return ckpt_zip_fail (
      error, CKPT_ERROR_TRUNCATED, "zip-no-end", ckpt_source_get_size (self->loader->source),
      _ ("The zip archive is cut at byte %" PRIu64
         ", and what is left of it has no list of tensors. The download may not have finished."),
      ckpt_source_get_size (self->loader->source));
}

/**
 * ckpt_zip_salvage_load:
 * @loader: a loader whose archive has no records yet
 * @error: return location
 *
 * Reads a zip that has no end record, by its local headers from the beginning of the file on. The tree is marked as cut.
 *
 * Returns: FALSE with CKPT_ERROR, an error of reading the file or G_IO_ERROR_CANCELLED
 */
gboolean
ckpt_zip_salvage_load (CkptLoader *loader, GError **error)
{
  g_auto (Salvage) self = { .loader = loader, .pickle = NO_RECORD };

  while (self.pickle == NO_RECORD && !self.is_over)
    if (!walk_record (&self, NULL, error))
      return FALSE;
  if (self.pickle == NO_RECORD)
    return set_no_pickle_error (&self, error);
  ckpt_tree_set_cut (loader->tree);
  if (!ckpt_tree_recognise (loader->tree, CKPT_PERSISTENT_ZIP, locate_storages, &self, error))
    return FALSE;
  if (self.is_script)
    ckpt_tree_set_container (loader->tree, CKPT_CONTAINER_TORCHSCRIPT, _ ("TorchScript model"));
  else
    ckpt_tree_set_container (loader->tree, CKPT_CONTAINER_TORCH_ZIP,
                             _ ("PyTorch checkpoint in the zip format since 1.6"));
  return TRUE;
}
