/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-edit.h"
#include "test-tree.h"

#include <string.h>

/* Unwrapping keys and modules, and state dicts of pickled modules. PyTorch's own answers to the same are in tests/interop. */

static void
check_same (CkptTree *a, CkptTree *b)
{
  test_edit_assert_same (a, ckpt_tree_get_root (a), b, ckpt_tree_get_root (b));
}

/* The text keys of the dict at a path, joined by spaces. */
static char *
join_keys (CkptTree *tree, const char *path)
{
  CkptNodeId dict = test_tree_get (tree, path);
  GString *keys = g_string_new (NULL);

  for (guint32 i = 0; i < ckpt_tree_get_n_children (tree, dict); i++)
    {
      CkptChild child;
      gsize length;

      ckpt_tree_get_child (tree, dict, i, &child);
      if (child.kind == CKPT_STEP_KEY)
        g_string_append_printf (keys, "%s%s", i > 0 ? " " : "",
                                ckpt_tree_peek_text (tree, child.key, &length, NULL));
    }
  return g_string_free_and_steal (keys);
}

static void
check_keys (CkptTree *tree, const char *path, const char *expected)
{
  g_autofree char *keys = join_keys (tree, path);

  g_assert_cmpstr (keys, ==, expected);
}

/* What wraps a model in one way or another comes back to the keys of the model itself. */
static void
test_unwrap (void)
{
  static const char *const files[] = { "prefix_compiled.pt", "prefix_ddp_compiled.pt",
                                       "prefix_double_module.pt", "prefix_compiled_layers.pt" };
  g_autoptr (CkptTree) model = test_edit_load ("state_dict.pt");
  g_autofree char *keys = join_keys (model, ".");

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (CkptTree) wrapped = test_edit_load (files[i]);
      g_autoptr (CkptTree) unwrapped = test_edit_do (wrapped, "unwrap");

      check_keys (unwrapped, ".", keys);
    }
}

/* `_metadata` is then that of the model itself, too. */
static void
test_unwrap_metadata (void)
{
  static const char *const files[] = { "dataparallel_state_dict.pt", "prefix_averaged_model.pt",
                                       "dataparallel_state_dict.legacy.pt" };
  g_autoptr (CkptTree) model = test_edit_load ("state_dict.pt");

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (CkptTree) wrapped = test_edit_load (files[i]);
      g_autoptr (CkptEffect) effect = NULL;
      g_autoptr (CkptTree) unwrapped = test_edit_apply (wrapped, "unwrap", &effect);

      check_same (unwrapped, model);
      g_assert_cmpuint (effect->n, ==, 14);
      g_assert_cmpuint (effect->notes->len, ==, i == 1 ? 1 : 0);
    }
}

static void
test_unwrap_given (void)
{
  g_autoptr (CkptTree) middle = test_edit_load ("prefix_compiled_middle.pt");
  g_autoptr (CkptTree) model = test_edit_load ("state_dict.pt");
  g_autoptr (CkptTree) compiled = test_edit_do (middle, "unwrap");
  g_autoptr (CkptTree) both = test_edit_do (middle, "unwrap _orig_mod. model");
  g_autoptr (CkptTree) dotted = test_edit_do (middle, "unwrap model._orig_mod.");
  g_autofree char *keys = join_keys (model, ".");

  g_assert_true (test_edit_has (compiled, "[\"model.conv1.weight\"]"));
  check_keys (both, ".", keys);
  check_keys (dotted, ".", keys);
}

static void
test_unwrap_partial (void)
{
  g_autoptr (CkptTree) odd = test_edit_load ("prefix_not_a_wrapper.pt");
  g_autoptr (CkptTree) same = test_edit_do (odd, "unwrap");
  g_autoptr (CkptEffect) effect = NULL;
  g_autoptr (CkptTree) partial = test_edit_apply (odd, "unwrap module --partial", &effect);
  g_autofree char *message = test_edit_fail (odd, "unwrap module");
  g_autofree char *notes = test_edit_join_notes (effect);

  g_assert_true (same == odd);
  g_assert_nonnull (strstr (message, "1 keys carry it, 2 do not"));
  check_keys (partial, ".", "weight other.weight a.module.b");
  g_assert_cmpstr (notes, ==, "1 keys carry it, 2 do not.\n");
}

static void
test_collision (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("prefix_collision.pt");
  g_autofree char *message = test_edit_fail (tree, "unwrap module --partial");

  g_assert_cmpstr (message, ==, "1 key would be there twice: fc.weight.");
}

static void
test_prefix (void)
{
  g_autoptr (CkptTree) model = test_edit_load ("state_dict.pt");
  g_autoptr (CkptTree) parallel = test_edit_load ("dataparallel_state_dict.pt");
  g_autoptr (CkptTree) wrapped = test_edit_do (model, "prefix module");
  g_autoptr (CkptTree) twice = test_edit_do (model, "prefix module.module.");
  g_autoptr (CkptTree) back = test_edit_do (twice, "unwrap");
  g_autofree char *message = test_edit_fail (model, "prefix a..b");

  check_same (wrapped, parallel);
  check_same (back, model);
  g_assert_nonnull (message);
}

