/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "model/ckpt-item.h"
#include "model/ckpt-natural.h"
#include "model/ckpt-tree-private.h"
#include "pickle/ckpt-opcodes.h"
#include "test-files.h"

/* A tree that a test puts together. */
typedef struct
{
  CkptTree *tree;
  CkptNodes *nodes;
} Build;

static Build
build_new (void)
{
  g_autofree char *path = test_files_write ("item", "nothing", 7);
  g_autoptr (CkptSource) source = ckpt_source_open (path, NULL);
  g_autoptr (CkptArchive) archive = ckpt_archive_new (source);
  Build build;

  build.tree = ckpt_tree_new (archive);
  build.nodes = ckpt_tree_get_nodes (build.tree);
  return build;
}

static CkptNodeId
new_text (Build *build, const char *text)
{
  return ckpt_nodes_add_text (build->nodes, CKPT_KIND_STRING, 0, CKPT_OP_BINUNICODE, text, strlen (text),
                              NULL);
}

static CkptNodeId
new_int (Build *build, gint64 value)
{
  return ckpt_nodes_add_int (build->nodes, value, CKPT_OP_BININT, NULL);
}

static CkptNodeId
new_container (Build *build, CkptKind kind)
{
  guint8 opcode = kind == CKPT_KIND_DICT ? CKPT_OP_EMPTY_DICT : CKPT_OP_EMPTY_LIST;

  return ckpt_nodes_add_container (build->nodes, kind, opcode, 0, NULL, 0, NULL);
}

static void
append (Build *build, CkptNodeId list, CkptNodeId item)
{
  g_assert_true (ckpt_nodes_append (build->nodes, list, &item, 1, NULL));
}

static void
set (Build *build, CkptNodeId dict, const char *key, CkptNodeId value)
{
  CkptNodeId pair[] = { new_text (build, key), value };

  g_assert_true (ckpt_nodes_append (build->nodes, dict, pair, 2, NULL));
}

/* The item of what was built, which keeps the tree. */
static CkptItem *
finish (Build *build, CkptNodeId root, CkptItemFlags flags)
{
  g_autoptr (CkptTree) tree = build->tree;
  g_autoptr (CkptOutline) outline = NULL;

  ckpt_tree_set_root (tree, root);
  g_assert_true (ckpt_tree_recognise (tree, CKPT_PERSISTENT_OTHER, NULL, NULL, NULL));
  g_assert_true (ckpt_tree_finish (tree, NULL));
  outline = ckpt_outline_new (tree);
  return ckpt_item_new (outline, flags);
}

static CkptItem *
split (const char *const *keys, CkptItemFlags flags)
{
  Build build = build_new ();
  CkptNodeId dict = new_container (&build, CKPT_KIND_DICT);

  for (gsize i = 0; keys[i] != NULL; i++)
    set (&build, dict, keys[i], new_int (&build, (gint64) i));
  return finish (&build, dict, flags);
}

static CkptItem *
get (CkptItem *item, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (item), position);
}

/* "a{b c{d e}}": the labels of all rows. */
static void
describe (CkptItem *item, GString *text)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (item));

  g_assert_cmpint (ckpt_item_has_children (item), ==, n > 0);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CkptItem) child = get (item, i);

      if (i > 0)
        g_string_append_c (text, ' ');
      g_string_append (text, ckpt_item_get_label (child));
      if (!ckpt_item_has_children (child))
        continue;
      g_string_append_c (text, '{');
      describe (child, text);
      g_string_append_c (text, '}');
    }
}

static void
assert_rows (CkptItem *item, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  describe (item, text);
  g_assert_cmpstr (text->str, ==, expected);
}

/* All keys that the rows under @item stand for. */
static void
collect (CkptItem *item, GHashTable *keys)
{
  if (ckpt_item_get_role (item) == CKPT_ITEM_VALUE)
    {
      g_assert_true (g_hash_table_add (keys, ckpt_item_dup_key (item)));
      return;
    }
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (item)); i++)
    {
      g_autoptr (CkptItem) child = get (item, i);

      g_assert_true (ckpt_item_get_parent (child) == item);
      collect (child, keys);
    }
}

