/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-edit.h"
#include "test-tree.h"

#include "model/ckpt-path.h"

#include <string.h>

#define ON(tag, class, key, numel, rest)                                                                    \
  "@torch._utils:_rebuild_tensor_v2 ( ( 'storage' @torch:" class " '" key "' '" tag "' " numel " t Q " rest \
                                                                 " False " TEST_HOOKS "tR "
#define VECTOR(tag, key, numel) ON (tag, "FloatStorage", key, numel, "0 ( " numel " t ( 1 t")

static const char *
get_device (CkptTree *tree, const char *path)
{
  return test_edit_get_tensor (tree, path)->device;
}

/* As a dict for map_location, and as a text. */
static void
test_tags (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("mixed_devices.pt");
  g_autoptr (CkptTree) one = test_edit_do (tree, "device cuda:0=cuda:1 cuda=mps");
  g_autoptr (CkptTree) all = test_edit_do (tree, "device '*=cpu'");
  g_autoptr (CkptTree) most = test_edit_do (tree, "device '*=cpu' cuda:3=cuda:3 cpu=xpu:0");

  g_assert_cmpstr (get_device (one, "[\"a\"]"), ==, "cuda:1");
  g_assert_cmpstr (get_device (one, "[\"b\"]"), ==, "cuda:3");
  g_assert_cmpstr (get_device (one, "[\"c\"]"), ==, "cpu");
  g_assert_cmpstr (get_device (one, "[\"g\"]"), ==, "mps");
  for (guint i = 0; i < ckpt_tree_get_n_tensors (all); i++)
    g_assert_cmpstr (ckpt_tree_get_tensor (all, i)->device, ==, "cpu");
  for (guint i = 0; i < ckpt_tree_get_n_storages (all); i++)
    g_assert_cmpstr (ckpt_tree_get_storage (all, i)->location, ==, "cpu");
  g_assert_cmpstr (get_device (most, "[\"a\"]"), ==, "cpu");
  g_assert_cmpstr (get_device (most, "[\"b\"]"), ==, "cuda:3");
  g_assert_cmpstr (get_device (most, "[\"c\"]"), ==, "xpu:0");
}

/* Every fixture, with all that it may hold: aliases, cycles, sparse and quantized tensors, whole modules. */
static void
test_all_files (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "fixtures", "torch-2.13", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autoptr (CkptTree) tree = NULL;
      g_autoptr (CkptTree) moved = NULL;
      g_autoptr (CkptTree) back = NULL;

      if (!g_str_has_suffix (name, ".pt"))
        continue;
      tree = test_edit_load (name);
      moved = test_edit_do (tree, "device '*=cuda:5' --include-rng --include-step");
      for (guint i = 0; i < ckpt_tree_get_n_storages (moved); i++)
        if (ckpt_tree_has_storage (moved, i))
          g_assert_cmpstr (ckpt_tree_get_storage (moved, i)->location, ==, "cuda:5");
      back = test_edit_do (moved, "device '*=cpu'");
      for (guint i = 0; i < ckpt_tree_get_n_tensors (back); i++)
        if (ckpt_tree_has_tensor (back, i) && strcmp (ckpt_tree_get_tensor (back, i)->device, "meta") != 0)
          g_assert_cmpstr (ckpt_tree_get_tensor (back, i)->device, ==, "cpu");
      n++;
    }
  g_assert_cmpuint (n, >, 50);
}

static void
test_under (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'a' } ( 'x' " VECTOR ("cuda:1", "0", "4") "u 'b' } ( 'y' " ON (
          "cuda:1", "FloatStorage", "0", "4", "2 ( 2 t ( 1 t") "'z' " VECTOR ("cuda:1", "1", "4") "u u",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptEffect) effect = NULL;
  g_autoptr (CkptTree) moved = test_edit_apply (tree, "device cuda:1=cpu --under=a", &effect);
  g_autofree char *notes = test_edit_join_notes (effect);

  g_assert_cmpstr (get_device (moved, "[\"a\"][\"x\"]"), ==, "cpu");
  g_assert_cmpstr (get_device (moved, "[\"b\"][\"y\"]"), ==, "cpu");
  g_assert_cmpstr (get_device (moved, "[\"b\"][\"z\"]"), ==, "cuda:1");
  g_assert_cmpuint (effect->n, ==, 2);
  g_assert_cmpstr (effect->title, ==, "Move 2 tensors to cpu");
  g_assert_nonnull (strstr (notes, "[\"b\"][\"y\"]"));
}

