/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/* Whether PyTorch loads a storage with this location tag where it has the device; if not, says why. */
CKPT_EXPORT gboolean ckpt_device_check     (const char *tag,
                                            GError    **error);
/* Whether a text is the name of a device, as a configuration holds it. */
gboolean             ckpt_device_is_name   (const char *text,
                                            gsize       length);
/* The device that a torch.device object or a text is, or NULL. */
char                *ckpt_device_dup_value (CkptTree   *tree,
                                            CkptNodeId  node);

G_END_DECLS
