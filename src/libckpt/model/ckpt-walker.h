/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-path.h"

G_BEGIN_DECLS

/* Goes through a tree depth-first, without recursion: gives child after child, and goes into those that one says. */
typedef struct _CkptWalker CkptWalker;

CkptWalker     *ckpt_walker_new       (CkptTree    *tree,
                                       CkptNodeId   from);
void            ckpt_walker_free      (CkptWalker  *self);
gboolean        ckpt_walker_next      (CkptWalker  *self,
                                       CkptChild   *child);
void            ckpt_walker_enter     (CkptWalker  *self);
const CkptPath *ckpt_walker_get_path  (CkptWalker  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptWalker, ckpt_walker_free)

G_END_DECLS
