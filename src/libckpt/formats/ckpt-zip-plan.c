/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-zip-writer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Which records a zip gets. torch.save() of PyTorch 2.7 and later (torch/serialization.py, _save()) writes data.pkl,
 * .format_version, .storage_alignment, byteorder, data/KEY in the order in which the pickle names them, version and
 * .data/serialization_id; older versions leave some of them out. A zip that is changed keeps those that it has, in their order. */

#define STORAGES "data/"

static CkptPlanRecord *
add_inside (CkptZipWriter *self, const char *name)
{
  g_autofree char *full = g_strconcat (self->prefix, name, NULL);

  return ckpt_plan_add_record (self->plan, full, -1);
}

static void
add_text (CkptZipWriter *self, const char *name, const char *text)
{
  CkptPlanRecord *record = add_inside (self, name);

  ckpt_payload_init_bytes (&record->payload, g_bytes_new (text, strlen (text)));
  record->size = record->payload.size;
}

/* A record as it is, packed as it is. */
static gboolean
add_copy (CkptZipWriter *self,
          CkptArchive *archive,
          guint index,
          const char *name,
          gssize length,
          GError **error)
{
  const CkptRecord *info = ckpt_archive_get (archive, index);
  CkptPlanRecord *record;

  if (info->method == CKPT_RECORD_UNREADABLE)
    return ckpt_error_set_at (
        error, CKPT_ERROR_UNSUPPORTED, "record-packing", info->name, CKPT_NO_OFFSET, CKPT_NO_OFFSET,
        _ ("A record is packed or encrypted in a way that is not supported, so the file cannot be saved."));

  record = ckpt_plan_add_record (self->plan, name, length);
  ckpt_payload_init_record (&record->payload, archive, index);
  record->size = info->size;
  record->method = info->method;
  return TRUE;
}

static gboolean
add_same (CkptZipWriter *self, guint index, GError **error)
{
  const CkptRecord *info = ckpt_archive_get (self->source, index);

  return add_copy (self, self->source, index, info->name, info->name_length, error);
}

static gboolean
add_pickle (CkptZipWriter *self, const char *name, gssize length, GError **error)
{
  CkptTree *tree = self->plan->tree;
  g_autoptr (CkptPickleBuffer)
      pickle = ckpt_pickle_buffer_new (ckpt_tree_get_nodes (tree), ckpt_tree_get_archive (tree),
                                       ckpt_tree_get_root (tree), self->plan->cancellable, error);
  CkptPlanRecord *record;

  if (pickle == NULL)
    return FALSE;

  record = ckpt_plan_add_record (self->plan, name, length);
  ckpt_payload_init_pickle (&record->payload, g_steal_pointer (&pickle));
  record->size = record->payload.size;
  return TRUE;
}

/* The record of a zip that is this storage and nothing else, which keeps its packing, its CRC and its length, right or wrong. */
static gboolean
find_record (CkptZipWriter *self, const CkptStorage *storage, CkptArchive **archive)
{
  const CkptRecord *record;

  if (storage->bytes != CKPT_BYTES_RECORD || storage->record == CKPT_NO_RECORD || storage->record_offset != 0)
    return FALSE;
  if (!storage->is_big_endian != !self->is_big_endian && ckpt_dtype_get_info (storage->dtype)->swap_size > 1)
    return FALSE;

  *archive = storage->archive != NULL ? storage->archive : ckpt_tree_get_archive (self->plan->tree);
  record = ckpt_archive_get (*archive, storage->record);
  return record->has_crc;
}

static gboolean
is_missing (const CkptStorage *storage)
{
  return storage->bytes == CKPT_BYTES_RECORD && storage->record == CKPT_NO_RECORD &&
         storage->n_bytes_present == 0 && storage->n_bytes > 0;
}

static gboolean
add_storage (CkptZipWriter *self, guint index, guint *n_missing, GError **error)
{
  const CkptStorage *storage = ckpt_tree_get_storage (self->plan->tree, index);
  g_autofree char *name = g_strconcat (self->prefix, STORAGES, storage->key, NULL);
  CkptPlanRecord *record;
  CkptArchive *archive;

  if (is_missing (storage) && self->source != NULL)
    {
      *n_missing += 1;
      return TRUE;
    }
  if (find_record (self, storage, &archive))
    return add_copy (self, archive, storage->record, name, -1, error);

  record = ckpt_plan_add_record (self->plan, name, -1);
  if (!ckpt_payload_init_storage (&record->payload, self->plan->tree, index, self->is_big_endian, error))
    return FALSE;

  record->size = record->payload.size;
  return TRUE;
}

/* In the order in which the pickle names them, each once. */
static gboolean
add_storages (CkptZipWriter *self, GError **error)
{
  g_autoptr (GArray) storages = ckpt_plan_list_storages (self->plan, error);
  guint n_missing = 0;

  if (storages == NULL)
    return FALSE;
  for (guint i = 0; i < storages->len; i++)
    if (!add_storage (self, g_array_index (storages, guint, i), &n_missing, error))
      return FALSE;

  if (n_missing > 0)
    ckpt_plan_add_note (
        self->plan,
        g_dngettext (GETTEXT_PACKAGE, "The values of %u storage are not in the file, and stay missing.",
                     "The values of %u storages are not in the file, and stay missing.", n_missing),
        n_missing);
  return TRUE;
}

/* Its 40 digits are known only when everything else is written. */
static void
add_id (CkptZipWriter *self)
{
  char digits[41];

  memset (digits, '0', 40);
  digits[40] = '\0';
  self->id = self->plan->records->len;
  add_text (self, ".data/serialization_id", digits);
}

