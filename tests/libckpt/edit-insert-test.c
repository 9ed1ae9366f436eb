/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-edit.h"
#include "test-tree.h"

#include "model/ckpt-values.h"

#include <string.h>

static char *
find_fixture (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "fixtures", "torch-2.13", name, NULL);
}

static CkptTree *
insert (CkptTree *tree, const char *name, const char *path)
{
  g_autofree char *file = find_fixture (name);
  g_autofree char *quoted = g_shell_quote (file);
  g_autofree char *line = g_strdup_printf ("insert . new %s %s", quoted, path);

  return test_edit_do (tree, line);
}

/* All of every file: tensors of all kinds, modules, cycles, shared values, long texts. */
static void
test_all_files (void)
{
  static const char *const folders[] = { ".pt", ".safetensors", ".ckpt" };
  g_autofree char *folder = find_fixture (".");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (CkptTree) tree = test_edit_load ("state_dict.pt");
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
      {
        g_autoptr (CkptTree) from = NULL;
        g_autoptr (CkptTree) changed = NULL;
        g_autofree char *before = NULL;
        g_autofree char *after = NULL;

        if (!g_str_has_suffix (name, folders[i]))
          continue;
        from = test_edit_load (name);
        changed = insert (tree, name, ".");
        before = test_edit_describe (from, ckpt_tree_get_root (from));
        after = test_edit_describe (changed, test_tree_get (changed, "[\"new\"]"));
        if (strcmp (before, after) != 0)
          g_error ("%s: not the same:\n%s\n%s", name, before, after);
        n++;
      }
  g_assert_cmpuint (n, >, 50);
}

static void
test_sharing (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("state_dict.pt");
  g_autoptr (CkptTree) once = insert (tree, "cycle.pt", ".");
  g_autoptr (CkptTree) views = insert (tree, "views.pt", ".");
  guint n_before = ckpt_tree_get_n_storages (tree);
  guint n_storages = 0;

  for (guint i = n_before; i < ckpt_tree_get_n_storages (views); i++)
    {
      const CkptStorage *storage = ckpt_tree_get_storage (views, i);

      g_assert_true (storage->archive != NULL && storage->archive != ckpt_tree_get_archive (tree));
      n_storages++;
    }
  g_assert_cmpuint (n_storages, >, 0);
  g_assert_cmpuint (n_storages, <, ckpt_tree_get_n_tensors (views) - ckpt_tree_get_n_tensors (tree));
  g_assert_true (test_edit_has (once, "[\"new\"]"));
}

/* What was inserted can be edited as anything else. */
static void
test_editing (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("no_tensors.pt");
  g_autoptr (CkptTree) inserted = insert (tree, "state_dict.pt", ".");
  g_autoptr (CkptTree) changed = test_edit_do_all (inserted, "cast float64 new", "device '*=cuda:0'",
                                                   "rename-prefix conv1. x. --under=new", NULL);
  const CkptTensor *tensor = test_edit_get_tensor (changed, "[\"new\"][\"x.weight\"]");

  g_assert_cmpuint (tensor->dtype, ==, CKPT_DTYPE_FLOAT64);
  g_assert_cmpstr (tensor->device, ==, "cuda:0");
  g_assert_null (ckpt_tensor_get_unreadable (changed, tensor));
}

/* From a file of a big-endian machine, and into one. */
static void
test_byte_order (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("big_endian.pt");
  g_autoptr (CkptTree) inserted = insert (tree, "state_dict.pt", ".");

  for (guint i = 0; i < ckpt_tree_get_n_storages (inserted); i++)
    if (ckpt_tree_has_storage (inserted, i))
      g_assert_true (ckpt_tree_get_storage (inserted, i)->is_big_endian);
}

static void
test_refusals (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("state_dict.pt");
  g_autofree char *file = find_fixture ("state_dict.pt");
  g_autofree char *quoted = g_shell_quote (file);
  const char *const words[] = { "conv1.weight a %s .", ". conv1.weight %s .", ". a %s nowhere" };

  for (guint i = 0; i < 3; i++)
    {
      g_auto (GStrv) parts = g_strsplit (words[i], "%s", 2);
      g_autofree char *line = g_strconcat ("insert ", parts[0], quoted, parts[1], NULL);
      g_autofree char *message = test_edit_fail (tree, line);

      g_assert_cmpuint (strlen (message), >, 0);
    }
}

static void
test_position (void)
{
  g_autoptr (CkptTree) tree = test_tree_new ("} ( 'a' 1 'b' 2 u", CKPT_PERSISTENT_ZIP);
  g_autofree char *file = find_fixture ("no_tensors.pt");
  g_autofree char *quoted = g_shell_quote (file);
  g_autofree char *line = g_strdup_printf ("insert . new %s . --at=1", quoted);
  g_autoptr (CkptTree) changed = test_edit_do (tree, line);
  CkptChild child;
  gsize length;

  ckpt_tree_get_child (changed, ckpt_tree_get_root (changed), 1, &child);
  g_assert_cmpstr (ckpt_tree_peek_text (changed, child.key, &length, NULL), ==, "new");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/edit-insert/all-files", test_all_files);
  g_test_add_func ("/edit-insert/sharing", test_sharing);
  g_test_add_func ("/edit-insert/editing", test_editing);
  g_test_add_func ("/edit-insert/byte-order", test_byte_order);
  g_test_add_func ("/edit-insert/refusals", test_refusals);
  g_test_add_func ("/edit-insert/position", test_position);
  return g_test_run ();
}
