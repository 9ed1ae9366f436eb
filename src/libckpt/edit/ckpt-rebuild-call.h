/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-names.h"
#include "model/ckpt-nodes.h"
#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/**
 * CkptRebuildCall:
 * @node: the call
 * @name: the function that makes the tensor
 * @args: its arguments, a raw tuple
 * @n_args: how many
 * @outer: where another function passes this one on, that one's arguments: (function, class, @args, state); else %CKPT_NO_NODE
 *
 * How a tensor is made.
 */
typedef struct
{
  CkptNodeId node;
  CkptName name;
  CkptNodeId args;
  guint32 n_args;
  CkptNodeId outer;
} CkptRebuildCall;

/* FALSE if @node is no call of a function with a tuple. */
gboolean   ckpt_rebuild_call_init    (CkptRebuildCall       *self,
                                      CkptTree              *tree,
                                      CkptNodeId             node);
CkptNodeId ckpt_rebuild_call_get_arg (const CkptRebuildCall *self,
                                      CkptTree              *tree,
                                      guint32                i);

G_END_DECLS
