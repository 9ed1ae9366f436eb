/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/* An axis of a slice that there is none for: it has one index then. */
#define CKPT_NO_AXIS (-1)

/**
 * CkptRect:
 * @row: the first row
 * @column: the first column
 *
 * Some cells of a slice.
 */
typedef struct
{
  guint64 row;
  guint64 n_rows;
  guint64 column;
  guint64 n_columns;
} CkptRect;

/* Rows and columns of a tensor: two of its axes, or fewer, at one index of each of the others. */
typedef struct _CkptSlice CkptSlice;

CKPT_EXPORT CkptSlice        *ckpt_slice_new           (CkptTree         *tree,
                                                        const CkptTensor *tensor,
                                                        GError          **error);
CKPT_EXPORT CkptSlice        *ckpt_slice_copy          (const CkptSlice  *self);
CKPT_EXPORT void              ckpt_slice_free          (CkptSlice        *self);
CKPT_EXPORT gboolean          ckpt_slice_equal         (const CkptSlice  *self,
                                                        const CkptSlice  *other);
CKPT_EXPORT CkptTree         *ckpt_slice_get_tree      (const CkptSlice  *self);
CKPT_EXPORT const CkptTensor *ckpt_slice_get_tensor    (const CkptSlice  *self);
CKPT_EXPORT void              ckpt_slice_set_axes      (CkptSlice        *self,
                                                        int               row_axis,
                                                        int               column_axis);
CKPT_EXPORT int               ckpt_slice_get_row_axis  (const CkptSlice  *self);
CKPT_EXPORT int               ckpt_slice_get_column_axis (const CkptSlice *self);
CKPT_EXPORT void              ckpt_slice_set_index     (CkptSlice        *self,
                                                        guint             axis,
                                                        guint64           index);
CKPT_EXPORT guint64           ckpt_slice_get_index     (const CkptSlice  *self,
                                                        guint             axis);
CKPT_EXPORT guint64           ckpt_slice_get_n_rows    (const CkptSlice  *self);
CKPT_EXPORT guint64           ckpt_slice_get_n_columns (const CkptSlice  *self);
/* The number of a cell's element in row-major order of the whole tensor. */
CKPT_EXPORT guint64           ckpt_slice_get_element   (const CkptSlice  *self,
                                                        guint64           row,
                                                        guint64           column);
/* "[3, 17, 250]", as Python would index the tensor; "[]" of a scalar. */
CKPT_EXPORT char             *ckpt_slice_dup_index     (const CkptSlice  *self,
                                                        guint64           row,
                                                        guint64           column);
/* Cells of a slice as a tensor of two dimensions or fewer, for all that reads tensors. */
CKPT_EXPORT CkptTensor       *ckpt_slice_get_part      (const CkptSlice  *self,
                                                        const CkptRect   *rect);
CKPT_EXPORT void              ckpt_part_free           (CkptTensor       *part);
/* Elements at the beginning of a row of a part that are in the file. */
guint64                       ckpt_part_count_present  (CkptTree         *tree,
                                                        const CkptTensor *part,
                                                        guint64           row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptSlice, ckpt_slice_free)

G_END_DECLS
