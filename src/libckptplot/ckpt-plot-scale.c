/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-scale.h"

#include <math.h>

/**
 * ckpt_plot_scale_map:
 * @self: a scale
 * @value: a finite value
 *
 * Returns: where the value lies between low (0) and high (1), never outside
 */
double
ckpt_plot_scale_map (const CkptPlotScale *self, double value)
{
  double low = ckpt_scale_map (&self->scale, self->low);
  double high = ckpt_scale_map (&self->scale, self->high);
  double position = ckpt_scale_map (&self->scale, value);
  double fraction = (position - low) / (high - low);

  if (!isfinite (high - low))
    fraction = (position / 2 - low / 2) / (high / 2 - low / 2);
  return CLAMP (fraction, 0, 1);
}

/**
 * ckpt_plot_scale_unmap:
 * @self: a scale
 * @fraction: 0 to 1
 *
 * Returns: the value at that place; low and high exactly at the ends
 */
double
ckpt_plot_scale_unmap (const CkptPlotScale *self, double fraction)
{
  double low = ckpt_scale_map (&self->scale, self->low);
  double high = ckpt_scale_map (&self->scale, self->high);
  double position = low + (high - low) * fraction;

  if (fraction <= 0)
    return self->low;
  if (fraction >= 1)
    return self->high;
  if (!isfinite (high - low))
    position = low * (1 - fraction) + high * fraction;
  return CLAMP (ckpt_scale_unmap (&self->scale, position), self->low, self->high);
}
