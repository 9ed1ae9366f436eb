/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/* A tree as the pickle of a container is to have it: storages under the names that torch.save() would give them, in its way. */
CkptTree *ckpt_prepare_tree (CkptTree      *tree,
                             CkptContainer  container,
                             GPtrArray     *notes,
                             GError       **error);

G_END_DECLS
