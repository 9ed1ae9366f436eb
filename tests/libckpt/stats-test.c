/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "stats/ckpt-stats.h"

#include "test-files.h"
#include "test-tensors.h"

#include <math.h>
#include <string.h>

static void
compute (CkptTree *tree, const CkptTensor *tensor, CkptStats *stats)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (ckpt_stats_compute (tree, tensor, NULL, NULL, NULL, stats, &error));
  g_assert_no_error (error);
}

static void
test_values (void)
{
  const float stored[] = { 1, NAN, -2, INFINITY, 0, 4.5f, -INFINITY, -0.0f };
  const gint64 shape[] = { 2, 4 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  CkptStats stats;

  compute (tree, test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 2, shape, NULL, 0)), &stats);
  g_assert_cmpuint (stats.n, ==, 8);
  g_assert_cmpuint (stats.n_nan, ==, 1);
  g_assert_cmpuint (stats.n_pos_inf, ==, 1);
  g_assert_cmpuint (stats.n_neg_inf, ==, 1);
  g_assert_cmpuint (stats.n_zero, ==, 2);
  g_assert_cmpuint (stats.n_finite, ==, 5);
  g_assert_cmpfloat (stats.min, ==, -2);
  g_assert_cmpfloat (stats.max, ==, 4.5);
  g_assert_cmpfloat_with_epsilon (stats.mean, 0.7, 1e-15);
  g_assert_cmpfloat_with_epsilon (stats.std, sqrt (25.25 / 5 - 0.49), 1e-15);
  g_assert_false (stats.is_magnitude);
}

static void
test_complex (void)
{
  const float stored[] = { 3, -4, 0, 0 };
  const gint64 shape[] = { 2 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  CkptTensor view = test_tensors_view (CKPT_DTYPE_COMPLEX64, 1, shape, NULL, 0);
  CkptStats stats;

  view.flags = CKPT_TENSOR_NEG;
  compute (tree, test_tensors_add (tree, view), &stats);
  g_assert_true (stats.is_magnitude);
  g_assert_cmpfloat (stats.max, ==, 5);
  g_assert_cmpfloat (stats.min, ==, 0);
  g_assert_cmpuint (stats.n_zero, ==, 1);
}

/* Both numbers of a byte count. */
static void
test_float4 (void)
{
  const guint8 stored[] = { 0x21, 0xb7, 0x00 };
  const gint64 shape[] = { 3 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  CkptStats stats;

  compute (tree, test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT4_E2M1FN_X2, 1, shape, NULL, 0)),
           &stats);
  g_assert_cmpuint (stats.n, ==, 6);
  g_assert_cmpuint (stats.n_zero, ==, 2);
  g_assert_cmpfloat (stats.min, ==, -1.5);
  g_assert_cmpfloat (stats.max, ==, 6);
  g_assert_cmpfloat (stats.mean, ==, 1);
}

/* 2^42 elements over 128 bytes. */
static void
test_expanded (void)
{
  const float stored[32] = { 2.5f };
  const gint64 shape[] = { 1 << 21, 1 << 21 }, stride[] = { 0, 0 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  const CkptTensor *tensor = test_tensors_add (tree,
                                               test_tensors_view (CKPT_DTYPE_FLOAT32, 2, shape, stride, 0));
  g_autoptr (CkptHistogram) histogram = NULL;
  CkptSourceCounts before, after;
  CkptStats stats;

  ckpt_source_get_counts (ckpt_tree_get_source (tree), &before);
  compute (tree, tensor, &stats);
  ckpt_source_get_counts (ckpt_tree_get_source (tree), &after);
  g_assert_cmpuint (stats.n, ==, G_GUINT64_CONSTANT (1) << 42);
  g_assert_cmpfloat (stats.mean, ==, 2.5);
  g_assert_cmpfloat (stats.std, ==, 0);
  g_assert_cmpuint (after.n_bytes - before.n_bytes, ==, 4);
  histogram = ckpt_histogram_compute (tree, tensor, 0, 10, 4, NULL, NULL, NULL, NULL);
  g_assert_cmpuint (histogram->counts[1], ==, G_GUINT64_CONSTANT (1) << 42);
}

/* More than the library is willing to walk, in an order that it cannot shorten. */
static void
test_too_large (void)
{
  const gint64 shape[] = { 1 << 22, 1 << 22 }, stride[] = { 3, 5 };
  g_autoptr (CkptTree) tree = test_tensors_new ("1234", 4);
  g_autoptr (GError) error = NULL;
  CkptStats stats = { .n = 77 };

  ckpt_tree_edit_storage (tree, 0)->n_bytes = G_MAXINT64;
  g_assert_false (ckpt_stats_compute (
      tree, test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_UINT8, 2, shape, stride, 0)), NULL, NULL,
      NULL, &stats, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_LIMIT);
  g_assert_cmpuint (stats.n, ==, 77);
}

