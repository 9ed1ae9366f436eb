/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-scale.h"

#include <float.h>
#include <math.h>

/* From here on log1p (x) is log (x), and expm1 (x) is exp (x). */
#define LARGE_RATIO    0x1p60
#define LARGE_POSITION 42

static double
map_magnitude (double magnitude, double threshold)
{
  double ratio = magnitude / threshold;

  /* The quotient of two numbers may be too large for one. */
  return ratio < LARGE_RATIO ? log1p (ratio) : log (magnitude) - log (threshold);
}

static double
unmap_magnitude (double position, double threshold)
{
  double magnitude = position < LARGE_POSITION ? threshold * expm1 (position)
                                               : exp (position + log (threshold));

  return fmin (magnitude, DBL_MAX);
}

/**
 * ckpt_scale_map:
 * @scale: a scale
 * @value: a finite value
 *
 * Returns: its position: @value on a linear scale, sign (value) * log (1 + |value| / threshold) on a symlog one; always finite, and
 * never falling as values rise
 */
double
ckpt_scale_map (const CkptScale *scale, double value)
{
  if (scale->kind == CKPT_SCALE_LINEAR)
    return value;
  return copysign (map_magnitude (fabs (value), scale->threshold), value);
}

/**
 * ckpt_scale_unmap:
 * @scale: a scale
 * @position: a position
 *
 * Returns: the finite value at that position, within rounding
 */
double
ckpt_scale_unmap (const CkptScale *scale, double position)
{
  if (scale->kind == CKPT_SCALE_LINEAR)
    return CLAMP (position, -DBL_MAX, DBL_MAX);
  return copysign (unmap_magnitude (fabs (position), scale->threshold), position);
}