static void
assert_reachable (const char *const *keys, CkptItem *root)
{
  g_autoptr (GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  collect (root, found);
  g_assert_cmpuint (g_hash_table_size (found), ==, g_strv_length ((char **) keys));
  for (gsize i = 0; keys[i] != NULL; i++)
    g_assert_true (g_hash_table_contains (found, keys[i]));
}

static void
test_modules (void)
{
  const char *const keys[] = { "wte.weight", "h.0.ln.weight", "h.0.ln.bias", "h.1.w", "ln_f.w",
                               "h.10.w",     "h.2.w",         "head",        NULL };
  g_autoptr (CkptItem) root = split (keys, CKPT_ITEM_SPLIT_KEYS);
  g_autoptr (CkptItem) by_name = split (keys, CKPT_ITEM_SPLIT_KEYS | CKPT_ITEM_BY_NAME);
  g_autoptr (CkptItem) flat = split (keys, CKPT_ITEM_FLAGS_NONE);
  g_autoptr (CkptItem) flat_by_name = split (keys, CKPT_ITEM_BY_NAME);

  assert_rows (root, "wte.weight h{0.ln{weight bias} 1.w 10.w 2.w} ln_f.w head");
  assert_rows (by_name, "h{0.ln{bias weight} 1.w 2.w 10.w} head ln_f.w wte.weight");
  assert_rows (flat, "wte.weight h.0.ln.weight h.0.ln.bias h.1.w ln_f.w h.10.w h.2.w head");
  assert_rows (flat_by_name, "h.0.ln.bias h.0.ln.weight h.1.w h.2.w h.10.w head ln_f.w wte.weight");
  assert_reachable (keys, root);
  assert_reachable (keys, by_name);
}

/* Blocks of one structure under numbers: the first is shown, the others are one row, which can be opened. */
static void
test_fold (void)
{
  const char *const keys[] = { "wte.w",   "h.0.a.w", "h.0.b",   "h.1.a.w", "h.1.b",   "h.2.a.w", "h.2.b",
                               "h.3.c",   "h.3.b",   "h.4.a.w", "h.4.b",   "x.0.a.w", "x.0.a.b", "x.1.a.w",
                               "x.1.a.b", "x.2.a.w", "x.2.a.b", "n.0",     "n.1",     "n.2",     "z.01.a",
                               "z.01.b",  "z.02.a",  "z.02.b",  "z.03.a",  "z.03.b",  "e.0.w",   "e.1.w",
                               "e.2.w",   "e.3.w",   NULL };
  const CkptItemFlags flags = CKPT_ITEM_SPLIT_KEYS | CKPT_ITEM_FOLD_BLOCKS;
  g_autoptr (CkptItem) root = split (keys, flags);
  g_autoptr (CkptItem) flat = split (keys, CKPT_ITEM_FOLD_BLOCKS);
  g_autoptr (CkptItem) h = get (root, 1), x = get (root, 2), fold = get (x, 1), second = get (fold, 1);
  g_autofree char *key = ckpt_item_dup_key (fold), *value = ckpt_item_dup_value (fold);
  g_autoptr (GArray) children = NULL;
  g_autofree char *label = NULL;
  guint32 offset;

  assert_rows (root, "wte.w h{0{a.w b} 1-2 ×2{1{a.w b} 2{a.w b}} 3{c b} 4{a.w b}} "
                     "x{0.a{w b} 1-2 ×2{1.a{w b} 2.a{w b}}} n{0 1 2} z{01{a b} 02{a b} 03{a b}} "
                     "e{0.w 1-3 ×3{1.w 2.w 3.w}}");
  assert_reachable (keys, root);
  assert_reachable (keys, flat);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (flat)), ==, g_strv_length ((char **) keys));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (h)), ==, 4);
  g_assert_cmpint (ckpt_item_get_role (fold), ==, CKPT_ITEM_FOLD);
  g_assert_cmpstr (key, ==, "x.1-2 ×2");
  g_assert_cmpstr (value, ==, "2 keys");
  g_assert_cmpstr (ckpt_item_get_label (second), ==, "2.a");
  children = ckpt_item_list_children (fold, &offset);
  g_assert_cmpuint (children->len, ==, 4);
  g_assert_cmpuint (offset, ==, 2);
  label = ckpt_path_step_to_label (ckpt_item_get_tree (root), &g_array_index (children, CkptChild, 3));
  g_assert_cmpstr (label, ==, "x.2.a.b");
}

