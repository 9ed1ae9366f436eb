/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-tree.h"

#include "io/ckpt-alloc.h"
#include "model/ckpt-glob.h"

#include <string.h>

typedef struct
{
  CkptStepKind kind;
  guint32 index;
  const char *key;
} Expected;

static void
check_children (CkptTree *tree, const char *path, const Expected *expected, guint n)
{
  CkptNodeId node = test_tree_get (tree, path);

  g_assert_cmpuint (ckpt_tree_get_n_children (tree, node), ==, n);
  for (guint i = 0; i < n; i++)
    {
      CkptChild child;

      ckpt_tree_get_child (tree, node, i, &child);
      g_assert_cmpint (child.kind, ==, expected[i].kind);
      g_assert_cmpuint (child.index, ==, expected[i].index);
      g_assert_cmpint (child.key != CKPT_NO_NODE, ==, expected[i].key != NULL);
      if (expected[i].key != NULL)
        {
          g_autofree char *key = ckpt_tree_repr (tree, child.key);

          g_assert_cmpstr (key, ==, expected[i].key);
        }
    }
}

/* What hangs on a value, in which order. */
static void
test_children (void)
{
  static const Expected dict[] = { { CKPT_STEP_KEY, 0, "'a'" }, { CKPT_STEP_KEY, 1, "5" } };
  static const Expected list[] = { { CKPT_STEP_INDEX, 0, NULL }, { CKPT_STEP_INDEX, 1, NULL } };
  static const Expected object[] = {
    { CKPT_STEP_KEY, 0, "'k'" },       { CKPT_STEP_ATTRIBUTE, 0, "'x'" }, { CKPT_STEP_ATTRIBUTE, 1, "'y'" },
    { CKPT_STEP_ATTRIBUTE, 2, "'s'" }, { CKPT_STEP_ITEM, 0, NULL },       { CKPT_STEP_ARGUMENT, 0, NULL },
    { CKPT_STEP_ARGUMENT, 1, NULL },   { CKPT_STEP_KEYWORD, 0, "'w'" },
  };
  static const Expected odd[] = { { CKPT_STEP_STATE, 0, NULL } };
  static const Expected counter[] = { { CKPT_STEP_KEY, 0, "'a'" }, { CKPT_STEP_KEY, 1, "'b'" } };
  static const Expected sparse[] = { { CKPT_STEP_ARGUMENT, 1, NULL } };
  static const Expected subclass[] = { { CKPT_STEP_ATTRIBUTE, 0, "'name'" } };
  static const Expected ordered[] = { { CKPT_STEP_KEY, 0, "'w'" },
                                      { CKPT_STEP_ATTRIBUTE, 0, "'_metadata'" } };
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'dict' } ( 'a' 1 5 2 u 'list' ] ( 1 2 e 'tuple' ( 1 2 t "
      "'object' @x:Y ( 1 2 t } 'w' 3 s NEWOBJ_EX ( 'k' 4 u ( 5 e ( } ( 'x' 6 'y' 7 u } 's' 8 s t b "
      "'odd' @x:Y ) NEWOBJ 9 b 'counter' @collections:Counter ( } 'a' 1 s tR 'b' 2 s "
      "'tensor' " TEST_TENSOR (
          "0") "'set' @__builtin__:set ( ] ( 1 2 e tR "
               "'sparse' @torch._utils:_rebuild_sparse_tensor ( @torch:sparse_coo ( 1 2 ( 3 t t tR "
               "'subclass' @torch._tensor:_rebuild_from_type_v2 ( @torch._utils:_rebuild_tensor_v2 @x:Sub " TEST_TENSOR_ID (
                   "FloatStorage", "0",
                   "4") "0 ) ) False N t } 'name' 'n' s tR "
                        "'ordered' @collections:OrderedDict )R 'w' 1 s } '_metadata' 2 s b 'tag' @torch.jit._pickle:restore_type_tag ( } ( 'a' 1 5 2 u 'x' tR "
                        "'none' N 'text' 'x' u",
      CKPT_PERSISTENT_ZIP);

  check_children (tree, "dict", dict, G_N_ELEMENTS (dict));
  check_children (tree, "tag", dict, G_N_ELEMENTS (dict));
  check_children (tree, "list", list, G_N_ELEMENTS (list));
  check_children (tree, "tuple", list, G_N_ELEMENTS (list));
  check_children (tree, "set", list, G_N_ELEMENTS (list));
  check_children (tree, "object", object, G_N_ELEMENTS (object));
  check_children (tree, "odd", odd, G_N_ELEMENTS (odd));
  check_children (tree, "counter", counter, G_N_ELEMENTS (counter));
  check_children (tree, "sparse", sparse, G_N_ELEMENTS (sparse));
  check_children (tree, "subclass", subclass, G_N_ELEMENTS (subclass));
  check_children (tree, "ordered", ordered, G_N_ELEMENTS (ordered));
  check_children (tree, "tensor", NULL, 0);
  check_children (tree, "none", NULL, 0);
  check_children (tree, "text", NULL, 0);

  g_assert_cmpuint (ckpt_tree_get_key (tree, test_tree_get (tree, "object"), "y"), ==,
                    test_tree_get (tree, "[\"object\"].state[\"y\"]"));
  g_assert_cmpuint (ckpt_tree_get_key (tree, test_tree_get (tree, "dict"), "a"), ==,
                    test_tree_get (tree, "dict/a"));
  g_assert_cmpuint (ckpt_tree_get_key (tree, test_tree_get (tree, "dict"), "5"), ==, CKPT_NO_NODE);
  g_assert_cmpuint (ckpt_tree_get_key (tree, test_tree_get (tree, "none"), "a"), ==, CKPT_NO_NODE);
}

