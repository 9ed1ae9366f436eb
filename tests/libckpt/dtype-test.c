/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/ckpt-dtype.h"
#include "model/ckpt-number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <string.h>

__extension__ typedef _Float16 Half;

static double
get_double (CkptDtype dtype, const void *item)
{
  double value;

  ckpt_dtype_to_doubles (dtype, item, 1, &value);
  return value;
}

static gboolean
same_number (double a, double b)
{
  return (isnan (a) && isnan (b)) || (a == b && signbit (a) == signbit (b));
}

#define assert_text(dtype, bits, expected)                                   \
  G_STMT_START                                                               \
  {                                                                          \
    g_autofree char *item_text = ckpt_dtype_item_to_string (dtype, &(bits)); \
    g_assert_cmpstr (item_text, ==, expected);                               \
  }                                                                          \
  G_STMT_END

static void
test_names (void)
{
  for (guint dtype = 1; dtype < CKPT_N_DTYPES; dtype++)
    {
      g_assert_nonnull (ckpt_dtype_get_name (dtype));
      g_assert_cmpuint (ckpt_dtype_from_name (ckpt_dtype_get_name (dtype)), ==, dtype);
      g_assert_cmpuint (ckpt_dtype_get_info (dtype)->dtype_class, !=, CKPT_CLASS_UNKNOWN);
    }
  g_assert_cmpuint (ckpt_dtype_from_name ("half"), ==, CKPT_DTYPE_FLOAT16);
  g_assert_cmpuint (ckpt_dtype_from_name ("chalf"), ==, CKPT_DTYPE_COMPLEX32);
  g_assert_cmpuint (ckpt_dtype_from_name ("unknown"), ==, CKPT_DTYPE_UNKNOWN);
  g_assert_cmpuint (ckpt_dtype_from_name (""), ==, CKPT_DTYPE_UNKNOWN);
  g_assert_cmpstr (ckpt_dtype_get_name (CKPT_N_DTYPES), ==, "unknown");
  g_assert_cmpstr (ckpt_dtype_get_name ((CkptDtype) -1), ==, "unknown");
}

static void
test_storage_classes (void)
{
  g_assert_cmpuint (ckpt_dtype_from_storage_class ("FloatStorage"), ==, CKPT_DTYPE_FLOAT32);
  g_assert_cmpuint (ckpt_dtype_from_storage_class ("CharStorage"), ==, CKPT_DTYPE_INT8);
  g_assert_cmpuint (ckpt_dtype_from_storage_class ("ByteStorage"), ==, CKPT_DTYPE_UINT8);
  g_assert_cmpuint (ckpt_dtype_from_storage_class ("UntypedStorage"), ==, CKPT_DTYPE_UINT8);
  g_assert_cmpuint (ckpt_dtype_from_storage_class ("Float8_e4m3fnStorage"), ==, CKPT_DTYPE_FLOAT8_E4M3FN);
  g_assert_cmpuint (ckpt_dtype_from_storage_class ("Bits2x4Storage"), ==, CKPT_DTYPE_BITS2X4);
  g_assert_cmpuint (ckpt_dtype_from_storage_class ("TypedStorage"), ==, CKPT_DTYPE_UNKNOWN);
  g_assert_cmpuint (ckpt_dtype_from_storage_class ("FooStorage"), ==, CKPT_DTYPE_UNKNOWN);
  g_assert_cmpuint (ckpt_dtype_from_storage_class ("Storage"), ==, CKPT_DTYPE_UNKNOWN);
  g_assert_cmpuint (ckpt_dtype_from_storage_class ("Float"), ==, CKPT_DTYPE_UNKNOWN);
  g_assert_cmpuint (ckpt_dtype_from_storage_class ("FloatStorages"), ==, CKPT_DTYPE_UNKNOWN);
}

