/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/* What a person looks for: `dtype:float16 size:>10MB`. Does not change, so any thread may use it. */
typedef struct _CkptQuery CkptQuery;

CKPT_EXPORT CkptQuery  *ckpt_query_new          (const char      *text,
                                                 GError         **error);
CKPT_EXPORT CkptQuery  *ckpt_query_new_for_word (const char      *word);
CKPT_EXPORT void        ckpt_query_free         (CkptQuery       *self);
CKPT_EXPORT gboolean    ckpt_query_has_terms    (const CkptQuery *self);
CKPT_EXPORT const char *ckpt_query_get_text     (const CkptQuery *self);
CKPT_EXPORT gboolean    ckpt_query_matches      (const CkptQuery *self,
                                                 CkptTree        *tree,
                                                 CkptNodeId       node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptQuery, ckpt_query_free)

G_END_DECLS
