/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-edit.h"

#include "test-tree.h"

#include "formats/ckpt-load.h"
#include "model/ckpt-draft.h"
#include "model/ckpt-path.h"
#include "model/ckpt-values.h"

CkptTree *
test_edit_load (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "torch-2.13", name, NULL);
  g_autoptr (GError) error = NULL;
  CkptTree *tree = ckpt_load (path, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return tree;
}

static void
describe_elements (GString *out, CkptTree *tree, const CkptTensor *tensor)
{
  g_autoptr (GError) error = NULL;
  gsize n_bytes = tensor->numel * ckpt_dtype_get_info (tensor->dtype)->item_size;
  g_autofree guint8 *items = NULL;
  g_autofree char *hash = NULL;

  if (ckpt_tensor_get_unreadable (tree, tensor) != NULL)
    {
      g_string_append (out, " unreadable");
      return;
    }
  items = g_malloc (n_bytes + 1);
  if (!ckpt_tensor_read (tree, tensor, 0, tensor->numel, items, &error))
    {
      g_string_append_printf (out, " %s", error->message);
      return;
    }
  hash = g_compute_checksum_for_data (G_CHECKSUM_MD5, items, n_bytes);
  g_string_append_printf (out, " %s", hash);
}

static void
describe_tensor (GString *out, CkptTree *tree, const CkptTensor *tensor)
{
  g_string_append_printf (out, " %s %s %s flags %d [", tensor->class_name,
                          ckpt_dtype_get_name (tensor->dtype), tensor->device, tensor->flags);
  for (guint i = 0; i < tensor->n_dims; i++)
    g_string_append_printf (out, "%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT " ", tensor->shape[i],
                            tensor->stride != NULL ? tensor->stride[i] : 0);
  g_string_append_printf (out, "] +%" G_GINT64_FORMAT, tensor->offset);
  if (tensor->storage != CKPT_NO_STORAGE)
    {
      const CkptStorage *storage = ckpt_tree_get_storage (tree, tensor->storage);

      g_string_append_printf (out, " of %s %" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT, storage->location,
                              storage->numel, storage->n_bytes);
    }
  describe_elements (out, tree, tensor);
}

static gboolean
describe (CkptTree *tree,
          const CkptPath *path,
          guint depth,
          const CkptChild *child,
          gboolean is_repeat,
          gpointer user_data)
{
  GString *out = user_data;
  g_autofree char *where = ckpt_path_to_string (path, tree);
  g_autofree char *what = ckpt_tree_describe (tree, child->node);
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, child->node);
  const CkptStorage *storage = ckpt_tree_get_node_storage (tree, child->node);
  const char *class_name = ckpt_tree_get_class_name (tree, child->node);

  g_string_append_printf (out, "%s %s %s %s%s", where,
                          ckpt_kind_get_name (ckpt_tree_get_kind (tree, child->node)),
                          class_name != NULL ? class_name : "-", what, is_repeat ? " again" : "");
  if (tensor != NULL)
    describe_tensor (out, tree, tensor);
  if (storage != NULL)
    g_string_append_printf (out, " on %s %s", storage->location, ckpt_dtype_get_name (storage->dtype));
  g_string_append_c (out, '\n');
  return TRUE;
}

char *
test_edit_describe (CkptTree *tree, CkptNodeId from)
{
  GString *out = g_string_new (NULL);

  ckpt_tree_walk (tree, from, describe, out);
  return g_string_free_and_steal (out);
}

void
test_edit_assert_same (CkptTree *a, CkptNodeId a_node, CkptTree *b, CkptNodeId b_node)
{
  g_autofree char *one = test_edit_describe (a, a_node);
  g_autofree char *other = test_edit_describe (b, b_node);

  g_assert_cmpstr (one, ==, other);
}

static CkptTree *
apply (CkptTree *tree, const char *line, CkptEffect *effect, GError **error)
{
  g_autoptr (CkptEdit) edit = ckpt_edit_parse (line, error);
  g_autoptr (CkptDraft) draft = NULL;

  if (edit == NULL)
    return NULL;
  draft = ckpt_draft_new (tree);
  if (!ckpt_edit_get_verb (edit)->apply (draft, ckpt_edit_get_words (edit), effect, NULL, error))
    return NULL;
  return effect->n > 0 ? ckpt_draft_finish (draft, error) : ckpt_tree_ref (tree);
}

CkptTree *
test_edit_apply (CkptTree *tree, const char *line, CkptEffect **effect)
{
  g_autofree char *before = test_edit_describe (tree, ckpt_tree_get_root (tree));
  g_autofree char *after = NULL;
  g_autoptr (CkptEffect) done = ckpt_effect_new ();
  g_autoptr (CkptEffect) redone = ckpt_effect_new ();
  g_autoptr (CkptTree) again = NULL;
  g_autoptr (GError) error = NULL;
  CkptTree *result = apply (tree, line, done, &error);

  g_assert_no_error (error);
  g_assert_nonnull (result);
  g_assert_true (done->n == 0 || done->title != NULL);
  after = test_edit_describe (tree, ckpt_tree_get_root (tree));
  g_assert_cmpstr (before, ==, after);

  again = apply (tree, line, redone, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (done->n, ==, redone->n);
  test_edit_assert_same (result, ckpt_tree_get_root (result), again, ckpt_tree_get_root (again));
  if (effect != NULL)
    *effect = g_steal_pointer (&done);
  return result;
}

CkptTree *
test_edit_do (CkptTree *tree, const char *line)
{
  return test_edit_apply (tree, line, NULL);
}

CkptTree *
test_edit_do_all (CkptTree *tree, ...)
{
  CkptTree *result = ckpt_tree_ref (tree);
  const char *line;
  va_list lines;

  va_start (lines, tree);
  while ((line = va_arg (lines, const char *)) != NULL)
    {
      g_autoptr (CkptTree) former = result;

      result = test_edit_do (former, line);
    }
  va_end (lines);
  return result;
}

char *
test_edit_fail (CkptTree *tree, const char *line)
{
  g_autoptr (CkptEffect) effect = ckpt_effect_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptTree) result = apply (tree, line, effect, &error);

  g_assert_null (result);
  g_assert_nonnull (error);
  g_assert_true (error->domain == CKPT_ERROR);
  return g_strdup (error->message);
}

const CkptTensor *
test_edit_get_tensor (CkptTree *tree, const char *path)
{
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, test_tree_get (tree, path));

  g_assert_nonnull (tensor);
  return tensor;
}

gboolean
test_edit_has (CkptTree *tree, const char *path)
{
  g_autoptr (CkptPath) found = ckpt_path_resolve (tree, path, NULL);

  return found != NULL;
}

char *
test_edit_join_notes (CkptEffect *effect)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < effect->notes->len; i++)
    g_string_append_printf (text, "%s\n", (char *) effect->notes->pdata[i]);
  return g_string_free_and_steal (text);
}
