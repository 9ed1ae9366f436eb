/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-format.h"

#include "formats/ckpt-zip-directory.h"
#include "formats/ckpt-zip-end.h"
#include "formats/ckpt-zip-header.h"
#include "formats/ckpt-zip-kind.h"
#include "formats/ckpt-zip-loader.h"
#include "formats/ckpt-zip-salvage.h"
#include "io/ckpt-alloc.h"
#include "io/ckpt-limits.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* The zips that PyTorch writes. That of torch.save() since 1.6 has a pickle, FOLDER/data.pkl, and the storages that it names by their
 * keys, FOLDER/data/KEY; _load() of torch/serialization.py reads them so. */

static gboolean
recognises_zip (const guint8 *head, gsize length, guint64 file_size)
{
  return length >= 4 && memcmp (head, "PK\3\4", 4) == 0;
}

static gboolean
set_record_error (CkptZipLoader *self,
                  guint record,
                  CkptError error_code,
                  const char *code,
                  const char *sentence,
                  GError **error)
{
  ckpt_error_set (error, error_code, code, "%s", sentence);
  if (error != NULL)
    ckpt_error_set_place (*error, ckpt_archive_get (self->loader->archive, record)->name, CKPT_NO_OFFSET,
                          CKPT_NO_OFFSET, NULL);
  return FALSE;
}

/* A pickle that PyTorch could read in another way, or that would unpack to more than it may, is not decoded. */
static gboolean
check_pickle (CkptZipLoader *self, guint record, GError **error)
{
  CkptArchive *archive = self->loader->archive;
  const CkptRecord *info = ckpt_archive_get (archive, record);
  guint8 head[4];

  if (info->is_repeated)
    return set_record_error (
        self, record, CKPT_ERROR_MALFORMED, "record-twice",
        _ ("Two records of the zip archive have the name of this pickle, so different programs would see different content."),
        error);
  if (info->method == CKPT_RECORD_DEFLATED && info->size > CKPT_LIMIT_INFLATED_PICKLE)
    return set_record_error (self, record, CKPT_ERROR_LIMIT, "inflated-pickle",
                             _ ("The pickle is compressed and would unpack to more bytes than are read."),
                             error);
  if (info->size >= sizeof head)
    {
      if (!ckpt_archive_read (archive, record, 0, head, sizeof head, error))
        return FALSE;
      if (memcmp (head, "PK\3\4", 4) == 0)
        return set_record_error (self, record, CKPT_ERROR_MALFORMED, "pickle-is-zip",
                                 _ ("Where the pickle should be, there is another zip archive."), error);
    }
  return ckpt_zip_loader_check_crc (self, record, error);
}

static gboolean
decode_root (CkptZipLoader *self, guint record, GError **error)
{
  g_autoptr (CkptReader) reader = ckpt_reader_new (self->loader->archive, record);
  CkptPickleInfo info;

  self->is_used[record] = TRUE;
  return check_pickle (self, record, error) && ckpt_loader_decode_root (self->loader, reader, &info, error) &&
         ckpt_zip_loader_check_stop (self, record, info.end, error);
}

static gboolean
find_storage (CkptZipLoader *self, const char *key, guint *record)
{
  g_autofree char *name = g_strconcat ("data/", key, NULL);

  return ckpt_zip_names_find (self->names, self->loader->warnings, name, record);
}

/**
 * ckpt_zip_loader_locate_storages:
 * @tree: a tree whose storages are known
 * @user_data: the #CkptZipLoader
 * @error: return location
 *
 * Gives each storage the record data/KEY. If there are two, or the byte order is not known, its values cannot be trusted.
 *
 * Returns: TRUE
 */
