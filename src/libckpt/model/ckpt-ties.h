/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree-private.h"

G_BEGIN_DECLS

/* For each tensor the first one that has the same elements, or CKPT_NO_TENSOR; those that are not in @present (a bit for each, or NULL) take no part. */
guint32 *ckpt_ties_find (CkptTree     *tree,
                         const guint8 *present,
                         GError      **error);

G_END_DECLS
