/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/**
 * CkptTallyTotals:
 * @n_tensors: tensors, tied ones too, but not the parts that another one is made of
 * @n_values: their elements, tied and viewed ones once
 * @n_bytes: bytes of their storages, each once and whole
 * @device: (nullable): their device, if it is the same for all
 */
typedef struct
{
  guint n_tensors;
  guint64 n_values;
  guint64 n_bytes;
  const char *device;
} CkptTallyTotals;

/* Adds up tensors that may share storages. */
typedef struct _CkptTally CkptTally;

CkptTally *ckpt_tally_new         (CkptTree          *tree);
void       ckpt_tally_free        (CkptTally         *self);
void       ckpt_tally_add_tensor  (CkptTally         *self,
                                   const CkptTensor  *tensor,
                                   gboolean           is_part);
void       ckpt_tally_add_storage (CkptTally         *self,
                                   const CkptStorage *storage);
void       ckpt_tally_finish      (CkptTally         *self,
                                   CkptTallyTotals   *totals);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptTally, ckpt_tally_free)

G_END_DECLS
