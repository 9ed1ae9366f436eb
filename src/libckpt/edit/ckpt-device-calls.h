/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-draft.h"

G_BEGIN_DECLS

/* torch.device of a tag. */
CkptNodeId ckpt_device_add_object (CkptDraft            *draft,
                                   const char           *tag,
                                   GError              **error);
/* Whether a tensor is made with its device as an argument. */
gboolean   ckpt_device_is_call    (CkptTree             *tree,
                                   const CkptTensor     *tensor);
/* Moves such a tensor. */
gboolean   ckpt_device_move_call  (CkptDraft            *draft,
                                   guint                 tensor,
                                   const char           *to,
                                   GError              **error);

G_END_DECLS
