/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>
#include <zlib.h>

#include "io/ckpt-archive.h"
#include "test-files.h"

static CkptArchive *
open_archive (const char *name, const void *data, gsize length)
{
  g_autofree char *path = test_files_write (name, data, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptSource) source = ckpt_source_open (path, &error);

  g_assert_no_error (error);
  return ckpt_archive_new (source);
}

static void
test_records (void)
{
  g_autoptr (CkptArchive) archive = open_archive ("records.bin", "0123456789", 10);
  guint index = 99;

  g_assert_cmpuint (ckpt_archive_get_n (archive), ==, 0);
  g_assert_false (ckpt_archive_find (archive, "a", &index));
  g_assert_cmpuint (ckpt_archive_add (archive, "a", -1, 0, 4), ==, 0);
  g_assert_cmpuint (ckpt_archive_add (archive, "b\0c", 3, 4, 4), ==, 1);
  g_assert_cmpuint (ckpt_archive_add (archive, "a", -1, 8, 2), ==, 2);
  g_assert_cmpuint (ckpt_archive_add (archive, "", -1, 8, 2), ==, 3);
  g_assert_cmpuint (ckpt_archive_get_n (archive), ==, 4);

  g_assert_true (ckpt_archive_find (archive, "a", &index));
  g_assert_cmpuint (index, ==, 0);
  for (guint i = 0; i < 4; i++)
    g_assert_true (ckpt_archive_get (archive, i)->is_repeated == (i == 0 || i == 2));
  g_assert_false (ckpt_archive_find (archive, "b", &index));
  g_assert_true (ckpt_archive_find (archive, "", &index));
  g_assert_cmpuint (index, ==, 3);
  g_assert_cmpmem (ckpt_archive_get (archive, 1)->name, 4, "b\0c", 4);
  g_assert_cmpuint (ckpt_archive_get (archive, 1)->name_length, ==, 3);

  ckpt_archive_add (archive, "late", -1, 0, 1);
  g_assert_true (ckpt_archive_find (archive, "late", NULL));
}

static void
assert_unreadable (CkptArchive *archive, guint index, guint64 offset, gsize length, gint code)
{
  g_autoptr (GError) error = NULL;
  guint8 buffer[64];

  g_assert_cmpuint (length, <=, sizeof buffer);
  g_assert_false (ckpt_archive_read (archive, index, offset, buffer, length, &error));
  g_assert_error (error, CKPT_ERROR, code);
  g_assert_cmpstr (ckpt_error_get_place (error)->record, ==, ckpt_archive_get (archive, index)->name);
  g_assert_cmpuint (ckpt_error_get_place (error)->offset, ==, offset);
}

