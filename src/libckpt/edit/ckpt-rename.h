/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-effect.h"
#include "edit/ckpt-words.h"
#include "model/ckpt-draft.h"

G_BEGIN_DECLS

/* What a key becomes; NULL if it stays, or with an error. */
typedef char *(*CkptRenameFunc) (const char *key,
                                 gpointer    user_data,
                                 GError    **error);

/* Renames keys of dicts; `_metadata` and names in optimizers follow. */
gboolean ckpt_rename_keys  (CkptDraft       *draft,
                            const GArray    *dicts,
                            CkptRenameFunc   func,
                            gpointer         user_data,
                            CkptEffect      *effect,
                            GError         **error);
/* The same in all dicts under what `--under` names. */
gboolean ckpt_rename_under (CkptDraft       *draft,
                            const CkptWords *words,
                            CkptRenameFunc   func,
                            gpointer         user_data,
                            CkptEffect      *effect,
                            GError         **error);

G_END_DECLS
