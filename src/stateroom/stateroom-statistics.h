/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "stateroom-figures.h"
#include "stateroom-findings-card.h"
#include "stateroom-histogram-card.h"
#include "stateroom-tensor-table.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_STATISTICS (stateroom_statistics_get_type ())

/* What is known of all tensors under something: findings, the histogram and the figures of all values, a strip of boxes, and a table. */
G_DECLARE_FINAL_TYPE (StateroomStatistics, stateroom_statistics, STATEROOM, STATISTICS, AdwBin)

GtkWidget              *stateroom_statistics_new          (void);
void                    stateroom_statistics_show_item    (StateroomStatistics *self,
                                                           StateroomSurvey     *survey,
                                                           CkptItem            *item);
void                    stateroom_statistics_show_path    (StateroomStatistics *self,
                                                           StateroomSurvey     *survey,
                                                           const CkptPath      *path);
void                    stateroom_statistics_clear        (StateroomStatistics *self);
gboolean                stateroom_statistics_is_busy      (StateroomStatistics *self);
StateroomTensorTable   *stateroom_statistics_get_table    (StateroomStatistics *self);
StateroomFigures       *stateroom_statistics_get_figures  (StateroomStatistics *self);
StateroomFindingsCard  *stateroom_statistics_get_findings (StateroomStatistics *self);
StateroomPlotView      *stateroom_statistics_get_strip    (StateroomStatistics *self);
StateroomHistogramCard *stateroom_statistics_get_histogram (StateroomStatistics *self);

G_END_DECLS
