/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/**
 * CkptPlotScale:
 * @scale: how values are spread between
 * @low: value at 0
 * @high: value at 1, larger than @low
 */
typedef struct
{
  CkptScale scale;
  double low;
  double high;
} CkptPlotScale;

double ckpt_plot_scale_map   (const CkptPlotScale *self,
                              double               value);
double ckpt_plot_scale_unmap (const CkptPlotScale *self,
                              double               fraction);

G_END_DECLS
