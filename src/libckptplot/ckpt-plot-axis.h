/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ckpt-plot-scale.h"
#include "ckpt-plot-text.h"

G_BEGIN_DECLS

typedef enum
{
  CKPT_PLOT_LABELS_VALUE, /* 0.02, 1e-7 */
  CKPT_PLOT_LABELS_COUNT, /* 40k, 1.5M */
} CkptPlotLabels;

/**
 * CkptPlotAxisOptions:
 * @is_vertical: whether it runs upwards from @start; else to the right
 * @is_reversed: whether a vertical one runs downwards instead
 * @is_whole: whether only whole numbers are ticks
 * @start: where the low end of the scale lies on the canvas
 * @length: how far it is to the high end, in user units
 * @limit_low: labels stay on this side: left, or top
 * @limit_high: and on this one: right, or bottom
 */
typedef struct
{
  CkptPlotScale scale;
  CkptPlotLabels labels;
  gboolean is_vertical;
  gboolean is_reversed;
  gboolean is_whole;
  double start;
  double length;
  double limit_low;
  double limit_high;
} CkptPlotAxisOptions;

/**
 * CkptPlotTick:
 * @decimal: its value, exactly
 * @value: the same as a double
 * @position: where it lies on the canvas
 * @label: its text
 * @label_start: left or top edge of the text
 * @label_length: width or height of the text
 * @label_width: width of the text
 */
typedef struct
{
  CkptPlotDecimal decimal;
  double value;
  double position;
  char *label;
  double label_start;
  double label_length;
  double label_width;
} CkptPlotTick;

/* Round values along a scale, with labels that neither overlap nor leave their limits. */
typedef struct _CkptPlotAxis CkptPlotAxis;

CkptPlotAxis       *ckpt_plot_axis_new             (const CkptPlotAxisOptions *options,
                                                    CkptPlotText              *text,
                                                    const CkptPlotNumberStyle *numbers);
void                ckpt_plot_axis_free            (CkptPlotAxis              *self);
guint               ckpt_plot_axis_get_n_ticks     (const CkptPlotAxis        *self);
const CkptPlotTick *ckpt_plot_axis_get_tick        (const CkptPlotAxis        *self,
                                                    guint                      i);
double              ckpt_plot_axis_get_label_width (const CkptPlotAxis        *self);
double              ckpt_plot_axis_map             (const CkptPlotAxis        *self,
                                                    double                     value);
double              ckpt_plot_axis_unmap           (const CkptPlotAxis        *self,
                                                    double                     position);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptPlotAxis, ckpt_plot_axis_free)

G_END_DECLS
