/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "analysis/ckpt-dead.h"
#include "analysis/ckpt-findings.h"

#include "test-tensors.h"

#include <math.h>

#define N 40

/* A list of tensors of four float32 each, of which one holds NaN, one infinity, and one is not in the file. */
static CkptTree *
make_tree (void)
{
  float values[N];
  const gint64 shape[] = { 4 };
  CkptTree *tree;

  for (guint i = 0; i < N; i++)
    values[i] = 1.0f + i;
  values[9] = NAN;
  values[12] = -INFINITY;
  values[14] = INFINITY;
  tree = test_tensors_new (values, sizeof values);
  for (guint i = 0; i < 5; i++)
    test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, shape, NULL, i == 4 ? 2 * N : 4 * i));
  test_tensors_set_root (tree);
  return tree;
}

static GPtrArray *
find (CkptSurvey *survey, CkptNodeId below)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *findings = ckpt_findings_new (survey, below, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (findings);
  return findings;
}

static void
assert_finding (GPtrArray *findings, guint i, const char *kind, const char *path, guint64 count)
{
  const CkptFinding *finding = findings->pdata[i];

  g_assert_cmpstr (finding->kind, ==, kind);
  g_assert_cmpstr (finding->path, ==, path);
  g_assert_cmpuint (finding->count, ==, count);
  g_assert_cmpint (finding->grade, ==, CKPT_FINDING_PROBLEM);
}

static void
test_problems (void)
{
  g_autoptr (CkptTree) tree = make_tree ();
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, 1);
  g_autoptr (GPtrArray) findings = find (survey, ckpt_tree_get_root (tree));
  const CkptFinding *first = findings->pdata[0];

  g_assert_cmpuint (findings->len, ==, 2);
  assert_finding (findings, 0, "nan", "[2]", 1);
  assert_finding (findings, 1, "inf", "[3]", 2);
  g_assert_cmpuint (first->tensor, ==, 2);
  g_assert_cmpuint (first->node, ==, ckpt_tree_get_tensor (tree, 2)->node);
  g_assert_cmpstr (first->text, ==, "1 of 4 values is NaN.");
}

/* Paths begin at the root, wherever the search does, and what is known is not read again. */
static void
test_below (void)
{
  g_autoptr (CkptTree) tree = make_tree ();
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, 1);
  g_autoptr (GPtrArray) findings = find (survey, ckpt_tree_get_tensor (tree, 3)->node);
  CkptSourceCounts before, after;

  g_assert_cmpuint (findings->len, ==, 1);
  assert_finding (findings, 0, "inf", "[3]", 2);
  g_clear_pointer (&findings, g_ptr_array_unref);
  findings = find (survey, ckpt_tree_get_tensor (tree, 0)->node);
  g_assert_cmpuint (findings->len, ==, 0);
  g_clear_pointer (&findings, g_ptr_array_unref);

  ckpt_source_get_counts (ckpt_tree_get_source (tree), &before);
  findings = find (survey, ckpt_tree_get_tensor (tree, 3)->node);
  ckpt_source_get_counts (ckpt_tree_get_source (tree), &after);
  g_assert_cmpuint (findings->len, ==, 1);
  g_assert_cmpuint (after.n_bytes, ==, before.n_bytes);
}

static void
test_cancel (void)
{
  g_autoptr (CkptTree) tree = make_tree ();
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (ckpt_findings_new (survey, ckpt_tree_get_root (tree), NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_kinds (void)
{
  const char *const *kinds = ckpt_findings_get_kinds ();

  g_assert_cmpuint (g_strv_length ((char **) kinds), ==, 9);
  g_assert_cmpstr (kinds[0], ==, "nan");
  for (guint i = 0; kinds[i] != NULL; i++)
    {
      g_assert_true (g_strv_contains (kinds, kinds[i]));
      g_assert_cmpuint (strlen (ckpt_finding_kind_get_title (kinds[i])), >, 2);
      for (guint j = 0; j < i; j++)
        g_assert_cmpstr (ckpt_finding_kind_get_title (kinds[i]), !=, ckpt_finding_kind_get_title (kinds[j]));
    }
}

static void
test_dead (void)
{
  const float stored[] = { 0, 0, 1, 2, 0, -0.0f, 0, 0, 0, 0, 0, 0, 0, 0, NAN, 0, 0, 0 };
  const gint64 shape[] = { 3, 3, 2 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  const CkptTensor *tensor = test_tensors_add (tree,
                                               test_tensors_view (CKPT_DTYPE_FLOAT32, 3, shape, NULL, 0));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  CkptDeadSlices rows, columns;

  g_assert_true (ckpt_dead_find (tree, tensor, NULL, &rows, &columns, NULL));
  g_assert_cmpuint (rows.n, ==, 1);
  g_assert_cmpuint (rows.first, ==, 1);
  g_assert_cmpuint (columns.n, ==, 2);
  g_assert_cmpuint (columns.first, ==, 0);
  g_assert_cmpuint (columns.last, ==, 2);

  rows.n = 77;
  g_cancellable_cancel (cancellable);
  g_assert_false (ckpt_dead_find (tree, tensor, cancellable, &rows, &columns, NULL));
  g_assert_cmpuint (rows.n, ==, 77);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/findings/problems", test_problems);
  g_test_add_func ("/findings/below", test_below);
  g_test_add_func ("/findings/cancel", test_cancel);
  g_test_add_func ("/findings/kinds", test_kinds);
  g_test_add_func ("/findings/dead", test_dead);
  return g_test_run ();
}
