/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-effect.h"
#include "edit/ckpt-words.h"

G_BEGIN_DECLS

typedef struct _CkptDraft CkptDraft;

/**
 * CkptVerb:
 * @name: its name in a recipe, and as an option of `ckpt edit`: "rename-prefix". Never that of an option of any verb
 * @usage: the words that follow, as help shows them: "OLD NEW [--under=PATH]"
 * @summary: one line for help
 * @options: (nullable): the names of its options, divided by spaces; "=" after those that take a value: "under= partial"
 * @min_words: how many words it needs, options aside
 * @max_words: how many it can take; %G_MAXUINT for any number
 * @apply: does it: changes @draft, counts what it touches in `effect->n`, sets the title, and adds notes, changes and touched rows.
 *   Nothing to do is no error: `effect->n` stays 0, and @draft is thrown away
 *
 * A way to change a checkpoint: one file `ckpt-edit-NAME.c` and one row of the table in ckpt-verbs.c.
 */
struct _CkptVerb
{
  const char *name;
  const char *usage;
  const char *summary;
  const char *options;
  guint min_words;
  guint max_words;
  gboolean (*apply) (CkptDraft        *draft,
                     const CkptWords  *words,
                     CkptEffect       *effect,
                     GCancellable     *cancellable,
                     GError          **error);
};

CKPT_EXPORT const CkptVerb *const *ckpt_verbs_get (guint      *n_verbs);
CKPT_EXPORT const CkptVerb        *ckpt_verbs_find (const char *name);

G_END_DECLS
