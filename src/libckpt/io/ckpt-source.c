/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "io/ckpt-source.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

struct _CkptSource
{
  gatomicrefcount ref_count;
  int fd;
  char *path;
  char *full_path; /* @path holds no longer once the process changes its folder */
  CkptIdentity identity;
  guint64 n_reads; /* atomic, as is n_bytes */
  guint64 n_bytes;
};

static gint64
to_ns (struct timespec time)
{
  return (gint64) time.tv_sec * G_GINT64_CONSTANT (1000000000) + time.tv_nsec;
}

/**
 * ckpt_identity_from_stat:
 * @status: what the system says of a file
 *
 * Returns: its identity
 */
CkptIdentity
ckpt_identity_from_stat (const struct stat *status)
{
  return (CkptIdentity) {
    .dev = status->st_dev,
    .ino = status->st_ino,
    .size = status->st_size,
    .mtime_ns = to_ns (status->st_mtim),
    .ctime_ns = to_ns (status->st_ctim),
  };
}

/**
 * ckpt_identity_equal:
 * @a: what a file was
 * @b: what it is
 *
 * Returns: whether it is the same file, and nobody changed it
 */
gboolean
ckpt_identity_equal (const CkptIdentity *a, const CkptIdentity *b)
{
  return a->dev == b->dev && a->ino == b->ino && a->size == b->size && a->mtime_ns == b->mtime_ns &&
         a->ctime_ns == b->ctime_ns;
}

static gboolean
set_open_error (GError **error, int number)
{
  const char *message = NULL;

  switch (number)
    {
    case ENOENT:
      message = _ ("The file does not exist.");
      break;
    case EACCES:
    case EPERM:
      message = _ ("You have no permission to read the file.");
      break;
    case ENXIO:
    case ENODEV:
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                           _ ("This is a socket or a device, not a file with content."));
      return FALSE;
    case ELOOP:
      message = _ ("The file is a link that leads to too many other links.");
      break;
    case EMFILE:
    case ENFILE:
      message = _ ("Too many files are open.");
      break;
    default:
      break;
    }
  if (message != NULL)
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (number), message);
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), _ ("The file cannot be opened: %s."),
                 g_strerror (number));
  return FALSE;
}

static gboolean
check_is_regular (mode_t mode, GError **error)
{
  if (S_ISREG (mode))
    return TRUE;
  if (S_ISDIR (mode))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, _ ("This is a folder, not a file."));
  else if (S_ISFIFO (mode))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                         _ ("This is a named pipe, not a file with content."));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                         _ ("This is a socket or a device, not a file with content."));
  return FALSE;
}

/**
 * ckpt_source_open:
 * @path: (type filename): a file
 * @error: return location
 *
 * Opens a regular file for reading. Never waits: a pipe without a writer, a terminal or a device is an error
 * at once.
 *
 * Returns: (transfer full): the file, or %NULL with an error of %G_IO_ERROR
 */
CkptSource *
ckpt_source_open (const char *path, GError **error)
{
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  do
    fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  while (fd < 0 && errno == EINTR);
  if (fd < 0)
    {
      set_open_error (error, errno);
      return NULL;
    }
  return ckpt_source_take_fd (fd, path, error);
}

/**
 * ckpt_source_take_fd:
 * @fd: (transfer full): a file that is open for reading; closed on failure too
 * @path: (type filename): its path
 * @error: return location
 *
 * As ckpt_source_open(), of a file that the caller opened.
 *
 * Returns: (transfer full): the file, or %NULL with an error of %G_IO_ERROR
 */
