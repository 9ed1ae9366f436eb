/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "model/ckpt-dtype-float.h"

#include <math.h>
#include <string.h>

typedef void (*ConvertFunc) (const void *items, gsize n, double *doubles);

/* Items need not be aligned; the compiler makes plain loads of the memcpy(). */
#define DEFINE_CONVERT(name, type)                                            \
  static void name##_to_doubles (const void *items, gsize n, double *doubles) \
  {                                                                           \
    const guint8 *bytes = items;                                              \
    for (gsize i = 0; i < n; i++)                                             \
      {                                                                       \
        type value;                                                           \
        memcpy (&value, bytes + i * sizeof value, sizeof value);              \
        doubles[i] = (double) value;                                          \
      }                                                                       \
  }

DEFINE_CONVERT (float64, double)
DEFINE_CONVERT (float32, float)
DEFINE_CONVERT (int64, gint64)
DEFINE_CONVERT (int32, gint32)
DEFINE_CONVERT (int16, gint16)
DEFINE_CONVERT (int8, gint8)
DEFINE_CONVERT (uint64, guint64)
DEFINE_CONVERT (uint32, guint32)
DEFINE_CONVERT (uint16, guint16)
DEFINE_CONVERT (uint8, guint8)

static void
bool_to_doubles (const void *items, gsize n, double *doubles)
{
  const guint8 *bytes = items;

  for (gsize i = 0; i < n; i++)
    doubles[i] = bytes[i] != 0;
}

/* Those of the numbers themselves, and of the parts of complex ones; the types that a table decodes are not here. */
static const ConvertFunc converters[CKPT_N_DTYPES] = {
  [CKPT_DTYPE_FLOAT64] = float64_to_doubles,
  [CKPT_DTYPE_FLOAT32] = float32_to_doubles,
  [CKPT_DTYPE_FLOAT16] = ckpt_float16_to_doubles,
  [CKPT_DTYPE_BFLOAT16] = ckpt_bfloat16_to_doubles,
  [CKPT_DTYPE_COMPLEX128] = float64_to_doubles,
  [CKPT_DTYPE_COMPLEX64] = float32_to_doubles,
  [CKPT_DTYPE_COMPLEX32] = ckpt_float16_to_doubles,
  [CKPT_DTYPE_INT64] = int64_to_doubles,
  [CKPT_DTYPE_INT32] = int32_to_doubles,
  [CKPT_DTYPE_INT16] = int16_to_doubles,
  [CKPT_DTYPE_INT8] = int8_to_doubles,
  [CKPT_DTYPE_UINT64] = uint64_to_doubles,
  [CKPT_DTYPE_UINT32] = uint32_to_doubles,
  [CKPT_DTYPE_UINT16] = uint16_to_doubles,
  [CKPT_DTYPE_UINT8] = uint8_to_doubles,
  [CKPT_DTYPE_BOOL] = bool_to_doubles,
  [CKPT_DTYPE_QINT8] = int8_to_doubles,
  [CKPT_DTYPE_QUINT8] = uint8_to_doubles,
  [CKPT_DTYPE_QINT32] = int32_to_doubles,
  [CKPT_DTYPE_QUINT4X2] = uint8_to_doubles,
  [CKPT_DTYPE_QUINT2X4] = uint8_to_doubles,
  [CKPT_DTYPE_BITS8] = uint8_to_doubles,
  [CKPT_DTYPE_BITS16] = uint16_to_doubles,
  [CKPT_DTYPE_BITS1X8] = uint8_to_doubles,
  [CKPT_DTYPE_BITS2X4] = uint8_to_doubles,
  [CKPT_DTYPE_BITS4X2] = uint8_to_doubles,
};

static ConvertFunc
get_converter (CkptDtype dtype)
{
  return (guint) dtype < CKPT_N_DTYPES ? converters[dtype] : NULL;
}

static void
look_up (const double *table, const void *items, gsize n, double *doubles)
{
  const guint8 *bytes = items;

  for (gsize i = 0; i < n; i++)
    doubles[i] = table[bytes[i]];
}

static void
complex_to_magnitudes (CkptDtype dtype, const void *items, gsize n, double *doubles)
{
  const guint8 *bytes = items;
  gsize item_size = ckpt_dtype_get_info (dtype)->item_size;
  double pair[2];

  for (gsize i = 0; i < n; i++)
    {
      ckpt_dtype_to_complex (dtype, bytes + i * item_size, 1, pair);
      doubles[i] = hypot (pair[0], pair[1]);
    }
}

/**
 * ckpt_dtype_to_doubles:
 * @dtype: a type
 * @items: @n elements as ckpt_tensor_read() gives them, not necessarily aligned
 * @n: how many
 * @doubles: (out caller-allocates) (array length=n): their values
 *
 * Exact but for int64 and uint64 beyond 2^53, which are rounded to the nearest double. A complex element gives its
 * magnitude, a bool 0 or 1, a quantized element the stored number, one of bits* the bits as a number, one of a type
 * that is not known NaN. Of the two numbers in an element of %CKPT_DTYPE_FLOAT4_E2M1FN_X2 this gives the first;
 * ckpt_dtype_to_complex() gives both.
 */