/**
 * ckpt_zip_writer_plan_unedited:
 * @self: a zip that is written as it was read
 * @error: return location
 *
 * Takes all records in their order.
 *
 * Returns: FALSE with CKPT_ERROR_UNSUPPORTED if one is packed in another way than by deflate
 */
gboolean
ckpt_zip_writer_plan_unedited (CkptZipWriter *self, GError **error)
{
  for (guint i = 0; i < ckpt_archive_get_n (self->source); i++)
    if (!add_same (self, i, error))
      return FALSE;
  return TRUE;
}

/* What the records of a zip that is changed are for. */
typedef enum
{
  ROLE_PICKLE,
  ROLE_STORAGE,
  ROLE_ALIGNMENT,
  ROLE_FACT,
  ROLE_END, /* what PyTorch writes behind the storages */
  ROLE_ID,
  ROLE_OTHER,
  ROLE_OUTSIDE,
} Role;

static Role
get_role (CkptZipWriter *self, guint index, guint pickle)
{
  static const struct
  {
    const char *name;
    Role role;
  } roles[] = {
    { ".storage_alignment", ROLE_ALIGNMENT },
    { ".format_version", ROLE_FACT },
    { "byteorder", ROLE_FACT },
    { "version", ROLE_END },
    { ".data/version", ROLE_END },
    { ".data/serialization_id", ROLE_ID },
  };
  const char *inside = ckpt_zip_names_get_inside (self->names, index);

  if (index == pickle)
    return ROLE_PICKLE;
  if (inside == NULL)
    return ROLE_OUTSIDE;
  if (g_ascii_strncasecmp (inside, STORAGES, strlen (STORAGES)) == 0)
    return ROLE_STORAGE;
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_ascii_strcasecmp (inside, roles[i].name) == 0)
      return roles[i].role;
  return ROLE_OTHER;
}

static gboolean
add_alignment (CkptZipWriter *self, guint index, GError **error)
{
  g_autofree char *text = NULL;

  if (self->plan->options.alignment == 0)
    return add_same (self, index, error);

  text = g_strdup_printf ("%u", self->alignment);
  add_text (self, ".storage_alignment", text);
  return TRUE;
}

static gboolean
add_by_role (CkptZipWriter *self, guint index, Role role, GError **error)
{
  const CkptRecord *info = ckpt_archive_get (self->source, index);

  switch (role)
    {
    case ROLE_PICKLE:
      return add_pickle (self, info->name, info->name_length, error);
    case ROLE_ALIGNMENT:
      return add_alignment (self, index, error);
    case ROLE_ID:
      add_id (self);
      return TRUE;
    case ROLE_FACT:
    case ROLE_END:
    case ROLE_OTHER:
      return add_same (self, index, error);
    case ROLE_STORAGE:
    case ROLE_OUTSIDE:
    default:
      return TRUE;
    }
}

static void
add_notes (CkptZipWriter *self, guint n_other, guint n_outside)
{
  if (n_other > 0)
    ckpt_plan_add_note (
        self->plan,
        g_dngettext (GETTEXT_PACKAGE, "%u record of the zip archive that no checkpoint needs is kept.",
                     "%u records of the zip archive that no checkpoint needs are kept.", n_other),
        n_other);
  if (n_outside > 0)
    ckpt_plan_add_note (
        self->plan,
        g_dngettext (GETTEXT_PACKAGE, "%u record outside of the folder of the checkpoint is left out.",
                     "%u records outside of the folder of the checkpoint are left out.", n_outside),
        n_outside);
}

/**
 * ckpt_zip_writer_plan_edited:
 * @self: a zip that was changed
 * @error: return location
 *
 * Puts the storages of the tree in place of those of the zip, encodes the pickle, and keeps the other records where they were.
 *
 * Returns: FALSE with an error of the encoder, or if a storage is not whole
 */
gboolean
ckpt_zip_writer_plan_edited (CkptZipWriter *self, GError **error)
{
  g_autoptr (CkptWarnings) warnings = ckpt_warnings_new ();
  gboolean has_storages = FALSE;
  guint n[ROLE_OUTSIDE + 1] = { 0 };
  guint pickle;

  if (!ckpt_zip_names_find (self->names, warnings, "data.pkl", &pickle))
    return ckpt_error_set (error, CKPT_ERROR_MALFORMED, "zip-no-pickle",
                           _ ("“data.pkl”, which says what is in the file, is missing."));

  for (guint i = 0; i < ckpt_archive_get_n (self->source); i++)
    {
      Role role = get_role (self, i, pickle);

      n[role]++;
      if ((role == ROLE_STORAGE || role == ROLE_END || role == ROLE_ID) && !has_storages)
        {
          has_storages = TRUE;
          if (!add_storages (self, error))
            return FALSE;
        }
      if (!add_by_role (self, i, role, error))
        return FALSE;
    }
  add_notes (self, n[ROLE_OTHER], n[ROLE_OUTSIDE]);
  return has_storages || add_storages (self, error);
}

/**
 * ckpt_zip_writer_plan_new:
 * @self: a zip that is made of another container
 * @error: return location
 *
 * Makes the records that PyTorch 2.7 and later writes.
 *
 * Returns: FALSE with an error of the encoder, or if a storage is not whole
 */
gboolean
ckpt_zip_writer_plan_new (CkptZipWriter *self, GError **error)
{
  g_autofree char *pickle = g_strconcat (self->prefix, "data.pkl", NULL);
  g_autofree char *alignment = g_strdup_printf ("%u", self->alignment);

  if (!add_pickle (self, pickle, -1, error))
    return FALSE;

  add_text (self, ".format_version", "1");
  add_text (self, ".storage_alignment", alignment);
  add_text (self, "byteorder", "little");
  if (!add_storages (self, error))
    return FALSE;

  add_text (self, "version", "3\n");
  add_id (self);
  return TRUE;
}
