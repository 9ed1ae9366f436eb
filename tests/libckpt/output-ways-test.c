/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ways to copy bytes into a new file, and what makes a saving go from one to the next: the calls of the system are those of this
 * file.
 */

/* With it, unistd.h would define some of them itself. */
#undef _FORTIFY_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "io/ckpt-output.h"
#include "test-files.h"
#include "test-output.h"

#define SIZE  ((gsize) 3 << 20)
#define BLOCK 4096

/**
 * Ways:
 * @clone_error: what sharing blocks gives; 0: it is done, by copying
 * @range_error: what copying inside the kernel gives; 0: it is done
 * @range_end: whether that finds the end of the file
 * @write_error: what writing gives
 * @begin_error: what telling the disk to begin gives
 * @max: bytes that one call does at most
 * @interrupt_every: every so many-th call is interrupted
 */
typedef struct
{
  int clone_error;
  int range_error;
  gboolean range_end;
  int write_error;
  int begin_error;
  gsize max;
  guint interrupt_every;
  guint n_calls;
  guint n_clones;   /* blocks were shared so many times, */
  guint64 n_cloned; /* so many bytes */
  guint n_ranges;
  guint n_writes;
} Ways;

static Ways ways;

static gboolean
is_interrupted (void)
{
  ways.n_calls++;
  if (ways.interrupt_every == 0 || ways.n_calls % ways.interrupt_every != 0)
    return FALSE;
  errno = EINTR;
  return TRUE;
}

static int
share (int to, const struct file_clone_range *range)
{
  g_autofree guint8 *bytes = g_malloc (range->src_length);

  g_assert_cmpuint (range->src_offset % BLOCK, ==, 0);
  g_assert_cmpuint (range->dest_offset % BLOCK, ==, 0);
  g_assert_cmpuint (range->src_length % BLOCK, ==, 0);
  g_assert_cmpuint (range->src_length, >, 0);
  g_assert_cmpint (syscall (SYS_pread64, range->src_fd, bytes, range->src_length, range->src_offset), ==,
                   range->src_length);
  g_assert_cmpint (syscall (SYS_pwrite64, to, bytes, range->src_length, range->dest_offset), ==,
                   range->src_length);
  ways.n_clones++;
  ways.n_cloned += range->src_length;
  return 0;
}

int
ioctl (int fd, unsigned long request, ...)
{
  void *argument;
  va_list args;

  va_start (args, request);
  argument = va_arg (args, void *);
  va_end (args);
  if (request != FICLONERANGE)
    return (int) syscall (SYS_ioctl, fd, request, argument);
  if (is_interrupted ())
    return -1;
  if (ways.clone_error == 0)
    return share (fd, argument);
  errno = ways.clone_error;
  return -1;
}

ssize_t
copy_file_range (int from, off64_t *offset, int to, off64_t *position, size_t length, unsigned int flags)
{
  if (is_interrupted ())
    return -1;
  ways.n_ranges++;
  if (ways.range_error == 0)
    return ways.range_end
               ? 0
               : syscall (SYS_copy_file_range, from, offset, to, position, MIN (length, ways.max), flags);
  errno = ways.range_error;
  return -1;
}

ssize_t
pwrite64 (int fd, const void *bytes, size_t length, off64_t offset)
{
  if (is_interrupted ())
    return -1;
  ways.n_writes++;
  if (ways.write_error == 0)
    return syscall (SYS_pwrite64, fd, bytes, MIN (length, ways.max), offset);
  errno = ways.write_error;
  return -1;
}

/* Nothing here is about the disk. */
int
fsync (int fd)
{
  return 0;
}

int
sync_file_range (int fd, off64_t offset, off64_t length, unsigned int flags)
{
  if (is_interrupted () || ways.begin_error == 0)
    return 0;
  errno = ways.begin_error;
  return -1;
}

typedef struct
{
  guint64 offset;
  guint64 length;
  gsize n_before; /* bytes that stand before it in the new file */
  gboolean is_summed;
} Piece;