CkptSource *
ckpt_source_take_fd (int fd, const char *path, GError **error)
{
  CkptSource *self;
  struct stat status;

  if (fstat (fd, &status) < 0)
    {
      set_open_error (error, errno);
      close (fd);
      return NULL;
    }
  if (!check_is_regular (status.st_mode, error))
    {
      close (fd);
      return NULL;
    }

  self = g_new0 (CkptSource, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->fd = fd;
  self->path = g_strdup (path);
  self->full_path = g_canonicalize_filename (path, NULL);
  self->identity = ckpt_identity_from_stat (&status);
  return self;
}

/**
 * ckpt_source_ref:
 * @self: a file
 *
 * Returns: (transfer full): @self
 */
CkptSource *
ckpt_source_ref (CkptSource *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ckpt_source_unref:
 * @self: (transfer full): a file, closed with its last reference
 */
void
ckpt_source_unref (CkptSource *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  close (self->fd);
  g_free (self->path);
  g_free (self->full_path);
  g_free (self);
}

/**
 * ckpt_source_get_path:
 * @self: a file
 *
 * Returns: (transfer none) (type filename): the path as it was given
 */
const char *
ckpt_source_get_path (CkptSource *self)
{
  return self->path;
}

/**
 * ckpt_source_get_size:
 * @self: a file
 *
 * Returns: its bytes when it was opened
 */
guint64
ckpt_source_get_size (CkptSource *self)
{
  return self->identity.size;
}

/**
 * ckpt_source_get_identity:
 * @self: a file
 *
 * Returns: (transfer none): what it was when it was opened
 */
const CkptIdentity *
ckpt_source_get_identity (CkptSource *self)
{
  return &self->identity;
}

/**
 * ckpt_source_has_changed:
 * @self: a file
 * @replaced: (out) (optional): whether its path names another file now, or none
 *
 * Compares the file with what it was when it was opened. What was opened stays readable even when it was
 * replaced.
 *
 * Returns: whether it was written to, cut, replaced or removed
 */
gboolean
ckpt_source_has_changed (CkptSource *self, gboolean *replaced)
{
  struct stat status;
  CkptIdentity now = { 0 };
  gboolean is_replaced = TRUE;

  if (stat (self->full_path, &status) == 0)
    is_replaced = (guint64) status.st_dev != self->identity.dev ||
                  (guint64) status.st_ino != self->identity.ino;
  if (fstat (self->fd, &status) == 0)
    now = ckpt_identity_from_stat (&status);
  if (replaced != NULL)
    *replaced = is_replaced;
  return is_replaced || !ckpt_identity_equal (&now, &self->identity);
}

/**
 * ckpt_source_check_unwritten:
 * @self: a file
 * @error: return location for %CKPT_ERROR_CHANGED_ON_DISK
 *
 * For after a long reading: whether what was read is what was there when the file was opened. One that was removed or replaced since
 * is read all the same.
 *
 * Returns: %FALSE if it was written to or cut
 */
gboolean
ckpt_source_check_unwritten (CkptSource *self, GError **error)
{
  struct stat status;

  if (fstat (self->fd, &status) == 0 &&
      ((guint64) status.st_size != self->identity.size || to_ns (status.st_mtim) != self->identity.mtime_ns))
    return ckpt_error_set (error, CKPT_ERROR_CHANGED_ON_DISK, "file-changed",
                           _ ("The file was changed while it was read."));
  return TRUE;
}

/**
 * ckpt_source_check_same:
 * @self: a file
 * @error: return location for %CKPT_ERROR_CHANGED_ON_DISK
 *
 * For after a long reading: whether what was read is what was there when the file was opened. One that was removed since is not
 * another one.
 *
 * Returns: %FALSE if it was written to or cut, or if another file is in its place
 */
gboolean
ckpt_source_check_same (CkptSource *self, GError **error)
{
  const CkptIdentity *identity = &self->identity;
  struct stat status;

  if (!ckpt_source_check_unwritten (self, error))
    return FALSE;
  if (stat (self->full_path, &status) == 0 &&
      ((guint64) status.st_dev != identity->dev || (guint64) status.st_ino != identity->ino))
    return ckpt_error_set (error, CKPT_ERROR_CHANGED_ON_DISK, "file-replaced",
                           _ ("The file was replaced while it was read."));
  return TRUE;
}

/**
 * ckpt_source_get_fd:
 * @self: a file
 *
 * For what reads the file inside the kernel.
 *
 * Returns: its descriptor, open for reading only
 */
int
ckpt_source_get_fd (CkptSource *self)
{
  return self->fd;
}

/**
 * ckpt_source_get_counts:
 * @self: a file
 * @counts: (out): what was read so far, by all threads
 */
void
ckpt_source_get_counts (CkptSource *self, CkptSourceCounts *counts)
{
  counts->n_reads = __atomic_load_n (&self->n_reads, __ATOMIC_RELAXED);
  counts->n_bytes = __atomic_load_n (&self->n_bytes, __ATOMIC_RELAXED);
}

static gboolean
set_read_error (CkptSource *self, guint64 offset, int number, GError **error)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number),
               _ ("The file cannot be read at byte %" PRIu64 ": %s."), offset, g_strerror (number));
  return FALSE;
}

