/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "stats/ckpt-kernels.h"
#include "stats/ckpt-scan.h"
#include "stats/ckpt-sketch-private.h"
#include "stats/ckpt-survey.h"

#include "test-tensors.h"

#include <math.h>
#include <string.h>
#include <zlib.h>

/* Bytes of the storage: blocks enough for every thread to get some. */
#define N_BYTES (48 << 20)

static guint64
count_bytes_read (CkptTree *tree)
{
  CkptSourceCounts counts;

  ckpt_source_get_counts (ckpt_tree_get_source (tree), &counts);
  return counts.n_bytes;
}

/* Numbers near 1 with a few far from it, NaN and infinities among them. */
static guint8 *
make_floats (void)
{
  guint8 *bytes = g_malloc (N_BYTES);
  guint32 noise = 1;

  for (gsize i = 0; i < N_BYTES / sizeof (float); i++)
    {
      float value;

      noise = noise * 1664525u + 1013904223u;
      value = (float) (noise >> 8) * 0x1p-24f - 0.3f;
      if (noise >> 16 == 77)
        value = noise & 0x8000 ? NAN : noise & 0x4000 ? INFINITY : value * 1e6f;
      memcpy (bytes + i * sizeof value, &value, sizeof value);
    }
  return bytes;
}

/* One tensor after the other of a kind that is counted in its own way, large and small. */
static CkptTree *
make_tree (const guint8 *bytes)
{
  static const gint64 whole[] = { N_BYTES / 4 }, halves[] = { N_BYTES / 2 }, doubles[] = { N_BYTES / 8 },
                      small[] = { 700 };
  static const gint64 rows[] = { 3000, 2000 }, row_stride[] = { 4001, 2 }, window[] = { 200000, 64 },
                      window_stride[] = { 5, 1 };
  CkptTree *tree = test_tensors_new (bytes, N_BYTES);

  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, whole, NULL, 0));
  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_BFLOAT16, 1, halves, NULL, 0));
  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_INT32, 1, whole, NULL, 0));
  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_COMPLEX64, 1, doubles, NULL, 0));
  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 2, rows, row_stride, 7));
  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 2, window, window_stride, 0));
  for (gint64 i = 0; i < 40; i++)
    test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, small, NULL, 700 * i));
  return tree;
}

static guint32 *
list_tensors (CkptTree *tree, guint *n)
{
  guint32 *tensors = g_new (guint32, ckpt_tree_get_n_tensors (tree));

  *n = ckpt_tree_get_n_tensors (tree);
  for (guint i = 0; i < *n; i++)
    tensors[i] = i;
  return tensors;
}

