/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "stats/ckpt-moments.h"

#include <math.h>

#define N 200000

/* Statistics by their definition, in the longest numbers that there are. */
typedef struct
{
  long double mean;
  long double rms;
  long double std;
} Exact;

static Exact
compute_exact (const double *values, gsize n)
{
  Exact exact = { 0 };

  for (gsize i = 0; i < n; i++)
    exact.mean += values[i];
  exact.mean /= n;
  for (gsize i = 0; i < n; i++)
    {
      exact.rms += (long double) values[i] * values[i];
      exact.std += (values[i] - exact.mean) * (values[i] - exact.mean);
    }
  exact.rms = sqrtl (exact.rms / n);
  exact.std = sqrtl (exact.std / n);
  return exact;
}

/* Numbers of a block. */
#define N_BLOCK 16384

static void
compute (const double *values, gsize n, CkptStats *stats)
{
  CkptMoments moments, block;

  ckpt_moments_init (&moments, FALSE);
  for (gsize i = 0; i < n; i += N_BLOCK)
    {
      ckpt_moments_init (&block, FALSE);
      ckpt_moments_add_doubles (&block, values + i, MIN (N_BLOCK, n - i), 1);
      ckpt_moments_merge (&moments, &block);
    }
  ckpt_moments_finish (&moments, stats);
}

static void
assert_exact (const double *values, gsize n)
{
  Exact exact = compute_exact (values, n);
  CkptStats stats;

  compute (values, n, &stats);
  g_assert_cmpuint (stats.n, ==, n);
  g_assert_cmpuint (stats.n_finite, ==, n);
  g_assert_cmpfloat (fabsl (stats.mean - exact.mean), <=, 1e-12L * MAX (fabsl (exact.mean), exact.rms));
  g_assert_cmpfloat (fabsl (stats.std - exact.std), <=, 1e-9L * exact.std);
}

/* Sum of twelve: nearly a normal distribution. */
static double
next_normal (void)
{
  double sum = -6;

  for (guint i = 0; i < 12; i++)
    sum += g_test_rand_double ();
  return sum;
}

static void
test_accuracy (void)
{
  const double offsets[] = { 0, 1, -1e4, 1e8, 1e12, -1e15 }, spreads[] = { 1, 0.02, 1e-3 };
  g_autofree double *values = g_new (double, N);

  for (gsize i = 0; i < G_N_ELEMENTS (offsets) * G_N_ELEMENTS (spreads); i++)
    {
      double offset = offsets[i / G_N_ELEMENTS (spreads)], spread = spreads[i % G_N_ELEMENTS (spreads)];

      if (fabs (offset) > 1e12 * spread)
        continue;
      for (gsize j = 0; j < N; j++)
        values[j] = offset + spread * next_normal ();
      assert_exact (values, N);
    }
}

/* A first block that is unlike the rest is no good shift for it. */
static void
test_odd_beginnings (void)
{
  g_autofree double *values = g_new (double, N);

  for (gsize i = 0; i < N; i++)
    values[i] = i < N_BLOCK ? 1e6 + g_test_rand_double () : g_test_rand_double ();
  assert_exact (values, N);
  for (gsize i = 0; i < N; i++)
    values[i] = i == 0 ? 1e9 : 1e-3 * next_normal ();
  assert_exact (values, N);
  for (gsize i = 0; i < N; i++)
    values[i] = (i & 1) ? 1e10 : -1e10;
  assert_exact (values, N);
}

static void
test_counts (void)
{
  const double values[] = { NAN, 0, -0.0, INFINITY, -INFINITY, 3, -1, NAN, -INFINITY, 0, -INFINITY };
  CkptStats stats;

  compute (values, G_N_ELEMENTS (values), &stats);
  g_assert_cmpuint (stats.n, ==, 11);
  g_assert_cmpuint (stats.n_nan, ==, 2);
  g_assert_cmpuint (stats.n_pos_inf, ==, 1);
  g_assert_cmpuint (stats.n_neg_inf, ==, 3);
  g_assert_cmpuint (stats.n_zero, ==, 3);
  g_assert_cmpuint (stats.n_finite, ==, 5);
  g_assert_cmpfloat (stats.min, ==, -1);
  g_assert_cmpfloat (stats.max, ==, 3);
  g_assert_cmpfloat_with_epsilon (stats.mean, 0.4, 1e-15);
  g_assert_cmpfloat_with_epsilon (stats.std, sqrt (1.84), 1e-15);
}

