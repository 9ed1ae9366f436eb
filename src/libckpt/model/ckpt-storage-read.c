/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-tree-data.h"

#include "model/ckpt-convert.h"
#include "model/ckpt-text.h"
#include "model/ckpt-values.h"
#include "model/ckpt-window.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Elements that are made at a time. */
#define N_BLOCK ((gsize) 16384)

/* Makes elements [first, first + n) of a storage that an edit has made up, in host order. */
typedef gboolean (*MakeFunc) (CkptTree *self,
                              const CkptStorage *storage,
                              guint64 first,
                              gsize n,
                              guint8 *items,
                              GError **error);

static gboolean
set_read_error (CkptTree *self, const CkptStorage *storage, GError **error)
{
  g_autofree char *key = ckpt_text_escape (storage->key, strlen (storage->key), 60);

  gboolean is_missing = storage->bytes == CKPT_BYTES_RECORD && storage->record == CKPT_NO_RECORD;

  if (is_missing && storage->n_bytes_present > 0)
    return ckpt_error_set (error, CKPT_ERROR_MALFORMED, "storage-doubtful",
                           _ ("What the bytes of storage %s mean is in doubt: see the warnings of the file."),
                           key);

  if (is_missing)
    return ckpt_error_set (error, CKPT_ERROR_TRUNCATED, "storage-missing",
                           _ ("The values are not in the file: it has no storage %s."), key);

  ckpt_error_set (
      error, CKPT_ERROR_TRUNCATED, "storage-short",
      _ ("Only %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " bytes of storage %s are in the file."),
      storage->n_bytes_present, storage->n_bytes, key);
  if (error != NULL && storage->bytes == CKPT_BYTES_RECORD)
    ckpt_error_set_place (
        *error,
        ckpt_archive_get (storage->archive != NULL ? storage->archive : self->archive, storage->record)->name,
        storage->record_offset + storage->n_bytes_present, CKPT_NO_OFFSET, NULL);
  return FALSE;
}

static gboolean
is_swapped (const CkptStorage *storage)
{
  return storage->is_big_endian != (G_BYTE_ORDER == G_BIG_ENDIAN);
}

static gboolean
make_cast (CkptTree *self, const CkptStorage *storage, guint64 first, gsize n, guint8 *items, GError **error)
{
  const CkptStorage *origin = ckpt_tree_get_storage (self, storage->origin);
  const CkptDtypeInfo *info = ckpt_dtype_get_info (storage->from_dtype);
  gboolean is_same = storage->from_dtype == storage->to_dtype; /* only the order of the bytes is another */
  g_autofree guint8 *buffer = is_same ? NULL : g_malloc (n * info->item_size);
  guint8 *from = is_same ? items : buffer;

  if (!ckpt_tree_read_storage (self, storage->origin, first * info->item_size, from, n * info->item_size,
                               error))
    return FALSE;
  if (is_swapped (origin))
    ckpt_swap_bytes (from, n * info->item_size, info->swap_size);
  if (!is_same)
    ckpt_convert (storage->from_dtype, from, n, storage->to_dtype, items);
  return TRUE;
}

static gboolean
make_elements (CkptTree *self,
               const CkptStorage *storage,
               guint64 first,
               gsize n,
               guint8 *items,
               GError **error)
{
  return ckpt_tensor_read (self, ckpt_tree_get_tensor (self, storage->origin), first, n, items, error);
}

/* The elements that are made, whose type an untyped storage does not tell. */
static const CkptDtypeInfo *
get_made_info (CkptTree *self, const CkptStorage *storage)
{
  return ckpt_dtype_get_info (storage->bytes == CKPT_BYTES_ELEMENTS
                                  ? ckpt_tree_get_tensor (self, storage->origin)->dtype
                                  : storage->to_dtype);
}

static gboolean
read_made (CkptTree *self,
           const CkptStorage *storage,
           MakeFunc make,
           guint64 offset,
           guint8 *buffer,
           gsize length,
           GError **error)
{
  const CkptDtypeInfo *info = get_made_info (self, storage);
  gsize size = info->item_size;
  guint64 n_items = storage->n_bytes / size;
  g_autofree guint8 *items = g_malloc (N_BLOCK * size);

  while (length > 0)
    {
      guint64 first = offset / size;
      gsize n = MIN (N_BLOCK, n_items - first);
      gsize begin = offset - first * size;
      gsize n_now;

      n = MIN (n, (begin + length - 1) / size + 1);
      n_now = MIN (length, n * size - begin);
      if (!make (self, storage, first, n, items, error))
        return FALSE;
      if (is_swapped (storage))
        ckpt_swap_bytes (items, n * size, info->swap_size);
      memcpy (buffer, items + begin, n_now);
      buffer += n_now;
      offset += n_now;
      length -= n_now;
    }
  return TRUE;
}

/**
 * ckpt_tree_read_storage:
 * @self: a tree
 * @storage: which storage
 * @offset: byte of it to begin with
 * @buffer: (out caller-allocates) (array length=length): the bytes, as they are in the file, or will be once an edit is saved
 * @length: how many
 * @error: return location
 *
 * What an edit made up is made here, block by block. May be called on any thread.
 *
 * Returns: %FALSE with %CKPT_ERROR_TRUNCATED where they are not in the file, or the errors of reading it
 */
gboolean
ckpt_tree_read_storage (CkptTree *self,
                        guint storage,
                        guint64 offset,
                        gpointer buffer,
                        gsize length,
                        GError **error)
{
  const CkptStorage *from;

  g_return_val_if_fail (self != NULL && buffer != NULL, FALSE);

  from = ckpt_tree_get_storage (self, storage);
  if (length == 0)
    return TRUE;

  if ((from->bytes == CKPT_BYTES_RECORD && from->record == CKPT_NO_RECORD) ||
      offset > from->n_bytes_present || length > from->n_bytes_present - offset)
    return set_read_error (self, from, error);

  switch (from->bytes)
    {
    case CKPT_BYTES_RANGE:
      return ckpt_tree_read_storage (self, from->origin, from->begin + offset, buffer, length, error);
    case CKPT_BYTES_CAST:
      return read_made (self, from, make_cast, offset, buffer, length, error);
    case CKPT_BYTES_ELEMENTS:
      return read_made (self, from, make_elements, offset, buffer, length, error);
    case CKPT_BYTES_RECORD:
    default:
      return ckpt_archive_read (from->archive != NULL ? from->archive : self->archive, from->record,
                                from->record_offset + offset, buffer, length, error);
    }
}
