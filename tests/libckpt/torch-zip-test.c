/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "formats/ckpt-load.h"
#include "io/ckpt-alloc.h"
#include "io/ckpt-limits.h"
#include "model/ckpt-tree-private.h"

#include <string.h>
#include <sys/resource.h>

#include "test-files.h"
#include "test-pread.h"
#include "test-zip.h"

/* A literal and its bytes, NULs included. */
#define BYTES(literal) literal, sizeof (literal) - 1

static CkptTree *
load (TestZip *zip, GError **error)
{
  g_autofree char *path = test_zip_write (zip, "torch.pt");

  return ckpt_load (path, NULL, NULL, NULL, error);
}

static CkptTree *
assert_loads (TestZip *zip)
{
  g_autoptr (GError) error = NULL;
  CkptTree *tree = load (zip, &error);

  g_assert_no_error (error);
  return tree;
}

static CkptTree *
assert_good (TestZip *zip)
{
  CkptTree *tree = assert_loads (zip);

  if (ckpt_tree_get_n_warnings (tree) > 0)
    g_error ("%s", ckpt_tree_get_warning (tree, 0)->message);
  return tree;
}

/* It opens, with this warning and no other. */
static CkptTree *
assert_warned (TestZip *zip, const char *code)
{
  CkptTree *tree = assert_loads (zip);

  g_assert_cmpuint (ckpt_tree_get_n_warnings (tree), ==, 1);
  g_assert_cmpstr (ckpt_tree_get_warning (tree, 0)->place.code, ==, code);
  return tree;
}

static void
assert_refused (TestZip *zip, CkptError error_code, const char *code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (load (zip, &error));
  g_assert_error (error, CKPT_ERROR, (gint) error_code);
  g_assert_cmpstr (ckpt_error_get_code (error), ==, code);
}

