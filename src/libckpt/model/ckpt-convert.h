/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-dtype.h"

G_BEGIN_DECLS

/**
 * CkptConvertCounts:
 * @n: elements that were converted
 * @n_overflowed: numbers that became infinite, or NaN where the type has no infinity
 * @n_underflowed: numbers other than 0 that became 0
 * @n_rounded: other numbers that are not exactly what they were
 *
 * What a conversion loses.
 */
typedef struct
{
  guint64 n;
  guint64 n_overflowed;
  guint64 n_underflowed;
  guint64 n_rounded;
} CkptConvertCounts;

CKPT_EXPORT gboolean ckpt_convert_is_possible (CkptDtype          from,
                                               CkptDtype          to);
/* Elements in host order, as tensor.to(dtype) of PyTorch makes them. */
CKPT_EXPORT void     ckpt_convert             (CkptDtype          from,
                                               const void        *items,
                                               gsize              n,
                                               CkptDtype          to,
                                               void              *converted);
/* Adds what the same conversion would lose. */
CKPT_EXPORT void     ckpt_convert_count       (CkptDtype          from,
                                               const void        *items,
                                               gsize              n,
                                               CkptDtype          to,
                                               CkptConvertCounts *counts);

G_END_DECLS
