/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-output.h"

#include <grp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test-files.h"

void
test_output_assert_content (const char *path, const void *bytes, gsize length)
{
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  gsize n = 0;

  g_file_get_contents (path, &content, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (content, n, bytes, length);
}

void
test_output_assert_no_strays (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *found;

  while (dir != NULL && (found = g_dir_read_name (dir)) != NULL)
    g_assert_false (g_str_has_prefix (found, ".") && g_str_has_suffix (found, ".part"));
}

gboolean
test_output_save (const char *path, const CkptOutputOptions *options, CkptOutputNotes *notes, GError **error)
{
  g_autoptr (CkptOutput) output = ckpt_output_open (path, options, error);

  return output != NULL && ckpt_output_write (output, "new", 3, error) &&
         ckpt_output_commit (output, notes, error);
}

void
test_output_assert_refused (const char *path,
                            const CkptOutputOptions *options,
                            const char *code,
                            CkptOutputFlags consent)
{
  g_autoptr (GError) error = NULL;
  struct stat before = { 0 }, after = { 0 };

  lstat (path, &before);
  g_assert_false (test_output_save (path, options, NULL, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, code);
  g_assert_cmpint (ckpt_output_get_consent (error), ==, consent);
  g_assert_cmpuint (strlen (error->message), >, 15);
  lstat (path, &after);
  g_assert_cmpuint (before.st_ino, ==, after.st_ino);
  g_assert_cmpuint (before.st_size, ==, after.st_size);
  g_assert_cmpint (before.st_mtim.tv_nsec, ==, after.st_mtim.tv_nsec);
  test_output_assert_no_strays (path);
}

char *
test_output_make_folder (const char *name, guint mode)
{
  g_autofree char *path = test_files_path (name);

  g_assert_no_errno (mkdir (path, 0700));
  g_assert_no_errno (chmod (path, mode));
  return g_steal_pointer (&path);
}

char *
test_output_make_file (const char *folder, const char *name, guint mode)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, "former", 6, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
  g_assert_no_errno (chmod (path, mode));
  return g_steal_pointer (&path);
}

static gboolean
can_be_others (void)
{
  int fd = memfd_create ("root", MFD_CLOEXEC);
  gboolean can_give = fchown (fd, TEST_OUTPUT_NOBODY, TEST_OUTPUT_NOBODY) == 0;

  close (fd);
  return can_give && setgroups (0, NULL) == 0;
}

gboolean
test_output_is_root (void)
{
  static int is_root = -1;

  if (is_root < 0)
    is_root = getuid () == 0 && can_be_others ();
  return is_root;
}

void
test_output_be_nobody (void)
{
  if (!test_output_is_root ())
    return;
  g_assert_no_errno (setegid (TEST_OUTPUT_NOBODY));
  g_assert_no_errno (seteuid (TEST_OUTPUT_NOBODY));
}

void
test_output_be_root (void)
{
  if (!test_output_is_root ())
    return;
  g_assert_no_errno (seteuid (0));
  g_assert_no_errno (setegid (0));
}
