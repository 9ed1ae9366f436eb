/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/* Appends the Python literal of a plain value. With @quote, texts are in those quotes, and only what no other key of a dict could look
 * like is a literal; with 0, it is exactly Python's repr(). FALSE, with something appended, for values that have none. */
gboolean ckpt_repr_append (CkptTree   *tree,
                           GString    *out,
                           CkptNodeId  node,
                           char        quote);

G_END_DECLS
