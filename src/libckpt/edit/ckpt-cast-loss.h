/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-effect.h"
#include "model/ckpt-convert.h"
#include "model/ckpt-tensor.h"

G_BEGIN_DECLS

/* Reads a tensor, and adds what a conversion of its elements would lose. */
gboolean ckpt_cast_loss_add  (CkptConvertCounts       *counts,
                              CkptTree                *tree,
                              const CkptTensor        *tensor,
                              CkptDtype                to,
                              GCancellable            *cancellable,
                              GError                 **error);
void     ckpt_cast_loss_note (const CkptConvertCounts *counts,
                              CkptDtype                to,
                              CkptEffect              *effect);

G_END_DECLS
