/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-helpers.h"

#include <ckptplot.h>
#include <float.h>
#include <math.h>

typedef struct
{
  double value;
  int n_digits;
  const char *text;
} Case;

static void
test_format (void)
{
  static const Case cases[] = {
    { 0, 4, "0" },
    { -0.0, 4, "0" },
    { 1, 4, "1" },
    { 0.02001, 4, "0.02001" },
    { -1.2e-5, 4, "−1.2e−5" },
    { 0.0001, 4, "0.0001" },
    { 0.00009999, 4, "9.999e−5" },
    { 0.999999, 4, "1" },
    { 1234567, 4, "1,235,000" },
    { 12345678, 4, "1.235e7" },
    { 12345678, 17, "12,345,678" },
    { -999, 3, "−999" },
    { -1000, 3, "−1,000" },
    { FLT_MAX, 4, "3.403e38" },
    { 1.401298464324817e-45, 4, "1.401e−45" },
    { DBL_MAX, 17, "1.7976931348623157e308" },
    { 5e-324, 4, "4.941e−324" },
    { NAN, 4, "NaN" },
    { INFINITY, 4, "∞" },
    { -INFINITY, 4, "−∞" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = ckpt_plot_number_format (cases[i].value, cases[i].n_digits, NULL);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* What is written with all digits reads back as the same number. */
static void
test_format_round_trip (void)
{
  for (int i = 0; i < 20000; i++)
    {
      double value = plot_random_double ();
      g_autofree char *text = ckpt_plot_number_format (value, 17, NULL);

      g_assert_cmpfloat (plot_parse_number (text), ==, value);
    }
}

static void
test_style (void)
{
  const CkptPlotNumberStyle german = { ",", "." };
  const CkptPlotNumberStyle french = { ",", "\342\200\257" };
  g_autofree char *plain = ckpt_plot_number_format (-1234.5, 6, &german);
  g_autofree char *power = ckpt_plot_number_format (1.25e-9, 6, &german);
  g_autofree char *count = ckpt_plot_number_format_count (G_MAXUINT64, &french);
  g_autofree char *small = ckpt_plot_number_format_count (7, NULL);

  g_assert_cmpstr (plain, ==, "−1.234,5");
  g_assert_cmpstr (power, ==, "1,25e−9");
  g_assert_cmpstr (
      count, ==,
      "18\342\200\257446\342\200\257744\342\200\257073\342\200\257709\342\200\257551\342\200\257615");
  g_assert_cmpstr (small, ==, "7");
}

static void
test_units (void)
{
  static const struct
  {
    CkptPlotDecimal decimal;
    const char *text;
  } cases[] = {
    { { 0, 0 }, "0" },     { { 5, 2 }, "500" },      { { 1, 3 }, "1k" }, { { 40, 3 }, "40k" },
    { { 15, 5 }, "1.5M" }, { { 5, 8 }, "500M" },     { { 1, 9 }, "1G" }, { { 2, 12 }, "2T" },
    { { 1, 19 }, "10E" },  { { 1, 22 }, "10,000E" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = ckpt_plot_decimal_format_unit (cases[i].decimal, NULL);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_decimals (void)
{
  g_autofree char *padded = ckpt_plot_decimal_format_plain ((CkptPlotDecimal) { 1, -1 }, 3, NULL);
  g_autofree char *longer = ckpt_plot_decimal_format_plain ((CkptPlotDecimal) { -12345, -4 }, 2, NULL);
  g_autofree char *zeros = ckpt_plot_decimal_format_plain ((CkptPlotDecimal) { 7, -5 }, 0, NULL);
  g_autofree char *whole = ckpt_plot_decimal_format_plain ((CkptPlotDecimal) { 2, 6 }, 0, NULL);
  g_autofree char *least = ckpt_plot_decimal_format_plain ((CkptPlotDecimal) { G_MININT64, 0 }, 0, NULL);

  g_assert_cmpstr (padded, ==, "0.100");
  g_assert_cmpstr (longer, ==, "−1.2345");
  g_assert_cmpstr (zeros, ==, "0.00007");
  g_assert_cmpstr (whole, ==, "2,000,000");
  g_assert_cmpstr (least, ==, "−9,223,372,036,854,775,808");
}

/* Both ends of a bin must not read the same. */
static void
test_digits_between (void)
{
  for (int i = 0; i < 20000; i++)
    {
      double low = plot_random_double ();
      double high = low + fabs (low) * pow (10, -g_test_rand_double_range (0, 14));
      int n_digits = ckpt_plot_number_digits_between (low, high);
      g_autofree char *low_text = ckpt_plot_number_format (low, n_digits, NULL);
      g_autofree char *high_text = ckpt_plot_number_format (high, n_digits, NULL);

      if (high > low)
        g_assert_cmpstr (low_text, !=, high_text);
      g_assert_cmpint (n_digits, >=, 3);
      g_assert_cmpint (n_digits, <=, 17);
    }
  g_assert_cmpint (ckpt_plot_number_digits_between (-DBL_MAX, DBL_MAX), ==, 3);
  g_assert_cmpint (ckpt_plot_number_digits_between (1, 1), ==, 17);
  g_assert_cmpint (ckpt_plot_number_digits_between (0, 5e-324), ==, 3);
}

static void
test_digits_of_range (void)
{
  g_assert_cmpint (ckpt_plot_number_digits_of_range (-0.1163, 0.1205, FALSE), ==, 4);
  /* A LayerNorm weight: its mean is not just 1. */
  g_assert_cmpint (ckpt_plot_number_digits_of_range (0.9967, 1.0031, FALSE), ==, 6);
  g_assert_cmpint (ckpt_plot_number_digits_of_range (-DBL_MAX, DBL_MAX, FALSE), ==, 4);
  g_assert_cmpint (ckpt_plot_number_digits_of_range (0.1, 0.1, FALSE), ==, 7);
  g_assert_cmpint (ckpt_plot_number_digits_of_range (0, 255, TRUE), ==, 17);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number/format", test_format);
  g_test_add_func ("/number/format-round-trip", test_format_round_trip);
  g_test_add_func ("/number/style", test_style);
  g_test_add_func ("/number/units", test_units);
  g_test_add_func ("/number/decimals", test_decimals);
  g_test_add_func ("/number/digits-between", test_digits_between);
  g_test_add_func ("/number/digits-of-range", test_digits_of_range);
  return g_test_run ();
}
