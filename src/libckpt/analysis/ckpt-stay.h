/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "analysis/ckpt-devices.h"
#include "model/ckpt-path.h"

G_BEGIN_DECLS

/* Tells which tensors PyTorch keeps on the CPU whatever the device of the model is. For one walk. */
typedef struct _CkptStayFinder CkptStayFinder;

CkptStayFinder *ckpt_stay_finder_new  (CkptTree         *tree,
                                       CkptNodeId        from);
void            ckpt_stay_finder_free (CkptStayFinder   *self);
CkptStay        ckpt_stay_finder_find (CkptStayFinder   *self,
                                       const CkptPath   *path,
                                       const CkptTensor *tensor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptStayFinder, ckpt_stay_finder_free)

G_END_DECLS
