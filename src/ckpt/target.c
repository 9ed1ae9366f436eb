/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n.h>

struct _Target
{
  char *name;      /* as the user gave it */
  char *path;      /* where it goes, links followed */
  char *temporary; /* beside it; NULL once that is gone */
  int fd;
  Output *output;
};

/* What to remove if a signal ends the program. */
static const char *volatile doomed;

static const int signals[] = { SIGHUP, SIGINT, SIGPIPE, SIGTERM, SIGXCPU };

static void
remove_doomed (int number)
{
  if (doomed != NULL)
    unlink (doomed);
  signal (number, SIG_DFL);
  raise (number);
}

static void
watch_signals (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    if (signal (signals[i], remove_doomed) == SIG_IGN)
      signal (signals[i], SIG_IGN);
}

static void
set_errno_error (GError **error, const char *name, int number)
{
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *escaped = ckpt_text_escape (shown, strlen (shown), 200);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), _ ("Cannot write %s: %s"), escaped,
               g_strerror (number));
}

/* Where @name leads: a link is written through, not replaced. */
static char *
resolve (const char *name)
{
  char *real = realpath (name, NULL);
  char *path = g_strdup (real != NULL ? real : name);

  free (real);
  return path;
}

static gboolean
check_existing (Target *self, CkptSource *source, mode_t *mode, GError **error)
{
  const CkptIdentity *identity = ckpt_source_get_identity (source);
  struct stat info;

  if (stat (self->path, &info) < 0)
    {
      if (errno == ENOENT)
        return TRUE;
      set_errno_error (error, self->name, errno);
      return FALSE;
    }

  if (info.st_dev == identity->dev && info.st_ino == identity->ino)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                         _ ("This would overwrite the checkpoint itself; give -o another name"));
  else if (!S_ISREG (info.st_mode))
    set_errno_error (error, self->name, S_ISDIR (info.st_mode) ? EISDIR : EINVAL);
  else
    {
      *mode = info.st_mode & 0777;
      return TRUE;
    }
  return FALSE;
}

static gboolean
open_temporary (Target *self, mode_t mode, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *name = g_path_get_basename (self->path);

  self->temporary = g_strdup_printf ("%s/.%.200s.XXXXXX.part", folder, name);
  self->fd = g_mkstemp_full (self->temporary, O_WRONLY | O_CLOEXEC, 0600);
  if (self->fd < 0)
    {
      set_errno_error (error, self->name, errno);
      g_clear_pointer (&self->temporary, g_free);
      return FALSE;
    }

  doomed = self->temporary;
  watch_signals ();
  fchmod (self->fd, mode);
  return TRUE;
}

static mode_t
get_default_mode (void)
{
  mode_t mask = umask (0);

  umask (mask);
  return 0666 & ~mask;
}

/**
 * target_new:
 * @name: (type filename): the file to write
 * @source: the checkpoint that is open, which it must not be
 *
 * Begins a file.
 *
 * Returns: (transfer full): the file, or NULL with an error in G_IO_ERROR
 */
Target *
target_new (const char *name, CkptSource *source, GError **error)
{
  g_autoptr (Target) self = g_new0 (Target, 1);
  mode_t mode = get_default_mode ();

  self->fd = -1;
  self->name = g_strdup (name);
  self->path = resolve (name);
  if (!check_existing (self, source, &mode, error) || !open_temporary (self, mode, error))
    return NULL;

  self->output = output_new (self->fd, name);
  return g_steal_pointer (&self);
}

/**
 * target_free:
 *
 * Without target_finish() before, nothing is left of the file.
 */
void
target_free (Target *self)
{
  if (self->temporary != NULL)
    unlink (self->temporary);
  doomed = NULL;
  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->output, output_free);
  g_free (self->temporary);
  g_free (self->path);
  g_free (self->name);
  g_free (self);
}

Output *
target_get_output (Target *self)
{
  return self->output;
}

static gboolean
close_file (Target *self)
{
  int fd = self->fd;

  self->fd = -1;
  return close (fd) == 0;
}

/**
 * target_finish:
 *
 * Puts the file in its place, instead of one that may be there.
 *
 * Returns: FALSE with an error in G_IO_ERROR; what was there before is then still there
 */
gboolean
target_finish (Target *self, GError **error)
{
  if (!output_flush (self->output, error))
    return FALSE;

  if (fsync (self->fd) < 0 || !close_file (self) || rename (self->temporary, self->path) < 0)
    {
      set_errno_error (error, self->name, errno);
      return FALSE;
    }

  doomed = NULL;
  g_clear_pointer (&self->temporary, g_free);
  return TRUE;
}
