/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What others do to a file while it is open, or while it is saved.
 */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "test-files.h"
#include "test-output.h"

#define SIZE ((gsize) 2 << 20)

static const char *appearing; /* made just before a file is renamed */
static int renaming_error;    /* of the call that does not replace what is there */

int
renameat2 (int from_folder, const char *from, int to_folder, const char *to, unsigned int flags)
{
  if (appearing != NULL)
    g_assert_true (g_file_set_contents_full (appearing, "other", 5, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  if (renaming_error == 0)
    return (int) syscall (SYS_renameat2, from_folder, from, to_folder, to, flags);
  errno = renaming_error;
  return -1;
}

typedef struct
{
  char *path;
  char *elsewhere;
  guint8 *noise;
  CkptSource *source;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->noise = test_files_noise (SIZE);
  self->path = test_files_write ("opened.pt", self->noise, SIZE);
  self->elsewhere = test_files_path ("elsewhere.pt");
  self->source = ckpt_source_open (self->path, NULL);
  g_assert_nonnull (self->source);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_remove (self->path);
  g_remove (self->elsewhere);
  ckpt_source_unref (self->source);
  g_free (self->path);
  g_free (self->elsewhere);
  g_free (self->noise);
}

static void
change (const char *path, goffset offset, const char *bytes)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);

  g_usleep (10000); /* times have the grain of a clock tick */
  g_assert_cmpint (pwrite (fd, bytes, strlen (bytes), offset), ==, strlen (bytes));
  close (fd);
}

/* Copies the open file to @path. */
static gboolean
copy_to (Fixture *self, const char *path, CkptSource *replaced, GError **error)
{
  CkptOutputOptions options = { .replaced = replaced };
  g_autoptr (CkptOutput) output = ckpt_output_open (path, &options, error);

  return output != NULL && ckpt_output_copy (output, self->source, 0, SIZE, NULL, error) &&
         ckpt_output_commit (output, NULL, error);
}

static void
assert_not_copied (Fixture *self, const char *code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (copy_to (self, self->elsewhere, NULL, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_CHANGED_ON_DISK);
  g_assert_cmpstr (ckpt_error_get_code (error), ==, code);
  g_assert_false (g_file_test (self->elsewhere, G_FILE_TEST_EXISTS));
  test_output_assert_no_strays (self->elsewhere);
}

static CkptOutputOptions
over (Fixture *self, CkptOutputFlags flags)
{
  return (CkptOutputOptions) { .flags = flags, .replaced = self->source };
}

static void
test_same (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  copy_to (self, self->path, self->source, &error);
  g_assert_no_error (error);
  test_output_assert_content (self->path, self->noise, SIZE);
}

/* N11: nothing can be saved that would be made from it, here or elsewhere. */
static void
test_cut (Fixture *self, gconstpointer data)
{
  CkptOutputOptions options = over (self, 0);
  CkptOutputOptions agreed = over (self, CKPT_OUTPUT_REPLACE_CHANGED);

  g_assert_no_errno (truncate (self->path, 100));
  test_output_assert_refused (self->path, &options, "file-changed", CKPT_OUTPUT_DEFAULT);
  test_output_assert_refused (self->path, &agreed, "file-changed", CKPT_OUTPUT_DEFAULT);
  assert_not_copied (self, "file-changed");
}

/* N12 and N15 */
static void
test_written (Fixture *self, gconstpointer data)
{
  CkptOutputOptions options = over (self, 0);
  const goffset places[] = { SIZE / 2, SIZE };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      change (self->path, places[i], "other");
      test_output_assert_refused (self->path, &options, "file-changed", CKPT_OUTPUT_DEFAULT);
      assert_not_copied (self, "file-changed");
    }
}

