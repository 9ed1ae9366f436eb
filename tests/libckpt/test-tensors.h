/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/ckpt-tree-private.h"

G_BEGIN_DECLS

/* A tree put together by hand over a file of these bytes, with one record and one storage, number 0. */
CkptTree         *test_tensors_new  (const void       *bytes,
                                     gsize             n_bytes);
/* A tensor without flags, on the CPU, of storage 0; @stride NULL: contiguous. */
CkptTensor        test_tensors_view (CkptDtype         dtype,
                                     guint             n_dims,
                                     const gint64     *shape,
                                     const gint64     *stride,
                                     gint64            offset);
const CkptTensor *test_tensors_add  (CkptTree         *tree,
                                     CkptTensor        tensor);
/* Makes the root a list of all tensors that were added. */
void              test_tensors_set_root (CkptTree     *tree);

G_END_DECLS
