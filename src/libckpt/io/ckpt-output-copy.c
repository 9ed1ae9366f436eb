/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <libdeflate.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "io/ckpt-output-private.h"
#include "io/ckpt-signals.h"

#define SMALL ((guint64) 64 << 10) /* goes through the buffer: a call each would cost more than the copying */
#define PIECE ((gsize) 1 << 20)    /* what is read and written at once; stays in the processor's cache */

typedef struct
{
  CkptSource *source;
  guint64 offset;
  guint64 n_left;
  guint32 *crc; /* NULL: not wanted */
} CopyRange;

typedef enum
{
  COPY_DONE,
  COPY_REFUSED, /* this way does not work here: try the next one */
  COPY_FAILED,
} CopyResult;

/* Errors that say that a call does not do this. All others end the saving: to go on by other means after an error of the disk could
 * copy what is no longer there. */
static gboolean
is_refusal (int number)
{
  return number == EBADF || number == EINVAL || number == EOPNOTSUPP || number == ENOSYS || number == EXDEV ||
         number == ETXTBSY || number == EPERM;
}

static int
clone_blocks (int to, guint64 at, int from, guint64 offset, guint64 length)
{
  struct file_clone_range range = {
    .src_fd = from,
    .src_offset = offset,
    .src_length = length,
    .dest_offset = at,
  };
  int rc;

  do
    rc = ioctl (to, FICLONERANGE, &range);
  while (rc < 0 && errno == EINTR);
  /* What is no file system of a disk need not know that call at all. */
  if (rc < 0 && errno == ENOTTY)
    errno = EOPNOTSUPP;
  return rc;
}

/**
 * ckpt_output_probe_clone:
 * @self: an output with its empty temporary
 * @error: return location
 *
 * Tries whether the file system can share a block of the file that most comes from. The temporary is empty again then.
 *
 * Returns: %FALSE with %CKPT_ERROR_SAVE if the disk has an error, or is full
 */
gboolean
ckpt_output_probe_clone (CkptOutput *self, GError **error)
{
  CkptSource *origin = self->options.origin;
  struct stat status;

  if (origin == NULL || fstat (self->fd, &status) < 0 || status.st_blksize <= 0)
    return TRUE;
  if (ckpt_source_get_size (origin) < (guint64) status.st_blksize)
    return TRUE;
  if (clone_blocks (self->fd, 0, ckpt_source_get_fd (origin), 0, status.st_blksize) < 0)
    return is_refusal (errno) || ckpt_output_fail_call (self, "ioctl FICLONERANGE", errno, error);
  if (ftruncate (self->fd, 0) < 0)
    return ckpt_output_fail_call (self, "ftruncate", errno, error);
  self->can_clone = TRUE;
  return TRUE;
}

static gboolean
advance (CkptOutput *self, CopyRange *range, guint64 n_bytes, GError **error)
{
  range->offset += n_bytes;
  range->n_left -= n_bytes;
  return ckpt_output_advance (self, n_bytes, error);
}

/* Reads a piece into @buffer, for the sum or to write it. */
static gboolean
read_piece (CkptOutput *self, const CopyRange *range, guint8 *buffer, gsize length, GError **error)
{
  GError *failure = NULL;

  if (!ckpt_source_read (range->source, range->offset, buffer, length, &failure))
    return ckpt_output_fail (self, failure, error);
  if (range->crc != NULL)
    *range->crc = libdeflate_crc32 (*range->crc, buffer, length);
  return TRUE;
}

/* Copies @length bytes by reading and writing them, which any file system can. */
static gboolean
copy_by_hand (CkptOutput *self, CopyRange *range, guint64 length, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (MIN (PIECE, MAX (length, 1)));

  while (length > 0)
    {
      gsize n = MIN (length, PIECE);

      if (!read_piece (self, range, buffer, n, error) || !ckpt_output_pwrite (self, buffer, n, error) ||
          !advance (self, range, n, error))
        return FALSE;
      length -= n;
    }
  return TRUE;
}

/* Sums what was copied without being seen. */
static gboolean
sum_range (CkptOutput *self, CopyRange *range, guint64 length, GError **error)
{
  g_autofree guint8 *buffer = NULL;

  if (range->crc == NULL)
    return advance (self, range, length, error);
  buffer = g_malloc (PIECE);
  while (length > 0)
    {
      gsize n = MIN (length, PIECE);

      if (!read_piece (self, range, buffer, n, error) || !advance (self, range, n, error))
        return FALSE;
      length -= n;
    }
  return TRUE;
}

/* Blocks that lie the same in both files are shared; what is before the first and behind the last one is copied. */
static CopyResult
copy_by_cloning (CkptOutput *self, CopyRange *range, GError **error)
{
  struct stat status;
  guint64 block, n_before, n_shared;

  if (!self->can_clone || fstat (self->fd, &status) < 0 || status.st_blksize <= 0)
    return COPY_REFUSED;
  block = status.st_blksize;
  if (range->offset % block != self->position % block)
    return COPY_REFUSED;
  n_before = (block - range->offset % block) % block;
  if (range->n_left < n_before + block)
    return COPY_REFUSED;
  n_shared = (range->n_left - n_before) / block * block;
  if (!copy_by_hand (self, range, n_before, error))
    return COPY_FAILED;
  if (clone_blocks (self->fd, self->position, ckpt_source_get_fd (range->source), range->offset, n_shared) <
      0)
    {
      if (is_refusal (errno))
        return COPY_REFUSED;
      ckpt_output_fail_call (self, "ioctl FICLONERANGE", errno, error);
      return COPY_FAILED;
    }
  self->counts.n_cloned += n_shared;
  if (!sum_range (self, range, n_shared, error))
    return COPY_FAILED;
  return copy_by_hand (self, range, range->n_left, error) ? COPY_DONE : COPY_FAILED;
}