#define STEP                                                                                        \
  "} ( 'state' } 0 } ( 'step' " ON ("cpu", "FloatStorage", "s", "1", "0 ) )") "'exp_avg' " VECTOR ( \
      "cpu", "e", "4") "u s 'param_groups' ] } 'params' ] 0 a s a u "

static void
test_staying (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'o' " STEP "'rng_state' " ON ("cpu", "ByteStorage", "r", "16", "0 ( 16 t ( 1 t") "u",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptEffect) effect = NULL;
  g_autoptr (CkptTree) moved = test_edit_apply (tree, "device cpu=cuda:0", &effect);
  g_autoptr (CkptTree) all = test_edit_do (tree, "device cpu=cuda:0 --include-rng --include-step");
  g_autoptr (CkptTree) other = test_edit_do (all, "device cuda:0=cuda:1");
  g_autofree char *notes = test_edit_join_notes (effect);

  g_assert_cmpstr (get_device (moved, "[\"o\"][\"state\"][0][\"step\"]"), ==, "cpu");
  g_assert_cmpstr (get_device (moved, "[\"o\"][\"state\"][0][\"exp_avg\"]"), ==, "cuda:0");
  g_assert_cmpstr (get_device (moved, "[\"rng_state\"]"), ==, "cpu");
  g_assert_cmpuint (effect->n, ==, 1);
  g_assert_nonnull (strstr (notes, "random number"));
  g_assert_nonnull (strstr (notes, "counter"));
  g_assert_cmpstr (get_device (all, "[\"o\"][\"state\"][0][\"step\"]"), ==, "cuda:0");
  g_assert_cmpstr (get_device (all, "[\"rng_state\"]"), ==, "cuda:0");
  g_assert_cmpstr (get_device (other, "[\"rng_state\"]"), ==, "cuda:1");
}

static char *
describe (CkptTree *tree, const char *path)
{
  return ckpt_tree_describe (tree, test_tree_get (tree, path));
}

static void
test_objects (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'd' @torch:device ( 'cuda' 1 tR p5 'again' g5 'text' 'cuda:1' p6 'same' g6 'cuda:1' 3 'l' ] g6 a 't' " VECTOR (
          "cuda:1", "0", "4") "u",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptEffect) effect = NULL;
  g_autoptr (CkptTree) plain = test_edit_apply (tree, "device cuda:1=cpu", &effect);
  g_autoptr (CkptTree) moved = test_edit_do (tree, "device cuda:1=mps:0 --objects");
  g_autoptr (CkptTree) one = test_edit_do (tree, "device cuda:1=cpu --objects --under=text");
  g_autofree char *notes = test_edit_join_notes (effect);
  g_autofree char *kept = describe (plain, "[\"d\"]");
  g_autofree char *object = describe (moved, "[\"again\"]");
  g_autofree char *text = describe (moved, "[\"same\"]");
  g_autofree char *item = describe (moved, "[\"l\"][0]");
  g_autofree char *single = describe (one, "[\"text\"]");
  g_autofree char *other = describe (one, "[\"same\"]");

  g_assert_cmpuint (effect->n, ==, 1);
  g_assert_nonnull (strstr (notes, "4 torch.devices"));
  g_assert_nonnull (strstr (kept, "cuda"));
  g_assert_nonnull (strstr (object, "mps"));
  g_assert_cmpstr (text, ==, "\"mps:0\"");
  g_assert_cmpstr (item, ==, "\"mps:0\"");
  g_assert_true (test_edit_has (moved, "[\"cuda:1\"]"));
  g_assert_cmpuint (test_tree_get (moved, "[\"d\"]"), ==, test_tree_get (moved, "[\"again\"]"));
  g_assert_cmpstr (single, ==, "\"cpu\"");
  g_assert_cmpstr (other, ==, "\"cuda:1\"");
  g_assert_cmpstr (get_device (one, "[\"t\"]"), ==, "cuda:1");
}

#define XLA(grad)                                                    \
  "@torch._utils:_rebuild_device_tensor_from_cpu_tensor ( " VECTOR ( \
      "cpu", "0", "4") "@torch:float32 'xla:0' " grad " tR "