gboolean
ckpt_zip_loader_locate_storages (CkptTree *tree, gpointer user_data, GError **error)
{
  CkptZipLoader *self = user_data;
  CkptArchive *archive = self->loader->archive;

  for (guint i = 0; i < ckpt_tree_get_n_storages (tree); i++)
    {
      CkptStorage *storage = ckpt_tree_edit_storage (tree, i);
      guint record;

      if (!find_storage (self, storage->key, &record))
        continue;
      self->is_used[record] = TRUE;
      storage->n_bytes_present = ckpt_archive_get (archive, record)->size;
      storage->is_big_endian = self->is_big_endian;
      if (ckpt_archive_get (archive, record)->is_repeated)
        ckpt_warnings_add (
            self->loader->warnings, "record-twice", ckpt_archive_get (archive, record)->name, CKPT_NO_OFFSET,
            _ ("Two records of the zip archive have the name of this storage, so its values are not shown."));
      else if (self->can_read)
        storage->record = record;
    }
  return TRUE;
}

/* Storages that are there twice were warned of before. */
static void
warn_of_repeated (CkptZipLoader *self)
{
  CkptArchive *archive = self->loader->archive;
  guint first;

  for (guint i = 0; i < ckpt_archive_get_n (archive); i++)
    {
      const CkptRecord *record = ckpt_archive_get (archive, i);

      if (record->is_repeated && ckpt_archive_find (archive, record->name, &first) && first != i &&
          !self->is_used[first])
        ckpt_warnings_add (self->loader->warnings, "record-twice", record->name, CKPT_NO_OFFSET,
                           _ ("Two records of the zip archive have the same name."));
    }
}

static gboolean
load_pickle (CkptZipLoader *self, GError **error)
{
  guint record;

  if (!ckpt_zip_names_find (self->names, self->loader->warnings, "data.pkl", &record))
    return ckpt_error_set (error, CKPT_ERROR_MALFORMED, "zip-no-pickle",
                           _ ("“data.pkl”, which says what is in the file, is missing."));
  ckpt_zip_names_check (self->names, self->loader->warnings);
  ckpt_zip_loader_check_version (self);
  if (!decode_root (self, record, error) ||
      !ckpt_tree_recognise (self->loader->tree, CKPT_PERSISTENT_ZIP, ckpt_zip_loader_locate_storages, self,
                            error))
    return FALSE;
  warn_of_repeated (self);
  return TRUE;
}

static gboolean
load_checkpoint (CkptZipLoader *self, GError **error)
{
  ckpt_tree_set_container (self->loader->tree, CKPT_CONTAINER_TORCH_ZIP,
                           _ ("PyTorch checkpoint in the zip format since 1.6"));
  return load_pickle (self, error) && ckpt_zip_loader_check_unused (self, error);
}

/* The constants are of no use without the code, so they are only looked at for damage, apart from the tree. */
static gboolean
check_constants (CkptZipLoader *self, GError **error)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autoptr (CkptWarnings) warnings = ckpt_warnings_new ();
  g_autoptr (CkptReader) reader = NULL;
  g_autoptr (GError) local_error = NULL;
  CkptPickleInfo info;
  guint record;

  if (!ckpt_zip_names_find (self->names, self->loader->warnings, "constants.pkl", &record))
    return TRUE;
  reader = ckpt_reader_new (self->loader->archive, record);
  if (check_pickle (self, record, &local_error) &&
      ckpt_decode_pickle (reader, nodes, warnings, NULL, NULL, self->loader->cancellable, &info,
                          &local_error))
    return TRUE;
  ckpt_warnings_add (self->loader->warnings, "constants-unreadable",
                     ckpt_archive_get (self->loader->archive, record)->name, CKPT_NO_OFFSET,
                     _ ("The constants of the model cannot be read: %s"), local_error->message);
  return ckpt_zip_loader_can_ignore (&local_error, error);
}

/* The tree is the object that torch.jit.save() pickled; its code is listed among the records. */
static gboolean
load_torchscript (CkptZipLoader *self, const char *kind_of_file, GError **error)
{
  ckpt_tree_set_container (self->loader->tree, CKPT_CONTAINER_TORCHSCRIPT, kind_of_file);
  return load_pickle (self, error) && check_constants (self, error);
}

static CkptNodeId
add_name (CkptNodes *nodes, const CkptRecord *record, GError **error)
{
  CkptKind kind = g_utf8_validate_len (record->name, record->name_length, NULL) ? CKPT_KIND_STRING
                                                                                : CKPT_KIND_BYTES;

  return ckpt_nodes_add_text (nodes, kind, 0, 0, record->name, record->name_length, error);
}

