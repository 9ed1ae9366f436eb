/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "analysis/ckpt-summary.h"

G_BEGIN_DECLS

/* What lies under a value, counted by one walk over it. */
typedef struct _CkptTotals CkptTotals;

CkptTotals      *ckpt_totals_new           (CkptTree         *tree,
                                            CkptNodeId        node);
void             ckpt_totals_free          (CkptTotals       *self);
const CkptTotal *ckpt_totals_get_all       (CkptTotals       *self);
guint            ckpt_totals_get_n_tied    (CkptTotals       *self);
/* Whether a storage was met, and how many of its bytes its tensors cover. */
gboolean         ckpt_totals_get_storage   (CkptTotals       *self,
                                            guint             storage,
                                            guint64          *n_covered);
GPtrArray       *ckpt_totals_list_dtypes   (CkptTotals       *self);
GPtrArray       *ckpt_totals_list_devices  (CkptTotals       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptTotals, ckpt_totals_free)

G_END_DECLS
