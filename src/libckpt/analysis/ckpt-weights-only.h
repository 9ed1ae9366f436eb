/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/**
 * CkptRefusalReason:
 * @CKPT_REFUSAL_NONE: it is taken
 * @CKPT_REFUSAL_GLOBAL: names a class or function that is not on the list of what is allowed
 * @CKPT_REFUSAL_BLOCKED: names something of a module that nobody can allow
 * @CKPT_REFUSAL_CALL: calls what is no name, but the result of another call
 * @CKPT_REFUSAL_OPCODE: is written with an opcode that is not taken: an object of an old protocol, a very long int
 * @CKPT_REFUSAL_ITEMS: puts items into an object that is no list, dict, OrderedDict or Counter
 * @CKPT_REFUSAL_PERSISTENT_ID: stands for something that is no storage
 *
 * Why torch.load(weights_only=True) refuses a value.
 */
typedef enum
{
  CKPT_REFUSAL_NONE,
  CKPT_REFUSAL_GLOBAL,
  CKPT_REFUSAL_BLOCKED,
  CKPT_REFUSAL_CALL,
  CKPT_REFUSAL_OPCODE,
  CKPT_REFUSAL_ITEMS,
  CKPT_REFUSAL_PERSISTENT_ID,
} CkptRefusalReason;

/**
 * CkptRefusal:
 * @reason: why
 * @name: (nullable): the class or function, with its module as Python 3 calls it
 * @n: how often
 * @path: (nullable): where it is first, in the text form of paths
 * @node: the value at @path
 *
 * One thing that is refused, and where.
 */
typedef struct
{
  CkptRefusalReason reason;
  char *name;
  guint n;
  char *path;
  CkptNodeId node;
} CkptRefusal;

CKPT_EXPORT GPtrArray *ckpt_weights_only_list  (CkptTree          *tree,
                                                CkptNodeId         from);
/* A sentence for a person, without a full stop. */
CKPT_EXPORT char      *ckpt_refusal_describe   (const CkptRefusal *self);

/* Of one raw value, without what is in it. */
CkptRefusalReason      ckpt_weights_only_check (CkptTree          *tree,
                                                CkptNodeId         node);
gboolean               ckpt_weights_only_allows (const char       *name);

G_END_DECLS
