/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-edit.h"
#include "test-tree.h"

#include <string.h>

/* Edits of keys and plain values: rename, rename-prefix, rename-regex, remove, keep, duplicate, set. */

static char *
describe (CkptTree *tree, const char *path)
{
  return ckpt_tree_describe (tree, test_tree_get (tree, path));
}

static char *
list_keys (CkptTree *tree, const char *path)
{
  CkptNodeId node = *path != '\0' ? test_tree_get (tree, path) : ckpt_tree_get_root (tree);
  GString *text = g_string_new (NULL);

  for (guint32 i = 0; i < ckpt_tree_get_n_children (tree, node); i++)
    {
      g_autofree char *key = NULL;
      CkptChild child;

      ckpt_tree_get_child (tree, node, i, &child);
      key = child.key != CKPT_NO_NODE ? ckpt_tree_repr (tree, child.key) : g_strdup ("-");
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", key);
    }
  return g_string_free_and_steal (text);
}

#define assert_keys(tree, path, expected)                 \
  G_STMT_START                                            \
  {                                                       \
    g_autofree char *found_keys = list_keys (tree, path); \
    g_assert_cmpstr (found_keys, ==, expected);           \
  }                                                       \
  G_STMT_END

#define MANY "} ( 'a' 1 2 'b' 'c' ] ( 1 2 3 e 'd' } 'x' 7 s p5 'same' g5 True 'yes' u"

static void
test_rename (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (MANY, CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) text = test_edit_do (tree, "rename a z");
  g_autoptr (CkptTree) number = test_edit_do (tree, "rename '[2]' 3");
  g_autoptr (CkptTree) inner = test_edit_do (tree, "rename d/x 'new key'");
  g_autoptr (CkptTree) same = test_edit_do (tree, "rename a a");
  g_autofree char *taken = test_edit_fail (tree, "rename a c");
  g_autofree char *equal = test_edit_fail (tree, "rename '[2]' 1");
  g_autofree char *item = test_edit_fail (tree, "rename 'c/[0]' x");
  g_autofree char *several = test_edit_fail (tree, "rename '*' x");

  assert_keys (text, "", "'z' 2 'c' 'd' 'same' True");
  assert_keys (number, "", "'a' 3 'c' 'd' 'same' True");
  assert_keys (inner, "[\"same\"]", "'new key'");
  g_assert_true (same == tree);
  g_assert_nonnull (strstr (taken, "c"));
  g_assert_nonnull (strstr (equal, "1"));
}

