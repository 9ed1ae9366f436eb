/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree-data.h"

G_BEGIN_DECLS

/* Keys of dicts as Python sees them: 1, True and 1.0 are one key, (1, "a") is equal to another (1, "a"), objects only to themselves. */
guint32  ckpt_key_hash        (CkptTree   *tree,
                               CkptNodeId  key);
gboolean ckpt_key_is_equal    (CkptTree   *tree,
                               CkptNodeId  a,
                               CkptNodeId  b);
/* FALSE for lists, dicts and the like, which Python refuses as keys. */
gboolean ckpt_key_is_hashable (CkptTree   *tree,
                               CkptNodeId  key);

G_END_DECLS
