/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "stats/ckpt-survey-private.h"

#include "test-tensors.h"

#include <math.h>
#include <string.h>

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

/* Of a tensor whose sketch is too coarse for 256 bins, exact counts by reading once more; then from memory. */
static void
check_second_read (const double *values, gsize n, CkptDtype dtype, gboolean is_read_again)
{
  g_autofree guint8 *items = g_malloc (n * 8);
  gsize item_size = ckpt_dtype_get_info (dtype)->item_size;
  const gint64 shape[] = { (gint64) n };
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (CkptSurvey) survey = NULL;
  g_autoptr (CkptProfile) profile = NULL;
  g_autoptr (CkptHistogram) histogram = NULL;
  guint64 before, n_all = 0;
  double low, high;
  guint n_bins;

  for (gsize i = 0; i < n; i++)
    if (dtype == CKPT_DTYPE_FLOAT64)
      memcpy (items + 8 * i, &values[i], 8);
    else if (dtype == CKPT_DTYPE_FLOAT32)
      memcpy (items + 4 * i, &(float) { (float) values[i] }, 4);
    else
      memcpy (items + 8 * i, &(gint64) { (gint64) values[i] }, 8);
  tree = test_tensors_new (items, n * item_size);
  survey = ckpt_survey_new (tree, 2);
  test_tensors_add (tree, test_tensors_view (dtype, 1, shape, NULL, 0));
  ckpt_survey_run (survey, all, 1, NULL, NULL, NULL, NULL, NULL, NULL);
  profile = ckpt_survey_find (survey, ckpt_tree_get_tensor (tree, 0));
  g_assert_true (ckpt_profile_get_default_range (profile, 256, &low, &high, &n_bins));
  before = count_bytes_read (tree);
  histogram = ckpt_survey_get_histogram (survey, ckpt_tree_get_tensor (tree, 0), &linear, low, high, n_bins,
                                         NULL, NULL, NULL, NULL);
  g_assert_cmpuint (count_bytes_read (tree) - before, ==, is_read_again ? n * item_size : 0);
  g_assert_true (
      ckpt_survey_has_histogram (survey, ckpt_tree_get_tensor (tree, 0), &linear, low, high, n_bins));
  for (guint bin = 0; bin < n_bins; bin++)
    {
      guint64 n_bin = 0;

      for (gsize i = 0; i < n; i++)
        n_bin += values[i] >= ckpt_histogram_get_edge (histogram, bin) &&
                 (values[i] < ckpt_histogram_get_edge (histogram, bin + 1) || bin + 1 == n_bins);
      if (histogram->n_uncertain == 0)
        g_assert_cmpuint (histogram->counts[bin], ==, n_bin);
      n_all += histogram->counts[bin];
    }
  g_assert_cmpuint (n_all, ==, n);
}

static void
test_second_read (void)
{
  enum
  {
    N = 20000
  };
  g_autofree double *values = g_new (double, N);

  for (gsize i = 0; i < N; i++)
    values[i] = (float) (1 + g_test_rand_double_range (-0.01, 0.01));
  check_second_read (values, N, CKPT_DTYPE_FLOAT32, TRUE);
  for (gsize i = 0; i < N; i++)
    values[i] = 1e6 + g_test_rand_double_range (-1, 1);
  check_second_read (values, N, CKPT_DTYPE_FLOAT64, TRUE);
  for (gsize i = 0; i < N; i++)
    values[i] = g_test_rand_int_range (0, 50257);
  check_second_read (values, N, CKPT_DTYPE_INT64, FALSE);
  for (gsize i = 0; i < N; i++)
    values[i] = (float) (g_test_rand_double_range (-0.1, 0.1) * g_test_rand_double ());
  values[77] = 1e4;
  check_second_read (values, N, CKPT_DTYPE_FLOAT32, FALSE);
}

/* Of one value, the bins are around it. */
static void
test_default_range (void)
{
  const float stored[] = { 3, 3, 3 };
  const gint64 shape[] = { 3 }, whole[] = { 12 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, 1);
  g_autoptr (CkptProfile) profile = NULL;
  g_autoptr (CkptProfile) bytes = NULL;
  double low, high;
  guint n_bins;

  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, shape, NULL, 0));
  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_UINT8, 1, whole, NULL, 0));
  ckpt_survey_run (survey, all, 2, NULL, NULL, NULL, NULL, NULL, NULL);
  profile = ckpt_survey_find (survey, ckpt_tree_get_tensor (tree, 0));
  g_assert_true (ckpt_profile_get_default_range (profile, 100, &low, &high, &n_bins));
  g_assert_cmpfloat (low, ==, 1.5);
  g_assert_cmpfloat (high, ==, 4.5);
  g_assert_cmpuint (n_bins, ==, 15);
  /* 0, 64 and so on: 65 whole numbers, two in each bin */
  bytes = ckpt_survey_find (survey, ckpt_tree_get_tensor (tree, 1));
  g_assert_true (bytes->is_whole);
  g_assert_true (ckpt_profile_get_default_range (bytes, 40, &low, &high, &n_bins));
  g_assert_cmpfloat (low, ==, -0.5);
  g_assert_cmpfloat (high, ==, 65.5);
  g_assert_cmpuint (n_bins, ==, 33);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/survey/keys", test_keys);
  g_test_add_func ("/survey/run", test_run);
  g_test_add_func ("/survey/merge", test_merge);
  g_test_add_func ("/survey/histogram", test_histogram);
  g_test_add_func ("/survey/second-read", test_second_read);
  g_test_add_func ("/survey/default-range", test_default_range);
  return g_test_run ();
}
