/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/ckpt-output-private.h"

/* Not over a file that came to be there meanwhile. Where the file system has no such call, a second name does it. */
static int
rename_new (CkptOutput *self)
{
  int folder = self->target.folder;

  if (renameat2 (folder, self->temporary, folder, self->target.name, RENAME_NOREPLACE) == 0)
    return 0;
  if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
    return -1;
  if (linkat (folder, self->temporary, folder, self->target.name, 0) == 0)
    return unlinkat (folder, self->temporary, 0);
  if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
    return -1;
  return renameat (folder, self->temporary, folder, self->target.name);
}

static int
rename_over (CkptOutput *self)
{
  return renameat (self->target.folder, self->temporary, self->target.folder, self->target.name);
}

/* An error of rename() on a network does not say that nothing happened. */
static gboolean
is_in_place (CkptOutput *self)
{
  struct stat ours, there;

  return fstat (self->fd, &ours) == 0 &&
         fstatat (self->target.folder, self->target.name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
         ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

static gboolean
put (CkptOutput *self, GError **error)
{
  GError *failure = NULL;
  int number;
  int rc;

  do
    rc = (self->target.exists ? rename_over : rename_new) (self);
  while (rc < 0 && errno == EINTR);
  number = errno;
  if (rc == 0 || is_in_place (self))
    {
      g_clear_pointer (&self->temporary, g_free);
      return TRUE;
    }
  if (number != EEXIST)
    return ckpt_output_fail_call (self, "renameat", number, error);
  ckpt_output_target_set_changed (&failure);
  return ckpt_output_fail (self, failure, error);
}

/* A second name for the file that is replaced, until the new one is in its place. */
static gboolean
link_former (CkptOutput *self, char **former, GError **error)
{
  g_autofree char *name = ckpt_output_temporary_name (self->target.name);
  GError *failure = NULL;

  if (linkat (self->target.folder, self->target.name, self->target.folder, name, 0) == 0)
    {
      *former = g_steal_pointer (&name);
      return TRUE;
    }
  failure = ckpt_error_new (CKPT_ERROR_SAVE, "no-backup",
                            _ ("The former file cannot be kept: that disk cannot give it a second name."));
  return ckpt_output_fail (self, failure, error);
}

static gboolean
keep_former (CkptOutput *self, const char *former)
{
  g_autofree char *backup = g_strconcat (self->target.name, "~", NULL);

  if (renameat (self->target.folder, former, self->target.folder, backup) < 0)
    return FALSE;
  /* Of two names of one file, rename() leaves both. */
  unlinkat (self->target.folder, former, 0);
  return TRUE;
}

/* Some file systems have nothing to tell of a folder; then the whole disk is asked. */
static gboolean
confirm (CkptOutput *self)
{
  int folder = openat (self->target.folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int rc = -1;
  int number = EACCES;

  if (folder >= 0)
    {
      do
        rc = fsync (folder);
      while (rc < 0 && errno == EINTR);
      number = errno;
      close (folder);
    }
  if (rc == 0)
    return TRUE;
  return number != EIO && syncfs (self->fd) == 0;
}

/**
 * ckpt_output_place:
 * @self: an output whose bytes are on the disk
 * @notes: (inout): what a person should know
 * @error: return location
 *
 * Puts the new file in its place. After that nothing is an error any more.
 *
 * Returns: %FALSE with %CKPT_ERROR_SAVE or %CKPT_ERROR_CHANGED_ON_DISK
 */
gboolean
ckpt_output_place (CkptOutput *self, CkptOutputNotes *notes, GError **error)
{
  gboolean has_backup = self->target.exists && (self->options.flags & CKPT_OUTPUT_KEEP_BACKUP) != 0;
  g_autofree char *former = NULL;
  GError *failure = NULL;

  if (!ckpt_output_target_recheck (&self->target, &failure))
    return ckpt_output_fail (self, failure, error);
  if (has_backup && !link_former (self, &former, error))
    return FALSE;
  if (!put (self, error))
    {
      if (former != NULL)
        unlinkat (self->target.folder, former, 0);
      return FALSE;
    }
  if (former != NULL && !keep_former (self, former))
    *notes |= CKPT_OUTPUT_LOST_BACKUP;
  if (!confirm (self))
    *notes |= CKPT_OUTPUT_UNCONFIRMED;
  return TRUE;
}
