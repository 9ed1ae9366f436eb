/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-path.h"

G_BEGIN_DECLS

/**
 * CkptSpot:
 * @parent: what holds it
 * @i: its number among the children of @parent, as in ckpt_tree_get_child()
 * @child: the child
 *
 * One place of a value.
 */
typedef struct
{
  CkptNodeId parent;
  guint32 i;
  CkptChild child;
} CkptSpot;

/* FALSE for @from itself, whose place is unknown. */
gboolean  ckpt_spot_init            (CkptSpot        *self,
                                     CkptTree        *tree,
                                     CkptNodeId       from,
                                     const CkptPath  *path);

G_END_DECLS
