/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tensor.h"
#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/* Which tensors view which storage. */
typedef struct _CkptViews CkptViews;

CkptViews     *ckpt_views_new     (CkptTree         *tree);
void           ckpt_views_free    (CkptViews        *self);
/* Numbers of the tensors that view a storage by themselves, not by what they wrap. */
const guint32 *ckpt_views_get     (const CkptViews  *self,
                                   guint             storage,
                                   guint            *n);
/* Whether a storage can get other bytes: all of it is in the file, no value but tensors refers to it, and they can be changed. */
gboolean       ckpt_views_are_free (const CkptViews *self,
                                   guint             storage);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptViews, ckpt_views_free)

G_END_DECLS
