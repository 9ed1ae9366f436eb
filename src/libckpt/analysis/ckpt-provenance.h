/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/* Who wrote a file, and who reads it, as far as it tells. */
char *ckpt_provenance_get_writer  (CkptTree *tree);
char *ckpt_provenance_get_readers (CkptTree *tree);
/* The first release of PyTorch that loads tensors of a type: 201 is 2.1, 0 any. */
guint ckpt_provenance_get_dtype_release (CkptDtype dtype);

G_END_DECLS
