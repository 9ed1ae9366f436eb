/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "formats/ckpt-zip-directory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test-files.h"
#include "test-pread.h"
#include "test-zip.h"

/* Reads the directory of a file, and says what it warned of. */
static CkptArchive *
read_directory (const char *path, CkptWarnings **warnings, GError **error)
{
  g_autoptr (CkptSource) source = ckpt_source_open (path, NULL);
  g_autoptr (CkptArchive) archive = ckpt_archive_new (source);

  *warnings = ckpt_warnings_new ();
  return ckpt_zip_directory_read (archive, *warnings, NULL, error) ? g_steal_pointer (&archive) : NULL;
}

static CkptArchive *
assert_good (const char *path)
{
  g_autoptr (CkptWarnings) warnings = NULL;
  g_autoptr (GError) error = NULL;
  CkptArchive *archive = read_directory (path, &warnings, &error);

  g_assert_no_error (error);
  if (ckpt_warnings_get_n (warnings) > 0)
    g_error ("%s: %s", path, ckpt_warnings_get (warnings, 0)->message);
  return archive;
}

static void
assert_refused (TestZip *zip, const char *code)
{
  g_autofree char *path = test_zip_write (zip, "refused.pt");
  g_autoptr (CkptWarnings) warnings = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (read_directory (path, &warnings, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, code);
}

static void
assert_warned (TestZip *zip, const char *code)
{
  g_autofree char *path = test_zip_write (zip, "warned.pt");
  g_autoptr (CkptWarnings) warnings = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptArchive) archive = read_directory (path, &warnings, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (ckpt_warnings_get_n (warnings), ==, 1);
  g_assert_cmpstr (ckpt_warnings_get (warnings, 0)->place.code, ==, code);
}

/* Every record of the fixtures is where Python's zipfile says, with its size and method. */
static void
test_python (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "fixtures", "torch-2.13", NULL);
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "libckpt", "zip-records.py", NULL);
  const char *arguments[] = { "python3", script, folder, NULL };
  g_autofree char *output = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (CkptArchive) archive = NULL;
  g_autoptr (GError) error = NULL;
  guint n_files = 0;
  guint n_records = 0;

  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL, NULL,
                &error);
  g_assert_no_error (error);
  lines = g_strsplit (g_strchomp (output), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], "\t", -1);
      guint64 offset;
      guint index;

      if (g_strv_length (fields) == 1)
        {
          g_clear_pointer (&archive, ckpt_archive_unref);
          archive = assert_good (fields[0]);
          n_files++;
          continue;
        }
      g_assert_true (ckpt_archive_find (archive, fields[0], &index));
      g_assert_true (ckpt_archive_locate (archive, index, &offset, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (offset, ==, g_ascii_strtoull (fields[1], NULL, 10));
      g_assert_cmpuint (ckpt_archive_get (archive, index)->stored_size, ==,
                        g_ascii_strtoull (fields[2], NULL, 10));
      g_assert_cmpuint (ckpt_archive_get (archive, index)->size, ==, g_ascii_strtoull (fields[3], NULL, 10));
      g_assert_cmpuint (ckpt_archive_get (archive, index)->crc, ==, g_ascii_strtoull (fields[4], NULL, 10));
      g_assert_cmpuint (ckpt_archive_get (archive, index)->method, ==,
                        atoi (fields[5]) == 8 ? CKPT_RECORD_DEFLATED : CKPT_RECORD_STORED);
      n_records++;
    }
  g_assert_cmpuint (n_files, >, 60);
  g_assert_cmpuint (n_records, >, 1000);
}

