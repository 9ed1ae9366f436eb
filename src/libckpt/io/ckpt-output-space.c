/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <linux/magic.h>
#include <sys/resource.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "io/ckpt-output-private.h"

#define MARGIN    ((guint64) 64 << 20) /* left free for others, unless the file itself is smaller */
#define FAT_LIMIT (((guint64) 4 << 30) - 1)

/* What no fallocate() tells before work is done: the limit of this process, and that of FAT. */
static gboolean
check_size (CkptOutput *self, GError **error)
{
  g_autofree char *size_text = g_format_size (self->options.size);
  g_autofree char *limit_text = NULL;
  struct rlimit limit;
  struct statfs disk;

  if (getrlimit (RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
      self->options.size > limit.rlim_cur)
    {
      limit_text = g_format_size (limit.rlim_cur);
      return ckpt_error_set (
          error, CKPT_ERROR_SAVE, "file-too-large",
          _ ("The new file needs %s, but this session may write files of %s only (ulimit -f)."), size_text,
          limit_text);
    }
  if (fstatfs (self->target.folder, &disk) == 0 && disk.f_type == MSDOS_SUPER_MAGIC &&
      self->options.size > FAT_LIMIT)
    {
      limit_text = g_format_size (FAT_LIMIT);
      return ckpt_error_set (error, CKPT_ERROR_SAVE, "file-too-large",
                             _ ("The new file needs %s, but that disk (FAT) can have files of %s only."),
                             size_text, limit_text);
    }
  return TRUE;
}

/* Bytes that this user can still write there; some file systems do not know. */
static gboolean
get_free (CkptOutput *self, guint64 *n_free)
{
  struct statvfs disk;

  return fstatvfs (self->target.folder, &disk) == 0 && disk.f_blocks > 0 &&
         !__builtin_mul_overflow ((guint64) disk.f_bavail, (guint64) disk.f_frsize, n_free);
}

static gboolean
check_free (CkptOutput *self, GError **error)
{
  g_autofree char *needed_text = NULL;
  g_autofree char *free_text = NULL;
  guint64 needed = self->options.size;
  guint64 n_free = 0;

  if (self->can_clone)
    needed -= MIN (needed, self->options.n_copied);
  if (!get_free (self, &n_free))
    return TRUE;
  if (needed <= n_free && MIN (MARGIN, needed) <= n_free - needed)
    return TRUE;
  needed_text = g_format_size (needed);
  free_text = g_format_size (n_free);
  return ckpt_error_set (error, CKPT_ERROR_SAVE, "no-space",
                         _ ("The new file needs %s, but only %s are free on that disk."), needed_text,
                         free_text);
}

/* Blocks that are going to be shared need no room. */
static gboolean
allocate (CkptOutput *self, GError **error)
{
  int rc;

  if (self->can_clone || self->options.size > G_MAXINT64)
    return self->can_clone || ckpt_output_set_errno (error, "fallocate", EFBIG);
  do
    rc = fallocate (self->fd, 0, 0, (off_t) self->options.size);
  while (rc < 0 && errno == EINTR);
  if (rc == 0)
    self->reserved = self->options.size;
  if (rc == 0 || errno == EOPNOTSUPP || errno == ENOSYS)
    return TRUE;
  return ckpt_output_set_full (self, "fallocate", errno, error);
}

/**
 * ckpt_output_reserve:
 * @self: an output with its temporary
 * @error: return location
 *
 * Looks for room, so that a full disk is an error before any work is done.
 *
 * Returns: %FALSE with %CKPT_ERROR_SAVE
 */
gboolean
ckpt_output_reserve (CkptOutput *self, GError **error)
{
  if (self->options.size == 0)
    return TRUE;
  return check_size (self, error) && check_free (self, error) && allocate (self, error);
}

/* The error with what is missing, or NULL if that is not known. */
static GError *
tell_figures (CkptOutput *self, int number)
{
  guint64 n_missing = self->options.size - MIN (self->options.size, self->position);
  g_autofree char *missing_text = g_format_size (n_missing);
  g_autofree char *limit_text = NULL;
  guint64 n_free = 0;
  struct rlimit limit;

  if (number == ENOSPC && n_missing > 0 && self->reserved == 0 && get_free (self, &n_free))
    {
      limit_text = g_format_size (n_free);
      return ckpt_error_new (CKPT_ERROR_SAVE, "no-space",
                             _ ("The disk is full: the new file needs %s more, but only %s are free."),
                             missing_text, limit_text);
    }
  if (number == EFBIG && getrlimit (RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    {
      limit_text = g_format_size (limit.rlim_cur);
      return ckpt_error_new (CKPT_ERROR_SAVE, "file-too-large",
                             _ ("The new file gets larger than this session may write: %s (ulimit -f)."),
                             limit_text);
    }
  return NULL;
}

/**
 * ckpt_output_set_full:
 * @self: an output
 * @call: what failed
 * @number: its errno
 * @error: return location
 *
 * As ckpt_output_set_errno(); a full disk is told with figures.
 *
 * Returns: %FALSE
 */
gboolean
ckpt_output_set_full (CkptOutput *self, const char *call, int number, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *element = NULL;
  GError *with_figures = tell_figures (self, number);

  ckpt_output_set_errno (&failure, call, number);
  element = g_strdup (ckpt_error_get_place (failure)->element);
  if (with_figures != NULL)
    {
      g_clear_error (&failure);
      failure = with_figures;
    }
  ckpt_error_set_place (failure, NULL, CKPT_NO_OFFSET, self->position, element);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}