/* The tensor of test_zip_new_torch() is there, with its bytes. */
static void
assert_content (CkptTree *tree)
{
  static const float expected[] = { 1, 2, 3, 4 };
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (
      tree, ckpt_tree_get_key (tree, ckpt_tree_get_root (tree), "w"));
  g_autoptr (GError) error = NULL;
  float values[4];

  g_assert_nonnull (tensor);
  g_assert_cmpuint (tensor->numel, ==, 4);
  g_assert_true (ckpt_tree_read_storage (tree, tensor->storage, 0, values, sizeof values, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (values, sizeof values, expected, sizeof expected);
}

static void
assert_doubtful (CkptTree *tree)
{
  g_autoptr (GError) error = NULL;
  char byte;

  g_assert_cmpuint (ckpt_tree_get_n_tensors (tree), ==, 1);
  g_assert_true (ckpt_tree_get_tensor (tree, 0)->flags & CKPT_TENSOR_BROKEN);
  g_assert_false (ckpt_tree_read_storage (tree, 0, 0, &byte, 1, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "storage-doubtful");
}

static void
set_data (TestZipEntry *entry, const void *data, gsize length)
{
  g_autoptr (TestZip) zip = test_zip_new ();
  TestZipEntry *made = test_zip_add (zip, "", data, length);

  g_bytes_unref (entry->data);
  entry->data = g_bytes_new (data, length);
  entry->crc = made->crc;
  entry->stored_size = entry->size = length;
}

static void
set_name (TestZipEntry *entry, const char *name)
{
  g_bytes_unref (entry->name);
  g_bytes_unref (entry->local_name);
  entry->name = g_bytes_new (name, strlen (name));
  entry->local_name = g_bytes_ref (entry->name);
}

static void
test_good (void)
{
  static const char *const folders[] = { "archive", "model.v2", "a folder", "0" };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autoptr (TestZip) zip = test_zip_new_torch (folders[i]);
      g_autoptr (CkptTree) tree = NULL;

      zip->alignment = i == 1 ? 4096 : 64;
      tree = assert_good (zip);
      g_assert_cmpint (ckpt_tree_get_container (tree), ==, CKPT_CONTAINER_TORCH_ZIP);
      g_assert_cmpstr (ckpt_tree_get_fact (tree, "version"), ==, "3");
      g_assert_cmpstr (ckpt_tree_get_fact (tree, "byteorder"), ==, "little");
      g_assert_cmpstr (ckpt_tree_get_fact (tree, "protocol"), ==, "2");
      g_assert_null (ckpt_tree_get_fact (tree, "format_version"));
      g_assert_false (ckpt_tree_is_cut (tree));
      assert_content (tree);
    }
}

static void
test_facts (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  g_autoptr (CkptTree) tree = NULL;

  test_zip_add (zip, "a/.format_version", BYTES ("1"));
  test_zip_add (zip, "a/.storage_alignment", BYTES ("64"));
  test_zip_add (zip, "a/.data/serialization_id", BYTES ("0636067578574966475912463636"));
  test_zip_add (zip, "a/.data/version", BYTES ("10\n"));
  tree = assert_good (zip);
  g_assert_cmpstr (ckpt_tree_get_fact (tree, "version"), ==, "10");
  g_assert_cmpstr (ckpt_tree_get_fact (tree, "format_version"), ==, "1");
  g_assert_cmpstr (ckpt_tree_get_fact (tree, "storage_alignment"), ==, "64");
  g_assert_cmpstr (ckpt_tree_get_fact (tree, "serialization_id"), ==, "0636067578574966475912463636");
}

static void
test_version (void)
{
  static const struct
  {
    const char *text;
    const char *code;
  } cases[] = {
    { "1", NULL },
    { "10\n", NULL },
    { " 3 and more", NULL },
    { "-3", "version-not-a-number" },
    { "0", "version-unknown" },
    { "11", "version-unknown" },
    { "abc", "version-not-a-number" },
    { "", "version-not-a-number" },
    { "100000000000000000000", "version-not-a-number" },
  };
  g_autoptr (TestZip) missing = test_zip_new_torch ("a");
  g_autoptr (CkptTree) of_missing = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TestZip) zip = test_zip_new_torch ("a");
      g_autoptr (CkptTree) tree = NULL;

      set_data (test_zip_get (zip, 3), cases[i].text, strlen (cases[i].text));
      tree = cases[i].code != NULL ? assert_warned (zip, cases[i].code) : assert_good (zip);
      assert_content (tree);
    }
  g_ptr_array_set_size (missing->entries, 3);
  of_missing = assert_warned (missing, "version-missing");
}

static void
test_byte_order (void)
{
  g_autoptr (TestZip) big = test_zip_new_torch ("a");
  g_autoptr (TestZip) middle = test_zip_new_torch ("a");
  g_autoptr (TestZip) none = test_zip_new_torch ("a");
  g_autoptr (TestZip) twice = test_zip_new_torch ("a");
  g_autoptr (TestZip) large = test_zip_new_torch ("a");
  g_autofree char *zeros = g_malloc0 (CKPT_LIMIT_SMALL_RECORD + 1);
  g_autoptr (CkptTree) of_big = NULL;
  g_autoptr (CkptTree) of_middle = NULL;
  g_autoptr (CkptTree) of_none = NULL;
  g_autoptr (CkptTree) of_twice = NULL;
  g_autoptr (CkptTree) of_large = NULL;

  set_data (test_zip_get (big, 1), BYTES ("big"));
  of_big = assert_good (big);
  g_assert_true (ckpt_tree_get_storage (of_big, 0)->is_big_endian);
  g_assert_cmpuint (ckpt_tree_get_storage (of_big, 0)->n_bytes_present, ==, 16);

  set_data (test_zip_get (middle, 1), BYTES ("middle"));
  of_middle = assert_warned (middle, "byteorder-unknown");
  assert_doubtful (of_middle);

  g_ptr_array_remove_index (none->entries, 1);
  of_none = assert_good (none);
  g_assert_false (ckpt_tree_get_storage (of_none, 0)->is_big_endian);
  assert_content (of_none);

  test_zip_add (twice, "a/byteorder", BYTES ("big"));
  of_twice = assert_warned (twice, "record-twice");
  assert_doubtful (of_twice);

  set_data (test_zip_get (large, 1), zeros, CKPT_LIMIT_SMALL_RECORD + 1);
  of_large = assert_warned (large, "record-large");
  assert_doubtful (of_large);
}

