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
  double range = self->high - self->low;
  double fraction;

  if (self->kind == CKPT_PLOT_SCALE_LOG)
    fraction = log1p (fmax (value, 0)) / log1p (self->high);
  else if (isfinite (range))
    fraction = (value - self->low) / range;
  else
    fraction = (value / 2 - self->low / 2) / (self->high / 2 - self->low / 2);
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
  double range = self->high - self->low;

  if (fraction <= 0)
    return self->low;
  if (fraction >= 1)
    return self->high;
  if (self->kind == CKPT_PLOT_SCALE_LOG)
    return expm1 (fraction * log1p (self->high));
  if (isfinite (range))
    return self->low + range * fraction;
  return self->low * (1 - fraction) + self->high * fraction;
}
