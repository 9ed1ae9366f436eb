/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "io/ckpt-output-private.h"
#include "io/ckpt-signals.h"

static void
take_options (CkptOutput *self, const CkptOutputOptions *options)
{
  self->options = *options;
  if (options->replaced != NULL)
    ckpt_source_ref (options->replaced);
  if (options->origin != NULL)
    ckpt_source_ref (options->origin);
  if (options->cancellable != NULL)
    g_object_ref (options->cancellable);
}

static gboolean
begin (CkptOutput *self, const char *path, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (self->options.cancellable, error))
    return FALSE;
  if (!ckpt_output_target_init (&self->target, path, error) ||
      !ckpt_output_target_check (&self->target, &self->options, error) ||
      !ckpt_output_make_temporary (self, error))
    return FALSE;
  return ckpt_output_probe_clone (self, error) && ckpt_output_reserve (self, error);
}

/**
 * ckpt_output_open:
 * @path: (type filename): where the file is to be; a link is written through
 * @options: (nullable): how
 * @error: return location
 *
 * Begins to save a file. It is written beside @path under a name of its own, and takes its place with ckpt_output_commit(); until then
 * what is at @path stays as it is, and it is never opened for writing. For one thread at a time.
 *
 * Returns: (transfer full): the output, or %NULL with %CKPT_ERROR_SAVE if it cannot be there, %CKPT_ERROR_CONSENT or
 *   %CKPT_ERROR_CHANGED_ON_DISK if a person is to be asked (see ckpt_output_get_consent()), or %G_IO_ERROR_CANCELLED
 */
CkptOutput *
ckpt_output_open (const char *path, const CkptOutputOptions *options, GError **error)
{
  g_auto (CkptSignals) signals = ckpt_signals_hold ();
  g_autoptr (CkptOutput) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_new0 (CkptOutput, 1);
  self->fd = -1;
  self->target.folder = -1;
  self->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) ckpt_source_unref);
  if (options != NULL)
    take_options (self, options);
  if (!begin (self, path, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * ckpt_output_free:
 * @self: (transfer full): an output; without ckpt_output_commit() before, nothing is left of it
 */
void
ckpt_output_free (CkptOutput *self)
{
  g_return_if_fail (self != NULL);

  if (self->temporary != NULL)
    unlinkat (self->target.folder, self->temporary, 0);
  if (self->fd >= 0)
    close (self->fd);
  ckpt_output_target_clear (&self->target);
  g_clear_pointer (&self->options.replaced, ckpt_source_unref);
  g_clear_pointer (&self->options.origin, ckpt_source_unref);
  g_clear_object (&self->options.cancellable);
  g_ptr_array_unref (self->sources);
  g_clear_error (&self->failure);
  g_free (self->temporary);
  g_free (self->buffer);
  g_free (self);
}

/**
 * ckpt_output_get_path:
 * @self: an output
 *
 * Returns: (transfer none) (type filename): where the file goes, links followed
 */
const char *
ckpt_output_get_path (CkptOutput *self)
{
  return self->target.path;
}

/**
 * ckpt_output_dup_temporary:
 * @self: an output
 *
 * For a program that a signal may end: what it should remove then.
 *
 * Returns: (transfer full) (type filename) (nullable): where the bytes are now, or %NULL after ckpt_output_commit()
 */
char *
ckpt_output_dup_temporary (CkptOutput *self)
{
  g_autofree char *folder = g_path_get_dirname (self->target.path);

  return self->temporary != NULL ? g_build_filename (folder, self->temporary, NULL) : NULL;
}

/**
 * ckpt_output_get_position:
 * @self: an output
 *
 * Returns: the bytes written and copied so far
 */
guint64
ckpt_output_get_position (CkptOutput *self)
{
  return self->position + self->n_buffered;
}

/* Writes what is left, and cuts off what was reserved too much. */
static gboolean
end (CkptOutput *self, GError **error)
{
  if (!ckpt_output_check_next (self, 0, error) || !ckpt_output_flush (self, error))
    return FALSE;
  self->is_ended = TRUE;
  if (self->reserved > self->position && ftruncate (self->fd, (off_t) self->position) < 0)
    return ckpt_output_fail_call (self, "ftruncate", errno, error);
  self->reserved = 0;
  return TRUE;
}

/**
 * ckpt_output_open_source:
 * @self: an output to which all was written
 * @error: return location
 *
 * Opens the new file before it is put in its place, so that it can be verified.
 *
 * Returns: (transfer full): the file, or %NULL with an error as of ckpt_output_write() or ckpt_source_open()
 */
CkptSource *
ckpt_output_open_source (CkptOutput *self, GError **error)
{
  g_autofree char *path = NULL;
  int fd;

  g_return_val_if_fail (self != NULL && self->temporary != NULL, NULL);

  if (!end (self, error))
    return NULL;
  path = ckpt_output_dup_temporary (self);
  do
    fd = openat (self->target.folder, self->temporary, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  while (fd < 0 && errno == EINTR);
  if (fd >= 0)
    return ckpt_source_take_fd (fd, path, error);
  ckpt_output_fail_call (self, "openat", errno, error);
  return NULL;
}

/* What was not written is not there, whatever a second fsync() would say: pages that could not be written count as clean. */
static gboolean
synchronize (CkptOutput *self, CkptOutputNotes *notes, GError **error)
{
  int rc;

  do
    rc = fsync (self->fd);
  while (rc < 0 && errno == EINTR);
  if (rc == 0)
    return TRUE;
  if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
    return ckpt_output_fail_call (self, "fsync", errno, error);
  *notes |= CKPT_OUTPUT_UNCONFIRMED;
  return TRUE;
}

/* Some file systems tell of an error only when a descriptor is closed. The other one holds the lock. */
static gboolean
close_twin (CkptOutput *self, GError **error)
{
  int twin = fcntl (self->fd, F_DUPFD_CLOEXEC, 0);

  if (twin < 0)
    return ckpt_output_fail_call (self, "fcntl", errno, error);
  if (close (twin) < 0 && errno != EINTR)
    return ckpt_output_fail_call (self, "close", errno, error);
  return TRUE;
}

/**
 * ckpt_output_commit:
 * @self: an output to which all was written
 * @notes: (out) (optional): what a person should know of the saved file
 * @error: return location
 *
 * Gives the new file what the former had (owner, mode, access control list, extended attributes), waits for the disk, and puts it in
 * its place in one step. It can be cancelled until this begins, and not any more then.
 *
 * Returns: %FALSE with %CKPT_ERROR_SAVE, %CKPT_ERROR_CHANGED_ON_DISK or %G_IO_ERROR_CANCELLED; what was there before is still there
 *   then
 */
gboolean
ckpt_output_commit (CkptOutput *self, CkptOutputNotes *notes, GError **error)
{
  g_auto (CkptSignals) signals = ckpt_signals_hold ();
  CkptOutputNotes noted = CKPT_OUTPUT_FINE;
  GError *failure = NULL;

  g_return_val_if_fail (self != NULL && self->temporary != NULL, FALSE);

  if (!end (self, error) || !ckpt_output_check_sources (self, error))
    return FALSE;
  if (g_cancellable_set_error_if_cancelled (self->options.cancellable, &failure))
    return ckpt_output_fail (self, failure, error);
  if (!ckpt_output_copy_meta (self, &noted, error) || !synchronize (self, &noted, error) ||
      !close_twin (self, error) || !ckpt_output_place (self, &noted, error))
    return FALSE;
  if (notes != NULL)
    *notes = noted;
  return TRUE;
}
