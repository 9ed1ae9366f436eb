/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/file.h>
#include <unistd.h>

#include "io/ckpt-output-private.h"

typedef struct
{
  int folder;
  int fd;
} Stray;

static void
stray_clear (Stray *self)
{
  if (self->fd >= 0)
    close (self->fd);
  if (self->folder >= 0)
    close (self->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Stray, stray_clear)

/* Opens a temporary and holds its lock as long as @self lives. Fails if a program is still writing it. */
static gboolean
stray_init (Stray *self, const char *folder, const char *name)
{
  struct stat status;

  *self = (Stray) { -1, -1 };
  self->folder = open (folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (self->folder < 0)
    return FALSE;
  self->fd = openat (self->folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (self->fd < 0 || fstat (self->fd, &status) < 0)
    return FALSE;
  if (!S_ISREG (status.st_mode))
    {
      errno = EINVAL;
      return FALSE;
    }
  return flock (self->fd, LOCK_EX | LOCK_NB) == 0;
}

static void
add_strays (GStrvBuilder *found, const char *folder, const char *stem)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_auto (Stray) stray = { -1, -1 };

      if (ckpt_output_is_temporary (name, stem) && stray_init (&stray, folder, name))
        g_strv_builder_take (found, g_build_filename (folder, name, NULL));
    }
}

/**
 * ckpt_output_find_strays:
 * @path: (type filename): a folder, or a file that was to be saved
 *
 * Finds what is left of savings that did not come to their end, because the program was killed or the machine went down.
 *
 * Returns: (transfer full) (array zero-terminated=1) (element-type filename): the temporaries of that file, or of any in that folder,
 *   that nobody is writing to
 */
char **
ckpt_output_find_strays (const char *path)
{
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  CkptOutputTarget target;
  g_autofree char *stem = NULL;
  g_autofree char *folder = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    add_strays (found, path, NULL);
  else if (ckpt_output_target_init (&target, path, NULL))
    {
      stem = ckpt_output_temporary_stem (target.name);
      folder = g_path_get_dirname (target.path);
      add_strays (found, folder, stem);
    }
  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    ckpt_output_target_clear (&target);
  return g_strv_builder_end (found);
}

/**
 * ckpt_output_remove_stray:
 * @path: (type filename): one of those that ckpt_output_find_strays() gave
 * @error: return location
 *
 * Removes it, unless somebody is writing to it after all.
 *
 * Returns: %FALSE with %CKPT_ERROR_SAVE
 */
gboolean
ckpt_output_remove_stray (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_auto (Stray) stray = { -1, -1 };

  g_return_val_if_fail (path != NULL, FALSE);

  if (!ckpt_output_is_temporary (name, NULL))
    return ckpt_error_set (error, CKPT_ERROR_SAVE, "not-stray", _ ("This is not what a save leaves behind."));
  if (!stray_init (&stray, folder, name))
    {
      if (errno == EWOULDBLOCK)
        return ckpt_error_set (error, CKPT_ERROR_SAVE, "not-stray",
                               _ ("A program is still writing that file."));
      return ckpt_output_set_errno (error, "openat", errno);
    }
  return unlinkat (stray.folder, name, 0) == 0 || ckpt_output_set_errno (error, "unlinkat", errno);
}
