/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/* A hash table of 32-bit numbers that stand for things kept elsewhere: 8 bytes a slot, at most three quarters full. */
typedef struct _CkptIndex CkptIndex;

/**
 * CkptIndexFunc:
 * @number: a number in the index
 * @key: what is looked for
 *
 * Returns: whether @number stands for what @key says
 */
typedef gboolean (*CkptIndexFunc) (guint32       number,
                                   gconstpointer key,
                                   gpointer      user_data);

CkptIndex *ckpt_index_new  (void);
void       ckpt_index_free (CkptIndex        *self);
gboolean   ckpt_index_find (const CkptIndex  *self,
                            guint32           hash,
                            CkptIndexFunc     is_equal,
                            gconstpointer     key,
                            gpointer          user_data,
                            guint32          *number);
gboolean   ckpt_index_add  (CkptIndex        *self,
                            guint32           hash,
                            guint32           number,
                            GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptIndex, ckpt_index_free)

G_END_DECLS
