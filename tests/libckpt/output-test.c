/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <libdeflate.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/ckpt-output.h"
#include "test-files.h"
#include "test-output.h"

#define LARGE ((gsize) 5 << 20)

static void
test_new (void)
{
  g_autofree char *path = test_files_path ("new.pt");
  g_autoptr (GError) error = NULL;
  CkptOutput *output = ckpt_output_open (path, NULL, &error);
  CkptOutputNotes notes = CKPT_OUTPUT_UNCONFIRMED;
  struct stat status;
  mode_t mask = umask (027);

  umask (mask);
  g_assert_no_error (error);
  g_assert_cmpstr (ckpt_output_get_path (output), ==, path);
  g_assert_true (ckpt_output_write (output, "0123", 4, &error));
  g_assert_true (ckpt_output_write (output, "456789", 6, &error));
  g_assert_cmpuint (ckpt_output_get_position (output), ==, 10);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (ckpt_output_commit (output, &notes, &error));
  g_assert_no_error (error);
  g_assert_cmpint (notes, ==, CKPT_OUTPUT_FINE);
  test_output_assert_content (path, "0123456789", 10);
  g_assert_no_errno (stat (path, &status));
  g_assert_cmpint (status.st_mode & 07777, ==, 0666 & ~mask);
  ckpt_output_free (output);
  test_output_assert_content (path, "0123456789", 10);
  test_output_assert_no_strays (path);
}

static void
test_empty (void)
{
  g_autofree char *path = test_files_path ("empty.pt");
  g_autoptr (CkptOutput) output = ckpt_output_open (path, NULL, NULL);

  g_assert_true (ckpt_output_commit (output, NULL, NULL));
  test_output_assert_content (path, "", 0);
}

/* Reserved too much, or too little. */
static void
test_size (void)
{
  const guint64 sizes[] = { 0, 1, 10, 100000 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *path = test_files_path ("size.pt");
      g_autoptr (CkptOutput)
          output = ckpt_output_open (path, &(CkptOutputOptions) { .size = sizes[i] }, NULL);

      g_assert_true (ckpt_output_write (output, "0123456789", 10, NULL));
      g_assert_true (ckpt_output_commit (output, NULL, NULL));
      test_output_assert_content (path, "0123456789", 10);
    }
}

static void
test_dropped (void)
{
  g_autofree char *path = test_files_write ("dropped.pt", "former", 6);
  CkptOutput *output = ckpt_output_open (path, NULL, NULL);
  g_autofree char *temporary = ckpt_output_dup_temporary (output);

  g_assert_true (ckpt_output_write (output, "new", 3, NULL));
  g_assert_true (g_file_test (temporary, G_FILE_TEST_EXISTS));
  ckpt_output_free (output);
  g_assert_false (g_file_test (temporary, G_FILE_TEST_EXISTS));
  test_output_assert_content (path, "former", 6);
}

/* Before it is put in its place, the new file can be read. */
static void
test_verify (void)
{
  g_autofree char *path = test_files_write ("verify.pt", "former", 6);
  g_autoptr (CkptOutput) output = ckpt_output_open (path, &(CkptOutputOptions) { .size = 100 }, NULL);
  g_autoptr (CkptSource) source = NULL;
  char bytes[6];

  g_assert_true (ckpt_output_write (output, "behind", 6, NULL));
  source = ckpt_output_open_source (output, NULL);
  g_assert_cmpuint (ckpt_source_get_size (source), ==, 6);
  g_assert_true (ckpt_source_read (source, 0, bytes, 6, NULL));
  g_assert_cmpmem (bytes, 6, "behind", 6);
  test_output_assert_content (path, "former", 6);
  g_assert_true (ckpt_output_commit (output, NULL, NULL));
  test_output_assert_content (path, "behind", 6);
}

