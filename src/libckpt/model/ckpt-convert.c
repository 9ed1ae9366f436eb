/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "model/ckpt-convert.h"

#include <math.h>
#include <string.h>

#define N_BLOCK 1024

/**
 * Narrow:
 * @mantissa_bits: bits of the mantissa that are stored
 * @bias: what is added to an exponent that is stored
 * @sign: the bit of the sign
 * @largest: pattern of the largest number
 * @overflow: what becomes of numbers that are rounded to more, and of infinity
 * @nan: what becomes of NaN
 * @has_negative_zero: whether it has one
 *
 * A floating-point type that is narrower than float32.
 */
typedef struct
{
  guint mantissa_bits;
  guint bias;
  guint sign;
  guint largest;
  guint overflow;
  guint nan;
  gboolean has_negative_zero;
} Narrow;

static inline guint32
get_bits (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

static inline float
get_float (guint32 bits)
{
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

/* Both ways round to the nearest, and to the even one of two that are as near. */
static inline guint
round_magnitude (guint32 magnitude, Narrow to)
{
  guint n_lost = 23 - to.mantissa_bits;

  if (magnitude < (128 - to.bias) << 23)
    {
      /* A number whose last bit is worth as much as that of the subnormal ones: adding it rounds. */
      guint32 unit = (127 + 24 - to.bias - to.mantissa_bits) << 23;

      return get_bits (get_float (magnitude) + get_float (unit)) - unit;
    }
  magnitude -= (127 - to.bias) << 23;
  return (magnitude + (1u << (n_lost - 1)) - 1 + (magnitude >> n_lost & 1)) >> n_lost;
}

static inline guint
narrow (float value, Narrow to)
{
  guint32 bits = get_bits (value);
  guint32 magnitude = bits & 0x7fffffff;
  guint sign = bits >> 31 ? to.sign : 0;
  guint pattern;

  if (magnitude > 0x7f800000)
    return to.nan | sign;
  pattern = round_magnitude (magnitude, to);
  if (pattern > to.largest)
    pattern = to.overflow;
  return pattern == 0 && !to.has_negative_zero ? 0 : pattern | sign;
}

/* As PyTorch's headers Half.h, BFloat16.h and Float8_*.h define the types, and what does not fit into them. */
#define DEFINE_NARROW(name, type, ...)                                     \
  static void name (const float *floats, gsize n, guint8 *converted)       \
  {                                                                        \
    for (gsize i = 0; i < n; i++)                                          \
      {                                                                    \
        type pattern = (type) narrow (floats[i], (Narrow) __VA_ARGS__);    \
        memcpy (converted + i * sizeof pattern, &pattern, sizeof pattern); \
      }                                                                    \
  }

DEFINE_NARROW (to_float16, guint16, { 10, 15, 0x8000, 0x7bff, 0x7c00, 0x7e00, TRUE })
DEFINE_NARROW (to_bfloat16, guint16, { 7, 127, 0x8000, 0x7f7f, 0x7f80, 0x7fc0, TRUE })
DEFINE_NARROW (to_float8_e4m3fn, guint8, { 3, 7, 0x80, 0x7e, 0x7f, 0x7f, TRUE })
DEFINE_NARROW (to_float8_e4m3fnuz, guint8, { 3, 8, 0x80, 0x7f, 0x80, 0x80, FALSE })
DEFINE_NARROW (to_float8_e5m2, guint8, { 2, 15, 0x80, 0x7b, 0x7c, 0x7f, TRUE })
DEFINE_NARROW (to_float8_e5m2fnuz, guint8, { 2, 16, 0x80, 0x7f, 0x80, 0x80, FALSE })

static void
to_float32 (const float *floats, gsize n, guint8 *converted)
{
  memcpy (converted, floats, n * sizeof *floats);
}

typedef void (*NarrowFunc) (const float *floats, gsize n, guint8 *converted);

static const NarrowFunc narrow_funcs[CKPT_N_DTYPES] = {
  [CKPT_DTYPE_FLOAT32] = to_float32,
  [CKPT_DTYPE_FLOAT16] = to_float16,
  [CKPT_DTYPE_BFLOAT16] = to_bfloat16,
  [CKPT_DTYPE_FLOAT8_E4M3FN] = to_float8_e4m3fn,
  [CKPT_DTYPE_FLOAT8_E4M3FNUZ] = to_float8_e4m3fnuz,
  [CKPT_DTYPE_FLOAT8_E5M2] = to_float8_e5m2,
  [CKPT_DTYPE_FLOAT8_E5M2FNUZ] = to_float8_e5m2fnuz,
};

/**
 * ckpt_convert_is_possible:
 * @from: type of elements
 * @to: type that they should have
 *
 * Only between real floating-point types, one number an element. float8_e8m0fnu, which can hold powers of two only, is no target.
 *
 * Returns: whether ckpt_convert() can do it
 */
gboolean
ckpt_convert_is_possible (CkptDtype from, CkptDtype to)
{
  return (guint) to < CKPT_N_DTYPES && (to == CKPT_DTYPE_FLOAT64 || narrow_funcs[to] != NULL) &&
         ckpt_dtype_get_info (from)->dtype_class == CKPT_CLASS_FLOAT && from != CKPT_DTYPE_FLOAT4_E2M1FN_X2;
}

/* @n is at most N_BLOCK. @doubles are the same numbers as @items. */
static void
convert_block (const double *doubles, gsize n, CkptDtype to, guint8 *converted)
{
  float floats[N_BLOCK];

  if (to == CKPT_DTYPE_FLOAT64)
    {
      memcpy (converted, doubles, n * sizeof *doubles);
      return;
    }
  for (gsize i = 0; i < n; i++)
    floats[i] = (float) doubles[i];
  narrow_funcs[to](floats, n, converted);
}

/**
 * ckpt_convert:
 * @from: type of the elements
 * @items: @n elements in host order, not necessarily aligned
 * @n: how many
 * @to: type that they shall have; ckpt_convert_is_possible()
 * @converted: (out caller-allocates): the converted elements
 *
 * Rounds to the nearest, ties to even; float64 is first rounded to float32, as PyTorch does for all narrower types. What is too large
 * becomes infinite, or NaN in the types that have no infinity. NaN stays NaN; its payload is not kept.
 */
void
ckpt_convert (CkptDtype from, const void *items, gsize n, CkptDtype to, void *converted)
{
  gsize from_size = ckpt_dtype_get_info (from)->item_size, to_size = ckpt_dtype_get_info (to)->item_size;
  double doubles[N_BLOCK];

  g_return_if_fail (ckpt_convert_is_possible (from, to));

  for (gsize done = 0; done < n; done += N_BLOCK)
    {
      gsize n_now = MIN (n - done, N_BLOCK);

      ckpt_dtype_to_doubles (from, (const guint8 *) items + done * from_size, n_now, doubles);
      convert_block (doubles, n_now, to, (guint8 *) converted + done * to_size);
    }
}

static void
compare (const double *before, const double *after, gsize n, CkptConvertCounts *counts)
{
  for (gsize i = 0; i < n; i++)
    {
      if (!isfinite (before[i]) || before[i] == after[i])
        continue;
      if (!isfinite (after[i]))
        counts->n_overflowed++;
      else if (after[i] == 0)
        counts->n_underflowed++;
      else
        counts->n_rounded++;
    }
}

/**
 * ckpt_convert_count:
 * @from: type of the elements
 * @items: @n elements in host order, not necessarily aligned
 * @n: how many
 * @to: type that they would have; ckpt_convert_is_possible()
 * @counts: (inout): what is lost is added here
 *
 * Infinities and NaN lose nothing. Nor does a zero whose sign goes.
 */
void
ckpt_convert_count (CkptDtype from, const void *items, gsize n, CkptDtype to, CkptConvertCounts *counts)
{
  gsize from_size = ckpt_dtype_get_info (from)->item_size;
  double before[N_BLOCK], after[N_BLOCK];
  guint8 converted[N_BLOCK * sizeof (double)];

  g_return_if_fail (ckpt_convert_is_possible (from, to));

  for (gsize done = 0; done < n; done += N_BLOCK)
    {
      gsize n_now = MIN (n - done, N_BLOCK);

      ckpt_dtype_to_doubles (from, (const guint8 *) items + done * from_size, n_now, before);
      convert_block (before, n_now, to, converted);
      ckpt_dtype_to_doubles (to, converted, n_now, after);
      compare (before, after, n_now, counts);
    }
  counts->n += n;
}
