/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "io/ckpt-reader.h"
#include "test-files.h"

#define SIZE   300000
#define BEFORE 100

/* A record after some other bytes of a file. */
static CkptReader *
open_reader (const guint8 *data, gsize length)
{
  g_autofree guint8 *file = g_malloc0 (BEFORE + length);
  g_autofree char *path = NULL;
  g_autoptr (CkptSource) source = NULL;
  g_autoptr (CkptArchive) archive = NULL;

  memcpy (file + BEFORE, data, length);
  path = test_files_write ("reader.bin", file, BEFORE + length);
  source = ckpt_source_open (path, NULL);
  archive = ckpt_archive_new (source);
  ckpt_archive_add (archive, "other", -1, 0, BEFORE);
  ckpt_archive_add (archive, "record", -1, BEFORE, length);
  return ckpt_reader_new (archive, 1);
}

static void
assert_take (CkptReader *reader, const guint8 *expected, gsize length)
{
  g_autoptr (GError) error = NULL;
  guint64 before = ckpt_reader_get_position (reader);
  const guint8 *taken = ckpt_reader_take (reader, length, &error);

  g_assert_no_error (error);
  g_assert_true (memcmp (taken, expected, length) == 0);
  g_assert_cmpuint (ckpt_reader_get_position (reader), ==, before + length);
}

static void
assert_end (CkptReader *reader, GError *error)
{
  const CkptPlace *place;
  guint64 position = ckpt_reader_get_position (reader);

  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
  place = ckpt_error_get_place (error);
  g_assert_cmpstr (place->record, ==, ckpt_reader_get_record (reader));
  g_assert_cmpuint (place->offset, ==, position);
  g_assert_cmpuint (place->file_offset, ==, ckpt_reader_get_file_offset (reader, position));
}

static void
test_take (void)
{
  g_autofree guint8 *noise = test_files_noise (SIZE);
  g_autoptr (CkptReader) reader = open_reader (noise, SIZE);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  g_autoptr (GError) error = NULL;
  gsize at = 0;

  g_assert_cmpstr (ckpt_reader_get_record (reader), ==, "record");
  g_assert_cmpuint (ckpt_reader_get_record_index (reader), ==, 1);
  g_assert_cmpuint (ckpt_reader_get_file_offset (reader, 7), ==, BEFORE + 7);
  while (at < SIZE)
    {
      gsize n = g_rand_int_range (random, 0, g_rand_boolean (random) ? 10 : 65537);

      n = MIN (n, SIZE - at);
      g_assert_cmpuint (ckpt_reader_get_position (reader), ==, at);
      g_assert_cmpuint (ckpt_reader_get_remaining (reader), ==, SIZE - at);
      assert_take (reader, noise + at, n);
      at += n;
    }
  g_assert_null (ckpt_reader_take (reader, 1, &error));
  assert_end (reader, error);
}

static void
test_copy_and_skip (void)
{
  g_autofree guint8 *noise = test_files_noise (SIZE);
  g_autofree guint8 *buffer = g_malloc (SIZE);
  g_autoptr (CkptReader) reader = open_reader (noise, SIZE);
  g_autoptr (GError) error = NULL;

  assert_take (reader, noise, 10);
  g_assert_true (ckpt_reader_copy (reader, buffer, 5, NULL));
  g_assert_cmpmem (buffer, 5, noise + 10, 5);
  g_assert_true (ckpt_reader_copy (reader, buffer, 200000, NULL));
  g_assert_true (memcmp (buffer, noise + 15, 200000) == 0);
  g_assert_true (ckpt_reader_skip (reader, 3, NULL));
  assert_take (reader, noise + 200018, 100);
  g_assert_true (ckpt_reader_skip (reader, 90000, NULL));
  assert_take (reader, noise + 290118, 1000);
  g_assert_false (ckpt_reader_skip (reader, SIZE, &error));
  assert_end (reader, error);
  g_clear_error (&error);
  g_assert_false (ckpt_reader_copy (reader, buffer, SIZE, &error));
  assert_end (reader, error);
  g_assert_cmpuint (ckpt_reader_get_position (reader), ==, 291118);
  g_assert_true (ckpt_reader_skip (reader, SIZE - 291118, NULL));
  g_assert_cmpuint (ckpt_reader_get_remaining (reader), ==, 0);
}