typedef struct
{
  GCancellable *cancellable;
  guint n_calls;
  guint64 last;
  guint64 total;
} Progress;

static void
on_progress (guint64 done, guint64 total, gpointer user_data)
{
  Progress *progress = user_data;

  g_assert_cmpuint (done, >=, progress->last);
  g_assert_cmpuint (done, <=, total);
  progress->n_calls++;
  progress->last = done;
  progress->total = total;
  if (progress->n_calls == 2 && progress->cancellable != NULL)
    g_cancellable_cancel (progress->cancellable);
}

static void
test_progress_and_cancel (void)
{
  const gint64 shape[] = { 8 << 20 };
  g_autofree guint8 *stored = g_malloc0 (16 << 20);
  g_autoptr (CkptTree) tree = test_tensors_new (stored, 16 << 20);
  const CkptTensor *tensor = test_tensors_add (tree,
                                               test_tensors_view (CKPT_DTYPE_FLOAT16, 1, shape, NULL, 0));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Progress progress = { 0 };
  CkptSourceCounts before, after;
  CkptStats stats;

  g_assert_true (ckpt_stats_compute (tree, tensor, on_progress, &progress, NULL, &stats, NULL));
  g_assert_cmpuint (progress.last, ==, 16 << 20);
  g_assert_cmpuint (progress.total, ==, 16 << 20);
  g_assert_cmpuint (progress.n_calls, >=, 4);

  progress = (Progress) { .cancellable = cancellable };
  ckpt_source_get_counts (ckpt_tree_get_source (tree), &before);
  g_assert_false (ckpt_stats_compute (tree, tensor, on_progress, &progress, cancellable, &stats, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ckpt_source_get_counts (ckpt_tree_get_source (tree), &after);
  g_assert_cmpuint (progress.n_calls, ==, 2);
  g_assert_cmpuint (after.n_bytes - before.n_bytes, <, 9 << 20);
  g_clear_error (&error);
  g_assert_null (ckpt_histogram_compute (tree, tensor, 0, 1, 3, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_histogram (void)
{
  const double stored[] = {
    0, 0.1, 0.2, 0.3, 0.5, 0.7, 1, -1, 2, NAN, INFINITY, -INFINITY, 0.30000000000000004
  };
  const gint64 shape[] = { 13 };
  /* numpy.histogram (..., bins=10, range=(0, 1)); the third edge is a little above 0.3, the seventh above 0.7 */
  const guint64 expected[] = { 1, 1, 2, 1, 0, 1, 1, 0, 0, 1 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  const CkptTensor *tensor = test_tensors_add (tree,
                                               test_tensors_view (CKPT_DTYPE_FLOAT64, 1, shape, NULL, 0));
  g_autoptr (CkptHistogram)
      histogram = ckpt_histogram_compute (tree, tensor, 0, 1, 10, NULL, NULL, NULL, NULL);

  g_assert_cmpuint (histogram->n_below, ==, 1);
  g_assert_cmpuint (histogram->n_above, ==, 1);
  g_assert_cmpmem (histogram->counts, 10 * sizeof (guint64), expected, sizeof expected);
}

static void
test_unreadable (void)
{
  const gint64 shape[] = { 4 };
  g_autoptr (CkptTree) tree = test_tensors_new ("1234", 4);
  CkptTensor view = test_tensors_view (CKPT_DTYPE_UINT8, 1, shape, NULL, 0);
  g_autoptr (GError) error = NULL;
  CkptStats stats;

  view.flags = CKPT_TENSOR_META;
  g_assert_false (ckpt_stats_compute (tree, test_tensors_add (tree, view), NULL, NULL, NULL, &stats, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  view = test_tensors_view (CKPT_DTYPE_FLOAT64, 1, shape, NULL, 0);
  g_assert_true (ckpt_stats_compute (tree, test_tensors_add (tree, view), NULL, NULL, NULL, &stats, NULL));
  g_assert_cmpuint (stats.n, ==, 0);
  g_assert_cmpuint (stats.n_missing, ==, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stats/values", test_values);
  g_test_add_func ("/stats/complex", test_complex);
  g_test_add_func ("/stats/float4", test_float4);
  g_test_add_func ("/stats/expanded", test_expanded);
  g_test_add_func ("/stats/too-large", test_too_large);
  g_test_add_func ("/stats/progress-and-cancel", test_progress_and_cancel);
  g_test_add_func ("/stats/histogram", test_histogram);
  g_test_add_func ("/stats/unreadable", test_unreadable);
  return g_test_run ();
}
