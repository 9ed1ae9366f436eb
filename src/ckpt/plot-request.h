/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckptplot.h>

G_BEGIN_DECLS

typedef enum
{
  PLOT_KIND_DEFAULT, /* what suits the values */
  PLOT_KIND_HISTOGRAM,
  PLOT_KIND_BOXES,
  PLOT_KIND_HEATMAP,
  PLOT_KIND_SPARKLINE,
} PlotKind;

/**
 * PlotRequest:
 * @width: pixels, or 0 for what suits the kind
 * @height: likewise
 * @n_bins: of a histogram
 * @has_range: whether only values from @low to @high are wanted
 * @slice: (nullable): which part of a tensor a heatmap shows: "3,:,:"
 * @reduction: what a cell is of the elements that it stands for
 *
 * What the options of `ckpt plot` ask for.
 */
typedef struct
{
  PlotKind kind;
  CkptPlotFormat format;
  double width;
  double height;
  gboolean is_dark;
  gboolean log_counts;
  CkptScaleKind scale;
  guint n_bins;
  gboolean has_range;
  double low;
  double high;
  const char *slice;
  CkptBlockKind reduction;
} PlotRequest;

gboolean plot_request_read_kind      (PlotRequest *self,
                                      const char  *word);
gboolean plot_request_read_size      (PlotRequest *self,
                                      const char  *word);
gboolean plot_request_read_range     (PlotRequest *self,
                                      const char  *word);
gboolean plot_request_read_scale     (PlotRequest *self,
                                      const char  *word);
gboolean plot_request_read_bins      (PlotRequest *self,
                                      const char  *word);
gboolean plot_request_read_reduction (PlotRequest *self,
                                      const char  *word);

G_END_DECLS
