/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/**
 * CkptNumberFormat:
 * @is_integral: all numbers are whole: "3."
 * @is_scientific: as "3.1416e+00", else as "3.1416"
 * @width: characters of the longest one
 *
 * How PyTorch prints the floats of one tensor.
 */
typedef struct
{
  gboolean is_integral;
  gboolean is_scientific;
  guint width;
} CkptNumberFormat;

void ckpt_number_format_init   (CkptNumberFormat       *self,
                                const double           *values,
                                gsize                   n,
                                gsize                   step);
void ckpt_number_format_append (const CkptNumberFormat *self,
                                GString                *text,
                                double                  value);

G_END_DECLS
