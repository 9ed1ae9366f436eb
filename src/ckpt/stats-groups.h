/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/**
 * StatsGroup:
 * @path: the value that the tensors are in
 * @glob: (nullable): which of those in it, where it is not all: those whose keys begin alike
 * @tensors: (element-type guint32): their numbers in the tree; none of those that cannot be read for what they are
 *
 * Tensors whose figures are merged.
 */
typedef struct
{
  CkptPath *path;
  char *glob;
  GArray *tensors;
} StatsGroup;

GPtrArray *stats_groups_new (void);
void       stats_groups_add (GPtrArray      *groups,
                             CkptTree       *tree,
                             const CkptPath *below,
                             guint           depth);

G_END_DECLS