static void
assert_record (CkptArchive *archive, TestZipEntry *entry, guint index)
{
  const CkptRecord *record = ckpt_archive_get (archive, index);
  g_autoptr (GError) error = NULL;
  guint64 offset = 0;

  g_assert_cmpmem (record->name, record->name_length, g_bytes_get_data (entry->name, NULL),
                   g_bytes_get_size (entry->name));
  g_assert_cmpuint (record->size, ==, entry->size);
  g_assert_cmpuint (record->offset, ==, CKPT_NO_OFFSET);
  g_assert_true (ckpt_archive_locate (archive, index, &offset, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (offset, ==, entry->data_offset);
}

static void
test_layouts (void)
{
  static const guint alignments[] = { 0, 1, 64, 4096 };

  for (guint i = 0; i < G_N_ELEMENTS (alignments) * 2; i++)
    {
      g_autoptr (TestZip) zip = test_zip_new_torch ("any folder");
      g_autoptr (CkptArchive) archive = NULL;
      g_autofree char *path = NULL;

      zip->alignment = alignments[i / 2];
      zip->has_end64 = i % 2 == 0;
      test_zip_add (zip, "any folder/empty", "", 0);
      test_zip_add (zip, "any folder/data/", "", 0);
      path = test_zip_write (zip, "layout.pt");
      archive = assert_good (path);
      g_assert_cmpuint (ckpt_archive_get_n (archive), ==, 6);
      for (guint k = 0; k < 6; k++)
        assert_record (archive, test_zip_get (zip, k), k);
    }
}

static void
test_deflated (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  g_autofree guint8 *noise = test_files_noise (100000);
  g_autofree guint8 *read = g_malloc (100000);
  g_autoptr (CkptArchive) archive = NULL;
  g_autofree char *path = NULL;
  TestZipEntry *entry = test_zip_add_deflated (zip, "a/data/1", noise, 100000);

  /* With the sizes in front of the data, as most programs write them. */
  entry->local_flags = entry->flags = 0;
  entry->local_size = entry->size;
  entry->local_stored_size = entry->stored_size;
  entry->descriptor = TEST_DESCRIPTOR_NONE;
  path = test_zip_write (zip, "deflated.pt");
  archive = assert_good (path);
  g_assert_cmpuint (ckpt_archive_get (archive, 4)->method, ==, CKPT_RECORD_DEFLATED);
  g_assert_true (ckpt_archive_read (archive, 4, 0, read, 100000, NULL));
  g_assert_true (memcmp (read, noise, 100000) == 0);
}

/* Packed in other ways, or encrypted, a record is listed but not read. */
static void
test_unreadable (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  g_autofree char *path = NULL;
  g_autoptr (CkptWarnings) warnings = NULL;
  g_autoptr (CkptArchive) archive = NULL;
  TestZipEntry *entry = test_zip_add (zip, "a/zstd", "packed", 6);

  entry->method = entry->local_method = 93;
  entry->size = 10;
  entry = test_zip_add (zip, "a/secret", "encrypted", 9);
  entry->flags = entry->local_flags = 0x0809;
  entry->stored_size = 9;
  entry->size = 5;
  entry = test_zip_add (zip, "a/marked", "plain", 5);
  entry->flags = entry->local_flags = 0x0809;
  path = test_zip_write (zip, "unreadable.pt");
  archive = read_directory (path, &warnings, NULL);
  g_assert_nonnull (archive);
  g_assert_cmpuint (ckpt_archive_get (archive, 4)->method, ==, CKPT_RECORD_UNREADABLE);
  g_assert_cmpuint (ckpt_archive_get (archive, 5)->method, ==, CKPT_RECORD_UNREADABLE);
  g_assert_cmpuint (ckpt_archive_get (archive, 6)->method, ==, CKPT_RECORD_STORED);
  g_assert_cmpuint (ckpt_warnings_get_n (warnings), ==, 2);
  g_assert_cmpstr (ckpt_warnings_get (warnings, 0)->place.code, ==, "zip-flags");
}

/* Over 4 GiB, in which there is nothing on the disk: the directory alone is read. */
static void
test_large (void)
{
  g_autoptr (TestZip) zip = test_zip_new ();
  g_autoptr (CkptArchive) archive = NULL;
  g_autofree char *path = NULL;
  CkptSourceCounts counts;

  test_zip_add (zip, "large/data.pkl", "N.", 2);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("large/data/%u", i);
      TestZipEntry *entry = test_zip_add (zip, name, "x", 1);

      entry->hole = i == 1 ? G_GUINT64_CONSTANT (4500000000) : 1000;
      entry->stored_size = entry->size = entry->hole + 1;
      entry->crc = 0;
      entry->descriptor = i == 0 ? TEST_DESCRIPTOR_32 : TEST_DESCRIPTOR_64;
    }
  test_zip_add (zip, "large/version", "3\n", 2)->descriptor = TEST_DESCRIPTOR_64;
  path = test_zip_write (zip, "large.pt");
  archive = assert_good (path);
  ckpt_source_get_counts (ckpt_archive_get_source (archive), &counts);
  /* The end, its zip64 record, the directory, libzip the same, and of the two small records header, name and what follows. */
  g_assert_cmpuint (counts.n_reads, <, 14);
  g_assert_cmpuint (counts.n_bytes, <, 400000);
  for (guint i = 0; i < 5; i++)
    assert_record (archive, test_zip_get (zip, i), i);
}

/* A hundred thousand records of a large file: no read a record. */
static void
test_many (void)
{
  g_autoptr (TestZip) zip = test_zip_new ();
  g_autoptr (CkptArchive) archive = NULL;
  g_autofree char *path = NULL;
  CkptSourceCounts counts;

  test_zip_add (zip, "many/data.pkl", "N.", 2);
  for (guint i = 0; i < 100000; i++)
    {
      g_autofree char *name = g_strdup_printf ("many/data/%u", i);

      test_zip_add (zip, name, "0123456789abcdef", 16);
    }
  path = test_zip_write (zip, "many.pt");
  archive = assert_good (path);
  g_assert_cmpuint (ckpt_archive_get_n (archive), ==, 100001);
  ckpt_source_get_counts (ckpt_archive_get_source (archive), &counts);
  g_assert_cmpuint (counts.n_reads, <, 100);
  assert_record (archive, test_zip_get (zip, 77777), 77777);
}

static void
test_ends (void)
{
  static const struct
  {
    gsize field;
    gint64 value;
    gboolean has_end64;
    const char *code;
  } cases[] = {
    { G_STRUCT_OFFSET (TestZip, count), 3, FALSE, "zip-uncounted" },
    { G_STRUCT_OFFSET (TestZip, count), 5, FALSE, "zip-no-entry" },
    { G_STRUCT_OFFSET (TestZip, count), 0, FALSE, "zip-empty" },
    { G_STRUCT_OFFSET (TestZip, count), 1000001, TRUE, "zip-records" },
    { G_STRUCT_OFFSET (TestZip, directory_offset), 0xf0000000, FALSE, "zip-directory-outside" },
    { G_STRUCT_OFFSET (TestZip, directory_offset), G_MAXINT64, TRUE, "zip-directory-outside" },
    { G_STRUCT_OFFSET (TestZip, directory_offset), 10, TRUE, "zip-no-entry" },
    { G_STRUCT_OFFSET (TestZip, directory_size), 0x7fffffff, FALSE, "zip-directory-outside" },
    { G_STRUCT_OFFSET (TestZip, directory_size), 40, FALSE, "zip-no-entry" },
    { G_STRUCT_OFFSET (TestZip, end64_offset), 3, TRUE, "zip-locator" },
    { G_STRUCT_OFFSET (TestZip, end64_offset), G_MAXINT64, TRUE, "zip-locator" },
    { G_STRUCT_OFFSET (TestZip, end64_count), 1, TRUE, "zip-ends-disagree" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TestZip) zip = test_zip_new_torch ("a");

      zip->has_end64 = cases[i].has_end64;
      *(gint64 *) (gpointer) ((guint8 *) zip + cases[i].field) = cases[i].value;
      assert_refused (zip, cases[i].code);
    }
}

static void
test_after_end (void)
{
  static const guint8 other_end[22] = "PK\5\6";
  g_autofree char *zeros = g_malloc0 (70000);
  g_autoptr (TestZip) two = test_zip_new_torch ("a");
  g_autoptr (TestZip) commented = test_zip_new_torch ("a");
  g_autoptr (TestZip) cut = test_zip_new_torch ("a");
  g_autoptr (TestZip) followed = test_zip_new_torch ("a");
  g_autoptr (TestZip) far_off = test_zip_new_torch ("a");
  g_autofree char *path = NULL;

  two->comment = g_bytes_new (other_end, sizeof other_end);
  assert_refused (two, "zip-two-ends");
  commented->comment = g_bytes_new ("a comment", 9);
  path = test_zip_write (commented, "commented.pt");
  ckpt_archive_unref (assert_good (path));
  cut->comment_length = 10;
  assert_warned (cut, "zip-end-cut");
  followed->suffix = g_bytes_new (zeros, 100);
  assert_warned (followed, "bytes-after-end");
  far_off->suffix = g_bytes_new (zeros, 70000);
  assert_refused (far_off, "zip-no-end");
}

/* A zip within a record of the zip has an end record of its own, which is no second one. */
static void
test_nested (void)
{
  g_autoptr (TestZip) inner = test_zip_new_torch ("inner");
  g_autoptr (TestZip) outer = test_zip_new_torch ("outer");
  g_autofree char *inner_path = test_zip_write (inner, "inner.pt");
  g_autofree char *outer_path = NULL;
  g_autofree char *content = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (inner_path, &content, &length, NULL));
  test_zip_add (outer, "outer/inner.pt", content, length);
  outer_path = test_zip_write (outer, "outer.pt");
  ckpt_archive_unref (assert_good (outer_path));
}

