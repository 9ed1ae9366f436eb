/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "formats/ckpt-zip-member.h"
#include "model/ckpt-draft.h"

#include <string.h>

#include "test-checkpoints.h"
#include "test-compare.h"
#include "test-edit.h"
#include "test-files.h"
#include "test-zip.h"

/* Zips of others: Python's zipfile, without padding. They are saved in PyTorch's layout. */
static const char *const other_layouts[] = { "/big_endian.pt", NULL };

static void
test_identity (void)
{
  g_assert_cmpuint (test_checkpoints_check_anew (CKPT_CONTAINER_TORCH_ZIP, other_layouts), >=, 60);
}

/* What is encoded anew, and why it comes out as another file. */
static const char *const other_versions[] = {
  "/big_endian.pt", /* see above */
  "/crc_off.pt",    /* the pickle gets its checksum */
  "/protocol3.pt",  /* protocol 2 is written */
  "/protocol4.pt",  "/protocol5.pt", NULL,
};

/* The pickle is encoded, the storages are put in order, the serialization id is made: and it is PyTorch's file all the same. */
static void
test_touched (void)
{
  g_assert_cmpuint (test_checkpoints_check_touched (CKPT_CONTAINER_TORCH_ZIP, other_versions), >=, 60);
}

/* The record of this name: its number in the archive, where its header begins, and where its data do. */
static guint
find_record (CkptTree *tree, const char *name, guint64 *data)
{
  CkptArchive *archive = ckpt_tree_get_archive (tree);
  guint index;

  g_assert_true (ckpt_archive_find (archive, name, &index));
  g_assert_true (ckpt_archive_locate (archive, index, data, NULL));
  return index;
}

static char *
read_record (CkptTree *tree, const char *name)
{
  guint64 data;
  guint index = find_record (tree, name, &data);
  gsize size = ckpt_archive_get (ckpt_tree_get_archive (tree), index)->size;
  char *text = g_malloc0 (size + 1);

  g_assert_true (ckpt_archive_read (ckpt_tree_get_archive (tree), index, 0, text, size, NULL));
  return text;
}

/* What torch.load() relies on when it calculates where storages are (_get_offset() of torch/serialization.py): each follows the former
 * one, in the order in which the pickle names them, with PyTorch's padding. */
static void
assert_calculable (CkptTree *tree, guint alignment)
{
  CkptArchive *archive = ckpt_tree_get_archive (tree);
  guint64 cursor = 0;

  for (guint i = 0; i < ckpt_tree_get_n_storages (tree); i++)
    {
      const CkptStorage *storage = ckpt_tree_get_storage (tree, i);
      const CkptRecord *record = ckpt_archive_get (archive, storage->record);
      guint64 data;

      g_assert_true (ckpt_archive_locate (archive, storage->record, &data, NULL));
      g_assert_cmpuint (data % alignment, ==, 0);
      if (i > 0)
        g_assert_cmpuint (data, ==,
                          (cursor + 30 + record->name_length + 4 + alignment - 1) / alignment * alignment);
      cursor = data + record->size + (record->size > 0 ? 16 : 0);
    }
}

static void
test_alignment (void)
{
  static const guint alignments[] = { 1, 64, 4096 };

  for (guint i = 0; i < G_N_ELEMENTS (alignments); i++)
    {
      g_autoptr (CkptTree) tree = test_edit_load ("training_run.ckpt");
      g_autoptr (CkptTree) saved = NULL;
      g_autofree char *path = test_checkpoints_save (tree, CKPT_CONTAINER_TORCH_ZIP, alignments[i]);
      g_autofree char *expected = g_strdup_printf ("%u", alignments[i]);

      saved = test_checkpoints_load (path);
      g_assert_cmpuint (ckpt_tree_get_n_warnings (saved), ==, 0);
      g_assert_cmpstr (ckpt_tree_get_fact (saved, "storage_alignment"), ==, expected);
      assert_calculable (saved, alignments[i]);
      test_assert_same_trees (tree, saved);
    }
}

static CkptTree *
remove_key (CkptTree *tree, const char *key)
{
  g_autoptr (CkptDraft) draft = ckpt_draft_new (tree);
  CkptNodeId root = ckpt_tree_get_root (tree);
  g_autoptr (GError) error = NULL;
  CkptTree *version;

  for (guint32 i = 0; i < ckpt_tree_get_n_children (tree, root); i++)
    {
      CkptChild child;

      ckpt_tree_get_child (tree, root, i, &child);
      if (child.node == ckpt_tree_get_key (tree, root, key))
        g_assert_true (ckpt_draft_remove_child (draft, root, i, &error));
    }
  version = ckpt_draft_finish (draft, &error);
  g_assert_no_error (error);
  return version;
}