static void
test_names (void)
{
  g_autoptr (TestZip) capitals = test_zip_new_torch ("a");
  g_autoptr (TestZip) both = test_zip_new_torch ("a");
  g_autoptr (TestZip) outside = test_zip_new_torch ("a");
  g_autoptr (TestZip) nameless = test_zip_new_torch ("");
  g_autoptr (TestZip) flat = test_zip_new_torch ("a");
  g_autoptr (CkptTree) of_capitals = NULL;
  g_autoptr (CkptTree) of_both = NULL;
  g_autoptr (CkptTree) of_outside = NULL;
  g_autoptr (CkptTree) of_nameless = NULL;
  g_autoptr (CkptTree) of_flat = NULL;

  set_name (test_zip_get (capitals, 0), "a/DATA.PKL");
  of_capitals = assert_warned (capitals, "record-name-case");
  assert_content (of_capitals);

  test_zip_add (both, "a/Data/0", BYTES ("0123456789abcdef"));
  of_both = assert_warned (both, "record-names-case");
  assert_content (of_both);

  test_zip_add (outside, "../../x", BYTES ("x"));
  of_outside = assert_warned (outside, "record-outside-folder");
  assert_content (of_outside);

  of_nameless = assert_warned (nameless, "zip-no-folder");
  assert_content (of_nameless);

  set_name (test_zip_get (flat, 0), "data.pkl");
  set_name (test_zip_get (flat, 1), "byteorder");
  set_name (test_zip_get (flat, 2), "data/0");
  set_name (test_zip_get (flat, 3), "version");
  of_flat = assert_warned (flat, "zip-no-folder");
  assert_content (of_flat);
}

static void
test_twice (void)
{
  g_autoptr (TestZip) pickle = test_zip_new_torch ("a");
  g_autoptr (TestZip) storage = test_zip_new_torch ("a");
  g_autoptr (TestZip) other = test_zip_new_torch ("a");
  g_autoptr (CkptTree) of_storage = NULL;
  g_autoptr (CkptTree) of_other = NULL;

  test_zip_add (pickle, "a/data.pkl", BYTES ("N."));
  assert_refused (pickle, CKPT_ERROR_MALFORMED, "record-twice");

  test_zip_add (storage, "a/data/0", BYTES ("0123456789abcdef"));
  of_storage = assert_warned (storage, "record-twice");
  assert_doubtful (of_storage);

  test_zip_add (other, "a/notes", BYTES ("1"));
  test_zip_add (other, "a/notes", BYTES ("2"));
  of_other = assert_warned (other, "record-twice");
  assert_content (of_other);
}

static void
test_storages (void)
{
  g_autoptr (TestZip) missing = test_zip_new_torch ("a");
  g_autoptr (TestZip) cut = test_zip_new_torch ("a");
  g_autoptr (TestZip) padded = test_zip_new_torch ("a");
  g_autoptr (CkptTree) of_missing = NULL;
  g_autoptr (CkptTree) of_cut = NULL;
  g_autoptr (CkptTree) of_padded = NULL;

  g_ptr_array_remove_index (missing->entries, 2);
  of_missing = assert_warned (missing, "storage-missing");

  set_data (test_zip_get (cut, 2), BYTES ("0123456789ab"));
  of_cut = assert_warned (cut, "storage-short");
  g_assert_cmpuint (ckpt_tree_get_storage (of_cut, 0)->n_bytes_present, ==, 12);

  set_data (test_zip_get (padded, 2), BYTES ("\0\0\200\077\0\0\0\100\0\0\100\100\0\0\200\100 more"));
  of_padded = assert_warned (padded, "storage-long");
  assert_content (of_padded);
}

