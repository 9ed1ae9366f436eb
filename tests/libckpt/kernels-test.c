/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "stats/ckpt-fits.h"
#include "stats/ckpt-kernels.h"
#include "stats/ckpt-moments.h"

#include <math.h>
#include <string.h>

typedef void (*Kernel) (const void *items, gsize n, double shift, CkptFigures *figures);

static void
compare_paths (Kernel kernel, const void *items, gsize n, double shift)
{
  CkptFigures wide, plain;

  kernel (items, n, shift, &wide);
  ckpt_kernel_set_plain (TRUE);
  kernel (items, n, shift, &plain);
  ckpt_kernel_set_plain (FALSE);
  g_assert_cmpmem (&wide.sum, sizeof wide.sum, &plain.sum, sizeof plain.sum);
  g_assert_cmpmem (&wide.squares, sizeof wide.squares, &plain.squares, sizeof plain.squares);
  if (!isfinite (wide.sum))
    return;
  g_assert_cmpfloat (wide.min, ==, plain.min);
  g_assert_cmpfloat (wide.max, ==, plain.max);
  g_assert_cmpuint (wide.n_zero, ==, plain.n_zero);
  g_assert_cmphex (wide.bits, ==, plain.bits);
}

/* Both instances give the same bits, of any numbers at any place in memory. */
static void
test_same_bits (void)
{
  g_autofree guint8 *bytes = g_malloc (CKPT_KERNEL_MAX * 8 + 8);

  for (guint round = 0; round < 300; round++)
    {
      gsize n = round < 64 ? round : (gsize) g_test_rand_int_range (0, CKPT_KERNEL_MAX + 1);
      double shift = round % 3 == 0 ? 0 : g_test_rand_double_range (-1, 1);
      guint8 *items = bytes + round % 4;

      for (gsize i = 0; i < n; i++)
        {
          double wide = round % 7 == 0 && i % 3 == 0
                            ? 0
                            : g_test_rand_double_range (-1, 1) * ldexp (1, (int) (i % 40));
          float narrow = (float) wide;

          memcpy (items + i * sizeof narrow, &narrow, sizeof narrow);
        }
      compare_paths (ckpt_kernel_float32, items, n, shift);
      for (gsize i = 0; i < n; i++)
        {
          double wide = round % 5 == 0 && i % 3 == 0 ? -0.0 : g_test_rand_double_range (-1, 1);

          memcpy (items + i * sizeof wide, &wide, sizeof wide);
        }
      compare_paths (ckpt_kernel_float64, items, n, shift);
    }
}

/* One number that is not finite, in any place, shows in the sum. */
static void
test_not_finite (void)
{
  const double odd[] = { NAN, INFINITY, -INFINITY };
  double wide[40] = { 0 };
  float narrow[40] = { 0 };
  CkptFigures figures;

  for (guint i = 0; i < 40 * G_N_ELEMENTS (odd); i++)
    {
      wide[i % 40] = odd[i / 40];
      narrow[i % 40] = (float) odd[i / 40];
      ckpt_kernel_float64 (wide, 40, 1, &figures);
      g_assert_false (isfinite (figures.sum));
      ckpt_kernel_float32 (narrow, 40, 1, &figures);
      g_assert_false (isfinite (figures.sum));
      wide[i % 40] = narrow[i % 40] = 0;
    }
}

static void
test_figures (void)
{
  float numbers[1000];
  CkptFigures figures;

  for (guint n = 1; n < 70; n++)
    for (guint place = 0; place < n; place++)
      {
        for (guint i = 0; i < n; i++)
          numbers[i] = (i == place) ? 0 : i % 2 ? 3 : -2;
        numbers[(place + 1) % n] = place == (place + 1) % n ? 0 : 7;
        ckpt_kernel_float32 (numbers, n, 0, &figures);
        g_assert_cmpuint (figures.n_zero, ==, 1);
        g_assert_cmpfloat (figures.max, ==, n > 1 ? 7 : 0);
        g_assert_cmpfloat (figures.min, ==, n > 3 ? -2 : figures.min);
      }
}

