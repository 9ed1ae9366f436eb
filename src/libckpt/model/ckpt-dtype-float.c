/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "model/ckpt-dtype-float.h"

#include <math.h>
#include <string.h>

/* What the bit patterns beside the ordinary numbers mean. */
typedef enum
{
  SPECIAL_NONE,     /* all patterns are numbers */
  SPECIAL_IEEE,     /* the highest exponent is infinity and NaN */
  SPECIAL_FN,       /* "finite": only the two patterns of all ones are NaN */
  SPECIAL_FNUZ,     /* "finite, unsigned zero": only what would be -0 is NaN */
  SPECIAL_EXPONENT, /* no sign, no mantissa: a power of two; all ones are NaN */
} Special;

typedef struct
{
  CkptDtype dtype;
  guint8 exponent_bits;
  guint8 mantissa_bits;
  gint16 bias;
  guint8 special;
} SmallFloat;

/* As in PyTorch's headers Float8_*.h and Float4_e2m1fn_x2.h, and the OCP microscaling formats for those of 6 bits. */
static const SmallFloat small_floats[] = {
  { CKPT_DTYPE_FLOAT8_E4M3FN, 4, 3, 7, SPECIAL_FN },
  { CKPT_DTYPE_FLOAT8_E4M3FNUZ, 4, 3, 8, SPECIAL_FNUZ },
  { CKPT_DTYPE_FLOAT8_E5M2, 5, 2, 15, SPECIAL_IEEE },
  { CKPT_DTYPE_FLOAT8_E5M2FNUZ, 5, 2, 16, SPECIAL_FNUZ },
  { CKPT_DTYPE_FLOAT8_E8M0FNU, 8, 0, 127, SPECIAL_EXPONENT },
  { CKPT_DTYPE_FLOAT4_E2M1FN_X2, 2, 1, 1, SPECIAL_NONE },
  { CKPT_DTYPE_FLOAT6_E2M3, 2, 3, 1, SPECIAL_NONE },
  { CKPT_DTYPE_FLOAT6_E3M2, 3, 2, 3, SPECIAL_NONE },
};

static double tables[G_N_ELEMENTS (small_floats)][256];

/* Indexed by CkptDtype; e8m0fnu writes its powers of two as float32 does, since it has no digits of its own. */
static const CkptFloatFormat formats[CKPT_N_DTYPES] = {
  [CKPT_DTYPE_FLOAT64] = { 53, -1022 },       [CKPT_DTYPE_FLOAT32] = { 24, -126 },
  [CKPT_DTYPE_FLOAT16] = { 11, -14 },         [CKPT_DTYPE_BFLOAT16] = { 8, -126 },
  [CKPT_DTYPE_FLOAT8_E4M3FN] = { 4, -6 },     [CKPT_DTYPE_FLOAT8_E4M3FNUZ] = { 4, -7 },
  [CKPT_DTYPE_FLOAT8_E5M2] = { 3, -14 },      [CKPT_DTYPE_FLOAT8_E5M2FNUZ] = { 3, -15 },
  [CKPT_DTYPE_FLOAT8_E8M0FNU] = { 24, -126 }, [CKPT_DTYPE_FLOAT4_E2M1FN_X2] = { 2, 0 },
  [CKPT_DTYPE_FLOAT6_E2M3] = { 4, 0 },        [CKPT_DTYPE_FLOAT6_E3M2] = { 3, -2 },
  [CKPT_DTYPE_COMPLEX128] = { 53, -1022 },    [CKPT_DTYPE_COMPLEX64] = { 24, -126 },
  [CKPT_DTYPE_COMPLEX32] = { 11, -14 },
};