static void
test_device_tensors (void)
{
  g_autoptr (CkptTree)
      tree = test_tree_new ("} ( 'x' " XLA ("False") "'y' " XLA (
                                "True") "'p' @torch._utils:_rebuild_parameter ( " XLA ("False") "True N tR u",
                            CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptEffect) effect = NULL;
  g_autoptr (CkptTree) cpu = test_edit_apply (tree, "device '*=cpu'", &effect);
  g_autoptr (CkptTree) other = test_edit_do (tree, "device xla:0=cuda:0");
  g_autoptr (CkptTree) payload = test_edit_do (tree, "device '*=cuda:2'");
  const CkptTensor *tensor = test_edit_get_tensor (cpu, "[\"x\"]");

  g_assert_cmpuint (effect->n, ==, 3);
  g_assert_cmpstr (tensor->device, ==, "cpu");
  g_assert_cmpuint (tensor->inner, ==, CKPT_NO_TENSOR);
  tensor = test_edit_get_tensor (cpu, "[\"y\"]");
  g_assert_cmpuint (tensor->flags, ==, CKPT_TENSOR_REQUIRES_GRAD);
  g_assert_cmpuint (tensor->inner, ==, CKPT_NO_TENSOR);
  tensor = test_edit_get_tensor (cpu, "[\"p\"]");
  g_assert_cmpuint (tensor->flags, ==, CKPT_TENSOR_REQUIRES_GRAD | CKPT_TENSOR_PARAMETER);
  g_assert_cmpstr (tensor->device, ==, "cpu");
  g_assert_cmpstr (get_device (other, "[\"x\"]"), ==, "cuda:0");
  g_assert_cmpstr (get_device (other, "[\"p\"]"), ==, "cuda:0");
  g_assert_cmpstr (get_device (payload, "[\"x\"]"), ==, "cuda:2");
  g_assert_cmpstr (ckpt_tree_get_storage (payload, 0)->location, ==, "cpu");
}

#define WRAPPER \
  "( @mine:Wrapped @torch:float32 ( 2 t ( 1 t 0 @torch:strided @torch:device ( 'cuda' 1 tR False t "

static void
test_wrappers (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'w' @torch._utils:_rebuild_wrapper_subclass " WRAPPER "R "
      "'t' @torch._tensor:_rebuild_from_type_v2 ( @torch._utils:_rebuild_wrapper_subclass @mine:Wrapped " WRAPPER
      "} 'inner' " VECTOR ("cuda:1", "0", "2") "s tR u",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) moved = test_edit_do (tree, "device cuda:1=cpu");

  g_assert_cmpstr (get_device (tree, "[\"w\"]"), ==, "cuda:1");
  g_assert_cmpstr (get_device (moved, "[\"w\"]"), ==, "cpu");
  g_assert_cmpstr (get_device (moved, "[\"t\"]"), ==, "cpu");
  g_assert_cmpstr (get_device (moved, "[\"t\"].inner"), ==, "cpu");
}

static void
test_refusals (void)
{
  static const char *const lines[] = {
    "device cuda:1=cpu:0", "device '*=meta'",     "device cuda:1",    "device =cpu",
    "device cuda:1=",      "device a=cpu a=cuda", "device '*=xla:0'", "device '*=cpu' --under=nowhere",
  };
  g_autoptr (CkptTree) tree = test_edit_load ("mixed_devices.pt");
  g_autoptr (CkptTree) none = test_edit_do (tree, "device cuda:7=cpu");

  g_assert_true (none == tree);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *message = test_edit_fail (tree, lines[i]);

      g_assert_true (g_str_has_suffix (message, ".") || strstr (message, "nowhere") != NULL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/edit-device/tags", test_tags);
  g_test_add_func ("/edit-device/all-files", test_all_files);
  g_test_add_func ("/edit-device/under", test_under);
  g_test_add_func ("/edit-device/staying", test_staying);
  g_test_add_func ("/edit-device/objects", test_objects);
  g_test_add_func ("/edit-device/device-tensors", test_device_tensors);
  g_test_add_func ("/edit-device/wrappers", test_wrappers);
  g_test_add_func ("/edit-device/refusals", test_refusals);
  return g_test_run ();
}
