/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "analysis/ckpt-devices.h"

#include "test-tree.h"

#include <string.h>

#define ON(tag, class, key, numel, rest)                                                                    \
  "@torch._utils:_rebuild_tensor_v2 ( ( 'storage' @torch:" class " '" key "' '" tag "' " numel " t Q " rest \
                                                                 " False " TEST_HOOKS "tR "
#define VECTOR(tag, key, numel) ON (tag, "FloatStorage", key, numel, "0 ( " numel " t ( 1 t")
#define SCALAR(key)             ON ("cpu", "FloatStorage", key, "1", "0 ) )")
#define BYTES(key, numel)       ON ("cpu", "ByteStorage", key, numel, "0 ( " numel " t ( 1 t")

static CkptDevices *
find_devices (const char *words, CkptTree **tree)
{
  *tree = test_tree_new (words, CKPT_PERSISTENT_ZIP);
  return ckpt_devices_new (*tree, ckpt_tree_get_root (*tree));
}

static CkptStay
get_stay (const CkptDevices *devices, CkptTree *tree, const char *path)
{
  return ckpt_devices_get_stay (devices, ckpt_tree_get_node_tensor (tree, test_tree_get (tree, path))->index);
}

static void
test_tags (void)
{
  static const char *const good[] = { "cpu",   "cuda", "cuda:0", "cuda:127",       "mps",
                                      "mps:0", "meta", "xpu:1",  "privateuseone:0" };
  static const char *const bad[] = { "cpu:0",   "",        "foo",     "cuda:",  "cuda:128",
                                     "cuda:01", "cuda:-1", "cuda:1x", "meta:0", "cuda:0:0",
                                     "CUDA:0",  "cudaa",   "xla:0",   ":0" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (ckpt_device_check (good[i], &error));
      g_assert_no_error (error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (ckpt_device_check (bad[i], &error));
      g_assert_error (error, CKPT_ERROR, CKPT_ERROR_INVALID_EDIT);
    }
}

/* Views count as tensors, their storage once. */
static void
test_rows (void)
{
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (CkptDevices) devices = find_devices (
      "} ( 'a' " VECTOR ("cuda:1", "0", "4") "'b' " ON (
          "cuda:1", "FloatStorage", "0", "4",
          "2 ( 2 t ( 1 t") "'c' " VECTOR ("cpu", "1",
                                          "2") "'s' ( 'storage' @torch:FloatStorage '2' 'mps' 8 t Q 'd' "
                                               "@torch._utils:_rebuild_device_tensor_from_cpu_tensor ( " VECTOR (
                                                   "cpu", "3", "6") "@torch:float32 'xla:0' False tR u",
      &tree);
  const CkptDeviceRow *row;

  g_assert_cmpuint (devices->rows->len, ==, 4);
  row = ckpt_devices_find (devices, "cuda:1");
  g_assert_cmpuint (row->n_storages, ==, 1);
  g_assert_cmpuint (row->n_tensors, ==, 2);
  g_assert_cmpuint (row->n_bytes, ==, 16);
  g_assert_cmpuint (row->n_calls, ==, 0);
  row = ckpt_devices_find (devices, "mps");
  g_assert_cmpuint (row->n_storages, ==, 1);
  g_assert_cmpuint (row->n_tensors, ==, 0);
  g_assert_cmpuint (row->n_bytes, ==, 32);
  row = ckpt_devices_find (devices, "xla:0");
  g_assert_cmpuint (row->n_storages, ==, 0);
  g_assert_cmpuint (row->n_calls, ==, 1);
  g_assert_cmpuint (row->n_bytes, ==, 24);
  g_assert_cmpuint (ckpt_devices_find (devices, "cpu")->n_storages, ==, 2);
  g_assert_null (ckpt_devices_find (devices, "cuda:0"));
}

static void
test_objects (void)
{
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (CkptDevices) devices = find_devices (
      "} ( 'device' @torch:device ( 'cuda' 1 tR 'where' @torch:device ( 'cpu' tR 'text' 'cuda:0' 'cuda:0' 'metal' "
      "'what' 'meta' u",
      &tree);
  const CkptDeviceObject *object;

  g_assert_cmpuint (devices->n_objects, ==, 3);
  object = devices->objects->pdata[0];
  g_assert_cmpstr (object->tag, ==, "cuda:1");
  g_assert_cmpstr (object->path, ==, "[\"device\"]");
  object = devices->objects->pdata[1];
  g_assert_cmpstr (object->tag, ==, "cpu");
  object = devices->objects->pdata[2];
  g_assert_cmpstr (object->tag, ==, "cuda:0");
  g_assert_cmpstr (object->path, ==, "[\"text\"]");
  g_assert_cmpuint (ckpt_devices_find (devices, "cuda:1")->n_objects, ==, 1);
  g_assert_cmpuint (ckpt_devices_find (devices, "cuda:1")->n_tensors, ==, 0);
}

static void
test_rng (void)
{
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (CkptDevices) devices = find_devices (
      "} ( 'a' " BYTES ("0", "5056") "'rng_state' } 'cuda' ] ( " BYTES ("1", "16") "es 'image' " BYTES (
          "2", "16") "'RNG' " VECTOR ("cpu", "3", "4") "u",
      &tree);

  g_assert_cmpuint (get_stay (devices, tree, "[\"a\"]"), ==, CKPT_STAY_RNG);
  g_assert_cmpuint (get_stay (devices, tree, "[\"rng_state\"][\"cuda\"][0]"), ==, CKPT_STAY_RNG);
  g_assert_cmpuint (get_stay (devices, tree, "[\"image\"]"), ==, CKPT_STAY_NONE);
  g_assert_cmpuint (get_stay (devices, tree, "[\"RNG\"]"), ==, CKPT_STAY_NONE);
  g_assert_cmpuint (ckpt_devices_find (devices, "cpu")->n_staying, ==, 2);
}

#define STATE(id, key)    id " } 'step' " SCALAR (key) "s "
#define GROUP(id, option) "} ( 'params' ] " id " a " option " u "

static void
test_steps (void)
{
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (CkptDevices) devices = find_devices (
      "} ( 'one' } ( 'state' } ( " STATE ("0", "0") STATE ("1", "1") "u 'param_groups' ] ( " GROUP ("0", "")
          GROUP ("1",
                 "'fused' N") "e u "
                              "'two' } ( 'state' } ( " STATE ("0", "2") STATE ("1", "3") STATE ("2", "4")
                                  STATE ("'w'", "5") "u 'param_groups' ] ( " GROUP ("0", "'capturable' False")
                                      GROUP ("1", "'capturable' True") GROUP ("2", "'fused' True") GROUP (
                                          "'w'", "'capturable' True") "e u "
                                                                      "'state' } " STATE ("0", "6") "s "
                                                                                                    "u",
      &tree);

  g_assert_cmpuint (get_stay (devices, tree, "[\"one\"][\"state\"][0][\"step\"]"), ==, CKPT_STAY_STEP);
  g_assert_cmpuint (get_stay (devices, tree, "[\"one\"][\"state\"][1][\"step\"]"), ==, CKPT_STAY_STEP);
  g_assert_cmpuint (get_stay (devices, tree, "[\"two\"][\"state\"][0][\"step\"]"), ==, CKPT_STAY_STEP);
  g_assert_cmpuint (get_stay (devices, tree, "[\"two\"][\"state\"][1][\"step\"]"), ==, CKPT_STAY_NONE);
  g_assert_cmpuint (get_stay (devices, tree, "[\"two\"][\"state\"][2][\"step\"]"), ==, CKPT_STAY_NONE);
  g_assert_cmpuint (get_stay (devices, tree, "[\"two\"][\"state\"][\"w\"][\"step\"]"), ==, CKPT_STAY_NONE);
  g_assert_cmpuint (get_stay (devices, tree, "[\"state\"][0][\"step\"]"), ==, CKPT_STAY_NONE);
}

/* An optimizer that is the root itself, or where the search begins. */
static void
test_from (void)
{
  g_autoptr (CkptTree) tree = test_tree_new ("} 'o' } ( 'state' } " STATE ("0", "0") "s 'param_groups' ] u s",
                                             CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptDevices) devices = ckpt_devices_new (tree, test_tree_get (tree, "[\"o\"]"));
  g_autoptr (CkptDevices) none = ckpt_devices_new (tree, test_tree_get (tree, "[\"o\"][\"param_groups\"]"));

  g_assert_cmpuint (get_stay (devices, tree, "[\"o\"][\"state\"][0][\"step\"]"), ==, CKPT_STAY_STEP);
  g_assert_cmpuint (none->rows->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/devices/tags", test_tags);
  g_test_add_func ("/devices/rows", test_rows);
  g_test_add_func ("/devices/objects", test_objects);
  g_test_add_func ("/devices/rng", test_rng);
  g_test_add_func ("/devices/steps", test_steps);
  g_test_add_func ("/devices/from", test_from);
  return g_test_run ();
}
