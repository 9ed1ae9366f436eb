/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "model/ckpt-number.h"

#include <math.h>
#include <string.h>

/* Digits that identify every double. */
#define MAX_DIGITS 17

const CkptFloatFormat ckpt_float64_format = { 53, -1022 };

/* The positive numbers that round to one value of a format. */
typedef struct
{
  double low;
  double high;
  gboolean is_closed;
} Interval;

static gboolean
is_normal (double value, const CkptFloatFormat *format)
{
  return ilogb (value) >= format->min_exponent;
}

static Interval
interval_around (double value, const CkptFloatFormat *format)
{
  int exponent = MAX (ilogb (value), format->min_exponent);
  double ulp = ldexp (1, exponent - (format->precision - 1));
  gboolean is_lowest = value == ldexp (1, exponent) && exponent > format->min_exponent;

  /* Below a power of two the next number is only half as far away. */
  return (Interval) {
    .low = value - ulp / (is_lowest ? 4 : 2),
    .high = value + ulp / 2,
    .is_closed = fmod (value / ulp, 2) == 0,
  };
}

static gboolean
reads_back (const char *text, double value, const CkptFloatFormat *format)
{
  double read = g_ascii_strtod (text, NULL);
  Interval interval;

  if (format->precision == ckpt_float64_format.precision)
    return read == value;
  interval = interval_around (value, format);
  return (read > interval.low && read < interval.high) ||
         (interval.is_closed && (read == interval.low || read == interval.high));
}

/* Adds one to the last digit of "d.ddde-xx"; FALSE if that gives a digit more. */
static gboolean
increment (char *text)
{
  for (char *digit = strchr (text, 'e') - 1; digit >= text; digit--)
    {
      if (*digit == '.')
        continue;
      if (*digit != '9')
        {
          (*digit)++;
          return TRUE;
        }
      *digit = '0';
    }
  return FALSE;
}

/* Writes @value with @n digits; FALSE if that does not read back. */
static gboolean
try_digits (char text[G_ASCII_DTOSTR_BUF_SIZE], int n, double value, const CkptFloatFormat *format)
{
  char spec[8];

  g_snprintf (spec, sizeof spec, "%%.%de", n - 1);
  g_ascii_formatd (text, G_ASCII_DTOSTR_BUF_SIZE, spec, value);
  if (n == MAX_DIGITS || reads_back (text, value, format))
    return TRUE;
  /* Of a power of two the nearest decimal may be too far below, while the next one up is near enough. */
  return ldexp (1, ilogb (value)) == value && increment (text) && reads_back (text, value, format);
}

/* Writes the shortest digits, without point, that stand for @value; returns the exponent of the first one. */
static int
shortest_digits (double value, const CkptFloatFormat *format, char digits[MAX_DIGITS + 1])
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  int n = is_normal (value, format) ? MAX (1, (int) ((format->precision - 1) * G_LN2 / G_LN10)) : 1;
  gsize length;

  while (!try_digits (text, n, value, format))
    n++;
  digits[0] = text[0];
  memcpy (digits + 1, text + 2, n - 1);
  for (length = n; length > 1 && digits[length - 1] == '0'; length--)
    ;
  digits[length] = '\0';
  return (int) g_ascii_strtoll (strchr (text, 'e') + 1, NULL, 10);
}

static void
append_scientific (GString *text, const char *digits, int exponent)
{
  g_string_append_c (text, digits[0]);
  if (digits[1] != '\0')
    g_string_append_printf (text, ".%s", digits + 1);
  g_string_append_printf (text, "e%c%02d", exponent < 0 ? '-' : '+', ABS (exponent));
}

static void
append_fixed (GString *text, const char *digits, int exponent, gboolean with_point)
{
  int n_digits = (int) strlen (digits);

  if (exponent < 0)
    g_string_append_printf (text, "0.%.*s%s", -exponent - 1, "000", digits);
  else if (n_digits > exponent + 1)
    g_string_append_printf (text, "%.*s.%s", exponent + 1, digits, digits + exponent + 1);
  else
    {
      g_string_append (text, digits);
      for (int i = n_digits; i < exponent + 1; i++)
        g_string_append_c (text, '0');
      if (with_point)
        g_string_append (text, ".0");
    }
}

/**
 * ckpt_number_append:
 * @text: where to write
 * @value: a number that is exact in @format
 * @format: the type it is of
 * @with_point: whether a whole number ends in ".0"
 *
 * Appends the shortest digits that @format rounds to @value, laid out as Python's repr() lays out a float:
 * with an exponent below 1e-4 and from 1e16 on. NumPy prints its float16 and float32 in the same way.
 */
void
ckpt_number_append (GString *text, double value, const CkptFloatFormat *format, gboolean with_point)
{
  char digits[MAX_DIGITS + 1] = "0";
  int exponent = 0;

  if (isnan (value))
    {
      g_string_append (text, "nan");
      return;
    }
  if (signbit (value))
    g_string_append_c (text, '-');
  if (isinf (value))
    {
      g_string_append (text, "inf");
      return;
    }
  if (value != 0)
    exponent = shortest_digits (fabs (value), format, digits);
  if (exponent < -4 || exponent >= 16)
    append_scientific (text, digits, exponent);
  else
    append_fixed (text, digits, exponent, with_point);
}

/**
 * ckpt_number_to_string:
 * @value: a number
 *
 * Returns: (transfer full): @value as Python's repr() writes a float, in any locale
 */
char *
ckpt_number_to_string (double value)
{
  GString *text = g_string_new (NULL);

  ckpt_number_append (text, value, &ckpt_float64_format, TRUE);
  return g_string_free_and_steal (text);
}