static CkptSurvey *
survey_all (CkptTree *tree, guint n_threads)
{
  CkptSurvey *survey = ckpt_survey_new (tree, n_threads);
  g_autoptr (GError) error = NULL;
  guint n;
  g_autofree guint32 *tensors = list_tensors (tree, &n);

  ckpt_survey_run (survey, tensors, n, NULL, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return survey;
}

static void
assert_same_bits (CkptTree *tree, CkptSurvey *survey, CkptSurvey *other)
{
  for (guint i = 0; i < ckpt_tree_get_n_tensors (tree); i++)
    {
      g_autoptr (CkptProfile) profile = ckpt_survey_find (survey, ckpt_tree_get_tensor (tree, i));
      g_autoptr (CkptProfile) other_profile = ckpt_survey_find (other, ckpt_tree_get_tensor (tree, i));
      CkptSketchEntry entry, other_entry;
      CkptSketchIter iter, other_iter;

      g_assert_cmpmem (&profile->stats, sizeof (CkptStats), &other_profile->stats, sizeof (CkptStats));
      g_assert_cmpuint (ckpt_sketch_get_size (profile->sketch), ==,
                        ckpt_sketch_get_size (other_profile->sketch));
      ckpt_sketch_iter_init (&iter, profile->sketch);
      ckpt_sketch_iter_init (&other_iter, other_profile->sketch);
      while (ckpt_sketch_iter_next (&iter, &entry))
        {
          g_assert_true (ckpt_sketch_iter_next (&other_iter, &other_entry));
          g_assert_cmpfloat (entry.first, ==, other_entry.first);
          g_assert_cmpuint (entry.n, ==, other_entry.n);
        }
    }
}

static void
test_threads (void)
{
  g_autofree guint8 *bytes = make_floats ();
  g_autoptr (CkptTree) tree = make_tree (bytes);
  g_autoptr (CkptSurvey) one = survey_all (tree, 1);

  for (guint n_threads = 2; n_threads <= 8; n_threads++)
    {
      g_autoptr (CkptSurvey) many = survey_all (tree, n_threads);

      assert_same_bits (tree, one, many);
    }
  ckpt_kernel_set_plain (TRUE);
  {
    g_autoptr (CkptSurvey) plain = survey_all (tree, 2);

    ckpt_kernel_set_plain (FALSE);
    assert_same_bits (tree, one, plain);
  }
}

/* Every byte once, though some tensors are the same and others are in more places. */
static void
test_reads (void)
{
  g_autofree guint8 *bytes = g_malloc0 (N_BYTES);
  g_autoptr (CkptTree) tree = test_tensors_new (bytes, N_BYTES);
  const gint64 shape[] = { 1000, 2000 }, turned[] = { 2000, 1000 }, turned_stride[] = { 1, 2000 },
               wide[] = { 7, 1000, 2000 }, wide_stride[] = { 0, 2000, 1 };
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, 2);
  g_autoptr (CkptProfile) profile = NULL;
  guint64 before;
  guint n;
  g_autofree guint32 *tensors = NULL;

  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 2, shape, NULL, 0));
  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 2, shape, NULL, 0));
  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 2, turned, turned_stride, 0));
  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 2, shape, NULL, 2000000));
  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 3, wide, wide_stride, 4000000));
  tensors = list_tensors (tree, &n);
  g_assert_cmpuint (ckpt_survey_get_bytes (survey, tensors, n), ==, 3 * 8000000);
  before = count_bytes_read (tree);
  ckpt_survey_run (survey, tensors, n, NULL, NULL, NULL, NULL, NULL, NULL);
  g_assert_cmpuint (count_bytes_read (tree) - before, ==, 3 * 8000000);
  ckpt_survey_run (survey, tensors, n, NULL, NULL, NULL, NULL, NULL, NULL);
  g_assert_cmpuint (count_bytes_read (tree) - before, ==, 3 * 8000000);
  profile = ckpt_survey_find (survey, ckpt_tree_get_tensor (tree, 4));
  g_assert_cmpuint (profile->stats.n_zero, ==, 14000000);
  g_assert_cmpuint (ckpt_sketch_get_n (profile->sketch), ==, 14000000);
}

typedef struct
{
  GCancellable *cancellable;
  CkptTree *tree;
  guint64 n_bytes_read; /* when it was cancelled */
  guint64 last;
  guint n_calls;
  guint n_results;
} Watch;

static void
on_progress (guint64 done, guint64 total, gpointer user_data)
{
  Watch *watch = user_data;

  g_assert_cmpuint (done, >=, watch->last);
  g_assert_cmpuint (done, <=, total);
  watch->last = done;
  if (++watch->n_calls == 2 && watch->cancellable != NULL)
    {
      watch->n_bytes_read = count_bytes_read (watch->tree);
      g_cancellable_cancel (watch->cancellable);
    }
}

static void
on_result (guint32 tensor, CkptProfile *profile, const GError *error, gpointer user_data)
{
  ((Watch *) user_data)->n_results++;
  g_assert_no_error (error);
}

static void
test_progress_and_cancel (void)
{
  g_autofree guint8 *bytes = make_floats ();
  g_autoptr (CkptTree) tree = make_tree (bytes);
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, 2);
  g_autoptr (GError) error = NULL;
  Watch watch = { .cancellable = g_cancellable_new (), .tree = tree };
  guint n;
  g_autofree guint32 *tensors = list_tensors (tree, &n);
  guint64 n_bytes = ckpt_survey_get_bytes (survey, tensors, n);

  g_assert_false (ckpt_survey_run (survey, tensors, n, on_result, &watch, on_progress, &watch,
                                   watch.cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* No thread begins another block. */
  g_assert_cmpuint (count_bytes_read (tree) - watch.n_bytes_read, <=, 2 * CKPT_SCAN_BYTES);
  g_assert_cmpuint (watch.n_results, ==, 0);
  g_clear_object (&watch.cancellable);

  /* What was cancelled is nothing that others wait for. */
  watch = (Watch) { 0 };
  g_assert_true (ckpt_survey_run (survey, tensors, n, on_result, &watch, on_progress, &watch, NULL, NULL));
  g_assert_cmpuint (watch.n_results, ==, n);
  g_assert_cmpuint (watch.last, ==, n_bytes);
  g_assert_cmpuint (watch.n_calls, >, 20);
}

static gpointer
run_beside (gpointer data)
{
  CkptSurvey *survey = data;
  Watch watch = { 0 };
  guint n;
  g_autofree guint32 *tensors = list_tensors (ckpt_survey_get_tree (survey), &n);

  ckpt_survey_run (survey, tensors, n, on_result, &watch, NULL, NULL, NULL, NULL);
  g_assert_cmpuint (watch.n_results, ==, n);
  return NULL;
}

/* Two at once share the work. */
static void
test_two_runs (void)
{
  g_autofree guint8 *bytes = make_floats ();
  g_autoptr (CkptTree) tree = test_tensors_new (bytes, N_BYTES);
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, 2);
  const gint64 shape[] = { N_BYTES / 16 };
  GThread *threads[3];
  guint64 before;

  for (gint64 i = 0; i < 4; i++)
    test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, shape, NULL, i * shape[0]));
  before = count_bytes_read (tree);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("run", run_beside, survey);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (count_bytes_read (tree) - before, ==, N_BYTES);
}

