/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "stats/ckpt-scale.h"

#include <float.h>
#include <math.h>

static const double thresholds[] = { 5e-324, DBL_MIN, 1e-20, 0.001, 1, 1e30, DBL_MAX };
static const double values[] = { 0, 5e-324, 1e-310, 1e-30, 1e-7, 0.001, 0.5, 1, 3, 1e9, 1e100, DBL_MAX };

static void
test_linear (void)
{
  const CkptScale scale = { CKPT_SCALE_LINEAR, 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_assert_cmpfloat (ckpt_scale_map (&scale, -values[i]), ==, -values[i]);
      g_assert_cmpfloat (ckpt_scale_unmap (&scale, values[i]), ==, values[i]);
    }
  g_assert_cmpfloat (ckpt_scale_unmap (&scale, INFINITY), ==, DBL_MAX);
}

/* The definition, in a type with a wider range. */
static void
test_definition (void)
{
  for (gsize t = 0; t < G_N_ELEMENTS (thresholds); t++)
    {
      const CkptScale scale = { CKPT_SCALE_SYMLOG, thresholds[t] };

      for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
        {
          double position = ckpt_scale_map (&scale, values[i]);
          long double expected = log1pl ((long double) values[i] / thresholds[t]);

          g_assert_cmpfloat_with_epsilon (position, (double) expected,
                                          1e-14 * (double) expected + DBL_TRUE_MIN);
          g_assert_cmpfloat (ckpt_scale_map (&scale, -values[i]), ==, -position);
          /* What is below half a unit in the last place of the threshold may come back as another such number. */
          g_assert_cmpfloat_with_epsilon (ckpt_scale_unmap (&scale, position), values[i],
                                          1e-12 * values[i] + DBL_TRUE_MIN * (1 + thresholds[t]));
          g_assert_cmpfloat (ckpt_scale_unmap (&scale, -position), ==, -ckpt_scale_unmap (&scale, position));
        }
    }
}

static void
test_order (void)
{
  for (gsize t = 0; t < G_N_ELEMENTS (thresholds); t++)
    {
      const CkptScale scale = { CKPT_SCALE_SYMLOG, thresholds[t] };
      double last = 0;

      for (double value = 5e-324; isfinite (value); value *= 1.9)
        {
          double position = ckpt_scale_map (&scale, value);

          g_assert_true (isfinite (position));
          g_assert_cmpfloat (position, >=, last);
          last = position;
        }
      g_assert_cmpfloat (ckpt_scale_unmap (&scale, 1e6), ==, DBL_MAX);
      g_assert_cmpfloat (ckpt_scale_unmap (&scale, -1e6), ==, -DBL_MAX);
    }
}

/* On both sides of the place where another formula is used. */
static void
test_seam (void)
{
  const CkptScale scale = { CKPT_SCALE_SYMLOG, 0.25 };
  double seam = 0.25 * 0x1p60;

  g_assert_cmpfloat (ckpt_scale_map (&scale, nextafter (seam, 0)), <=, ckpt_scale_map (&scale, seam));
  g_assert_cmpfloat_with_epsilon (ckpt_scale_map (&scale, nextafter (seam, 0)), ckpt_scale_map (&scale, seam),
                                  1e-13);
  g_assert_cmpfloat_with_epsilon (
      ckpt_scale_unmap (&scale, nextafter (42, 0)) / ckpt_scale_unmap (&scale, 42), 1, 1e-12);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scale/linear", test_linear);
  g_test_add_func ("/scale/definition", test_definition);
  g_test_add_func ("/scale/order", test_order);
  g_test_add_func ("/scale/seam", test_seam);
  return g_test_run ();
}
