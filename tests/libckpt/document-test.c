/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The history of a document, with edits of its own that put values into the root dict. */
#include "test-compare.h"
#include "test-tree.h"

#include "edit/ckpt-document.h"
#include "model/ckpt-draft.h"

#include <string.h>

/* put KEY NUMBER: sets or adds; a number that is there already is nothing to do; "bad" cannot be done. */
static gboolean
apply_put (CkptDraft *draft,
           const CkptWords *words,
           CkptEffect *effect,
           G_GNUC_UNUSED GCancellable *cancellable,
           GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  CkptNodeId root = ckpt_tree_get_root (tree);
  const char *key = ckpt_words_get (words, 0);
  gint64 value = g_ascii_strtoll (ckpt_words_get (words, 1), NULL, 10);
  guint32 n = ckpt_tree_get_n_children (tree, root);
  CkptNodeId node;

  if (strcmp (key, "bad") == 0)
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "bad", "No.");

  node = ckpt_draft_add_int (draft, value, error);
  for (guint32 i = 0; i < n; i++)
    {
      CkptChild child;
      gint64 former;
      gsize length;

      ckpt_tree_get_child (tree, root, i, &child);
      if (child.kind != CKPT_STEP_KEY ||
          strcmp (ckpt_tree_peek_text (tree, child.key, &length, NULL), key) != 0)
        continue;
      if (ckpt_tree_get_int (tree, child.node, &former) && former == value)
        return TRUE;
      effect->n = 1;
      ckpt_effect_touch (effect, root);
      ckpt_effect_set_title (effect, "Set %s", key);
      return ckpt_draft_put_child (draft, root, i, node, error);
    }
  effect->n = 1;
  ckpt_effect_set_title (effect, "Add %s", key);
  return ckpt_draft_insert_pair (draft, root, G_MAXUINT32, ckpt_draft_add_string (draft, key, -1, error),
                                 node, error);
}

static const CkptVerb put = {
  .name = "put",
  .usage = "KEY NUMBER",
  .min_words = 2,
  .max_words = 2,
  .apply = apply_put,
};

static CkptDocument *
new_document (void)
{
  g_autoptr (CkptTree)
      tree = test_tree_new ("} ( 'a' 1 'l' ] ( 1 2 e 'w' " TEST_TENSOR ("0") "u", CKPT_PERSISTENT_ZIP);

  return ckpt_document_new (tree);
}

static CkptEdit *
new_put (const char *key, guint value)
{
  g_autofree char *number = g_strdup_printf ("%u", value);
  CkptEdit *edit = ckpt_edit_new_of (&put, (const char *const[]) { key, number, NULL }, NULL);

  g_assert_nonnull (edit);
  return edit;
}

static void
do_put (CkptDocument *document, const char *key, guint value)
{
  g_autoptr (CkptEdit) edit = new_put (key, value);
  g_autoptr (GError) error = NULL;

  ckpt_document_apply (document, edit, NULL, &error);
  g_assert_no_error (error);
}

static void
check_value (CkptDocument *document, const char *path, gint64 expected)
{
  CkptTree *tree = ckpt_document_get_tree (document);
  gint64 value;

  g_assert_true (ckpt_tree_get_int (tree, test_tree_get (tree, path), &value));
  g_assert_cmpint (value, ==, expected);
}

