/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-reads-in.h"

G_BEGIN_DECLS

CKPT_EXPORT char *ckpt_loading_code_new (CkptTree      *tree,
                                         CkptContainer  container,
                                         CkptReadsIn    reads_in,
                                         const char    *path);

G_END_DECLS