/* Pieces of all sizes around those that the code treats differently, at odd places. */
static void
test_copy (void)
{
  const guint64 lengths[] = { 0, 1, 4095, 65535, 65536, 65537, 1 << 20, (1 << 20) + 1, (4 << 20) + 77 };
  g_autofree guint8 *noise = test_files_noise (LARGE);
  g_autofree char *from = test_files_write ("copied.pt", noise, LARGE);
  g_autoptr (CkptSource) source = ckpt_source_open (from, NULL);

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *path = test_files_path ("copy.pt");
      g_autoptr (CkptOutput) output = ckpt_output_open (path, NULL, NULL);
      g_autoptr (GString) wanted = g_string_new ("head");
      guint64 length = lengths[i / 2];
      gboolean is_summed = i % 2;
      guint32 crc = 0;

      g_assert_true (ckpt_output_write (output, "head", 4, NULL));
      g_assert_true (ckpt_output_copy (output, source, 33, length, is_summed ? &crc : NULL, NULL));
      g_assert_true (ckpt_output_copy (output, source, 7, 100, is_summed ? &crc : NULL, NULL));
      g_assert_cmpuint (ckpt_output_get_position (output), ==, 4 + length + 100);
      g_assert_true (ckpt_output_commit (output, NULL, NULL));
      g_string_append_len (wanted, (char *) noise + 33, length);
      g_string_append_len (wanted, (char *) noise + 7, 100);
      test_output_assert_content (path, wanted->str, wanted->len);
      if (is_summed)
        g_assert_cmphex (crc, ==, libdeflate_crc32 (0, wanted->str + 4, wanted->len - 4));
    }
}

