/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

#include "progress.h"

G_BEGIN_DECLS

#define N_PERCENTILES 5

/* The percentiles that are told, in percent. */
extern const double stats_percentiles[N_PERCENTILES];

/**
 * StatsResult:
 * @error: (nullable): why there are no figures
 * @is_whole: whether the values are whole numbers by their type
 * @has_percentiles: whether @percentiles are set
 * @percentiles: values that so many percent of all are not above
 * @bounds: how far off each of them may be
 *
 * What is told of one tensor, or of many.
 */
typedef struct
{
  GError *error;
  CkptStats stats;
  gboolean is_whole;
  gboolean has_percentiles;
  double percentiles[N_PERCENTILES];
  double bounds[N_PERCENTILES];
} StatsResult;

void               stats_result_init (StatsResult       *self,
                                      const CkptProfile *profile,
                                      gboolean           wants_percentiles);

/* Figures of many tensors in the making, on threads of their own. */
typedef struct _StatsRun StatsRun;

StatsRun          *stats_run_new      (CkptSurvey *survey,
                                       GArray     *tensors,
                                       gboolean    wants_percentiles,
                                       Progress   *progress);
void               stats_run_free     (StatsRun   *self);
gboolean           stats_run_has      (StatsRun   *self,
                                       guint32     tensor);
const StatsResult *stats_run_wait     (StatsRun   *self,
                                       guint32     tensor);
void               stats_run_wait_all (StatsRun   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StatsRun, stats_run_free)

G_END_DECLS
