/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/ckpt-values.h"
#include "stats/ckpt-sketch-private.h"
#include "stats/ckpt-survey.h"

#include "test-files.h"
#include "test-tensors.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the storage; enough for several blocks. */
#define N_BYTES 600000

/* The finite values of a tensor, sorted, as ckpt_tensor_read_doubles() gives them. */
typedef struct
{
  double *values;
  gsize n;
  gsize n_all;
} Exact;

static void
exact_clear (Exact *exact)
{
  g_free (exact->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Exact, exact_clear)

static int
compare_doubles (const void *a, const void *b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

static void
read_exact (CkptTree *tree, const CkptTensor *tensor, Exact *exact)
{
  g_autoptr (GError) error = NULL;

  exact->n_all = tensor->numel;
  exact->values = g_new (double, tensor->numel);
  exact->n = 0;
  ckpt_tensor_read_doubles (tree, tensor, 0, tensor->numel, exact->values, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < tensor->numel; i++)
    if (isfinite (exact->values[i]))
      exact->values[exact->n++] = exact->values[i];
  qsort (exact->values, exact->n, sizeof *exact->values, compare_doubles);
}

static CkptProfile *
survey_one (CkptSurvey *survey, const CkptTensor *tensor)
{
  g_autoptr (GError) error = NULL;

  ckpt_survey_run (survey, &tensor->index, 1, NULL, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return ckpt_survey_find (survey, tensor);
}

static void
check_quantiles (CkptSketch *sketch, const Exact *exact)
{
  for (guint i = 0; i <= 100; i++)
    {
      double q = i / 100.0, error, value = ckpt_sketch_get_quantile (sketch, q, &error);
      gsize rank = MAX ((gsize) ceil (q * exact->n), 1);

      g_assert_cmpfloat (fabs (value - exact->values[rank - 1]), <=, error);
      if (ckpt_sketch_is_exact (sketch))
        g_assert_cmpfloat (error, ==, 0);
    }
}

/* How many sorted values are under @edge, or at it too. */
static gsize
count_under (const Exact *exact, double edge, gboolean with_edge)
{
  gsize low = 0, high = exact->n;

  while (low < high)
    {
      gsize middle = (low + high) / 2;

      if (exact->values[middle] < edge || (with_edge && exact->values[middle] == edge))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* Bins that hold more or less than they should hold what is in a bin beside them: no more than the histogram says. */
static void
check_histogram (const CkptHistogram *histogram, const Exact *exact)
{
  guint64 n_wrong = 0, n_all = histogram->n_below + histogram->n_above;
  gsize before = count_under (exact, histogram->low, FALSE);

  n_wrong += MAX (before, histogram->n_below) - MIN (before, histogram->n_below);
  for (guint i = 0; i < histogram->n_bins; i++)
    {
      gsize end = count_under (exact, ckpt_histogram_get_edge (histogram, i + 1), i + 1 == histogram->n_bins);
      guint64 n = end - before;

      n_wrong += MAX (n, histogram->counts[i]) - MIN (n, histogram->counts[i]);
      n_all += histogram->counts[i];
      before = end;
    }
  g_assert_cmpuint (n_all, ==, exact->n);
  g_assert_cmpuint (n_wrong, <=, 2 * histogram->n_uncertain);
}

static void
check_figures (const CkptStats *stats, const Exact *exact)
{
  long double sum = 0, squares = 0, m2 = 0, mean, std, rms;
  guint64 n_zero = 0;

  for (gsize i = 0; i < exact->n; i++)
    {
      sum += exact->values[i];
      squares += (long double) exact->values[i] * exact->values[i];
      n_zero += exact->values[i] == 0;
    }
  mean = sum / exact->n;
  rms = sqrtl (squares / exact->n);
  for (gsize i = 0; i < exact->n; i++)
    m2 += (exact->values[i] - mean) * (exact->values[i] - mean);
  std = sqrtl (m2 / exact->n);
  g_assert_cmpuint (stats->n, ==, exact->n_all);
  g_assert_cmpuint (stats->n_missing, ==, 0);
  g_assert_cmpuint (stats->n_finite, ==, exact->n);
  g_assert_cmpuint (stats->n_nan + stats->n_pos_inf + stats->n_neg_inf, ==, exact->n_all - exact->n);
  g_assert_cmpuint (stats->n_zero, ==, n_zero);
  g_assert_cmpfloat (stats->min, ==, exact->values[0]);
  g_assert_cmpfloat (stats->max, ==, exact->values[exact->n - 1]);
  g_assert_cmpfloat (fabsl (stats->mean - mean), <=, 1e-12L * MAX (fabsl (mean), rms));
  g_assert_cmpfloat (fabsl (stats->std - std), <=, 1e-9L * std);
  /* The norm of finite numbers may be beyond them all. */
  if (sqrtl (squares) > DBL_MAX)
    g_assert_cmpfloat (stats->norm, ==, INFINITY);
  else
    g_assert_cmpfloat (fabsl (stats->norm - sqrtl (squares)), <=, 1e-11L * sqrtl (squares));
}

static void
check_tensor (CkptTree *tree, const CkptTensor *tensor)
{
  const CkptScale linear = { CKPT_SCALE_LINEAR, 0 }, symlog = { CKPT_SCALE_SYMLOG, 1e-2 };
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, 2);
  g_autoptr (CkptProfile) profile = survey_one (survey, tensor);
  g_auto (Exact) exact = { 0 };
  const double ranges[] = { -1, 1, 0, 300, -0.01, 0.01, exact.n, exact.n };

  read_exact (tree, tensor, &exact);
  check_figures (&profile->stats, &exact);
  g_assert_cmpuint (ckpt_sketch_get_n (profile->sketch), ==, exact.n);
  check_quantiles (profile->sketch, &exact);
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i += 2)
    {
      double low = i < 6 ? ranges[i] : profile->stats.min, high = i < 6 ? ranges[i + 1] : profile->stats.max;
      g_autoptr (CkptHistogram) rough = ckpt_sketch_get_histogram (profile->sketch, &linear, low, high, 50);
      g_autoptr (CkptHistogram) even = ckpt_sketch_get_histogram (profile->sketch, &symlog, low, high, 50);
      g_autoptr (CkptHistogram)
          best = ckpt_survey_get_histogram (survey, tensor, &linear, low, high, 700, NULL, NULL, NULL, NULL);

      check_histogram (rough, &exact);
      check_histogram (even, &exact);
      check_histogram (best, &exact);
    }
}

/* Random bits; of the wide floats in a range where squares have a meaning, and of the wide ints in a few ranges. */
static void
fill (guint8 *bytes, CkptDtype dtype, guint round)
{
  for (gsize i = 0; i < N_BYTES; i += 4)
    {
      guint32 noise = g_test_rand_int ();

      memcpy (bytes + i, &noise, 4);
    }
  for (gsize i = 0; i < N_BYTES / 8; i++)
    {
      double wide = g_test_rand_double_range (-1, 1) * ldexp (1, g_test_rand_int_range (-60, 60));
      gint64 whole = g_test_rand_int_range (-30000, 30000) +
                     (round == 2 ? (gint64) g_test_rand_int () * 1048576 : 0);

      if ((dtype == CKPT_DTYPE_FLOAT64 || dtype == CKPT_DTYPE_COMPLEX128) && (round != 0 || i % 97 > 0))
        memcpy (bytes + 8 * i, &wide, 8);
      if (ckpt_dtype_get_info (dtype)->item_size == 8 && dtype != CKPT_DTYPE_FLOAT64 &&
          dtype != CKPT_DTYPE_COMPLEX64)
        memcpy (bytes + 8 * i, &whole, 8);
    }
  /* A part where all are the same, and ends in the middle of whatever is looked at at once. */
  memset (bytes + 40000, 0, 30000);
  if (round == 1 && ckpt_dtype_get_info (dtype)->item_size == 4)
    for (gsize i = 0; i < N_BYTES / 4; i++)
      memcpy (bytes + 4 * i, &(guint32) { (guint32) g_test_rand_int_range (0, 50257) }, 4);
}

static void
test_dtype (gconstpointer data)
{
  CkptDtype dtype = GPOINTER_TO_INT (data);
  const CkptDtypeInfo *info = ckpt_dtype_get_info (dtype);
  g_autofree guint8 *bytes = g_malloc (N_BYTES);
  const gint64 shape[] = { N_BYTES * 8 / info->bits - 3 }, part[] = { 100, 37 }, stride[] = { 111, 3 };

  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (CkptTree) tree = NULL;

      fill (bytes, dtype, round);
      tree = test_tensors_new (bytes, N_BYTES);
      check_tensor (tree, test_tensors_add (tree, test_tensors_view (dtype, 1, shape, NULL, 3)));
      check_tensor (tree, test_tensors_add (tree, test_tensors_view (dtype, 2, part, stride, 5)));
      if ((info->dtype_class == CKPT_CLASS_FLOAT && info->swap_size > 1) ||
          info->dtype_class == CKPT_CLASS_SIGNED)
        {
          CkptTensor negative = test_tensors_view (dtype, 1, shape, NULL, 0);

          negative.flags = CKPT_TENSOR_NEG;
          check_tensor (tree, test_tensors_add (tree, negative));
        }
      ckpt_tree_edit_storage (tree, 0)->is_big_endian = TRUE;
      if (info->swap_size > 1 && dtype != CKPT_DTYPE_FLOAT64 && dtype != CKPT_DTYPE_COMPLEX128)
        check_tensor (tree, test_tensors_add (tree, test_tensors_view (dtype, 1, part, NULL, 1)));
    }
}

/* Sketches of all types add, and are exact as long as they can be. */
static void
test_merge_of_types (void)
{
  g_autofree guint8 *bytes = test_files_noise (4096);
  g_autoptr (GPtrArray) sketches = g_ptr_array_new_with_free_func ((GDestroyNotify) ckpt_sketch_unref);
  g_autoptr (CkptTree) tree = test_tensors_new (bytes, 4096);
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, 1);
  g_autoptr (CkptSketch) merged = NULL;
  const gint64 shape[] = { 200 };
  guint64 n = 0;

  for (guint dtype = 1; dtype < CKPT_N_DTYPES; dtype++)
    {
      g_autoptr (CkptProfile) profile = survey_one (
          survey, test_tensors_add (tree, test_tensors_view (dtype, 1, shape, NULL, 0)));

      n += profile->stats.n_finite;
      g_ptr_array_add (sketches, ckpt_sketch_ref (profile->sketch));
      if (dtype == CKPT_DTYPE_INT16)
        g_assert_true (ckpt_sketch_is_exact (profile->sketch));
    }
  merged = ckpt_sketch_merge ((CkptSketch *const *) sketches->pdata, sketches->len);
  g_assert_cmpuint (ckpt_sketch_get_n (merged), ==, n);
  g_assert_false (ckpt_sketch_is_exact (merged));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint dtype = 1; dtype < CKPT_N_DTYPES; dtype++)
    if (dtype != CKPT_DTYPE_FLOAT4_E2M1FN_X2)
      {
        g_autofree char *path = g_strdup_printf ("/survey-dtypes/%s", ckpt_dtype_get_name (dtype));

        g_test_add_data_func (path, GINT_TO_POINTER (dtype), test_dtype);
      }
  g_test_add_func ("/survey-dtypes/merge", test_merge_of_types);
  return g_test_run ();
}