/* Saves @piece of a file. Returns the code of the error. */
static char *
save (const Piece *piece, const guint8 *noise)
{
  g_autofree char *from = test_files_write ("from.pt", noise, SIZE);
  g_autofree char *path = test_files_write ("to.pt", "former", 6);
  g_autoptr (CkptSource) source = ckpt_source_open (from, NULL);
  g_autoptr (GByteArray) wanted = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  CkptOutputOptions options = { .origin = source, .n_copied = piece->length };
  g_autoptr (CkptOutput) output = ckpt_output_open (path, &options, &error);
  guint32 crc = 0;

  if (output != NULL && ckpt_output_write (output, noise, piece->n_before, &error) &&
      ckpt_output_copy (output, source, piece->offset, piece->length, piece->is_summed ? &crc : NULL,
                        &error) &&
      ckpt_output_commit (output, NULL, &error))
    {
      g_byte_array_append (wanted, noise, piece->n_before);
      g_byte_array_append (wanted, noise + piece->offset, piece->length);
      test_output_assert_content (path, wanted->data, wanted->len);
      return NULL;
    }
  g_clear_pointer (&output, ckpt_output_free);
  test_output_assert_content (path, "former", 6);
  test_output_assert_no_strays (path);
  g_assert_nonnull (ckpt_error_get_code (error));
  return g_strdup (ckpt_error_get_code (error));
}

static const Piece whole = { 0, SIZE, 0, FALSE };
static const int refusals[] = { EBADF, EINVAL, EOPNOTSUPP, ENOSYS, EXDEV, ETXTBSY, EPERM };
static const int failures[] = { EIO, ENOSPC, EDQUOT, EFBIG, ENOMEM };

static const char *
get_code (int number)
{
  const struct
  {
    int number;
    const char *code;
  } codes[] = { { EIO, "disk-error" },
                { ENOSPC, "no-space" },
                { EDQUOT, "no-quota" },
                { EFBIG, "file-too-large" } };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].number == number)
      return codes[i].code;
  return "save-failed";
}

/* From sharing to copying in the kernel, to copying by hand: only where a call says that it does not do this. */
static void
test_refused (void)
{
  g_autofree guint8 *noise = test_files_noise (SIZE);

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      ways = (Ways) { .clone_error = refusals[i], .max = SIZE };
      g_assert_null (save (&whole, noise));
      g_assert_cmpuint (ways.n_ranges, >, 0);
      g_assert_cmpuint (ways.n_writes, ==, 0);

      ways = (Ways) { .clone_error = EOPNOTSUPP, .range_error = refusals[i], .max = SIZE };
      g_assert_null (save (&whole, noise));
      g_assert_cmpuint (ways.n_ranges, ==, 1);
      g_assert_cmpuint (ways.n_writes, >, 0);
    }
}

static void
test_failed (void)
{
  g_autofree guint8 *noise = test_files_noise (SIZE);

  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autofree char *cloned = NULL;
      g_autofree char *ranged = NULL;
      g_autofree char *written = NULL;

      ways = (Ways) { .clone_error = failures[i], .max = SIZE };
      cloned = save (&whole, noise);
      g_assert_cmpstr (cloned, ==, get_code (failures[i]));
      g_assert_cmpuint (ways.n_ranges + ways.n_writes, ==, 0);

      ways = (Ways) { .clone_error = EOPNOTSUPP, .range_error = failures[i], .max = SIZE };
      ranged = save (&whole, noise);
      g_assert_cmpstr (ranged, ==, get_code (failures[i]));
      g_assert_cmpuint (ways.n_writes, ==, 0);

      ways =
          (Ways) { .clone_error = EOPNOTSUPP, .range_error = EXDEV, .write_error = failures[i], .max = SIZE };
      written = save (&whole, noise);
      g_assert_cmpstr (written, ==, get_code (failures[i]));
    }
}

