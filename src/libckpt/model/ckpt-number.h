/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/**
 * CkptFloatFormat:
 * @precision: bits of the significand of a normal number, the hidden one included
 * @min_exponent: binary exponent of the smallest normal number
 *
 * Which numbers a floating-point type can hold, as far as writing them shortly needs to know.
 */
typedef struct
{
  guint8 precision;
  gint16 min_exponent;
} CkptFloatFormat;

extern const CkptFloatFormat ckpt_float64_format;

/* As Python's repr(): the shortest text that reads back as the same number ("0.1", "1e-05", "2.0", "nan", "-inf"). */
char *ckpt_number_to_string (double                 value);
/* The same for a @value of a narrower type: the shortest text that rounds to it in that type ("0.1" for the float16 nearest to 0.1). */
void  ckpt_number_append    (GString               *text,
                             double                 value,
                             const CkptFloatFormat *format,
                             gboolean               with_point);

G_END_DECLS
