/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-sink.h"
#include "model/ckpt-tree.h"

G_BEGIN_DECLS

CKPT_EXPORT gboolean ckpt_csv_write (CkptTree          *tree,
                                     const CkptTensor  *tensor,
                                     const CkptSink    *sink,
                                     GCancellable      *cancellable,
                                     GError           **error);

G_END_DECLS
