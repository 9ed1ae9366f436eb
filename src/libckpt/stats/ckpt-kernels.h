/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/* Numbers that a kernel is given at most. */
#define CKPT_KERNEL_MAX 4096

/**
 * CkptFigures:
 * @sum: of the numbers less a shift
 * @squares: sum of the squares of the same
 * @min: the lowest number
 * @max: the highest
 * @n_zero: numbers that are 0
 * @bits: the bits of all of them, or'ed
 *
 * What is found in one pass over some numbers. Where one of them is not finite, neither is @sum.
 */
typedef struct
{
  double sum;
  double squares;
  double min;
  double max;
  guint64 n_zero;
  guint64 bits;
} CkptFigures;

void ckpt_kernel_float32   (const void  *items,
                            gsize        n,
                            double       shift,
                            CkptFigures *figures);
void ckpt_kernel_float64   (const void  *items,
                            gsize        n,
                            double       shift,
                            CkptFigures *figures);
/* For tests: whether to leave the processor's wide instructions unused. */
void ckpt_kernel_set_plain (gboolean     is_plain);

G_END_DECLS