/* N13: its bytes can still be copied; whether the other file goes is for a person to say. */
static void
test_replaced (Fixture *self, gconstpointer data)
{
  g_autofree char *other = test_files_write ("other.pt", "other", 5);
  CkptOutputOptions options = over (self, 0);
  CkptOutputOptions agreed = over (self, CKPT_OUTPUT_REPLACE_CHANGED);

  g_assert_no_errno (g_rename (other, self->path));
  test_output_assert_refused (self->path, &options, "file-replaced", CKPT_OUTPUT_REPLACE_CHANGED);
  g_assert_true (copy_to (self, self->elsewhere, NULL, NULL));
  test_output_assert_content (self->elsewhere, self->noise, SIZE);
  g_assert_true (test_output_save (self->path, &agreed, NULL, NULL));
  test_output_assert_content (self->path, "new", 3);
}

/* N14 */
static void
test_removed (Fixture *self, gconstpointer data)
{
  CkptOutputOptions options = over (self, 0);
  CkptOutputOptions agreed = over (self, CKPT_OUTPUT_REPLACE_CHANGED);

  g_assert_no_errno (g_remove (self->path));
  test_output_assert_refused (self->path, &options, "file-gone", CKPT_OUTPUT_REPLACE_CHANGED);
  g_assert_true (copy_to (self, self->elsewhere, NULL, NULL));
  test_output_assert_content (self->elsewhere, self->noise, SIZE);
  g_assert_true (test_output_save (self->path, &agreed, NULL, NULL));
}

/* Times that were set back do not hide that something happened; a change of the mode alone can be agreed to. */
static void
test_touched (Fixture *self, gconstpointer data)
{
  CkptOutputOptions options = over (self, 0);
  CkptOutputOptions agreed = over (self, CKPT_OUTPUT_REPLACE_CHANGED);

  g_usleep (10000);
  g_assert_no_errno (chmod (self->path, 0600));
  test_output_assert_refused (self->path, &options, "file-touched", CKPT_OUTPUT_REPLACE_CHANGED);
  g_assert_true (test_output_save (self->path, &agreed, NULL, NULL));
}

/* N20 */
static void
test_two_windows (Fixture *self, gconstpointer data)
{
  g_autoptr (CkptSource) second = ckpt_source_open (self->path, NULL);
  CkptOutputOptions first_options = over (self, 0);
  CkptOutputOptions second_options = { .replaced = second };

  g_assert_true (test_output_save (self->path, &first_options, NULL, NULL));
  test_output_assert_refused (self->path, &second_options, "file-replaced", CKPT_OUTPUT_REPLACE_CHANGED);
}

typedef enum
{
  MEANWHILE_WRITE,
  MEANWHILE_REPLACE,
  MEANWHILE_REMOVE,
  MEANWHILE_APPEAR,
  MEANWHILE_LINK,
  N_MEANWHILE,
} Meanwhile;

static void
happen (Meanwhile what, const char *path)
{
  g_autofree char *other = test_files_write ("meanwhile-other.pt", "other", 5);

  if (what == MEANWHILE_WRITE)
    change (path, 0, "other");
  else if (what == MEANWHILE_REMOVE)
    g_assert_no_errno (g_remove (path));
  else if (what == MEANWHILE_LINK)
    {
      g_assert_no_errno (g_remove (path));
      g_assert_no_errno (symlink (other, path));
    }
  else
    g_assert_no_errno (g_rename (other, path));
}

/* The target changes while the new file is written. */
static void
test_meanwhile (void)
{
  for (Meanwhile what = 0; what < N_MEANWHILE; what++)
    {
      g_autofree char *path = test_files_write ("meanwhile.pt", "former", 6);
      g_autoptr (CkptOutput) output = NULL;
      g_autoptr (GError) error = NULL;

      if (what == MEANWHILE_APPEAR)
        g_assert_no_errno (g_remove (path));
      output = ckpt_output_open (path, NULL, NULL);
      g_assert_true (ckpt_output_write (output, "new", 3, NULL));
      happen (what, path);
      g_assert_false (ckpt_output_commit (output, NULL, &error));
      g_assert_error (error, CKPT_ERROR, CKPT_ERROR_CHANGED_ON_DISK);
      g_assert_cmpstr (ckpt_error_get_code (error), ==, "file-changed-meanwhile");
      g_clear_pointer (&output, ckpt_output_free);
      test_output_assert_no_strays (path);
      if (what == MEANWHILE_REMOVE)
        g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
      else
        test_output_assert_content (path, what == MEANWHILE_WRITE ? "otherr" : "other",
                                    what == MEANWHILE_WRITE ? 6 : 5);
      g_remove (path);
    }
}

