/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-path.h"
#include "model/ckpt-totals.h"

G_BEGIN_DECLS

/* What a view wants to know about a whole tree: which tensors lie under a value, and which values the tree holds twice.
 * Found in one walk; does not change afterwards, so any thread may read it. */
typedef struct _CkptOutline CkptOutline;

CKPT_EXPORT CkptOutline    *ckpt_outline_new         (CkptTree            *tree);
CKPT_EXPORT CkptOutline    *ckpt_outline_ref         (CkptOutline         *self);
CKPT_EXPORT void            ckpt_outline_unref       (CkptOutline         *self);
CKPT_EXPORT CkptTree       *ckpt_outline_get_tree    (CkptOutline         *self);
/* The first path to a value that the tree holds more than once, or NULL if it holds it once. */
CKPT_EXPORT const CkptPath *ckpt_outline_get_first   (CkptOutline         *self,
                                                      CkptNodeId           node);
/* Adds what lies under one value, itself included. */
void                        ckpt_outline_add_totals  (CkptOutline         *self,
                                                      CkptNodeId           node,
                                                      CkptTotals          *totals);
gboolean                    ckpt_outline_has_tensors (CkptOutline         *self,
                                                      CkptNodeId           node);
/* Reads tensors of one element, at most @max_bytes of them, in the order of the file. Returns: node -> text. */
CKPT_EXPORT GHashTable     *ckpt_outline_read_scalars (CkptOutline        *self,
                                                      gsize                max_bytes,
                                                      GCancellable        *cancellable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptOutline, ckpt_outline_unref)

G_END_DECLS