/* Names in optimizers follow; ids and other dicts do not. */
static void
test_optimizer (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("optim_adamw_named.pt");
  g_autoptr (CkptEffect) effect = NULL;
  g_autoptr (CkptTree) wrapped = test_edit_apply (tree, "prefix module --under=model", &effect);
  g_autoptr (CkptTree) back = test_edit_do (wrapped, "unwrap");
  g_autofree char *notes = test_edit_join_notes (effect);
  gsize length;

  g_assert_cmpstr (ckpt_tree_peek_text (
                       wrapped,
                       test_tree_get (wrapped, "[\"optimizer\"][\"param_groups\"][0][\"param_names\"][0]"),
                       &length, NULL),
                   ==, "module.conv.weight");
  g_assert_cmpstr (notes, ==, "6 names in optimizers follow.\n");
  check_same (back, tree);
}

/* One dict at two places, and one that holds itself, are renamed once. */
static void
test_aliased (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} p1 ( 'a' } p2 ( 'module.w' " TEST_TENSOR ("0") " 'module.self' g2 u 'b' g2 'all' g1 u",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptEffect) effect = NULL;
  g_autoptr (CkptTree) unwrapped = test_edit_apply (tree, "unwrap", &effect);

  g_assert_cmpuint (effect->n, ==, 2);
  check_keys (unwrapped, "[\"b\"]", "w self");
  g_assert_cmpuint (test_tree_get (unwrapped, "[\"a\"][\"self\"]"), ==, test_tree_get (unwrapped, "[\"b\"]"));
}

/* Hooks of PyTorch take a wrapper out of the keys and leave it in `_metadata`. */
static void
test_stale_metadata (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "@collections:OrderedDict )R ( 'a.w' " TEST_TENSOR (
          "0") " u } '_metadata' @collections:OrderedDict )R ( '' } 'version' 1 s 'a' } 'version' 1 s "
               "'a._checkpoint_wrapped_module' } 'version' 2 s 'a._checkpoint_wrapped_module.b' } 'version' 3 s u s b",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) unwrapped = test_edit_do (tree, "unwrap");

  check_keys (unwrapped, "._metadata", " a a.b");
  g_assert_cmpint (
      ckpt_tree_get_kind (unwrapped, test_tree_get (unwrapped, "._metadata[\"a\"][\"version\"]")), ==,
      CKPT_KIND_INT);
}

static void
test_unwrap_object (void)
{
  static const char *const files[] = { "dataparallel_object.pt", "dataparallel_object.legacy.pt" };
  g_autoptr (CkptTree) model = test_edit_load ("whole_model.pt");

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (CkptTree) parallel = test_edit_load (files[i]);
      g_autoptr (CkptTree) unwrapped = test_edit_do (parallel, "unwrap-object");

      check_same (unwrapped, model);
    }
}

#define WRAPPER(class, child, inner)                                                                       \
  "@" class " ) NEWOBJ } ( 'training' True '_parameters' } '_buffers' } '_modules' } ( '" child "' " inner \
            " u u b "
#define PARALLEL(inner) WRAPPER ("torch.nn.parallel.data_parallel:DataParallel", "module", inner)
#define COMPILED(inner)                                \
  "@torch._dynamo.eval_frame:OptimizedModule ( " inner \
  " @torch._dynamo.eval_frame:OptimizeContext ( N N t R t R "
#define LINEAR                                                                                             \
  "@torch.nn.modules.linear:Linear ) NEWOBJ } ( 'training' True '_parameters' } ( 'weight' " TEST_TENSOR ( \
      "0") " u '_buffers' } '_modules' } u b "

static void
test_nested_objects (void)
{
  g_autoptr (CkptTree) inner = test_tree_new ("} ( 'a' " LINEAR " 'b' ] u", CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) nested = test_tree_new ("} ( 'a' " PARALLEL (COMPILED (PARALLEL (LINEAR))) " 'b' ] u",
                                               CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) unwrapped = test_edit_do (nested, "unwrap-object a");
  g_autoptr (CkptTree)
      layer = test_tree_new (WRAPPER ("a:Net", "layer", COMPILED (LINEAR)), CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) plain_layer = test_tree_new (WRAPPER ("a:Net", "layer", LINEAR), CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) unwrapped_layer = test_edit_do (layer, "unwrap-object");
  g_autoptr (CkptTree) itself = test_tree_new (
      "@torch.nn.parallel.data_parallel:DataParallel ) NEWOBJ p1 } ( '_parameters' } '_buffers' } '_modules' } 'module' g1 s u b",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) nothing = test_edit_do (itself, "unwrap-object");

  check_same (unwrapped, inner);
  check_same (unwrapped_layer, plain_layer);
  g_assert_true (nothing == itself);
}