/* Blocks that are dicts of their own, in a list: it counts what they hold, not the values. */
static void
test_fold_containers (void)
{
  Build build = build_new ();
  CkptNodeId list = new_container (&build, CKPT_KIND_LIST);
  g_autoptr (CkptItem) root = NULL;
  g_autoptr (CkptPath) path = NULL;
  guint position = 0;

  for (guint i = 0; i < 6; i++)
    {
      CkptNodeId dict = new_container (&build, CKPT_KIND_DICT);

      set (&build, dict, "lr", new_int (&build, i));
      set (&build, dict, i == 4 ? "beta" : "mu", new_text (&build, "x"));
      append (&build, list, dict);
    }
  root = finish (&build, list, CKPT_ITEM_SPLIT_KEYS | CKPT_ITEM_FOLD_BLOCKS);
  assert_rows (root, "0{lr mu} 1-3 ×3{1{lr mu} 2{lr mu} 3{lr mu}} 4{lr beta} 5{lr mu}");
  path = ckpt_path_resolve (ckpt_item_get_tree (root), "[2][\"mu\"]", NULL);
  for (g_autoptr (CkptItem) item = g_object_ref (root); ckpt_item_find (item, path, &position);)
    {
      CkptItem *child = get (item, position);

      g_set_object (&item, child);
      g_object_unref (child);
      if (ckpt_item_get_role (item) == CKPT_ITEM_FOLD)
        g_assert_cmpuint (position, ==, 1);
      else if (!ckpt_item_has_children (item))
        g_assert_cmpstr (ckpt_item_get_label (item), ==, "mu");
    }
  path = (ckpt_path_free (path), ckpt_path_resolve (ckpt_item_get_tree (root), "[4]", NULL));
  g_assert_true (ckpt_item_find (root, path, &position));
  g_assert_cmpuint (position, ==, 2);
}

/* Values that are shared over and over: there would be no end of them. */
static void
test_fold_bomb (void)
{
  Build build = build_new ();
  CkptNodeId inner = new_container (&build, CKPT_KIND_LIST),
             root_list = new_container (&build, CKPT_KIND_LIST);
  g_autoptr (CkptItem) root = NULL;

  append (&build, inner, inner);
  for (guint i = 0; i < 40; i++)
    {
      CkptNodeId outer = new_container (&build, CKPT_KIND_LIST);

      append (&build, outer, inner);
      append (&build, outer, inner);
      inner = outer;
    }
  for (guint i = 0; i < 4; i++)
    append (&build, root_list, inner);
  root = finish (&build, root_list, CKPT_ITEM_SPLIT_KEYS | CKPT_ITEM_FOLD_BLOCKS);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (root)), ==, 4);
}

static void
test_one_module (void)
{
  const char *const keys[] = { "module.features.0.weight", "module.features.0.bias",
                               "module.features.3.weight", NULL };
  g_autoptr (CkptItem) root = split (keys, CKPT_ITEM_SPLIT_KEYS);

  assert_rows (root, "module.features{0{weight bias} 3.weight}");
}

static void
test_odd_dots (void)
{
  const char *const keys[] = {
    "a.b", "a", "a.b.c", ".", "..", "a..b", ".a", "a.", "", "a.b.c.d", "...", NULL
  };
  g_autoptr (CkptItem) root = split (keys, CKPT_ITEM_SPLIT_KEYS);
  g_autoptr (CkptItem) by_name = split (keys, CKPT_ITEM_SPLIT_KEYS | CKPT_ITEM_BY_NAME);
  g_autoptr (CkptItem) flat = split (keys, CKPT_ITEM_FLAGS_NONE);

  assert_reachable (keys, root);
  assert_reachable (keys, by_name);
  assert_reachable (keys, flat);
  assert_rows (root, "a{b b{c c.d} .b \"\"} a \"\"{\"\" \"\"{\"\" .} a} \"\"");
}