static void
set_name (GBytes **name, const char *text, gsize length)
{
  g_bytes_unref (*name);
  *name = g_bytes_new (text, length);
}

typedef struct
{
  const char *code;
  void (*spoil) (TestZip *zip, TestZipEntry *entry);
} Spoiled;

static void
put_at_start (TestZip *zip, TestZipEntry *entry)
{
  entry->header = 0;
}

static void
put_behind_end (TestZip *zip, TestZipEntry *entry)
{
  entry->header = 0xfffffff0;
}

static void
put_one_byte_on (TestZip *zip, TestZipEntry *entry)
{
  TestZipEntry *last = test_zip_get (zip, 3);
  g_autofree char *path = test_zip_write (zip, "offsets.pt");

  last->header = last->offset + 1;
}

static void
make_too_large (TestZip *zip, TestZipEntry *entry)
{
  entry->stored_size = entry->size = 1 << 20;
}

static void
give_two_sizes (TestZip *zip, TestZipEntry *entry)
{
  entry->size = 10;
}

static void
give_two_zip64_fields (TestZip *zip, TestZipEntry *entry)
{
  static const guint8 fields[] = { 1, 0, 16, 0, 5, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0,
                                   1, 0, 16, 0, 4, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0 };

  entry->stored_size = entry->size = 0xffffffff;
  entry->extra = g_bytes_new (fields, sizeof fields);
}

