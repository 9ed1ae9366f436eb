/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-checkpoints.h"

#include "test-files.h"

#include "formats/ckpt-load.h"
#include "model/ckpt-draft.h"

#include <string.h>

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
list_folder (const char *path, GPtrArray *paths)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);

      if (g_file_test (inside, G_FILE_TEST_IS_DIR))
        list_folder (inside, paths);
      else
        g_ptr_array_add (paths, g_steal_pointer (&inside));
    }
}

GPtrArray *
test_checkpoints_list (void)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  const char *shared = g_getenv ("STATEROOM_SHARED");
  g_autofree char *fixtures = g_test_build_filename (G_TEST_DIST, "fixtures", "torch-2.13", NULL);
  g_autofree char *real = NULL;

  list_folder (fixtures, paths);
  if (shared != NULL && shared[0] != '\0')
    {
      real = g_build_filename (shared, "checkpoints", NULL);
      list_folder (real, paths);
    }
  g_ptr_array_sort (paths, compare_paths);
  return paths;
}

GBytes *
test_checkpoints_read (const char *path)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  char *content;

  g_file_get_contents (path, &content, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (content, length);
}

CkptTree *
test_checkpoints_load (const char *path)
{
  g_autoptr (GError) error = NULL;
  CkptTree *tree = ckpt_load (path, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return tree;
}

GBytes *
test_checkpoints_save_anew (CkptTree *tree)
{
  const CkptSaveOptions options = { .write = { .container = ckpt_tree_get_container (tree), .anew = TRUE } };
  g_autofree char *path = test_files_path ("anew.pt");
  g_autoptr (GError) error = NULL;

  if (!ckpt_save (tree, path, &options, NULL, NULL, NULL, NULL, &error))
    g_error ("%s: %s", ckpt_source_get_path (ckpt_tree_get_source (tree)), error->message);
  return test_checkpoints_read (path);
}

CkptTree *
test_checkpoints_touch (CkptTree *tree)
{
  g_autoptr (CkptDraft) draft = ckpt_draft_new (tree);
  g_autoptr (GError) error = NULL;
  CkptTree *version = ckpt_draft_finish (draft, &error);

  g_assert_no_error (error);
  return version;
}

char *
test_checkpoints_save (CkptTree *tree, CkptContainer container, guint alignment)
{
  const CkptSaveOptions options = { .write = { .container = container, .alignment = alignment } };
  g_autofree char *path = test_files_path ("saved.pt");
  g_autoptr (GError) error = NULL;

  if (!ckpt_save (tree, path, &options, NULL, NULL, NULL, NULL, &error))
    g_error ("%s: %s", ckpt_source_get_path (ckpt_tree_get_source (tree)), error->message);
  return g_steal_pointer (&path);
}

static GBytes *
save_touched (CkptTree *tree)
{
  g_autoptr (CkptTree) version = test_checkpoints_touch (tree);
  g_autofree char *path = test_checkpoints_save (version, ckpt_tree_get_container (tree), 0);

  return test_checkpoints_read (path);
}

static gboolean
is_named (const char *const *names, const char *path)
{
  for (; *names != NULL; names++)
    if (g_str_has_suffix (path, *names))
      return TRUE;
  return FALSE;
}

static guint
check_same (CkptContainer container, GBytes *(*save) (CkptTree *tree), const char *const *others)
{
  g_autoptr (GPtrArray) paths = test_checkpoints_list ();
  guint n_same = 0;

  for (guint i = 0; i < paths->len; i++)
    {
      const char *path = paths->pdata[i];
      g_autoptr (CkptTree) tree = ckpt_load (path, NULL, NULL, NULL, NULL);
      g_autoptr (GBytes) before = NULL;
      g_autoptr (GBytes) after = NULL;
      gboolean is_same;

      if (tree == NULL || ckpt_tree_get_container (tree) != container)
        continue;
      before = test_checkpoints_read (path);
      after = save (tree);
      is_same = g_bytes_equal (before, after);
      if (is_same == is_named (others, path))
        {
          g_test_message ("%s: %s", path, is_same ? "came out the same" : "came out as another file");
          g_test_fail ();
        }
      n_same += is_same;
    }
  g_test_message ("%u files came out the same", n_same);
  return n_same;
}

guint
test_checkpoints_check_anew (CkptContainer container, const char *const *others)
{
  return check_same (container, test_checkpoints_save_anew, others);
}

guint
test_checkpoints_check_touched (CkptContainer container, const char *const *others)
{
  return check_same (container, save_touched, others);
}
