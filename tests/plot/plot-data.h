/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckptplot.h>

G_BEGIN_DECLS

/* Bins of the histograms here, where values are not whole numbers. */
#define PLOT_DATA_N_BINS 120

typedef enum
{
  PLOT_DATA_BELL,
  PLOT_DATA_SPECIALS,
  PLOT_DATA_NEGATIVE,
  PLOT_DATA_OUTLIER,
  PLOT_DATA_CONSTANT,
  PLOT_DATA_TINY,
  PLOT_DATA_HUGE,
  PLOT_DATA_WHOLE,
  PLOT_DATA_BOOL,
  PLOT_N_DATA,
} PlotData;

CkptStats          plot_data_make_stats     (const double *values,
                                             guint         n);
CkptPlotHistogram *plot_data_make_histogram (const double *values,
                                             guint         n,
                                             gboolean      is_whole);
CkptPlotHistogram *plot_data_make_range     (const double *values,
                                             guint         n,
                                             double        low,
                                             double        high,
                                             const CkptScale *scale);
void               plot_data_add            (CkptPlotHistogram *plot,
                                             const char        *name,
                                             const double      *values,
                                             guint              n);
CkptPlotSparkline *plot_data_make_sparkline (const double *values,
                                             guint         n);
CkptPlotHistogram *plot_data_make           (PlotData      data);

G_END_DECLS
