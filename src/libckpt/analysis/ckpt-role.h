/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-path.h"

G_BEGIN_DECLS

/**
 * CkptRoleFlags:
 * @CKPT_ROLE_WEIGHT: its name says that it is a weight
 * @CKPT_ROLE_BIAS: its name says that it is a bias, or a table of biases
 * @CKPT_ROLE_EMBEDDING: its name says that it is a table with a row for each token
 * @CKPT_ROLE_NORM: its name says that it belongs to a normalisation
 * @CKPT_ROLE_BUFFER: its name says that it is no parameter: a running statistic, a counter, a position, a mask, a scale
 * @CKPT_ROLE_MASK: its name says that it is a mask
 * @CKPT_ROLE_OBSERVER: its name says that it is the least or greatest of what was seen, which starts at infinity
 * @CKPT_ROLE_ZERO_INIT: its name says that it starts with zeros
 * @CKPT_ROLE_OPTIMIZER: it is in the state of an optimizer, or a gradient
 *
 * What a tensor is for, as far as its place and name tell. A guess: only what is not said may depend on it.
 */
typedef enum
{
  CKPT_ROLE_WEIGHT = 1 << 0,
  CKPT_ROLE_BIAS = 1 << 1,
  CKPT_ROLE_EMBEDDING = 1 << 2,
  CKPT_ROLE_NORM = 1 << 3,
  CKPT_ROLE_BUFFER = 1 << 4,
  CKPT_ROLE_MASK = 1 << 5,
  CKPT_ROLE_OBSERVER = 1 << 6,
  CKPT_ROLE_ZERO_INIT = 1 << 7,
  CKPT_ROLE_OPTIMIZER = 1 << 8,
} CkptRoleFlags;

/**
 * CkptRole:
 * @flags: what its name says
 * @name: its keys joined by dots, as in a state dict: "model.h.0.attn.c_attn.weight"
 * @module_len: bytes of @name before the last dot, or 0
 * @pattern: (nullable): @name with "*" for each part that is a number, if there is one
 */
typedef struct
{
  CkptRoleFlags flags;
  char *name;
  gsize module_len;
  char *pattern;
} CkptRole;

void ckpt_role_init  (CkptRole       *self,
                      CkptTree       *tree,
                      const CkptPath *path);
void ckpt_role_clear (CkptRole       *self);

G_END_DECLS