static void
leave_out_zip64_field (TestZip *zip, TestZipEntry *entry)
{
  entry->stored_size = entry->size = 0xffffffff;
  entry->extra = g_bytes_new (NULL, 0);
}

static void
put_nul_in_name (TestZip *zip, TestZipEntry *entry)
{
  set_name (&entry->name, "a/dat\0/0", 8);
}

/* The directory does not show that the record reaches into the next one, but its local header does. */
static void
reach_into_next (TestZip *zip, TestZipEntry *entry)
{
  set_name (&entry->local_name, "a/data/0 and so on", 18);
  entry->descriptor = TEST_DESCRIPTOR_NONE;
  entry->stored_size = entry->size = 20;
  zip->alignment = 0;
}

/* The Info-ZIP Unicode Path field, with the CRC of a/data/0. libzip goes by it, PyTorch does not. */
static void
give_unicode_path (TestZip *zip, TestZipEntry *entry)
{
  static const guint8 field[] = { 'u', 'p', 8, 0, 1, 0x95, 0xbb, 0x2c, 0xee, 'x', '/', 'y' };

  entry->extra = g_bytes_new (field, sizeof field);
}

static void
test_entries_refused (void)
{
  static const Spoiled cases[] = {
    { "zip-overlap", put_at_start },
    { "zip-record-outside", put_behind_end },
    { "zip-no-local-header", put_one_byte_on },
    { "zip-record-outside", make_too_large },
    { "zip-two-sizes", give_two_sizes },
    { "zip-two-sizes", give_two_zip64_fields },
    { "zip-no-zip64", leave_out_zip64_field },
    { "zip-name-nul", put_nul_in_name },
    { "zip-overlap", reach_into_next },
    { "zip-two-readings", give_unicode_path },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TestZip) zip = test_zip_new_torch ("a");

      cases[i].spoil (zip, test_zip_get (zip, 2));
      assert_refused (zip, cases[i].code);
    }
}