/* Where there is no pickle to show, the tree is a dict of the records and their bytes. */
static gboolean
load_list (CkptZipLoader *self, CkptContainer container, const char *kind_of_file, GError **error)
{
  CkptLoader *loader = self->loader;
  CkptNodeId root = ckpt_nodes_add_container (loader->nodes, CKPT_KIND_DICT, 0, 0, NULL, 0, error);

  ckpt_tree_set_container (loader->tree, container, kind_of_file);
  if (root == CKPT_NO_NODE)
    return FALSE;
  for (guint i = 0; i < ckpt_archive_get_n (loader->archive); i++)
    {
      const CkptRecord *record = ckpt_archive_get (loader->archive, i);
      CkptNodeId pair[2] = { CKPT_NO_NODE, CKPT_NO_NODE };

      pair[0] = add_name (loader->nodes, record, error);
      pair[1] = pair[0] != CKPT_NO_NODE ? ckpt_nodes_add_int (loader->nodes, record->size, 0, error)
                                        : CKPT_NO_NODE;
      if (pair[1] == CKPT_NO_NODE ||
          !ckpt_nodes_append (loader->nodes, root, pair, G_N_ELEMENTS (pair), error))
        return FALSE;
    }
  ckpt_tree_set_root (loader->tree, root);
  return ckpt_tree_recognise (loader->tree, CKPT_PERSISTENT_OTHER, NULL, NULL, error);
}

static gboolean
load_kind (CkptZipLoader *self, CkptZipKind kind, GError **error)
{
  switch (kind)
    {
    case CKPT_ZIP_KIND_CHECKPOINT:
      return load_checkpoint (self, error);
    case CKPT_ZIP_KIND_TORCHSCRIPT:
      return load_torchscript (self, _ ("TorchScript model"), error);
    case CKPT_ZIP_KIND_MOBILE:
      return load_torchscript (self, _ ("TorchScript model for mobile devices"), error);
    case CKPT_ZIP_KIND_MODEL_JSON:
      return load_list (self, CKPT_CONTAINER_TORCHSCRIPT,
                        _ ("TorchScript model in the format before 1.4; only its records are listed"), error);
    case CKPT_ZIP_KIND_PT2:
      return load_list (self, CKPT_CONTAINER_PT2, _ ("Exported program (.pt2); only its records are listed"),
                        error);
    case CKPT_ZIP_KIND_PACKAGE:
      return load_list (self, CKPT_CONTAINER_PACKAGE,
                        _ ("torch.package archive; only its records are listed"), error);
    case CKPT_ZIP_KIND_OTHER:
    default:
      ckpt_zip_kind_explain (self->loader->archive, self->names, error);
      return FALSE;
    }
}

static gboolean
load_records (CkptLoader *loader, GError **error)
{
  g_autoptr (CkptZipNames) names = ckpt_zip_names_new (loader->archive);
  guint n = ckpt_archive_get_n (loader->archive);
  g_autofree gboolean *is_used = g_new0 (gboolean, n);
  CkptZipLoader self = { .loader = loader, .names = names, .is_used = is_used };
  CkptZipKind kind = ckpt_zip_kind_get (loader->archive, names);

  if (kind == CKPT_ZIP_KIND_OTHER)
    return load_kind (&self, kind, error);
  return ckpt_zip_loader_read_facts (&self, error) && load_kind (&self, kind, error);
}

static gboolean
load_zip (CkptLoader *loader, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (ckpt_zip_directory_read (loader->archive, loader->warnings, loader->cancellable, &local_error))
    return load_records (loader, error);
  if (g_strcmp0 (ckpt_error_get_code (local_error), CKPT_ZIP_NO_END) == 0)
    return ckpt_zip_salvage_load (loader, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

const CkptFormat ckpt_format_torch_zip = {
  .name = "torch-zip",
  .recognises = recognises_zip,
  .load = load_zip,
};
