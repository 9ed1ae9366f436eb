/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "formats/ckpt-load.h"
#include "model/ckpt-tree-private.h"

#include <string.h>
#include <unistd.h>

#include "test-files.h"
#include "test-zip.h"
#include "test-tree.h"

/* Where the bytes of a storage are in the whole file. */
static guint64
locate_storage (CkptTree *tree, guint index)
{
  const CkptStorage *storage = ckpt_tree_get_storage (tree, index);
  guint64 offset;

  g_assert_true (ckpt_archive_locate (ckpt_tree_get_archive (tree), storage->record, &offset, NULL));
  return offset + storage->record_offset;
}

static guint
find_pickle (CkptArchive *archive)
{
  guint pickle = 0;

  while (!g_str_has_suffix (ckpt_archive_get (archive, pickle)->name, "/data.pkl"))
    pickle++;
  return pickle;
}

static guint64
get_pickle_size (CkptTree *tree)
{
  CkptArchive *archive = ckpt_tree_get_archive (tree);

  return ckpt_archive_get (archive, find_pickle (archive))->size;
}

/* The tree of a cut file has all that the whole one has, and of each storage just the bytes before the cut. */
static void
assert_same_as_whole (CkptTree *cut, CkptTree *whole, const char *content, guint64 length)
{
  g_assert_true (ckpt_tree_is_cut (cut));
  g_assert_cmpuint (get_pickle_size (cut), ==, get_pickle_size (whole));
  g_assert_cmpuint (ckpt_tree_get_n_tensors (cut), ==, ckpt_tree_get_n_tensors (whole));
  g_assert_cmpuint (ckpt_tree_get_n_storages (cut), ==, ckpt_tree_get_n_storages (whole));
  for (guint i = 0; i < ckpt_tree_get_n_storages (whole); i++)
    {
      const CkptStorage *storage = ckpt_tree_get_storage (cut, i);
      guint64 offset = locate_storage (whole, i);
      guint64 present = offset < length ? MIN (storage->n_bytes, length - offset) : 0;
      g_autofree char *bytes = g_malloc (present + 1);

      g_assert_cmpuint (storage->n_bytes_present, ==, present);
      if (present > 0)
        g_assert_true (ckpt_tree_read_storage (cut, i, 0, bytes, present, NULL));
      g_assert_true (memcmp (bytes, content + offset, present) == 0);
      g_assert_false (ckpt_tree_read_storage (cut, i, 0, bytes, present + 1, NULL));
    }
}

/* As soon as the whole pickle is there, so are all keys. */
static void
check_cut (const char *path, const char *content, guint64 length, CkptTree *whole, guint64 pickle_end)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptTree) tree = NULL;

  g_assert_no_errno (truncate (path, length));
  tree = ckpt_load (path, NULL, NULL, NULL, &error);
  if (length < pickle_end)
    {
      g_assert_null (tree);
      g_assert_error (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
      return;
    }
  g_assert_no_error (error);
  g_assert_true (test_tree_has_warning (tree, "file-cut") || test_tree_has_warning (tree, "zip-no-end"));
  assert_same_as_whole (tree, whole, content, length);
}

static void
check_cuts (const char *path, guint step)
{
  g_autoptr (CkptTree) whole = ckpt_load (path, NULL, NULL, NULL, NULL);
  CkptArchive *archive = ckpt_tree_get_archive (whole);
  g_autofree char *content = NULL;
  gsize length;
  g_autofree char *cut_path = NULL;
  guint64 pickle_end;

  g_assert_true (ckpt_archive_locate (archive, find_pickle (archive), &pickle_end, NULL));
  pickle_end += get_pickle_size (whole);
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  cut_path = test_files_write ("cut.pt", content, length);
  for (gsize i = length - 1; i > pickle_end; i -= MIN (i, step))
    check_cut (cut_path, content, i, whole, pickle_end);
  check_cut (cut_path, content, pickle_end, whole, pickle_end);
  check_cut (cut_path, content, pickle_end - 1, whole, pickle_end);
  for (gsize i = pickle_end - 1; i >= 4 + step; i -= step)
    check_cut (cut_path, content, i - step, whole, pickle_end);
}

