/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ckpt.h"
#include "model/ckpt-draft.h"
#include "model/ckpt-path-private.h"
#include "pickle/ckpt-opcodes.h"
#include "test-tree.h"

#include <string.h>

/* Versions of a tree: each stays as it was while the next ones are made. */

static CkptTree *
finish (CkptDraft *draft)
{
  g_autoptr (GError) error = NULL;
  CkptTree *tree = ckpt_draft_finish (draft, &error);

  g_assert_no_error (error);
  return tree;
}

/* A long list against an array of numbers: many versions, spliced at random, and all looked at again at the end. */
#define N_VERSIONS 60

static GArray *
copy_array (GArray *from)
{
  GArray *copy = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_array_append_vals (copy, from->data, from->len);
  return copy;
}

static void
check_list (CkptTree *tree, GArray *expected)
{
  CkptNodeId root = ckpt_tree_get_root (tree);

  g_assert_cmpuint (ckpt_tree_get_n_children (tree, root), ==, expected->len);
  for (guint i = 0; i < expected->len; i++)
    {
      CkptChild child;
      gint64 value;

      ckpt_tree_get_child (tree, root, i, &child);
      g_assert_cmpint (child.index, ==, i);
      g_assert_true (ckpt_tree_get_int (tree, child.node, &value));
      g_assert_cmpint (value, ==, g_array_index (expected, gint64, i));
    }
}

static void
splice_at_random (CkptDraft *draft, GArray *model)
{
  guint at = g_test_rand_int_range (0, model->len + 1);
  guint n_most = g_test_rand_bit () ? 4 : 700;
  guint n_removed = g_test_rand_int_range (0, MIN (model->len - at, n_most) + 1);
  guint n_added = g_test_rand_int_range (0, g_test_rand_bit () ? 4 : 700);
  g_autofree CkptNodeId *added = g_new (CkptNodeId, n_added + 1);
  g_autofree gint64 *values = g_new (gint64, n_added + 1);

  for (guint i = 0; i < n_added; i++)
    {
      values[i] = g_test_rand_int ();
      added[i] = ckpt_draft_add_int (draft, values[i], NULL);
    }
  g_assert_true (ckpt_draft_splice (draft, ckpt_tree_get_root (ckpt_draft_get_tree (draft)), at, n_removed,
                                    added, n_added, NULL));
  g_array_remove_range (model, at, n_removed);
  g_array_insert_vals (model, at, values, n_added);
}

static void
test_splices (gconstpointer data)
{
  guint n = GPOINTER_TO_UINT (data);
  GString *words = g_string_new ("] ( ");
  CkptTree *trees[N_VERSIONS];
  GArray *models[N_VERSIONS];

  models[0] = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (gint64 i = 0; i < n; i++)
    {
      g_string_append_printf (words, "%d ", (int) i);
      g_array_append_val (models[0], i);
    }
  g_string_append (words, "e");
  trees[0] = test_tree_new (words->str, CKPT_PERSISTENT_ZIP);
  g_string_free (words, TRUE);

  for (guint i = 1; i < N_VERSIONS; i++)
    {
      guint from = g_test_rand_int_range (MAX (i, 10) - 10,
                                          i); /* sometimes from before: undo, and another change */
      g_autoptr (CkptDraft) draft = ckpt_draft_new (trees[from]);

      models[i] = copy_array (models[from]);
      for (guint j = g_test_rand_int_range (1, 8); j > 0; j--)
        splice_at_random (draft, models[i]);
      trees[i] = finish (draft);
      check_list (trees[i], models[i]);
    }
  for (guint i = 0; i < N_VERSIONS; i++)
    {
      check_list (trees[i], models[i]);
      g_array_unref (models[i]);
    }
  for (guint i = 0; i < N_VERSIONS; i++) /* the first goes first */
    ckpt_tree_unref (trees[i]);
}