/* Each of the values 1 to n in each place of a block of n: no lane and no rest is left out. */
static void
test_all_lengths (void)
{
  double values[40];
  CkptStats stats;

  for (guint n = 1; n <= G_N_ELEMENTS (values); n++)
    for (guint first = 0; first < n; first++)
      {
        for (guint i = 0; i < n; i++)
          values[i] = (i + first) % n;
        compute (values, n, &stats);
        g_assert_cmpfloat (stats.min, ==, 0);
        g_assert_cmpfloat (stats.max, ==, n - 1);
        g_assert_cmpuint (stats.n_zero, ==, 1);
        g_assert_cmpfloat_with_epsilon (stats.mean, (n - 1) / 2.0, 1e-14);
        g_assert_cmpfloat_with_epsilon (stats.std, sqrt (((double) n * n - 1) / 12), 1e-13);
        values[first] = NAN;
        compute (values, n, &stats);
        g_assert_cmpuint (stats.n_nan, ==, 1);
        g_assert_cmpuint (stats.n_finite, ==, n - 1);
      }
}

static void
test_nothing (void)
{
  const double values[] = { NAN, INFINITY };
  CkptStats stats;

  compute (values, 0, &stats);
  g_assert_cmpuint (stats.n, ==, 0);
  g_assert_true (isnan (stats.mean));
  compute (values, 2, &stats);
  g_assert_cmpuint (stats.n, ==, 2);
  g_assert_cmpuint (stats.n_finite, ==, 0);
  g_assert_true (isnan (stats.min) && isnan (stats.max) && isnan (stats.mean) && isnan (stats.std));
}

static void
test_constant (void)
{
  g_autofree double *values = g_new (double, N);
  CkptStats stats;

  for (guint round = 0; round < 100; round++)
    {
      double value = g_test_rand_double_range (-1000, 1000);

      for (gsize i = 0; i < N; i++)
        values[i] = value;
      compute (values, N, &stats);
      g_assert_cmpfloat (stats.mean, ==, value);
      g_assert_cmpfloat (stats.std, ==, 0);
    }
}

static void
test_times (void)
{
  CkptMoments moments;
  const double values[] = { 1, 2, NAN }, others[] = { 7 };
  CkptStats stats;

  ckpt_moments_init (&moments, FALSE);
  ckpt_moments_add_doubles (&moments, values, 3, G_GUINT64_CONSTANT (1) << 40);
  ckpt_moments_add_doubles (&moments, others, 1, G_GUINT64_CONSTANT (1) << 41);
  ckpt_moments_finish (&moments, &stats);
  g_assert_cmpuint (stats.n, ==, G_GUINT64_CONSTANT (5) << 40);
  g_assert_cmpuint (stats.n_nan, ==, G_GUINT64_CONSTANT (1) << 40);
  g_assert_cmpuint (stats.n_finite, ==, G_GUINT64_CONSTANT (1) << 42);
  g_assert_cmpfloat_with_epsilon (stats.mean, 17.0 / 4, 1e-14);
  g_assert_cmpfloat_with_epsilon (stats.std, sqrt (7.6875), 1e-14);
}

static void
test_scale (void)
{
  const double large[] = { 1.5e308, -1.5e308, 1.5e308, -1.5e308 },
               small[] = { 1e-300, 3e-300, 1e-300, 3e-300 };
  CkptStats stats;

  compute (large, 4, &stats);
  g_assert_cmpfloat (stats.max, ==, 1.5e308);
  g_assert_cmpfloat (stats.mean, ==, 0);
  g_assert_cmpfloat_with_epsilon (stats.std / 1.5e308, 1, 1e-14);
  compute (small, 4, &stats);
  g_assert_cmpfloat (stats.min, ==, 1e-300);
  g_assert_cmpfloat_with_epsilon (stats.mean / 2e-300, 1, 1e-14);
  g_assert_cmpfloat_with_epsilon (stats.std / 1e-300, 1, 1e-14);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/moments/accuracy", test_accuracy);
  g_test_add_func ("/moments/odd-beginnings", test_odd_beginnings);
  g_test_add_func ("/moments/counts", test_counts);
  g_test_add_func ("/moments/all-lengths", test_all_lengths);
  g_test_add_func ("/moments/nothing", test_nothing);
  g_test_add_func ("/moments/constant", test_constant);
  g_test_add_func ("/moments/times", test_times);
  g_test_add_func ("/moments/scale", test_scale);
  return g_test_run ();
}