/* What was removed is gone, with its storages. */
static void
test_edited (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("training_run.ckpt");
  g_autoptr (CkptTree) version = remove_key (tree, "optimizer_states");
  g_autofree char *path = test_checkpoints_save (version, CKPT_CONTAINER_TORCH_ZIP, 0);
  g_autoptr (CkptTree) saved = test_checkpoints_load (path);
  g_autofree char *id = read_record (saved, "training_run/.data/serialization_id");

  test_assert_same_trees (version, saved);
  assert_calculable (saved, 64);
  g_assert_cmpuint (ckpt_tree_get_n_storages (saved), <, ckpt_tree_get_n_storages (tree));
  g_assert_cmpuint (ckpt_archive_get_n (ckpt_tree_get_archive (saved)), ==,
                    ckpt_archive_get_n (ckpt_tree_get_archive (tree)) - ckpt_tree_get_n_storages (tree) +
                        ckpt_tree_get_n_storages (saved));
  g_assert_cmpuint (strlen (id), ==, 40);
  g_assert_cmpuint (strspn (id, "0123456789"), ==, 40);
  g_assert_cmpstr (id, !=, ckpt_tree_get_fact (tree, "serialization_id"));
}

/* With the same names, the half of the id that is made of them stays. */
static void
test_id (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("cuda0_state_dict.pt");
  g_autoptr (CkptTree) version = test_edit_do (tree, "device cuda:0=cpu");
  g_autofree char *path = test_checkpoints_save (version, CKPT_CONTAINER_TORCH_ZIP, 0);
  g_autoptr (CkptTree) saved = test_checkpoints_load (path);
  const char *before = ckpt_tree_get_fact (tree, "serialization_id");
  const char *after = ckpt_tree_get_fact (saved, "serialization_id");

  test_assert_same_trees (version, saved);
  g_assert_cmpmem (before, 20, after, 20);
  g_assert_cmpint (memcmp (before + 20, after + 20, 20), !=, 0);
}

/* The byte order of the file is kept: what is made anew is turned round, what is copied is not touched. */
static void
test_big_endian (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("big_endian.pt");
  g_autoptr (CkptTree) version = test_edit_do (tree, "cast float64 .");
  g_autofree char *path = test_checkpoints_save (version, CKPT_CONTAINER_TORCH_ZIP, 0);
  g_autoptr (CkptTree) saved = test_checkpoints_load (path);
  g_autofree char *before = test_edit_describe (version, ckpt_tree_get_root (version));
  g_autofree char *after = test_edit_describe (saved, ckpt_tree_get_root (saved));

  g_assert_cmpstr (ckpt_tree_get_fact (saved, "byteorder"), ==, "big");
  g_assert_cmpstr (before, ==, after);
  g_assert_nonnull (strstr (before, "float64"));
}

static CkptZipMember
place (const char *name, guint64 size, guint64 header, guint alignment)
{
  CkptZipMember member = { .name = name,
                           .name_length = strlen (name),
                           .size = size,
                           .stored_size = size,
                           .crc = 0x12345678 };

  g_assert_true (ckpt_zip_member_place (&member, header, alignment));
  return member;
}

static void
assert_hex (GByteArray *bytes, gsize from, const char *expected)
{
  g_autoptr (GString) hex = g_string_new (NULL);

  for (gsize i = from; i < bytes->len && hex->len < strlen (expected); i++)
    g_string_append_printf (hex, "%02x", bytes->data[i]);
  g_assert_cmpstr (hex->str, ==, expected);
}

/* getPadding() of PyTorch's inline_container.cc, written out for each case: what stands before the data is a header of 30 bytes, the
 * name, four bytes, and four more with 16 for a large record and 8 for one that begins late. */
static void
test_padding (void)
{
  static const guint64 sizes[] = { 0, 1, 0xfffffffe, 0xffffffff, 0x100000000 };
  static const guint64 headers[] = { 0, 17, 0xfffffffe, 0xffffffff, 0x123456789a };
  static const guint alignments[] = { 1, 64, 4096, CKPT_ZIP_MAX_ALIGNMENT };

  for (guint i = 0; i < G_N_ELEMENTS (sizes) * G_N_ELEMENTS (headers) * G_N_ELEMENTS (alignments); i++)
    {
      guint64 size = sizes[i % 5];
      guint64 header = headers[i / 5 % 5];
      guint alignment = alignments[i / 25];
      CkptZipMember member = place ("archive/data/0", size, header, alignment);
      g_autoptr (GByteArray) local = g_byte_array_new ();
      guint wide = (size >= 0xffffffff ? 16 : 0) + (header >= 0xffffffff ? 8 : 0);
      guint64 start = header + 30 + 14 + 4 + (wide > 0 ? 4 + wide : 0);

      g_assert_cmpuint (ckpt_zip_member_get_data (&member), ==,
                        (start + alignment - 1) / alignment * alignment);
      g_assert_cmpuint (ckpt_zip_member_get_end (&member), ==,
                        ckpt_zip_member_get_data (&member) + size +
                            (size == 0  ? 0
                             : wide > 0 ? 24
                                        : 16));
      ckpt_zip_member_put_local (&member, local);
      g_assert_cmpuint (header + local->len, ==, ckpt_zip_member_get_data (&member));
    }
}

