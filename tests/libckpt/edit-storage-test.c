/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-edit.h"
#include "test-tree.h"

#include "model/ckpt-path.h"
#include "model/ckpt-values.h"

#include <string.h>

/* Edits that give tensors other storages: cast, compact, split. What PyTorch makes of the same is in tests/interop/edits.py. */

typedef void (*CheckFunc) (CkptTree *before, CkptTree *after);

static void
for_all_files (const char *line, CheckFunc check)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "fixtures", "torch-2.13", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autoptr (CkptTree) tree = NULL;
      g_autoptr (CkptTree) changed = NULL;

      if (!g_str_has_suffix (name, ".pt"))
        continue;
      tree = test_edit_load (name);
      changed = test_edit_do (tree, line);
      check (tree, changed);
      n++;
    }
  g_assert_cmpuint (n, >, 50);
}

typedef struct
{
  CkptTree *after;
  guint n;
} Pair;

static double *
read_values (CkptTree *tree, const CkptTensor *tensor)
{
  double *values = g_new (double, tensor->numel + 1);
  g_autoptr (GError) error = NULL;

  ckpt_tensor_read_doubles (tree, tensor, 0, tensor->numel, values, &error);
  g_assert_no_error (error);
  return values;
}

/* The same tensors at the same places, with the same values and sharing. */
static gboolean
compare (CkptTree *tree,
         const CkptPath *path,
         guint depth,
         const CkptChild *child,
         gboolean is_repeat,
         gpointer user_data)
{
  Pair *pair = user_data;
  const CkptTensor *before = ckpt_tree_get_node_tensor (tree, child->node);
  const CkptTensor *after;
  g_autofree double *old_values = NULL;
  g_autofree double *new_values = NULL;
  g_autofree char *where = NULL;

  if (before == NULL || is_repeat)
    return TRUE;
  where = ckpt_path_to_string (path, tree);
  after = test_edit_get_tensor (pair->after, where);
  g_assert_cmpuint (before->numel, ==, after->numel);
  g_assert_cmpuint (before->flags, ==, after->flags);
  g_assert_cmpstr (before->class_name, ==, after->class_name);
  g_assert_cmpstr (before->device, ==, after->device);
  if (ckpt_tensor_get_unreadable (tree, before) != NULL)
    return TRUE;
  old_values = read_values (tree, before);
  new_values = read_values (pair->after, after);
  for (guint64 i = 0; i < before->numel; i++)
    if (old_values[i] == old_values[i] && old_values[i] != new_values[i])
      g_error ("%s: %g, not %g (%s, %s)", where, new_values[i], old_values[i],
               ckpt_dtype_get_name (before->dtype), ckpt_tree_get_storage (tree, before->storage)->key);
  pair->n++;
  return TRUE;
}

static void
check_values (CkptTree *before, CkptTree *after)
{
  Pair pair = { after, 0 };

  ckpt_tree_walk (before, ckpt_tree_get_root (before), compare, &pair);
}

/* Nothing is lost in float64, in any file: big-endian ones, whole modules, quantized and sparse tensors. */
static void
test_cast_all_files (void)
{
  for_all_files ("cast float64", check_values);
}

static guint64
count_bytes (CkptTree *tree)
{
  guint64 n = 0;

  for (guint i = 0; i < ckpt_tree_get_n_storages (tree); i++)
    if (ckpt_tree_has_storage (tree, i))
      n += ckpt_tree_get_storage (tree, i)->n_bytes;
  return n;
}

static void
check_no_more (CkptTree *before, CkptTree *after)
{
  check_values (before, after);
  g_assert_cmpuint (count_bytes (after), <=, count_bytes (before));
}

static void
test_compact_all_files (void)
{
  for_all_files ("compact", check_no_more);
}

static void
check_no_ties (CkptTree *before, CkptTree *after)
{
  check_values (before, after);
  for (guint i = 0; i < ckpt_tree_get_n_tensors (after); i++)
    {
      const CkptTensor *tensor = ckpt_tree_get_tensor (after, i);

      if (ckpt_tree_has_tensor (after, i) && tensor->inner == CKPT_NO_TENSOR &&
          ckpt_dtype_get_info (tensor->dtype)->bits >= 8)
        g_assert_cmpuint (ckpt_tree_get_tied_to (after, tensor), ==, CKPT_NO_TENSOR);
    }
}

static void
test_split_all_files (void)
{
  for_all_files ("split", check_no_ties);
}

#define VIEW(class, key, numel, rest) TEST_TENSOR_OF (class, key, numel, rest)
#define ALL4                          "0 ( 4 t ( 1 t"
#define LAST2                         "2 ( 2 t ( 1 t"

