/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-dtype.h"
#include "model/ckpt-number.h"

G_BEGIN_DECLS

/* Of a float type, or of the parts of a complex type; NULL for others. */
const CkptFloatFormat *ckpt_dtype_get_float_format (CkptDtype      dtype);
/* The value of each bit pattern of a float type of at most 8 bits; NULL for others. */
const double          *ckpt_dtype_get_float_table  (CkptDtype      dtype);
void                   ckpt_float16_to_doubles     (const void    *items,
                                                    gsize          n,
                                                    double        *doubles);
void                   ckpt_bfloat16_to_doubles    (const void    *items,
                                                    gsize          n,
                                                    double        *doubles);

G_END_DECLS
