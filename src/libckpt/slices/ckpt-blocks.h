/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "slices/ckpt-slice.h"

G_BEGIN_DECLS

/* Blocks that one picture can have. */
#define CKPT_BLOCKS_MAX ((guint64) 1 << 20)

typedef enum
{
  CKPT_BLOCK_MEAN,
  CKPT_BLOCK_MIN,
  CKPT_BLOCK_MAX,
} CkptBlockKind;

/**
 * CkptBlockFlags:
 * @CKPT_BLOCK_HAS_NAN: there is a NaN in it
 * @CKPT_BLOCK_HAS_POS_INF: there is an infinity in it
 * @CKPT_BLOCK_HAS_NEG_INF: there is a negative infinity in it
 * @CKPT_BLOCK_HAS_MISSING: the file lacks some of it
 * @CKPT_BLOCK_HAS_VALUE: the file has some of it
 */
typedef enum
{
  CKPT_BLOCK_HAS_NAN = 1 << 0,
  CKPT_BLOCK_HAS_POS_INF = 1 << 1,
  CKPT_BLOCK_HAS_NEG_INF = 1 << 2,
  CKPT_BLOCK_HAS_MISSING = 1 << 3,
  CKPT_BLOCK_HAS_VALUE = 1 << 4,
} CkptBlockFlags;

/* Cells of a slice, reduced: of each block of neighbouring rows and columns the mean, the least and the greatest value. Immutable. */
typedef struct _CkptBlocks CkptBlocks;

CKPT_EXPORT CkptBlocks     *ckpt_blocks_compute       (const CkptSlice   *slice,
                                                       const CkptRect    *rect,
                                                       guint64            row_factor,
                                                       guint64            column_factor,
                                                       CkptProgressFunc   progress,
                                                       gpointer           progress_data,
                                                       GCancellable      *cancellable,
                                                       GError           **error);
CKPT_EXPORT CkptBlocks     *ckpt_blocks_ref           (CkptBlocks        *self);
CKPT_EXPORT void            ckpt_blocks_unref         (CkptBlocks        *self);
CKPT_EXPORT const CkptRect *ckpt_blocks_get_rect      (const CkptBlocks  *self);
/* Rows of the slice that make a block; the last blocks may have fewer. */
CKPT_EXPORT guint64         ckpt_blocks_get_row_factor (const CkptBlocks *self);
CKPT_EXPORT guint64         ckpt_blocks_get_column_factor (const CkptBlocks *self);
CKPT_EXPORT guint64         ckpt_blocks_get_n_rows    (const CkptBlocks  *self);
CKPT_EXPORT guint64         ckpt_blocks_get_n_columns (const CkptBlocks  *self);
/* Elements, not blocks. */
CKPT_EXPORT guint64         ckpt_blocks_get_n_nan     (const CkptBlocks  *self);
CKPT_EXPORT guint64         ckpt_blocks_get_n_inf     (const CkptBlocks  *self);
CKPT_EXPORT guint64         ckpt_blocks_get_n_missing (const CkptBlocks  *self);
/* Rows and columns here are those of the blocks. */
CKPT_EXPORT CkptBlockFlags  ckpt_blocks_get_flags     (const CkptBlocks  *self,
                                                       guint64            row,
                                                       guint64            column);
CKPT_EXPORT double          ckpt_blocks_get_value     (const CkptBlocks  *self,
                                                       CkptBlockKind      kind,
                                                       guint64            row,
                                                       guint64            column);
/* What a picture shows of the block: NaN, or an infinity, where there is any, so that none goes unseen. */
CKPT_EXPORT double          ckpt_blocks_get_shown     (const CkptBlocks  *self,
                                                       CkptBlockKind      kind,
                                                       guint64            row,
                                                       guint64            column);
/* Between which finite values the blocks are; FALSE if there is none. */
CKPT_EXPORT gboolean        ckpt_blocks_get_range     (const CkptBlocks  *self,
                                                       CkptBlockKind      kind,
                                                       double            *low,
                                                       double            *high);
/* The same without a few that are far off, so that these do not take all colours of a picture; TRUE if there are such. */
CKPT_EXPORT gboolean        ckpt_blocks_get_usual_range (const CkptBlocks *self,
                                                       CkptBlockKind      kind,
                                                       double            *low,
                                                       double            *high);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptBlocks, ckpt_blocks_unref)

G_END_DECLS
