/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-survey-private.h"

#include "model/ckpt-values-private.h"

#include <string.h>

static void
append_geometry (GString *key, const CkptTensor *tensor)
{
  CkptGeometry geometry;
  guint64 times;

  if (!ckpt_geometry_init (&geometry, tensor->n_dims, tensor->shape, tensor->stride, tensor->offset))
    {
      g_string_append_printf (key, " tensor %u", tensor->index);
      return;
    }
  times = geometry.n > 0 ? ckpt_geometry_collapse (&geometry) : 0;
  g_string_append_printf (key, " %" G_GUINT64_FORMAT "+%" G_GUINT64_FORMAT, times, geometry.offset);
  for (guint i = 0; i < geometry.n_axes; i++)
    g_string_append_printf (key, " %" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT, geometry.axes[i].size,
                            geometry.axes[i].stride);
}

/**
 * ckpt_survey_dup_key:
 * @tensor: a tensor
 *
 * Returns: (transfer full): the same text for all tensors of a tree that show the same elements as the same numbers, in whatever order
 */
char *
ckpt_survey_dup_key (const CkptTensor *tensor)
{
  const CkptQuantizer *quantizer = tensor->quantizer;
  gboolean is_complex = ckpt_dtype_get_info (tensor->dtype)->dtype_class == CKPT_CLASS_COMPLEX;
  GString *key = g_string_new (NULL);
  guint64 scale_bits;

  if (tensor->storage == CKPT_NO_STORAGE || tensor->n_dims > CKPT_MAX_AXES ||
      (quantizer != NULL && quantizer->scheme == CKPT_QSCHEME_PER_CHANNEL))
    {
      g_string_printf (key, "tensor %u", tensor->index);
      return g_string_free_and_steal (key);
    }
  g_string_printf (key, "%u %d%s", tensor->storage, tensor->dtype,
                   tensor->flags & CKPT_TENSOR_NEG && !is_complex ? "-" : "");
  if (quantizer != NULL && quantizer->scheme == CKPT_QSCHEME_PER_TENSOR)
    {
      memcpy (&scale_bits, &quantizer->scale, sizeof scale_bits);
      g_string_append_printf (key, " %" G_GINT64_MODIFIER "x*%" G_GINT64_FORMAT, scale_bits,
                              quantizer->zero_point);
    }
  append_geometry (key, tensor);
  return g_string_free_and_steal (key);
}

/**
 * ckpt_survey_count_bytes:
 * @tree: a tree
 * @tensor: a tensor of it
 *
 * Returns: how many bytes of elements a pass over @tensor goes through; repetitions are not gone through
 */
guint64
ckpt_survey_count_bytes (CkptTree *tree, const CkptTensor *tensor)
{
  CkptGeometry geometry;
  guint64 n_bytes;

  if (ckpt_tensor_get_unreadable (tree, tensor) != NULL ||
      !ckpt_tensor_get_geometry (tensor, &geometry, NULL) || geometry.n == 0)
    return 0;
  ckpt_geometry_collapse (&geometry);
  if (!ckpt_dtype_get_bytes (tensor->dtype,
                             MIN (geometry.n, ckpt_geometry_get_last (&geometry) - geometry.offset + 1),
                             &n_bytes))
    return 0;
  return n_bytes;
}
