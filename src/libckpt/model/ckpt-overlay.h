/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-nodes.h"

G_BEGIN_DECLS

/* Which values of a tree now have the content of which others: a map that shares all that is equal with its copies. */
typedef struct _CkptOverlay CkptOverlay;

CkptOverlay *ckpt_overlay_new  (void);
CkptOverlay *ckpt_overlay_copy (const CkptOverlay *self);
void         ckpt_overlay_free (CkptOverlay       *self);
void         ckpt_overlay_set  (CkptOverlay       *self,
                                CkptNodeId         node,
                                CkptNodeId         content);
/* The value whose content @node has; @node itself if that was not changed. */
CkptNodeId   ckpt_overlay_get  (const CkptOverlay *self,
                                CkptNodeId         node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptOverlay, ckpt_overlay_free)

G_END_DECLS
