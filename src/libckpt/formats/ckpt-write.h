/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/**
 * CkptWriteOptions:
 * @container: the container to write; see ckpt_container_can_write()
 * @alignment: what a zip aligns its records to, or 0 for what the file has, or PyTorch's 64
 * @folder: (nullable): the folder of the records of a zip that is made anew; else "archive". A zip keeps its own
 * @anew: make every part anew even if nothing was changed, instead of copying the file
 * @leaves_out: leave out what the container has no place for, and say so in the notes, instead of failing
 *
 * How to write a checkpoint.
 */
typedef struct
{
  CkptContainer container;
  guint alignment;
  const char *folder;
  gboolean anew;
  gboolean leaves_out;
} CkptWriteOptions;

/* What would be written: nothing is yet. For one thread. */
typedef struct _CkptPlan CkptPlan;

CKPT_EXPORT gboolean           ckpt_container_can_write (CkptContainer           container);
CKPT_EXPORT CkptPlan          *ckpt_plan_new            (CkptTree               *tree,
                                                         const CkptWriteOptions *options,
                                                         GCancellable           *cancellable,
                                                         GError                **error);
CKPT_EXPORT void               ckpt_plan_free           (CkptPlan               *self);
CKPT_EXPORT guint64            ckpt_plan_get_size       (CkptPlan               *self);
CKPT_EXPORT const char *const *ckpt_plan_get_notes      (CkptPlan               *self,
                                                         guint                  *n_notes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptPlan, ckpt_plan_free)

G_END_DECLS
