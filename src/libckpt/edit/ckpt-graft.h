/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-draft.h"

G_BEGIN_DECLS

/* Copies a value of another tree, with all that hangs on it: what is one object there is one object here. */
CkptNodeId ckpt_graft_copy (CkptDraft  *draft,
                            CkptTree   *from,
                            CkptNodeId  node,
                            GError    **error);

G_END_DECLS