static void
count (G_GNUC_UNUSED CkptDocument *document, gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
test_history (void)
{
  g_autoptr (CkptDocument) document = new_document ();
  guint n_changed = 0;

  g_signal_connect (document, "changed", G_CALLBACK (count), &n_changed);
  g_assert_false (ckpt_document_is_modified (document));
  g_assert_null (ckpt_document_get_undo_title (document));
  g_assert_false (ckpt_document_undo (document));
  g_assert_false (ckpt_document_redo (document));
  g_assert_cmpuint (n_changed, ==, 0);

  do_put (document, "a", 7);
  do_put (document, "b", 8);
  g_assert_cmpuint (n_changed, ==, 2);
  g_assert_cmpuint (ckpt_document_get_n_pending (document), ==, 2);
  g_assert_cmpstr (ckpt_document_get_undo_title (document), ==, "Add b");
  check_value (document, "b", 8);

  g_assert_true (ckpt_document_undo (document));
  g_assert_cmpstr (ckpt_document_get_undo_title (document), ==, "Set a");
  g_assert_cmpstr (ckpt_document_get_redo_title (document), ==, "Add b");
  check_value (document, "a", 7);
  g_assert_true (ckpt_document_undo (document));
  g_assert_false (ckpt_document_is_modified (document));
  check_value (document, "a", 1);
  g_assert_true (ckpt_document_redo (document));
  g_assert_true (ckpt_document_redo (document));
  check_value (document, "a", 7);
  check_value (document, "b", 8);
  g_assert_cmpuint (n_changed, ==, 6);

  /* What was undone is gone once something else is done. */
  ckpt_document_undo (document);
  do_put (document, "c", 9);
  g_assert_null (ckpt_document_get_redo_title (document));
  g_assert_cmpuint (ckpt_document_get_n_pending (document), ==, 2);
}

static void
test_no_step (void)
{
  g_autoptr (CkptDocument) document = new_document ();
  g_autoptr (CkptEdit) same = new_put ("a", 1);
  g_autoptr (CkptEdit) bad = new_put ("bad", 1);
  g_autoptr (CkptEdit) good = new_put ("a", 2);
  g_autoptr (CkptTree) from = ckpt_tree_ref (ckpt_document_get_tree (document));
  g_autoptr (CkptTree) result = NULL;
  g_autoptr (CkptEffect) preview = NULL;
  g_autoptr (GError) error = NULL;
  CkptEffect *effect;

  g_assert_true (ckpt_document_apply (document, same, &effect, &error));
  g_assert_null (effect);
  g_assert_false (ckpt_document_apply (document, bad, &effect, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "bad");
  g_clear_error (&error);
  g_assert_cmpuint (ckpt_document_get_n_pending (document), ==, 0);
  g_assert_true (ckpt_document_get_tree (document) == from);

  preview = ckpt_document_preview (document, good, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (preview->title, ==, "Set a");
  g_assert_true (ckpt_document_get_tree (document) == from);

  /* What another thread made of a tree that is no longer the document's is refused. */
  effect = ckpt_effect_new ();
  result = ckpt_edit_apply (good, from, effect, NULL, &error);
  do_put (document, "b", 3);
  g_assert_false (ckpt_document_add (document, good, from, result, effect, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "tree-changed");
  check_value (document, "a", 1);
}

static void
test_pending (void)
{
  g_autoptr (CkptDocument) document = new_document ();
  g_autofree char *recipe = NULL;
  CkptEffect *effect;
  CkptNodeId root = ckpt_tree_get_root (ckpt_document_get_tree (document));

  g_assert_false (ckpt_document_is_touched (document, root));
  do_put (document, "b", 2);
  do_put (document, "a", 3);
  do_put (document, "it's", 4);
  recipe = ckpt_document_dup_recipe (document);
  g_assert_cmpstr (recipe, ==, "put b 2\nput a 3\nput 'it'\\''s' 4\n");
  g_assert_true (ckpt_document_is_touched (document, root));
  ckpt_document_get_pending (document, 1, &effect);
  g_assert_cmpstr (effect->title, ==, "Set a");

  ckpt_document_revert_to (document, 1);
  g_assert_cmpuint (ckpt_document_get_n_pending (document), ==, 1);
  g_assert_false (ckpt_document_is_touched (document, root));
  check_value (document, "a", 1);
  check_value (document, "b", 2);
  g_assert_true (ckpt_document_redo (document));
  check_value (document, "a", 3);
}

/* After saving, nothing is pending; undoing leads back to the file of before. */
static void
test_saved (void)
{
  g_autoptr (CkptDocument) document = new_document ();
  g_autoptr (CkptTree) opened = ckpt_tree_ref (ckpt_document_get_tree (document));
  g_autoptr (CkptTree) saved = test_tree_new ("} ( 'a' 5 u", CKPT_PERSISTENT_ZIP);

  do_put (document, "a", 5);
  ckpt_document_set_saved (document, saved);
  g_assert_true (ckpt_document_get_tree (document) == saved);
  g_assert_true (ckpt_document_get_base (document) == saved);
  g_assert_false (ckpt_document_is_modified (document));
  g_assert_cmpuint (ckpt_document_get_n_pending (document), ==, 0);
  g_assert_cmpstr (ckpt_document_get_undo_title (document), ==, "Set a");

  do_put (document, "b", 6);
  g_assert_cmpuint (ckpt_document_get_n_pending (document), ==, 1);
  g_assert_true (ckpt_document_undo (document));
  g_assert_true (ckpt_document_get_tree (document) == saved);
  g_assert_false (ckpt_document_is_modified (document));

  g_assert_true (ckpt_document_undo (document));
  g_assert_true (ckpt_document_get_tree (document) == opened);
  g_assert_true (ckpt_document_get_base (document) == opened);
  g_assert_true (ckpt_document_get_saved (document) == saved);
  g_assert_true (ckpt_document_is_modified (document));
  g_assert_false (ckpt_document_undo (document));

  g_assert_true (ckpt_document_redo (document));
  g_assert_true (ckpt_document_get_tree (document) == saved);
  g_assert_false (ckpt_document_is_modified (document));
  g_assert_true (ckpt_document_redo (document));
  check_value (document, "b", 6);
  g_assert_false (ckpt_document_redo (document));

  /* Another way from before the saving: the file is one that the document never is again. */
  ckpt_document_undo (document);
  ckpt_document_undo (document);
  do_put (document, "c", 1);
  g_assert_true (ckpt_document_is_modified (document));
  ckpt_document_undo (document);
  g_assert_true (ckpt_document_is_modified (document));
}

/* Random edits, undoings and redoings: the tree after so many edits is always the one that it was when it was first made. */
static void
test_random (void)
{
  g_autoptr (CkptDocument) document = new_document ();
  g_autoptr (GPtrArray) states = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  g_ptr_array_add (states, test_compare_list (ckpt_document_get_tree (document)));
  for (guint i = 0; i < 400; i++)
    {
      g_autoptr (GPtrArray) now = NULL;
      g_autofree char *difference = NULL;
      guint n;

      switch (g_test_rand_int_range (0, 4))
        {
        case 0:
          ckpt_document_undo (document);
          break;
        case 1:
          ckpt_document_redo (document);
          break;
        default:
          {
            g_autofree char *key = g_strdup_printf ("k%d", g_test_rand_int_range (0, 6));

            g_ptr_array_set_size (states, (gint) ckpt_document_get_n_pending (document) + 1);
            do_put (document, key, i);
            g_ptr_array_add (states, test_compare_list (ckpt_document_get_tree (document)));
          }
        }
      n = ckpt_document_get_n_pending (document);
      now = test_compare_list (ckpt_document_get_tree (document));
      difference = test_compare_lists (now, states->pdata[n]);
      g_assert_cmpstr (difference, ==, NULL);
    }
}

#define N_KEYS 100000

/* One of very many keys is set: what the version takes beside the former one is little. */
static void
test_memory (void)
{
  g_autoptr (GString) words = g_string_new ("} ( ");
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (CkptDocument) document = NULL;
  guint64 before;

  for (guint i = 0; i < N_KEYS; i++)
    g_string_append_printf (words, "'key%u' %u ", i, i % 256);
  g_string_append (words, "u");
  tree = test_tree_new (words->str, CKPT_PERSISTENT_ZIP);
  document = ckpt_document_new (tree);

  /* The first edit makes what all versions share. */
  do_put (document, "key7", 1000);
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *key = g_strdup_printf ("key%u", 9999 * (i + 1));

      before = ckpt_nodes_get_memory (ckpt_tree_get_nodes (ckpt_document_get_tree (document)));
      do_put (document, key, 1000);
      g_assert_cmpuint (ckpt_nodes_get_memory (ckpt_tree_get_nodes (ckpt_document_get_tree (document))) -
                            before,
                        <, 64 * 1024);
    }
  check_value (document, "key99990", 1000);
  while (ckpt_document_undo (document))
    ;
  check_value (document, "key99990", 99990 % 256);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/history", test_history);
  g_test_add_func ("/document/no-step", test_no_step);
  g_test_add_func ("/document/pending", test_pending);
  g_test_add_func ("/document/saved", test_saved);
  g_test_add_func ("/document/random", test_random);
  g_test_add_func ("/document/memory", test_memory);
  return g_test_run ();
}
