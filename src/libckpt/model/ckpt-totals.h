/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/**
 * CkptTotal:
 * @name: a dtype or a device
 * @n_tensors: tensors at all their places; what a sparse or quantized one is made of are none
 * @n_values: elements, tied and viewed ones once; of a sparse tensor those that are stored
 * @n_bytes: bytes of the storages, each once and whole
 */
typedef struct
{
  char *name;
  guint n_tensors;
  guint64 n_values;
  guint64 n_bytes;
} CkptTotal;

/* Adds up tensors that may share storages. */
typedef struct _CkptTotals CkptTotals;

CkptTotals      *ckpt_totals_new           (CkptTree         *tree);
void             ckpt_totals_free          (CkptTotals       *self);
/* Adding; ckpt_totals_finish() comes after it, and the figures after that. */
void             ckpt_totals_add_tensor    (CkptTotals       *self,
                                            const CkptTensor *tensor,
                                            const CkptTensor *outer,
                                            gboolean          is_repeat);
void             ckpt_totals_add_storage   (CkptTotals       *self,
                                            CkptNodeId        node);
void             ckpt_totals_add_tree      (CkptTotals       *self,
                                            CkptNodeId        node);
void             ckpt_totals_finish        (CkptTotals       *self);

const CkptTotal *ckpt_totals_get_all       (CkptTotals       *self);
guint            ckpt_totals_get_n_tied    (CkptTotals       *self);
/* Whether a storage was met, and how many of its bytes its tensors cover. */
gboolean         ckpt_totals_get_storage   (CkptTotals       *self,
                                            guint             storage,
                                            guint64          *n_covered);
const char      *ckpt_totals_get_device    (CkptTotals       *self);
GPtrArray       *ckpt_totals_list_dtypes   (CkptTotals       *self);
GPtrArray       *ckpt_totals_list_devices  (CkptTotals       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptTotals, ckpt_totals_free)

G_END_DECLS
