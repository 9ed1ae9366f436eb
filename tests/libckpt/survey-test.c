/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "analysis/ckpt-survey-private.h"

#include "test-tensors.h"

#include <math.h>

static const CkptScale linear = { CKPT_SCALE_LINEAR, 0 };

static guint64
count_bytes_read (CkptTree *tree)
{
  CkptSourceCounts counts;

  ckpt_source_get_counts (ckpt_tree_get_source (tree), &counts);
  return counts.n_bytes;
}

static void
on_result (guint32 tensor, CkptProfile *profile, const GError *error, gpointer user_data)
{
  guint *results = user_data;

  results[tensor] += profile != NULL ? 1 : 100;
  g_assert_true ((profile == NULL) == (error != NULL));
}

/* A matrix, its transpose, a row of it, the same type from elsewhere, and one that cannot be read. */
static CkptTree *
make_tree (void)
{
  static const gint64 shape[] = { 3, 4 }, turned_shape[] = { 4, 3 }, turned_stride[] = { 1, 4 },
                      row[] = { 4 };
  static const float stored[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, NAN };
  CkptTree *tree = test_tensors_new (stored, sizeof stored);
  CkptTensor meta;

  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 2, shape, NULL, 0));
  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 2, turned_shape, turned_stride, 0));
  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, row, NULL, 4));
  meta = test_tensors_view (CKPT_DTYPE_FLOAT32, 1, row, NULL, 0);
  meta.flags = CKPT_TENSOR_META;
  test_tensors_add (tree, meta);
  return tree;
}

static const guint32 all[] = { 0, 1, 2, 3 };

static void
test_run (void)
{
  g_autoptr (CkptTree) tree = make_tree ();
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, 2);
  g_autoptr (CkptProfile) profile = NULL;
  g_autoptr (GError) error = NULL;
  guint results[4] = { 0 };
  guint64 before;

  g_assert_null (ckpt_survey_find (survey, ckpt_tree_get_tensor (tree, 0)));
  g_assert_cmpuint (ckpt_survey_get_bytes (survey, all, 4), ==, 48 + 16);
  before = count_bytes_read (tree);
  g_assert_true (ckpt_survey_run (survey, all, 4, on_result, results, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_bytes_read (tree) - before, ==, 48 + 16);
  g_assert_cmpuint (results[0], ==, 1);
  g_assert_cmpuint (results[1], ==, 1);
  g_assert_cmpuint (results[2], ==, 1);
  g_assert_cmpuint (results[3], ==, 100);

  profile = ckpt_survey_find (survey, ckpt_tree_get_tensor (tree, 1));
  g_assert_cmpuint (profile->stats.n_nan, ==, 1);
  g_assert_cmpfloat (profile->stats.mean, ==, 6);
  g_assert_cmpfloat_with_epsilon (profile->stats.norm, sqrt (506), 1e-12);
  g_assert_cmpuint (ckpt_sketch_get_n (profile->sketch), ==, 11);

  before = count_bytes_read (tree);
  g_assert_cmpuint (ckpt_survey_get_bytes (survey, all, 4), ==, 0);
  g_assert_true (ckpt_survey_run (survey, all, 4, on_result, results, NULL, NULL, NULL, &error));
  g_assert_cmpuint (count_bytes_read (tree), ==, before);
  g_assert_cmpuint (results[1], ==, 2);
}

static void
test_merge (void)
{
  g_autoptr (CkptTree) tree = make_tree ();
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, 0);
  g_autoptr (CkptProfile) merged = NULL;

  g_assert_null (ckpt_survey_merge (survey, all, 4));
  ckpt_survey_run (survey, all, 4, NULL, NULL, NULL, NULL, NULL, NULL);
  merged = ckpt_survey_merge (survey, all, 4);
  g_assert_cmpuint (merged->stats.n, ==, 16);
  g_assert_cmpuint (merged->stats.n_nan, ==, 1);
  g_assert_cmpfloat_with_epsilon (merged->stats.mean, (66 + 26) / 15.0, 1e-14);
  g_assert_cmpfloat_with_epsilon (merged->stats.std, sqrt ((506 + 174) / 15.0 - 92 * 92 / 225.0), 1e-14);
  g_assert_cmpfloat_with_epsilon (merged->stats.norm, sqrt (680), 1e-13);
  g_assert_cmpuint (ckpt_sketch_get_n (merged->sketch), ==, 15);
}

static void
test_histogram (void)
{
  g_autoptr (CkptTree) tree = make_tree ();
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, 0);
  const CkptTensor *tensor = ckpt_tree_get_tensor (tree, 0);
  g_autoptr (CkptHistogram) histogram = NULL;
  g_autoptr (GError) error = NULL;
  const guint64 expected[] = { 2, 3, 4 };
  guint64 before;

  g_assert_false (ckpt_survey_has_histogram (survey, tensor, &linear, 0, 9, 3));
  histogram = ckpt_survey_get_histogram (survey, tensor, &linear, 0, 9, 3, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (histogram->counts, sizeof expected, expected, sizeof expected);
  g_assert_cmpuint (histogram->n_above, ==, 2);
  g_assert_true (ckpt_survey_has_histogram (survey, tensor, &linear, 0, 9, 3));
  before = count_bytes_read (tree);
  ckpt_histogram_free (
      ckpt_survey_get_histogram (survey, tensor, &linear, 0, 9, 3, NULL, NULL, NULL, &error));
  g_assert_cmpuint (count_bytes_read (tree), ==, before);
  g_assert_null (ckpt_survey_get_histogram (survey, ckpt_tree_get_tensor (tree, 3), &linear, 0, 9, 3, NULL,
                                            NULL, NULL, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_UNSUPPORTED);
}

/* Tensors that show the same elements in another order have one key. */
static void
test_keys (void)
{
  gint64 shape[] = { 2, 3, 4 }, stride[] = { 12, 4, 1 };
  gint64 turned_shape[] = { 4, 2, 3 }, turned_stride[] = { 1, 12, 4 };
  gint64 flat_shape[] = { 1, 24 }, flat_stride[] = { 24, 1 };
  gint64 gap_shape[] = { 2, 3, 3 };
  const CkptTensor tensors[] = {
    { .n_dims = 3, .shape = shape, .stride = stride },
    { .n_dims = 3, .shape = turned_shape, .stride = turned_stride },
    { .n_dims = 2, .shape = flat_shape, .stride = flat_stride },
    { .n_dims = 3, .shape = gap_shape, .stride = stride },
    { .n_dims = 3, .shape = shape, .stride = stride, .offset = 1 },
    { .n_dims = 3, .shape = shape, .stride = stride, .storage = 1 },
    { .n_dims = 3, .shape = shape, .stride = stride, .dtype = CKPT_DTYPE_INT8 },
    { .n_dims = 3, .shape = shape, .stride = stride, .flags = CKPT_TENSOR_NEG },
  };
  g_autofree char *first = ckpt_survey_dup_key (&tensors[0]);

  for (gsize i = 1; i < G_N_ELEMENTS (tensors); i++)
    {
      g_autofree char *key = ckpt_survey_dup_key (&tensors[i]);

      if (i <= 2)
        g_assert_cmpstr (key, ==, first);
      else
        g_assert_cmpstr (key, !=, first);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/survey/keys", test_keys);
  g_test_add_func ("/survey/run", test_run);
  g_test_add_func ("/survey/merge", test_merge);
  g_test_add_func ("/survey/histogram", test_histogram);
  return g_test_run ();
}