/* Sketches of 65,536 values each: more than are kept. */
static void
test_cap (void)
{
  enum
  {
    N_TENSORS = 200
  };
  g_autofree guint8 *bytes = g_malloc (65536 * 2 + N_TENSORS * 2);
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (CkptSurvey) survey = NULL;
  const gint64 shape[] = { 65536 };
  gsize n_bytes = 0;
  guint n_sketches = 0;

  for (guint i = 0; i < 65536 + N_TENSORS; i++)
    memcpy (bytes + 2 * i, &(guint16) { (guint16) i }, 2);
  tree = test_tensors_new (bytes, 65536 * 2 + N_TENSORS * 2);
  for (guint i = 0; i < N_TENSORS; i++)
    test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT16, 1, shape, NULL, i));
  survey = survey_all (tree, 2);
  for (guint i = 0; i < N_TENSORS; i++)
    {
      g_autoptr (CkptProfile) profile = ckpt_survey_find (survey, ckpt_tree_get_tensor (tree, i));

      g_assert_cmpuint (profile->stats.n, ==, 65536);
      n_sketches += profile->sketch != NULL;
      n_bytes += profile->sketch != NULL ? ckpt_sketch_get_size (profile->sketch) : 0;
    }
  g_assert_cmpuint (n_sketches, >=, 50);
  g_assert_cmpuint (n_sketches, <, N_TENSORS);
  g_assert_cmpuint (n_bytes, <=, 16 << 20);
  g_assert_cmpuint (ckpt_survey_get_bytes (survey, &(guint32) { 0 }, 1), ==, 131072);
  g_assert_cmpuint (ckpt_survey_get_bytes (survey, &(guint32) { N_TENSORS - 1 }, 1), ==, 0);
  {
    g_autoptr (CkptHistogram) histogram = ckpt_survey_get_histogram (
        survey, ckpt_tree_get_tensor (tree, 0), &(CkptScale) { 0 }, -1, 1, 9, NULL, NULL, NULL, NULL);

    g_assert_cmpuint (histogram->n_uncertain, ==, 0);
  }
}

/* A storage in a deflated record: its stream is gone through once, however many threads there are. */
static void
test_deflated (void)
{
  enum
  {
    SIZE = 24 << 20
  };
  const gint64 shape[] = { SIZE / 4 };
  g_autofree guint8 *bytes = make_floats ();
  uLongf n_packed = compressBound (SIZE);
  g_autofree guint8 *packed = g_malloc (n_packed);
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (CkptSurvey) survey = NULL;
  g_autoptr (CkptProfile) profile = NULL;
  CkptRecord *record;
  guint64 before;

  g_assert_cmpint (compress2 (packed, &n_packed, bytes, SIZE, 1), ==, Z_OK);
  /* Without the two bytes before the stream and the checksum after it. */
  tree = test_tensors_new (packed + 2, n_packed - 6);
  record = ckpt_archive_edit (ckpt_tree_get_archive (tree), 0);
  record->method = CKPT_RECORD_DEFLATED;
  record->size = SIZE;
  ckpt_tree_edit_storage (tree, 0)->n_bytes = ckpt_tree_edit_storage (tree, 0)->n_bytes_present = SIZE;
  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, shape, NULL, 0));
  before = count_bytes_read (tree);
  survey = survey_all (tree, 8);
  g_assert_cmpuint (count_bytes_read (tree) - before, <=, n_packed + (64 << 10));
  profile = ckpt_survey_find (survey, ckpt_tree_get_tensor (tree, 0));
  g_assert_cmpuint (profile->stats.n, ==, SIZE / 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/survey-run/threads", test_threads);
  g_test_add_func ("/survey-run/reads", test_reads);
  g_test_add_func ("/survey-run/progress-and-cancel", test_progress_and_cancel);
  g_test_add_func ("/survey-run/two-runs", test_two_runs);
  g_test_add_func ("/survey-run/cap", test_cap);
  g_test_add_func ("/survey-run/deflated", test_deflated);
  return g_test_run ();
}