static void
rename_locally (TestZip *zip, TestZipEntry *entry)
{
  set_name (&entry->local_name, "a/byteorda", 10);
}

static void
pack_locally (TestZip *zip, TestZipEntry *entry)
{
  entry->local_method = 8;
}

static void
mark_encrypted (TestZip *zip, TestZipEntry *entry)
{
  entry->flags = entry->local_flags = 0x0809;
}

static void
mark_patch (TestZip *zip, TestZipEntry *entry)
{
  entry->flags = entry->local_flags = 0x0828;
}

static void
mark_masked (TestZip *zip, TestZipEntry *entry)
{
  entry->flags = entry->local_flags = 0x2808;
}

static void
mark_encrypted_locally (TestZip *zip, TestZipEntry *entry)
{
  entry->local_flags = 0x0809;
}

static void
mark_link (TestZip *zip, TestZipEntry *entry)
{
  entry->made_by = 0x0300;
  entry->attributes = 0xa1ff0000;
}

static void
leave_out_sizes (TestZip *zip, TestZipEntry *entry)
{
  entry->flags = entry->local_flags = 0;
  entry->descriptor = TEST_DESCRIPTOR_NONE;
}

static void
leave_out_descriptor (TestZip *zip, TestZipEntry *entry)
{
  entry->descriptor = TEST_DESCRIPTOR_NONE;
}

static void
hide (TestZip *zip, TestZipEntry *entry)
{
  entry->is_listed = FALSE;
}

static void
hide_first (TestZip *zip, TestZipEntry *entry)
{
  test_zip_get (zip, 0)->is_listed = FALSE;
}

static void
fill_folder (TestZip *zip, TestZipEntry *entry)
{
  test_zip_add (zip, "a/", "data", 4);
}

static void
leave_out_name (TestZip *zip, TestZipEntry *entry)
{
  test_zip_add (zip, "", "data", 4);
}

static void
test_entries_warned (void)
{
  static const Spoiled cases[] = {
    { "zip-two-names", rename_locally },
    { "zip-two-methods", pack_locally },
    { "zip-flags", mark_encrypted },
    { "zip-flags", mark_patch },
    { "zip-flags", mark_masked },
    { "zip-two-flags", mark_encrypted_locally },
    { "zip-symbolic-link", mark_link },
    { "zip-two-sizes", leave_out_sizes },
    { "zip-descriptor", leave_out_descriptor },
    { "zip-unlisted", hide },
    { "zip-unlisted", hide_first },
    { "zip-folder-with-data", fill_folder },
    { "zip-no-name", leave_out_name },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TestZip) zip = test_zip_new_torch ("a");

      cases[i].spoil (zip, test_zip_get (zip, 1));
      assert_warned (zip, cases[i].code);
    }
}

/* Of a large file only those local headers are read that lie around a gap. */
static void
test_unlisted_large (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  g_autofree char *data = g_malloc0 (5 << 20);

  test_zip_add (zip, "a/data/1", data, 5 << 20);
  test_zip_add (zip, "a/data/2", data, 1000);
  test_zip_add (zip, "a/data/hidden", "hidden", 6)->is_listed = FALSE;
  test_zip_add (zip, "a/data/3", data, 1000);
  assert_warned (zip, "zip-unlisted");
}

/* Two entries of one record, where no local header is read. */
static void
test_overlap_large (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  g_autofree char *data = g_malloc0 (5 << 20);
  g_autofree char *path = NULL;

  test_zip_add (zip, "a/data/1", data, 5 << 20);
  test_zip_add (zip, "a/data/2", data, 1000);
  test_zip_add (zip, "a/data/3", data, 1000);
  path = test_zip_write (zip, "offsets.pt");
  test_zip_get (zip, 6)->header = test_zip_get (zip, 5)->offset;
  assert_refused (zip, "zip-overlap");
}

static void
test_disks (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");

  zip->disk = 3;
  assert_refused (zip, "zip-multi-disk");
}