static void
test_module_texts (void)
{
  const char *const keys[] = { "h.0.a", "h.0.b", "x", NULL };
  g_autoptr (CkptItem) root = split (keys, CKPT_ITEM_SPLIT_KEYS);
  g_autoptr (CkptItem) module = get (root, 0);
  g_autoptr (CkptItem) value = get (module, 1);
  g_autofree char *key = ckpt_item_dup_key (module);
  g_autofree char *code = ckpt_item_dup_code (module);
  g_autofree char *n = ckpt_item_dup_value (module);
  g_autofree char *value_key = ckpt_item_dup_key (value);
  g_autofree char *value_code = ckpt_item_dup_code (value);
  g_autofree char *value_path = ckpt_item_dup_path_text (value);
  g_autofree char *type = ckpt_item_dup_type (value);

  g_assert_cmpint (ckpt_item_get_role (module), ==, CKPT_ITEM_MODULE);
  g_assert_cmpstr (ckpt_item_get_label (module), ==, "h.0");
  g_assert_cmpstr (key, ==, "h.0");
  g_assert_cmpstr (code, ==, "{k: v for k, v in ckpt.items() if k.startswith(\"h.0.\")}");
  g_assert_cmpstr (n, ==, "2 keys");
  g_assert_cmpstr (value_key, ==, "h.0.b");
  g_assert_cmpstr (value_path, ==, "[\"h.0.b\"]");
  g_assert_cmpstr (value_code, ==, "ckpt[\"h.0.b\"]");
  g_assert_cmpstr (type, ==, "int");
}

static void
test_escaped (void)
{
  const char *const keys[] = { "a\n<b>&", "\xe2\x80\xaetxt", NULL };
  g_autoptr (CkptItem) root = split (keys, CKPT_ITEM_SPLIT_KEYS);
  g_autoptr (CkptItem) first = get (root, 0), second = get (root, 1);
  g_autofree char *key = ckpt_item_dup_key (first);

  g_assert_cmpstr (ckpt_item_get_label (first), ==, "a\\n<b>&");
  g_assert_cmpstr (key, ==, "a\n<b>&");
  g_assert_cmpstr (ckpt_item_get_label (second), ==, "\\u202etxt");
}

static void
test_long_key (void)
{
  g_autofree char *key = g_strnfill (5000, 'k');
  const char *const keys[] = { key, NULL };
  g_autoptr (CkptItem) root = split (keys, CKPT_ITEM_SPLIT_KEYS);
  g_autoptr (CkptItem) item = get (root, 0);

  g_assert_cmpint (g_utf8_strlen (ckpt_item_get_label (item), -1), <=, 200);
}

/* Dots alone make no row deep: a module with one child is one row with it. */
static void
test_many_dots (void)
{
  g_autofree char *dots = g_strnfill (60000, '.');
  g_autofree char *a = g_strconcat (dots, "a", NULL), *b = g_strconcat (dots, "b", NULL);
  const char *const keys[] = { a, b, NULL };
  g_autoptr (CkptItem) root = split (keys, CKPT_ITEM_SPLIT_KEYS);
  g_autoptr (CkptItem) module = get (root, 0);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (root)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (module)), ==, 2);
  assert_reachable (keys, root);
}

static void
assert_found (CkptItem *root, const char *text)
{
  CkptTree *tree = ckpt_item_get_tree (root);
  g_autoptr (CkptPath) path = ckpt_path_resolve (tree, text, NULL);
  g_autoptr (CkptItem) item = g_object_ref (root);
  g_autoptr (CkptPath) own = NULL;
  g_autofree char *own_text = NULL;
  guint position;

  g_assert_nonnull (path);
  while (ckpt_item_get_role (item) != CKPT_ITEM_VALUE ||
         ckpt_item_get_node (item) != ckpt_path_get_node (path, tree))
    {
      CkptItem *child;

      g_assert_true (ckpt_item_find (item, path, &position));
      child = get (item, position);
      g_object_unref (item);
      item = child;
      g_assert_nonnull (item);
    }
  own = ckpt_item_dup_path (item);
  own_text = ckpt_path_to_string (own, tree);
  g_assert_cmpstr (own_text, ==, text);
}

