/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-nodes.h"

G_BEGIN_DECLS

/* An array that grows without moving what is in it, charged to the budget of the nodes. */
typedef struct _CkptChunks CkptChunks;

CkptChunks *ckpt_chunks_new   (CkptNodes   *budget,
                               gsize        item_size);
/* One that is the same and shares the items with it, until either changes them. */
CkptChunks *ckpt_chunks_fork  (CkptChunks  *self,
                               CkptNodes   *budget);
void        ckpt_chunks_free  (CkptChunks  *self);
guint       ckpt_chunks_get_n (CkptChunks  *self);
gpointer    ckpt_chunks_get   (CkptChunks  *self,
                               guint        index);
/* The item, to be changed: no fork sees that. */
gpointer    ckpt_chunks_edit  (CkptChunks  *self,
                               guint        index,
                               GError     **error);
gpointer    ckpt_chunks_add   (CkptChunks  *self,
                               GError     **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptChunks, ckpt_chunks_free)

G_END_DECLS
