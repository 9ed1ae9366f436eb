/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-geometry.h"

G_BEGIN_DECLS

/**
 * CkptOverlap:
 * @extent: elements of the storage, side by side, over which the innermost axes of a geometry are laid
 * @counts: (array length=extent): how many times they come to each
 *
 * A tensor whose axes overlap (a sliding window), seen from its storage.
 */
typedef struct
{
  guint64 extent;
  guint64 *counts;
} CkptOverlap;

gboolean ckpt_overlap_init  (CkptOverlap   *self,
                             CkptGeometry  *geometry,
                             GError       **error);
void     ckpt_overlap_clear (CkptOverlap   *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CkptOverlap, ckpt_overlap_clear)

G_END_DECLS
