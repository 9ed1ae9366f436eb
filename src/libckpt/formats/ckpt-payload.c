/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-payload.h"

#include "model/ckpt-values.h"
#include "model/ckpt-window.h"

#include <glib/gi18n-lib.h>
#include <libdeflate.h>

/* What is made on its way: progress and Cancel are looked at as often. */
#define BLOCK_SIZE ((gsize) 4 << 20)

/**
 * ckpt_payload_init_bytes:
 * @self: (out caller-allocates): a payload
 * @bytes: (transfer full): bytes
 */
void
ckpt_payload_init_bytes (CkptPayload *self, GBytes *bytes)
{
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);

  *self = (CkptPayload) {
    .kind = CKPT_PAYLOAD_BYTES,
    .has_crc = TRUE,
    .crc = libdeflate_crc32 (0, data, length),
    .size = length,
    .bytes = bytes,
  };
}

/**
 * ckpt_payload_init_pickle:
 * @self: (out caller-allocates): a payload
 * @pickle: (transfer full): a pickle
 */
void
ckpt_payload_init_pickle (CkptPayload *self, CkptPickleBuffer *pickle)
{
  *self = (CkptPayload) {
    .kind = CKPT_PAYLOAD_PICKLE,
    .has_crc = TRUE,
    .crc = ckpt_pickle_buffer_get_crc (pickle),
    .size = ckpt_pickle_buffer_get_size (pickle),
    .pickle = pickle,
  };
}

/**
 * ckpt_payload_init_record:
 * @self: (out caller-allocates): a payload
 * @archive: the records of a file; must outlive the payload
 * @record: one of them
 */
void
ckpt_payload_init_record (CkptPayload *self, CkptArchive *archive, guint record)
{
  const CkptRecord *info = ckpt_archive_get (archive, record);

  *self = (CkptPayload) {
    .kind = CKPT_PAYLOAD_RECORD,
    .has_crc = info->has_crc,
    .crc = info->crc,
    .index = record,
    .size = info->stored_size,
    .archive = archive,
  };
}

/* The storage whose record has the bytes of @storage, and where they begin in it. */
static const CkptStorage *
find_bytes (CkptTree *tree, const CkptStorage *storage, guint64 *begin)
{
  *begin = 0;
  while (storage->bytes == CKPT_BYTES_RANGE)
    {
      *begin += storage->begin;
      storage = ckpt_tree_get_storage (tree, storage->origin);
    }
  return storage;
}

static guint
get_swap_size (const CkptStorage *storage, gboolean is_big_endian)
{
  guint size = ckpt_dtype_get_info (storage->dtype)->swap_size;

  return !storage->is_big_endian == !is_big_endian || size <= 1 ? 0 : size;
}

static gboolean
check_is_there (const CkptStorage *storage, guint64 end, GError **error)
{
  if (storage->bytes != CKPT_BYTES_RECORD ||
      (storage->record != CKPT_NO_RECORD && storage->n_bytes_present >= end))
    return TRUE;
  return ckpt_error_set (
      error, CKPT_ERROR_TRUNCATED, "storage-not-whole",
      _ ("The values of a storage (%s) are not all in the file, so they cannot be saved in another one."),
      storage->key);
}

/* Bytes that a file has as they are to be written are copied. */
static void
use_record (CkptPayload *self, const CkptStorage *from, guint64 begin)
{
  CkptArchive *archive = from->archive != NULL ? from->archive : ckpt_tree_get_archive (self->tree);
  const CkptRecord *record = ckpt_archive_get (archive, from->record);

  if (record->method != CKPT_RECORD_STORED)
    return;

  self->kind = CKPT_PAYLOAD_RECORD;
  self->archive = archive;
  self->index = from->record;
  self->offset = from->record_offset + begin;
  self->has_crc = record->has_crc && self->offset == 0 && self->size == record->size;
  self->crc = record->crc;
}

/**
 * ckpt_payload_init_part:
 * @self: (out caller-allocates): a payload
 * @tree: a tree; must outlive the payload
 * @storage: a storage of it
 * @begin: byte of it where to begin
 * @length: how many
 * @is_big_endian: the byte order that the file is to have
 * @error: return location
 *
 * A part of what a storage should have, unpacked.
 *
 * Returns: FALSE with CKPT_ERROR_TRUNCATED if they are not all there
 */
gboolean
ckpt_payload_init_part (CkptPayload *self,
                        CkptTree *tree,
                        guint storage,
                        guint64 begin,
                        guint64 length,
                        gboolean is_big_endian,
                        GError **error)
{
  const CkptStorage *wanted = ckpt_tree_get_storage (tree, storage);
  guint64 begin_from;
  const CkptStorage *from = find_bytes (tree, wanted, &begin_from);

  begin_from += begin;
  if (length > 0 && !check_is_there (from, begin_from + length, error))
    return FALSE;

  *self = (CkptPayload) {
    .kind = CKPT_PAYLOAD_STORAGE,
    .swap_size = get_swap_size (wanted, is_big_endian),
    .index = storage,
    .offset = begin,
    .size = length,
    .tree = tree,
  };
  if (length > 0 && self->swap_size == 0 && from->bytes == CKPT_BYTES_RECORD)
    use_record (self, from, begin_from);
  return TRUE;
}

/**
 * ckpt_payload_init_storage:
 * @self: (out caller-allocates): a payload
 * @tree: a tree; must outlive the payload
 * @storage: a storage of it
 * @is_big_endian: the byte order that the file is to have
 * @error: return location
 *
 * All bytes that a storage should have, unpacked.
 *
 * Returns: FALSE with CKPT_ERROR_TRUNCATED if they are not all there
 */
