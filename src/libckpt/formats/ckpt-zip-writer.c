/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-zip-writer.h"

#include "formats/ckpt-zip-header.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_FOLDER "archive"
#define END_SIZE       (CKPT_ZIP_END64_SIZE + CKPT_ZIP_LOCATOR_SIZE + CKPT_ZIP_END_SIZE)

/* A record of at least this is worth moving so that its blocks can be shared. */
#define LARGE_RECORD ((guint64) 64 << 10)

static CkptZipMember *
get_member (CkptZipWriter *self, guint index)
{
  return &g_array_index (self->members, CkptZipMember, index);
}

static void
zip_writer_free (gpointer data)
{
  CkptZipWriter *self = data;

  g_clear_pointer (&self->names, ckpt_zip_names_free);
  g_array_unref (self->members);
  g_free (self->prefix);
  g_free (self);
}

/* Where the data are to begin within a block, for them to be shared with the file that they come from. */
static gboolean
find_rest (CkptZipWriter *self, const CkptPlanRecord *record, guint block, guint *rest, GError **error)
{
  CkptSource *source = NULL;
  guint64 offset = 0;

  *rest = 0;
  if (block == 0 || record->payload.size < LARGE_RECORD)
    return TRUE;
  if (!ckpt_payload_locate (&record->payload, &source, &offset, error))
    return FALSE;
  if (source != NULL && offset % self->alignment == 0)
    *rest = offset % block;
  return TRUE;
}

static gboolean
place_record (CkptZipWriter *self, guint index, guint64 header, guint block, GError **error)
{
  CkptPlanRecord *record = ckpt_plan_get_record (self->plan, index);
  CkptZipMember *member = get_member (self, index);
  guint rest;
  gboolean fits;

  if (!find_rest (self, record, block, &rest, error))
    return FALSE;
  fits = rest != 0 ? ckpt_zip_member_place_at (member, header, block, rest)
                   : ckpt_zip_member_place (member, header, self->alignment);
  if (!fits)
    return ckpt_error_set (error, CKPT_ERROR_LIMIT, "file-too-large", _ ("The file would be too large."));

  record->offset = ckpt_zip_member_get_data (member);
  return TRUE;
}

static gboolean
make_members (CkptZipWriter *self, GError **error)
{
  for (guint i = 0; i < self->plan->records->len; i++)
    {
      const CkptPlanRecord *record = ckpt_plan_get_record (self->plan, i);
      const CkptZipMember member = {
        .name = record->name,
        .name_length = record->name_length,
        .method = record->method == CKPT_RECORD_DEFLATED ? CKPT_ZIP_METHOD_DEFLATED : CKPT_ZIP_METHOD_STORED,
        .size = record->size,
        .stored_size = record->payload.size,
      };

      if (record->name_length > G_MAXUINT16)
        return ckpt_error_set (error, CKPT_ERROR_LIMIT, "record-name-long",
                               _ ("The key of a storage is too long for the name of a record."));
      g_array_append_val (self->members, member);
    }
  return TRUE;
}

/**
 * ckpt_zip_writer_place:
 * @self: a zip whose records are known
 * @block: bytes of a block of the file system, or 0 for PyTorch's layout
 * @error: return location
 *
 * Finds the places of all records, of the directory, and of the end.
 *
 * Returns: FALSE with CKPT_ERROR_LIMIT if the file would be too large, or an error of locating a record
 */
gboolean
ckpt_zip_writer_place (CkptZipWriter *self, guint block, GError **error)
{
  guint64 at = 0;

  self->directory_size = 0;
  for (guint i = 0; i < self->members->len; i++)
    {
      if (!place_record (self, i, at, block, error))
        return FALSE;
      at = ckpt_zip_member_get_end (get_member (self, i));
      self->directory_size += ckpt_zip_member_get_central_size (get_member (self, i));
    }
  self->directory = at;
  self->plan->size = self->directory + self->directory_size + END_SIZE;
  return TRUE;
}

static gboolean
parse_alignment (const char *text, guint *alignment)
{
  char *end = NULL;
  gulong value;

  if (text == NULL || !g_ascii_isdigit (text[0]))
    return FALSE;
  errno = 0;
  value = strtoul (text, &end, 10);
  if (errno != 0 || *end != '\0' || value < 1 || value > CKPT_ZIP_MAX_ALIGNMENT)
    return FALSE;

  *alignment = value;
  return TRUE;
}

static gboolean
choose_alignment (CkptZipWriter *self, GError **error)
{
  guint wanted = self->plan->options.alignment;
  guint alignment = CKPT_ZIP_ALIGNMENT;

  if (self->source != NULL)
    parse_alignment (ckpt_tree_get_fact (self->plan->origin, "storage_alignment"), &alignment);
  if (wanted > CKPT_ZIP_MAX_ALIGNMENT)
    return ckpt_error_set (error, CKPT_ERROR_LIMIT, "alignment",
                           _ ("Records cannot be aligned to more than %u bytes."), CKPT_ZIP_MAX_ALIGNMENT);

  self->plan->is_unedited = self->plan->is_unedited && (wanted == 0 || wanted == alignment);
  self->alignment = wanted != 0 ? wanted : alignment;
  return TRUE;
}

