/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CkptPlotScaleKind:
 * @CKPT_PLOT_SCALE_LINEAR: from low to high in even steps
 * @CKPT_PLOT_SCALE_LOG: by log (1 + value), so that 0 has a place; low is 0
 */
typedef enum
{
  CKPT_PLOT_SCALE_LINEAR,
  CKPT_PLOT_SCALE_LOG,
} CkptPlotScaleKind;

/**
 * CkptPlotScale:
 * @low: value at 0
 * @high: value at 1, larger than @low
 */
typedef struct
{
  CkptPlotScaleKind kind;
  double low;
  double high;
} CkptPlotScale;

double ckpt_plot_scale_map   (const CkptPlotScale *self,
                              double               value);
double ckpt_plot_scale_unmap (const CkptPlotScale *self,
                              double               fraction);

G_END_DECLS