static void
test_crc (void)
{
  g_autoptr (TestZip) wrong = test_zip_new_torch ("a");
  g_autoptr (TestZip) storage = test_zip_new_torch ("a");
  g_autoptr (TestZip) off = test_zip_new_torch ("a");
  g_autoptr (CkptTree) of_wrong = NULL;
  g_autoptr (CkptTree) of_storage = NULL;
  g_autoptr (CkptTree) of_off = NULL;

  test_zip_get (wrong, 0)->crc ^= 1;
  of_wrong = assert_warned (wrong, "crc");
  assert_content (of_wrong);

  test_zip_get (storage, 2)->crc ^= 1;
  of_storage = assert_good (storage);

  for (guint i = 0; i < 4; i++)
    test_zip_get (off, i)->crc = 0;
  of_off = assert_good (off);
  assert_content (of_off);
}

/* The pickle of test_zip_new_torch() with something behind it. */
static TestZip *
new_with_pickle_tail (const void *tail, gsize length)
{
  TestZip *zip = test_zip_new_torch ("a");
  g_autoptr (GByteArray) pickle = g_bytes_unref_to_array (test_zip_pickle (4));

  g_byte_array_append (pickle, tail, length);
  set_data (test_zip_get (zip, 0), pickle->data, pickle->len);
  return zip;
}

static void
test_after_stop (void)
{
  g_autofree char *letters = g_strnfill (1024, 'A');
  g_autoptr (TestZip) bytes = new_with_pickle_tail (letters, 1024);
  g_autoptr (TestZip) pickle = new_with_pickle_tail (BYTES ("\200\002cos\nsystem\n)R."));
  g_autoptr (CkptTree) of_bytes = assert_warned (bytes, "bytes-after-stop");
  g_autoptr (CkptTree) of_pickle = assert_warned (pickle, "pickle-after-stop");
  g_autoptr (GBytes) plain = test_zip_pickle (4);

  g_assert_cmpuint (ckpt_tree_get_warning (of_bytes, 0)->place.offset, ==, g_bytes_get_size (plain));
  g_assert_nonnull (strstr (ckpt_tree_get_warning (of_bytes, 0)->message, "1024"));
  g_assert_cmpuint (ckpt_tree_get_warning (of_pickle, 0)->place.offset, ==, g_bytes_get_size (plain));
  assert_content (of_pickle);
}

static void
test_unused (void)
{
  static const struct
  {
    const char *name;
    const char *data;
    gsize length;
    gboolean is_pickle;
  } cases[] = {
    { "a/data/evil", BYTES ("\200\002cposix\nsystem\n)R."), TRUE },
    { "a/.data/notes.txt", BYTES ("\200\002cos\nsystem\n)R."), TRUE },
    { "a/old", BYTES ("cos\nsystem\n(S'id'\ntR."), TRUE },
    { "a/new", BYTES ("\200\004\225\021\0\0\0\0\0\0\0\214\002os\214\006system\223)R."), TRUE },
    { "a/cut", BYTES ("\200\002cos\nsystem\n(U\002idtR"), TRUE },
    { "a/data/7", BYTES ("\0\0\200?\0\0\0@\0\0@@\0\0\200@"), FALSE },
    { "a/notes.txt", BYTES ("cost\nno pickle, but it begins as one\nAnd so on."), FALSE },
    { "a/readme", BYTES ("Numbers.\nAnd so on."), FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TestZip) zip = test_zip_new_torch ("a");
      g_autoptr (CkptTree) tree = NULL;

      test_zip_add (zip, cases[i].name, cases[i].data, cases[i].length);
      if (cases[i].is_pickle)
        tree = assert_warned (zip, "hidden-pickle");
      else
        tree = assert_good (zip);
      assert_content (tree);
      if (cases[i].is_pickle)
        g_assert_cmpstr (ckpt_tree_get_warning (tree, 0)->place.record, ==, cases[i].name);
    }
}

