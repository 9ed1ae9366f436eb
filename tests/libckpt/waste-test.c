/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "analysis/ckpt-waste.h"

#include "analysis/ckpt-summary.h"

#include "test-tensors.h"

static const CkptByteRange *
get_range (const CkptWaste *waste, guint i)
{
  return &g_array_index (waste->shown, CkptByteRange, i);
}

static void
add_floats (CkptTree *tree, gint64 n, gint64 offset)
{
  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, &n, NULL, offset));
}

/* What the parts of the list waste is what the summary says. */
static void
assert_sum (CkptTree *tree, GPtrArray *wastes)
{
  g_autoptr (CkptSummary) summary = ckpt_summary_new (tree);
  guint64 n_wasted = 0;

  for (guint i = 0; i < wastes->len; i++)
    n_wasted += ((CkptWaste *) wastes->pdata[i])->n_wasted;
  g_assert_cmpuint (n_wasted, ==, summary->n_wasted_bytes);
}

static void
test_views (void)
{
  guint8 bytes[400] = { 0 };
  g_autoptr (CkptTree) tree = test_tensors_new (bytes, sizeof bytes);
  g_autoptr (GPtrArray) wastes = NULL;
  const CkptWaste *waste;
  const CkptWasteView *view;

  add_floats (tree, 10, 80);
  add_floats (tree, 10, 0);
  add_floats (tree, 4, 8);
  test_tensors_set_root (tree);
  wastes = ckpt_waste_list (tree);
  g_assert_cmpuint (wastes->len, ==, 1);
  waste = wastes->pdata[0];
  g_assert_cmpuint (waste->storage, ==, 0);
  g_assert_cmpuint (waste->n_bytes, ==, 400);
  g_assert_cmpuint (waste->n_wasted, ==, 400 - 48 - 40);
  g_assert_cmpuint (waste->shown->len, ==, 2);
  g_assert_cmpuint (get_range (waste, 0)->first, ==, 0);
  g_assert_cmpuint (get_range (waste, 0)->end, ==, 48);
  g_assert_cmpuint (get_range (waste, 1)->first, ==, 320);
  g_assert_cmpuint (get_range (waste, 1)->end, ==, 360);
  g_assert_cmpuint (waste->n_views, ==, 3);
  g_assert_cmpuint (waste->views->len, ==, 3);
  view = waste->views->pdata[1];
  g_assert_cmpstr (view->path, ==, "[1]");
  g_assert_cmpuint (view->tensor, ==, 1);
  g_assert_cmpuint (view->range.end, ==, 40);
  assert_sum (tree, wastes);
}

static void
test_nothing (void)
{
  guint8 bytes[40] = { 0 };
  g_autoptr (CkptTree) tree = test_tensors_new (bytes, sizeof bytes);
  g_autoptr (GPtrArray) wastes = NULL;

  add_floats (tree, 10, 0);
  test_tensors_set_root (tree);
  wastes = ckpt_waste_list (tree);
  g_assert_cmpuint (wastes->len, ==, 0);
}

/* Bytes behind a storage, and a record that is nobody's. */
static void
test_records (void)
{
  guint8 bytes[64] = { 0 };
  g_autoptr (CkptTree) tree = test_tensors_new (bytes, sizeof bytes);
  g_autoptr (GPtrArray) wastes = NULL;
  const CkptWaste *waste;

  ckpt_tree_set_container (tree, CKPT_CONTAINER_TORCH_ZIP, "zip");
  ckpt_tree_edit_storage (tree, 0)->n_bytes = ckpt_tree_edit_storage (tree, 0)->n_bytes_present = 40;
  add_floats (tree, 4, 4);
  ckpt_archive_add (ckpt_tree_get_archive (tree), "archive/data/17", -1, 0, 70);
  ckpt_archive_add (ckpt_tree_get_archive (tree), "archive/byteorder", -1, 0, 6);
  test_tensors_set_root (tree);
  wastes = ckpt_waste_list (tree);
  g_assert_cmpuint (wastes->len, ==, 3);
  waste = wastes->pdata[0];
  g_assert_cmpuint (waste->storage, ==, CKPT_NO_STORAGE);
  g_assert_cmpuint (waste->record, ==, 1);
  g_assert_cmpuint (waste->n_wasted, ==, 70);
  g_assert_cmpuint (waste->shown->len, ==, 0);
  assert_sum (tree, wastes);
}

/* More ranges than are kept: the widest gaps stay. */
static void
test_many (void)
{
  gsize n_bytes = 4 * 8000;
  g_autofree guint8 *bytes = g_malloc0 (n_bytes);
  g_autoptr (CkptTree) tree = test_tensors_new (bytes, n_bytes);
  g_autoptr (GPtrArray) wastes = NULL;
  const CkptWaste *waste;
  guint64 n_shown = 0;

  for (guint i = 0; i < 600; i++)
    add_floats (tree, 1, i * 12 + (i % 3 == 0 ? 5 : 0));
  test_tensors_set_root (tree);
  wastes = ckpt_waste_list (tree);
  waste = wastes->pdata[0];
  g_assert_cmpuint (waste->n_views, ==, 600);
  g_assert_cmpuint (waste->views->len, ==, 100);
  g_assert_cmpuint (waste->n_wasted, ==, n_bytes - 600 * 4);
  g_assert_cmpuint (waste->shown->len, ==, 256);
  for (guint i = 0; i < waste->shown->len; i++)
    {
      g_assert_cmpuint (get_range (waste, i)->first, <, get_range (waste, i)->end);
      if (i > 0)
        g_assert_cmpuint (get_range (waste, i)->first, >, get_range (waste, i - 1)->end);
      n_shown += get_range (waste, i)->end - get_range (waste, i)->first;
    }
  g_assert_cmpuint (n_shown, <, n_bytes / 2);
  assert_sum (tree, wastes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/waste/views", test_views);
  g_test_add_func ("/waste/nothing", test_nothing);
  g_test_add_func ("/waste/records", test_records);
  g_test_add_func ("/waste/many", test_many);
  return g_test_run ();
}