static void
assert_line (CkptReader *reader, const char *expected, gsize expected_length)
{
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  const guint8 *line = ckpt_reader_take_line (reader, SIZE, &length, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (length, ==, expected_length);
  g_assert_true (memcmp (line, expected, length) == 0);
}

static void
check_lines (CkptReader *reader, const char *text)
{
  g_autoptr (GError) error = NULL;
  gsize length = 99;

  assert_line (reader, "one", 3);
  assert_line (reader, "", 0);
  g_assert_null (ckpt_reader_take_line (reader, 100000, &length, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_LIMIT);
  g_assert_cmpuint (length, ==, 99);
  g_assert_cmpuint (ckpt_reader_get_position (reader), ==, 5);
  assert_line (reader, text + 5, 200000);
  assert_line (reader, "two", 3);
  g_clear_error (&error);
  g_assert_null (ckpt_reader_take_line (reader, 100000, &length, &error));
  assert_end (reader, error);
  g_assert_cmpuint (ckpt_reader_get_remaining (reader), ==, 8);
  assert_take (reader, (const guint8 *) "no end", 6);
  assert_take (reader, (const guint8 *) "!!", 2);
}

static void
test_lines (void)
{
  g_autoptr (GString) text = g_string_new ("one\n\n");
  g_autoptr (CkptReader) of_file = NULL;
  g_autoptr (CkptReader) of_memory = NULL;

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (text, "%010u", i);
  g_string_append (text, "\ntwo\nno end!!");
  of_file = open_reader ((const guint8 *) text->str, text->len);
  check_lines (of_file, text->str);
  of_memory = ckpt_reader_new_for_data (text->str, text->len, "memory");
  check_lines (of_memory, text->str);
}

static void
test_memory (void)
{
  g_autoptr (CkptReader) reader = ckpt_reader_new_for_data ("0123456789", 10, "memory");
  g_autoptr (GError) error = NULL;
  char buffer[4];

  g_assert_cmpstr (ckpt_reader_get_record (reader), ==, "memory");
  g_assert_cmpuint (ckpt_reader_get_record_index (reader), ==, G_MAXUINT);
  g_assert_cmpuint (ckpt_reader_get_file_offset (reader, 3), ==, CKPT_NO_OFFSET);
  assert_take (reader, (const guint8 *) "01", 2);
  g_assert_true (ckpt_reader_copy (reader, buffer, 4, NULL));
  g_assert_cmpmem (buffer, 4, "2345", 4);
  g_assert_true (ckpt_reader_skip (reader, 2, NULL));
  g_assert_null (ckpt_reader_take (reader, 3, &error));
  assert_end (reader, error);
  assert_take (reader, (const guint8 *) "89", 2);
}

static void
test_empty (void)
{
  g_autoptr (CkptReader) of_file = open_reader ((const guint8 *) "", 0);
  g_autoptr (CkptReader) of_memory = ckpt_reader_new_for_data (NULL, 0, "memory");
  g_autoptr (GError) error = NULL;
  gsize length;

  g_assert_nonnull (ckpt_reader_take (of_file, 0, NULL));
  g_assert_null (ckpt_reader_take (of_file, 1, &error));
  assert_end (of_file, error);
  g_clear_error (&error);
  g_assert_null (ckpt_reader_take_line (of_file, 10, &length, &error));
  assert_end (of_file, error);
  g_clear_error (&error);
  g_assert_null (ckpt_reader_take_line (of_memory, 10, &length, &error));
  assert_end (of_memory, error);
}

/* The window is filled once, not once an opcode. */
static void
test_reads (void)
{
  g_autofree guint8 *noise = test_files_noise (SIZE);
  g_autofree char *path = test_files_write ("counted.bin", noise, SIZE);
  g_autoptr (CkptSource) source = ckpt_source_open (path, NULL);
  g_autoptr (CkptArchive) archive = ckpt_archive_new (source);
  g_autoptr (CkptReader) reader = NULL;
  CkptSourceCounts counts;

  ckpt_archive_add (archive, "record", -1, 0, SIZE);
  reader = ckpt_reader_new (archive, 0);
  for (guint i = 0; i < SIZE; i++)
    assert_take (reader, noise + i, 1);
  ckpt_source_get_counts (source, &counts);
  g_assert_cmpuint (counts.n_reads, ==, (SIZE + 65535) / 65536);
  g_assert_cmpuint (counts.n_bytes, ==, SIZE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reader/take", test_take);
  g_test_add_func ("/reader/copy-and-skip", test_copy_and_skip);
  g_test_add_func ("/reader/lines", test_lines);
  g_test_add_func ("/reader/memory", test_memory);
  g_test_add_func ("/reader/empty", test_empty);
  g_test_add_func ("/reader/reads", test_reads);
  return g_test_run ();
}
