/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/* Whole modules that were pickled: objects whose state has what nn.Module keeps. None of their code is needed to read them. */
CKPT_EXPORT gboolean ckpt_module_check        (CkptTree   *tree,
                                               CkptNodeId  node);
CKPT_EXPORT gboolean ckpt_module_get_training (CkptTree   *tree,
                                               CkptNodeId  module,
                                               gboolean   *training);
/* The modules below a value that are in no other module. */
CKPT_EXPORT GArray  *ckpt_module_list         (CkptTree   *tree,
                                               CkptNodeId  from);
/* All modules below a value, each once. */
CKPT_EXPORT GArray  *ckpt_module_list_all     (CkptTree   *tree,
                                               CkptNodeId  from);

CkptNodeId           ckpt_module_get_attribute (CkptTree  *tree,
                                               CkptNodeId  module,
                                               const char *name);
/* What torch.compile() was called with, of what it gave, or CKPT_NO_NODE. */
CkptNodeId           ckpt_module_get_compiled (CkptTree   *tree,
                                               CkptNodeId  node);
/* One of the dicts `_parameters`, `_buffers`, `_modules` or of hooks, or CKPT_NO_NODE where it has none. */
CkptNodeId           ckpt_module_get_dict     (CkptTree   *tree,
                                               CkptNodeId  module,
                                               const char *name);

G_END_DECLS
