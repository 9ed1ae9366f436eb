/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tensor.h"

G_BEGIN_DECLS

/* What a query asks of a shape: 768x*, (768, 768), >1000x*, 64x... */
typedef struct _CkptQueryShape CkptQueryShape;

CkptQueryShape *ckpt_query_shape_new     (const char           *text);
void            ckpt_query_shape_free    (CkptQueryShape       *self);
gboolean        ckpt_query_shape_matches (const CkptQueryShape *self,
                                          const CkptTensor     *tensor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptQueryShape, ckpt_query_shape_free)

G_END_DECLS
