/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "stats/ckpt-tally.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static CkptSketch *
sketch_values (const double *values, gsize n)
{
  g_autoptr (CkptTally) tally = ckpt_tally_new ();

  for (gsize i = 0; i < n; i++)
    ckpt_tally_add (tally, values[i], 1);
  return ckpt_tally_to_sketch (tally);
}

static int
compare_doubles (const void *a, const void *b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

/* Every bucket begins where the one before ends. */
static void
test_buckets (void)
{
  double last = -INFINITY;

  for (int bucket = -CKPT_BUCKET_LAST; bucket <= CKPT_BUCKET_LAST; bucket++)
    {
      double low, high;

      ckpt_bucket_get_range (bucket, &low, &high);
      g_assert_cmpfloat (low, <=, high);
      g_assert_cmpfloat (low, ==, nextafter (last, INFINITY));
      g_assert_cmpint (ckpt_bucket_find (low), ==, bucket);
      g_assert_cmpint (ckpt_bucket_find (high), ==, bucket);
      last = high;
    }
  g_assert_cmpfloat (last, ==, DBL_MAX);
}

static void
test_exact (void)
{
  const double values[] = { 3, -0.0, 0, 0.1, -1e300, 3, 5e-324, 1e9 };
  g_autoptr (CkptSketch) sketch = sketch_values (values, G_N_ELEMENTS (values));
  double error = 1;

  g_assert_true (ckpt_sketch_is_exact (sketch));
  g_assert_cmpuint (ckpt_sketch_get_n (sketch), ==, 8);
  g_assert_cmpuint (ckpt_sketch_count_buckets (sketch, 0, 3), ==, 4);
  g_assert_cmpfloat (ckpt_sketch_get_quantile (sketch, 0, &error), ==, -1e300);
  g_assert_cmpfloat (ckpt_sketch_get_quantile (sketch, 0.5, &error), ==, 5e-324);
  g_assert_cmpfloat (error, ==, 0);
  g_assert_cmpfloat (ckpt_sketch_get_quantile (sketch, 0.51, &error), ==, 0.1);
  g_assert_cmpfloat (ckpt_sketch_get_quantile (sketch, 1, NULL), ==, 1e9);
}

static double
next_value (guint i)
{
  double value = g_test_rand_double_range (-1, 1);

  return i % 3 == 0 ? value * 1e4 : i % 3 == 1 ? value : ldexp (value, -g_test_rand_int_range (0, 300));
}

static void
check_quantiles (CkptSketch *sketch, double *values, gsize n)
{
  qsort (values, n, sizeof *values, compare_doubles);
  for (guint i = 0; i <= 200; i++)
    {
      double q = i / 200.0, error, value = ckpt_sketch_get_quantile (sketch, q, &error);
      gsize rank = MAX ((gsize) ceil (q * n), 1);

      g_assert_cmpfloat (fabs (value - values[rank - 1]), <=, error);
      g_assert_cmpfloat (error, <=, MAX (fabs (value) / 64, 1e-37));
    }
}

/* Values that the sketch counts elsewhere than they are. */
static guint64
count_moved (const CkptHistogram *histogram, const double *values, gsize n)
{
  g_autofree guint64 *counts = g_new0 (guint64, histogram->n_bins);
  guint64 n_moved = 0, n_all = histogram->n_below + histogram->n_above;

  for (gsize i = 0; i < n; i++)
    for (guint bin = 0; bin < histogram->n_bins; bin++)
      if (values[i] >= ckpt_histogram_get_edge (histogram, bin) &&
          (values[i] < ckpt_histogram_get_edge (histogram, bin + 1) ||
           (bin + 1 == histogram->n_bins && values[i] == histogram->high)))
        counts[bin]++;
  for (guint bin = 0; bin < histogram->n_bins; bin++)
    {
      n_moved += MAX (counts[bin], histogram->counts[bin]) - MIN (counts[bin], histogram->counts[bin]);
      n_all += histogram->counts[bin];
    }
  g_assert_cmpuint (n_all, ==, n);
  return n_moved;
}

static void
check_histogram (CkptSketch *sketch,
                 const double *values,
                 gsize n,
                 const CkptScale *scale,
                 double low,
                 double high)
{
  g_autoptr (CkptHistogram) histogram = ckpt_sketch_get_histogram (sketch, scale, low, high, 40);

  g_assert_cmpuint (count_moved (histogram, values, n), <=, 2 * histogram->n_uncertain);
  if (ckpt_sketch_is_exact (sketch))
    g_assert_cmpuint (histogram->n_uncertain, ==, 0);
}

static void
test_many (void)
{
  const CkptScale linear = { CKPT_SCALE_LINEAR, 0 }, symlog = { CKPT_SCALE_SYMLOG, 1e-2 };
  const gsize sizes[] = { 1, 7, 1000, 100000 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree double *values = g_new (double, sizes[i]);
      g_autoptr (CkptSketch) sketch = NULL;

      for (gsize j = 0; j < sizes[i]; j++)
        values[j] = next_value ((guint) j);
      sketch = sketch_values (values, sizes[i]);
      g_assert_true (ckpt_sketch_is_exact (sketch) == (sizes[i] <= 65536));
      g_assert_cmpuint (ckpt_sketch_get_n (sketch), ==, sizes[i]);
      check_quantiles (sketch, values, sizes[i]);
      check_histogram (sketch, values, sizes[i], &linear, -1e4, 1e4);
      check_histogram (sketch, values, sizes[i], &linear, -0.7, 0.3);
      check_histogram (sketch, values, sizes[i], &symlog, -1e4, 1e4);
      check_histogram (sketch, values, sizes[i], &symlog, 0.5, 0.5);
    }
}

static void
assert_equal (CkptSketch *sketch, CkptSketch *other)
{
  CkptSketchEntry entry, other_entry;
  CkptSketchIter iter, other_iter;

  g_assert_cmpuint (ckpt_sketch_get_n (sketch), ==, ckpt_sketch_get_n (other));
  g_assert_true (ckpt_sketch_is_exact (sketch) == ckpt_sketch_is_exact (other));
  g_assert_cmpuint (ckpt_sketch_get_size (sketch), ==, ckpt_sketch_get_size (other));
  ckpt_sketch_iter_init (&iter, sketch);
  ckpt_sketch_iter_init (&other_iter, other);
  while (ckpt_sketch_iter_next (&iter, &entry))
    {
      g_assert_true (ckpt_sketch_iter_next (&other_iter, &other_entry));
      g_assert_cmpfloat (entry.first, ==, other_entry.first);
      g_assert_cmpfloat (entry.last, ==, other_entry.last);
      g_assert_cmpuint (entry.n, ==, other_entry.n);
    }
  g_assert_false (ckpt_sketch_iter_next (&other_iter, &other_entry));
}

/* Parts in any order, and parts of parts, give what all values at once give. */
static void
check_merge (const double *values, gsize n, gsize n_part)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) ckpt_sketch_unref);
  g_autoptr (CkptSketch) whole = sketch_values (values, n);
  g_autoptr (CkptSketch) merged = NULL;
  g_autoptr (CkptSketch) again = NULL;

  for (gsize i = 0; i < n; i += n_part)
    g_ptr_array_add (parts, sketch_values (values + i, MIN (n_part, n - i)));
  merged = ckpt_sketch_merge ((CkptSketch *const *) parts->pdata, parts->len);
  assert_equal (whole, merged);
  for (guint i = 0; i < parts->len / 2; i++)
    {
      gpointer other = parts->pdata[parts->len - 1 - i];

      parts->pdata[parts->len - 1 - i] = parts->pdata[i];
      parts->pdata[i] = other;
    }
  g_clear_pointer (&merged, ckpt_sketch_unref);
  merged = ckpt_sketch_merge ((CkptSketch *const *) parts->pdata, parts->len / 2);
  g_ptr_array_remove_range (parts, 0, parts->len / 2);
  g_ptr_array_add (parts, g_steal_pointer (&merged));
  again = ckpt_sketch_merge ((CkptSketch *const *) parts->pdata, parts->len);
  assert_equal (whole, again);
}

static void
test_merge (void)
{
  g_autofree double *values = g_new (double, 90000);

  for (guint i = 0; i < 90000; i++)
    values[i] = next_value (i);
  check_merge (values, 60000, 7000);
  check_merge (values, 65536, 9000);
  check_merge (values, 90000, 9000);
  for (guint i = 0; i < 90000; i++)
    values[i] = g_test_rand_int_range (-30000, 30000);
  check_merge (values, 90000, 9000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sketch/buckets", test_buckets);
  g_test_add_func ("/sketch/exact", test_exact);
  g_test_add_func ("/sketch/many", test_many);
  g_test_add_func ("/sketch/merge", test_merge);
  return g_test_run ();
}
