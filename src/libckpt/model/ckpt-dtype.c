/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "model/ckpt-dtype.h"

#include <string.h>

static const CkptDtypeInfo infos[CKPT_N_DTYPES] = {
  [CKPT_DTYPE_UNKNOWN] = { "unknown", 0, 0, 0, CKPT_CLASS_UNKNOWN },
  [CKPT_DTYPE_FLOAT64] = { "float64", 64, 8, 8, CKPT_CLASS_FLOAT },
  [CKPT_DTYPE_FLOAT32] = { "float32", 32, 4, 4, CKPT_CLASS_FLOAT },
  [CKPT_DTYPE_FLOAT16] = { "float16", 16, 2, 2, CKPT_CLASS_FLOAT },
  [CKPT_DTYPE_BFLOAT16] = { "bfloat16", 16, 2, 2, CKPT_CLASS_FLOAT },
  [CKPT_DTYPE_FLOAT8_E4M3FN] = { "float8_e4m3fn", 8, 1, 1, CKPT_CLASS_FLOAT },
  [CKPT_DTYPE_FLOAT8_E4M3FNUZ] = { "float8_e4m3fnuz", 8, 1, 1, CKPT_CLASS_FLOAT },
  [CKPT_DTYPE_FLOAT8_E5M2] = { "float8_e5m2", 8, 1, 1, CKPT_CLASS_FLOAT },
  [CKPT_DTYPE_FLOAT8_E5M2FNUZ] = { "float8_e5m2fnuz", 8, 1, 1, CKPT_CLASS_FLOAT },
  [CKPT_DTYPE_FLOAT8_E8M0FNU] = { "float8_e8m0fnu", 8, 1, 1, CKPT_CLASS_FLOAT },
  /* PyTorch counts bytes here: one element is two numbers. */
  [CKPT_DTYPE_FLOAT4_E2M1FN_X2] = { "float4_e2m1fn_x2", 8, 1, 1, CKPT_CLASS_FLOAT },
  [CKPT_DTYPE_COMPLEX128] = { "complex128", 128, 16, 8, CKPT_CLASS_COMPLEX },
  [CKPT_DTYPE_COMPLEX64] = { "complex64", 64, 8, 4, CKPT_CLASS_COMPLEX },
  [CKPT_DTYPE_COMPLEX32] = { "complex32", 32, 4, 2, CKPT_CLASS_COMPLEX },
  [CKPT_DTYPE_INT64] = { "int64", 64, 8, 8, CKPT_CLASS_SIGNED },
  [CKPT_DTYPE_INT32] = { "int32", 32, 4, 4, CKPT_CLASS_SIGNED },
  [CKPT_DTYPE_INT16] = { "int16", 16, 2, 2, CKPT_CLASS_SIGNED },
  [CKPT_DTYPE_INT8] = { "int8", 8, 1, 1, CKPT_CLASS_SIGNED },
  [CKPT_DTYPE_UINT64] = { "uint64", 64, 8, 8, CKPT_CLASS_UNSIGNED },
  [CKPT_DTYPE_UINT32] = { "uint32", 32, 4, 4, CKPT_CLASS_UNSIGNED },
  [CKPT_DTYPE_UINT16] = { "uint16", 16, 2, 2, CKPT_CLASS_UNSIGNED },
  [CKPT_DTYPE_UINT8] = { "uint8", 8, 1, 1, CKPT_CLASS_UNSIGNED },
  [CKPT_DTYPE_BOOL] = { "bool", 8, 1, 1, CKPT_CLASS_BOOL },
  [CKPT_DTYPE_QINT8] = { "qint8", 8, 1, 1, CKPT_CLASS_QUANTIZED },
  [CKPT_DTYPE_QUINT8] = { "quint8", 8, 1, 1, CKPT_CLASS_QUANTIZED },
  [CKPT_DTYPE_QINT32] = { "qint32", 32, 4, 4, CKPT_CLASS_QUANTIZED },
  [CKPT_DTYPE_QUINT4X2] = { "quint4x2", 4, 1, 1, CKPT_CLASS_QUANTIZED },
  [CKPT_DTYPE_QUINT2X4] = { "quint2x4", 2, 1, 1, CKPT_CLASS_QUANTIZED },
  [CKPT_DTYPE_BITS8] = { "bits8", 8, 1, 1, CKPT_CLASS_BITS },
  [CKPT_DTYPE_BITS16] = { "bits16", 16, 2, 2, CKPT_CLASS_BITS },
  [CKPT_DTYPE_BITS1X8] = { "bits1x8", 8, 1, 1, CKPT_CLASS_BITS },
  [CKPT_DTYPE_BITS2X4] = { "bits2x4", 8, 1, 1, CKPT_CLASS_BITS },
  [CKPT_DTYPE_BITS4X2] = { "bits4x2", 8, 1, 1, CKPT_CLASS_BITS },
  [CKPT_DTYPE_FLOAT6_E2M3] = { "float6_e2m3", 6, 1, 1, CKPT_CLASS_FLOAT },
  [CKPT_DTYPE_FLOAT6_E3M2] = { "float6_e3m2", 6, 1, 1, CKPT_CLASS_FLOAT },
};