/* A pickle so long that only its beginning is looked at. */
static void
test_unused_long (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  g_autoptr (GString) pickle = g_string_new_len (BYTES ("\200\002cos\nsystem\n("));
  g_autoptr (CkptTree) tree = NULL;
  CkptSourceCounts counts;

  while (pickle->len < 3 << 20)
    g_string_append (pickle, "NNNNNNNNNNNNNNNN");
  g_string_append (pickle, "tR.");
  test_zip_add (zip, "a/data/1", pickle->str, pickle->len);
  tree = assert_warned (zip, "hidden-pickle");
  ckpt_source_get_counts (ckpt_tree_get_source (tree), &counts);
  g_assert_cmpuint (counts.n_bytes, <, 1 << 20);
}

/* The first look is too short to tell. */
static void
test_unused_second_look (void)
{
  g_autoptr (TestZip) late = test_zip_new_torch ("a");
  g_autoptr (TestZip) none = test_zip_new_torch ("a");
  g_autofree char *nones = g_strnfill (2000, 'N');
  g_autofree char *late_pickle = g_strconcat ("\200\002(", nones, "tcos\nsystem\n)R.", NULL);
  g_autofree char *no_pickle = g_strconcat ("\200\002cos\nsystem\n(", nones, "\377tR.", NULL);
  g_autoptr (CkptTree) of_late = NULL;
  g_autoptr (CkptTree) of_none = NULL;

  test_zip_add (late, "a/data/1", late_pickle, strlen (late_pickle));
  of_late = assert_warned (late, "hidden-pickle");
  test_zip_add (none, "a/data/1", no_pickle, strlen (no_pickle));
  of_none = assert_good (none);
}

static void
test_odd_pickles (void)
{
  g_autoptr (TestZip) nested = test_zip_new_torch ("a");
  g_autoptr (TestZip) missing = test_zip_new_torch ("a");
  g_autoptr (TestZip) cut = test_zip_new_torch ("a");
  g_autoptr (TestZip) packed = test_zip_new ();
  g_autoptr (TestZip) bomb = test_zip_new ();
  g_autoptr (TestZip) liar = test_zip_new ();
  g_autoptr (GBytes) pickle = test_zip_pickle (4);
  const void *data = g_bytes_get_data (pickle, NULL);
  gsize length = g_bytes_get_size (pickle);
  g_autoptr (CkptTree) of_packed = NULL;

  set_data (test_zip_get (nested, 0), BYTES ("PK\3\4 and so on"));
  assert_refused (nested, CKPT_ERROR_MALFORMED, "pickle-is-zip");

  g_ptr_array_remove_index (missing->entries, 0);
  assert_refused (missing, CKPT_ERROR_MALFORMED, "zip-no-pickle");

  set_data (test_zip_get (cut, 0), data, length - 10);
  assert_refused (cut, CKPT_ERROR_TRUNCATED, "pickle-truncated");

  test_zip_add_deflated (packed, "a/data.pkl", data, length);
  test_zip_add_deflated (packed, "a/data/0", BYTES ("\0\0\200\077\0\0\0\100\0\0\100\100\0\0\200\100"));
  test_zip_add (packed, "a/version", BYTES ("3\n"));
  of_packed = assert_good (packed);
  assert_content (of_packed);

  test_zip_add_deflated (bomb, "a/data.pkl", data, length)->size = CKPT_LIMIT_INFLATED_PICKLE + 1;
  test_zip_add (bomb, "a/version", BYTES ("3\n"));
  assert_refused (bomb, CKPT_ERROR_LIMIT, "inflated-pickle");

  test_zip_add_deflated (liar, "a/data.pkl", data, length)->size = length - 1;
  test_zip_add (liar, "a/version", BYTES ("3\n"));
  assert_refused (liar, CKPT_ERROR_MALFORMED, "deflate-long");
}

