/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/ckpt-module.h"
#include "analysis/ckpt-state-dict.h"
#include "analysis/ckpt-weights-only.h"
#include "analysis/ckpt-wrappers.h"

#include "test-tree.h"

#include <string.h>

/* Pickled modules and wrappers in keys, in inputs that PyTorch would not write. What it does write is compared with it in tests/interop. */

#define MODULE(modules)                                                                                                    \
  "@torch.nn.modules.container:Sequential ) NEWOBJ } ( 'training' True '_parameters' } '_buffers' } '_modules' } " modules \
  " u b "

static void
test_in_itself (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "@a:Net ) NEWOBJ p1 } ( '_parameters' } '_buffers' } '_modules' } ( 'x' g1 u u b", CKPT_PERSISTENT_ZIP);
  g_autoptr (GError) error = NULL;

  g_assert_true (ckpt_module_check (tree, ckpt_tree_get_root (tree)));
  g_assert_null (ckpt_state_dict_new (tree, ckpt_tree_get_root (tree), &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "module-in-itself");
}

/* Every module hangs twice in the next one: 2^40 modules to go through. */
static void
test_limit (void)
{
  g_autoptr (GString) words = g_string_new ("");
  g_autofree char *name = g_strnfill (200, 'a');
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (GArray) modules = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 40; i++)
    g_string_append_printf (
        words,
        "@torch.nn.modules.container:Sequential ) NEWOBJ } ( '_parameters' } '_buffers' } '_modules' } ( '%s' ",
        name);
  g_string_append (words, MODULE (""));
  for (guint i = 0; i < 40; i++)
    g_string_append_printf (words, "p%u 'b' g%u u u b ", i, i);
  tree = test_tree_new (words->str, CKPT_PERSISTENT_ZIP);
  modules = ckpt_module_list_all (tree, ckpt_tree_get_root (tree));
  g_assert_cmpuint (modules->len, ==, 41);
  g_assert_null (ckpt_state_dict_new (tree, ckpt_tree_get_root (tree), &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_LIMIT);
}

/* Keys that are no names, a key that comes twice, values that are no tensors. */
static void
test_odd (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "@a:Net ) NEWOBJ } ( '_parameters' } ( 1 'one' 'w' " TEST_TENSOR ("0") " 'x\\x00' 3 'w' " TEST_TENSOR (
          "1") " 'n' N u '_buffers' } "
               "'_modules' } ( 'm' 3 'n' N 's' " MODULE ("") " u '_non_persistent_buffers_set' 7 u b",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptStateDict) state_dict = ckpt_state_dict_new (tree, ckpt_tree_get_root (tree), NULL);
  gboolean training;
  guint version;

  g_assert_nonnull (state_dict);
  g_assert_cmpuint (state_dict->entries->len, ==, 1);
  g_assert_cmpstr (g_array_index (state_dict->entries, CkptStateEntry, 0).key, ==, "w");
  g_assert_cmpstr (
      ckpt_tree_get_storage (
          tree, ckpt_tree_get_node_tensor (tree, g_array_index (state_dict->entries, CkptStateEntry, 0).value)
                    ->storage)
          ->key,
      ==, "1");
  g_assert_cmpuint (state_dict->modules->len, ==, 2);
  g_assert_cmpstr (g_array_index (state_dict->modules, CkptStateModule, 1).path, ==, "s");
  g_assert_false (
      ckpt_state_module_get_version (&g_array_index (state_dict->modules, CkptStateModule, 0), &version));
  g_assert_false (ckpt_module_get_training (tree, ckpt_tree_get_root (tree), &training));
  g_assert_true (ckpt_module_get_training (
                     tree, g_array_index (state_dict->modules, CkptStateModule, 1).module, &training) &&
                 training);
}

static void
check_strip (const char *key, gboolean is_path, const char *names, const char *expected)
{
  g_auto (GStrv) split = g_strsplit (names, " ", -1);
  g_autofree char *stripped = ckpt_wrappers_strip (key, is_path, (const char *const *) split);

  g_assert_cmpstr (stripped, ==, expected);
}

static void
test_strip (void)
{
  check_strip ("module.fc.weight", FALSE, "module", "fc.weight");
  check_strip ("module.module.fc.weight", FALSE, "module", "fc.weight");
  check_strip ("fc.module.weight", FALSE, "module", "fc.module.weight");
  check_strip ("modules.fc", FALSE, "module", "modules.fc");
  check_strip ("module", FALSE, "module", "module");
  check_strip ("module", TRUE, "module", "");
  check_strip ("module.fc", TRUE, "module", "fc");
  check_strip ("", TRUE, "module", "");
  check_strip ("layers.0._orig_mod.weight", FALSE, "_orig_mod", "layers.0.weight");
  check_strip ("_orig_mod.a._orig_mod.w", FALSE, "_orig_mod", "a.w");
  check_strip ("a._orig_mod", FALSE, "_orig_mod", "a._orig_mod");
  check_strip ("a._orig_mod", TRUE, "_orig_mod", "a");
  check_strip ("a._orig_model.w", FALSE, "_orig_mod", "a._orig_model.w");
  check_strip ("_orig_mod.module.w", FALSE, "module _orig_mod", "w");
  check_strip ("model.model.w", FALSE, "model", "model.w");
  check_strip ("module.model.w", FALSE, "module model", "w");
}

