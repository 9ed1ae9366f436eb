/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checkpoints that are written to another container, or edited, and read again. */
#include "test-compare.h"
#include "test-files.h"

#include "edit/ckpt-edit.h"
#include "formats/ckpt-load.h"
#include "formats/ckpt-save.h"
#include "formats/ckpt-storage-order.h"
#include "model/ckpt-path.h"

#include <glib/gstdio.h>
#include <string.h>

/* Of these PyTorch alone can write what they are. */
static const char *const unwritten[] = { "exported.pt2", "torchscript.pt", NULL };

static CkptTree *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  CkptTree *tree = ckpt_load (path, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return tree;
}

static CkptTree *
save_and_load (CkptTree *tree, CkptContainer container)
{
  g_autofree char *path = test_files_path ("result.pt");
  const CkptSaveOptions options = { .write = { .container = container, .leaves_out = TRUE } };
  g_autoptr (GError) error = NULL;

  ckpt_save (tree, path, &options, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return load (path);
}

/* The keys of the storages are the numbers from 0 on, in the order in which they come. */
static void
check_numbered (CkptTree *tree)
{
  g_autoptr (GArray) order = ckpt_storage_order_list (tree);

  for (guint i = 0; i < order->len; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);

      g_assert_cmpstr (ckpt_tree_get_storage (tree, g_array_index (order, guint, i))->key, ==, key);
    }
}

/* In the container before 1.6 they are addresses, which an edit leaves as they are. */
static void
check_keys_kept (CkptTree *before, CkptTree *after)
{
  g_autoptr (GArray) old_order = ckpt_storage_order_list (before);
  g_autoptr (GArray) new_order = ckpt_storage_order_list (after);

  g_assert_cmpuint (old_order->len, ==, new_order->len);
  for (guint i = 0; i < old_order->len; i++)
    g_assert_cmpstr (ckpt_tree_get_storage (before, g_array_index (old_order, guint, i))->key, ==,
                     ckpt_tree_get_storage (after, g_array_index (new_order, guint, i))->key);
}

static void
check_containers (CkptTree *tree)
{
  g_autoptr (CkptTree) zip = save_and_load (tree, CKPT_CONTAINER_TORCH_ZIP);
  g_autoptr (CkptTree) legacy = save_and_load (tree, CKPT_CONTAINER_TORCH_LEGACY);
  g_autoptr (CkptTree) back = save_and_load (legacy, CKPT_CONTAINER_TORCH_ZIP);

  g_assert_cmpint (ckpt_tree_get_container (zip), ==, CKPT_CONTAINER_TORCH_ZIP);
  g_assert_cmpint (ckpt_tree_get_container (legacy), ==, CKPT_CONTAINER_TORCH_LEGACY);
  test_assert_same_trees (zip, legacy);
  test_assert_same_trees (zip, back);
  check_numbered (back);
  /* The tensors of safetensors are there without what else the file says. */
  if (ckpt_tree_get_container (tree) != CKPT_CONTAINER_SAFETENSORS)
    test_assert_same_trees (zip, tree);
}

/* An edited tree is what is read again once it is saved. */
static void
check_edited (CkptTree *tree, const char *line)
{
  g_autoptr (CkptEdit) edit = ckpt_edit_parse (line, NULL);
  g_autoptr (CkptEffect) effect = ckpt_effect_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptTree) edited = ckpt_edit_apply (edit, tree, effect, NULL, &error);
  g_autoptr (CkptTree) read = NULL;

  g_assert_no_error (error);
  read = save_and_load (edited, ckpt_tree_get_container (tree));
  test_assert_same_trees (edited, read);
  if (ckpt_tree_get_container (tree) == CKPT_CONTAINER_TORCH_LEGACY)
    check_keys_kept (tree, read);
  else if (effect->n > 0)
    check_numbered (read);
}

static void
test_fixture (gconstpointer data)
{
  const char *path = data;
  g_autoptr (CkptTree) tree = load (path);

  check_containers (tree);
  if (ckpt_tree_get_container (tree) != CKPT_CONTAINER_SAFETENSORS)
    check_edited (tree, "device cpu=cuda:7 cuda:1=cuda:0");
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
      g_autofree char *test = g_strdup_printf ("/prepare/%s", name);
      char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR) && !g_strv_contains (unwritten, name))
        g_test_add_data_func_full (test, path, test_fixture, g_free);
      else
        g_free (path);
    }
  return g_test_run ();
}
