/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-spot.h"
#include "edit/ckpt-words.h"
#include "model/ckpt-draft.h"

G_BEGIN_DECLS

/* The one place that a word names, which has a key. */
gboolean   ckpt_key_word_find  (const CkptWords *words,
                                guint            i,
                                CkptTree        *tree,
                                CkptSpot        *spot,
                                GError         **error);
/* A key that @parent does not have yet: a number if @like is one and @word can be read as one; else text. @like may be CKPT_NO_NODE. */
CkptNodeId ckpt_key_word_add   (CkptDraft       *draft,
                                CkptNodeId       parent,
                                CkptStepKind     kind,
                                CkptNodeId       like,
                                const char      *word,
                                GError         **error);

G_END_DECLS
