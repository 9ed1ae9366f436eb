/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <ckpt.h>

#include "ckpt-plot.h"

G_BEGIN_DECLS

#define CKPT_TYPE_PLOT_HEATMAP (ckpt_plot_heatmap_get_type ())

/* A picture of a matrix. Its items are the cells, row by row. */
G_DECLARE_FINAL_TYPE (CkptPlotHeatmap, ckpt_plot_heatmap, CKPT, PLOT_HEATMAP, CkptPlot)

/**
 * CkptPlotHeatmapIndex:
 * @first: index of the first element of the first cell
 * @step: elements that a cell stands for, at least 1
 * @end: one more than the index of the last element; 0 if all cells stand for @step elements
 *
 * Which rows, or which columns, of a tensor the cells show.
 */
typedef struct
{
  guint64 first;
  guint64 step;
  guint64 end;
} CkptPlotHeatmapIndex;

CkptPlotHeatmap *ckpt_plot_heatmap_new           (const double               *values,
                                                  guint                       n_rows,
                                                  guint                       n_columns);
CkptPlotHeatmap *ckpt_plot_heatmap_new_for_blocks (const CkptBlocks *blocks, CkptBlockKind kind);
void             ckpt_plot_heatmap_set_missing   (CkptPlotHeatmap            *self,
                                                  const guint8               *missing);
void             ckpt_plot_heatmap_set_range     (CkptPlotHeatmap            *self,
                                                  double                      low,
                                                  double                      high);
void             ckpt_plot_heatmap_set_indices   (CkptPlotHeatmap            *self,
                                                  const CkptPlotHeatmapIndex *rows,
                                                  const CkptPlotHeatmapIndex *columns);
void             ckpt_plot_heatmap_set_reduction (CkptPlotHeatmap            *self,
                                                  const char                 *reduction);
gboolean         ckpt_plot_heatmap_get_area      (CkptPlotHeatmap            *self,
                                                  double                      width,
                                                  double                      height,
                                                  CkptPlotRect               *area);

const char *ckpt_plot_heatmap_name_reduction (CkptBlockKind kind);

G_END_DECLS
