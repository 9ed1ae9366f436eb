/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot-request.h"
#include "plot-subject.h"
#include "progress.h"

G_BEGIN_DECLS

/**
 * PlotSource:
 * @subjects: (element-type PlotSubject): what is to be drawn
 * @progress: told how much has been read
 *
 * Where the values of a plot come from.
 */
typedef struct
{
  CkptTree *tree;
  CkptSurvey *survey;
  GPtrArray *subjects;
  Progress *progress;
} PlotSource;

gboolean  plot_source_survey  (const PlotSource   *self,
                               GError            **error);
CkptPlot *plot_make_histogram (const PlotSource   *source,
                               const PlotRequest  *request,
                               GError            **error);
CkptPlot *plot_make_boxes     (const PlotSource   *source,
                               const PlotRequest  *request,
                               GError            **error);
CkptPlot *plot_make_heatmap   (const PlotSource   *source,
                               const PlotRequest  *request,
                               GError            **error);

G_END_DECLS