static double
decode (const SmallFloat *format, guint pattern)
{
  guint mantissa_mask = (1u << format->mantissa_bits) - 1;
  guint exponent_mask = (1u << format->exponent_bits) - 1;
  guint sign_mask = 1u << (format->exponent_bits + format->mantissa_bits);
  guint mantissa = pattern & mantissa_mask;
  guint exponent = (pattern >> format->mantissa_bits) & exponent_mask;
  double sign = pattern & sign_mask ? -1 : 1;

  if (format->special == SPECIAL_EXPONENT)
    return pattern == exponent_mask ? NAN : ldexp (1, (int) pattern - format->bias);
  if (format->special == SPECIAL_FN && exponent == exponent_mask && mantissa == mantissa_mask)
    return NAN;
  if (format->special == SPECIAL_FNUZ && pattern == sign_mask)
    return NAN;
  if (format->special == SPECIAL_IEEE && exponent == exponent_mask)
    return mantissa == 0 ? sign * INFINITY : NAN;
  if (exponent == 0)
    return sign * ldexp (mantissa, 1 - format->bias - format->mantissa_bits);
  return sign * ldexp (mantissa | (mantissa_mask + 1), (int) exponent - format->bias - format->mantissa_bits);
}

static void
fill_tables (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (small_floats); i++)
    {
      const SmallFloat *format = &small_floats[i];
      guint n_bits = format->exponent_bits + format->mantissa_bits + (format->special != SPECIAL_EXPONENT);

      for (guint pattern = 0; pattern < 256; pattern++)
        tables[i][pattern] = decode (format, pattern & ((1u << n_bits) - 1));
    }
}

/**
 * ckpt_dtype_get_float_format:
 * @dtype: a type
 *
 * Returns: (nullable): which numbers @dtype, or each part of it if it is complex, can hold; %NULL if it is no such type
 */
const CkptFloatFormat *
ckpt_dtype_get_float_format (CkptDtype dtype)
{
  return (guint) dtype < CKPT_N_DTYPES && formats[dtype].precision > 0 ? &formats[dtype] : NULL;
}

/**
 * ckpt_dtype_get_float_table:
 * @dtype: a type
 *
 * Bits above the width of a type of 4 or 6 bits do not count.
 *
 * Returns: (nullable) (array fixed-size=256): the number of each pattern, or %NULL if @dtype is no float of at most 8 bits
 */
const double *
ckpt_dtype_get_float_table (CkptDtype dtype)
{
  static gsize is_filled;

  if (g_once_init_enter (&is_filled))
    {
      fill_tables ();
      g_once_init_leave (&is_filled, 1);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (small_floats); i++)
    if (small_floats[i].dtype == dtype)
      return tables[i];
  return NULL;
}

static inline float
float_from_bits (guint32 bits)
{
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static inline float
float16_to_float (guint16 bits)
{
  guint32 magnitude = (guint32) (bits & 0x7fff) << 13;
  /* The exponent is rebased by a multiplication, which also makes normal numbers of the subnormal ones. */
  float value = float_from_bits (magnitude) * 0x1p112f;
  guint32 rebased;

  memcpy (&rebased, &value, sizeof rebased);
  if (magnitude >= 0x0f800000)
    rebased = magnitude | 0x7f800000;
  return float_from_bits (rebased | (guint32) (bits & 0x8000) << 16);
}

/**
 * ckpt_float16_to_doubles:
 * @items: @n IEEE half-precision numbers in host order, not necessarily aligned
 * @n: how many
 * @doubles: (out) (array length=n): the same numbers
 */
void
ckpt_float16_to_doubles (const void *items, gsize n, double *doubles)
{
  const guint8 *bytes = items;

  for (gsize i = 0; i < n; i++)
    {
      guint16 bits;

      memcpy (&bits, bytes + 2 * i, sizeof bits);
      doubles[i] = float16_to_float (bits);
    }
}

/**
 * ckpt_bfloat16_to_doubles:
 * @items: @n bfloat16 numbers (the upper halves of float32 ones) in host order, not necessarily aligned
 * @n: how many
 * @doubles: (out) (array length=n): the same numbers
 */
void
ckpt_bfloat16_to_doubles (const void *items, gsize n, double *doubles)
{
  const guint8 *bytes = items;

  for (gsize i = 0; i < n; i++)
    {
      guint16 bits;

      memcpy (&bits, bytes + 2 * i, sizeof bits);
      doubles[i] = float_from_bits ((guint32) bits << 16);
    }
}
