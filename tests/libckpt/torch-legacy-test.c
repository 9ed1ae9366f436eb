/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/ckpt-load.h"
#include "model/ckpt-tree-private.h"

#include "test-files.h"
#include "test-pickle.h"
#include "test-tree.h"

#include <unistd.h>

/* A legacy file of {"w": a float32 tensor of 2×2 in storage "94"}, of which each part can be another one. */
typedef struct
{
  const char *magic;
  gsize magic_length;
  const char *protocol;
  const char *sys_info;
  const char *keys; /* of the key list, each followed by a space; NULL for no list at all */
  guint64 count;
  gsize n_data;
  gsize n_extra;
  guint32 n_used; /* elements that the object says, if not 4 */
} Recipe;

#define MAGIC2 "\200\002\212\012\154\374\234\106\371\040\152\250\120\031."
#define MAGIC0 "L119547037146038801333356L\n."
#define GOOD                           \
  { .magic = MAGIC2,                   \
    .magic_length = sizeof MAGIC2 - 1, \
    .protocol = "I1001\n.",            \
    .sys_info = "}.",                  \
    .keys = "94 ",                     \
    .count = 4,                        \
    .n_data = 16 }

static void
add_object (GByteArray *file, guint32 numel)
{
  guint32 little = GUINT32_TO_LE (numel);

  test_bytes (file, "\200\002}");
  test_unicode (file, "w");
  test_bytes (file, "ctorch._utils\n_rebuild_tensor_v2\n((");
  test_unicode (file, "storage");
  test_bytes (file, "ctorch\nFloatStorage\n");
  test_unicode (file, "94");
  test_unicode (file, "cuda:1");
  test_bytes (file, "J");
  g_byte_array_append (file, (const guint8 *) &little, sizeof little);
  test_bytes (file, "NtQK\000K\002K\002\206K\002K\001\206\211ccollections\nOrderedDict\n)RtRs.");
}

static GByteArray *
build (const Recipe *recipe)
{
  static const float values[] = { 1, 2, 3, 4, 5, 6 };
  g_auto (GStrv) keys = NULL;
  GByteArray *file = g_byte_array_new ();

  g_byte_array_append (file, (const guint8 *) recipe->magic, recipe->magic_length);
  test_text (file, recipe->protocol);
  test_text (file, recipe->sys_info);
  add_object (file, recipe->n_used != 0 ? recipe->n_used : 4);
  if (recipe->keys == NULL)
    return file;

  test_bytes (file, "](");
  keys = g_strsplit (recipe->keys, " ", -1);
  for (guint i = 0; keys[i] != NULL && keys[i][0] != '\0'; i++)
    test_unicode (file, keys[i]);
  test_bytes (file, "e.");
  for (guint i = 0; keys[i] != NULL && keys[i][0] != '\0'; i++)
    {
      test_u64 (file, recipe->count);
      g_byte_array_append (file, (const guint8 *) values, recipe->n_data);
    }
  for (gsize i = 0; i < recipe->n_extra; i++)
    test_bytes (file, "\0");
  return file;
}

static CkptTree *
load (const Recipe *recipe, GError **error)
{
  g_autoptr (GByteArray) content = build (recipe);
  g_autofree char *file = test_files_write ("model.pth", content->data, content->len);

  return ckpt_load (file, NULL, NULL, NULL, error);
}

static void
assert_whole (CkptTree *tree)
{
  const CkptStorage *storage = ckpt_tree_get_storage (tree, 0);
  float values[4];

  g_assert_cmpuint (ckpt_tree_get_n_storages (tree), ==, 1);
  g_assert_cmpstr (storage->location, ==, "cuda:1");
  g_assert_cmpuint (storage->n_bytes_present, ==, 16);
  g_assert_true (ckpt_tree_read_storage (tree, 0, 0, values, sizeof values, NULL));
  g_assert_cmpfloat (values[0], ==, 1);
  g_assert_cmpfloat (values[3], ==, 4);
}

