/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

CKPT_EXPORT char *ckpt_result_name_new (const char    *path,
                                        const char    *word,
                                        CkptContainer  container);

G_END_DECLS