static void
test_state_dict (void)
{
  g_autoptr (CkptTree) module = test_edit_load ("whole_model.pt");
  g_autoptr (CkptTree) model = test_edit_load ("state_dict.pt");
  g_autofree char *keys = join_keys (model, ".");
  g_autoptr (CkptEffect) effect = NULL;
  g_autoptr (CkptTree) state_dict = test_edit_apply (module, "state-dict", &effect);
  g_autofree char *notes = test_edit_join_notes (effect);

  check_keys (state_dict, ".", keys);
  test_edit_assert_same (state_dict, test_tree_get (state_dict, "[\"conv1.weight\"]"), model,
                         test_tree_get (model, "[\"conv1.weight\"]"));
  check_keys (state_dict, "._metadata", "conv1 bn pool conv2 fc1 fc2");
  test_edit_assert_same (state_dict, test_tree_get (state_dict, "._metadata[\"bn\"]"), model,
                         test_tree_get (model, "._metadata[\"bn\"]"));
  g_assert_cmpstr (
      notes, ==,
      "1 module of a class outside torch: its own state_dict, get_extra_state, _version or hooks, if any, are not in the file\n");
}

/* A module that hangs twice is in the state dict twice, with tensors of their own that share a storage; a buffer loses its gradient. */
static void
test_shared (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'net' @torch.nn.modules.container:Sequential ) NEWOBJ } ( '_parameters' } '_buffers' } 'b' @torch._utils:_rebuild_tensor_v2 " TEST_TENSOR_ID (
          "FloatStorage", "1", "4") "0 ( 4 t ( 1 t True " TEST_HOOKS "tR s '_modules' } ( 'x' " LINEAR
                                    "p7 'y' g7 u u b 'epoch' 3 u",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) state_dict = test_edit_do (tree, "state-dict net");
  const CkptTensor *x, *y;

  check_keys (state_dict, "[\"net\"]", "b x.weight y.weight");
  x = test_edit_get_tensor (state_dict, "[\"net\"][\"x.weight\"]");
  y = test_edit_get_tensor (state_dict, "[\"net\"][\"y.weight\"]");
  g_assert_cmpuint (x->storage, ==, y->storage);
  g_assert_cmpuint (test_tree_get (state_dict, "[\"net\"][\"x.weight\"]"), !=,
                    test_tree_get (state_dict, "[\"net\"][\"y.weight\"]"));
  g_assert_cmpuint (test_edit_get_tensor (state_dict, "[\"net\"][\"b\"]")->flags, ==, 0);
  g_assert_cmpuint (test_edit_get_tensor (tree, "[\"net\"]._buffers[\"b\"]")->flags, ==,
                    CKPT_TENSOR_REQUIRES_GRAD);
}

static gboolean
get_bool (CkptTree *tree, const char *path)
{
  return ckpt_tree_get_bool (tree, test_tree_get (tree, path));
}

static void
test_mode (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("whole_model.pt");
  g_autoptr (CkptEffect) effect = NULL;
  g_autoptr (CkptTree) eval = test_edit_apply (tree, "eval", &effect);
  g_autoptr (CkptTree) mixed = test_edit_do (eval, "train '._modules[\"bn\"]'");
  g_autoptr (CkptTree) back = test_edit_do (eval, "train");
  g_autoptr (CkptTree) same = test_edit_do (tree, "train");

  g_assert_cmpuint (effect->n, ==, 7);
  g_assert_true (get_bool (tree, ".training") && get_bool (tree, "._modules[\"bn\"].training"));
  g_assert_false (get_bool (eval, ".training") || get_bool (eval, "._modules[\"bn\"].training"));
  g_assert_false (get_bool (mixed, ".training"));
  g_assert_true (get_bool (mixed, "._modules[\"bn\"].training"));
  check_same (back, tree);
  g_assert_true (same == tree);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/edit-modules/unwrap", test_unwrap);
  g_test_add_func ("/edit-modules/unwrap-metadata", test_unwrap_metadata);
  g_test_add_func ("/edit-modules/unwrap-given", test_unwrap_given);
  g_test_add_func ("/edit-modules/unwrap-partial", test_unwrap_partial);
  g_test_add_func ("/edit-modules/collision", test_collision);
  g_test_add_func ("/edit-modules/prefix", test_prefix);
  g_test_add_func ("/edit-modules/optimizer", test_optimizer);
  g_test_add_func ("/edit-modules/aliased", test_aliased);
  g_test_add_func ("/edit-modules/stale-metadata", test_stale_metadata);
  g_test_add_func ("/edit-modules/unwrap-object", test_unwrap_object);
  g_test_add_func ("/edit-modules/nested-objects", test_nested_objects);
  g_test_add_func ("/edit-modules/state-dict", test_state_dict);
  g_test_add_func ("/edit-modules/shared", test_shared);
  g_test_add_func ("/edit-modules/mode", test_mode);
  return g_test_run ();
}
