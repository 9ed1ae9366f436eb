/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "io/ckpt-output-private.h"

#define ENDING    ".part"
#define N_RANDOM  6
#define MAX_NAME  255
#define MAX_TRIES 100

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * ckpt_output_temporary_stem:
 * @name: (type filename): the name of a file
 *
 * Returns: (transfer full): what the names of its temporaries begin with: `.NAME.`, shortened where a name would be too long
 */
char *
ckpt_output_temporary_stem (const char *name)
{
  gsize length = MIN (strlen (name), MAX_NAME - 2 - N_RANDOM - strlen (ENDING));
  const char *end;

  /* Some file systems take only whole characters. */
  if (name[length] != '\0' && g_utf8_validate (name, -1, NULL))
    {
      end = g_utf8_find_prev_char (name, name + length + 1);
      length = end != NULL ? (gsize) (end - name) : length;
    }
  return g_strdup_printf (".%.*s.", (int) length, name);
}

/**
 * ckpt_output_temporary_name:
 * @name: (type filename): the name of a file
 *
 * Returns: (transfer full): a name for a temporary of it, another one each time
 */
char *
ckpt_output_temporary_name (const char *name)
{
  g_autofree char *stem = ckpt_output_temporary_stem (name);
  char random[N_RANDOM + 1] = "";

  for (gsize i = 0; i < N_RANDOM; i++)
    random[i] = letters[g_random_int_range (0, sizeof letters - 1)];
  return g_strconcat (stem, random, ENDING, NULL);
}

/**
 * ckpt_output_is_temporary:
 * @name: (type filename): the name of a file
 * @stem: (nullable): of the temporaries that are meant, or %NULL for those of any file
 *
 * Returns: whether it is the name of a temporary
 */
gboolean
ckpt_output_is_temporary (const char *name, const char *stem)
{
  gsize length = strlen (name);
  gsize n_behind = N_RANDOM + strlen (ENDING);
  const char *random = name + length - n_behind;

  if (length < n_behind + 3 || name[0] != '.' || random[-1] != '.' || !g_str_has_suffix (name, ENDING))
    return FALSE;
  if (strspn (random, letters) != N_RANDOM)
    return FALSE;
  return stem == NULL || (strlen (stem) == length - n_behind && g_str_has_prefix (name, stem));
}

/* Locked, so that nobody takes it for a stray one. One that was taken for such before it was locked is no longer under its name. */
static gboolean
lock (int fd)
{
  struct stat status;

  if (flock (fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
    return FALSE;
  return fstat (fd, &status) == 0 && status.st_nlink > 0;
}

/* A new file gets from the system the mode that it will have; one that takes the place of another is closed to all until it has the
 * mode of that one. */
static int
create (CkptOutput *self, const char *name)
{
  mode_t mode = self->target.exists ? 0600 : 0666;
  int fd;

  do
    fd = openat (self->target.folder, name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, mode);
  while (fd < 0 && errno == EINTR);
  return fd;
}

/**
 * ckpt_output_make_temporary:
 * @self: an output
 * @error: return location
 *
 * Makes the file that is written, beside its target.
 *
 * Returns: %FALSE with %CKPT_ERROR_SAVE
 */
gboolean
ckpt_output_make_temporary (CkptOutput *self, GError **error)
{
  for (guint i = 0; i < MAX_TRIES; i++)
    {
      g_autofree char *name = ckpt_output_temporary_name (self->target.name);
      int fd = create (self, name);

      if (fd >= 0 && lock (fd))
        {
          self->fd = fd;
          self->temporary = g_steal_pointer (&name);
          return TRUE;
        }
      if (fd < 0 && errno != EEXIST)
        return ckpt_output_set_errno (error, "openat", errno);
      if (fd < 0)
        continue;
      unlinkat (self->target.folder, name, 0);
      close (fd);
    }
  return ckpt_output_set_errno (error, "openat", EEXIST);
}