static void
open_source (CkptZipWriter *self)
{
  CkptTree *tree = self->plan->origin;
  const char *folder = self->plan->options.folder;

  if (ckpt_tree_get_container (tree) != CKPT_CONTAINER_TORCH_ZIP)
    {
      self->prefix = g_strconcat (folder != NULL ? folder : DEFAULT_FOLDER, "/", NULL);
      return;
    }
  self->source = ckpt_tree_get_archive (tree);
  self->names = ckpt_zip_names_new (self->source);
  self->prefix = g_strdup (ckpt_zip_names_get_prefix (self->names));
  self->is_big_endian = g_strcmp0 (ckpt_tree_get_fact (tree, "byteorder"), "big") == 0;
}

static gboolean
plan_records (CkptZipWriter *self, GError **error)
{
  if (self->source == NULL)
    return ckpt_zip_writer_plan_new (self, error);
  return self->plan->is_unedited ? ckpt_zip_writer_plan_unedited (self, error)
                                 : ckpt_zip_writer_plan_edited (self, error);
}

static gboolean
plan_zip (CkptPlan *plan, GError **error)
{
  CkptZipWriter *self = g_new0 (CkptZipWriter, 1);

  plan->data = self;
  self->plan = plan;
  self->members = g_array_new (FALSE, FALSE, sizeof (CkptZipMember));
  self->id = CKPT_ZIP_NO_MEMBER;
  open_source (self);
  return choose_alignment (self, error) && plan_records (self, error) && make_members (self, error) &&
         ckpt_zip_writer_place (self, 0, error);
}

/* With other places than PyTorch's formula gives, torch.load() must not be told that it can calculate them: the records that say so
 * go. */
static gboolean
align_zip (CkptPlan *plan, guint block, GError **error)
{
  CkptZipWriter *self = plan->data;

  if (block > CKPT_ZIP_MAX_ALIGNMENT)
    return TRUE;
  for (guint i = plan->records->len; i-- > 0;)
    {
      const char *inside = ckpt_plan_get_record (plan, i)->name + strlen (self->prefix);

      if (strcmp (inside, ".format_version") != 0 && strcmp (inside, ".storage_alignment") != 0)
        continue;
      ckpt_plan_remove_record (plan, i);
      g_array_remove_index (self->members, i);
      if (self->id != CKPT_ZIP_NO_MEMBER && self->id > i)
        self->id--;
    }
  return ckpt_zip_writer_place (self, block, error);
}

static gboolean
write_bytes (CkptWriter *writer, GByteArray *bytes, GError **error)
{
  gboolean is_written = ckpt_writer_write (writer, bytes->data, bytes->len, error);

  g_byte_array_set_size (bytes, 0);
  return is_written;
}

static void
fill_id (CkptZipWriter *self)
{
  char id[41];

  ckpt_zip_writer_make_id (self, id);
  ckpt_payload_clear (&ckpt_plan_get_record (self->plan, self->id)->payload);
  ckpt_payload_init_bytes (&ckpt_plan_get_record (self->plan, self->id)->payload, g_bytes_new (id, 40));
}

static gboolean
write_member (CkptZipWriter *self, guint index, CkptWriter *writer, GByteArray *room, GError **error)
{
  CkptPlanRecord *record = ckpt_plan_get_record (self->plan, index);
  CkptZipMember *member = get_member (self, index);

  if (index == self->id)
    fill_id (self);
  ckpt_zip_member_put_local (member, room);
  if (!write_bytes (writer, room, error) ||
      !ckpt_payload_write (&record->payload, writer, &record->crc, error))
    return FALSE;

  member->crc = record->crc;
  ckpt_zip_member_put_descriptor (member, room);
  return write_bytes (writer, room, error);
}

static gboolean
write_zip (CkptPlan *plan, CkptWriter *writer, GError **error)
{
  CkptZipWriter *self = plan->data;
  g_autoptr (GByteArray) room = g_byte_array_new ();

  for (guint i = 0; i < self->members->len; i++)
    if (!write_member (self, i, writer, room, error))
      return FALSE;

  for (guint i = 0; i < self->members->len; i++)
    {
      ckpt_zip_member_put_central (get_member (self, i), room);
      if (!write_bytes (writer, room, error))
        return FALSE;
    }
  ckpt_zip_put_end (self->members->len, self->directory, self->directory_size, room);
  return write_bytes (writer, room, error);
}

const CkptWriteFormat ckpt_write_zip = {
  .container = CKPT_CONTAINER_TORCH_ZIP,
  .plan = plan_zip,
  .align = align_zip,
  .write = write_zip,
  .free = zip_writer_free,
};