static void
test_scalars (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'i' -5 'b' True 'f' f0.25 'big' 2^64 's' 'x\\x00y' 'g' @torch:float16 u", CKPT_PERSISTENT_ZIP);
  guint64 full_length;
  gsize length;
  gint64 value = 77;

  g_assert_true (ckpt_tree_get_int (tree, test_tree_get (tree, "i"), &value));
  g_assert_cmpint (value, ==, -5);
  g_assert_false (ckpt_tree_get_int (tree, test_tree_get (tree, "big"), &value));
  g_assert_false (ckpt_tree_get_int (tree, test_tree_get (tree, "b"), &value));
  g_assert_cmpint (value, ==, -5);
  g_assert_true (ckpt_tree_get_bool (tree, test_tree_get (tree, "b")));
  g_assert_cmpfloat (ckpt_tree_get_float (tree, test_tree_get (tree, "f")), ==, 0.25);
  g_assert_cmpmem (ckpt_tree_peek_text (tree, test_tree_get (tree, "s"), &length, &full_length), 3, "x\0y",
                   3);
  g_assert_cmpuint (length, ==, 3);
  g_assert_cmpuint (full_length, ==, 3);
  g_assert_cmpstr (ckpt_tree_peek_text (tree, test_tree_get (tree, "g"), &length, NULL), ==, "torch.float16");
  g_assert_null (ckpt_tree_peek_text (tree, test_tree_get (tree, "i"), &length, NULL));
}

/* Text of more than 64 KiB is read from the file when it is asked for, and turned to bytes where it stands for some. */
static void
test_long_text (void)
{
  g_autoptr (GByteArray) pickle = g_byte_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) all_text = NULL;
  g_autoptr (GBytes) all_bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptTree) tree = NULL;
  guint64 full_length;
  gsize length;
  guint32 le;

  for (guint i = 0; i < 100000; i++)
    g_string_append_unichar (text, i % 256);
  le = GUINT32_TO_LE (text->len);
  g_byte_array_append (pickle, (const guint8 *) "(X", 2);
  g_byte_array_append (pickle, (const guint8 *) &le, 4);
  g_byte_array_append (pickle, (const guint8 *) text->str, text->len);
  g_byte_array_append (pickle, (const guint8 *) "q\001c_codecs\nencode\n(h\001X\006\0\0\0latin1tRt.", 36);
  tree = test_tree_new_for (pickle, CKPT_PERSISTENT_ZIP, CKPT_CONTAINER_PICKLE);

  g_assert_cmpint (ckpt_tree_get_kind (tree, test_tree_get (tree, "[0]")), ==, CKPT_KIND_STRING);
  g_assert_nonnull (ckpt_tree_peek_text (tree, test_tree_get (tree, "[0]"), &length, &full_length));
  g_assert_cmpuint (length, <, full_length);
  g_assert_cmpuint (full_length, ==, text->len);
  all_text = ckpt_tree_dup_text (tree, test_tree_get (tree, "[0]"), &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (all_text, NULL), g_bytes_get_size (all_text), text->str, text->len);

  g_assert_cmpint (ckpt_tree_get_kind (tree, test_tree_get (tree, "[1]")), ==, CKPT_KIND_BYTES);
  all_bytes = ckpt_tree_dup_text (tree, test_tree_get (tree, "[1]"), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (all_bytes), ==, 100000);
  for (guint i = 0; i < 100000; i++)
    g_assert_cmpuint (((const guint8 *) g_bytes_get_data (all_bytes, NULL))[i], ==, i % 256);
}

