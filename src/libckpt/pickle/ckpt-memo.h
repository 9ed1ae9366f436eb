/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-nodes.h"

G_BEGIN_DECLS

/* What PUT opcodes stored, by index. Indices come from the file: those that are not dense cost no more than others. */
typedef struct _CkptMemo CkptMemo;

CkptMemo  *ckpt_memo_new   (CkptNodes  *nodes);
void       ckpt_memo_free  (CkptMemo   *self);
gboolean   ckpt_memo_put   (CkptMemo   *self,
                            guint32     index,
                            CkptNodeId  node,
                            GError    **error);
/* CKPT_NO_NODE if nothing was stored there. */
CkptNodeId ckpt_memo_get   (CkptMemo   *self,
                            guint32     index);
/* How many indices are in use. */
guint32    ckpt_memo_get_n (CkptMemo   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptMemo, ckpt_memo_free)

G_END_DECLS
