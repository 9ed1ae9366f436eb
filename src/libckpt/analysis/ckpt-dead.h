/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/**
 * CkptDeadSlices:
 * @n: how many slices along a dimension are all zeros
 * @first: index of the first of them
 * @last: index of the last of them
 */
typedef struct
{
  guint64 n;
  guint64 first;
  guint64 last;
} CkptDeadSlices;

gboolean ckpt_dead_find (CkptTree         *tree,
                         const CkptTensor *tensor,
                         GCancellable     *cancellable,
                         CkptDeadSlices   *rows,
                         CkptDeadSlices   *columns,
                         GError          **error);

G_END_DECLS
