/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/* Which values of a tree are the same as others, and where each is met first in file order. */
typedef struct _Sharing Sharing;

gboolean    sharing_has_ties         (CkptTree   *tree);
gboolean    sharing_is_worth_telling (CkptTree   *tree,
                                      CkptNodeId  node);

Sharing    *sharing_new              (CkptTree   *tree);
void        sharing_free             (Sharing    *self);
const char *sharing_get_first        (Sharing    *self,
                                      CkptNodeId  node,
                                      const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sharing, sharing_free)

G_END_DECLS
