/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "model/ckpt-values-private.h"

#include <glib/gi18n-lib.h>

/* Channels whose scale and zero point are held at a time. */
#define N_CHANNELS 1024

typedef struct
{
  CkptTree *tree;
  const CkptTensor *scales;
  const CkptTensor *zero_points;
  guint64 first;
  guint64 n;
  double scale[N_CHANNELS];
  double zero_point[N_CHANNELS];
} Channels;

static gboolean
set_no_sense (GError **error)
{
  return ckpt_error_set (error, CKPT_ERROR_MALFORMED, "quantizer-invalid",
                         _ ("The scales and zero points of the quantized tensor do not fit it."));
}

static gboolean
load_channels (Channels *self, guint64 channel, guint64 n_channels, GError **error)
{
  /* Those of a quantizer are plain tensors; one that is itself quantized could name itself. */
  if (self->scales->quantizer != NULL || self->zero_points->quantizer != NULL)
    return set_no_sense (error);
  if (self->scales->numel < n_channels || self->zero_points->numel < n_channels)
    return set_no_sense (error);
  self->first = channel;
  self->n = MIN (N_CHANNELS, n_channels - channel);
  return ckpt_tensor_read_doubles (self->tree, self->scales, channel, self->n, self->scale, error) &&
         ckpt_tensor_read_doubles (self->tree, self->zero_points, channel, self->n, self->zero_point, error);
}

/* How many elements follow each other in one channel, and how many channels then follow each other. */
static gboolean
count_channels (const CkptTensor *tensor, guint64 *inner, guint64 *n_channels, GError **error)
{
  gint64 axis = tensor->quantizer->axis;

  *inner = tensor->numel;
  *n_channels = 1;
  if (tensor->quantizer->is_one_channel)
    return TRUE;
  if (axis < 0 || axis >= tensor->n_dims)
    return set_no_sense (error);
  *n_channels = tensor->shape[axis];
  *inner = 1;
  for (guint i = axis + 1; i < tensor->n_dims; i++)
    *inner *= tensor->shape[i];
  return TRUE;
}

/* ATen/native/quantized/AffineQuantizerBase.cpp: the scale is rounded to float32 before it is used, and so is the product. */
static double
dequantize (double stored, double zero_point, double scale)
{
  return (float) (stored - zero_point) * (float) scale;
}

static gboolean
dequantize_channels (CkptTree *tree,
                     const CkptTensor *tensor,
                     guint64 first,
                     gsize n,
                     double *values,
                     GError **error)
{
  const CkptQuantizer *quantizer = tensor->quantizer;
  g_autofree Channels *channels = NULL;
  guint64 inner, n_channels;

  if (quantizer->scales == CKPT_NO_TENSOR || quantizer->zero_points == CKPT_NO_TENSOR)
    return set_no_sense (error);
  if (!count_channels (tensor, &inner, &n_channels, error))
    return FALSE;
  channels = g_new0 (Channels, 1);
  channels->tree = tree;
  channels->scales = ckpt_tree_get_tensor (tree, quantizer->scales);
  channels->zero_points = ckpt_tree_get_tensor (tree, quantizer->zero_points);

  for (gsize i = 0; i < n;)
    {
      guint64 channel = quantizer->first_channel + (first + i) / inner % n_channels;
      gsize end = i + MIN (n - i, inner - (first + i) % inner);

      if (channel < channels->first || channel - channels->first >= channels->n)
        if (!load_channels (channels, channel, quantizer->first_channel + n_channels, error))
          return FALSE;
      for (; i < end; i++)
        values[i] = dequantize (values[i], channels->zero_point[channel - channels->first],
                                channels->scale[channel - channels->first]);
    }
  return TRUE;
}

/**
 * ckpt_tensor_dequantize:
 * @tree: the tree
 * @tensor: a quantized tensor of it
 * @first: number of an element
 * @n: how many elements
 * @values: (inout) (array length=n): stored numbers, which become real ones
 * @error: return location for %CKPT_ERROR_MALFORMED, or an error of reading the scales
 *
 * real = (stored - zero point) * scale, in float32 as PyTorch's dequantize().
 *
 * Returns: whether the scales were there
 */
gboolean
ckpt_tensor_dequantize (CkptTree *tree,
                        const CkptTensor *tensor,
                        guint64 first,
                        gsize n,
                        double *values,
                        GError **error)
{
  const CkptQuantizer *quantizer = tensor->quantizer;

  if (n == 0 || quantizer->scheme == CKPT_QSCHEME_NONE)
    return TRUE;
  if (quantizer->scheme == CKPT_QSCHEME_PER_CHANNEL)
    return dequantize_channels (tree, tensor, first, n, values, error);
  for (gsize i = 0; i < n; i++)
    values[i] = dequantize (values[i], (double) quantizer->zero_point, quantizer->scale);
  return TRUE;
}