/**
 * ckpt_source_set_end_error:
 * @self: a file
 * @offset: where reading began
 * @n_wanted: bytes that were wanted
 * @n_there: bytes that there were
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_CHANGED_ON_DISK if the file had them when it was opened, else %CKPT_ERROR_TRUNCATED
 */
gboolean
ckpt_source_set_end_error (CkptSource *self,
                           guint64 offset,
                           guint64 n_wanted,
                           guint64 n_there,
                           GError **error)
{
  if (offset + n_there < self->identity.size)
    ckpt_error_set (error, CKPT_ERROR_CHANGED_ON_DISK, "file-shortened",
                    _ ("The file is shorter than when it was opened: it ends at byte %" PRIu64 "."),
                    offset + n_there);
  else
    ckpt_error_set (
        error, CKPT_ERROR_TRUNCATED, "file-truncated",
        _ ("%" PRIu64 " bytes are needed from byte %" PRIu64 " on, but the file has only %" PRIu64 "."),
        n_wanted, offset, self->identity.size);
  if (error != NULL)
    ckpt_error_set_place (*error, NULL, CKPT_NO_OFFSET, offset, NULL);
  return FALSE;
}

/**
 * ckpt_source_read_some:
 * @self: a file
 * @offset: where to begin
 * @buffer: (out caller-allocates): where to put the bytes
 * @length: how many at most
 * @n_read: (out): how many there were; fewer than @length only if the file ends there
 * @error: return location
 *
 * Reads what the file has of a range. Any thread may call this.
 *
 * Returns: %FALSE with an error of %G_IO_ERROR
 */
gboolean
ckpt_source_read_some (CkptSource *self,
                       guint64 offset,
                       gpointer buffer,
                       gsize length,
                       gsize *n_read,
                       GError **error)
{
  gsize n_done = 0;
  gsize n_to_read = offset > G_MAXINT64 ? 0 : MIN (length, G_MAXINT64 - offset);

  while (n_done < n_to_read)
    {
      gssize n = pread (self->fd, (guint8 *) buffer + n_done, n_to_read - n_done, (off_t) (offset + n_done));

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return set_read_error (self, offset + n_done, errno, error);
      __atomic_fetch_add (&self->n_reads, 1, __ATOMIC_RELAXED);
      __atomic_fetch_add (&self->n_bytes, n, __ATOMIC_RELAXED);
      if (n == 0)
        break;
      n_done += n;
    }
  *n_read = n_done;
  return TRUE;
}

/**
 * ckpt_source_check_range:
 * @self: a file
 * @offset: where to begin
 * @length: bytes
 * @error: return location for %CKPT_ERROR_TRUNCATED
 *
 * Returns: whether the file had them when it was opened
 */
gboolean
ckpt_source_check_range (CkptSource *self, guint64 offset, guint64 length, GError **error)
{
  guint64 size = self->identity.size;

  return (offset <= size && length <= size - offset) ||
         ckpt_source_set_end_error (self, offset, length, offset > size ? 0 : size - offset, error);
}

/**
 * ckpt_source_read:
 * @self: a file
 * @offset: where to begin
 * @buffer: (out caller-allocates): where to put the bytes; on failure its content is anything
 * @length: how many
 * @error: return location
 *
 * Reads all of a range. Any thread may call this.
 *
 * Returns: %FALSE with %CKPT_ERROR_TRUNCATED if the file never had them, %CKPT_ERROR_CHANGED_ON_DISK if it
 *   was cut since it
 *   was opened, or an error of %G_IO_ERROR
 */
gboolean
ckpt_source_read (CkptSource *self, guint64 offset, gpointer buffer, gsize length, GError **error)
{
  gsize n_read = 0;

  if (!ckpt_source_check_range (self, offset, length, error) ||
      !ckpt_source_read_some (self, offset, buffer, length, &n_read, error))
    return FALSE;
  return n_read == length || ckpt_source_set_end_error (self, offset, length, n_read, error);
}
