/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

gboolean ckpt_fits_bfloat16        (const double *values,
                                    gsize         n);
gboolean ckpt_fits_float16         (const double *values,
                                    gsize         n);
gboolean ckpt_fits_float16_floats  (const void   *items,
                                    gsize         n);

G_END_DECLS
