/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "io/ckpt-source.h"
#include "test-files.h"
#include "test-pread.h"

static void
assert_refused (const char *path, gint code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ckpt_source_open (path, &error));
  g_assert_error (error, G_IO_ERROR, code);
  g_assert_cmpuint (strlen (error->message), >, 10);
}

static void
test_refused (void)
{
  g_autofree char *fifo = test_files_path ("fifo.pt");
  g_autofree char *folder = g_path_get_dirname (fifo);
  g_autofree char *missing = test_files_path ("missing.pt");
  g_autofree char *dangling = test_files_path ("dangling.pt");
  g_autofree char *loop = test_files_path ("loop.pt");
  g_autofree char *socket_path = test_files_path ("socket.pt");
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd;

  g_assert_no_errno (mkfifo (fifo, 0600));
  g_assert_no_errno (symlink ("nowhere", dangling));
  g_assert_no_errno (symlink ("loop.pt", loop));
  g_strlcpy (address.sun_path, socket_path, sizeof address.sun_path);
  fd = socket (AF_UNIX, SOCK_STREAM, 0);
  g_assert_no_errno (bind (fd, (struct sockaddr *) &address, sizeof address));

  assert_refused (fifo, G_IO_ERROR_NOT_REGULAR_FILE);
  assert_refused ("/dev/zero", G_IO_ERROR_NOT_REGULAR_FILE);
  assert_refused ("/dev/full", G_IO_ERROR_NOT_REGULAR_FILE);
  assert_refused (socket_path, G_IO_ERROR_NOT_REGULAR_FILE);
  assert_refused (folder, G_IO_ERROR_IS_DIRECTORY);
  assert_refused (missing, G_IO_ERROR_NOT_FOUND);
  assert_refused (dangling, G_IO_ERROR_NOT_FOUND);
  assert_refused (loop, G_IO_ERROR_TOO_MANY_LINKS);
  assert_refused ("", G_IO_ERROR_NOT_FOUND);
  close (fd);
}

static void
test_unreadable (void)
{
  g_autofree char *path = test_files_write ("unreadable.pt", "x", 1);
  gboolean is_root = geteuid () == 0;

  g_assert_no_errno (g_chmod (path, 0));
  if (is_root)
    g_assert_no_errno (seteuid (65534));
  assert_refused (path, G_IO_ERROR_PERMISSION_DENIED);
  if (is_root)
    g_assert_no_errno (seteuid (0));
}

