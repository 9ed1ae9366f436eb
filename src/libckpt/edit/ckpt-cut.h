/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-views.h"
#include "model/ckpt-draft.h"

G_BEGIN_DECLS

/**
 * CkptCut:
 * @first: byte of the storage where the piece begins
 * @end: one behind the last
 * @tensors: (array length=n): numbers of the tensors that view it
 * @n: how many
 * @is_loose: whether they all show the same elements, with bytes between them that nobody shows
 *
 * A piece of a storage that tensors view, which overlap each other.
 */
typedef struct
{
  guint64 first;
  guint64 end;
  guint32 *tensors;
  guint n;
  gboolean is_loose;
} CkptCut;

/* Whether what an edit makes up is not made of too many other things that edits made up. */
gboolean ckpt_cut_check_depth  (CkptTree         *tree,
                                guint             storage,
                                GError          **error);
/* The pieces that these tensors of one storage view, in their order. */
GArray  *ckpt_cut_list         (CkptTree         *tree,
                                const guint32    *tensors,
                                guint             n);
/* Bytes that a storage of its own would have. */
guint64  ckpt_cut_get_size     (const CkptCut    *self,
                                CkptTree         *tree);
/* Gives a piece a storage of its own. */
gboolean ckpt_cut_apply        (const CkptCut    *self,
                                CkptDraft        *draft,
                                GError          **error);

G_END_DECLS
