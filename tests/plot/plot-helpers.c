/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-helpers.h"

#include <math.h>

/* A finite number of any size and sign, subnormal ones and zero among them. */
double
plot_random_double (void)
{
  double value = pow (10, g_test_rand_double_range (-324, 308)) * g_test_rand_double_range (1, 10);

  if (g_test_rand_int_range (0, 2) == 0)
    value = pow (10, g_test_rand_double_range (-8, 8));
  if (!isfinite (value) || g_test_rand_int_range (0, 50) == 0)
    value = 0;
  return g_test_rand_int_range (0, 2) == 0 ? value : -value;
}

/* Reads what a plot wrote in the C locale. */
double
plot_parse_number (const char *text)
{
  g_autoptr (GString) plain = g_string_new (text);
  char *end = NULL;
  double value;

  g_string_replace (plain, "−", "-", 0);
  g_string_replace (plain, ",", "", 0);
  value = g_ascii_strtod (plain->str, &end);
  g_assert_cmpstr (end, ==, "");
  return value;
}