/* collections.OrderedDict, defaultdict, and the attributes of an object. */
static void
test_other_dicts (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'o' @collections:OrderedDict )R ( 'k' 1 'l' 2 u 'd' @collections:defaultdict ( @builtins:list tR ( 'k' 1 u "
      "'m' @mine:Module ) NEWOBJ } ( 'lr' 1 '_modules' } 'fc' 2 s u b u",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) changed = test_edit_do_all (
      tree, "rename o/k z", "rename d/k z", "rename '[\"m\"].lr' rate",
      "rename '[\"m\"]._modules[\"fc\"]' head", "duplicate o/l m", "remove o/l", NULL);

  assert_keys (changed, "[\"o\"]", "'z' 'm'");
  assert_keys (changed, "[\"d\"]", "'z'");
  assert_keys (changed, "[\"m\"]", "'rate' '_modules'");
  assert_keys (changed, "[\"m\"]._modules", "'head'");
}

/* `_metadata` and the names in an optimizer follow. */
static void
test_followers (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("state_dict.pt");
  g_autoptr (CkptEffect) effect = NULL;
  g_autofree char *before = list_keys (tree, "._metadata");
  g_autoptr (CkptTree) prefixed = test_edit_apply (tree, "rename-prefix conv1. first.", &effect);
  g_autoptr (CkptTree) regex = test_edit_do (tree, "rename-regex '^fc(\\d)' 'linear\\1'");
  g_autoptr (CkptTree) one = test_edit_do (tree, "rename conv1.weight first.weight");
  g_autoptr (CkptTree) back = test_edit_do (prefixed, "rename-prefix first. conv1.");
  g_autofree char *keys = list_keys (prefixed, "");
  g_autofree char *paths = list_keys (prefixed, "._metadata");
  g_autofree char *regex_paths = list_keys (regex, "._metadata");
  g_autofree char *kept = list_keys (one, "._metadata");

  g_assert_cmpuint (effect->n, ==, 2);
  g_assert_nonnull (strstr (before, "'conv1'"));
  g_assert_nonnull (strstr (keys, "'first.weight'"));
  g_assert_null (strstr (keys, "'conv1"));
  g_assert_nonnull (strstr (paths, "'first'"));
  g_assert_null (strstr (paths, "'conv1'"));
  g_assert_nonnull (strstr (regex_paths, "'linear1'"));
  g_assert_null (strstr (regex_paths, "'fc1'"));
  g_assert_cmpstr (kept, ==, before);
  test_edit_assert_same (tree, ckpt_tree_get_root (tree), back, ckpt_tree_get_root (back));
}

static void
test_param_names (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("optim_adamw_named.pt");
  g_autoptr (CkptTree) changed = test_edit_do (tree, "rename-regex 'norm' 'ln' --under=model");
  g_autofree char *dump = test_edit_describe (changed, ckpt_tree_get_root (changed));

  g_assert_nonnull (strstr (dump, "ln.weight"));
  g_assert_null (strstr (dump, "norm.weight"));
}

static void
test_rename_refusals (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("state_dict.pt");
  g_autofree char *collision = test_edit_fail (tree, "rename-regex 'weight|bias' x");
  g_autofree char *pattern = test_edit_fail (tree, "rename-regex '(' x");
  g_autofree char *replacement = test_edit_fail (tree, "rename-regex a '\\g<'");
  g_autoptr (CkptTree) none = test_edit_do (tree, "rename-prefix nothing. x.");

  g_assert_nonnull (strstr (collision, "conv1.x"));
  g_assert_nonnull (strstr (pattern, "("));
  g_assert_true (none == tree);
}

static void
test_remove (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (MANY, CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptEffect) effect = NULL;
  g_autoptr (CkptTree) some = test_edit_apply (tree, "remove a '[2]' a 'c/[0]' 'c/[2]'", &effect);
  g_autoptr (CkptTree) inner = test_edit_do (tree, "remove d/x");
  g_autoptr (CkptTree) all = test_edit_do (tree, "remove '*'");
  g_autofree char *root = test_edit_fail (tree, "remove .");
  g_autofree char *missing = test_edit_fail (tree, "remove nowhere");
  g_autofree char *item = describe (some, "[\"c\"][0]");

  g_assert_cmpuint (effect->n, ==, 4);
  assert_keys (some, "", "'c' 'd' 'same' True");
  assert_keys (some, "[\"c\"]", "-");
  g_assert_cmpstr (item, ==, "2");
  assert_keys (inner, "[\"same\"]", "");
  g_assert_false (test_edit_has (all, "[\"a\"]"));
}

static void
test_remove_ties (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'a' " TEST_TENSOR ("0") "'b' " TEST_TENSOR ("0") "'c' " TEST_TENSOR ("1") "u",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) one = test_edit_do (tree, "remove a");
  g_autoptr (CkptTree) both = test_edit_do (one, "remove b");

  g_assert_true (ckpt_tree_has_storage (one, 0));
  g_assert_false (ckpt_tree_has_storage (both, 0));
  g_assert_true (ckpt_tree_has_storage (both, 1));
  test_edit_assert_same (tree, test_tree_get (tree, "[\"b\"]"), one, test_tree_get (one, "[\"b\"]"));
}

/* A list that holds itself. */
static void
test_cycles (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("cycle.pt");
  CkptNodeId root = ckpt_tree_get_root (tree);
  g_autoptr (CkptTree) changed = test_edit_do (tree, "remove a");

  g_assert_cmpuint (ckpt_tree_get_n_children (changed, root), ==, ckpt_tree_get_n_children (tree, root) - 1);
}

static void
test_keep (void)
{
  g_autoptr (CkptTree)
      tree = test_tree_new ("} ( 'a' 1 'm' } ( 'x' 1 'y' 2 'z' 3 u 'n' } 'q' 1 s u", CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) top = test_edit_do (tree, "keep m");
  g_autoptr (CkptTree) deep = test_edit_do (tree, "keep m/x m/z n");
  g_autoptr (CkptTree) whole = test_edit_do (tree, "keep m m/x");
  g_autoptr (CkptTree) all = test_edit_do (tree, "keep '*'");

  assert_keys (top, "", "'m'");
  assert_keys (top, "[\"m\"]", "'x' 'y' 'z'");
  assert_keys (deep, "", "'m' 'n'");
  assert_keys (deep, "[\"m\"]", "'x' 'z'");
  assert_keys (whole, "[\"m\"]", "'x' 'y' 'z'");
  g_assert_true (all == tree);
}

static void
test_duplicate (void)
{
  g_autoptr (CkptTree)
      tree = test_tree_new ("} ( 'a' } 'x' 1 s 't' " TEST_TENSOR ("0") "u", CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) changed = test_edit_do_all (tree, "duplicate a b", "set b/x 2", "duplicate t u", NULL);
  g_autofree char *first = describe (changed, "[\"a\"][\"x\"]");
  g_autofree char *second = describe (changed, "[\"b\"][\"x\"]");
  g_autofree char *taken = test_edit_fail (tree, "duplicate a t");

  assert_keys (changed, "", "'a' 'b' 't' 'u'");
  g_assert_cmpstr (first, ==, "1");
  g_assert_cmpstr (second, ==, "2");
  g_assert_cmpuint (test_edit_get_tensor (changed, "[\"t\"]")->storage, ==,
                    test_edit_get_tensor (changed, "[\"u\"]")->storage);
  g_assert_true (test_edit_get_tensor (changed, "[\"t\"]") != test_edit_get_tensor (changed, "[\"u\"]"));
}

/* A copy of an OrderedDict has pairs of its own. */
static void
test_duplicate_ordered (void)
{
  g_autoptr (CkptTree)
      tree = test_tree_new ("} 'o' @collections:OrderedDict )R ( 'k' 1 'l' 2 u s", CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) both = test_edit_do (tree, "duplicate o p");
  g_autoptr (CkptTree) one = test_edit_do (both, "remove o/k");
  g_autoptr (CkptTree) none = test_edit_do (both, "remove '*/*'");

  assert_keys (one, "[\"o\"]", "'l'");
  assert_keys (one, "[\"p\"]", "'k' 'l'");
  assert_keys (none, "[\"o\"]", "");
  assert_keys (none, "[\"p\"]", "");
}

static void
test_set (void)
{
  static const struct
  {
    const char *word, *shown;
  } values[] = {
    { "3", "3" },
    { "-5000000000", "-5000000000" },
    { "0.5", "0.5" },
    { "1e-3", "0.001" },
    { "True", "True" },
    { "None", "None" },
    { "'\"te xt\"'", "\"te xt\"" },
    { "False", "False" },
  };
  static const char *const bad[] = {
    "abc", "1.2.3", "''", "'(1, 2)'", "'\"open'", "0x", "99999999999999999999"
  };
  g_autoptr (CkptTree) tree = test_tree_new (MANY, CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) same = test_edit_do (tree, "set a 1");
  g_autoptr (CkptTree) item = test_edit_do (tree, "set 'c/[1]' 9");
  g_autofree char *dict = test_edit_fail (tree, "set d 1");
  g_autofree char *nine = describe (item, "[\"c\"][1]");

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *line = g_strdup_printf ("set '[2]' %s", values[i].word);
      g_autoptr (CkptTree) changed = test_edit_do (tree, line);
      g_autofree char *shown = describe (changed, "[2]");

      g_assert_cmpstr (shown, ==, values[i].shown);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *line = g_strdup_printf ("set a %s", bad[i]);
      g_autofree char *message = test_edit_fail (tree, line);
    }
  g_assert_true (same == tree);
  g_assert_cmpstr (nine, ==, "9");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/edit-keys/rename", test_rename);
  g_test_add_func ("/edit-keys/other-dicts", test_other_dicts);
  g_test_add_func ("/edit-keys/followers", test_followers);
  g_test_add_func ("/edit-keys/param-names", test_param_names);
  g_test_add_func ("/edit-keys/rename-refusals", test_rename_refusals);
  g_test_add_func ("/edit-keys/remove", test_remove);
  g_test_add_func ("/edit-keys/remove-ties", test_remove_ties);
  g_test_add_func ("/edit-keys/cycles", test_cycles);
  g_test_add_func ("/edit-keys/keep", test_keep);
  g_test_add_func ("/edit-keys/duplicate", test_duplicate);
  g_test_add_func ("/edit-keys/duplicate-ordered", test_duplicate_ordered);
  g_test_add_func ("/edit-keys/set", test_set);
  return g_test_run ();
}