static void
test_find (void)
{
  const char *const keys[] = { "h.0.a", "h.1.a", "h.0.b", "x", "..", ".", NULL };

  for (int flags = 0; flags < 4; flags++)
    {
      g_autoptr (CkptItem) root = split (keys, (CkptItemFlags) flags);

      for (gsize i = 0; keys[i] != NULL; i++)
        {
          g_autofree char *text = g_strdup_printf ("[\"%s\"]", keys[i]);

          assert_found (root, text);
        }
    }
}

#define MANY (CKPT_ITEM_MAX_ROWS + 1)

static void
test_ranges (void)
{
  Build build = build_new ();
  CkptNodeId list = new_container (&build, CKPT_KIND_LIST);
  g_autoptr (CkptItem) root = NULL, first = NULL, last = NULL, value = NULL;

  for (guint i = 0; i < MANY; i++)
    append (&build, list, new_int (&build, i));
  root = finish (&build, list, CKPT_ITEM_SPLIT_KEYS);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (root)), ==, 11);
  first = get (root, 0);
  last = get (root, 10);
  g_assert_cmpint (ckpt_item_get_role (first), ==, CKPT_ITEM_RANGE);
  g_assert_cmpstr (ckpt_item_get_label (first), ==, "0 … 9999");
  g_assert_cmpstr (ckpt_item_get_label (last), ==, "100000 … 100000");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (first)), ==, CKPT_ITEM_RANGE_ROWS);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (last)), ==, 1);
  value = get (first, 123);
  g_assert_cmpstr (ckpt_item_get_label (value), ==, "123");
  assert_found (root, "[0]");
  assert_found (root, "[98765]");
  assert_found (root, "[100000]");
}

/* Modules are told apart before ranges are made, and a module may hold ranges too. */
static void
test_ranges_of_keys (void)
{
  Build build = build_new ();
  CkptNodeId dict = new_container (&build, CKPT_KIND_DICT);
  g_autoptr (CkptItem) root = NULL, module = NULL, range = NULL, value = NULL;

  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *key = g_strdup_printf ("m.%u", i);

      set (&build, dict, key, new_int (&build, i));
    }
  set (&build, dict, "x", new_int (&build, 1));
  root = finish (&build, dict, CKPT_ITEM_SPLIT_KEYS);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (root)), ==, 2);
  module = get (root, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (module)), ==, 11);
  range = get (module, 3);
  value = get (range, 7);
  g_assert_cmpstr (ckpt_item_get_label (value), ==, "30007");
  assert_found (root, "[\"m.100000\"]");
}

static void
test_repeats (void)
{
  Build build = build_new ();
  CkptNodeId dict = new_container (&build, CKPT_KIND_DICT);
  CkptNodeId list = new_container (&build, CKPT_KIND_LIST);
  g_autoptr (CkptItem) root = NULL, first = NULL, second = NULL, inner = NULL;
  g_autofree char *value = NULL, *first_text = NULL;

  append (&build, list, new_int (&build, 1000));
  append (&build, list, list);
  append (&build, list, dict);
  set (&build, dict, "one", list);
  set (&build, dict, "two", list);
  root = finish (&build, dict, CKPT_ITEM_SPLIT_KEYS);
  first = get (root, 0);
  second = get (root, 1);
  g_assert_cmpint (ckpt_item_get_role (first), ==, CKPT_ITEM_VALUE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (first)), ==, 3);
  g_assert_cmpint (ckpt_item_get_role (second), ==, CKPT_ITEM_REPEAT);
  g_assert_false (ckpt_item_has_children (second));
  value = ckpt_item_dup_value (second);
  g_assert_cmpstr (value, ==, "↻ same list");
  first_text = ckpt_path_to_string (ckpt_item_get_first (second), ckpt_item_get_tree (root));
  g_assert_cmpstr (first_text, ==, "[\"one\"]");
  /* A list in itself, and the root. */
  for (guint i = 1; i < 3; i++)
    {
      g_clear_object (&inner);
      inner = get (first, i);
      g_assert_cmpint (ckpt_item_get_role (inner), ==, CKPT_ITEM_REPEAT);
    }
}

