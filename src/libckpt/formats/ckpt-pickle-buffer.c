/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-pickle-buffer.h"

#include "pickle/ckpt-encoder.h"

#include <glib/gi18n-lib.h>
#include <libdeflate.h>

/* A longer pickle is encoded a second time when it is written: memory stays small, and that of a model of a million tensors fits. */
#define MAX_KEPT ((gsize) 16 << 20)

struct _CkptPickleBuffer
{
  const CkptNodes *nodes;
  CkptArchive *archive;
  CkptNodeId root;
  GCancellable *cancellable;
  GByteArray *kept; /* NULL once it is too long */
  guint64 size;
  guint32 crc;
};

static gboolean
measure (gpointer data, const void *bytes, gsize length, GError **error)
{
  CkptPickleBuffer *self = data;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;

  self->crc = libdeflate_crc32 (self->crc, bytes, length);
  self->size += length;
  if (self->size > MAX_KEPT)
    g_clear_pointer (&self->kept, g_byte_array_unref);
  if (self->kept != NULL)
    g_byte_array_append (self->kept, bytes, length);
  return TRUE;
}

/**
 * ckpt_pickle_buffer_new:
 * @nodes: values; must outlive the buffer
 * @archive: (nullable): where long texts are read from; likewise
 * @root: the value to encode
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Encodes a value once, to know how long it gets.
 *
 * Returns: (transfer full): the pickle, or NULL with the errors of ckpt_encode() or %G_IO_ERROR_CANCELLED
 */
CkptPickleBuffer *
ckpt_pickle_buffer_new (const CkptNodes *nodes,
                        CkptArchive *archive,
                        CkptNodeId root,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (CkptPickleBuffer) self = g_new0 (CkptPickleBuffer, 1);
  const CkptSink sink = { measure, self };

  self->nodes = nodes;
  self->archive = archive;
  self->root = root;
  self->cancellable = cancellable;
  self->kept = g_byte_array_new ();
  if (!ckpt_encode (nodes, archive, root, &sink, error))
    return NULL;

  self->cancellable = NULL;
  return g_steal_pointer (&self);
}

/**
 * ckpt_pickle_buffer_free:
 * @self: (transfer full): a pickle
 */
void
ckpt_pickle_buffer_free (CkptPickleBuffer *self)
{
  g_clear_pointer (&self->kept, g_byte_array_unref);
  g_free (self);
}

/**
 * ckpt_pickle_buffer_get_size:
 * @self: a pickle
 *
 * Returns: its bytes
 */
guint64
ckpt_pickle_buffer_get_size (CkptPickleBuffer *self)
{
  return self->size;
}

/**
 * ckpt_pickle_buffer_get_crc:
 * @self: a pickle
 *
 * Returns: CRC-32 of its bytes
 */
guint32
ckpt_pickle_buffer_get_crc (CkptPickleBuffer *self)
{
  return self->crc;
}

static gboolean
write_on (gpointer data, const void *bytes, gsize length, GError **error)
{
  return ckpt_writer_write (data, bytes, length, error);
}

/**
 * ckpt_pickle_buffer_write:
 * @self: a pickle
 * @writer: where it goes
 * @error: return location
 *
 * Returns: FALSE with an error of writing, or of reading the long texts once more
 */
gboolean
ckpt_pickle_buffer_write (CkptPickleBuffer *self, CkptWriter *writer, GError **error)
{
  const CkptSink sink = { write_on, writer };
  guint64 begin = ckpt_writer_get_position (writer);

  if (self->kept != NULL)
    return ckpt_writer_write (writer, self->kept->data, self->kept->len, error);
  if (!ckpt_encode (self->nodes, self->archive, self->root, &sink, error))
    return FALSE;
  return ckpt_writer_get_position (writer) - begin == self->size ||
         ckpt_error_set (error, CKPT_ERROR_CHANGED_ON_DISK, "pickle-changed",
                         _ ("The file was changed while it was read."));
}