static void
test_safetensors_names (void)
{
  g_assert_cmpuint (ckpt_dtype_from_safetensors ("BF16"), ==, CKPT_DTYPE_BFLOAT16);
  g_assert_cmpuint (ckpt_dtype_from_safetensors ("F8_E4M3"), ==, CKPT_DTYPE_FLOAT8_E4M3FN);
  g_assert_cmpuint (ckpt_dtype_from_safetensors ("F6_E3M2"), ==, CKPT_DTYPE_FLOAT6_E3M2);
  g_assert_cmpuint (ckpt_dtype_from_safetensors ("f16"), ==, CKPT_DTYPE_UNKNOWN);
}

static void
test_bytes (void)
{
  guint64 n_bytes;

  g_assert_true (ckpt_dtype_get_bytes (CKPT_DTYPE_FLOAT32, 3, &n_bytes));
  g_assert_cmpuint (n_bytes, ==, 12);
  g_assert_true (ckpt_dtype_get_bytes (CKPT_DTYPE_QUINT4X2, 5, &n_bytes));
  g_assert_cmpuint (n_bytes, ==, 3);
  g_assert_true (ckpt_dtype_get_bytes (CKPT_DTYPE_QUINT2X4, 5, &n_bytes));
  g_assert_cmpuint (n_bytes, ==, 2);
  g_assert_true (ckpt_dtype_get_bytes (CKPT_DTYPE_FLOAT6_E2M3, 4, &n_bytes));
  g_assert_cmpuint (n_bytes, ==, 3);
  g_assert_true (ckpt_dtype_get_bytes (CKPT_DTYPE_FLOAT4_E2M1FN_X2, 5, &n_bytes));
  g_assert_cmpuint (n_bytes, ==, 5);
  g_assert_true (ckpt_dtype_get_bytes (CKPT_DTYPE_UINT8, G_MAXUINT64, &n_bytes));
  g_assert_cmpuint (n_bytes, ==, G_MAXUINT64);
  g_assert_true (ckpt_dtype_get_bytes (CKPT_DTYPE_QUINT4X2, G_MAXUINT64, &n_bytes));
  g_assert_cmpuint (n_bytes, ==, G_GUINT64_CONSTANT (1) << 63);
  g_assert_false (ckpt_dtype_get_bytes (CKPT_DTYPE_INT16, G_GUINT64_CONSTANT (1) << 63, &n_bytes));
  g_assert_false (
      ckpt_dtype_get_bytes (CKPT_DTYPE_FLOAT32, G_GUINT64_CONSTANT (0x4000000000000001), &n_bytes));
}

/* The compiler's own conversions are the oracle. */
static void
test_float16_all (void)
{
  for (guint pattern = 0; pattern < 65536; pattern++)
    {
      guint16 bits = pattern;
      Half value;

      memcpy (&value, &bits, sizeof value);
      g_assert_true (same_number (get_double (CKPT_DTYPE_FLOAT16, &bits), (double) value));
    }
}

static void
test_float16_text_all (void)
{
  for (guint pattern = 0; pattern < 65536; pattern++)
    {
      guint16 bits = pattern, bits_read;
      g_autofree char *text = ckpt_dtype_item_to_string (CKPT_DTYPE_FLOAT16, &bits);
      Half read = (Half) g_ascii_strtod (text, NULL);

      memcpy (&bits_read, &read, sizeof read);
      if ((bits & 0x7fff) > 0x7c00)
        g_assert_cmpstr (text, ==, "nan");
      else
        g_assert_cmpuint (bits_read, ==, bits);
      g_assert_cmpuint (strlen (text), <=, strlen ("-0.00012207"));
    }
}

static void
test_bfloat16_all (void)
{
  for (guint pattern = 0; pattern < 65536; pattern++)
    {
      guint16 bits = pattern;
      guint32 wide = (guint32) pattern << 16;
      float value;

      memcpy (&value, &wide, sizeof value);
      g_assert_true (same_number (get_double (CKPT_DTYPE_BFLOAT16, &bits), value));
    }
}