static void
test_single_root (void)
{
  Build build = build_new ();
  g_autoptr (CkptItem) root = finish (&build, new_int (&build, 7), CKPT_ITEM_SPLIT_KEYS);
  g_autoptr (CkptItem) row = get (root, 0);
  g_autofree char *value = ckpt_item_dup_value (row), *code = ckpt_item_dup_code (row);
  g_autoptr (CkptPath) path = ckpt_item_dup_path (row);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (root)), ==, 1);
  g_assert_cmpstr (ckpt_item_get_label (row), ==, ".");
  g_assert_cmpstr (value, ==, "7");
  g_assert_cmpstr (code, ==, "ckpt");
  g_assert_cmpuint (ckpt_path_get_length (path), ==, 0);
}

/* Nesting as deep as a file may have it: no walk may go down by itself. */
static void
test_deep (void)
{
  Build build = build_new ();
  CkptNodeId root_list = new_container (&build, CKPT_KIND_LIST), list = root_list;
  g_autoptr (CkptItem) item = NULL;

  for (guint i = 0; i < 9000; i++)
    {
      CkptNodeId inner = new_container (&build, CKPT_KIND_LIST);

      append (&build, list, inner);
      list = inner;
    }
  append (&build, list, new_int (&build, 1));
  item = finish (&build, root_list, CKPT_ITEM_SPLIT_KEYS);
  for (guint i = 0; i < 9001; i++)
    {
      CkptItem *child = get (item, 0);

      g_assert_nonnull (child);
      g_object_unref (item);
      item = child;
    }
  g_assert_false (ckpt_item_has_children (item));
}

/* A tensor of the tree, strided over @storage. */
static CkptNodeId
new_tensor (Build *build, guint storage, gint64 offset, gint64 rows, gint64 columns, gint64 row_stride)
{
  const gint64 shape[] = { rows, columns }, stride[] = { row_stride, 1 };
  CkptTensor tensor = {
    .node = CKPT_NO_NODE,
    .storage = storage,
    .dtype = CKPT_DTYPE_FLOAT32,
    .n_dims = 2,
    .shape = shape,
    .stride = stride,
    .offset = offset,
    .numel = (guint64) (rows * columns),
    .n_bytes = (guint64) (rows * columns) * 4,
    .device = ckpt_tree_intern (build->tree, storage == 0 ? "cpu" : "cuda:1"),
    .class_name = "Tensor",
    .inner = CKPT_NO_TENSOR,
    .tied_to = CKPT_NO_TENSOR,
  };

  return ckpt_tree_add_tensor (build->tree, &tensor, NULL);
}

static guint
new_storage (Build *build, guint64 numel)
{
  CkptStorage storage = {
    .key = (char *) "0",
    .location = ckpt_tree_intern (build->tree, "cpu"),
    .dtype = CKPT_DTYPE_FLOAT32,
    .numel = numel,
    .n_bytes = numel * 4,
    .n_bytes_present = numel * 4,
    .record = CKPT_NO_RECORD,
    .node = CKPT_NO_NODE,
  };

  return ckpt_tree_add_storage (build->tree, &storage);
}

static void
assert_totals (CkptItem *item, guint n_tensors, guint64 n_values, guint64 n_bytes)
{
  const CkptTotal *total = ckpt_item_get_total (item);

  g_assert_cmpuint (total->n_tensors, ==, n_tensors);
  g_assert_cmpuint (total->n_values, ==, n_values);
  g_assert_cmpuint (total->n_bytes, ==, n_bytes);
  g_assert_cmpint (ckpt_item_has_tensors (item), ==, n_tensors > 0);
}