static void
test_torchscript (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  g_autoptr (TestZip) broken = test_zip_new_torch ("a");
  g_autoptr (TestZip) mobile = test_zip_new_torch ("a");
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (CkptTree) of_broken = NULL;
  g_autoptr (CkptTree) of_mobile = NULL;

  test_zip_add (zip, "a/constants.pkl", BYTES ("\200\002)."));
  test_zip_add (zip, "a/code/__torch__.py", BYTES ("class Net(Module):\n"));
  tree = assert_good (zip);
  g_assert_cmpint (ckpt_tree_get_container (tree), ==, CKPT_CONTAINER_TORCHSCRIPT);
  g_assert_cmpuint (ckpt_archive_get_n (ckpt_tree_get_archive (tree)), ==, 6);
  assert_content (tree);

  test_zip_add (broken, "a/constants.pkl", BYTES ("\200\002((("));
  of_broken = assert_warned (broken, "constants-unreadable");
  assert_content (of_broken);

  test_zip_add (mobile, "a/constants.pkl", BYTES ("\200\002)."));
  test_zip_add (mobile, "a/bytecode.pkl", BYTES ("\200\002)."));
  of_mobile = assert_good (mobile);
  g_assert_cmpint (ckpt_tree_get_container (of_mobile), ==, CKPT_CONTAINER_TORCHSCRIPT);
  g_assert_cmpstr (ckpt_tree_get_kind_of_file (of_mobile), !=, ckpt_tree_get_kind_of_file (tree));
}

/* The tree of what has no pickle is a dict of its records' names and sizes. */
static void
assert_list (TestZip *zip, CkptContainer container)
{
  g_autoptr (CkptTree) tree = assert_good (zip);
  CkptNodeId root = ckpt_tree_get_root (tree);

  g_assert_cmpint (ckpt_tree_get_container (tree), ==, container);
  g_assert_cmpint (ckpt_tree_get_kind (tree, root), ==, CKPT_KIND_DICT);
  g_assert_cmpuint (ckpt_tree_get_n_children (tree, root), ==, zip->entries->len);
  for (guint i = 0; i < zip->entries->len; i++)
    {
      TestZipEntry *entry = test_zip_get (zip, i);
      g_autofree char *name = g_strndup (g_bytes_get_data (entry->name, NULL),
                                         g_bytes_get_size (entry->name));
      CkptNodeId node = ckpt_tree_get_key (tree, root, name);
      gint64 size;

      g_assert_cmpuint (node, !=, CKPT_NO_NODE);
      g_assert_true (ckpt_tree_get_int (tree, node, &size));
      g_assert_cmpint (size, ==, entry->size);
    }
}

static void
test_lists (void)
{
  g_autoptr (TestZip) pt2 = test_zip_new ();
  g_autoptr (TestZip) old_pt2 = test_zip_new ();
  g_autoptr (TestZip) package = test_zip_new ();
  g_autoptr (TestZip) json = test_zip_new ();

  test_zip_add (pt2, "p/archive_format", BYTES ("pt2"));
  test_zip_add (pt2, "p/models/model.json", BYTES ("{}"));
  test_zip_add (pt2, "p/.data/version", BYTES ("6\n"));
  assert_list (pt2, CKPT_CONTAINER_PT2);

  test_zip_add (old_pt2, "version", BYTES ("14.1"));
  test_zip_add (old_pt2, "serialized_exported_program.json", BYTES ("{}"));
  assert_list (old_pt2, CKPT_CONTAINER_PT2);

  test_zip_add (package, "p/.data/extern_modules", BYTES ("torch\n"));
  test_zip_add (package, "p/.data/version", BYTES ("6\n"));
  test_zip_add (package, "p/model/model.pkl", BYTES ("N."));
  assert_list (package, CKPT_CONTAINER_PACKAGE);

  test_zip_add (json, "m/version", BYTES ("1\n"));
  test_zip_add (json, "m/model.json", BYTES ("{}"));
  test_zip_add (json, "m/tensors/0", BYTES ("0123"));
  assert_list (json, CKPT_CONTAINER_TORCHSCRIPT);
}