typedef struct
{
  const char *name;
  CkptDtype dtype;
} NamedDtype;

/* torch.float is torch.float32, and so on. */
static const NamedDtype aliases[] = {
  { "double", CKPT_DTYPE_FLOAT64 },     { "float", CKPT_DTYPE_FLOAT32 },    { "half", CKPT_DTYPE_FLOAT16 },
  { "long", CKPT_DTYPE_INT64 },         { "int", CKPT_DTYPE_INT32 },        { "short", CKPT_DTYPE_INT16 },
  { "cdouble", CKPT_DTYPE_COMPLEX128 }, { "cfloat", CKPT_DTYPE_COMPLEX64 }, { "chalf", CKPT_DTYPE_COMPLEX32 },
};

/* torch/storage.py and torch/_utils.py for those of torch.save; TorchScript takes the names of c10::ScalarType. */
static const NamedDtype storage_classes[] = {
  { "Double", CKPT_DTYPE_FLOAT64 },
  { "Float", CKPT_DTYPE_FLOAT32 },
  { "Half", CKPT_DTYPE_FLOAT16 },
  { "BFloat16", CKPT_DTYPE_BFLOAT16 },
  { "Long", CKPT_DTYPE_INT64 },
  { "Int", CKPT_DTYPE_INT32 },
  { "Short", CKPT_DTYPE_INT16 },
  { "Char", CKPT_DTYPE_INT8 },
  { "Byte", CKPT_DTYPE_UINT8 },
  { "Bool", CKPT_DTYPE_BOOL },
  { "ComplexDouble", CKPT_DTYPE_COMPLEX128 },
  { "ComplexFloat", CKPT_DTYPE_COMPLEX64 },
  { "ComplexHalf", CKPT_DTYPE_COMPLEX32 },
  { "QInt8", CKPT_DTYPE_QINT8 },
  { "QUInt8", CKPT_DTYPE_QUINT8 },
  { "QInt32", CKPT_DTYPE_QINT32 },
  { "QUInt4x2", CKPT_DTYPE_QUINT4X2 },
  { "QUInt2x4", CKPT_DTYPE_QUINT2X4 },
  { "Untyped", CKPT_DTYPE_UINT8 },
  { "UInt64", CKPT_DTYPE_UINT64 },
  { "UInt32", CKPT_DTYPE_UINT32 },
  { "UInt16", CKPT_DTYPE_UINT16 },
  { "Bits8", CKPT_DTYPE_BITS8 },
  { "Bits16", CKPT_DTYPE_BITS16 },
  { "Bits1x8", CKPT_DTYPE_BITS1X8 },
  { "Bits2x4", CKPT_DTYPE_BITS2X4 },
  { "Bits4x2", CKPT_DTYPE_BITS4X2 },
  { "Float8_e4m3fn", CKPT_DTYPE_FLOAT8_E4M3FN },
  { "Float8_e4m3fnuz", CKPT_DTYPE_FLOAT8_E4M3FNUZ },
  { "Float8_e5m2", CKPT_DTYPE_FLOAT8_E5M2 },
  { "Float8_e5m2fnuz", CKPT_DTYPE_FLOAT8_E5M2FNUZ },
  { "Float8_e8m0fnu", CKPT_DTYPE_FLOAT8_E8M0FNU },
  { "Float4_e2m1fn_x2", CKPT_DTYPE_FLOAT4_E2M1FN_X2 },
};

/* The classes that PyTorch has: storages of later types are saved untyped (_new_dtypes() in torch/storage.py). */
#define N_TYPED_CLASSES 18

/* The Dtype of safetensors/src/tensor.rs, in its order, which a file has its tensors in: the last one first. */
static const NamedDtype safetensors_names[] = {
  { "BOOL", CKPT_DTYPE_BOOL },
  { "F4", CKPT_DTYPE_FLOAT4_E2M1FN_X2 },
  { "F6_E2M3", CKPT_DTYPE_FLOAT6_E2M3 },
  { "F6_E3M2", CKPT_DTYPE_FLOAT6_E3M2 },
  { "U8", CKPT_DTYPE_UINT8 },
  { "I8", CKPT_DTYPE_INT8 },
  { "F8_E5M2", CKPT_DTYPE_FLOAT8_E5M2 },
  { "F8_E4M3", CKPT_DTYPE_FLOAT8_E4M3FN },
  { "F8_E8M0", CKPT_DTYPE_FLOAT8_E8M0FNU },
  { "F8_E4M3FNUZ", CKPT_DTYPE_FLOAT8_E4M3FNUZ },
  { "F8_E5M2FNUZ", CKPT_DTYPE_FLOAT8_E5M2FNUZ },
  { "I16", CKPT_DTYPE_INT16 },
  { "U16", CKPT_DTYPE_UINT16 },
  { "F16", CKPT_DTYPE_FLOAT16 },
  { "BF16", CKPT_DTYPE_BFLOAT16 },
  { "I32", CKPT_DTYPE_INT32 },
  { "U32", CKPT_DTYPE_UINT32 },
  { "F32", CKPT_DTYPE_FLOAT32 },
  { "C64", CKPT_DTYPE_COMPLEX64 },
  { "F64", CKPT_DTYPE_FLOAT64 },
  { "I64", CKPT_DTYPE_INT64 },
  { "U64", CKPT_DTYPE_UINT64 },
};

