/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-draft.h"

G_BEGIN_DECLS

/**
 * CkptRetarget:
 * @storage: number of the storage that the tensor shall view
 * @dtype: type of its elements there
 * @offset: element of that storage where it begins
 * @stride: (nullable): elements from one index to the next; %NULL: as before
 * @is_plain: whether conjugation and negation, if any, are done in that storage
 *
 * What a tensor shall view.
 */
typedef struct
{
  guint storage;
  CkptDtype dtype;
  gint64 offset;
  const gint64 *stride;
  gboolean is_plain;
} CkptRetarget;

/* Whether it views a storage by itself, in a form that can be changed. */
gboolean ckpt_retarget_is_possible (CkptTree            *tree,
                                    const CkptTensor    *tensor);
gboolean ckpt_retarget_tensor      (CkptDraft           *draft,
                                    guint                tensor,
                                    const CkptRetarget  *to,
                                    GError             **error);

CkptNodeId ckpt_retarget_copy      (CkptDraft           *draft,
                                    const CkptTensor    *tensor,
                                    GError             **error);

G_END_DECLS
