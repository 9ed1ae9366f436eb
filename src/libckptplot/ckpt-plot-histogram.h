/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <ckpt.h>

#include "ckpt-plot.h"

G_BEGIN_DECLS

#define CKPT_TYPE_PLOT_HISTOGRAM (ckpt_plot_histogram_get_type ())

/* A picture of how the values of a tensor are spread, or those of several. Its items are slots. */
G_DECLARE_FINAL_TYPE (CkptPlotHistogram, ckpt_plot_histogram, CKPT, PLOT_HISTOGRAM, CkptPlot)

typedef enum
{
  CKPT_PLOT_SLOT_NEG_INF,
  CKPT_PLOT_SLOT_BELOW,
  CKPT_PLOT_SLOT_BIN,
  CKPT_PLOT_SLOT_ABOVE,
  CKPT_PLOT_SLOT_POS_INF,
  CKPT_PLOT_SLOT_NAN,
} CkptPlotSlotKind;

/**
 * CkptPlotSlot:
 * @kind: what it counts
 * @low: of a bin: its left edge
 * @high: of a bin: its right edge
 * @count: values in it; where there are several series, of the first
 *
 * A bin, or one of the bars beside them for values that have no place among them: infinite ones and NaN, and finite ones outside the range.
 */
typedef struct
{
  CkptPlotSlotKind kind;
  double low;
  double high;
  guint64 count;
} CkptPlotSlot;

CkptPlotHistogram *ckpt_plot_histogram_new            (const CkptStats     *stats,
                                                       const CkptHistogram *histogram,
                                                       gboolean             is_whole);
void               ckpt_plot_histogram_set_name       (CkptPlotHistogram   *self,
                                                       const char          *name);
void               ckpt_plot_histogram_add            (CkptPlotHistogram   *self,
                                                       const char          *name,
                                                       const CkptStats     *stats,
                                                       const CkptHistogram *histogram);
void               ckpt_plot_histogram_add_percentile (CkptPlotHistogram   *self,
                                                       double               percent,
                                                       double               value);
void               ckpt_plot_histogram_set_log_counts (CkptPlotHistogram   *self,
                                                       gboolean             log_counts);
void               ckpt_plot_histogram_get_slot       (CkptPlotHistogram   *self,
                                                       guint                i,
                                                       CkptPlotSlot        *slot);
gboolean           ckpt_plot_histogram_get_area       (CkptPlotHistogram   *self,
                                                       double               width,
                                                       double               height,
                                                       CkptPlotRect        *area);
double             ckpt_plot_histogram_get_value      (CkptPlotHistogram   *self,
                                                       double               width,
                                                       double               height,
                                                       double               x);
double             ckpt_plot_histogram_get_x          (CkptPlotHistogram   *self,
                                                       double               width,
                                                       double               height,
                                                       double               value);

G_END_DECLS
