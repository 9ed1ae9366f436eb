/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "slices/ckpt-slice.h"

G_BEGIN_DECLS

/* Bytes of the elements that can be read at once. */
#define CKPT_CELLS_MAX_BYTES ((gsize) 16 << 20)

/* Some cells of a slice, read; immutable. */
typedef struct _CkptCells CkptCells;

CKPT_EXPORT CkptCells      *ckpt_cells_read         (const CkptSlice *slice,
                                                     const CkptRect  *rect,
                                                     GCancellable    *cancellable,
                                                     GError         **error);
CKPT_EXPORT CkptCells      *ckpt_cells_ref          (CkptCells       *self);
CKPT_EXPORT void            ckpt_cells_unref        (CkptCells       *self);
CKPT_EXPORT const CkptRect *ckpt_cells_get_rect     (const CkptCells *self);
/* Type of the elements as they are here: float32 for those of quantized tensors, which are real numbers then. */
CKPT_EXPORT CkptDtype       ckpt_cells_get_dtype    (const CkptCells *self);
CKPT_EXPORT guint64         ckpt_cells_get_n_missing (const CkptCells *self);
/* Rows and columns are those of the slice. NULL where the file lacks the element. */
CKPT_EXPORT const void     *ckpt_cells_get_item     (const CkptCells *self,
                                                     guint64          row,
                                                     guint64          column);
/* As ckpt_dtype_to_doubles(); NaN where the file lacks the element. */
CKPT_EXPORT double          ckpt_cells_get_double   (const CkptCells *self,
                                                     guint64          row,
                                                     guint64          column);
/* As ckpt_tensor_item_to_string(); NULL where the file lacks the element. */
CKPT_EXPORT char           *ckpt_cells_dup_text     (const CkptCells *self,
                                                     guint64          row,
                                                     guint64          column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptCells, ckpt_cells_unref)

G_END_DECLS
