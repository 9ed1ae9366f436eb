/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ckpt-plot-axis.h"
#include "ckpt-plot-histogram.h"

G_BEGIN_DECLS

#define CKPT_PLOT_N_SPECIALS 3

/**
 * CkptPlotSpecial:
 * @slot: its slot
 * @label: its name below the bar
 * @column: where its bar may stand
 * @label_x: left edge of the name
 */
typedef struct
{
  guint slot;
  const char *label;
  CkptPlotRect column;
  double label_x;
} CkptPlotSpecial;

/**
 * CkptPlotBar:
 * @first: first bin
 * @last: last bin
 * @tallest: the one of them that is drawn
 * @x: left edge, a whole number
 * @width: a whole number
 *
 * What one mark on the canvas stands for: a bin, or where pixels are fewer than bins, all bins of one pixel.
 */
typedef struct
{
  guint first;
  guint last;
  guint tallest;
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
 * @area: where the bars stand
 * @x: axis of values
 * @y: axis of counts
 * @count_right: right edge of the labels of counts
 * @label_y: top edge of the labels of values
 * @specials: bars beside the axis
 * @n_specials: how many there are
 * @mean_label: (nullable): text at the line of the mean
 * @mean_x: where that line lies
 * @mean_bottom: where it ends, above the bar
 * @mean_rect: where its text lies
 */
typedef struct
{
  double width;
  double height;
  double line;
  char *sentence;
  char *note;
  CkptPlotRect area;
  CkptPlotAxis *x;
  CkptPlotAxis *y;
  double count_right;
  double label_y;
  CkptPlotSpecial specials[CKPT_PLOT_N_SPECIALS];
  guint n_specials;
  char *mean_label;
  double mean_x;
  double mean_bottom;
  CkptPlotRect mean_rect;
} CkptPlotHistogramLayout;

struct _CkptPlotHistogram
{
  CkptStats stats;
  CkptHistogram bins; /* owns its counts; no bins where there are no finite values */
  gboolean is_whole;
  gboolean log_counts;
  guint64 largest;
  CkptPlotTheme *theme;
  CkptPlotText *text;
  CkptPlotHistogramLayout *layout; /* of the size that was asked for last */
};

CkptPlotHistogramLayout *ckpt_plot_histogram_layout_new     (CkptPlotHistogram             *self,
                                                             double                         width,
                                                             double                         height);
void                     ckpt_plot_histogram_layout_free    (CkptPlotHistogramLayout       *layout);
CkptPlotHistogramLayout *ckpt_plot_histogram_get_layout     (CkptPlotHistogram             *self,
                                                             double                         width,
                                                             double                         height);
void                     ckpt_plot_histogram_get_bar        (const CkptPlotHistogram       *self,
                                                             const CkptPlotHistogramLayout *layout,
                                                             guint                          bin,
                                                             CkptPlotBar                   *bar);
void                     ckpt_plot_histogram_get_bar_at     (const CkptPlotHistogram       *self,
                                                             const CkptPlotHistogramLayout *layout,
                                                             double                         x,
                                                             CkptPlotBar                   *bar);
double                   ckpt_plot_histogram_get_bar_height (const CkptPlotHistogram       *self,
                                                             const CkptPlotHistogramLayout *layout,
                                                             guint64                        count);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptPlotHistogramLayout, ckpt_plot_histogram_layout_free)

G_END_DECLS
