/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <cairo.h>
#include <ckpt.h>

#include "ckpt-plot-text.h"

G_BEGIN_DECLS

/* A picture of how the values of a tensor are spread. */
typedef struct _CkptPlotHistogram CkptPlotHistogram;

typedef enum
{
  CKPT_PLOT_SLOT_NEG_INF,
  CKPT_PLOT_SLOT_BIN,
  CKPT_PLOT_SLOT_POS_INF,
  CKPT_PLOT_SLOT_NAN,
} CkptPlotSlotKind;

/**
 * CkptPlotSlot:
 * @kind: what it counts
 * @low: of a bin: its left edge
 * @high: of a bin: its right edge
 * @count: values in it
 *
 * A bin, or one of the bars beside the axis for values that have no place on it.
 */
typedef struct
{
  CkptPlotSlotKind kind;
  double low;
  double high;
  guint64 count;
} CkptPlotSlot;

CkptPlotHistogram *ckpt_plot_histogram_new                (const CkptStats         *stats,
                                                           const CkptHistogram     *histogram,
                                                           gboolean                 is_whole);
void               ckpt_plot_histogram_free               (CkptPlotHistogram       *self);
void               ckpt_plot_histogram_set_theme          (CkptPlotHistogram       *self,
                                                           const CkptPlotTheme     *theme);
void               ckpt_plot_histogram_set_log_counts     (CkptPlotHistogram       *self,
                                                           gboolean                 log_counts);
void               ckpt_plot_histogram_draw               (CkptPlotHistogram       *self,
                                                           cairo_t                 *cr,
                                                           double                   width,
                                                           double                   height);
guint              ckpt_plot_histogram_get_n_slots        (const CkptPlotHistogram *self);
void               ckpt_plot_histogram_get_slot           (const CkptPlotHistogram *self,
                                                           guint                    i,
                                                           CkptPlotSlot            *slot);
gboolean           ckpt_plot_histogram_get_slot_rect      (CkptPlotHistogram       *self,
                                                           double                   width,
                                                           double                   height,
                                                           guint                    i,
                                                           CkptPlotRect            *rect);
gboolean           ckpt_plot_histogram_pick               (CkptPlotHistogram       *self,
                                                           double                   width,
                                                           double                   height,
                                                           double                   x,
                                                           double                   y,
                                                           guint                   *slot);
char              *ckpt_plot_histogram_describe_slot      (const CkptPlotHistogram *self,
                                                           guint                    i);
char              *ckpt_plot_histogram_describe_count     (const CkptPlotHistogram *self,
                                                           guint                    i);
char              *ckpt_plot_histogram_describe           (const CkptPlotHistogram *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptPlotHistogram, ckpt_plot_histogram_free)

G_END_DECLS
