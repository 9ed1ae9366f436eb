/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/**
 * CkptUtf8:
 * @is_bad: what was scanned is no UTF-8
 * @has_surrogate: it holds surrogates, which Python writes and UTF-8 forbids
 * @n_wanted: bytes that the character at the end still lacks
 *
 * Checks text that comes piece by piece. NUL is a character like others. All zero at first.
 */
typedef struct
{
  gboolean is_bad;
  gboolean has_surrogate;
  guint8 n_wanted;
  guint8 low;
  guint8 high;
  gboolean is_surrogate_lead;
} CkptUtf8;

void     ckpt_utf8_scan     (CkptUtf8     *self,
                             const guint8 *bytes,
                             gsize         length);
/* To be called after the last piece: whether all of it was UTF-8, surrogates being let pass. */
gboolean ckpt_utf8_finish   (CkptUtf8     *self);
/* How many of the first @length bytes end with a whole character. */
gsize    ckpt_utf8_cut      (const guint8 *bytes,
                             gsize         length);

G_END_DECLS