static void
test_good (void)
{
  g_autoptr (GError) error = NULL;
  Recipe recipe = GOOD;
  g_autoptr (CkptTree) tree = load (&recipe, &error);

  g_assert_no_error (error);
  g_assert_cmpint (ckpt_tree_get_container (tree), ==, CKPT_CONTAINER_TORCH_LEGACY);
  g_assert_cmpuint (ckpt_tree_get_n_warnings (tree), ==, 0);
  assert_whole (tree);
}

static void
test_text_magic (void)
{
  g_autoptr (GError) error = NULL;
  Recipe recipe = GOOD;
  g_autoptr (CkptTree) tree = NULL;

  recipe.magic = MAGIC0;
  recipe.magic_length = sizeof MAGIC0 - 1;
  tree = load (&recipe, &error);
  g_assert_no_error (error);
  assert_whole (tree);
}

/* Data are little-endian whatever the system info says. */
static void
test_little_endian_is_ignored (void)
{
  g_autoptr (GError) error = NULL;
  Recipe recipe = GOOD;
  g_autoptr (CkptTree) tree = NULL;

  recipe.sys_info = "}V"
                    "little_endian\nI00\ns.";
  tree = load (&recipe, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ckpt_tree_get_fact (tree, "little_endian"), ==, "False");
  assert_whole (tree);
}

typedef struct
{
  const char *name;
  Recipe recipe;
  const char *code; /* of the error, or of the warning if the file opens */
  gboolean opens;
} Case;

static const Case cases[] = {
  { "protocol", { MAGIC2, 15, "I1002\n.", "}.", "94 ", 4, 16, 0 }, "legacy-protocol", FALSE },
  { "sys-info-list", { MAGIC2, 15, "I1001\n.", "].", "94 ", 4, 16, 0 }, "legacy-sys-info", TRUE },
  { "unknown-key", { MAGIC2, 15, "I1001\n.", "}.", "94 95 ", 4, 16, 0 }, "storage-unused", TRUE },
  { "unknown-key-first", { MAGIC2, 15, "I1001\n.", "}.", "93 94 ", 4, 16, 0 }, "storage-unused", FALSE },
  { "key-twice", { MAGIC2, 15, "I1001\n.", "}.", "94 94 ", 4, 16, 0 }, "storage-twice", FALSE },
  { "no-keys", { MAGIC2, 15, "I1001\n.", "}.", "", 4, 16, 0 }, "storage-missing", TRUE },
  { "huge-count",
    { MAGIC2, 15, "I1001\n.", "}.", "94 ", G_GUINT64_CONSTANT (1) << 62, 16, 0 },
    "storage-count",
    FALSE },
  { "negative-count", { MAGIC2, 15, "I1001\n.", "}.", "94 ", G_MAXUINT64, 16, 0 }, "storage-count", FALSE },
  { "two-sizes", { MAGIC2, 15, "I1001\n.", "}.", "94 ", 5, 20, 0 }, "storage-two-sizes", TRUE },
  { "cut-data", { MAGIC2, 15, "I1001\n.", "}.", "94 ", 4, 9, 0 }, "file-cut", TRUE },
  { "cut-keys", { MAGIC2, 15, "I1001\n.", "}.", NULL, 4, 0, 0 }, "file-cut", TRUE },
  { "trailing", { MAGIC2, 15, "I1001\n.", "}.", "94 ", 4, 16, 4096 }, "bytes-after-data", TRUE },
};

static void
test_case (gconstpointer data)
{
  const Case *item = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptTree) tree = load (&item->recipe, &error);

  if (!item->opens)
    {
      g_assert_null (tree);
      g_assert_cmpstr (ckpt_error_get_code (error), ==, item->code);
      return;
    }

  g_assert_no_error (error);
  g_assert_true (test_tree_has_warning (tree, item->code));
  g_assert_cmpuint (ckpt_tree_get_n_tensors (tree), ==, 1);
}