static void
test_read_storage (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'a' " TEST_TENSOR ("0") "'b' " TEST_TENSOR ("short") "'c' " TEST_TENSOR ("missing") "u",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (GError) error = NULL;
  guint8 buffer[16];

  /* The storages lie where the pickle lies. */
  g_assert_true (ckpt_tree_read_storage (tree, 0, 0, buffer, 16, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (buffer, 2, "}(", 2);
  g_assert_true (ckpt_tree_read_storage (tree, 0, 1, buffer, 2, &error));
  g_assert_cmpmem (buffer, 1, "(", 1);
  g_assert_true (ckpt_tree_read_storage (tree, 0, 16, buffer, 0, &error));

  g_assert_false (ckpt_tree_read_storage (tree, 0, 1, buffer, 16, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
  g_clear_error (&error);
  g_assert_false (ckpt_tree_read_storage (tree, 0, G_MAXUINT64, buffer, 16, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
  g_clear_error (&error);

  g_assert_true (ckpt_tree_read_storage (tree, 1, 0, buffer, 12, &error));
  g_assert_false (ckpt_tree_read_storage (tree, 1, 0, buffer, 13, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "storage-short");
  g_clear_error (&error);
  g_assert_false (ckpt_tree_read_storage (tree, 2, 0, buffer, 1, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "storage-missing");
}

static void
test_filling (void)
{
  static const gint64 shape[] = { 2, 3 };
  static const gint64 stride[] = { 3, 1 };
  g_autoptr (CkptTree) tree = test_tree_new ("}", CKPT_PERSISTENT_ZIP);
  const char *cpu = ckpt_tree_intern (tree, "cpu");
  CkptTensor tensor = { .storage = CKPT_NO_STORAGE,
                        .dtype = CKPT_DTYPE_FLOAT16,
                        .n_dims = 2,
                        .shape = shape,
                        .stride = stride,
                        .device = cpu,
                        .class_name = "Tensor",
                        .inner = CKPT_NO_TENSOR,
                        .tied_to = CKPT_NO_TENSOR };
  CkptStorage storage = { .key = "7",
                          .location = cpu,
                          .dtype = CKPT_DTYPE_FLOAT16,
                          .numel = 6,
                          .n_bytes = 12,
                          .record = CKPT_NO_RECORD };
  const CkptTensor *kept;
  CkptNodeId node;
  guint index;
  guint n_facts;

  tensor.storage = ckpt_tree_add_storage (tree, &storage);
  node = ckpt_tree_add_tensor (tree, &tensor, NULL);
  kept = ckpt_tree_get_node_tensor (tree, node);
  g_assert_cmpint (ckpt_tree_get_kind (tree, node), ==, CKPT_KIND_TENSOR);
  g_assert_cmpuint (kept->node, ==, node);
  g_assert_true (kept->shape != shape);
  g_assert_cmpmem (kept->shape, sizeof shape, shape, sizeof shape);
  g_assert_cmpmem (kept->stride, sizeof stride, stride, sizeof stride);
  g_assert_true (ckpt_tree_find_storage (tree, "7", &index));
  g_assert_cmpuint (index, ==, kept->storage);
  g_assert_false (ckpt_tree_find_storage (tree, "07", &index));
  g_assert_cmpuint (ckpt_tree_get_n_children (tree, node), ==, 0);

  tensor.n_dims = 0;
  tensor.shape = tensor.stride = NULL;
  g_assert_cmpuint (ckpt_tree_add_tensor (tree, &tensor, NULL), !=, CKPT_NO_NODE);

  g_assert_true (ckpt_tree_intern (tree, "cpu") == cpu);
  g_assert_true (ckpt_tree_intern (tree, "cuda") != cpu);
  ckpt_tree_add_fact (tree, "version", "3");
  g_assert_cmpstr (ckpt_tree_get_fact (tree, "version"), ==, "3");
  g_assert_null (ckpt_tree_get_fact (tree, "byteorder"));
  g_assert_cmpstr (ckpt_tree_get_facts (tree, &n_facts)[0].name, ==, "version");
  g_assert_cmpuint (n_facts, ==, 1);
  g_assert_false (ckpt_tree_is_cut (tree));
  ckpt_tree_set_cut (tree);
  g_assert_true (ckpt_tree_is_cut (tree));
}

/* Each allocation that fails in turn ends in an error, or in a tree that lacks a text; never in a crash. */
static void
test_no_memory (void)
{
  g_autoptr (GByteArray) pickle = test_pickle_assemble ("} ( 'a' " TEST_TENSOR (
      "0") "'b' ( 1 2 t 'c' @x:Y ) NEWOBJ } 'd' 1 s b 'e' @collections:OrderedDict ( ] ( ] ( 1 2 e e tR u");

  for (gint i = 0; i < 60; i++)
    {
      g_autoptr (CkptArchive) archive = NULL;
      g_autoptr (CkptSource) source = ckpt_source_open ("/proc/self/exe", NULL);
      g_autoptr (CkptTree) tree = NULL;
      g_autoptr (GError) error = NULL;

      archive = ckpt_archive_new (source);
      tree = ckpt_tree_new (archive);
      test_tree_decode (tree, pickle);
      ckpt_alloc_set_failure (i, TRUE);
      if (!ckpt_tree_recognise (tree, CKPT_PERSISTENT_ZIP, NULL, NULL, &error))
        g_assert_error (error, CKPT_ERROR, CKPT_ERROR_LIMIT);
      ckpt_alloc_set_failure (-1, FALSE);
    }
}

static void
test_glob (void)
{
  static const struct
  {
    const char *pattern;
    const char *text;
    gboolean is_match;
  } cases[] = {
    { "a", "a", TRUE },
    { "a", "b", FALSE },
    { "", "", TRUE },
    { "*", "", TRUE },
    { "*", "a/b", TRUE },
    { "?", "", FALSE },
    { "?", "é", TRUE },
    { "??", "é", FALSE },
    { "a*c", "abcbc", TRUE },
    { "a*c", "abcb", FALSE },
    { "*a*b*", "xaxbx", TRUE },
    { "*a*b*", "xbxax", FALSE },
    { "[abc]", "b", TRUE },
    { "[a-c]x", "bx", TRUE },
    { "[!a-c]", "d", TRUE },
    { "[!a-c]", "b", FALSE },
    { "[^a]", "a", FALSE },
    { "[]]", "]", TRUE },
    { "[a-]", "-", TRUE },
    { "[é-ü]", "ö", TRUE },
    { "[a", "[a", TRUE },
    { "layer.[0-9].w", "layer.3.w", TRUE },
    { "layer.[0-9].w", "layer.13.w", FALSE },
    { "\\*", "\\x", TRUE },
    { "?", "\xff", TRUE },
    { "\xff*", "\xff\xfe", TRUE },
  };
  g_autofree char *stars = g_strnfill (2000, '*');
  g_autofree char *pattern = g_strconcat ("*a*a*a*a*a*a*a*a*a*a*b", NULL);
  g_autofree char *text = g_strnfill (20000, 'a');

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    if (ckpt_glob_match (cases[i].pattern, cases[i].text) != cases[i].is_match)
      g_error ("%s and %s", cases[i].pattern, cases[i].text);

  /* Each star would double the time of a matcher that tries all ways. */
  g_assert_false (ckpt_glob_match (pattern, text));
  g_assert_true (ckpt_glob_match (stars, text));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tree/children", test_children);
  g_test_add_func ("/tree/scalars", test_scalars);
  g_test_add_func ("/tree/long-text", test_long_text);
  g_test_add_func ("/tree/read-storage", test_read_storage);
  g_test_add_func ("/tree/filling", test_filling);
  g_test_add_func ("/tree/no-memory", test_no_memory);
  g_test_add_func ("/tree/glob", test_glob);
  return g_test_run ();
}
