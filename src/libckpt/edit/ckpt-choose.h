/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-words.h"

G_BEGIN_DECLS

/* The values that all words name, each once; the root if there are no words. NULL with an error if a word matches nothing. */
GArray *ckpt_choose_nodes (const CkptWords *words,
                           CkptTree        *tree,
                           GError         **error);

G_END_DECLS
