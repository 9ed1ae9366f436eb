/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "io/ckpt-limits.h"

static const CkptLimit limits[] = {
  { "inflated pickle", CKPT_LIMIT_INFLATED_PICKLE, "bytes" },
  { "values", CKPT_LIMIT_NODES, "values" },
  { "memory of values", CKPT_LIMIT_NODE_MEMORY, "bytes" },
  { "nesting", CKPT_LIMIT_DEPTH, "levels" },
  { "text line", CKPT_LIMIT_TEXT_LINE, "bytes" },
  { "class name", CKPT_LIMIT_GLOBAL_NAME, "bytes" },
  { "text kept in memory", CKPT_LIMIT_INLINE_TEXT, "bytes" },
  { "zip records", CKPT_LIMIT_RECORDS, "records" },
  { "zip directory", CKPT_LIMIT_ZIP_DIRECTORY, "bytes" },
  { "small text record", CKPT_LIMIT_SMALL_RECORD, "bytes" },
  { "safetensors header", CKPT_LIMIT_SAFETENSORS_HEADER, "bytes" },
  { "dimensions shown", CKPT_LIMIT_DIMENSIONS, "dimensions" },
  { "dimensions of PyTorch", CKPT_LIMIT_DIMENSIONS_TORCH, "dimensions" },
  { "keys of a module's state dict", CKPT_LIMIT_STATE_DICT, "bytes" },
  { "block of values", CKPT_LIMIT_BLOCK, "bytes" },
};

/**
 * ckpt_limits_get:
 * @n_limits: (out): how many there are
 *
 * Lists what a file may ask for before it is refused or warned of.
 *
 * Returns: (transfer none) (array length=n_limits): the limits
 */
const CkptLimit *
ckpt_limits_get (gsize *n_limits)
{
  g_return_val_if_fail (n_limits != NULL, NULL);

  *n_limits = G_N_ELEMENTS (limits);
  return limits;
}
