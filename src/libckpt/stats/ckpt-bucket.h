/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/* Buckets on each side of that of zero. */
#define CKPT_BUCKET_LAST 0x7f7f
#define CKPT_N_BUCKETS (2 * CKPT_BUCKET_LAST + 1)

/* The magnitudes of a bucket above 0: [2^-133, ...). The sign of a value is that of its bucket. Those under 2^-133, zero too, are in
 * bucket 0; those beyond the range of float32 in the last one. */
int    ckpt_bucket_find      (double  value);
void   ckpt_bucket_get_range (int     bucket,
                              double *first,
                              double *last);

G_END_DECLS