gboolean
ckpt_payload_init_storage (CkptPayload *self,
                           CkptTree *tree,
                           guint storage,
                           gboolean is_big_endian,
                           GError **error)
{
  return ckpt_payload_init_part (self, tree, storage, 0, ckpt_tree_get_storage (tree, storage)->n_bytes,
                                 is_big_endian, error);
}

/**
 * ckpt_payload_init_elements:
 * @self: (out caller-allocates): a payload
 * @tree: a tree; must outlive the payload
 * @tensor: a tensor of it that is not packed
 * @error: return location
 *
 * The elements of a tensor, one after another, least significant byte first.
 *
 * Returns: FALSE with an error if they cannot be read
 */
gboolean
ckpt_payload_init_elements (CkptPayload *self, CkptTree *tree, const CkptTensor *tensor, GError **error)
{
  const CkptDtypeInfo *info = ckpt_dtype_get_info (tensor->dtype);
  const char *problem = ckpt_tensor_get_unreadable (tree, tensor);

  if (problem != NULL)
    return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "tensor-unreadable", "%s", problem);

  *self = (CkptPayload) {
    .kind = CKPT_PAYLOAD_ELEMENTS,
    .swap_size = G_BYTE_ORDER == G_BIG_ENDIAN && info->swap_size > 1 ? info->swap_size : 0,
    .index = tensor->index,
    .size = tensor->n_bytes,
    .tree = tree,
  };
  return TRUE;
}

/**
 * ckpt_payload_clear:
 * @self: a payload
 *
 * Frees what it holds.
 */
void
ckpt_payload_clear (CkptPayload *self)
{
  if (self->kind == CKPT_PAYLOAD_BYTES)
    g_clear_pointer (&self->bytes, g_bytes_unref);
  else if (self->kind == CKPT_PAYLOAD_PICKLE)
    g_clear_pointer (&self->pickle, ckpt_pickle_buffer_free);
}

/**
 * ckpt_payload_locate:
 * @self: a payload
 * @source: (out) (transfer none): the file that it is copied from, or NULL if it is not
 * @offset: (out): byte of that file
 * @error: return location
 *
 * Returns: FALSE with the errors of ckpt_archive_locate()
 */
gboolean
ckpt_payload_locate (const CkptPayload *self, CkptSource **source, guint64 *offset, GError **error)
{
  *source = NULL;
  if (self->kind != CKPT_PAYLOAD_RECORD)
    return TRUE;
  if (!ckpt_archive_locate (self->archive, self->index, offset, error))
    return FALSE;

  *source = ckpt_archive_get_source (self->archive);
  *offset += self->offset;
  return TRUE;
}

static gboolean
read_block (const CkptPayload *self, guint64 at, guint8 *block, gsize length, GError **error)
{
  const CkptTensor *tensor;
  guint item_size;

  if (self->kind == CKPT_PAYLOAD_STORAGE)
    return ckpt_tree_read_storage (self->tree, self->index, self->offset + at, block, length, error);

  tensor = ckpt_tree_get_tensor (self->tree, self->index);
  item_size = ckpt_dtype_get_info (tensor->dtype)->item_size;
  return ckpt_tensor_read (self->tree, tensor, at / item_size, length / item_size, block, error);
}

/* Blocks hold whole elements: no element has a size that does not divide theirs. */
static gboolean
write_blocks (const CkptPayload *self, CkptWriter *writer, guint32 *crc, GError **error)
{
  g_autofree guint8 *block = g_malloc (MIN (BLOCK_SIZE, MAX (self->size, 1)));

  if (crc != NULL)
    *crc = 0;
  for (guint64 at = 0; at < self->size;)
    {
      gsize n = MIN (BLOCK_SIZE, self->size - at);

      if (!read_block (self, at, block, n, error))
        return FALSE;
      if (self->swap_size != 0)
        ckpt_swap_bytes (block, n, self->swap_size);
      if (crc != NULL)
        *crc = libdeflate_crc32 (*crc, block, n);
      if (!ckpt_writer_write (writer, block, n, error))
        return FALSE;
      at += n;
    }
  return TRUE;
}

static gboolean
write_record (const CkptPayload *self, CkptWriter *writer, guint32 *crc, GError **error)
{
  CkptSource *source;
  guint64 offset;

  if (crc != NULL)
    *crc = 0;
  return self->size == 0 || (ckpt_payload_locate (self, &source, &offset, error) &&
                             ckpt_writer_copy (writer, source, offset, self->size, crc, error));
}

/**
 * ckpt_payload_write:
 * @self: a payload
 * @writer: where it goes
 * @crc: (out) (optional): CRC-32 of the bytes that were written; if it is not known beforehand they may have to be read for it
 * @error: return location
 *
 * Returns: FALSE with an error of reading or writing, or %G_IO_ERROR_CANCELLED
 */
gboolean
ckpt_payload_write (const CkptPayload *self, CkptWriter *writer, guint32 *crc, GError **error)
{
  guint32 *wanted = self->has_crc ? NULL : crc;

  if (self->has_crc && crc != NULL)
    *crc = self->crc;
  switch ((CkptPayloadKind) self->kind)
    {
    case CKPT_PAYLOAD_BYTES:
      return ckpt_writer_write (writer, g_bytes_get_data (self->bytes, NULL), self->size, error);
    case CKPT_PAYLOAD_PICKLE:
      return ckpt_pickle_buffer_write (self->pickle, writer, error);
    case CKPT_PAYLOAD_RECORD:
      return write_record (self, writer, wanted, error);
    case CKPT_PAYLOAD_STORAGE:
    case CKPT_PAYLOAD_ELEMENTS:
    default:
      return write_blocks (self, writer, wanted, error);
    }
}