/* A record of more than 4 GiB: sizes in the zip64 fields, in front 0 for the stored one, and 0 in the header's own. */
static void
test_wide_size (void)
{
  CkptZipMember member = place ("a/b", 0x1234567890, 64, 1);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  ckpt_zip_member_put_local (&member, bytes);
  assert_hex (bytes, 0,
              "504b0304"
              "0000"
              "0808"
              "0000"
              "00000000"
              "00000000"
              "00000000"
              "00000000"
              "0300"
              "1800"
              "612f62"
              "0100"
              "1000"
              "9078563412000000"
              "0000000000000000"
              "4642"
              "0000");
  g_byte_array_set_size (bytes, 0);
  ckpt_zip_member_put_descriptor (&member, bytes);
  assert_hex (bytes, 0,
              "504b0708"
              "78563412"
              "9078563412000000"
              "9078563412000000");
  g_byte_array_set_size (bytes, 0);
  ckpt_zip_member_put_central (&member, bytes);
  assert_hex (bytes, 16,
              "78563412"
              "ffffffff"
              "ffffffff"
              "0300"
              "1400"
              "0000"
              "0000"
              "0000"
              "00000000"
              "40000000"
              "612f62"
              "0100"
              "1000"
              "9078563412000000"
              "9078563412000000");
  g_assert_cmpuint (bytes->len, ==, ckpt_zip_member_get_central_size (&member));
}

/* A small record beyond 4 GiB has the offset of its header in the header, and large fields behind its data. */
static void
test_wide_offset (void)
{
  CkptZipMember member = place ("a/b", 10, 0x100000001, 1);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  ckpt_zip_member_put_local (&member, bytes);
  assert_hex (bytes, 26,
              "0300"
              "1000"
              "612f62"
              "0100"
              "0800"
              "0100000001000000"
              "4642"
              "0000");
  g_byte_array_set_size (bytes, 0);
  ckpt_zip_member_put_descriptor (&member, bytes);
  assert_hex (bytes, 0,
              "504b0708"
              "78563412"
              "0a00000000000000"
              "0a00000000000000");
  g_byte_array_set_size (bytes, 0);
  ckpt_zip_member_put_central (&member, bytes);
  assert_hex (bytes, 16,
              "78563412"
              "0a000000"
              "0a000000"
              "0300"
              "0c00"
              "0000"
              "0000"
              "0000"
              "00000000"
              "ffffffff"
              "612f62"
              "0100"
              "0800"
              "0100000001000000");
  g_assert_cmpuint (bytes->len, ==, ckpt_zip_member_get_central_size (&member));
}

static void
test_wide_end (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  ckpt_zip_put_end (70000, 0x100000000, 0x10, bytes);
  assert_hex (bytes, 0,
              "504b0606"
              "2c00000000000000"
              "1e03"
              "2d00"
              "00000000"
              "00000000"
              "7011010000000000"
              "7011010000000000"
              "1000000000000000"
              "0000000001000000"
              "504b0607"
              "00000000"
              "1000000001000000"
              "01000000"
              "504b0506"
              "0000"
              "0000"
              "ffff"
              "ffff"
              "10000000"
              "ffffffff"
              "0000");
  g_assert_cmpuint (bytes->len, ==, 98);
}

static void
test_too_large (void)
{
  CkptZipMember member = { .name = "a", .name_length = 1, .size = G_MAXINT64, .stored_size = G_MAXINT64 };

  g_assert_false (ckpt_zip_member_place (&member, 0, 64));
  member.size = member.stored_size = 1;
  g_assert_false (ckpt_zip_member_place (&member, G_MAXUINT64 - 10, 64));
}

/* Where blocks are shared, data keep their place within a block. */
static void
test_place_at (void)
{
  for (guint rest = 0; rest < 4096; rest += 64)
    {
      CkptZipMember member = { .name = "a/data/0", .name_length = 8, .size = 100, .stored_size = 100 };

      g_assert_true (ckpt_zip_member_place_at (&member, 12345, 4096, rest));
      g_assert_cmpuint (ckpt_zip_member_get_data (&member) % 4096, ==, rest);
      g_assert_cmpuint (member.padding, <, 4096);
    }
}