/* Wherever it is cut, a file ends in a tree that has its key, or in an error that says where. */
static void
test_every_length (void)
{
  Recipe recipe = GOOD;
  g_autoptr (GByteArray) content = build (&recipe);
  guint n_opened = 0;

  for (gsize length = 0; length < content->len; length++)
    {
      g_autofree char *file = test_files_write ("cut.pth", content->data, length);
      g_autoptr (GError) error = NULL;
      g_autoptr (CkptTree) tree = ckpt_load (file, NULL, NULL, NULL, &error);

      g_assert_true ((tree == NULL) == (error != NULL));
      if (tree == NULL)
        continue;
      n_opened++;
      g_assert_true (ckpt_tree_get_n_warnings (tree) > 0);
      if (ckpt_tree_get_container (tree) == CKPT_CONTAINER_TORCH_LEGACY)
        g_assert_true (ckpt_tree_is_cut (tree));
    }

  g_assert_cmpuint (n_opened, >, 24);
}

/* A storage of 6 GiB, all of it a hole in the file: opening reads the pickles and the count, and no more. */
static void
test_large (void)
{
  const guint64 n_bytes = G_GUINT64_CONSTANT (6) << 30;
  g_autoptr (GError) error = NULL;
  Recipe recipe = GOOD;
  g_autoptr (GByteArray) content = NULL;
  g_autofree char *file = NULL;
  g_autoptr (CkptTree) tree = NULL;
  CkptSourceCounts counts;

  recipe.count = recipe.n_used = n_bytes / sizeof (float);
  recipe.n_data = 0;
  content = build (&recipe);
  file = test_files_write ("large.pth", content->data, content->len);
  g_assert_no_errno (truncate (file, content->len + n_bytes));

  tree = ckpt_load (file, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ckpt_tree_get_n_warnings (tree), ==, 0);
  g_assert_cmpuint (ckpt_tree_get_storage (tree, 0)->n_bytes_present, ==, n_bytes);
  ckpt_source_get_counts (ckpt_tree_get_source (tree), &counts);
  g_assert_cmpuint (counts.n_bytes, <, 256 << 10);
  g_assert_cmpuint (counts.n_reads, <, 16);
}

/* Storages of packed elements are counted in bytes, here 12 of them; what follows one is found. */
static void
test_packed (void)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autofree char *path = NULL;
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (GError) error = NULL;
  float value = 0;
  guint index;

  g_byte_array_append (file, (const guint8 *) MAGIC2, sizeof MAGIC2 - 1);
  test_text (file, "I1001\n.}.(");
  test_bytes (file, "(Vstorage\nctorch\nQUInt4x2Storage\nV1\nVcpu\nK\014NtQ");
  test_bytes (file, "(Vstorage\nctorch\nFloatStorage\nV2\nVcpu\nK\001NtQt.](V1\nV2\ne.");
  test_u64 (file, 12);
  test_text (file, "twelve bytes");
  test_u64 (file, 1);
  test_bytes (file, "\0\0\200\077");
  path = test_files_write ("packed.pth", file->data, file->len);
  tree = ckpt_load (path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ckpt_tree_get_n_warnings (tree), ==, 0);
  g_assert_cmpuint (ckpt_tree_get_storage (tree, 0)->n_bytes, ==, 12);
  g_assert_true (ckpt_tree_find_storage (tree, "2", &index));
  g_assert_true (ckpt_tree_read_storage (tree, index, 0, &value, sizeof value, &error));
  g_assert_cmpfloat (value, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/torch-legacy/good", test_good);
  g_test_add_func ("/torch-legacy/text-magic", test_text_magic);
  g_test_add_func ("/torch-legacy/little-endian", test_little_endian_is_ignored);
  g_test_add_func ("/torch-legacy/every-length", test_every_length);
  g_test_add_func ("/torch-legacy/large", test_large);
  g_test_add_func ("/torch-legacy/packed", test_packed);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/torch-legacy/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