/* A storage is converted once: what shared it still does. */
static void
test_ties (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'a' " VIEW ("FloatStorage", "0", "4", ALL4) "p9 'same' g9 'tied' " VIEW (
          "FloatStorage", "0", "4",
          ALL4) "'part' " VIEW ("FloatStorage", "0", "4",
                                LAST2) "'p' @torch._utils:_rebuild_parameter ( " VIEW ("FloatStorage", "0",
                                                                                       "4",
                                                                                       ALL4) "True N tR u",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptEffect) effect = NULL;
  g_autoptr (CkptTree) cast = test_edit_apply (tree, "cast float16 a", &effect);
  const CkptTensor *a = test_edit_get_tensor (cast, "[\"a\"]");
  const CkptTensor *part = test_edit_get_tensor (cast, "[\"part\"]");
  const CkptTensor *parameter = test_edit_get_tensor (cast, "[\"p\"]");

  g_assert_cmpuint (a->dtype, ==, CKPT_DTYPE_FLOAT16);
  g_assert_cmpuint (ckpt_tree_get_storage (cast, a->storage)->n_bytes, ==, 8);
  g_assert_cmpuint (part->storage, ==, a->storage);
  g_assert_cmpint (part->offset, ==, 2);
  g_assert_cmpuint (test_edit_get_tensor (cast, "[\"tied\"]")->storage, ==, a->storage);
  g_assert_true (test_edit_get_tensor (cast, "[\"same\"]") == a);
  g_assert_cmpuint (parameter->storage, ==, a->storage);
  g_assert_cmpuint (parameter->flags, ==, CKPT_TENSOR_PARAMETER | CKPT_TENSOR_REQUIRES_GRAD);
}

static void
test_cast_leaves (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'int' " VIEW ("LongStorage", "0", "4", ALL4) "'complex' " VIEW ("ComplexFloatStorage", "1", "4", ALL4) "'float' " VIEW ("FloatStorage", "2", "4", ALL4) "'storage' ( 'storage' @torch:FloatStorage '2' 'cpu' 4 t Q 'missing' " VIEW (
          "FloatStorage", "missing", "4",
          ALL4) "'short' " VIEW ("FloatStorage", "short", "4",
                                 ALL4) "'q' @torch._utils:_rebuild_qtensor " TEST_TENSOR_ID ("QInt8Storage",
                                                                                             "3",
                                                                                             "4") "0 ( 4 t ( 1 t ( @torch:per_tensor_affine f0.5 3 t False N tR u",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptEffect) effect = NULL;
  g_autoptr (CkptTree) cast = test_edit_apply (tree, "cast half", &effect);
  g_autofree char *notes = test_edit_join_notes (effect);

  g_assert_true (cast == tree);
  g_assert_nonnull (strstr (notes, "3 tensors stay"));
}

static void
test_keeping (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("optim_adamw_groups.pt");
  g_autoptr (CkptTree) all = test_edit_do (tree, "cast bfloat16");
  g_autoptr (CkptTree) few = test_edit_do (tree, "cast bfloat16 --keep-norm --keep-optimizer");

  g_assert_cmpuint (test_edit_get_tensor (all, "[\"model\"][\"norm.weight\"]")->dtype, ==,
                    CKPT_DTYPE_BFLOAT16);
  g_assert_cmpuint (test_edit_get_tensor (all, "[\"optimizer\"][\"state\"][0][\"exp_avg\"]")->dtype, ==,
                    CKPT_DTYPE_BFLOAT16);
  g_assert_cmpuint (test_edit_get_tensor (all, "[\"optimizer\"][\"state\"][0][\"step\"]")->dtype, ==,
                    CKPT_DTYPE_FLOAT32);
  g_assert_cmpuint (test_edit_get_tensor (few, "[\"model\"][\"norm.weight\"]")->dtype, ==,
                    CKPT_DTYPE_FLOAT32);
  g_assert_cmpuint (test_edit_get_tensor (few, "[\"model\"][\"out.weight\"]")->dtype, ==,
                    CKPT_DTYPE_BFLOAT16);
  g_assert_cmpuint (test_edit_get_tensor (few, "[\"optimizer\"][\"state\"][0][\"exp_avg\"]")->dtype, ==,
                    CKPT_DTYPE_FLOAT32);
}

static void
test_loss (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("special_values.pt");
  g_autoptr (CkptEffect) effect = NULL;
  g_autoptr (CkptTree) cast = test_edit_apply (tree, "cast float8_e4m3fn", &effect);
  g_autofree char *notes = test_edit_join_notes (effect);
  g_autoptr (CkptTree) plain = test_edit_load ("state_dict.pt");
  g_autoptr (CkptEffect) rounding = NULL;
  g_autoptr (CkptTree) rounded = test_edit_apply (plain, "cast float8_e4m3fn", &rounding);
  g_autofree char *more = test_edit_join_notes (rounding);
  g_autofree char *message = test_edit_fail (tree, "cast int8");
  g_autofree char *unknown = test_edit_fail (tree, "cast float7");

  g_assert_nonnull (strstr (notes, "become NaN."));
  g_assert_nonnull (strstr (more, "are rounded."));
  g_assert_nonnull (strstr (message, "int8"));
  g_assert_nonnull (strstr (unknown, "float7"));
}