/* "NAME N of M" of each wrapper, with "*" where it is suggested. */
static char *
describe_wrappers (const char *words)
{
  g_autoptr (CkptTree) tree = test_tree_new (words, CKPT_PERSISTENT_ZIP);
  g_autoptr (GArray) wrappers = ckpt_wrappers_find (tree, ckpt_tree_get_root (tree));
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < wrappers->len; i++)
    {
      const CkptWrapper *wrapper = &g_array_index (wrappers, CkptWrapper, i);

      g_string_append_printf (text, "%s%s%s %" G_GUINT64_FORMAT "+%" G_GUINT64_FORMAT, i > 0 ? ", " : "",
                              wrapper->name, wrapper->is_suggested ? "*" : "", wrapper->n_keys,
                              wrapper->n_others);
    }
  return g_string_free_and_steal (text);
}

static void
check_wrappers (const char *words, const char *expected)
{
  g_autofree char *found = describe_wrappers (words);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_wrappers (void)
{
  check_wrappers ("} ( 'module.a' " TEST_TENSOR ("0") " 'module.b' " TEST_TENSOR ("1") " u", "module* 2+0");
  check_wrappers ("} ( 'n_averaged' " TEST_TENSOR ("0") " 'module.b' " TEST_TENSOR ("1") " u", "module* 1+0");
  check_wrappers ("} ( 'module.a' " TEST_TENSOR ("0") " 'b' " TEST_TENSOR ("1") " u", "module 1+1");
  check_wrappers ("} ( 'module.a' " TEST_TENSOR ("0") " 'b' 3 u", "module* 1+1");
  check_wrappers ("} ( 'model.a' " TEST_TENSOR ("0") " u", "model 1+0");
  check_wrappers ("} ( 'model.a' " TEST_TENSOR ("0") " 'head' " TEST_TENSOR ("1") " u", "");
  check_wrappers ("} ( 'a._orig_mod.w' " TEST_TENSOR ("0") " 'b.w' " TEST_TENSOR ("1") " u",
                  "_orig_mod* 1+1");
  check_wrappers ("} ( '_orig_mod.module.w' " TEST_TENSOR ("0") " u", "_orig_mod* 1+0, module* 1+0");
  check_wrappers ("} ( '_orig_mod' " TEST_TENSOR ("0") " 'module' " TEST_TENSOR ("0") " 7 8 u", "");
  check_wrappers ("} ( 'w' " TEST_TENSOR ("0") " u", "");
}

static void
test_dicts (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'model' } ( 'a.w' " TEST_TENSOR ("0") " u 'epoch' 3 'optimizer' } ( 'state' } ( 0 } ( 'exp_avg' " TEST_TENSOR (
          "1") " u u u 'net' @a:Net ) NEWOBJ } ( '_parameters' } ( 'w' " TEST_TENSOR ("2") " u '_buffers' } '_modules' } u b u",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (GArray) dicts = ckpt_wrappers_list_dicts (tree, ckpt_tree_get_root (tree));

  g_assert_cmpuint (dicts->len, ==, 2);
  g_assert_cmpuint (g_array_index (dicts, CkptNodeId, 0), ==, test_tree_get (tree, "[\"model\"]"));
}

/* One reason a word; PyTorch's own answers are in tests/interop. */
static void
check_refusals (const char *words, const char *expected)
{
  g_autoptr (CkptTree) tree = test_tree_new (words, CKPT_PERSISTENT_LEGACY);
  g_autoptr (GPtrArray) refusals = ckpt_weights_only_list (tree, ckpt_tree_get_root (tree));
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < refusals->len; i++)
    {
      const CkptRefusal *refusal = refusals->pdata[i];
      g_autofree char *text = ckpt_refusal_describe (refusal);

      g_assert_cmpstr (text, !=, "");
      g_string_append_printf (found, "%s%d %s", i > 0 ? ", " : "", refusal->reason, refusal->path);
    }
  g_assert_cmpstr (found->str, ==, expected);
}

static void
test_refusals (void)
{
  check_refusals ("} ( 'a' ( ( 'module' @a:Net 'net.py' N t Q ) NEWOBJ t u",
                  "3 [\"a\"][0], 6 [\"a\"][0], 1 [\"a\"][0]");
  check_refusals ("] ( @a:make )R )R e", "3 [0], 1 [0]");
  check_refusals ("] ( @os:system @__builtin__:set ] \x85R e", "2 [0]");
  check_refusals ("] ( 2^2000 2^2038 e", "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/module/in-itself", test_in_itself);
  g_test_add_func ("/module/limit", test_limit);
  g_test_add_func ("/module/odd", test_odd);
  g_test_add_func ("/module/strip", test_strip);
  g_test_add_func ("/module/wrappers", test_wrappers);
  g_test_add_func ("/module/dicts", test_dicts);
  g_test_add_func ("/module/refusals", test_refusals);
  return g_test_run ();
}