void
ckpt_dtype_to_doubles (CkptDtype dtype, const void *items, gsize n, double *doubles)
{
  const double *table = ckpt_dtype_get_float_table (dtype);

  if (table != NULL)
    look_up (table, items, n, doubles);
  else if (ckpt_dtype_get_info (dtype)->dtype_class == CKPT_CLASS_COMPLEX)
    complex_to_magnitudes (dtype, items, n, doubles);
  else if (get_converter (dtype) != NULL)
    get_converter (dtype) (items, n, doubles);
  else
    for (gsize i = 0; i < n; i++)
      doubles[i] = NAN;
}

/**
 * ckpt_dtype_to_complex:
 * @dtype: a type
 * @items: @n elements as ckpt_tensor_read() gives them, not necessarily aligned
 * @n: how many
 * @pairs: (out caller-allocates): 2 x @n numbers: real and imaginary part of each element
 *
 * The imaginary part of an element of another type is 0. An element of %CKPT_DTYPE_FLOAT4_E2M1FN_X2, which is no complex
 * number, gives the two numbers that its byte holds: that of the low four bits, then that of the high ones.
 */
void
ckpt_dtype_to_complex (CkptDtype dtype, const void *items, gsize n, double *pairs)
{
  const guint8 *bytes = items;
  gsize item_size = ckpt_dtype_get_info (dtype)->item_size;

  if (dtype == CKPT_DTYPE_FLOAT4_E2M1FN_X2)
    {
      const double *table = ckpt_dtype_get_float_table (dtype);

      for (gsize i = 0; i < n; i++)
        {
          pairs[2 * i] = table[bytes[i] & 15];
          pairs[2 * i + 1] = table[bytes[i] >> 4];
        }
    }
  else if (ckpt_dtype_get_info (dtype)->dtype_class == CKPT_CLASS_COMPLEX)
    get_converter (dtype) (items, 2 * n, pairs);
  else
    for (gsize i = 0; i < n; i++)
      {
        ckpt_dtype_to_doubles (dtype, bytes + i * item_size, 1, &pairs[2 * i]);
        pairs[2 * i + 1] = 0;
      }
}

static void
append_complex (GString *text, CkptDtype dtype, const double pair[2])
{
  const CkptFloatFormat *format = ckpt_dtype_get_float_format (dtype);

  ckpt_number_append (text, pair[0], format, FALSE);
  if (isnan (pair[1]) || !signbit (pair[1]))
    g_string_append_c (text, '+');
  ckpt_number_append (text, pair[1], format, FALSE);
  g_string_append_c (text, 'j');
}

static void
append_float4_pair (GString *text, const double pair[2])
{
  const CkptFloatFormat *format = ckpt_dtype_get_float_format (CKPT_DTYPE_FLOAT4_E2M1FN_X2);

  g_string_append_c (text, '(');
  ckpt_number_append (text, pair[0], format, TRUE);
  g_string_append (text, ", ");
  ckpt_number_append (text, pair[1], format, TRUE);
  g_string_append_c (text, ')');
}

static void
append_int (GString *text, CkptDtype dtype, const void *item)
{
  gint64 as_signed;
  guint64 as_unsigned;
  double value;

  switch (dtype)
    {
    case CKPT_DTYPE_INT64:
      memcpy (&as_signed, item, sizeof as_signed);
      g_string_append_printf (text, "%" G_GINT64_FORMAT, as_signed);
      break;
    case CKPT_DTYPE_UINT64:
      memcpy (&as_unsigned, item, sizeof as_unsigned);
      g_string_append_printf (text, "%" G_GUINT64_FORMAT, as_unsigned);
      break;
    default: /* of at most 32 bits */
      ckpt_dtype_to_doubles (dtype, item, 1, &value);
      g_string_append_printf (text, "%.0f", value);
      break;
    }
}

/**
 * ckpt_dtype_item_to_string:
 * @dtype: a type
 * @item: one element as ckpt_tensor_read() gives it, not necessarily aligned
 *
 * Python, given this text, makes a number that @dtype rounds to the same element; a float has the fewest digits for which
 * that holds, so that the float16 nearest to 0.1 reads 0.1. A quantized element is the stored number, an element of
 * %CKPT_DTYPE_FLOAT4_E2M1FN_X2 two numbers in parentheses, one of a type that is not known a question mark.
 *
 * Returns: (transfer full): the text, the same in every locale
 */
char *
ckpt_dtype_item_to_string (CkptDtype dtype, const void *item)
{
  GString *text = g_string_new (NULL);
  double pair[2];

  ckpt_dtype_to_complex (dtype, item, 1, pair);
  switch (ckpt_dtype_get_info (dtype)->dtype_class)
    {
    case CKPT_CLASS_FLOAT:
      if (dtype == CKPT_DTYPE_FLOAT4_E2M1FN_X2)
        append_float4_pair (text, pair);
      else
        ckpt_number_append (text, pair[0], ckpt_dtype_get_float_format (dtype), TRUE);
      break;
    case CKPT_CLASS_COMPLEX:
      append_complex (text, dtype, pair);
      break;
    case CKPT_CLASS_BOOL:
      g_string_append (text, pair[0] != 0 ? "True" : "False");
      break;
    case CKPT_CLASS_UNKNOWN:
      g_string_append_c (text, '?');
      break;
    default:
      append_int (text, dtype, item);
      break;
    }
  return g_string_free_and_steal (text);
}
