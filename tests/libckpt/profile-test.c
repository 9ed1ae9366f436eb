/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "stats/ckpt-profile.h"
#include "stats/ckpt-tally.h"

static CkptProfile *
make_profile (const double *values, gsize n, gboolean is_whole)
{
  g_autoptr (CkptTally) tally = ckpt_tally_new ();
  CkptStats stats = { .n = n, .n_finite = n, .min = values[0], .max = values[n - 1] };

  for (gsize i = 0; i < n; i++)
    ckpt_tally_add (tally, values[i], 1);
  return ckpt_profile_new (&stats, ckpt_tally_to_sketch (tally), is_whole);
}

static void
assert_default (const double *values, gsize n, gboolean is_whole, double low, double high, guint n_bins)
{
  g_autoptr (CkptProfile) profile = make_profile (values, n, is_whole);
  double found_low, found_high;
  guint found_n;

  g_assert_true (ckpt_profile_get_default_range (profile, 100, &found_low, &found_high, &found_n));
  g_assert_cmpfloat (found_low, ==, low);
  g_assert_cmpfloat (found_high, ==, high);
  g_assert_cmpuint (found_n, ==, n_bins);
}

static void
test_default_range (void)
{
  assert_default ((double[]) { -1, 0, 3 }, 3, FALSE, -1, 3, 100);
  assert_default ((double[]) { 0, 9 }, 2, TRUE, -0.5, 9.5, 10);
  assert_default ((double[]) { 0, 249 }, 2, TRUE, -0.5, 251.5, 84);
  assert_default ((double[]) { 4, 4 }, 2, FALSE, 2, 6, 15);
  assert_default ((double[]) { 4, 4 }, 2, TRUE, -3.5, 11.5, 15);
}

static void
test_no_range (void)
{
  const CkptStats stats = { .n = 2, .n_nan = 2 };
  g_autoptr (CkptProfile) profile = ckpt_profile_new (&stats, NULL, FALSE);
  double low = 1, high = 2;
  guint n_bins = 3;

  g_assert_false (ckpt_profile_get_default_range (profile, 100, &low, &high, &n_bins));
  g_assert_cmpfloat (low, ==, 1);
  g_assert_cmpuint (n_bins, ==, 3);
  g_assert_cmpfloat (ckpt_profile_get_threshold (profile), ==, 1);
}

static void
assert_rounded (double low, double high, double rounded_low, double rounded_high, guint n_rounded)
{
  guint n_bins;

  ckpt_profile_round_range (10, &low, &high, &n_bins);
  g_assert_cmpfloat (low, ==, rounded_low);
  g_assert_cmpfloat (high, ==, rounded_high);
  g_assert_cmpuint (n_bins, ==, n_rounded);
}

static void
test_round_range (void)
{
  assert_rounded (2.2, 6.9, 2.5, 6.5, 4);
  assert_rounded (2, 6, 1.5, 6.5, 5);
  assert_rounded (2.2, 2.4, 2.5, 3.5, 1);
  assert_rounded (-20, 20, -20.5, 24.5, 9);
  assert_rounded (0, 1e300, 0, 1e300, 10);
}

static void
assert_threshold (const double *values, gsize n, double threshold)
{
  g_autoptr (CkptProfile) profile = make_profile (values, n, FALSE);

  g_assert_cmpfloat_with_epsilon (ckpt_profile_get_threshold (profile), threshold, threshold * 0.01);
}

static void
test_threshold (void)
{
  /* Half of the values are larger than 2. */
  assert_threshold ((double[]) { -3, -2, 0, 2, 3 }, 5, 0.2);
  assert_threshold ((double[]) { 1e-10, 1e-9, 1e-8, 1e-7, 1 }, 5, 1e-10);
  /* Mostly zeros. */
  assert_threshold ((double[]) { 0, 0, 0, 0, 100 }, 5, 0.01);
  assert_threshold ((double[]) { 0, 0 }, 2, 1);
  /* Not so small that the scale is all digits. */
  assert_threshold ((double[]) { 1e-30, 1e-30, 1e-30, 1e10 }, 4, 0.01);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/profile/default-range", test_default_range);
  g_test_add_func ("/profile/no-range", test_no_range);
  g_test_add_func ("/profile/round-range", test_round_range);
  g_test_add_func ("/profile/threshold", test_threshold);

  return g_test_run ();
}
