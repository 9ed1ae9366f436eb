/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-source.h"

G_BEGIN_DECLS

/* Where the edits of one file that were not saved yet are kept, so that a crash of the program loses none: a recipe in the user's state folder. */
typedef struct _CkptJournal CkptJournal;

CKPT_EXPORT CkptJournal *ckpt_journal_new    (CkptSource         *source);
CKPT_EXPORT void         ckpt_journal_free   (CkptJournal        *self);
CKPT_EXPORT gboolean     ckpt_journal_write  (CkptJournal        *self,
                                              GPtrArray          *edits,
                                              GError            **error);
CKPT_EXPORT GPtrArray   *ckpt_journal_read   (CkptJournal        *self,
                                              gboolean           *is_same,
                                              GError            **error);
CKPT_EXPORT void         ckpt_journal_remove (CkptJournal        *self);
/* Paths of the files that have one. */
CKPT_EXPORT char       **ckpt_journal_list_files (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptJournal, ckpt_journal_free)

G_END_DECLS
