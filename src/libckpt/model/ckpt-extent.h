/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tensor.h"

G_BEGIN_DECLS

/**
 * CkptExtent:
 * @first: element of the storage that is the first
 * @end: one behind the last
 * @n: different elements
 *
 * Where in its storage the elements of a tensor are.
 */
typedef struct
{
  guint64 first;
  guint64 end;
  guint64 n;
} CkptExtent;

gboolean ckpt_extent_init      (CkptExtent       *self,
                                const CkptTensor *tensor);
gboolean ckpt_extent_get_bytes (const CkptExtent *self,
                                CkptDtype         dtype,
                                guint64          *first,
                                guint64          *end);

G_END_DECLS