static void
assert_refused (TestZip *zip, const char *code)
{
  g_autofree char *from = test_zip_write (zip, "odd.pt");
  g_autofree char *to = test_files_path ("refused.pt");
  g_autoptr (CkptTree) tree = test_checkpoints_load (from);
  const CkptSaveOptions options = { .write = { .container = CKPT_CONTAINER_TORCH_ZIP } };
  g_autoptr (GError) error = NULL;

  g_assert_false (ckpt_save (tree, to, &options, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_UNSUPPORTED);
  g_assert_cmpstr (ckpt_error_get_code (error), ==, code);
  g_assert_false (g_file_test (to, G_FILE_TEST_EXISTS));
}

/* What two programs may read in two ways is not written, not even as it is. */
static void
test_ambiguous (void)
{
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (TestZip) zip = test_zip_new_torch ("a");

      if (i == 0)
        test_zip_add (zip, "a/hidden", "1", 1)->is_listed = FALSE;
      else if (i == 1)
        test_zip_add (zip, "a/other", "1", 1)->local_method = 8;
      else if (i == 2)
        test_zip_add (zip, "a/BYTEORDER", "big", 3);
      else
        test_zip_get (zip, 3)->local_size = 7;
      assert_refused (zip, "ambiguous");
    }
}

/* Records that nothing knows stay, and so do checksums that are wrong. */
static void
test_others (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  g_autofree char *from = NULL;
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) after = NULL;

  test_zip_add (zip, "a/notes.txt", "hello", 5);
  test_zip_add (zip, "a/data/unused", "bytes", 5);
  test_zip_add (zip, "a/.data/serialization_id", "x", 1);
  test_zip_get (zip, 0)->crc ^= 1;
  from = test_zip_write (zip, "others.pt");
  tree = test_checkpoints_load (from);
  before = test_checkpoints_read (from);
  after = test_checkpoints_save_anew (tree);
  g_assert_true (g_bytes_equal (before, after));
}

/* One that is deflated keeps its very bytes. */
static void
test_deflated (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  static const char text[] = "so it is so it is so it is so it is so it is";
  TestZipEntry *entry = test_zip_add_deflated (zip, "a/notes.txt", text, sizeof text);
  g_autofree char *from = test_zip_write (zip, "deflated.pt");
  g_autoptr (CkptTree) tree = test_checkpoints_load (from);
  g_autoptr (GBytes) saved = test_checkpoints_save_anew (tree);
  g_autofree char *path = test_files_write ("saved.pt", g_bytes_get_data (saved, NULL),
                                            g_bytes_get_size (saved));
  g_autoptr (CkptTree) again = test_checkpoints_load (path);
  CkptArchive *archive = ckpt_tree_get_archive (again);
  const CkptRecord *record;
  char unpacked[sizeof text];
  guint64 offset;
  guint index;

  g_assert_true (ckpt_archive_find (archive, "a/notes.txt", &index));
  record = ckpt_archive_get (archive, index);
  g_assert_cmpint (record->method, ==, CKPT_RECORD_DEFLATED);
  g_assert_true (ckpt_archive_locate (archive, index, &offset, NULL));
  g_assert_cmpmem ((const char *) g_bytes_get_data (saved, NULL) + offset, record->stored_size,
                   g_bytes_get_data (entry->data, NULL), g_bytes_get_size (entry->data));
  g_assert_true (ckpt_archive_read (archive, index, 0, unpacked, sizeof text, NULL));
  g_assert_cmpstr (unpacked, ==, text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/zip-writer/identity", test_identity);
  g_test_add_func ("/zip-writer/touched", test_touched);
  g_test_add_func ("/zip-writer/alignment", test_alignment);
  g_test_add_func ("/zip-writer/edited", test_edited);
  g_test_add_func ("/zip-writer/id", test_id);
  g_test_add_func ("/zip-writer/big-endian", test_big_endian);
  g_test_add_func ("/zip-writer/padding", test_padding);
  g_test_add_func ("/zip-writer/wide-size", test_wide_size);
  g_test_add_func ("/zip-writer/wide-offset", test_wide_offset);
  g_test_add_func ("/zip-writer/wide-end", test_wide_end);
  g_test_add_func ("/zip-writer/too-large", test_too_large);
  g_test_add_func ("/zip-writer/place-at", test_place_at);
  g_test_add_func ("/zip-writer/ambiguous", test_ambiguous);
  g_test_add_func ("/zip-writer/others", test_others);
  g_test_add_func ("/zip-writer/deflated", test_deflated);
  return g_test_run ();
}
