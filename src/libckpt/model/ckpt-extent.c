/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "model/ckpt-extent.h"

#include "model/ckpt-values-private.h"

static gboolean
is_contiguous (const CkptTensor *tensor)
{
  gint64 step = 1;

  for (guint i = tensor->n_dims; i > 0; i--)
    {
      if (tensor->shape[i - 1] != 1 && tensor->stride[i - 1] != step)
        return FALSE;
      step *= tensor->shape[i - 1];
    }
  return TRUE;
}

/**
 * ckpt_extent_init:
 * @self: (out): where its elements are
 * @tensor: a strided tensor that has a storage
 *
 * Returns: %FALSE if it has no elements
 */
gboolean
ckpt_extent_init (CkptExtent *self, const CkptTensor *tensor)
{
  CkptGeometry geometry;

  if (tensor->numel == 0)
    return FALSE;
  /* Nearly all are; with 100,000 of them it shows that this is the short way. */
  if (is_contiguous (tensor))
    {
      self->first = tensor->offset;
      self->n = tensor->numel;
      self->end = self->first + self->n;
      return TRUE;
    }
  if (!ckpt_tensor_get_geometry (tensor, &geometry, NULL))
    return FALSE;
  ckpt_geometry_collapse (&geometry);
  self->first = geometry.offset;
  self->end = ckpt_geometry_get_last (&geometry) + 1;
  self->n = geometry.n;
  return TRUE;
}

/**
 * ckpt_extent_get_bytes:
 * @self: an extent
 * @dtype: type of the elements
 * @first: (out): byte of the storage where the first element begins
 * @end: (out): byte behind the last one
 *
 * Returns: %FALSE if no storage has so many bytes
 */
gboolean
ckpt_extent_get_bytes (const CkptExtent *self, CkptDtype dtype, guint64 *first, guint64 *end)
{
  return ckpt_dtype_get_bytes (dtype, self->first, first) && ckpt_dtype_get_bytes (dtype, self->end, end);
}
