/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ckpt-plot-axis.h"
#include "ckpt-plot-heatmap.h"
#include "ckpt-plot-legend.h"
#include "ckpt-plot-palette.h"
#include "ckpt-plot-private.h"

G_BEGIN_DECLS

/* What has no colour: NaN, infinity, negative infinity, and what is not there. */
typedef enum
{
  CKPT_PLOT_CELL_NAN,
  CKPT_PLOT_CELL_POS_INF,
  CKPT_PLOT_CELL_NEG_INF,
  CKPT_PLOT_CELL_MISSING,
  CKPT_PLOT_N_CELL_KINDS,
} CkptPlotCellKind;

/**
 * CkptPlotHeatmapLayout:
 * @width: of the canvas
 * @height: of the canvas
 * @line: height of a line of text
 * @area: where the cells lie
 * @rows: axis of row indices, downwards
 * @row_right: right edge of its labels
 * @columns: axis of column indices
 * @label_y: top edge of its labels
 * @bar: the colours; without width if there is no room
 * @values: (nullable): axis of the colours
 * @legend: patterns of what has no colour
 * @legend_kinds: what each entry is
 * @n_legend: how many there are
 */
typedef struct
{
  double width;
  double height;
  double line;
  CkptPlotRect area;
  CkptPlotAxis *rows;
  double row_right;
  CkptPlotAxis *columns;
  double label_y;
  CkptPlotRect bar;
  CkptPlotAxis *values;
  CkptPlotLegendEntry legend[CKPT_PLOT_N_CELL_KINDS];
  CkptPlotCellKind legend_kinds[CKPT_PLOT_N_CELL_KINDS];
  guint n_legend;
} CkptPlotHeatmapLayout;

struct _CkptPlotHeatmap
{
  CkptPlot parent_instance;

  double *values;
  guint8 *missing; /* which of them are not there; NULL if all are */
  guint n_rows;
  guint n_columns;
  guint64 n_special[CKPT_PLOT_N_CELL_KINDS];
  double min; /* of the finite values; NaN if there are none */
  double max;
  double low; /* what the ends of the colours stand for */
  double high;
  CkptPlotHeatmapIndex row_index;
  CkptPlotHeatmapIndex column_index;
  char *reduction;
  CkptPlotHeatmapLayout *layout; /* of the size that was asked for last */
};

const char            *ckpt_plot_heatmap_get_kind_name (CkptPlotCellKind   kind);
double                 ckpt_plot_heatmap_get_place   (const CkptPlotHeatmap *self,
                                                      double                 value);
CkptPlotHeatmapLayout *ckpt_plot_heatmap_get_layout  (CkptPlotHeatmap       *self,
                                                      double                 width,
                                                      double                 height);
void                   ckpt_plot_heatmap_layout_free (CkptPlotHeatmapLayout *layout);
cairo_surface_t       *ckpt_plot_heatmap_make_image  (CkptPlotHeatmap       *self,
                                                      int                    width,
                                                      int                    height);
cairo_surface_t       *ckpt_plot_heatmap_make_swatch (CkptPlotHeatmap       *self,
                                                      CkptPlotCellKind       kind,
                                                      int                    width,
                                                      int                    height);
void                   ckpt_plot_heatmap_draw        (CkptPlot              *plot,
                                                      cairo_t               *cr,
                                                      double                 width,
                                                      double                 height);

G_END_DECLS
