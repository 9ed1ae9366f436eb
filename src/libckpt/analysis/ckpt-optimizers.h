/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/* States of optimizers: what Optimizer.state_dict() gives, optimizers that were pickled whole, and lists and dicts of nothing else. */
gboolean ckpt_optimizers_check (CkptTree        *tree,
                                CkptNodeId       node);
/* The same, also told by the key that it is at: some optimizers have state dicts of their own. */
gboolean ckpt_optimizers_check_child (CkptTree        *tree,
                                const CkptChild *child);

G_END_DECLS