static CkptDtype
find_name (const NamedDtype *names, gsize n_names, const char *name, gsize length)
{
  for (gsize i = 0; i < n_names; i++)
    if (strlen (names[i].name) == length && memcmp (names[i].name, name, length) == 0)
      return names[i].dtype;
  return CKPT_DTYPE_UNKNOWN;
}

/**
 * ckpt_dtype_get_info:
 * @dtype: a type
 *
 * Returns: what is known of it; of a number that is no type, what is known of %CKPT_DTYPE_UNKNOWN
 */
const CkptDtypeInfo *
ckpt_dtype_get_info (CkptDtype dtype)
{
  return &infos[(guint) dtype < CKPT_N_DTYPES ? dtype : CKPT_DTYPE_UNKNOWN];
}

/**
 * ckpt_dtype_get_name:
 * @dtype: a type
 *
 * Returns: PyTorch's name of it, without "torch."
 */
const char *
ckpt_dtype_get_name (CkptDtype dtype)
{
  return ckpt_dtype_get_info (dtype)->name;
}

/**
 * ckpt_dtype_from_name:
 * @name: a name without "torch.", such as "float32", or one of PyTorch's short ones, such as "half"
 *
 * Returns: the type, or %CKPT_DTYPE_UNKNOWN
 */
CkptDtype
ckpt_dtype_from_name (const char *name)
{
  for (guint dtype = 1; dtype < CKPT_N_DTYPES; dtype++)
    if (g_str_equal (infos[dtype].name, name))
      return dtype;
  return find_name (aliases, G_N_ELEMENTS (aliases), name, strlen (name));
}

/**
 * ckpt_dtype_from_storage_class:
 * @name: a class without its module, such as "FloatStorage"
 *
 * Returns: the type of its elements, or %CKPT_DTYPE_UNKNOWN
 */
CkptDtype
ckpt_dtype_from_storage_class (const char *name)
{
  if (!g_str_has_suffix (name, "Storage"))
    return CKPT_DTYPE_UNKNOWN;
  return find_name (storage_classes, G_N_ELEMENTS (storage_classes), name,
                    strlen (name) - strlen ("Storage"));
}

/**
 * ckpt_dtype_dup_storage_class:
 * @dtype: an element type
 *
 * Returns: (transfer full) (nullable): name of the class of its storages in module torch; %NULL for types whose storages torch.save() writes untyped
 */
char *
ckpt_dtype_dup_storage_class (CkptDtype dtype)
{
  for (gsize i = 0; i < N_TYPED_CLASSES; i++)
    if (storage_classes[i].dtype == dtype)
      return g_strconcat (storage_classes[i].name, "Storage", NULL);
  return NULL;
}

/**
 * ckpt_dtype_from_safetensors:
 * @name: a type as a safetensors header names it, such as "BF16"
 *
 * An element of "F4" is half an element of %CKPT_DTYPE_FLOAT4_E2M1FN_X2: the last dimension of the header's shape is twice PyTorch's.
 *
 * Returns: the type, or %CKPT_DTYPE_UNKNOWN
 */
CkptDtype
ckpt_dtype_from_safetensors (const char *name)
{
  return find_name (safetensors_names, G_N_ELEMENTS (safetensors_names), name, strlen (name));
}

/**
 * ckpt_dtype_to_safetensors:
 * @dtype: a type
 * @rank: (out): its place in the order that safetensors puts tensors in: those with the highest rank come first
 *
 * Returns: (transfer none) (nullable): its name in a safetensors header, or %NULL if there it has none
 */
const char *
ckpt_dtype_to_safetensors (CkptDtype dtype, guint *rank)
{
  for (guint i = 0; i < G_N_ELEMENTS (safetensors_names); i++)
    if (safetensors_names[i].dtype == dtype)
      {
        *rank = i;
        return safetensors_names[i].name;
      }
  return NULL;
}

/**
 * ckpt_dtype_get_bytes:
 * @dtype: a type
 * @n: number of elements
 * @n_bytes: (out): bytes that they take in a storage, packed where the type is narrower than a byte
 *
 * Returns: whether @n_bytes could be told: %FALSE if it does not fit in 64 bits
 */
gboolean
ckpt_dtype_get_bytes (CkptDtype dtype, guint64 n, guint64 *n_bytes)
{
  guint bits = ckpt_dtype_get_info (dtype)->bits;
  guint64 whole;

  if (__builtin_mul_overflow (n / 8, bits, &whole))
    return FALSE;
  return !__builtin_add_overflow (whole, (n % 8 * bits + 7) / 8, n_bytes);
}
