/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Room: what a saving asks for before it begins, and what it says when there is none. Disks of all kinds and sizes are made up: the calls
 * of the system are those of this file.
 */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/magic.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "test-files.h"
#include "test-output.h"

#define MIB ((guint64) 1 << 20)
#define GIB ((guint64) 1 << 30)

typedef struct
{
  guint64 n_free; /* bytes for this user; for root there are a million more */
  guint64 n_blocks;
  long type;
  int allocate_error;
  guint n_allocated;
} Disk;

static Disk disk;

int
fstatvfs64 (int fd, struct statvfs64 *status)
{
  *status = (struct statvfs64) {
    .f_frsize = 512,
    .f_bsize = 4096,
    .f_blocks = disk.n_blocks,
    .f_bavail = disk.n_free / 512,
    .f_bfree = disk.n_free / 512 + 1000000,
  };
  return 0;
}

int
fstatfs64 (int fd, struct statfs64 *status)
{
  *status = (struct statfs64) { .f_type = disk.type };
  return 0;
}

int
fallocate64 (int fd, int mode, off64_t offset, off64_t length)
{
  disk.n_allocated++;
  if (disk.allocate_error == 0)
    return (int) syscall (SYS_fallocate, fd, mode, offset, length);
  errno = disk.allocate_error;
  return -1;
}

static void
make_disk (guint64 n_free)
{
  disk =
      (Disk) { .n_free = n_free, .n_blocks = 1000, .type = EXT4_SUPER_MAGIC, .allocate_error = EOPNOTSUPP };
}

/* The file comes to less than it was said to. */
static char *
try_size (guint64 size)
{
  g_autofree char *path = test_files_path ("space.pt");
  g_autoptr (GError) error = NULL;

  g_remove (path);
  if (test_output_save (path, &(CkptOutputOptions) { .size = size }, NULL, &error))
    return NULL;
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_SAVE);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  test_output_assert_no_strays (path);
  return g_strdup_printf ("%s %s", ckpt_error_get_code (error), error->message);
}

static void
assert_refused (guint64 size, const char *code, const char *words)
{
  g_autofree char *text = try_size (size);

  g_assert_nonnull (text);
  g_assert_true (g_str_has_prefix (text, code));
  g_assert_nonnull (strstr (text, words));
}

/* N25: 64 MiB are left to others, or as much as a small file needs. */
static void
test_free (void)
{
  make_disk (1 * GIB);
  g_assert_null (try_size (1 * GIB - 64 * MIB));
  assert_refused (1 * GIB - 64 * MIB + 1, "no-space", "but only 1.1\302\240GB are free");
  assert_refused (7 * GIB, "no-space", "needs 7.5\302\240GB");
  make_disk (1 * MIB);
  g_assert_null (try_size (MIB / 2));
  assert_refused (MIB / 2 + 1, "no-space", "are free");
  assert_refused (G_MAXUINT64, "no-space", "are free");
  make_disk (0);
  assert_refused (1, "no-space", "are free");
  g_assert_null (try_size (0));
  g_assert_cmpuint (disk.n_allocated, ==, 0);
}

/* A file system that does not know its size is believed to have room. */
static void
test_unknown (void)
{
  make_disk (0);
  disk.n_blocks = 0;
  g_assert_null (try_size (1 * GIB));
}

/* N39 */
static void
test_fat (void)
{
  make_disk (100 * GIB);
  disk.type = MSDOS_SUPER_MAGIC;
  g_assert_null (try_size (4 * GIB - 1));
  assert_refused (4 * GIB, "file-too-large", "FAT");
}