typedef struct
{
  CkptDtype dtype;
  guint8 bits;
  double value;
  const char *text;
} SmallValue;

/* Extremes, specials and steps, from the tables of the OCP specifications for 8-bit and microscaling formats. */
static const SmallValue small_values[] = {
  { CKPT_DTYPE_FLOAT8_E4M3FN, 0x00, 0.0, "0.0" },
  { CKPT_DTYPE_FLOAT8_E4M3FN, 0x80, -0.0, "-0.0" },
  { CKPT_DTYPE_FLOAT8_E4M3FN, 0x01, 0x1p-9, "0.002" },
  { CKPT_DTYPE_FLOAT8_E4M3FN, 0x07, 0.875 * 0x1p-6, "0.014" },
  { CKPT_DTYPE_FLOAT8_E4M3FN, 0x08, 0x1p-6, "0.016" },
  { CKPT_DTYPE_FLOAT8_E4M3FN, 0x1d, 0.1015625, "0.1" },
  { CKPT_DTYPE_FLOAT8_E4M3FN, 0x7e, 448, "450.0" },
  { CKPT_DTYPE_FLOAT8_E4M3FN, 0x7f, NAN, "nan" },
  { CKPT_DTYPE_FLOAT8_E4M3FN, 0xff, NAN, "nan" },
  { CKPT_DTYPE_FLOAT8_E4M3FNUZ, 0x80, NAN, "nan" },
  { CKPT_DTYPE_FLOAT8_E4M3FNUZ, 0x7f, 240, "240.0" },
  { CKPT_DTYPE_FLOAT8_E4M3FNUZ, 0x01, 0x1p-10, "0.001" },
  { CKPT_DTYPE_FLOAT8_E5M2, 0x7c, INFINITY, "inf" },
  { CKPT_DTYPE_FLOAT8_E5M2, 0xfc, -INFINITY, "-inf" },
  { CKPT_DTYPE_FLOAT8_E5M2, 0x7d, NAN, "nan" },
  { CKPT_DTYPE_FLOAT8_E5M2, 0x7b, 57344, "60000.0" },
  { CKPT_DTYPE_FLOAT8_E5M2, 0x01, 0x1p-16, "2e-05" },
  { CKPT_DTYPE_FLOAT8_E5M2FNUZ, 0x80, NAN, "nan" },
  { CKPT_DTYPE_FLOAT8_E5M2FNUZ, 0x7f, 57344, "60000.0" },
  { CKPT_DTYPE_FLOAT8_E5M2FNUZ, 0x01, 0x1p-17, "8e-06" },
  { CKPT_DTYPE_FLOAT8_E8M0FNU, 0x00, 0x1p-127, "5.877472e-39" },
  { CKPT_DTYPE_FLOAT8_E8M0FNU, 0x7f, 1, "1.0" },
  { CKPT_DTYPE_FLOAT8_E8M0FNU, 0x80, 2, "2.0" },
  { CKPT_DTYPE_FLOAT8_E8M0FNU, 0xfe, 0x1p127, "1.7014118e+38" },
  { CKPT_DTYPE_FLOAT8_E8M0FNU, 0xff, NAN, "nan" },
  { CKPT_DTYPE_FLOAT4_E2M1FN_X2, 0x00, 0, "(0.0, 0.0)" },
  { CKPT_DTYPE_FLOAT4_E2M1FN_X2, 0x21, 0.5, "(0.5, 1.0)" },
  { CKPT_DTYPE_FLOAT4_E2M1FN_X2, 0xb7, 6, "(6.0, -1.5)" },
  { CKPT_DTYPE_FLOAT4_E2M1FN_X2, 0x58, -0.0, "(-0.0, 3.0)" },
  { CKPT_DTYPE_FLOAT6_E2M3, 0x1f, 7.5, "7.5" },
  { CKPT_DTYPE_FLOAT6_E2M3, 0x01, 0.125, "0.1" },
  { CKPT_DTYPE_FLOAT6_E2M3, 0x28, -1, "-1.0" },
  { CKPT_DTYPE_FLOAT6_E3M2, 0x1f, 28, "28.0" },
  { CKPT_DTYPE_FLOAT6_E3M2, 0x01, 0.0625, "0.06" },
};

