/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

typedef enum
{
  CKPT_AMOUNT_BYTES,
  CKPT_AMOUNT_COUNT,
} CkptAmountUnit;

/**
 * CkptAmount:
 * @low: the least number that is meant
 * @high: the greatest
 *
 * Whole numbers that a person asked for: `>10MB`, `1k..2k`, `768`.
 */
typedef struct
{
  guint64 low;
  guint64 high;
} CkptAmount;

gboolean ckpt_amount_parse    (CkptAmount       *self,
                               const char       *text,
                               CkptAmountUnit    unit);
gboolean ckpt_amount_contains (const CkptAmount *self,
                               guint64           n);
/* Whether @text, of @length bytes, is a unit that may stand apart from its number: "MB". */
gboolean ckpt_amount_is_unit  (const char       *text,
                               gsize             length,
                               CkptAmountUnit    unit);

G_END_DECLS
