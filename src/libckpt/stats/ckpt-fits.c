/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-fits.h"

#include <math.h>
#include <string.h>

/* Whether @value is 0, or a number with @digits binary digits, none of them worth less than 2^@lowest, and less than 2^@end. */
static gboolean
fits (double value, int digits, int lowest, int end)
{
  double magnitude = fabs (value), scaled;
  int unit;

  if (value == 0 || !isfinite (value))
    return TRUE;
  if (magnitude >= ldexp (1, end))
    return FALSE;
  unit = MAX (ilogb (magnitude) + 1 - digits, lowest);
  scaled = ldexp (magnitude, -unit);
  return scaled == floor (scaled) && scaled >= 1;
}

/**
 * ckpt_fits_bfloat16:
 * @values: (array length=n): numbers, NaN and infinities too
 * @n: how many
 *
 * Returns: whether all of them are bfloat16 numbers exactly
 */
gboolean
ckpt_fits_bfloat16 (const double *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (!fits (values[i], 8, -133, 128))
      return FALSE;
  return TRUE;
}

/**
 * ckpt_fits_float16:
 * @values: (array length=n): numbers, NaN and infinities too
 * @n: how many
 *
 * Returns: whether all of them are float16 numbers exactly
 */
gboolean
ckpt_fits_float16 (const double *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (!fits (values[i], 11, -24, 16))
      return FALSE;
  return TRUE;
}

/* Bits of a float32 below the last one that a float16 of that exponent has; those of a float32 that is too small: all of its mantissa. */
static inline guint32
get_lost_bits (guint32 exponent)
{
  if (exponent >= 113)
    return 0x1fff;
  return exponent < 103 ? 0x7fffffff : (1u << (126 - exponent)) - 1;
}

/**
 * ckpt_fits_float16_floats:
 * @items: @n float32 numbers, not necessarily aligned
 * @n: how many
 *
 * As ckpt_fits_float16(), but fast.
 *
 * Returns: whether all of them are float16 numbers exactly
 */
gboolean
ckpt_fits_float16_floats (const void *items, gsize n)
{
  const guint8 *bytes = items;
  guint32 lost = 0;

  for (gsize i = 0; i < n; i++)
    {
      guint32 bits;

      memcpy (&bits, bytes + i * sizeof bits, sizeof bits);
      bits &= 0x7fffffff;
      if (bits >= 0x7f800000)
        continue;
      lost |= bits & get_lost_bits (bits >> 23);
      lost |= bits > 0x477fe000;
    }
  return lost == 0;
}
