/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-histogram-job.h"
#include "stateroom-plot-view.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_HISTOGRAM_CARD (stateroom_histogram_card_get_type ())

/* Shows how far the statistics of a tensor are, and then its histogram. */
G_DECLARE_FINAL_TYPE (StateroomHistogramCard, stateroom_histogram_card, STATEROOM, HISTOGRAM_CARD, AdwBin)

GtkWidget         *stateroom_histogram_card_new           (void);
void               stateroom_histogram_card_set_job       (StateroomHistogramCard *self,
                                                           StateroomHistogramJob  *job,
                                                           const char             *name);
guint              stateroom_histogram_card_get_n_bins    (StateroomHistogramCard *self);
void               stateroom_histogram_card_set_n_bins    (StateroomHistogramCard *self,
                                                           guint                   n_bins);
void               stateroom_histogram_card_zoom          (StateroomHistogramCard *self,
                                                           double                  low,
                                                           double                  high);
void               stateroom_histogram_card_reset_zoom    (StateroomHistogramCard *self);
StateroomPlotView *stateroom_histogram_card_get_plot_view (StateroomHistogramCard *self);
const char        *stateroom_histogram_card_get_page      (StateroomHistogramCard *self);

G_END_DECLS