static void
test_totals (void)
{
  Build build = build_new ();
  CkptNodeId dict = new_container (&build, CKPT_KIND_DICT), twice = new_container (&build, CKPT_KIND_DICT);
  CkptNodeId tensor;
  guint small, large;
  g_autoptr (CkptItem) root = NULL, views = NULL, model = NULL, ema = NULL, again = NULL;
  g_autofree char *device = NULL, *all_devices = NULL;

  small = new_storage (&build, 100);
  large = new_storage (&build, 1000);
  tensor = new_tensor (&build, small, 0, 10, 10, 10);
  /* Overlapping views: elements 0 to 29 of 1000; and one that repeats its only row. */
  set (&build, dict, "v.a", new_tensor (&build, large, 0, 2, 10, 10));
  set (&build, dict, "v.b", new_tensor (&build, large, 10, 2, 10, 10));
  set (&build, dict, "v.c", new_tensor (&build, large, 500, 50, 10, 0));
  set (&build, twice, "w", tensor);
  set (&build, twice, "w_tied", tensor);
  set (&build, dict, "model", twice);
  set (&build, dict, "ema", new_container (&build, CKPT_KIND_DICT));
  root = finish (&build, dict, CKPT_ITEM_SPLIT_KEYS);

  assert_totals (root, 5, 30 + 10 + 100, 4400);
  views = get (root, 0);
  assert_totals (views, 3, 40, 4000);
  device = ckpt_item_dup_device (views);
  g_assert_cmpstr (device, ==, "cuda:1");
  all_devices = ckpt_item_dup_device (root);
  g_assert_cmpstr (all_devices, ==, "several");
  model = get (root, 1);
  assert_totals (model, 2, 100, 400);
  again = get (model, 1);
  g_assert_true (ckpt_item_is_tied (again));
}

/* What stands at two places counts under each of them, and once for the file. */
static void
test_shared_totals (void)
{
  Build build = build_new ();
  CkptNodeId dict = new_container (&build, CKPT_KIND_DICT), inner = new_container (&build, CKPT_KIND_DICT);
  CkptNodeId outer = new_container (&build, CKPT_KIND_DICT);
  g_autoptr (CkptItem) root = NULL, first = NULL, second = NULL;

  set (&build, inner, "w", new_tensor (&build, new_storage (&build, 6), 0, 2, 3, 3));
  set (&build, outer, "same", inner);
  set (&build, outer, "itself", outer);
  set (&build, dict, "one", inner);
  set (&build, dict, "two", outer);
  root = finish (&build, dict, CKPT_ITEM_SPLIT_KEYS);
  first = get (root, 0);
  second = get (root, 1);
  assert_totals (first, 1, 6, 24);
  assert_totals (second, 1, 6, 24);
  assert_totals (root, 1, 6, 24);
}

static void
test_natural (void)
{
  static const char *const order[] = { "",  "a",  "a.2",  "a.10",  "a.10.b", "a.11",
                                       "b", "b1", "b1a2", "b1a10", "b2" };

  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (order); j++)
      {
        int got = ckpt_natural_compare (order[i], strlen (order[i]), order[j], strlen (order[j]));

        g_assert_cmpint ((got > 0) - (got < 0), ==, (i > j) - (i < j));
      }
  g_assert_cmpint (ckpt_natural_compare ("a007", 4, "a7", 2), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/item/modules", test_modules);
  g_test_add_func ("/item/fold", test_fold);
  g_test_add_func ("/item/fold-containers", test_fold_containers);
  g_test_add_func ("/item/fold-bomb", test_fold_bomb);
  g_test_add_func ("/item/one-module", test_one_module);
  g_test_add_func ("/item/odd-dots", test_odd_dots);
  g_test_add_func ("/item/module-texts", test_module_texts);
  g_test_add_func ("/item/escaped", test_escaped);
  g_test_add_func ("/item/long-key", test_long_key);
  g_test_add_func ("/item/many-dots", test_many_dots);
  g_test_add_func ("/item/find", test_find);
  g_test_add_func ("/item/ranges", test_ranges);
  g_test_add_func ("/item/ranges-of-keys", test_ranges_of_keys);
  g_test_add_func ("/item/repeats", test_repeats);
  g_test_add_func ("/item/single-root", test_single_root);
  g_test_add_func ("/item/deep", test_deep);
  g_test_add_func ("/item/totals", test_totals);
  g_test_add_func ("/item/shared-totals", test_shared_totals);
  g_test_add_func ("/item/natural", test_natural);

  return g_test_run ();
}