/* Another program makes a file of that name in the very last moment: it is not replaced. */
static void
test_last_moment (void)
{
  g_autofree char *path = test_files_path ("moment.pt");
  g_autoptr (CkptOutput) output = ckpt_output_open (path, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (ckpt_output_write (output, "new", 3, NULL));
  appearing = path;
  g_assert_false (ckpt_output_commit (output, NULL, &error));
  appearing = NULL;
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "file-changed-meanwhile");
  g_clear_pointer (&output, ckpt_output_free);
  test_output_assert_content (path, "other", 5);
  test_output_assert_no_strays (path);
}

/* Some file systems cannot rename that way. */
static void
test_no_call (void)
{
  g_autofree char *path = test_files_path ("no-call.pt");

  renaming_error = EINVAL;
  g_assert_true (test_output_save (path, NULL, NULL, NULL));
  test_output_assert_content (path, "new", 3);
  test_output_assert_no_strays (path);
  g_assert_no_errno (g_remove (path));
  appearing = path;
  g_assert_false (test_output_save (path, NULL, NULL, NULL));
  test_output_assert_content (path, "other", 5);
  test_output_assert_no_strays (path);
  appearing = NULL;
  renaming_error = 0;
}

/* The file that is copied from changes while it is copied. */
static void
test_source_meanwhile (Fixture *self, gconstpointer data)
{
  g_autoptr (CkptOutput) output = ckpt_output_open (self->elsewhere, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (ckpt_output_copy (output, self->source, 0, SIZE, NULL, NULL));
  change (self->path, SIZE / 2, "other");
  g_assert_false (ckpt_output_commit (output, NULL, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "file-changed");
  g_clear_pointer (&output, ckpt_output_free);
  g_assert_false (g_file_test (self->elsewhere, G_FILE_TEST_EXISTS));
}

/* The folder is moved away: the file goes where the folder went. */
static void
test_moved_folder (void)
{
  g_autofree char *folder = test_output_make_folder ("moving", 0755);
  g_autofree char *moved = test_files_path ("moved");
  g_autofree char *path = test_output_make_file (folder, "x.pt", 0644);
  g_autofree char *moved_path = g_build_filename (moved, "x.pt", NULL);
  g_autoptr (CkptOutput) output = ckpt_output_open (path, NULL, NULL);

  g_assert_no_errno (g_rename (folder, moved));
  g_assert_true (ckpt_output_write (output, "new", 3, NULL));
  g_assert_true (ckpt_output_commit (output, NULL, NULL));
  test_output_assert_content (moved_path, "new", 3);
}

/* N47: a time of long ago or far ahead is a time as any other. */
static void
test_odd_times (Fixture *self, gconstpointer data)
{
  const time_t times[] = { 0, 4102444800, 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      const struct timespec both[] = { { times[i], 0 }, { times[i], 0 } };
      g_autoptr (CkptSource) source = NULL;
      CkptOutputOptions options;

      g_assert_no_errno (utimensat (AT_FDCWD, self->path, both, 0));
      source = ckpt_source_open (self->path, NULL);
      options = (CkptOutputOptions) { .replaced = source };
      g_assert_true (test_output_save (self->path, &options, NULL, NULL));
    }
}

#define ADD(name, func) g_test_add ("/output-changed/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("same", test_same);
  ADD ("cut", test_cut);
  ADD ("written", test_written);
  ADD ("replaced", test_replaced);
  ADD ("removed", test_removed);
  ADD ("touched", test_touched);
  ADD ("two-windows", test_two_windows);
  ADD ("source-meanwhile", test_source_meanwhile);
  ADD ("odd-times", test_odd_times);
  g_test_add_func ("/output-changed/meanwhile", test_meanwhile);
  g_test_add_func ("/output-changed/last-moment", test_last_moment);
  g_test_add_func ("/output-changed/no-call", test_no_call);
  g_test_add_func ("/output-changed/moved-folder", test_moved_folder);
  return g_test_run ();
}
