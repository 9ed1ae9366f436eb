/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "stats/ckpt-survey.h"

#include "test-tensors.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>

static CkptProfile *
survey_one (CkptTree *tree, CkptTensor view)
{
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, 2);
  const CkptTensor *tensor = test_tensors_add (tree, view);
  g_autoptr (GError) error = NULL;

  ckpt_survey_run (survey, &tensor->index, 1, NULL, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return ckpt_survey_find (survey, tensor);
}

/* Bytes 0, 1, 2, ... of which only some are said to be in the file. */
static CkptTree *
make_cut (guint64 n_present)
{
  static guint8 bytes[3000];
  CkptTree *tree;

  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8) (i % 251);
  tree = test_tensors_new (bytes, sizeof bytes);
  ckpt_tree_edit_storage (tree, 0)->n_bytes_present = n_present;
  return tree;
}

/* What a view should find, by going over its elements one by one. */
static void
check_view (guint n_dims, const gint64 *shape, const gint64 *stride, gint64 offset, guint64 n_present)
{
  g_autoptr (CkptTree) tree = make_cut (n_present);
  CkptTensor view = test_tensors_view (CKPT_DTYPE_UINT8, n_dims, shape, stride, offset);
  g_autoptr (CkptProfile) profile = survey_one (tree, view);
  guint64 n = 0, sum = 0;

  for (guint64 i = 0; i < view.numel; i++)
    {
      guint64 element = offset, rest = i;

      for (guint dim = n_dims; dim > 0; dim--)
        {
          element += rest % shape[dim - 1] * view.stride[dim - 1];
          rest /= shape[dim - 1];
        }
      if (element >= n_present)
        continue;
      n++;
      sum += element % 251;
    }
  g_assert_cmpuint (profile->stats.n, ==, n);
  g_assert_cmpuint (profile->stats.n_missing, ==, view.numel - n);
  g_assert_true ((profile->sketch == NULL) == (n == 0));
  if (n > 0)
    g_assert_cmpfloat_with_epsilon (profile->stats.mean, (double) sum / n, 1e-10);
}

static void
test_short (void)
{
  const gint64 shape[] = { 10, 20, 7 }, contiguous[] = { 140, 7, 1 }, turned[] = { 1, 10, 200 },
               gaps[] = { 200, 9, 1 }, crossed[] = { 11, 13, 17 }, expanded[] = { 0, 7, 1 },
               mixed[] = { 90, 9, 1 };
  const gint64 *strides[] = { contiguous, turned, gaps, crossed, expanded, mixed };
  const guint64 presents[] = { 0, 1, 5, 6, 139, 140, 700, 703, 1399, 1400, 2500 };

  for (guint i = 0; i < G_N_ELEMENTS (strides); i++)
    for (guint j = 0; j < G_N_ELEMENTS (presents); j++)
      check_view (3, shape, strides[i], 5, presents[j]);
}

/* The last element is there in part only. */
static void
test_part_of_element (void)
{
  const float stored[] = { 1, 2, 3, 4 };
  const gint64 shape[] = { 4 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  g_autoptr (CkptProfile) profile = NULL;

  ckpt_tree_edit_storage (tree, 0)->n_bytes_present = 11;
  profile = survey_one (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, shape, NULL, 0));
  g_assert_cmpuint (profile->stats.n, ==, 2);
  g_assert_cmpuint (profile->stats.n_missing, ==, 2);
  g_assert_cmpfloat (profile->stats.max, ==, 2);
}

static void
test_broadcast (void)
{
  const float stored[] = { 1, -2, 4 };
  const gint64 shape[] = { 1 << 20, 1 << 22, 3 }, stride[] = { 0, 0, 1 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  g_autoptr (CkptProfile)
      profile = survey_one (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 3, shape, stride, 0));

  g_assert_cmpuint (profile->stats.n, ==, G_GUINT64_CONSTANT (3) << 42);
  g_assert_cmpfloat (profile->stats.mean, ==, 1);
  g_assert_cmpuint (ckpt_sketch_get_n (profile->sketch), ==, G_GUINT64_CONSTANT (3) << 42);
  g_assert_cmpfloat_with_epsilon (profile->stats.norm / sqrt (21 * 0x1p42), 1, 1e-14);
}

typedef struct
{
  guint n_good;
  guint n_changed;
  guint n_other;
} Results;

static void
on_result (guint32 tensor, CkptProfile *profile, const GError *error, gpointer user_data)
{
  Results *results = user_data;

  if (profile != NULL)
    results->n_good++;
  else if (g_error_matches (error, CKPT_ERROR, CKPT_ERROR_CHANGED_ON_DISK))
    results->n_changed++;
  else
    results->n_other++;
}

/* A file of four tensors, to which something happens after it was opened. */
static Results
survey_after (void (*change) (const char *path))
{
  const gint64 shape[] = { 300000 };
  g_autofree guint8 *bytes = g_malloc0 (1200000);
  g_autoptr (CkptTree) tree = test_tensors_new (bytes, 1200000);
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, 2);
  const guint32 tensors[] = { 0, 1, 2, 3 };
  Results results = { 0 };

  for (gint64 i = 0; i < 4; i++)
    test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_UINT8, 1, shape, NULL, 300000 * i));
  change (ckpt_source_get_path (ckpt_tree_get_source (tree)));
  g_assert_true (ckpt_survey_run (survey, tensors, 4, on_result, &results, NULL, NULL, NULL, NULL));
  return results;
}

static void
cut (const char *path)
{
  g_assert_cmpint (truncate (path, 700000), ==, 0);
}

static void
write_into (const char *path)
{
  int fd = open (path, O_WRONLY);

  g_usleep (20000);
  g_assert_cmpint (pwrite (fd, "x", 1, 5), ==, 1);
  close (fd);
}

static void
replace (const char *path)
{
  g_assert_true (g_file_set_contents (path, "something else", -1, NULL));
}

static void
delete_it (const char *path)
{
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
leave (const char *path)
{
}

static void
test_changes (void)
{
  void (*changes[]) (const char *) = { cut, write_into, replace };
  Results results;

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      results = survey_after (changes[i]);
      g_assert_cmpuint (results.n_changed, ==, 4);
    }
  results = survey_after (leave);
  g_assert_cmpuint (results.n_good, ==, 4);
  /* What was opened is still whole. */
  results = survey_after (delete_it);
  g_assert_cmpuint (results.n_good, ==, 4);
}

/* A tensor that cannot be walked does not keep the others. */
static void
test_too_large (void)
{
  const gint64 shape[] = { 1 << 22, 1 << 22 }, stride[] = { 3, 5 }, small[] = { 3 };
  g_autoptr (CkptTree) tree = test_tensors_new ("1234", 4);
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, 2);
  Results results = { 0 };

  ckpt_tree_edit_storage (tree, 0)->n_bytes = G_MAXINT64;
  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_UINT8, 2, shape, stride, 0));
  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_UINT8, 1, small, NULL, 0));
  g_assert_true (
      ckpt_survey_run (survey, (guint32[]) { 0, 1 }, 2, on_result, &results, NULL, NULL, NULL, NULL));
  g_assert_cmpuint (results.n_good, ==, 1);
  g_assert_cmpuint (results.n_other, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/survey-damage/short", test_short);
  g_test_add_func ("/survey-damage/part-of-element", test_part_of_element);
  g_test_add_func ("/survey-damage/broadcast", test_broadcast);
  g_test_add_func ("/survey-damage/changes", test_changes);
  g_test_add_func ("/survey-damage/too-large", test_too_large);
  return g_test_run ();
}
