/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-sink.h"
#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/* The type that NumPy gets instead of one that it does not have, or NULL if it has it. */
CKPT_EXPORT const char *ckpt_npy_get_substitute (CkptDtype          dtype);
CKPT_EXPORT gboolean    ckpt_npy_write          (CkptTree          *tree,
                                                 const CkptTensor  *tensor,
                                                 const CkptSink    *sink,
                                                 GCancellable      *cancellable,
                                                 GError           **error);

G_END_DECLS