/* One change among many keys costs little, however many there are. */
static void
test_memory (void)
{
  GString *words = g_string_new ("} ( ");
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (CkptTree) first = NULL;
  g_autoptr (CkptDraft) draft = NULL;
  guint64 before;
  guint n = 100000;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (words, "'key%u' N ", i);
  g_string_append (words, "u");
  tree = test_tree_new (words->str, CKPT_PERSISTENT_ZIP);
  g_string_free (words, TRUE);

  /* The first change makes the store of the versions, and cuts the row into pieces. */
  draft = ckpt_draft_new (tree);
  g_assert_true (ckpt_draft_rename_child (draft, ckpt_tree_get_root (tree), 77777,
                                          ckpt_draft_add_string (draft, "other", -1, NULL), NULL));
  first = finish (draft);
  before = ckpt_nodes_get_memory (ckpt_tree_get_nodes (first));
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (CkptDraft) next = ckpt_draft_new (first);
      CkptTree *after;

      g_assert_true (ckpt_draft_rename_child (next, ckpt_tree_get_root (first), i * 97,
                                              ckpt_draft_add_string (next, "changed", -1, NULL), NULL));
      after = finish (next);
      ckpt_tree_unref (first);
      first = after;
    }
  g_assert_cmpuint ((ckpt_nodes_get_memory (ckpt_tree_get_nodes (first)) - before) / 1000, <, 32 << 10);
  g_assert_cmpuint (ckpt_tree_get_n_children (first, ckpt_tree_get_root (first)), ==, n);
  g_assert_cmpuint (ckpt_tree_get_key (first, ckpt_tree_get_root (first), "key96903"), ==, CKPT_NO_NODE);
  g_assert_cmpuint (ckpt_tree_get_key (tree, ckpt_tree_get_root (tree), "key96903"), !=, CKPT_NO_NODE);
  g_assert_cmpuint (ckpt_tree_get_key (first, ckpt_tree_get_root (first), "key96904"), !=, CKPT_NO_NODE);
}

static void
assert_repr (CkptTree *tree, const char *path, const char *expected)
{
  g_autofree char *repr = ckpt_tree_repr (tree, test_tree_get (tree, path));

  g_assert_cmpstr (repr, ==, expected);
}

/* A list that hangs in two places and holds itself: changed in one place, it is changed in all. */
static void
test_aliases (void)
{
  g_autoptr (CkptTree) tree = test_tree_new ("} ( 'a' ] p1 ( 1 2 g1 e 'b' g1 u", CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptDraft) draft = ckpt_draft_new (tree);
  g_autoptr (CkptTree) after = NULL;

  g_assert_true (ckpt_draft_put_child (draft, test_tree_get (tree, "[\"a\"]"), 1,
                                       ckpt_draft_add_string (draft, "two", -1, NULL), NULL));
  after = finish (draft);
  assert_repr (after, "[\"a\"][1]", "'two'");
  assert_repr (after, "[\"b\"][1]", "'two'");
  assert_repr (after, "[\"b\"][2][2][1]", "'two'");
  assert_repr (tree, "[\"a\"][1]", "2");
  assert_repr (tree, "[\"b\"][2][2][1]", "2");
}

/* Pairs of an OrderedDict, which has none at first, and of what holds it. */
static void
test_pairs (void)
{
  g_autoptr (CkptTree) tree = test_tree_new ("} 'd' @collections:OrderedDict )R s", CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptDraft) draft = ckpt_draft_new (tree);
  CkptNodeId dict = test_tree_get (tree, "[\"d\"]");
  g_autoptr (CkptTree) after = NULL;
  CkptNodeId key;

  key = ckpt_draft_add_string (draft, "z", -1, NULL);
  g_assert_true (
      ckpt_draft_insert_pair (draft, dict, G_MAXUINT32, key, ckpt_draft_add_float (draft, 0.5, NULL), NULL));
  key = ckpt_draft_add_string (draft, "a", -1, NULL);
  g_assert_true (ckpt_draft_insert_pair (draft, dict, 0, key, ckpt_draft_add_int (draft, -3, NULL), NULL));
  key = ckpt_draft_add_string (draft, "m", -1, NULL);
  g_assert_true (
      ckpt_draft_insert_pair (draft, dict, 1, key, ckpt_draft_add_bytes (draft, "\0\xff", 2, NULL), NULL));
  after = finish (draft);
  g_assert_cmpuint (ckpt_tree_get_n_children (after, dict), ==, 3);
  g_assert_cmpuint (ckpt_tree_get_n_children (tree, dict), ==, 0);
  g_assert_cmpint (ckpt_tree_get_kind (after, dict), ==, CKPT_KIND_DICT);
  assert_repr (after, "[\"d\"][\"a\"]", "-3");
  assert_repr (after, "[\"d\"][\"m\"]", "b'\\x00\\xff'");
  assert_repr (after, "[\"d\"][\"z\"]", "0.5");

  {
    g_autoptr (CkptDraft) next = ckpt_draft_new (after);
    g_autoptr (CkptTree) last = NULL;

    g_assert_true (ckpt_draft_remove_child (next, dict, 1, NULL));
    last = finish (next);
    g_assert_cmpuint (ckpt_tree_get_n_children (last, dict), ==, 2);
    assert_repr (last, "[\"d\"][\"z\"]", "0.5");
    assert_repr (after, "[\"d\"][\"z\"]", "0.5");
    g_assert_cmpuint (ckpt_tree_get_n_children (after, dict), ==, 3);
  }
}

