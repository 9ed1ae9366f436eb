/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/* The element types of PyTorch, by their names there. */
typedef enum
{
  CKPT_DTYPE_UNKNOWN,
  CKPT_DTYPE_FLOAT64,
  CKPT_DTYPE_FLOAT32,
  CKPT_DTYPE_FLOAT16,
  CKPT_DTYPE_BFLOAT16,
  CKPT_DTYPE_FLOAT8_E4M3FN,
  CKPT_DTYPE_FLOAT8_E4M3FNUZ,
  CKPT_DTYPE_FLOAT8_E5M2,
  CKPT_DTYPE_FLOAT8_E5M2FNUZ,
  CKPT_DTYPE_FLOAT8_E8M0FNU,
  CKPT_DTYPE_FLOAT4_E2M1FN_X2,
  CKPT_DTYPE_COMPLEX128,
  CKPT_DTYPE_COMPLEX64,
  CKPT_DTYPE_COMPLEX32,
  CKPT_DTYPE_INT64,
  CKPT_DTYPE_INT32,
  CKPT_DTYPE_INT16,
  CKPT_DTYPE_INT8,
  CKPT_DTYPE_UINT64,
  CKPT_DTYPE_UINT32,
  CKPT_DTYPE_UINT16,
  CKPT_DTYPE_UINT8,
  CKPT_DTYPE_BOOL,
  CKPT_DTYPE_QINT8,
  CKPT_DTYPE_QUINT8,
  CKPT_DTYPE_QINT32,
  CKPT_DTYPE_QUINT4X2,
  CKPT_DTYPE_QUINT2X4,
  CKPT_DTYPE_BITS8,
  CKPT_DTYPE_BITS16,
  CKPT_DTYPE_BITS1X8,
  CKPT_DTYPE_BITS2X4,
  CKPT_DTYPE_BITS4X2,
  CKPT_DTYPE_FLOAT6_E2M3, /* of safetensors; PyTorch has no such type */
  CKPT_DTYPE_FLOAT6_E3M2,
  CKPT_N_DTYPES,
} CkptDtype;

typedef enum
{
  CKPT_CLASS_FLOAT,
  CKPT_CLASS_COMPLEX,
  CKPT_CLASS_SIGNED,
  CKPT_CLASS_UNSIGNED,
  CKPT_CLASS_BOOL,
  CKPT_CLASS_QUANTIZED,
  CKPT_CLASS_BITS,
  CKPT_CLASS_UNKNOWN,
} CkptDtypeClass;

/**
 * CkptDtypeInfo:
 * @name: PyTorch's name, without "torch."
 * @bits: bits of one element in a storage
 * @item_size: bytes of one element once read; a packed element (quint4x2, ...) becomes one byte
 * @swap_size: bytes that are reversed together in a file of a big-endian machine; each half of a complex number by itself
 * @dtype_class: what kind of numbers
 */
typedef struct
{
  const char *name;
  guint8 bits;
  guint8 item_size;
  guint8 swap_size;
  guint8 dtype_class;
} CkptDtypeInfo;

CKPT_EXPORT const CkptDtypeInfo *ckpt_dtype_get_info    (CkptDtype     dtype);
CKPT_EXPORT const char          *ckpt_dtype_get_name    (CkptDtype     dtype);
CKPT_EXPORT CkptDtype            ckpt_dtype_from_name   (const char   *name);
CkptDtype                        ckpt_dtype_from_storage_class (const char *name);
/* The class in module torch that torch.save() names for storages of that type, such as "FloatStorage"; NULL for types that it saves untyped. */
char                            *ckpt_dtype_dup_storage_class  (CkptDtype dtype);
CkptDtype                        ckpt_dtype_from_safetensors   (const char *name);
const char                      *ckpt_dtype_to_safetensors     (CkptDtype   dtype,
                                                         guint        *rank);
/* Bytes that @n elements take in a storage; FALSE on overflow. */
CKPT_EXPORT gboolean             ckpt_dtype_get_bytes   (CkptDtype     dtype,
                                                         guint64       n,
                                                         guint64      *n_bytes);
/* Elements as read (item_size bytes each, host order) to doubles; a complex element gives its magnitude. */
CKPT_EXPORT void                 ckpt_dtype_to_doubles  (CkptDtype     dtype,
                                                         const void   *items,
                                                         gsize         n,
                                                         double       *doubles);
/* Both parts of complex elements. */
CKPT_EXPORT void                 ckpt_dtype_to_complex  (CkptDtype     dtype,
                                                         const void   *items,
                                                         gsize         n,
                                                         double       *pairs);
/* One element as text that Python reads back as the same value ("0.1", "nan", "1+2j", "True"); locale-independent. */
CKPT_EXPORT char                *ckpt_dtype_item_to_string (CkptDtype  dtype,
                                                         const void   *item);

G_END_DECLS