static void
test_small_floats (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (small_values); i++)
    {
      const SmallValue *expected = &small_values[i];

      g_test_message ("%s 0x%02x", ckpt_dtype_get_name (expected->dtype), expected->bits);
      g_assert_true (same_number (get_double (expected->dtype, &expected->bits), expected->value));
      assert_text (expected->dtype, expected->bits, expected->text);
    }
}

static void
test_ints (void)
{
  const guint64 all = G_MAXUINT64, odd = (G_GUINT64_CONSTANT (1) << 53) + 1;
  const guint16 word = 0xfffe;
  const guint8 byte = 200, two = 2, zero = 0;

  assert_text (CKPT_DTYPE_UINT64, all, "18446744073709551615");
  assert_text (CKPT_DTYPE_INT64, all, "-1");
  assert_text (CKPT_DTYPE_UINT64, odd, "9007199254740993");
  assert_text (CKPT_DTYPE_INT64, odd, "9007199254740993");
  assert_text (CKPT_DTYPE_UINT16, word, "65534");
  assert_text (CKPT_DTYPE_INT16, word, "-2");
  assert_text (CKPT_DTYPE_BITS16, word, "65534");
  assert_text (CKPT_DTYPE_INT8, byte, "-56");
  assert_text (CKPT_DTYPE_QUINT8, byte, "200");
  assert_text (CKPT_DTYPE_BOOL, two, "True");
  assert_text (CKPT_DTYPE_BOOL, zero, "False");
  assert_text (CKPT_DTYPE_UNKNOWN, zero, "?");
  g_assert_cmpfloat (get_double (CKPT_DTYPE_UINT64, &all), ==, 0x1p64);
  g_assert_cmpfloat (get_double (CKPT_DTYPE_INT64, &all), ==, -1);
  g_assert_cmpfloat (get_double (CKPT_DTYPE_BOOL, &two), ==, 1);
  g_assert_cmpfloat (get_double (CKPT_DTYPE_QINT8, &byte), ==, -56);
}

static void
test_complex (void)
{
  const double wide[2] = { 3, -4 }, odd[2] = { -0.0, NAN }, infinite[2] = { 0.1, -INFINITY };
  const float narrow[2] = { 0.1f, 1e-5f };
  const guint16 half[2] = { 0x3c00, 0xc000 };
  double pair[2];

  assert_text (CKPT_DTYPE_COMPLEX128, wide, "3-4j");
  assert_text (CKPT_DTYPE_COMPLEX128, odd, "-0+nanj");
  assert_text (CKPT_DTYPE_COMPLEX128, infinite, "0.1-infj");
  assert_text (CKPT_DTYPE_COMPLEX64, narrow, "0.1+1e-05j");
  assert_text (CKPT_DTYPE_COMPLEX32, half, "1-2j");
  g_assert_cmpfloat (get_double (CKPT_DTYPE_COMPLEX128, wide), ==, 5);
  ckpt_dtype_to_complex (CKPT_DTYPE_COMPLEX32, half, 1, pair);
  g_assert_cmpfloat (pair[0], ==, 1);
  g_assert_cmpfloat (pair[1], ==, -2);
  ckpt_dtype_to_complex (CKPT_DTYPE_FLOAT32, narrow, 1, pair);
  g_assert_cmpfloat (pair[0], ==, 0.1f);
  g_assert_cmpfloat (pair[1], ==, 0);
}

