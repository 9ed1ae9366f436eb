/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/* Orders texts as a person does: "layer.9" before "layer.10". Bytes otherwise. */
int ckpt_natural_compare (const char *a,
                          gsize       a_length,
                          const char *b,
                          gsize       b_length);

G_END_DECLS