/* The probe could share a block; the rest cannot be. */
static void
test_refused_later (void)
{
  g_autofree guint8 *noise = test_files_noise (SIZE);
  g_autofree char *from = test_files_write ("later.pt", noise, SIZE);
  g_autofree char *path = test_files_path ("later-to.pt");
  g_autoptr (CkptSource) source = ckpt_source_open (from, NULL);
  CkptOutputOptions options = { .origin = source, .size = SIZE, .n_copied = SIZE };
  g_autoptr (CkptOutput) output = NULL;

  ways = (Ways) { .max = SIZE };
  output = ckpt_output_open (path, &options, NULL);
  g_assert_cmpuint (ways.n_clones, ==, 1);
  ways.clone_error = EINVAL;
  g_assert_true (ckpt_output_copy (output, source, 0, SIZE, NULL, NULL));
  g_assert_cmpuint (ways.n_ranges, >, 0);
  g_assert_true (ckpt_output_commit (output, NULL, NULL));
  test_output_assert_content (path, noise, SIZE);
}

/* The disk is told to begin while the rest is written: what it says then counts, if it is about the disk. */
static void
test_begun (void)
{
  g_autofree guint8 *noise = test_files_noise (SIZE);
  const int numbers[] = { EIO, ENOSPC, EDQUOT, ENOSYS, EINVAL };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *path = test_files_path ("begun.pt");
      g_autoptr (CkptOutput) output = ckpt_output_open (path, NULL, NULL);
      g_autoptr (GError) error = NULL;
      gboolean is_written = TRUE;

      ways = (Ways) { .begin_error = numbers[i], .max = SIZE };
      for (guint j = 0; is_written && j < 4; j++)
        is_written = ckpt_output_write (output, noise, SIZE, &error);
      g_assert_true (is_written == (i > 2));
      if (!is_written)
        g_assert_cmpstr (ckpt_error_get_code (error), ==, get_code (numbers[i]));
    }
}

static void
test_end (void)
{
  g_autofree guint8 *noise = test_files_noise (SIZE);
  g_autofree char *code = NULL;

  ways = (Ways) { .clone_error = EOPNOTSUPP, .range_end = TRUE, .max = SIZE };
  code = save (&whole, noise);
  g_assert_cmpstr (code, ==, "file-shortened");
}

/* All whole blocks are shared that lie the same in both files, and no others. */
static void
test_aligned (void)
{
  const guint64 places[] = { 0, 1, 64, 4095, 4096, 5000 };
  const guint64 lengths[] = { 65536, 70000, 81920 + 1, SIZE - 2 * BLOCK };
  g_autofree guint8 *noise = test_files_noise (SIZE);

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (lengths); j++)
      for (guint k = 0; k < 4; k++)
        {
          Piece piece = { places[i], lengths[j], places[i] + (k % 2 ? BLOCK : 0), k / 2 };
          guint64 first = (places[i] + BLOCK - 1) / BLOCK;
          guint64 behind = (places[i] + lengths[j]) / BLOCK;

          ways = (Ways) { .max = SIZE };
          g_assert_null (save (&piece, noise));
          g_assert_cmpuint (ways.n_clones, ==, 2);
          g_assert_cmpuint (ways.n_cloned, ==, BLOCK + (behind - first) * BLOCK);
          g_assert_cmpuint (ways.n_ranges, ==, 0);

          ways = (Ways) { .max = SIZE };
          piece.n_before += 64;
          g_assert_null (save (&piece, noise));
          g_assert_cmpuint (ways.n_cloned, ==, BLOCK);
        }
}

/* Calls that do a part of what they were asked for, and that a signal ends. */
static void
test_short (void)
{
  g_autofree guint8 *noise = test_files_noise (SIZE);

  for (guint i = 0; i < 6; i++)
    {
      Piece piece = { 11, 1000000, 7, i % 2 };

      ways = (Ways) { .clone_error = i < 2 ? 0 : EXDEV,
                      .range_error = i < 4 ? 0 : EXDEV,
                      .max = 9999,
                      .interrupt_every = 3 };
      g_assert_null (save (&piece, noise));
      g_assert_cmpuint (ways.n_calls, >, 100);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/output-ways/refused", test_refused);
  g_test_add_func ("/output-ways/failed", test_failed);
  g_test_add_func ("/output-ways/refused-later", test_refused_later);
  g_test_add_func ("/output-ways/begun", test_begun);
  g_test_add_func ("/output-ways/end", test_end);
  g_test_add_func ("/output-ways/aligned", test_aligned);
  g_test_add_func ("/output-ways/short", test_short);
  return g_test_run ();
}
