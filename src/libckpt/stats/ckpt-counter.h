/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/* Keys that a counter tells apart. */
#define CKPT_COUNTER_KEYS 65536

/**
 * CkptKeyCount:
 * @key: a key
 * @n: how often it was met
 */
typedef struct
{
  guint32 key;
  guint64 n;
} CkptKeyCount;

/* Counts keys of 16 bits as fast as they can be read, for one thread: at most 2^31 of them until it is drained. */
typedef struct _CkptCounter CkptCounter;

CkptCounter *ckpt_counter_new        (void);
void         ckpt_counter_free       (CkptCounter   *self);
/* The upper halves of words of 32 bits. */
void         ckpt_counter_add_upper  (CkptCounter   *self,
                                      const void    *words,
                                      gsize          n);
void         ckpt_counter_add        (CkptCounter   *self,
                                      const void    *keys,
                                      gsize          n);
gsize        ckpt_counter_drain      (CkptCounter   *self,
                                      CkptKeyCount  *counts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptCounter, ckpt_counter_free)

G_END_DECLS
