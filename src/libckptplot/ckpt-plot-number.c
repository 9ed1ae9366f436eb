/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MINUS "\342\210\222"

/* A double has no more digits than these. */
#define MAX_DIGITS 17

/* As many as the numbers of a float32 have, so that 0.1 is not 0.100000001. */
#define CONSTANT_DIGITS 7

/* Of counts that are written short. */
#define COUNT_DIGITS 3

/* What is written in full: 0.0001, and 123,000 of three digits. */
#define MIN_PLAIN_MAGNITUDE (-4)
#define MAX_PLAIN_ZEROS     3

static const char *
get_decimal_point (const CkptPlotNumberStyle *style)
{
  return style != NULL && style->decimal_point[0] != '\0' ? style->decimal_point : ".";
}

static const char *
get_group_separator (const CkptPlotNumberStyle *style)
{
  return style != NULL && style->group_separator[0] != '\0' ? style->group_separator : ",";
}

/* The digits without the sign. */
static guint64
get_magnitude (CkptPlotDecimal decimal)
{
  return decimal.digits < 0 ? -(guint64) decimal.digits : (guint64) decimal.digits;
}

static CkptPlotDecimal
strip_zeros (CkptPlotDecimal decimal)
{
  if (decimal.digits == 0)
    decimal.exponent = 0;
  while (decimal.digits != 0 && decimal.digits % 10 == 0)
    {
      decimal.digits /= 10;
      decimal.exponent++;
    }
  return decimal;
}

/**
 * ckpt_plot_decimal_to_double:
 * @decimal: a number
 *
 * Returns: the double nearest to it; zero or infinite if it is out of range
 */
double
ckpt_plot_decimal_to_double (CkptPlotDecimal decimal)
{
  char text[64];

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT "e%d", decimal.digits, decimal.exponent);
  return g_ascii_strtod (text, NULL);
}

static void
append_zeros (GString *string, int n)
{
  for (int i = 0; i < n; i++)
    g_string_append_c (string, '0');
}

static void
append_grouped (GString *string, const char *digits, gsize n, const CkptPlotNumberStyle *style)
{
  /* Four digits are read as easily without a separator, but columns line up only if all have one. */
  for (gsize i = 0; i < n; i++)
    {
      if (i > 0 && (n - i) % 3 == 0)
        g_string_append (string, get_group_separator (style));
      g_string_append_c (string, digits[i]);
    }
}

/**
 * ckpt_plot_decimal_format_plain:
 * @decimal: a number
 * @n_decimals: least number of digits after the decimal point
 * @style: (nullable): how to write it
 *
 * Writes a number in full, with its thousands grouped: `−12,000.50`. Zero is always `0`.
 *
 * Returns: (transfer full): the text
 */
