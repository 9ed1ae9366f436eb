/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-files.h"

#include <ftw.h>
#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;
static pid_t owner;

static int
remove_entry (const char *path, const struct stat *status, int type, struct FTW *place)
{
  remove (path);
  return 0;
}

static void
remove_folder (void)
{
  if (getpid () != owner)
    return;
  nftw (folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
  g_free (folder);
}

char *
test_files_path (const char *name)
{
  if (folder == NULL)
    {
      folder = g_dir_make_tmp ("libckpt-test-XXXXXX", NULL);
      g_assert_nonnull (folder);
      g_assert_no_errno (chmod (folder, 0755));
      owner = getpid ();
      atexit (remove_folder);
    }
  return g_build_filename (folder, name, NULL);
}

char *
test_files_write (const char *name, const void *data, gsize length)
{
  g_autofree char *path = test_files_path (name);
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, data, length, G_FILE_SET_CONTENTS_NONE, 0644, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&path);
}

guint8 *
test_files_noise (gsize length)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  guint8 *noise = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    noise[i] = g_rand_int (random) >> 24;
  return noise;
}
