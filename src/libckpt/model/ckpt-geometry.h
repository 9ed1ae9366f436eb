/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

/* Axes of at least two indices that a tensor of fewer than 2^63 elements can have. */
#define CKPT_MAX_AXES 63

/**
 * CkptAxis:
 * @size: indices along it
 * @stride: elements of the storage from one index to the next
 * @target: elements of the result from one index to the next; used by #CkptBox only
 */
typedef struct
{
  guint64 size;
  guint64 stride;
  guint64 target;
} CkptAxis;

/**
 * CkptGeometry:
 * @offset: element of the storage where the first element is
 * @n: elements
 * @n_axes: number of @axes; 0 if there is one element, or none
 * @axes: the outermost first
 *
 * Where the elements of a tensor are in its storage, in as few axes as can say it.
 */
typedef struct
{
  guint64 offset;
  guint64 n;
  guint n_axes;
  CkptAxis axes[CKPT_MAX_AXES];
} CkptGeometry;

/* Part of a geometry that is itself rectangular. */
typedef CkptGeometry CkptBox;

gboolean ckpt_geometry_init     (CkptGeometry       *self,
                                 guint               n_dims,
                                 const gint64       *shape,
                                 const gint64       *stride,
                                 gint64              offset);
guint64  ckpt_geometry_get_last (const CkptGeometry *self);
guint64  ckpt_geometry_collapse (CkptGeometry       *self);
void     ckpt_geometry_get_box  (const CkptGeometry *self,
                                 guint64             first,
                                 guint64             n_max,
                                 CkptBox            *box);
void     ckpt_box_sort          (CkptBox            *box);

G_END_DECLS
