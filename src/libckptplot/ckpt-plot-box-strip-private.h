/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ckpt-plot-axis.h"
#include "ckpt-plot-box-strip.h"
#include "ckpt-plot-legend.h"
#include "ckpt-plot-private.h"

G_BEGIN_DECLS

/* Parts of a box in the legend: whole range, p1 to p99, p25 to p75, median. */
#define CKPT_PLOT_BOX_N_PARTS 4

/**
 * CkptPlotBoxRow:
 * @first: first box
 * @last: last box
 * @y: upper edge, a whole number
 * @height: a whole number
 *
 * What one mark on the canvas stands for: a box, or where pixels are fewer than boxes, all boxes of one pixel.
 */
typedef struct
{
  guint first;
  guint last;
  double y;
  double height;
} CkptPlotBoxRow;

/**
 * CkptPlotBoxName:
 * @box: the box that is named
 * @y: top edge of the name
 */
typedef struct
{
  guint box;
  double y;
} CkptPlotBoxName;

/**
 * CkptPlotBoxLayout:
 * @width: of the canvas
 * @height: of the canvas
 * @line: height of a line of text
 * @legend: what the parts of a box are; without room, their rectangles are empty
 * @area: where the boxes lie
 * @names_skip: bytes that all names begin with and that are left out, as there is no room for them
 * @names_width: room for names at the left, 0 without names
 * @names: (element-type CkptPlotBoxName): those that are written, from top to bottom
 * @flags: column at the right for what is not finite; without width if there is nothing
 * @flag_label: name of it
 * @axis: of values
 * @label_y: top edge of the labels of values
 */
typedef struct
{
  double width;
  double height;
  double line;
  CkptPlotLegendEntry legend[CKPT_PLOT_BOX_N_PARTS];
  CkptPlotRect area;
  gsize names_skip;
  double names_width;
  GArray *names;
  CkptPlotRect flags;
  const char *flag_label;
  CkptPlotAxis *axis;
  double label_y;
} CkptPlotBoxLayout;

struct _CkptPlotBoxStrip
{
  CkptPlot parent_instance;

  CkptPlotBox *boxes; /* own their names */
  guint n_boxes;
  CkptScale scale;
  double low; /* of all finite values; NaN if there are none */
  double high;
  CkptPlotBoxLayout *layout; /* of the size that was asked for last */
};

CkptPlotBoxLayout *ckpt_plot_box_strip_get_layout (CkptPlotBoxStrip        *self,
                                                   double                   width,
                                                   double                   height);
void               ckpt_plot_box_layout_free      (CkptPlotBoxLayout       *layout);
void               ckpt_plot_box_strip_get_row    (CkptPlotBoxStrip        *self,
                                                   const CkptPlotBoxLayout *layout,
                                                   guint                    box,
                                                   CkptPlotBoxRow          *row);
void               ckpt_plot_box_strip_sum_row    (CkptPlotBoxStrip        *self,
                                                   const CkptPlotBoxRow    *row,
                                                   CkptPlotBox             *sum);
void               ckpt_plot_box_strip_draw       (CkptPlot                *plot,
                                                   cairo_t                 *cr,
                                                   double                   width,
                                                   double                   height);

G_END_DECLS
