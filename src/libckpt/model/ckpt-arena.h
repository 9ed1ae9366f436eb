/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-nodes.h"

G_BEGIN_DECLS

/* Memory for many small things that live as long as the tree: handed out from large pieces, freed all at once, charged to the budget
 * of the nodes. */
typedef struct _CkptArena CkptArena;

CkptArena *ckpt_arena_new   (CkptNodes  *budget);
void       ckpt_arena_free  (CkptArena  *self);
gpointer   ckpt_arena_alloc (CkptArena  *self,
                             guint64     n_bytes,
                             GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptArena, ckpt_arena_free)

G_END_DECLS