static void
test_stored (void)
{
  g_autoptr (CkptArchive) archive = open_archive ("stored.bin", "0123456789", 10);
  g_autoptr (GError) error = NULL;
  char buffer[8];

  ckpt_archive_add (archive, "middle", -1, 3, 4);
  ckpt_archive_add (archive, "past the end", -1, 8, 4);
  ckpt_archive_add (archive, "far out", -1, G_MAXUINT64 - 2, G_MAXUINT64);
  ckpt_archive_add (archive, "zstd", -1, 0, 4);
  ckpt_archive_edit (archive, 3)->method = CKPT_RECORD_UNREADABLE;

  g_assert_true (ckpt_archive_read (archive, 0, 1, buffer, 3, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (buffer, 3, "456", 3);
  g_assert_true (ckpt_archive_read (archive, 0, 4, buffer, 0, &error));
  assert_unreadable (archive, 0, 2, 3, CKPT_ERROR_TRUNCATED);
  assert_unreadable (archive, 0, 5, 0, CKPT_ERROR_TRUNCATED);
  assert_unreadable (archive, 0, G_MAXUINT64, 2, CKPT_ERROR_TRUNCATED);
  assert_unreadable (archive, 1, 0, 4, CKPT_ERROR_TRUNCATED);
  assert_unreadable (archive, 2, 1, 4, CKPT_ERROR_TRUNCATED);
  assert_unreadable (archive, 2, 5, 4, CKPT_ERROR_MALFORMED);
  assert_unreadable (archive, 3, 0, 4, CKPT_ERROR_UNSUPPORTED);
}

static gboolean
locate_even (gpointer data, guint index, guint64 *offset, GError **error)
{
  guint *n_calls = data;

  ++*n_calls;
  if (index % 2 == 1)
    return ckpt_error_set (error, CKPT_ERROR_MALFORMED, "odd", "Odd.");
  *offset = index;
  return TRUE;
}

static void
count_end (gpointer data)
{
  guint *n_calls = data;

  *n_calls += 100;
}

static void
test_locate (void)
{
  CkptArchive *archive = open_archive ("locate.bin", "0123456789", 10);
  g_autoptr (GError) error = NULL;
  guint64 offset = 99;
  guint n_calls = 0;
  char byte;

  for (guint i = 0; i < 4; i++)
    ckpt_archive_add (archive, "x", -1, CKPT_NO_OFFSET, 1);
  assert_unreadable (archive, 0, 0, 1, CKPT_ERROR_UNSUPPORTED);
  ckpt_archive_set_locate (archive, locate_even, &n_calls, count_end);

  g_assert_true (ckpt_archive_read (archive, 2, 0, &byte, 1, &error));
  g_assert_cmpint (byte, ==, '2');
  g_assert_cmpuint (n_calls, ==, 1);
  g_assert_true (ckpt_archive_read (archive, 2, 0, &byte, 1, &error));
  g_assert_cmpuint (n_calls, ==, 1);
  g_assert_cmpuint (ckpt_archive_get (archive, 2)->offset, ==, 2);

  g_assert_false (ckpt_archive_locate (archive, 3, &offset, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "odd");
  g_assert_cmpuint (offset, ==, 99);
  assert_unreadable (archive, 1, 0, 1, CKPT_ERROR_MALFORMED);
  g_assert_cmpuint (n_calls, ==, 3);

  g_assert_true (ckpt_archive_ref (archive) == archive);
  ckpt_archive_unref (archive);
  g_assert_cmpuint (n_calls, ==, 3);
  ckpt_archive_unref (archive);
  g_assert_cmpuint (n_calls, ==, 103);
}

/* A raw deflate stream, as the host's zlib writes it. */
static GBytes *
pack (const guint8 *data, gsize length, int level)
{
  z_stream stream = { 0 };
  gsize bound = length + length / 100 + 100;
  g_autofree guint8 *packed = g_malloc (bound);

  g_assert_cmpint (deflateInit2 (&stream, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
  stream.next_in = (guint8 *) data;
  stream.avail_in = length;
  stream.next_out = packed;
  stream.avail_out = bound;
  g_assert_cmpint (deflate (&stream, Z_FINISH), ==, Z_STREAM_END);
  deflateEnd (&stream);
  return g_bytes_new (packed, stream.total_out);
}

/* Text with far repeats, so that the windows of saved states matter. */
static guint8 *
make_text (gsize length)
{
  g_autofree guint8 *noise = test_files_noise (length);
  guint8 *text = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    text[i] = i >= 30000 && noise[i / 50] < 128 ? text[i - 30000 + noise[i / 50]] : noise[i] & 15;
  return text;
}

static guint
add_packed (CkptArchive *archive, guint64 offset, guint64 stored_size, guint64 size)
{
  guint index = ckpt_archive_add (archive, "packed", -1, offset, size);

  ckpt_archive_edit (archive, index)->stored_size = stored_size;
  ckpt_archive_edit (archive, index)->method = CKPT_RECORD_DEFLATED;
  return index;
}

static void
assert_range (CkptArchive *archive, guint index, const guint8 *data, gsize offset, gsize length)
{
  g_autofree guint8 *buffer = g_malloc (length);
  g_autoptr (GError) error = NULL;

  g_assert_true (ckpt_archive_read (archive, index, offset, buffer, length, &error));
  g_assert_no_error (error);
  g_assert_true (memcmp (buffer, data + offset, length) == 0);
}

static void
test_deflated_seek (void)
{
  const gsize size = 9 << 20;
  g_autofree guint8 *text = make_text (size);
  g_autoptr (GBytes) packed = pack (text, size, 6);
  gsize packed_size = g_bytes_get_size (packed);
  g_autoptr (CkptArchive) archive = open_archive ("seek.bin", g_bytes_get_data (packed, NULL), packed_size);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  guint index = add_packed (archive, 0, packed_size, size);
  CkptSourceCounts before, after;

  for (guint i = 0; i < 60; i++)
    {
      gsize length = 1 + g_rand_int_range (random, 0, i % 10 == 0 ? 3 << 20 : 5000);

      assert_range (archive, index, text, g_rand_int_range (random, 0, size - length), length);
    }
  assert_range (archive, index, text, 0, size);
  assert_range (archive, index, text, size - 1, 1);

  /* Going back reads no more than what a stretch of 1 MiB is packed in. */
  ckpt_source_get_counts (ckpt_archive_get_source (archive), &before);
  assert_range (archive, index, text, 5 << 20, 100);
  ckpt_source_get_counts (ckpt_archive_get_source (archive), &after);
  g_assert_cmpuint (after.n_bytes - before.n_bytes, <, packed_size / 4);
}

/* 300 MiB of zeros, over a hundred stretches: the saved states are thinned out. */
static void
test_deflated_long (void)
{
  const gsize size = 300 << 20;
  g_autofree guint8 *zeros = g_malloc0 (size);
  g_autoptr (GBytes) packed = NULL;
  g_autoptr (CkptArchive) archive = NULL;
  guint8 byte = 1;
  guint index;

  zeros[250 << 20] = 7;
  packed = pack (zeros, size, 1);
  archive = open_archive ("long.bin", g_bytes_get_data (packed, NULL), g_bytes_get_size (packed));
  index = add_packed (archive, 0, g_bytes_get_size (packed), size);
  g_assert_true (ckpt_archive_read (archive, index, size - 1, &byte, 1, NULL));
  g_assert_cmpuint (byte, ==, 0);
  for (gint i = 299; i >= 0; i -= 7)
    {
      g_assert_true (ckpt_archive_read (archive, index, ((guint64) i << 20) + 3, &byte, 1, NULL));
      g_assert_cmpuint (byte, ==, 0);
    }
  g_assert_true (ckpt_archive_read (archive, index, 250 << 20, &byte, 1, NULL));
  g_assert_cmpuint (byte, ==, 7);
}

static void
test_deflated_many (void)
{
  g_autofree guint8 *text = make_text (5000);
  g_autoptr (GBytes) packed = pack (text, 5000, 9);
  gsize packed_size = g_bytes_get_size (packed);
  g_autoptr (CkptArchive) archive = open_archive ("many.bin", g_bytes_get_data (packed, NULL), packed_size);

  for (guint i = 0; i < 30; i++)
    add_packed (archive, 0, packed_size, 5000);
  for (guint i = 0; i < 300; i++)
    assert_range (archive, i * 7 % 30, text, i * 13, 1000);
}

static void
assert_packed_error (const guint8 *data, gsize length, guint64 size, gint code, const char *name)
{
  g_autoptr (CkptArchive) archive = open_archive ("wrong.bin", data, length);
  g_autofree guint8 *buffer = g_malloc (size);
  guint index = add_packed (archive, 0, length, size);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (ckpt_archive_read (archive, index, 0, buffer, size, &error));
      g_assert_error (error, CKPT_ERROR, code);
      g_assert_cmpstr (ckpt_error_get_code (error), ==, name);
      g_assert_cmpstr (ckpt_error_get_place (error)->record, ==, "packed");
    }
}

static void
test_deflated_wrong (void)
{
  g_autofree guint8 *text = make_text (40000);
  g_autofree guint8 *noise = test_files_noise (1000);
  g_autoptr (GBytes) packed = pack (text, 40000, 6);
  gsize length;
  const guint8 *data = g_bytes_get_data (packed, &length);
  guint8 byte;
  g_autoptr (CkptArchive) archive = open_archive ("cut.bin", data, length / 2);
  guint index = add_packed (archive, 0, length / 2, 40000);

  assert_packed_error (data, length, 39999, CKPT_ERROR_MALFORMED, "deflate-long");
  assert_packed_error (data, length, 1, CKPT_ERROR_MALFORMED, "deflate-long");
  assert_packed_error (data, length, 40001, CKPT_ERROR_MALFORMED, "deflate-short");
  assert_packed_error (data, length / 2, 40000, CKPT_ERROR_TRUNCATED, "deflate-truncated");
  assert_packed_error (data, length - 1, 40000, CKPT_ERROR_TRUNCATED, "deflate-truncated");
  assert_packed_error (data, 0, 40000, CKPT_ERROR_TRUNCATED, "deflate-truncated");
  assert_packed_error (noise, 1000, 40000, CKPT_ERROR_MALFORMED, "deflate-invalid");

  /* The good half of a cut stream can be read. */
  assert_range (archive, index, text, 100, 1000);
  g_assert_false (ckpt_archive_read (archive, index, 39000, &byte, 1, NULL));
  assert_range (archive, index, text, 50, 1000);
}

typedef struct
{
  CkptArchive *archive;
  const guint8 *text;
  guint seed;
} Reading;

static gpointer
read_at_random (gpointer data)
{
  Reading *reading = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (reading->seed);

  for (guint i = 0; i < 200; i++)
    {
      guint index = g_rand_int_range (random, 0, 12);

      assert_range (reading->archive, index, reading->text, g_rand_int_range (random, 0, 99000), 1000);
    }
  return NULL;
}

static gboolean
locate_at_start (gpointer data, guint index, guint64 *offset, GError **error)
{
  *offset = 0;
  return TRUE;
}

static void
test_threads (void)
{
  g_autofree guint8 *text = make_text (100000);
  g_autoptr (GBytes) packed = pack (text, 100000, 1);
  g_autofree guint8 *both = NULL;
  gsize length;
  const guint8 *data = g_bytes_get_data (packed, &length);
  g_autoptr (CkptArchive) archive = NULL;
  Reading readings[3];
  GThread *threads[3];

  both = g_malloc (100000 + length);
  memcpy (both, text, 100000);
  memcpy (both + 100000, data, length);
  archive = open_archive ("threads.bin", both, 100000 + length);
  for (guint i = 0; i < 6; i++)
    {
      add_packed (archive, 100000, length, 100000);
      ckpt_archive_add (archive, "stored", -1, CKPT_NO_OFFSET, 100000);
    }
  ckpt_archive_set_locate (archive, locate_at_start, NULL, NULL);
  for (guint i = 0; i < 3; i++)
    {
      readings[i] = (Reading) { archive, text, i };
      threads[i] = g_thread_new ("reader", read_at_random, &readings[i]);
    }
  for (guint i = 0; i < 3; i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/archive/records", test_records);
  g_test_add_func ("/archive/stored", test_stored);
  g_test_add_func ("/archive/locate", test_locate);
  g_test_add_func ("/archive/deflated-seek", test_deflated_seek);
  g_test_add_func ("/archive/deflated-long", test_deflated_long);
  g_test_add_func ("/archive/deflated-many", test_deflated_many);
  g_test_add_func ("/archive/deflated-wrong", test_deflated_wrong);
  g_test_add_func ("/archive/threads", test_threads);
  return g_test_run ();
}
