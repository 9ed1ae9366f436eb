/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/ckpt-nodes.h"

G_BEGIN_DECLS

/* What the decoder makes of a pickle in memory, in one line: the value and the warnings, or the error. */
char *pickle_describe      (const void      *bytes,
                            gsize            length);
/* A value: much like Python's repr(), with a star after what is in the memo, and &0 for what is being written already. */
char *pickle_describe_node (const CkptNodes *nodes,
                            CkptNodeId       node);

G_END_DECLS