/* What CPython 3.13 and NumPy 2.2 print. */
static void
test_texts (void)
{
  const struct
  {
    double value;
    const char *text;
  } doubles[] = {
    { 0.1, "0.1" },
    { 1e16, "1e+16" },
    { 9999999999999998, "9999999999999998.0" },
    { 123456789012345680, "1.2345678901234568e+17" },
    { 0.0001, "0.0001" },
    { 0.00012, "0.00012" },
    { 0.00001, "1e-05" },
    { -1.5, "-1.5" },
    { 5e-324, "5e-324" },
    { DBL_MIN, "2.2250738585072014e-308" },
    { DBL_MAX, "1.7976931348623157e+308" },
    { 1.0 / 3, "0.3333333333333333" },
    { 0x1p-44, "5.684341886080802e-14" },
    { 100, "100.0" },
    { 2e-5, "2e-05" },
    { -0.0, "-0.0" },
    { INFINITY, "inf" },
    { NAN, "nan" },
  };
  const float tenth = 0.1f, big = 16777216, bigger = 123456789, huge_float = FLT_MAX, tiny = 1e-45f;
  const guint16 half_max = 0x7bff, brain_max = 0x7f7f, half_tenth = 0x2e66;

  for (gsize i = 0; i < G_N_ELEMENTS (doubles); i++)
    {
      g_autofree char *text = ckpt_number_to_string (doubles[i].value);

      g_assert_cmpstr (text, ==, doubles[i].text);
    }
  assert_text (CKPT_DTYPE_FLOAT32, tenth, "0.1");
  assert_text (CKPT_DTYPE_FLOAT32, big, "16777216.0");
  assert_text (CKPT_DTYPE_FLOAT32, bigger, "123456790.0");
  assert_text (CKPT_DTYPE_FLOAT32, huge_float, "3.4028235e+38");
  assert_text (CKPT_DTYPE_FLOAT32, tiny, "1e-45");
  assert_text (CKPT_DTYPE_FLOAT16, half_max, "65500.0");
  assert_text (CKPT_DTYPE_FLOAT16, half_tenth, "0.1");
  assert_text (CKPT_DTYPE_BFLOAT16, brain_max, "3.39e+38");
}

/* A decimal comma in the locale does not get into numbers. */
static void
test_locale (void)
{
  const double value = 1.25;

  if (setlocale (LC_ALL, "de_DE.UTF-8") == NULL && setlocale (LC_ALL, "fr_FR.UTF-8") == NULL)
    {
      g_test_skip ("no locale with a decimal comma");
      return;
    }
  assert_text (CKPT_DTYPE_FLOAT64, value, "1.25");
  setlocale (LC_ALL, "C");
}

static void
test_unaligned (void)
{
  guint8 buffer[4 * sizeof (double) + 1];
  const double values[4] = { 1, -2, 0.5, 1e300 };
  double read[4];

  memcpy (buffer + 1, values, sizeof values);
  ckpt_dtype_to_doubles (CKPT_DTYPE_FLOAT64, buffer + 1, 4, read);
  g_assert_cmpmem (values, sizeof values, read, sizeof read);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dtype/names", test_names);
  g_test_add_func ("/dtype/storage-classes", test_storage_classes);
  g_test_add_func ("/dtype/safetensors-names", test_safetensors_names);
  g_test_add_func ("/dtype/bytes", test_bytes);
  g_test_add_func ("/dtype/float16/all", test_float16_all);
  g_test_add_func ("/dtype/float16/text-all", test_float16_text_all);
  g_test_add_func ("/dtype/bfloat16/all", test_bfloat16_all);
  g_test_add_func ("/dtype/small-floats", test_small_floats);
  g_test_add_func ("/dtype/ints", test_ints);
  g_test_add_func ("/dtype/complex", test_complex);
  g_test_add_func ("/dtype/texts", test_texts);
  g_test_add_func ("/dtype/locale", test_locale);
  g_test_add_func ("/dtype/unaligned", test_unaligned);
  return g_test_run ();
}
