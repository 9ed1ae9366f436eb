/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "io/ckpt-output-private.h"
#include "io/ckpt-signals.h"

#define BUFFER ((gsize) 1 << 20)

/**
 * ckpt_output_fail:
 * @self: an output
 * @failure: (transfer full): why it cannot go on
 * @error: return location
 *
 * Ends the saving: whatever is asked for next fails for the same reason.
 *
 * Returns: %FALSE
 */
gboolean
ckpt_output_fail (CkptOutput *self, GError *failure, GError **error)
{
  if (self->failure == NULL)
    self->failure = g_error_copy (failure);
  g_propagate_error (error, failure);
  return FALSE;
}

/**
 * ckpt_output_fail_call:
 * @self: an output
 * @call: what failed
 * @number: its errno
 * @error: return location
 *
 * Ends the saving with ckpt_output_set_full().
 *
 * Returns: %FALSE
 */
gboolean
ckpt_output_fail_call (CkptOutput *self, const char *call, int number, GError **error)
{
  GError *failure = NULL;

  ckpt_output_set_full (self, call, number, &failure);
  return ckpt_output_fail (self, failure, error);
}

/* So that the disk is at work while the rest is written, and the fsync() at the end is short. */
static gboolean
start_writing (CkptOutput *self, GError **error)
{
  guint64 n_new = self->position - self->n_started;
  int number;

  if (n_new < CKPT_OUTPUT_BLOCK || self->can_clone)
    return TRUE;
  if (sync_file_range (self->fd, (off_t) self->n_started, (off_t) n_new, SYNC_FILE_RANGE_WRITE) < 0)
    {
      number = errno;
      if (number == EIO || number == ENOSPC || number == EDQUOT)
        return ckpt_output_fail_call (self, "sync_file_range", number, error);
    }
  self->n_started = self->position;
  return TRUE;
}

/**
 * ckpt_output_advance:
 * @self: an output
 * @n_bytes: that were written at its position
 * @error: return location
 *
 * Goes on behind a block.
 *
 * Returns: %FALSE if it was cancelled, or if the disk could not write
 */
gboolean
ckpt_output_advance (CkptOutput *self, guint64 n_bytes, GError **error)
{
  const CkptOutputOptions *options = &self->options;
  GError *failure = NULL;

  self->position += n_bytes;
  if (options->progress != NULL)
    options->progress (self->position, MAX (options->size, self->position), options->progress_data);
  if (g_cancellable_set_error_if_cancelled (options->cancellable, &failure))
    return ckpt_output_fail (self, failure, error);
  return start_writing (self, error);
}

/**
 * ckpt_output_pwrite:
 * @self: an output
 * @bytes: (array length=length): what to write at its position
 * @length: bytes
 * @error: return location
 *
 * Writes one block, and does not advance.
 *
 * Returns: %FALSE with %CKPT_ERROR_SAVE
 */
gboolean
ckpt_output_pwrite (CkptOutput *self, const void *bytes, gsize length, GError **error)
{
  gsize n_done = 0;

  while (n_done < length)
    {
      gssize n = pwrite (self->fd, (const guint8 *) bytes + n_done, length - n_done,
                         (off_t) (self->position + n_done));

      if (n > 0)
        n_done += n;
      else if (n == 0 || errno != EINTR)
        return ckpt_output_fail_call (self, "pwrite", n == 0 ? EIO : errno, error);
    }
  return TRUE;
}

/**
 * ckpt_output_flush:
 * @self: an output
 * @error: return location
 *
 * Writes what is in the buffer.
 *
 * Returns: %FALSE with %CKPT_ERROR_SAVE or %G_IO_ERROR_CANCELLED
 */
gboolean
ckpt_output_flush (CkptOutput *self, GError **error)
{
  g_auto (CkptSignals) signals = ckpt_signals_hold ();
  gsize n = self->n_buffered;

  if (n == 0)
    return TRUE;
  if (!ckpt_output_pwrite (self, self->buffer, n, error))
    return FALSE;
  self->n_buffered = 0;
  return ckpt_output_advance (self, n, error);
}

/**
 * ckpt_output_check_next:
 * @self: an output
 * @length: bytes that come next
 * @error: return location
 *
 * Returns: %FALSE if the saving has failed before, or if the file got longer than any can be
 */
gboolean
ckpt_output_check_next (CkptOutput *self, guint64 length, GError **error)
{
  guint64 end;

  if (self->failure != NULL)
    {
      g_propagate_error (error, g_error_copy (self->failure));
      return FALSE;
    }
  if (__builtin_add_overflow (self->position + self->n_buffered, length, &end) || end > G_MAXINT64)
    return ckpt_output_fail_call (self, "pwrite", EFBIG, error);
  return TRUE;
}

/**
 * ckpt_output_write:
 * @self: an output
 * @bytes: (array length=length): what comes next in the file
 * @length: bytes
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_SAVE, or %G_IO_ERROR_CANCELLED; nothing more can be written then
 */
gboolean
ckpt_output_write (CkptOutput *self, const void *bytes, gsize length, GError **error)
{
  const guint8 *at = bytes;

  g_return_val_if_fail (self != NULL && !self->is_ended, FALSE);

  if (!ckpt_output_check_next (self, length, error))
    return FALSE;
  while (length > 0)
    {
      gsize n = MIN (length, BUFFER - self->n_buffered);

      if (self->buffer == NULL)
        self->buffer = g_malloc (BUFFER);
      memcpy (self->buffer + self->n_buffered, at, n);
      self->n_buffered += n;
      at += n;
      length -= n;
      if (self->n_buffered == BUFFER && !ckpt_output_flush (self, error))
        return FALSE;
    }
  return TRUE;
}