/* What an object is made with cannot be taken away from it; an item of a list has no name. */
static void
test_refused (void)
{
  g_autoptr (CkptTree) tree = test_tree_new ("] ( @mod:Thing ( 7 t R 5 e", CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptDraft) draft = ckpt_draft_new (tree);
  g_autoptr (GError) error = NULL;

  g_assert_false (ckpt_draft_remove_child (draft, test_tree_get (tree, "[0]"), 0, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_INVALID_EDIT);
  g_clear_error (&error);
  g_assert_false (ckpt_draft_rename_child (draft, ckpt_tree_get_root (tree), 1,
                                           ckpt_draft_add_string (draft, "x", -1, NULL), &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_INVALID_EDIT);
  g_clear_error (&error);
  g_assert_false (ckpt_draft_insert_pair (draft, ckpt_tree_get_root (tree), 0,
                                          ckpt_draft_add_string (draft, "x", -1, NULL),
                                          ckpt_draft_add_none (draft, NULL), &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_INVALID_EDIT);
}

#define THREE_TENSORS "} ( 'a' " TEST_TENSOR ("0") "'b' " TEST_TENSOR ("0") "'c' " TEST_TENSOR ("1") "u"

/* A tag belongs to the storage: both tensors move, the third stays. */
static void
test_location (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (THREE_TENSORS, CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptDraft) draft = ckpt_draft_new (tree);
  g_autoptr (CkptTree) after = NULL;

  g_assert_true (ckpt_draft_set_location (draft, 0, "cuda:1", NULL));
  after = finish (draft);
  for (guint i = 0; i < 3; i++)
    {
      const CkptTensor *tensor = ckpt_tree_get_tensor (after, i);
      CkptNodeId args = ckpt_nodes_get_slot (ckpt_tree_get_nodes (after), tensor->node, CKPT_SLOT_ARGS);
      CkptNodeId id = ckpt_nodes_get_child (ckpt_tree_get_nodes (after), args, 0);
      CkptNodeId tuple = ckpt_nodes_get_child (ckpt_tree_get_nodes (after), id, 0);
      CkptNodeId tag = ckpt_nodes_get_child (ckpt_tree_get_nodes (after), tuple, 3);
      const char *expected = i < 2 ? "cuda:1" : "cpu";

      g_assert_cmpstr (tensor->device, ==, expected);
      g_assert_cmpstr (ckpt_nodes_get_text (ckpt_tree_get_nodes (after), tag, NULL), ==, expected);
      g_assert_cmpstr (ckpt_tree_get_storage (after, tensor->storage)->location, ==, expected);
      g_assert_cmpstr (ckpt_tree_get_tensor (tree, i)->device, ==, "cpu");
    }
}

/* With the first of two tied tensors gone, the other stands for itself; storages that nothing needs are not there. */
static void
test_reach (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (THREE_TENSORS, CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptDraft) draft = ckpt_draft_new (tree);
  g_autoptr (CkptDraft) next = NULL;
  g_autoptr (CkptTree) after = NULL;
  g_autoptr (CkptTree) last = NULL;

  g_assert_cmpuint (ckpt_tree_get_tied_to (tree, ckpt_tree_get_tensor (tree, 1)), ==, 0);
  g_assert_true (ckpt_draft_remove_child (draft, ckpt_tree_get_root (tree), 0, NULL));
  after = finish (draft);
  g_assert_false (ckpt_tree_has_tensor (after, 0));
  g_assert_true (ckpt_tree_has_tensor (after, 1));
  g_assert_true (ckpt_tree_has_storage (after, 0));
  g_assert_cmpuint (ckpt_tree_get_tied_to (after, ckpt_tree_get_tensor (after, 1)), ==, CKPT_NO_TENSOR);
  g_assert_true (ckpt_tree_get_first_tied (after, ckpt_tree_get_tensor (after, 1)) ==
                 ckpt_tree_get_tensor (after, 1));

  next = ckpt_draft_new (after);
  g_assert_true (ckpt_draft_remove_child (next, ckpt_tree_get_root (after), 0, NULL));
  last = finish (next);
  g_assert_false (ckpt_tree_has_storage (last, 0));
  g_assert_true (ckpt_tree_has_storage (last, 1));
  g_assert_true (ckpt_tree_has_tensor (tree, 0));
  g_assert_cmpuint (ckpt_tree_get_tied_to (tree, ckpt_tree_get_tensor (tree, 1)), ==, 0);
}

/* A tensor that is replaced, and a parameter that wraps it. */
static void
test_replace (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} 'p' @torch._utils:_rebuild_parameter ( " TEST_TENSOR ("0") "True " TEST_HOOKS "tR s",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptDraft) draft = ckpt_draft_new (tree);
  const CkptTensor *parameter = ckpt_tree_get_node_tensor (tree, test_tree_get (tree, "[\"p\"]"));
  const gint64 shape[] = { 4 }, stride[] = { 1 };
  CkptStorage storage = { .location = "cpu",
                          .dtype = CKPT_DTYPE_FLOAT32,
                          .numel = 4,
                          .n_bytes = 16,
                          .bytes = CKPT_BYTES_RANGE,
                          .origin = parameter->storage };
  guint index = ckpt_draft_add_storage (draft, &storage, NULL);
  CkptNodeId with = ckpt_draft_add_tensor (draft, index, CKPT_DTYPE_FLOAT32, 0, 1, shape, stride, FALSE,
                                           NULL);
  g_autoptr (CkptTree) after = NULL;
  const CkptTensor *tensor;

  g_assert_true (ckpt_draft_replace_tensor (draft, parameter->inner, with, NULL));
  after = finish (draft);
  tensor = ckpt_tree_get_node_tensor (after, test_tree_get (after, "[\"p\"]"));
  g_assert_nonnull (tensor);
  g_assert_cmpuint (tensor->node, ==, test_tree_get (after, "[\"p\"]"));
  g_assert_cmpuint (tensor->storage, ==, index);
  g_assert_cmpuint (tensor->n_dims, ==, 1);
  g_assert_true (tensor->flags & CKPT_TENSOR_PARAMETER);
  g_assert_true (tensor->flags & CKPT_TENSOR_REQUIRES_GRAD);
  g_assert_false (tensor->flags & CKPT_TENSOR_BROKEN);
  g_assert_false (ckpt_tree_has_tensor (after, parameter->index));
  g_assert_false (ckpt_tree_has_storage (after, parameter->storage));
  g_assert_cmpuint (ckpt_tree_get_node_tensor (tree, test_tree_get (tree, "[\"p\"]"))->n_dims, ==, 2);
}

/* Another thread reads a version, and makes its own from it, while this one goes on. */
static gpointer
edit_in_thread (gpointer data)
{
  CkptTree *from = data;

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (CkptDraft) draft = ckpt_draft_new (from);
      g_autoptr (CkptTree) after = NULL;
      CkptNodeId root = ckpt_tree_get_root (from);

      g_assert_true (ckpt_draft_put_child (draft, root, i % 300,
                                           ckpt_draft_add_string (draft, "thread", -1, NULL), NULL));
      after = finish (draft);
      for (guint j = 0; j < ckpt_tree_get_n_children (after, root); j++)
        {
          CkptChild child;
          g_autofree char *repr = NULL;

          ckpt_tree_get_child (after, root, j, &child);
          repr = ckpt_tree_repr (after, child.node);
          g_assert_cmpstr (repr, ==, j == i % 300 ? "'thread'" : "None");
        }
    }
  return NULL;
}

static void
test_threads (void)
{
  GString *words = g_string_new ("] ( ");
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (CkptTree) newest = NULL;
  g_autoptr (CkptDraft) draft = NULL;
  GThread *thread;

  for (guint i = 0; i < 400; i++)
    g_string_append (words, "N ");
  g_string_append (words, "e");
  tree = test_tree_new (words->str, CKPT_PERSISTENT_ZIP);
  g_string_free (words, TRUE);
  draft = ckpt_draft_new (tree);
  newest = finish (draft);
  thread = g_thread_new ("edit", edit_in_thread, newest);
  ckpt_tree_ref (newest);
  {
    CkptTree *first = newest;

    for (guint i = 0; i < 2000; i++)
      {
        g_autoptr (CkptDraft) next = ckpt_draft_new (newest);
        CkptTree *after;

        g_assert_true (ckpt_draft_put_child (next, ckpt_tree_get_root (newest), i % 400,
                                             ckpt_draft_add_string (next, "main", -1, NULL), NULL));
        after = finish (next);
        ckpt_tree_unref (newest);
        newest = after;
      }
    g_thread_join (thread);
    ckpt_tree_unref (first);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/draft/splices/empty", GUINT_TO_POINTER (0), test_splices);
  g_test_add_data_func ("/draft/splices/few", GUINT_TO_POINTER (200), test_splices);
  g_test_add_data_func ("/draft/splices/many", GUINT_TO_POINTER (5000), test_splices);
  g_test_add_func ("/draft/memory", test_memory);
  g_test_add_func ("/draft/aliases", test_aliases);
  g_test_add_func ("/draft/pairs", test_pairs);
  g_test_add_func ("/draft/refused", test_refused);
  g_test_add_func ("/draft/location", test_location);
  g_test_add_func ("/draft/reach", test_reach);
  g_test_add_func ("/draft/replace", test_replace);
  g_test_add_func ("/draft/threads", test_threads);
  return g_test_run ();
}
