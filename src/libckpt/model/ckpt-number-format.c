/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "model/ckpt-number-format.h"

#include <math.h>
#include <string.h>

/* PyTorch's precision of 4 digits. The longest text is that of 1e8 with four decimals. */
#define FIXED      "%.4f"
#define SCIENTIFIC "%.4e"
#define WHOLE      "%.0f"

typedef struct
{
  gsize n;
  gboolean is_integral;
  double min;
  double max;
} Range;

/* Of the magnitudes of what is neither zero, infinite nor NaN. */
static Range
find_range (const double *values, gsize n, gsize step)
{
  Range range = { .is_integral = TRUE, .min = INFINITY, .max = 0 };

  for (gsize i = 0; i < n; i++)
    {
      double value = values[i * step];

      if (!isfinite (value) || value == 0)
        continue;
      range.n++;
      range.is_integral = range.is_integral && value == ceil (value);
      range.min = MIN (range.min, fabs (value));
      range.max = MAX (range.max, fabs (value));
    }
  return range;
}

static guint
format_finite (const CkptNumberFormat *self, double value, char text[G_ASCII_DTOSTR_BUF_SIZE])
{
  const char *format = self->is_scientific ? SCIENTIFIC : self->is_integral ? WHOLE : FIXED;

  g_ascii_formatd (text, G_ASCII_DTOSTR_BUF_SIZE, format, value);
  if (self->is_integral && !self->is_scientific)
    strcat (text, ".");
  return (guint) strlen (text);
}

/**
 * ckpt_number_format_init:
 * @self: (out): the format
 * @values: all the numbers that are to be printed
 * @n: how many
 * @step: from one to the next in @values
 *
 * The rules are those of torch/_tensor_str.py: scientific if the largest magnitude is over 1000 times the smallest or over 1e8,
 * or if the smallest is under 1e-4 and there are fractions. What is zero or not finite has no say, not even in the width.
 */
void
ckpt_number_format_init (CkptNumberFormat *self, const double *values, gsize n, gsize step)
{
  Range range = find_range (values, n, step);
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  *self = (CkptNumberFormat) { .is_integral = range.is_integral, .width = 1 };
  if (range.n == 0)
    return;
  self->is_scientific = range.max / range.min > 1000 || range.max > 1e8 ||
                        (!range.is_integral && range.min < 1e-4);
  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i * step]) && values[i * step] != 0)
      self->width = MAX (self->width, format_finite (self, values[i * step], text));
}

/**
 * ckpt_number_format_append:
 * @self: a format
 * @text: where to write
 * @value: a number
 *
 * Appends @value, right-aligned in the width of the format.
 */
void
ckpt_number_format_append (const CkptNumberFormat *self, GString *text, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (value))
    strcpy (number, "nan");
  else if (isinf (value))
    strcpy (number, value < 0 ? "-inf" : "inf");
  else
    format_finite (self, value, number);
  g_string_append_printf (text, "%*s", (int) self->width, number);
}