/* All float32 numbers of some exponents, against the conversion of the processor. */
static void
test_fits (void)
{
  for (guint64 bits = 0; bits < G_GUINT64_CONSTANT (1) << 32; bits += 0x1000)
    {
      guint32 pattern = (guint32) bits;
      float value;
      double wide;
      gboolean fits;

      memcpy (&value, &pattern, sizeof value);
      wide = value;
      fits = !isfinite (value) ||
             (fabs (wide) <= 65504 && wide * 0x1p24 == rint (wide * 0x1p24) && (pattern & 0x1fff) == 0);
      g_assert_true (ckpt_fits_float16_floats (&value, 1) == fits);
      g_assert_true (ckpt_fits_float16 (&wide, 1) == fits);
      g_assert_true (ckpt_fits_bfloat16 (&wide, 1) == ((pattern & 0xffff) == 0 || isnan (value)));
    }
}

/* One number that does not fit, among many that do. */
static void
test_moments_fit (void)
{
  const float odd[] = {
    1.00048828125f /* 1 + 2^-11 */, 1.00390625f /* 1 + 2^-8 */, 1e6f, 0x1p-25f, 0x1p-24f, NAN
  };
  const gboolean fits_bfloat16[] = { FALSE, FALSE, FALSE, TRUE, TRUE, TRUE };
  const gboolean fits_float16[] = { FALSE, TRUE, FALSE, FALSE, TRUE, TRUE };
  g_autofree float *floats = g_new (float, 10000);
  g_autofree double *doubles = g_new (double, 10000);

  for (guint i = 0; i < 10000; i++)
    doubles[i] = floats[i] = (float) (i % 17) * 0.125f;
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    for (guint place = 0; place < 10000; place += 1237)
      {
        CkptMoments moments[2];
        CkptStats stats;

        doubles[place] = floats[place] = odd[i];
        ckpt_moments_init (&moments[0], TRUE);
        ckpt_moments_add_floats (&moments[0], floats, 10000);
        ckpt_moments_init (&moments[1], TRUE);
        ckpt_moments_add_doubles (&moments[1], doubles, 10000, 1);
        for (guint j = 0; j < 2; j++)
          {
            ckpt_moments_finish (&moments[j], &stats);
            g_assert_true (stats.fits_bfloat16 == fits_bfloat16[i]);
            g_assert_true (stats.fits_float16 == fits_float16[i]);
          }
        doubles[place] = floats[place] = 1;
      }
}

/* 100 million numbers far from 0, in blocks: the sums of floats and of doubles are as good as those in longer numbers. */
static void
test_large_offset (void)
{
  enum
  {
    N_BLOCK = 65536,
    N_BLOCKS = 1600
  };
  g_autofree double *values = g_new (double, N_BLOCK);
  const double offset = 1e9;
  CkptMoments all;
  long double sum = 0, squares = 0, mean, std;
  CkptStats stats;

  ckpt_moments_init (&all, FALSE);
  for (guint block = 0; block < N_BLOCKS; block++)
    {
      CkptMoments moments;

      for (guint i = 0; i < N_BLOCK; i++)
        {
          guint32 noise = (block * N_BLOCK + i) * 2654435761u;
          long double spread = (long double) (noise >> 8) * 0x1p-24L - 0.25L;

          values[i] = (double) (offset + spread);
          spread = values[i] - offset;
          sum += spread;
          squares += spread * spread;
        }
      ckpt_moments_init (&moments, FALSE);
      ckpt_moments_add_doubles (&moments, values, N_BLOCK, 1);
      ckpt_moments_merge (&all, &moments);
    }
  ckpt_moments_finish (&all, &stats);
  mean = sum / ((long double) N_BLOCK * N_BLOCKS);
  std = sqrtl (squares / ((long double) N_BLOCK * N_BLOCKS) - mean * mean);
  g_assert_cmpfloat (fabsl (stats.mean - (offset + mean)), <=, 1e-12L * offset);
  g_assert_cmpfloat (fabsl (stats.std - std), <=, 1e-9L * std);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/same-bits", test_same_bits);
  g_test_add_func ("/kernels/not-finite", test_not_finite);
  g_test_add_func ("/kernels/figures", test_figures);
  g_test_add_func ("/kernels/fits", test_fits);
  g_test_add_func ("/kernels/moments-fit", test_moments_fit);
  g_test_add_func ("/kernels/large-offset", test_large_offset);
  return g_test_run ();
}