/* A directory of a quarter of a gigabyte, if that is what it is. */
static void
test_directory_limit (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  TestZipEntry *entry = test_zip_add (zip, "a/data/1", "", 0);

  entry->hole = entry->size = entry->stored_size = 300 << 20;
  zip->directory_offset = 0;
  zip->directory_size = (256 << 20) + 1;
  assert_refused (zip, "zip-directory");
}

/* Names that libzip's hash puts together: two letters at a time that give the same number. */
static void
test_colliding_names (void)
{
  g_autoptr (TestZip) zip = test_zip_new ();

  for (guint i = 0; i < 1 << 12; i++)
    {
      g_autoptr (GString) name = g_string_new ("a/");

      for (guint bit = 0; bit < 12; bit++)
        g_string_append (name, i >> bit & 1 ? "aZ" : "b9");
      test_zip_add (zip, name->str, "", 0);
    }
  assert_refused (zip, "zip-names");
}

/* The record is not there any more when it is located. */
static void
test_late_change (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  g_autofree char *path = test_zip_write (zip, "late.pt");
  g_autoptr (CkptArchive) archive = assert_good (path);
  g_autoptr (GError) error = NULL;
  guint64 offset;
  FILE *file = fopen (path, "r+");

  g_assert_cmpint (fseek (file, test_zip_get (zip, 2)->offset, SEEK_SET), ==, 0);
  g_assert_cmpint (fwrite ("XXXX", 1, 4, file), ==, 4);
  g_assert_cmpint (fclose (file), ==, 0);
  g_assert_false (ckpt_archive_locate (archive, 2, &offset, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "zip-no-local-header");
  g_assert_true (ckpt_archive_locate (archive, 1, &offset, NULL));
}

/* Whichever read fails, the error is the disk's. */
static void
test_read_errors (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  g_autofree char *path = test_zip_write (zip, "io.pt");
  guint n_calls;

  test_pread_reset ();
  ckpt_archive_unref (assert_good (path));
  n_calls = test_pread.n_calls;
  g_assert_cmpuint (n_calls, >, 3);
  for (guint i = 1; i <= n_calls; i++)
    {
      g_autoptr (CkptWarnings) warnings = NULL;
      g_autoptr (GError) error = NULL;

      test_pread_reset ();
      test_pread.fail_at = i;
      g_assert_null (read_directory (path, &warnings, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
      g_assert_nonnull (strstr (error->message, "byte"));
    }
  test_pread_reset ();
}

static void
test_cancelled (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  g_autofree char *path = test_zip_write (zip, "cancelled.pt");
  g_autoptr (CkptSource) source = ckpt_source_open (path, NULL);
  g_autoptr (CkptArchive) archive = ckpt_archive_new (source);
  g_autoptr (CkptWarnings) warnings = ckpt_warnings_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (ckpt_zip_directory_read (archive, warnings, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/zip-directory/python", test_python);
  g_test_add_func ("/zip-directory/layouts", test_layouts);
  g_test_add_func ("/zip-directory/deflated", test_deflated);
  g_test_add_func ("/zip-directory/unreadable", test_unreadable);
  g_test_add_func ("/zip-directory/large", test_large);
  g_test_add_func ("/zip-directory/many", test_many);
  g_test_add_func ("/zip-directory/ends", test_ends);
  g_test_add_func ("/zip-directory/after-end", test_after_end);
  g_test_add_func ("/zip-directory/nested", test_nested);
  g_test_add_func ("/zip-directory/entries-refused", test_entries_refused);
  g_test_add_func ("/zip-directory/entries-warned", test_entries_warned);
  g_test_add_func ("/zip-directory/unlisted-large", test_unlisted_large);
  g_test_add_func ("/zip-directory/overlap-large", test_overlap_large);
  g_test_add_func ("/zip-directory/disks", test_disks);
  g_test_add_func ("/zip-directory/directory-limit", test_directory_limit);
  g_test_add_func ("/zip-directory/colliding-names", test_colliding_names);
  g_test_add_func ("/zip-directory/late-change", test_late_change);
  g_test_add_func ("/zip-directory/read-errors", test_read_errors);
  g_test_add_func ("/zip-directory/cancelled", test_cancelled);
  return g_test_run ();
}