static void
test_every_length (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("archive");
  g_autofree char *path = test_zip_write (zip, "whole.pt");

  check_cuts (path, 1);
}

static void
test_fixtures (void)
{
  static const char *const names[] = { "state_dict.pt", "aligned_4096.pt", "big_endian.pt",
                                       "crc_off.pt",    "torchscript.pt",  "quantized.pt" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "torch-2.13", names[i], NULL);

      check_cuts (path, 97);
    }
}

/* Cuts a file at the end of what a zip's records take, and reads it. */
static CkptTree *
load_without_directory (TestZip *zip)
{
  g_autofree char *path = test_zip_write (zip, "no-directory.pt");
  g_autoptr (GError) error = NULL;
  CkptTree *tree;

  g_assert_no_errno (truncate (path, zip->end));
  tree = ckpt_load (path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return tree;
}

/* Over 4 GiB: the headers lead from one record to the next, past what is not on the disk. */
static void
test_large (void)
{
  g_autoptr (TestZip) zip = test_zip_new ();
  g_autoptr (GBytes) pickle = test_zip_pickle (1200000000);
  g_autoptr (CkptTree) tree = NULL;
  TestZipEntry *entry;
  CkptSourceCounts counts;

  test_zip_add (zip, "a/data.pkl", g_bytes_get_data (pickle, NULL), g_bytes_get_size (pickle));
  entry = test_zip_add (zip, "a/data/0", "", 0);
  entry->hole = entry->stored_size = entry->size = G_GUINT64_CONSTANT (4800000000);
  entry->flags = entry->local_flags = 0x0808;
  entry->descriptor = TEST_DESCRIPTOR_64;
  test_zip_add (zip, "a/version", "3\n", 2)->descriptor = TEST_DESCRIPTOR_64;
  tree = load_without_directory (zip);
  g_assert_cmpuint (ckpt_tree_get_storage (tree, 0)->n_bytes_present, ==, G_GUINT64_CONSTANT (4800000000));
  g_assert_cmpstr (ckpt_tree_get_fact (tree, "version"), ==, "3");
  ckpt_source_get_counts (ckpt_tree_get_source (tree), &counts);
  g_assert_cmpuint (counts.n_reads, <, 30);
  g_assert_cmpuint (counts.n_bytes, <, 300000);
}

/* Sizes in front of the data, as most programs write them, and deflated. */
static void
test_other_writers (void)
{
  g_autoptr (TestZip) zip = test_zip_new ();
  g_autoptr (GBytes) pickle = test_zip_pickle (4);
  g_autoptr (CkptTree) tree = NULL;
  float values[4];

  test_zip_add_deflated (zip, "a/data.pkl", g_bytes_get_data (pickle, NULL), g_bytes_get_size (pickle));
  test_zip_add_deflated (zip, "a/data/0", "\0\0\200\077\0\0\0\100\0\0\100\100\0\0\200\100", 16);
  test_zip_add (zip, "a/byteorder", "little", 6);
  zip->alignment = 0;
  for (guint i = 0; i < 3; i++)
    {
      TestZipEntry *entry = test_zip_get (zip, i);

      entry->local_flags = entry->flags = 0;
      entry->local_size = entry->size;
      entry->local_stored_size = entry->stored_size;
      entry->descriptor = TEST_DESCRIPTOR_NONE;
    }
  tree = load_without_directory (zip);
  g_assert_cmpstr (ckpt_tree_get_fact (tree, "byteorder"), ==, "little");
  g_assert_true (ckpt_tree_read_storage (tree, 0, 0, values, sizeof values, NULL));
  g_assert_cmpfloat (values[3], ==, 4);
}

/* Deflated without a size in front: where the pickle ends stands only in the directory. */
static void
test_deflated_unknown (void)
{
  g_autoptr (TestZip) zip = test_zip_new ();
  g_autoptr (GBytes) pickle = test_zip_pickle (4);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  test_zip_add_deflated (zip, "a/data.pkl", g_bytes_get_data (pickle, NULL), g_bytes_get_size (pickle));
  path = test_zip_write (zip, "deflated.pt");
  g_assert_no_errno (truncate (path, zip->end));
  g_assert_null (ckpt_load (path, NULL, NULL, NULL, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
}

/* A storage before the pickle is passed by the sizes behind it, even if its own bytes look like such. */
static void
test_storage_first (void)
{
  static const guint8 data[40] = "PK\7\10xxxxPK\7\10PPPK\7\10";
  g_autoptr (TestZip) zip = test_zip_new ();
  g_autoptr (TestZip) torch = test_zip_new_torch ("a");
  g_autoptr (CkptTree) tree = NULL;

  test_zip_add (zip, "a/data/9", data, sizeof data);
  for (guint i = 0; i < 4; i++)
    {
      TestZipEntry *entry = test_zip_get (torch, i);
      g_autofree char *name = g_strndup (g_bytes_get_data (entry->name, NULL),
                                         g_bytes_get_size (entry->name));

      test_zip_add (zip, name, g_bytes_get_data (entry->data, NULL), g_bytes_get_size (entry->data));
    }
  tree = load_without_directory (zip);
  g_assert_cmpuint (ckpt_archive_get_n (ckpt_tree_get_archive (tree)), ==, 5);
  g_assert_cmpuint (ckpt_archive_get (ckpt_tree_get_archive (tree), 0)->size, ==, sizeof data);
  g_assert_cmpuint (ckpt_tree_get_storage (tree, 0)->n_bytes_present, ==, 16);
}

/* What stands behind a record may lie across two of the blocks in which it is looked for. */
static void
test_block_boundary (void)
{
  g_autofree guint8 *noise = test_files_noise (70000);

  for (guint size = 65505; size < 65540; size++)
    {
      g_autoptr (TestZip) zip = test_zip_new ();
      g_autoptr (GBytes) pickle = test_zip_pickle (4);
      g_autoptr (CkptTree) tree = NULL;

      test_zip_add (zip, "a/data/9", noise, size);
      test_zip_add (zip, "a/data.pkl", g_bytes_get_data (pickle, NULL), g_bytes_get_size (pickle));
      tree = load_without_directory (zip);
      g_assert_cmpuint (ckpt_archive_get (ckpt_tree_get_archive (tree), 0)->size, ==, size);
    }
}

/* Without the sizes behind the data: they stand in front, in a zip64 field. */
static TestZip *
new_with_wide_sizes (guint64 size)
{
  TestZip *zip = test_zip_new_torch ("a");
  TestZipEntry *entry = test_zip_get (zip, 2);

  entry->flags = entry->local_flags = 0;
  entry->descriptor = TEST_DESCRIPTOR_NONE;
  entry->size = entry->local_size = size;
  entry->stored_size = entry->local_stored_size = size;
  return zip;
}

static void
test_wide_sizes (void)
{
  g_autoptr (TestZip) zip = new_with_wide_sizes (G_GUINT64_CONSTANT (4500000016));
  g_autoptr (TestZip) endless = new_with_wide_sizes (0);
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (CkptTree) of_endless = NULL;
  TestZipEntry *entry = test_zip_get (endless, 2);
  g_autofree char *path = NULL;

  test_zip_get (zip, 2)->hole = G_GUINT64_CONSTANT (4500000000);
  tree = load_without_directory (zip);
  g_assert_cmpuint (ckpt_archive_get_n (ckpt_tree_get_archive (tree)), ==, 4);
  g_assert_cmpstr (ckpt_tree_get_fact (tree, "version"), ==, "3");

  /* A size that leads back to the beginning of the file must not lead round and round. */
  entry->size = entry->local_size = entry->local_stored_size = G_MAXUINT64;
  path = test_zip_write (endless, "offsets.pt");
  entry->local_stored_size = -entry->data_offset;
  of_endless = load_without_directory (endless);
  g_assert_cmpuint (ckpt_archive_get_n (ckpt_tree_get_archive (of_endless)), ==, 3);
}

static void
test_twice (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  g_autoptr (CkptTree) tree = NULL;

  test_zip_add (zip, "a/data/0", "0123456789abcdef", 16);
  tree = load_without_directory (zip);
  g_assert_true (test_tree_has_warning (tree, "record-twice"));
  g_assert_cmpuint (ckpt_tree_get_storage (tree, 0)->record, ==, CKPT_NO_RECORD);
}

/* A tebibyte of nothing behind the records. */
static void
test_hole (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  g_autofree char *path = test_zip_write (zip, "hole.pt");
  g_autoptr (CkptTree) tree = NULL;
  CkptSourceCounts counts;

  g_assert_no_errno (truncate (path, zip->end));
  if (truncate (path, G_GUINT64_CONSTANT (1) << 40) < 0)
    {
      g_test_skip ("the file system has no files of 1 TiB");
      return;
    }
  tree = ckpt_load (path, NULL, NULL, NULL, NULL);
  g_assert_nonnull (tree);
  g_assert_true (test_tree_has_warning (tree, "zip-lost"));
  g_assert_cmpuint (ckpt_tree_get_storage (tree, 0)->n_bytes_present, ==, 16);
  ckpt_source_get_counts (ckpt_tree_get_source (tree), &counts);
  g_assert_cmpuint (counts.n_bytes, <, 1 << 20);
}

/* Garbage after the end record so long that it is not found. */
static void
test_end_too_far (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  g_autofree char *zeros = g_malloc0 (70000);
  g_autofree char *path = NULL;
  g_autoptr (CkptTree) tree = NULL;

  zip->suffix = g_bytes_new (zeros, 70000);
  path = test_zip_write (zip, "far.pt");
  tree = ckpt_load (path, NULL, NULL, NULL, NULL);
  g_assert_nonnull (tree);
  g_assert_true (test_tree_has_warning (tree, "zip-no-end"));
  g_assert_cmpuint (ckpt_tree_get_n_warnings (tree), ==, 1);
}

static void
test_no_checkpoint (void)
{
  g_autoptr (TestZip) arrays = test_zip_new ();
  g_autoptr (TestZip) unknown = test_zip_new ();
  g_autofree char *path = NULL;
  g_autofree char *unknown_path = NULL;
  g_autoptr (GError) error = NULL;

  test_zip_add (arrays, "arr_0.npy", "0123456789", 10);
  test_zip_add (arrays, "arr_1.npy", "0123456789", 10);
  path = test_zip_write (arrays, "arrays.npz");
  g_assert_no_errno (truncate (path, arrays->end - 5));
  g_assert_null (ckpt_load (path, NULL, NULL, NULL, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "zip-not-a-checkpoint");
  g_clear_error (&error);

  test_zip_add (unknown, "a/b", "0123456789", 10);
  unknown_path = test_zip_write (unknown, "unknown.zip");
  g_assert_no_errno (truncate (unknown_path, unknown->end));
  g_assert_null (ckpt_load (unknown_path, NULL, NULL, NULL, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "zip-no-end");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/zip-salvage/every-length", test_every_length);
  g_test_add_func ("/zip-salvage/fixtures", test_fixtures);
  g_test_add_func ("/zip-salvage/large", test_large);
  g_test_add_func ("/zip-salvage/other-writers", test_other_writers);
  g_test_add_func ("/zip-salvage/deflated-unknown", test_deflated_unknown);
  g_test_add_func ("/zip-salvage/storage-first", test_storage_first);
  g_test_add_func ("/zip-salvage/block-boundary", test_block_boundary);
  g_test_add_func ("/zip-salvage/wide-sizes", test_wide_sizes);
  g_test_add_func ("/zip-salvage/twice", test_twice);
  g_test_add_func ("/zip-salvage/hole", test_hole);
  g_test_add_func ("/zip-salvage/end-too-far", test_end_too_far);
  g_test_add_func ("/zip-salvage/no-checkpoint", test_no_checkpoint);
  return g_test_run ();
}