/* Two pieces of one storage become two storages; the tie within a piece stays. */
static void
test_compact (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'a' " VIEW ("FloatStorage", "0", "100", "10 ( 4 t ( 1 t") "'b' " VIEW (
          "FloatStorage", "0", "100",
          "12 ( 4 t ( 1 t") "'c' " VIEW ("FloatStorage", "0", "100",
                                         "50 ( 3 t ( 10 t") "'whole' " VIEW ("FloatStorage", "1", "4",
                                                                             ALL4) "'empty' " VIEW ("FloatStorage",
                                                                                                    "2", "5",
                                                                                                    "0 ( 0 t ( 1 t") "u",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptEffect) effect = NULL;
  g_autoptr (CkptTree) compact = test_edit_apply (tree, "compact", &effect);
  g_autoptr (CkptTree) again = test_edit_do (compact, "compact");
  g_autoptr (CkptTree) part = test_edit_do (tree, "compact whole");
  const CkptTensor *a = test_edit_get_tensor (compact, "[\"a\"]");
  const CkptTensor *b = test_edit_get_tensor (compact, "[\"b\"]");
  const CkptTensor *c = test_edit_get_tensor (compact, "[\"c\"]");

  g_assert_cmpuint (effect->n, ==, 4);
  g_assert_cmpuint (a->storage, ==, b->storage);
  g_assert_cmpint (b->offset, ==, 2);
  g_assert_cmpuint (ckpt_tree_get_storage (compact, a->storage)->n_bytes, ==, 24);
  g_assert_cmpuint (ckpt_tree_get_storage (compact, c->storage)->n_bytes, ==, 12);
  g_assert_cmpint (c->stride[0], ==, 1);
  g_assert_cmpuint (count_bytes (compact), ==, 24 + 12 + 16);
  g_assert_true (again == compact);
  g_assert_true (part == tree);
  check_values (tree, compact);
}

/* One object at several places. */
static void
test_split_objects (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'a' @torch._utils:_rebuild_parameter ( " VIEW (
          "FloatStorage", "0", "4", ALL4) "True N tR p9 'b' g9 'l' ] g9 a 'd' } 'x' g9 s u",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) all = test_edit_do (tree, "split");
  g_autoptr (CkptTree) one = test_edit_do (tree, "split b");

  g_assert_cmpuint (count_bytes (all), ==, 64);
  g_assert_cmpuint (count_bytes (one), ==, 32);
  g_assert_true (test_edit_get_tensor (one, "[\"a\"]") == test_edit_get_tensor (one, "[\"l\"][0]"));
  g_assert_true (test_edit_get_tensor (one, "[\"a\"]") != test_edit_get_tensor (one, "[\"b\"]"));
  check_values (tree, all);
  check_values (tree, one);
}

/* The bytes of a storage that is made are the same whatever part of it is asked for. */
static void
test_odd_reads (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("big_endian.pt");
  g_autoptr (CkptTree) cast = test_edit_do (tree, "cast float64");
  guint n = 0;

  for (guint i = 0; i < ckpt_tree_get_n_storages (cast); i++)
    {
      const CkptStorage *storage = ckpt_tree_get_storage (cast, i);
      g_autofree guint8 *whole = g_malloc (storage->n_bytes + 1);
      guint8 part[11];

      if (storage->bytes != CKPT_BYTES_CAST)
        continue;
      g_assert_true (storage->is_big_endian);
      g_assert_true (ckpt_tree_read_storage (cast, i, 0, whole, storage->n_bytes, NULL));
      for (guint64 at = 0; at + sizeof part <= storage->n_bytes; at += 3)
        {
          g_assert_true (ckpt_tree_read_storage (cast, i, at, part, sizeof part, NULL));
          g_assert_cmpmem (part, sizeof part, whole + at, sizeof part);
        }
      g_assert_false (ckpt_tree_read_storage (cast, i, storage->n_bytes, part, 1, NULL));
      n++;
    }
  g_assert_cmpuint (n, >, 0);
}

/* Conversions one after the other end somewhere. */
static void
test_depth (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("state_dict.pt");
  g_autofree char *message = NULL;

  for (guint i = 0; i < 32; i++)
    {
      g_autoptr (CkptTree) next = test_edit_do (tree, i % 2 == 0 ? "cast float16" : "cast float32");

      ckpt_tree_unref (tree);
      tree = g_steal_pointer (&next);
    }
  message = test_edit_fail (tree, "cast float16");
  g_assert_nonnull (strstr (message, "save"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/edit-storage/cast-all-files", test_cast_all_files);
  g_test_add_func ("/edit-storage/compact-all-files", test_compact_all_files);
  g_test_add_func ("/edit-storage/split-all-files", test_split_all_files);
  g_test_add_func ("/edit-storage/ties", test_ties);
  g_test_add_func ("/edit-storage/cast-leaves", test_cast_leaves);
  g_test_add_func ("/edit-storage/keeping", test_keeping);
  g_test_add_func ("/edit-storage/loss", test_loss);
  g_test_add_func ("/edit-storage/compact", test_compact);
  g_test_add_func ("/edit-storage/split-objects", test_split_objects);
  g_test_add_func ("/edit-storage/odd-reads", test_odd_reads);
  g_test_add_func ("/edit-storage/depth", test_depth);
  return g_test_run ();
}