/* No checkpoint that PyTorch wrote is warned of. */
static void
test_fixtures (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "fixtures", "torch-2.13", NULL);
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (files);
  while ((name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (CkptTree) tree = ckpt_load (path, NULL, NULL, NULL, NULL);

      if (tree != NULL && ckpt_tree_get_n_warnings (tree) > 0)
        g_error ("%s: %s", name, ckpt_tree_get_warning (tree, 0)->message);
      n += tree != NULL;
    }
  g_assert_cmpuint (n, >, 60);
}

static void
test_others (void)
{
  static const struct
  {
    const char *name;
    const char *word;
  } cases[] = {
    { "arr_0.npy", "NumPy" },
    { "word/document.xml", "Word" },
    { "xl/workbook.xml", "Excel" },
    { "ppt/presentation.xml", "PowerPoint" },
    { "META-INF/MANIFEST.MF", "Java" },
    { "AndroidManifest.xml", "Android" },
    { "mimetype", "OpenDocument" },
    { "model.weights.h5", "Keras" },
    { "torch-2.0.dist-info/WHEEL", "Python package" },
    { "MAR-INF/MANIFEST.json", "TorchServe" },
    { "policy.pth", "policy.pth" },
    { "run/model.safetensors", "run/model.safetensors" },
    { "run/holiday.jpg", "zip archive" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TestZip) zip = test_zip_new ();
      g_autoptr (GError) error = NULL;

      test_zip_add (zip, cases[i].name, BYTES ("x"));
      g_assert_null (load (zip, &error));
      g_assert_error (error, CKPT_ERROR, CKPT_ERROR_NOT_RECOGNIZED);
      g_assert_cmpstr (ckpt_error_get_code (error), ==, "zip-not-a-checkpoint");
      g_assert_nonnull (strstr (error->message, cases[i].word));
    }
}

/* Over 4 GiB of data that are not on the disk: nothing of them is read. */
static void
test_large (void)
{
  g_autoptr (TestZip) zip = test_zip_new ();
  g_autoptr (GBytes) pickle = test_zip_pickle (1200000000);
  g_autoptr (CkptTree) tree = NULL;
  TestZipEntry *entry;
  CkptSourceCounts counts;
  struct rusage before, after;
  float value = 1;

  test_zip_add (zip, "a/data.pkl", g_bytes_get_data (pickle, NULL), g_bytes_get_size (pickle));
  test_zip_add (zip, "a/byteorder", BYTES ("little"));
  entry = test_zip_add (zip, "a/data/0", BYTES (""));
  entry->hole = entry->stored_size = entry->size = G_GUINT64_CONSTANT (4800000000);
  entry->flags = entry->local_flags = 0x0808;
  entry->descriptor = TEST_DESCRIPTOR_64;
  test_zip_add (zip, "a/version", BYTES ("3\n"))->descriptor = TEST_DESCRIPTOR_64;
  getrusage (RUSAGE_SELF, &before);
  tree = assert_good (zip);
  getrusage (RUSAGE_SELF, &after);
  g_assert_cmpint (after.ru_maxrss - before.ru_maxrss, <, 32 << 10); /* in KiB */
  ckpt_source_get_counts (ckpt_tree_get_source (tree), &counts);
  g_assert_cmpuint (counts.n_reads, <, 40);
  g_assert_cmpuint (counts.n_bytes, <, 400000);
  g_assert_cmpuint (ckpt_tree_get_tensor (tree, 0)->n_bytes, ==, G_GUINT64_CONSTANT (4800000000));
  g_assert_true (ckpt_tree_read_storage (tree, 0, G_GUINT64_CONSTANT (4799999996), &value, 4, NULL));
  g_assert_cmpfloat (value, ==, 0);
}

