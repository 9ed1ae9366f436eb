/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-edit.h"

G_BEGIN_DECLS

/* A list of edits as text: one a line, `#` begins a comment. All lists are of CkptEdit. */
CKPT_EXPORT GPtrArray *ckpt_recipe_new        (void);
CKPT_EXPORT GPtrArray *ckpt_recipe_parse      (const char  *text,
                                               GError     **error);
CKPT_EXPORT GPtrArray *ckpt_recipe_load       (const char  *path,
                                               GError     **error);
CKPT_EXPORT char      *ckpt_recipe_to_string  (GPtrArray   *edits);
CKPT_EXPORT char      *ckpt_recipe_to_command (GPtrArray   *edits,
                                               const char  *input,
                                               const char  *output);

G_END_DECLS
