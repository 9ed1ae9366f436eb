/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-effect.h"
#include "edit/ckpt-verb.h"

G_BEGIN_DECLS

/* A change of a checkpoint: a verb and its words. Does not change; has one text form, a line of a recipe. */
typedef struct _CkptEdit CkptEdit;

CKPT_EXPORT CkptEdit       *ckpt_edit_new       (const char         *verb,
                                                 const char *const  *words,
                                                 GError            **error);
CKPT_EXPORT CkptEdit       *ckpt_edit_parse     (const char         *line,
                                                 GError            **error);
CKPT_EXPORT CkptEdit       *ckpt_edit_ref       (CkptEdit           *self);
CKPT_EXPORT void            ckpt_edit_unref     (CkptEdit           *self);
CKPT_EXPORT char           *ckpt_edit_to_string (CkptEdit           *self);
CKPT_EXPORT CkptTree       *ckpt_edit_apply     (CkptEdit           *self,
                                                 CkptTree           *tree,
                                                 CkptEffect         *effect,
                                                 GCancellable       *cancellable,
                                                 GError            **error);
CKPT_EXPORT const CkptVerb *ckpt_edit_get_verb  (CkptEdit           *self);

const CkptWords            *ckpt_edit_get_words (CkptEdit           *self);
CkptEdit                   *ckpt_edit_new_of    (const CkptVerb     *verb,
                                                 const char *const  *words,
                                                 GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptEdit, ckpt_edit_unref)

G_END_DECLS
