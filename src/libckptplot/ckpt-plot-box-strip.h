/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <ckpt.h>

#include "ckpt-plot.h"

G_BEGIN_DECLS

#define CKPT_TYPE_PLOT_BOX_STRIP (ckpt_plot_box_strip_get_type ())

/* A picture of the values of many tensors, a row each, from top to bottom. Its items are the rows. */
G_DECLARE_FINAL_TYPE (CkptPlotBoxStrip, ckpt_plot_box_strip, CKPT, PLOT_BOX_STRIP, CkptPlot)

/**
 * CkptPlotBox:
 * @name: what the values are of
 * @n: values
 * @n_nan: NaN among them
 * @n_inf: infinite ones among them, of both signs
 * @min: of the finite values, as are the others; NaN where none are finite
 *
 * How the values of one tensor are spread.
 */
typedef struct
{
  const char *name;
  guint64 n;
  guint64 n_nan;
  guint64 n_inf;
  double min;
  double p1;
  double p25;
  double median;
  double p75;
  double p99;
  double max;
} CkptPlotBox;

CkptPlotBoxStrip *ckpt_plot_box_strip_new                (const CkptPlotBox *boxes,
                                                          guint              n_boxes);
void              ckpt_plot_box_strip_set_scale          (CkptPlotBoxStrip  *self,
                                                          const CkptScale   *scale);
double            ckpt_plot_box_strip_get_natural_height (CkptPlotBoxStrip  *self);

G_END_DECLS