static void
test_read (void)
{
  g_autofree char *path = test_files_write ("read.pt", "0123456789", 10);
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptSource) source = ckpt_source_open (path, &error);
  CkptSourceCounts counts;
  char buffer[16] = "";
  gsize n_read = 99;

  g_assert_no_error (error);
  g_assert_cmpuint (ckpt_source_get_size (source), ==, 10);
  g_assert_cmpstr (ckpt_source_get_path (source), ==, path);
  ckpt_source_get_counts (source, &counts);
  g_assert_cmpuint (counts.n_reads, ==, 0);
  g_assert_cmpuint (counts.n_bytes, ==, 0);

  g_assert_true (ckpt_source_read (source, 3, buffer, 4, &error));
  g_assert_cmpmem (buffer, 4, "3456", 4);
  ckpt_source_get_counts (source, &counts);
  g_assert_cmpuint (counts.n_reads, ==, 1);
  g_assert_cmpuint (counts.n_bytes, ==, 4);
  g_assert_true (ckpt_source_read (source, 10, buffer, 0, &error));

  g_assert_false (ckpt_source_read (source, 8, buffer, 3, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
  g_assert_cmpuint (ckpt_error_get_place (error)->file_offset, ==, 8);
  g_clear_error (&error);
  g_assert_false (ckpt_source_read (source, G_MAXUINT64, buffer, 3, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
  g_clear_error (&error);

  g_assert_true (ckpt_source_read_some (source, 8, buffer, 16, &n_read, &error));
  g_assert_cmpmem (buffer, n_read, "89", 2);
  g_assert_true (ckpt_source_read_some (source, G_MAXUINT64 - 3, buffer, 16, &n_read, &error));
  g_assert_cmpuint (n_read, ==, 0);
}

static void
test_empty (void)
{
  g_autofree char *path = test_files_write ("empty.pt", "", 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptSource) source = ckpt_source_open (path, &error);
  char buffer[1];

  g_assert_no_error (error);
  g_assert_cmpuint (ckpt_source_get_size (source), ==, 0);
  g_assert_false (ckpt_source_read (source, 0, buffer, 1, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
}

static void
test_short_reads (void)
{
  g_autofree guint8 *noise = test_files_noise (1000);
  g_autofree char *path = test_files_write ("short.pt", noise, 1000);
  g_autoptr (CkptSource) source = ckpt_source_open (path, NULL);
  g_autoptr (GError) error = NULL;
  guint8 buffer[1000];

  test_pread_reset ();
  test_pread.max_read = 7;
  test_pread.interrupt_every = 3;
  g_assert_true (ckpt_source_read (source, 0, buffer, 1000, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (buffer, 1000, noise, 1000);
  g_assert_cmpuint (test_pread.n_calls, >, 1000 / 7 * 4 / 3);
  test_pread_reset ();
}

static void
test_read_error (void)
{
  g_autofree guint8 *noise = test_files_noise (1000);
  g_autofree char *path = test_files_write ("broken.pt", noise, 1000);
  g_autoptr (CkptSource) source = ckpt_source_open (path, NULL);
  g_autoptr (GError) error = NULL;
  guint8 buffer[1000];

  test_pread_reset ();
  test_pread.max_read = 100;
  test_pread.fail_at = 3;
  g_assert_false (ckpt_source_read (source, 50, buffer, 900, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "byte 250"));
  test_pread_reset ();
}

static void
assert_changed (CkptSource *source, gboolean changed, gboolean replaced)
{
  gboolean is_replaced = !replaced;

  g_assert_true (ckpt_source_has_changed (source, &is_replaced) == changed);
  g_assert_true (is_replaced == replaced);
  g_assert_true (ckpt_source_has_changed (source, NULL) == changed);
}

static void
test_changed (void)
{
  g_autofree char *path = test_files_write ("changed.pt", "0123456789", 10);
  g_autofree char *other = test_files_write ("other.pt", "abcdefghij", 10);
  g_autoptr (CkptSource) source = ckpt_source_open (path, NULL);
  g_autoptr (CkptSource) again = NULL;
  g_autoptr (GError) error = NULL;
  char buffer[10];
  int fd;

  assert_changed (source, FALSE, FALSE);
  g_usleep (20000);
  fd = open (path, O_WRONLY);
  g_assert_cmpint (pwrite (fd, "X", 1, 4), ==, 1);
  close (fd);
  assert_changed (source, TRUE, FALSE);

  g_assert_no_errno (truncate (path, 5));
  assert_changed (source, TRUE, FALSE);
  g_assert_false (ckpt_source_read (source, 2, buffer, 8, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_CHANGED_ON_DISK);
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "file-shortened");
  g_assert_nonnull (strstr (error->message, "byte 5"));

  again = ckpt_source_open (path, NULL);
  assert_changed (again, FALSE, FALSE);
  g_assert_no_errno (g_rename (other, path));
  assert_changed (again, TRUE, TRUE);
  g_assert_true (ckpt_source_read (again, 0, buffer, 5, NULL));
  g_assert_cmpmem (buffer, 5, "0123X", 5);
  g_assert_no_errno (g_remove (path));
  assert_changed (again, TRUE, TRUE);
}

/* The file stays as it was, but its name leads elsewhere: a folder on the way was renamed. */
static void
test_moved_folder (void)
{
  g_autofree char *folder = test_files_path ("folder");
  g_autofree char *moved = test_files_path ("moved");
  g_autofree char *path = g_build_filename (folder, "x.pt", NULL);
  g_autoptr (CkptSource) source = NULL;

  g_assert_no_errno (g_mkdir (folder, 0700));
  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  source = ckpt_source_open (path, NULL);
  g_assert_no_errno (g_rename (folder, moved));
  assert_changed (source, TRUE, TRUE);
  g_assert_no_errno (g_rename (moved, folder));
  assert_changed (source, FALSE, FALSE);
  g_assert_no_errno (g_remove (path));
}

static void
test_relative (void)
{
  g_autofree char *path = test_files_write ("relative.pt", "x", 1);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *before = g_get_current_dir ();
  g_autoptr (CkptSource) source = NULL;

  g_assert_no_errno (g_chdir (folder));
  source = ckpt_source_open ("relative.pt", NULL);
  g_assert_no_errno (g_chdir (before));
  g_assert_cmpstr (ckpt_source_get_path (source), ==, "relative.pt");
  assert_changed (source, FALSE, FALSE);
}

static void
test_identity (void)
{
  g_autofree char *path = test_files_write ("identity.pt", "xyz", 3);
  g_autoptr (CkptSource) source = ckpt_source_open (path, NULL);
  const CkptIdentity *identity = ckpt_source_get_identity (source);
  struct stat status;

  g_assert_no_errno (stat (path, &status));
  g_assert_cmpuint (identity->dev, ==, status.st_dev);
  g_assert_cmpuint (identity->ino, ==, status.st_ino);
  g_assert_cmpuint (identity->size, ==, 3);
  g_assert_cmpint (identity->mtime_ns, ==, status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec);
  g_assert_cmpint (identity->ctime_ns, ==, status.st_ctim.tv_sec * 1000000000 + status.st_ctim.tv_nsec);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/source/refused", test_refused);
  g_test_add_func ("/source/unreadable", test_unreadable);
  g_test_add_func ("/source/read", test_read);
  g_test_add_func ("/source/empty", test_empty);
  g_test_add_func ("/source/short-reads", test_short_reads);
  g_test_add_func ("/source/read-error", test_read_error);
  g_test_add_func ("/source/changed", test_changed);
  g_test_add_func ("/source/moved-folder", test_moved_folder);
  g_test_add_func ("/source/relative", test_relative);
  g_test_add_func ("/source/identity", test_identity);
  return g_test_run ();
}