static void
test_copy_range (void)
{
  g_autofree char *from = test_files_write ("range.pt", "0123456789", 10);
  g_autofree char *path = test_files_path ("beyond.pt");
  g_autoptr (CkptSource) source = ckpt_source_open (from, NULL);
  g_autoptr (CkptOutput) output = ckpt_output_open (path, NULL, NULL);
  g_autoptr (GError) error = NULL;
  guint32 crc = 17;

  g_assert_false (ckpt_output_copy (output, source, 5, 6, &crc, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
  g_assert_cmpuint (crc, ==, 17);
  g_clear_error (&error);
  /* A save that has failed does not go on. */
  g_assert_false (ckpt_output_write (output, "x", 1, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
  g_clear_error (&error);
  g_assert_false (ckpt_output_commit (output, NULL, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_strays (void)
{
  g_autofree char *path = test_files_write ("strays.pt", "former", 6);
  g_autofree char *stray = test_files_write (".strays.pt.abcXYZ.part", "half", 4);
  g_autofree char *other = test_files_write (".other.pt.abcXYZ.part", "half", 4);
  g_autofree char *odd = test_files_write (".strays.pt.abc-YZ.part", "other", 5);
  g_autofree char *folder = g_path_get_dirname (path);
  g_auto (GStrv) found = NULL;
  g_auto (GStrv) all = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptOutput) output = ckpt_output_open (path, NULL, NULL);
  g_autofree char *busy = ckpt_output_dup_temporary (output);

  g_free (test_files_write (".strays.pt.abcXYZ.par", "other", 5));
  g_free (test_files_write ("strays.pt.abcXYZ.part", "other", 5));
  found = ckpt_output_find_strays (path);
  g_assert_cmpuint (g_strv_length (found), ==, 1);
  g_assert_cmpstr (found[0], ==, stray);
  all = ckpt_output_find_strays (folder);
  g_assert_cmpuint (g_strv_length (all), ==, 2);
  g_assert_true (g_strv_contains ((const char *const *) all, other));

  g_assert_true (ckpt_output_remove_stray (stray, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (stray, G_FILE_TEST_EXISTS));
  g_assert_false (ckpt_output_remove_stray (stray, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_SAVE);
  g_clear_error (&error);
  g_assert_false (ckpt_output_remove_stray (busy, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "not-stray");
  g_clear_error (&error);
  g_assert_false (ckpt_output_remove_stray (path, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "not-stray");
  g_assert_true (ckpt_output_commit (output, NULL, NULL));
  g_assert_true (ckpt_output_remove_stray (other, NULL));
  g_assert_no_errno (g_remove (odd));
}

static void
on_progress (guint64 done, guint64 total, gpointer user_data)
{
  guint64 *last = user_data;

  g_assert_cmpuint (done, >, last[0]);
  g_assert_cmpuint (done - last[0], <=, 4 << 20);
  g_assert_cmpuint (total, ==, last[1]);
  last[0] = done;
}

static void
test_progress (void)
{
  g_autofree guint8 *noise = test_files_noise (LARGE);
  g_autofree char *from = test_files_write ("progress.pt", noise, LARGE);
  g_autofree char *path = test_files_path ("told.pt");
  g_autoptr (CkptSource) source = ckpt_source_open (from, NULL);
  guint64 last[2] = { 0, 3 * LARGE };
  CkptOutputOptions options = { .size = last[1], .progress = on_progress, .progress_data = last };
  g_autoptr (CkptOutput) output = ckpt_output_open (path, &options, NULL);
  guint32 crc = 0;

  g_assert_true (ckpt_output_copy (output, source, 0, LARGE, NULL, NULL));
  g_assert_true (ckpt_output_copy (output, source, 0, LARGE, &crc, NULL));
  g_assert_true (ckpt_output_write (output, noise, LARGE, NULL));
  g_assert_true (ckpt_output_commit (output, NULL, NULL));
  g_assert_cmpuint (last[0], ==, 3 * LARGE);
}

typedef struct
{
  GCancellable *cancellable;
  guint64 at;
} CancelAt;

static void
on_cancel_progress (guint64 done, guint64 total, gpointer user_data)
{
  CancelAt *cancel = user_data;

  if (done >= cancel->at)
    g_cancellable_cancel (cancel->cancellable);
}

/* Cancelled before the first byte, in the middle, behind the last one and when it is to be put in its place (N33). */
static void
test_cancel (void)
{
  const guint64 places[] = { 0, LARGE / 2, LARGE };
  g_autofree guint8 *noise = test_files_noise (LARGE);
  g_autofree char *from = test_files_write ("cancel-from.pt", noise, LARGE);
  g_autofree char *path = test_files_write ("cancel.pt", "former", 6);
  g_autoptr (CkptSource) source = ckpt_source_open (from, NULL);

  for (gsize i = 0; i <= G_N_ELEMENTS (places); i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      CancelAt cancel = { cancellable, i < G_N_ELEMENTS (places) ? places[i] : G_MAXUINT64 };
      CkptOutputOptions options = { .progress = on_cancel_progress,
                                    .progress_data = &cancel,
                                    .cancellable = cancellable };
      g_autoptr (CkptOutput) output = ckpt_output_open (path, &options, NULL);
      g_autoptr (GError) error = NULL;

      if (i == G_N_ELEMENTS (places))
        {
          g_assert_true (ckpt_output_copy (output, source, 0, LARGE, NULL, &error));
          g_cancellable_cancel (cancellable);
          g_assert_false (ckpt_output_commit (output, NULL, &error));
        }
      else
        {
          g_assert_false (ckpt_output_copy (output, source, 0, LARGE, NULL, &error));
          g_assert_cmpuint (ckpt_output_get_position (output), <=, places[i] + (4 << 20));
        }
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_pointer (&output, ckpt_output_free);
      test_output_assert_content (path, "former", 6);
      test_output_assert_no_strays (path);
      g_assert_null (ckpt_output_open (path, &options, NULL));
    }
}

static void
test_notes (void)
{
  g_auto (GStrv) none = ckpt_output_list_notes (CKPT_OUTPUT_FINE);
  g_auto (GStrv) two = ckpt_output_list_notes (CKPT_OUTPUT_UNCONFIRMED | CKPT_OUTPUT_LOST_ACL);

  g_assert_cmpuint (g_strv_length (none), ==, 0);
  g_assert_cmpuint (g_strv_length (two), ==, 2);
  for (guint i = 0; i < 7; i++)
    {
      g_auto (GStrv) one = ckpt_output_list_notes (1 << i);

      g_assert_cmpuint (g_strv_length (one), ==, 1);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/output/new", test_new);
  g_test_add_func ("/output/empty", test_empty);
  g_test_add_func ("/output/size", test_size);
  g_test_add_func ("/output/dropped", test_dropped);
  g_test_add_func ("/output/verify", test_verify);
  g_test_add_func ("/output/copy", test_copy);
  g_test_add_func ("/output/copy-range", test_copy_range);
  g_test_add_func ("/output/strays", test_strays);
  g_test_add_func ("/output/progress", test_progress);
  g_test_add_func ("/output/cancel", test_cancel);
  g_test_add_func ("/output/notes", test_notes);
  return g_test_run ();
}
