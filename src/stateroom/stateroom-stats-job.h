/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-stats-cache.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_STATS_JOB (stateroom_stats_job_get_type ())

/* Computes the statistics of one tensor in a thread; emits "changed" when there is something new, on the main thread. */
G_DECLARE_FINAL_TYPE (StateroomStatsJob, stateroom_stats_job, STATEROOM, STATS_JOB, GObject)

/**
 * StateroomStatsState:
 * @STATEROOM_STATS_IDLE: not asked for, or cancelled
 * @STATEROOM_STATS_RUNNING: being computed
 * @STATEROOM_STATS_DONE: there are figures
 * @STATEROOM_STATS_FAILED: the values could not be read
 */
typedef enum
{
  STATEROOM_STATS_IDLE,
  STATEROOM_STATS_RUNNING,
  STATEROOM_STATS_DONE,
  STATEROOM_STATS_FAILED,
} StateroomStatsState;

StateroomStatsJob   *stateroom_stats_job_new           (StateroomStatsCache *cache,
                                                        CkptTree            *tree,
                                                        const CkptTensor    *tensor);
gboolean             stateroom_stats_job_find          (StateroomStatsJob   *self,
                                                        guint                n_bins);
void                 stateroom_stats_job_start         (StateroomStatsJob   *self,
                                                        guint                n_bins);
void                 stateroom_stats_job_cancel        (StateroomStatsJob   *self);
StateroomStatsState  stateroom_stats_job_get_state     (StateroomStatsJob   *self);
double               stateroom_stats_job_get_progress  (StateroomStatsJob   *self);
gboolean             stateroom_stats_job_get_is_whole  (StateroomStatsJob   *self);
const CkptStats     *stateroom_stats_job_get_stats     (StateroomStatsJob   *self);
const CkptHistogram *stateroom_stats_job_get_histogram (StateroomStatsJob   *self);
const GError        *stateroom_stats_job_get_error     (StateroomStatsJob   *self);

G_END_DECLS
