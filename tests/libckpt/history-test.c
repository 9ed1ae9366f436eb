/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random edits of every checkpoint of the fixtures: undoing gives the former tree, redoing what the edit gave, and the recipe of them, done to
 * the file anew, the same again. */
#include "test-compare.h"

#include "edit/ckpt-document.h"
#include "edit/ckpt-recipe.h"
#include "formats/ckpt-load.h"

#include <string.h>

#define N_EDITS 8

/* What can be done to some of them; what cannot be is an error, and changes nothing. */
static const char *const lines[] = {
  "cast float16",
  "compact",
  "device '*=cpu'",
  "device cpu=cuda:1 --include-rng --include-step",
  "eval",
  "keep '**/model*'",
  "prefix module.",
  "remove '*/*'",
  "remove '**/step'",
  "remove-optimizer",
  "rename-prefix module. x.",
  "rename-regex '^([a-z])' 'y\\1'",
  "set epoch 7",
  "set '**/lr' 0.5",
  "split",
  "state-dict",
  "train",
  "unwrap",
  "unwrap module. --partial",
  "unwrap-object",
  "weights-only",
};

static CkptTree *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  CkptTree *tree = ckpt_load (path, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return tree;
}

static void
check_state (CkptDocument *document, GPtrArray *states)
{
  g_autoptr (GPtrArray) now = test_compare_list (ckpt_document_get_tree (document));
  g_autofree char *difference = test_compare_lists (now,
                                                    states->pdata[ckpt_document_get_n_pending (document)]);

  g_assert_cmpstr (difference, ==, NULL);
}

static void
do_random (CkptDocument *document, GPtrArray *states)
{
  const char *line = lines[g_test_rand_int_range (0, G_N_ELEMENTS (lines))];
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptEdit) edit = ckpt_edit_parse (line, &error);
  guint n = ckpt_document_get_n_pending (document);

  g_assert_no_error (error);
  g_test_message ("%s", line);
  if (!ckpt_document_apply (document, edit, NULL, &error))
    g_assert_true (g_error_matches (error, CKPT_ERROR, CKPT_ERROR_INVALID_EDIT) ||
                   g_error_matches (error, CKPT_ERROR, CKPT_ERROR_UNSUPPORTED) ||
                   g_error_matches (error, CKPT_ERROR, CKPT_ERROR_NO_SUCH_PATH));
  if (ckpt_document_get_n_pending (document) > n)
    g_ptr_array_add (states, test_compare_list (ckpt_document_get_tree (document)));
}

/* The same edits, from their text. */
static void
check_recipe (CkptDocument *document, GPtrArray *states)
{
  g_autofree char *text = ckpt_document_dup_recipe (document);
  g_autoptr (GPtrArray) edits = ckpt_recipe_parse (text, NULL);
  g_autoptr (CkptDocument) other = ckpt_document_new (ckpt_document_get_base (document));

  for (guint i = 0; i < edits->len; i++)
    {
      g_autoptr (GError) error = NULL;

      ckpt_document_apply (other, edits->pdata[i], NULL, &error);
      g_assert_no_error (error);
      check_state (other, states);
    }
}

static void
test_fixture (gconstpointer data)
{
  g_autoptr (CkptTree) tree = load (data);
  g_autoptr (CkptDocument) document = ckpt_document_new (tree);
  g_autoptr (GPtrArray) states = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  g_ptr_array_add (states, test_compare_list (tree));
  for (guint i = 0; i < N_EDITS; i++)
    do_random (document, states);
  do
    check_state (document, states);
  while (ckpt_document_undo (document));
  g_assert_true (ckpt_document_get_tree (document) == tree);
  while (ckpt_document_redo (document))
    check_state (document, states);
  check_recipe (document, states);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_test_init (&argc, &argv, NULL);
  folder = g_test_build_filename (G_TEST_DIST, "fixtures", "torch-2.13", NULL);
  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *test = g_strdup_printf ("/history/%s", name);
      char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR) && !g_str_has_suffix (name, ".pt2"))
        g_test_add_data_func_full (test, path, test_fixture, g_free);
      else
        g_free (path);
    }
  return g_test_run ();
}
