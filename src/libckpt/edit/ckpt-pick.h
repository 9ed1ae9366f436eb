/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-words.h"

G_BEGIN_DECLS

/* Numbers of the storages, or of the tensors that view one by themselves, under what the words from @from on name; under all of the
 * tree if there are no such words. */
GArray *ckpt_pick_storages (const CkptWords  *words,
                            guint             from,
                            CkptTree         *tree,
                            GError          **error);
GArray *ckpt_pick_tensors  (const CkptWords  *words,
                            guint             from,
                            CkptTree         *tree,
                            GError          **error);

G_END_DECLS