/* Whichever allocation fails whose size a file has a say in, there is an error or the whole tree. */
static void
test_no_memory (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  g_autofree char *path = NULL;
  guint n_failed = 0;

  test_zip_add_deflated (zip, "a/data/1", "nothing uses this", 17);
  path = test_zip_write (zip, "memory.pt");
  for (gint i = 0; i < 1000; i++)
    for (guint for_good = 0; for_good < 2; for_good++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (CkptTree) tree = NULL;

        ckpt_alloc_set_failure (i, for_good);
        tree = ckpt_load (path, NULL, NULL, NULL, &error);
        ckpt_alloc_set_failure (-1, FALSE);
        if (tree != NULL)
          assert_content (tree);
        else
          g_assert_error (error, CKPT_ERROR, CKPT_ERROR_LIMIT);
        n_failed += tree == NULL;
      }
  g_assert_cmpuint (n_failed, >, 8);
}

/* Whichever read fails, it is the disk's error, and no tree. */
static void
test_read_errors (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  g_autofree char *path = NULL;
  g_autoptr (CkptTree) tree = NULL;
  guint n_calls;

  test_zip_add (zip, "a/data/1", BYTES ("nothing uses this"));
  path = test_zip_write (zip, "io.pt");
  test_pread_reset ();
  tree = ckpt_load (path, NULL, NULL, NULL, NULL);
  g_assert_nonnull (tree);
  n_calls = test_pread.n_calls;
  g_assert_cmpuint (n_calls, >, 10);
  for (guint i = 1; i <= n_calls; i++)
    {
      g_autoptr (GError) error = NULL;

      test_pread_reset ();
      test_pread.fail_at = i;
      g_assert_null (ckpt_load (path, NULL, NULL, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
      g_assert_nonnull (strstr (error->message, "byte"));
    }
  test_pread_reset ();
}

static void
test_short_reads (void)
{
  g_autoptr (TestZip) zip = test_zip_new_torch ("a");
  g_autofree char *path = test_zip_write (zip, "short.pt");
  g_autoptr (CkptTree) tree = NULL;

  test_pread_reset ();
  test_pread.max_read = 1;
  test_pread.interrupt_every = 7;
  tree = ckpt_load (path, NULL, NULL, NULL, NULL);
  g_assert_nonnull (tree);
  g_assert_cmpuint (ckpt_tree_get_n_warnings (tree), ==, 0);
  assert_content (tree);
  test_pread_reset ();
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/torch-zip/good", test_good);
  g_test_add_func ("/torch-zip/facts", test_facts);
  g_test_add_func ("/torch-zip/version", test_version);
  g_test_add_func ("/torch-zip/byte-order", test_byte_order);
  g_test_add_func ("/torch-zip/names", test_names);
  g_test_add_func ("/torch-zip/twice", test_twice);
  g_test_add_func ("/torch-zip/storages", test_storages);
  g_test_add_func ("/torch-zip/crc", test_crc);
  g_test_add_func ("/torch-zip/after-stop", test_after_stop);
  g_test_add_func ("/torch-zip/unused", test_unused);
  g_test_add_func ("/torch-zip/unused-long", test_unused_long);
  g_test_add_func ("/torch-zip/unused-second-look", test_unused_second_look);
  g_test_add_func ("/torch-zip/odd-pickles", test_odd_pickles);
  g_test_add_func ("/torch-zip/torchscript", test_torchscript);
  g_test_add_func ("/torch-zip/lists", test_lists);
  g_test_add_func ("/torch-zip/fixtures", test_fixtures);
  g_test_add_func ("/torch-zip/others", test_others);
  g_test_add_func ("/torch-zip/large", test_large);
  g_test_add_func ("/torch-zip/no-memory", test_no_memory);
  g_test_add_func ("/torch-zip/read-errors", test_read_errors);
  g_test_add_func ("/torch-zip/short-reads", test_short_reads);
  return g_test_run ();
}