static CopyResult
fail_end (CkptOutput *self, const CopyRange *range, GError **error)
{
  GError *failure = NULL;

  ckpt_source_set_end_error (range->source, range->offset, range->n_left, 0, &failure);
  ckpt_output_fail (self, failure, error);
  return COPY_FAILED;
}

/* Bytes that need not be seen are copied inside the kernel. */
static CopyResult
copy_in_kernel (CkptOutput *self, CopyRange *range, GError **error)
{
  int from = ckpt_source_get_fd (range->source);

  if (range->crc != NULL || self->cannot_range)
    return COPY_REFUSED;
  while (range->n_left > 0)
    {
      loff_t offset = (loff_t) range->offset;
      loff_t position = (loff_t) self->position;
      gssize n = copy_file_range (from, &offset, self->fd, &position, MIN (range->n_left, CKPT_OUTPUT_BLOCK),
                                  0);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0 && is_refusal (errno))
        {
          self->cannot_range = TRUE;
          return COPY_REFUSED;
        }
      if (n < 0)
        {
          ckpt_output_fail_call (self, "copy_file_range", errno, error);
          return COPY_FAILED;
        }
      if (n == 0)
        return fail_end (self, range, error);
      self->counts.n_copied += n;
      if (!advance (self, range, n, error))
        return COPY_FAILED;
    }
  return COPY_DONE;
}

static gboolean
copy_large (CkptOutput *self, CopyRange *range, GError **error)
{
  g_auto (CkptSignals) signals = ckpt_signals_hold ();
  CopyResult result;

  if (!ckpt_output_flush (self, error))
    return FALSE;
  result = copy_by_cloning (self, range, error);
  if (result == COPY_REFUSED)
    result = copy_in_kernel (self, range, error);
  if (result == COPY_REFUSED)
    return copy_by_hand (self, range, range->n_left, error);
  return result == COPY_DONE;
}

static gboolean
copy_small (CkptOutput *self, CopyRange *range, GError **error)
{
  g_autofree guint8 *bytes = g_malloc (MAX (range->n_left, 1));

  return read_piece (self, range, bytes, range->n_left, error) &&
         ckpt_output_write (self, bytes, range->n_left, error);
}

/* Remembers a file that bytes come from, which must not have been written to since it was opened. */
static gboolean
add_source (CkptOutput *self, CkptSource *from, GError **error)
{
  GError *failure = NULL;

  for (guint i = 0; i < self->sources->len; i++)
    if (self->sources->pdata[i] == from)
      return TRUE;
  if (!ckpt_source_check_unwritten (from, &failure))
    return ckpt_output_fail (self, failure, error);
  g_ptr_array_add (self->sources, ckpt_source_ref (from));
  return TRUE;
}

/**
 * ckpt_output_check_sources:
 * @self: an output
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_CHANGED_ON_DISK if a file that was copied from was written to meanwhile
 */
gboolean
ckpt_output_check_sources (CkptOutput *self, GError **error)
{
  for (guint i = 0; i < self->sources->len; i++)
    {
      GError *failure = NULL;

      if (!ckpt_source_check_unwritten (self->sources->pdata[i], &failure))
        return ckpt_output_fail (self, failure, error);
    }
  return TRUE;
}

/**
 * ckpt_output_copy:
 * @self: an output
 * @from: a file
 * @offset: where in it to begin
 * @length: how many bytes come next
 * @crc: (inout) (optional): a CRC-32 so far, 0 at first, that goes on over these bytes. To ask for it means to read them all
 * @error: return location
 *
 * Copies bytes of another file. Where the file system can, blocks are shared, which takes no time and no room; this needs @offset and
 * ckpt_output_get_position() to have the same remainder by the size of a block, which is 4,096 bytes as a rule.
 *
 * Returns: %FALSE with %CKPT_ERROR_SAVE, %CKPT_ERROR_CHANGED_ON_DISK, the errors of ckpt_source_read(), or
 *   %G_IO_ERROR_CANCELLED; nothing more can be written then
 */
gboolean
ckpt_output_copy (CkptOutput *self,
                  CkptSource *from,
                  guint64 offset,
                  guint64 length,
                  guint32 *crc,
                  GError **error)
{
  guint32 sum = crc != NULL ? *crc : 0;
  CopyRange range = { from, offset, length, crc != NULL ? &sum : NULL };
  GError *failure = NULL;

  g_return_val_if_fail (self != NULL && !self->is_ended && from != NULL, FALSE);

  if (!ckpt_output_check_next (self, length, error))
    return FALSE;
  if (!ckpt_source_check_range (from, offset, length, &failure))
    return ckpt_output_fail (self, failure, error);
  if (!add_source (self, from, error))
    return FALSE;
  if (!(length < SMALL ? copy_small : copy_large) (self, &range, error))
    return FALSE;
  if (crc != NULL)
    *crc = sum;
  return TRUE;
}

/**
 * ckpt_output_get_counts:
 * @self: an output
 * @counts: (out): how its bytes came into the file so far
 */
void
ckpt_output_get_counts (CkptOutput *self, CkptOutputCounts *counts)
{
  *counts = self->counts;
  counts->n_written = ckpt_output_get_position (self) - counts->n_cloned - counts->n_copied;
}

/**
 * ckpt_output_get_clone_block:
 * @self: an output
 *
 * Returns: bytes of a block where the file system can share blocks with the file that most bytes come from, or 0 where it cannot
 */
guint
ckpt_output_get_clone_block (CkptOutput *self)
{
  struct stat status;

  if (!self->can_clone || fstat (self->fd, &status) < 0 || status.st_blksize <= 0)
    return 0;
  return status.st_blksize;
}