char *
ckpt_plot_decimal_format_plain (CkptPlotDecimal decimal, int n_decimals, const CkptPlotNumberStyle *style)
{
  g_autoptr (GString) text = g_string_new (decimal.digits < 0 ? MINUS : NULL);
  g_autoptr (GString) digits = g_string_new (NULL);
  gsize n_whole;

  decimal = strip_zeros (decimal);
  if (decimal.digits == 0)
    return g_strdup ("0");

  g_string_append_printf (digits, "%" G_GUINT64_FORMAT, get_magnitude (decimal));
  append_zeros (digits, decimal.exponent);
  while (decimal.exponent < 0 && digits->len <= (gsize) -decimal.exponent)
    g_string_prepend_c (digits, '0');

  n_whole = digits->len - (gsize) MAX (0, -decimal.exponent);
  append_grouped (text, digits->str, n_whole, style);
  if (decimal.exponent < 0 || n_decimals > 0)
    g_string_append (text, get_decimal_point (style));
  g_string_append (text, digits->str + n_whole);
  append_zeros (text, n_decimals - (int) (digits->len - n_whole));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * ckpt_plot_decimal_format_power:
 * @decimal: a number
 * @style: (nullable): how to write it
 *
 * Writes a number with a power of ten: `−1.25e−7`. Zero is always `0`.
 *
 * Returns: (transfer full): the text
 */
char *
ckpt_plot_decimal_format_power (CkptPlotDecimal decimal, const CkptPlotNumberStyle *style)
{
  g_autoptr (GString) text = g_string_new (decimal.digits < 0 ? MINUS : NULL);
  g_autofree char *digits = NULL;
  int exponent;

  decimal = strip_zeros (decimal);
  if (decimal.digits == 0)
    return g_strdup ("0");

  digits = g_strdup_printf ("%" G_GUINT64_FORMAT, get_magnitude (decimal));
  exponent = decimal.exponent + (int) strlen (digits) - 1;
  g_string_append_c (text, digits[0]);
  if (digits[1] != '\0')
    g_string_append_printf (text, "%s%s", get_decimal_point (style), digits + 1);
  g_string_append_printf (text, "e%s%d", exponent < 0 ? MINUS : "", abs (exponent));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * ckpt_plot_decimal_format_unit:
 * @decimal: a number
 * @style: (nullable): how to write it
 *
 * Writes a count short, with the letter of a power of 1000: `40k`, `1.5M`.
 *
 * Returns: (transfer full): the text
 */
char *
ckpt_plot_decimal_format_unit (CkptPlotDecimal decimal, const CkptPlotNumberStyle *style)
{
  static const char letters[] = "kMGTPE";
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, get_magnitude (decimal));
  g_autofree char *plain = NULL;
  int power = ((int) strlen (digits) - 1 + decimal.exponent) / 3;

  if (decimal.digits == 0 || power < 1)
    return ckpt_plot_decimal_format_plain (decimal, 0, style);

  power = MIN (power, (int) strlen (letters));
  decimal.exponent -= 3 * power;
  plain = ckpt_plot_decimal_format_plain (decimal, 0, style);
  return g_strdup_printf ("%s%c", plain, letters[power - 1]);
}

/* The locale has a say in the decimal point, which is passed over. */
static CkptPlotDecimal
decimal_from_double (double value, int n_digits)
{
  CkptPlotDecimal decimal = { 0 };
  char text[64];
  const char *p;

  g_snprintf (text, sizeof text, "%.*e", n_digits - 1, fabs (value));
  for (p = text; *p != 'e'; p++)
    {
      if (g_ascii_isdigit (*p))
        decimal.digits = decimal.digits * 10 + g_ascii_digit_value (*p);
    }
  decimal.exponent = atoi (p + 1) - (n_digits - 1);
  if (value < 0)
    decimal.digits = -decimal.digits;
  return strip_zeros (decimal);
}

/**
 * ckpt_plot_number_format:
 * @value: any number
 * @n_digits: digits that count, 1 to 17
 * @style: (nullable): how to write it
 *
 * Writes a number for a person, in full where that is short and with a power of ten elsewhere: `0.02`, `−1.2e−5`, `1,234,568`, `NaN`, `−∞`.
 *
 * Returns: (transfer full): the text
 */
char *
ckpt_plot_number_format (double value, int n_digits, const CkptPlotNumberStyle *style)
{
  CkptPlotDecimal decimal;
  int magnitude;

  g_return_val_if_fail (n_digits >= 1 && n_digits <= MAX_DIGITS, NULL);

  if (isnan (value))
    return g_strdup ("NaN");
  if (isinf (value))
    return g_strdup (value < 0 ? MINUS "∞" : "∞");
  if (value == 0)
    return g_strdup ("0");

  decimal = decimal_from_double (value, n_digits);
  magnitude = (int) floor (log10 (fabs (value)));
  if (magnitude >= MIN_PLAIN_MAGNITUDE && magnitude < n_digits + MAX_PLAIN_ZEROS)
    return ckpt_plot_decimal_format_plain (decimal, 0, style);
  return ckpt_plot_decimal_format_power (decimal, style);
}

/**
 * ckpt_plot_number_format_count:
 * @count: a count
 * @style: (nullable): how to write it
 *
 * Returns: (transfer full): all its digits, grouped: `1,769,472`
 */
char *
ckpt_plot_number_format_count (guint64 count, const CkptPlotNumberStyle *style)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, count);

  append_grouped (text, digits, strlen (digits), style);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * ckpt_plot_number_format_count_short:
 * @count: a count
 * @style: (nullable): how to write it
 *
 * Returns: (transfer full): its first three digits, with the letter of a power of 1000: `1.77M`; all of a count below 1000
 */
char *
ckpt_plot_number_format_count_short (guint64 count, const CkptPlotNumberStyle *style)
{
  return ckpt_plot_decimal_format_unit (decimal_from_double ((double) count, COUNT_DIGITS), style);
}

/**
 * ckpt_plot_number_digits_between:
 * @low: a finite number
 * @high: a larger one
 *
 * Returns: how many digits of both must be written for the distance between them to show, 3 to 17
 */
int
ckpt_plot_number_digits_between (double low, double high)
{
  double largest = fmax (fabs (low), fabs (high));
  double range = high - low;

  if (!(range > 0))
    return MAX_DIGITS;
  if (isinf (range))
    return 3;
  return CLAMP ((int) ceil (log10 (largest / range) + 0.5) + 1, 3, MAX_DIGITS);
}

/**
 * ckpt_plot_number_digits_of_range:
 * @low: the smallest of some numbers
 * @high: the largest of them
 * @is_whole: whether they are whole numbers
 *
 * Returns: how many digits of such numbers and of their mean must be written for a hundredth of the range to show, 4 to 17; all of whole
 * numbers
 */
int
ckpt_plot_number_digits_of_range (double low, double high, gboolean is_whole)
{
  double step = high / 100 - low / 100;

  if (is_whole)
    return MAX_DIGITS;
  if (!(step > 0))
    return CONSTANT_DIGITS;
  return MAX (ckpt_plot_number_digits_between (high - step, high), 4);
}
