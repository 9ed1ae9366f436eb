/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-totals.h"

G_BEGIN_DECLS

/**
 * CkptSummary:
 * @total: of everything
 * @by_dtype: (element-type CkptTotal): sorted by bytes, largest first
 * @by_device: (element-type CkptTotal): likewise
 * @n_tied: tensors that repeat an earlier one
 * @n_wasted_bytes: bytes of storages that no tensor shows, and of records that nothing refers to
 * @writer: who wrote it, as far as the file tells: "PyTorch 2.7 or newer"
 * @readers: which PyTorch reads it: "PyTorch 1.6 or newer"
 */
typedef struct
{
  CkptTotal total;
  GPtrArray *by_dtype;
  GPtrArray *by_device;
  guint n_tied;
  guint64 n_wasted_bytes;
  char *writer;
  char *readers;
} CkptSummary;

CKPT_EXPORT CkptSummary *ckpt_summary_new    (CkptTree    *tree);
CKPT_EXPORT void         ckpt_summary_free   (CkptSummary *self);
/* What lies under one value, each storage and tensor once. */
CKPT_EXPORT void         ckpt_totals_compute (CkptTree    *tree,
                                              CkptNodeId   node,
                                              CkptTotal   *total);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptSummary, ckpt_summary_free)

G_END_DECLS
