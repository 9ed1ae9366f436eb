/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ckpt-plot-axis.h"
#include "ckpt-plot-histogram.h"
#include "ckpt-plot-legend.h"
#include "ckpt-plot-marks.h"
#include "ckpt-plot-private.h"

G_BEGIN_DECLS

/* Slots that are no bins: one of each other kind. */
#define CKPT_PLOT_N_SPECIALS 5

/* What the style of a mark says; percentiles other than the median are of the last. */
typedef enum
{
  CKPT_PLOT_MARK_MEAN,
  CKPT_PLOT_MARK_MEDIAN,
  CKPT_PLOT_MARK_PERCENTILE,
} CkptPlotMarkStyle;

/**
 * CkptPlotSeries:
 * @name: (nullable): what it is of
 * @stats: figures of the values
 * @bins: (nullable): counts of them
 */
typedef struct
{
  char *name;
  CkptStats stats;
  CkptHistogram *bins;
} CkptPlotSeries;

/**
 * CkptPlotPercentile:
 * @percent: how many in a hundred values are at most @value
 */
typedef struct
{
  double percent;
  double value;
} CkptPlotPercentile;

/**
 * CkptPlotSpecial:
 * @kind: what it counts
 * @slot: its slot
 * @column: where its bar may stand
 * @label: its name below the bar
 * @label_x: left edge of the name
 */
typedef struct
{
  CkptPlotSlotKind kind;
  guint slot;
  CkptPlotRect column;
  char *label;
  double label_x;
} CkptPlotSpecial;

/**
 * CkptPlotBar:
 * @first: first bin
 * @last: last bin
 * @x: left edge, a whole number
 * @width: a whole number
 *
 * What one mark on the canvas stands for: a bin, or where pixels are fewer than bins, all bins of one pixel.
 */
typedef struct
{
  guint first;
  guint last;
  double x;
  double width;
} CkptPlotBar;

/**
 * CkptPlotHistogramLayout:
 * @width: of the canvas
 * @height: of the canvas
 * @line: height of a line of text
 * @sentence: (nullable): said instead of drawing, where there is nothing to draw
 * @note: (nullable): said below the axis
 * @header: above the bars: the labels of marks
 * @area: where the bars stand
 * @x: axis of values
 * @y: axis of counts
 * @count_right: right edge of the labels of counts
 * @label_y: top edge of the labels of values
 * @specials: bars beside the axis
 * @n_specials: how many there are
 * @legend: one entry a series, if there are several
 * @marks: (element-type CkptPlotMark): lines at single values
 */
typedef struct
{
  double width;
  double height;
  double line;
  char *sentence;
  char *note;
  CkptPlotRect header;
  CkptPlotRect area;
  CkptPlotAxis *x;
  CkptPlotAxis *y;
  double count_right;
  double label_y;
  CkptPlotSpecial specials[CKPT_PLOT_N_SPECIALS];
  guint n_specials;
  CkptPlotLegendEntry legend[CKPT_PLOT_N_SERIES];
  GArray *marks;
} CkptPlotHistogramLayout;

struct _CkptPlotHistogram
{
  CkptPlot parent_instance;

  CkptPlotSeries series[CKPT_PLOT_N_SERIES];
  guint n_series;
  GArray *percentiles;
  gboolean is_whole;
  gboolean log_counts;
  guint64 largest;
  CkptPlotHistogramLayout *layout; /* of the size that was asked for last */
};

const CkptHistogram     *ckpt_plot_histogram_peek_bins      (CkptPlotHistogram             *self);
guint                    ckpt_plot_histogram_get_n_bins     (CkptPlotHistogram             *self);
guint64                  ckpt_plot_histogram_get_count      (CkptPlotHistogram             *self,
                                                             CkptPlotSlotKind               kind,
                                                             guint                          series);
gboolean                 ckpt_plot_histogram_has_slot       (CkptPlotHistogram             *self,
                                                             CkptPlotSlotKind               kind);
guint                    ckpt_plot_histogram_get_first_bin  (CkptPlotHistogram             *self);
CkptPlotHistogramLayout *ckpt_plot_histogram_layout_new     (CkptPlotHistogram             *self,
                                                             double                         width,
                                                             double                         height);
void                     ckpt_plot_histogram_layout_free    (CkptPlotHistogramLayout       *layout);
CkptPlotHistogramLayout *ckpt_plot_histogram_get_layout     (CkptPlotHistogram             *self,
                                                             double                         width,
                                                             double                         height);
void                     ckpt_plot_histogram_get_bar        (CkptPlotHistogram             *self,
                                                             const CkptPlotHistogramLayout *layout,
                                                             guint                          bin,
                                                             CkptPlotBar                   *bar);
void                     ckpt_plot_histogram_get_bar_at     (CkptPlotHistogram             *self,
                                                             const CkptPlotHistogramLayout *layout,
                                                             double                         x,
                                                             CkptPlotBar                   *bar);
guint                    ckpt_plot_histogram_get_tallest    (CkptPlotHistogram             *self,
                                                             const CkptPlotBar             *bar);
guint64                  ckpt_plot_histogram_get_bar_count  (CkptPlotHistogram             *self,
                                                             const CkptPlotBar             *bar,
                                                             guint                          series);
double                   ckpt_plot_histogram_get_bar_height (const CkptPlotHistogramLayout *layout,
                                                             guint64                        count);
void                     ckpt_plot_histogram_draw           (CkptPlot                      *plot,
                                                             cairo_t                       *cr,
                                                             double                         width,
                                                             double                         height);
char                    *ckpt_plot_histogram_name_slot      (CkptPlot                      *plot,
                                                             guint                          i);
char                    *ckpt_plot_histogram_describe_slot  (CkptPlot                      *plot,
                                                             guint                          i);
char                    *ckpt_plot_histogram_describe       (CkptPlot                      *plot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptPlotHistogramLayout, ckpt_plot_histogram_layout_free)

G_END_DECLS