/* N30 */
static void
test_allocate (void)
{
  const int ignored[] = { EOPNOTSUPP, ENOSYS };
  const struct
  {
    int number;
    const char *code;
    const char *words;
  } refused[] = { { ENOSPC, "no-space", "needs" },
                  { EFBIG, "file-too-large", "cannot hold a file that large" },
                  { EDQUOT, "no-quota", "quota" },
                  { EIO, "disk-error", "error" } };

  for (gsize i = 0; i < G_N_ELEMENTS (ignored); i++)
    {
      make_disk (1 * GIB);
      disk.allocate_error = ignored[i];
      g_assert_null (try_size (1 * MIB));
      g_assert_cmpuint (disk.n_allocated, ==, 1);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      make_disk (1 * GIB);
      disk.allocate_error = refused[i].number;
      assert_refused (1 * MIB, refused[i].code, refused[i].words);
    }
  make_disk (1 * GIB);
  disk.n_blocks = 0;
  assert_refused (G_MAXUINT64, "file-too-large", "cannot hold a file that large");
}

/* Room that was reserved in vain is given back. */
static void
test_reserved (void)
{
  g_autofree char *path = test_files_path ("reserved.pt");
  struct stat status;

  make_disk (1 * GIB);
  disk.allocate_error = 0;
  g_assert_true (test_output_save (path, &(CkptOutputOptions) { .size = 8 * MIB }, NULL, NULL));
  g_assert_no_errno (g_stat (path, &status));
  g_assert_cmpint (status.st_size, ==, 3);
  g_assert_cmpint (status.st_blocks * 512, <, 1 * MIB);
}

static void
limit_files (rlim_t limit)
{
  struct rlimit now;

  g_assert_no_errno (getrlimit (RLIMIT_FSIZE, &now));
  now.rlim_cur = limit;
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &now));
}

static void
test_limit_known (void)
{
  make_disk (1 * GIB);
  limit_files (1 * MIB);
  g_assert_null (try_size (1 * MIB));
  assert_refused (1 * MIB + 1, "file-too-large", "ulimit -f");
  limit_files (RLIM_INFINITY);
}

static gboolean got_signal;

static void
on_signal (int number)
{
  got_signal = TRUE;
}

/* N29: where the size was not known, the limit is met on the way. The signal that comes with it would end the process. */
static void
test_limit_met (void)
{
  g_autofree char *path = test_files_path ("limit.pt");
  g_autofree guint8 *noise = test_files_noise (2 * MIB);
  g_autofree char *from = test_files_write ("limit-from.pt", noise, 2 * MIB);
  g_autoptr (CkptSource) source = ckpt_source_open (from, NULL);
  sigset_t now;

  signal (SIGXFSZ, on_signal);
  make_disk (1 * GIB);
  limit_files (1 * MIB);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (CkptOutput) output = ckpt_output_open (path, NULL, NULL);
      g_autoptr (GError) error = NULL;
      guint32 crc = 0;
      gboolean is_done = i == 0 ? ckpt_output_write (output, noise, 2 * MIB, &error)
                                : ckpt_output_copy (output, source, 0, 2 * MIB, i == 1 ? &crc : NULL, &error);

      g_assert_false (is_done);
      g_assert_cmpstr (ckpt_error_get_code (error), ==, "file-too-large");
      g_assert_nonnull (strstr (error->message, "ulimit -f"));
      g_clear_pointer (&output, ckpt_output_free);
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
      test_output_assert_no_strays (path);
    }
  limit_files (RLIM_INFINITY);
  g_assert_false (got_signal);
  g_assert_no_errno (pthread_sigmask (SIG_SETMASK, NULL, &now));
  g_assert_false (sigismember (&now, SIGXFSZ));
  raise (SIGXFSZ);
  g_assert_true (got_signal);
  signal (SIGXFSZ, SIG_DFL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/output-space/free", test_free);
  g_test_add_func ("/output-space/unknown", test_unknown);
  g_test_add_func ("/output-space/fat", test_fat);
  g_test_add_func ("/output-space/allocate", test_allocate);
  g_test_add_func ("/output-space/reserved", test_reserved);
  g_test_add_func ("/output-space/limit-known", test_limit_known);
  g_test_add_func ("/output-space/limit-met", test_limit_met);
  return g_test_run ();
}
