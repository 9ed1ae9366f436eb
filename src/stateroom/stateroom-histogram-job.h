/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-survey.h"

G_BEGIN_DECLS

typedef enum
{
  STATEROOM_JOB_IDLE,
  STATEROOM_JOB_RUNNING,
  STATEROOM_JOB_DONE,
  STATEROOM_JOB_FAILED,
} StateroomJobState;

/**
 * StateroomHistogramWish:
 * @n_bins: bins to have, about
 * @kind: scale of the values
 * @has_range: whether a part of the values is wanted, from @low to @high; else all finite ones
 *
 * What histogram is wanted.
 */
typedef struct
{
  guint n_bins;
  CkptScaleKind kind;
  gboolean has_range;
  double low;
  double high;
} StateroomHistogramWish;

#define STATEROOM_TYPE_HISTOGRAM_JOB (stateroom_histogram_job_get_type ())

/* The statistics of one tensor, and histograms of it, computed in a thread where it must be read. Emits "changed". */
G_DECLARE_FINAL_TYPE (StateroomHistogramJob, stateroom_histogram_job, STATEROOM, HISTOGRAM_JOB, GObject)

StateroomHistogramJob *stateroom_histogram_job_new             (StateroomSurvey              *survey,
                                                                const CkptTensor             *tensor);
/* Of many tensors together: nothing is read. */
StateroomHistogramJob *stateroom_histogram_job_new_for_profile (CkptProfile                  *profile);
gboolean               stateroom_histogram_job_find            (StateroomHistogramJob        *self,
                                                                const StateroomHistogramWish *wish);
void                   stateroom_histogram_job_start           (StateroomHistogramJob        *self,
                                                                const StateroomHistogramWish *wish);
void                   stateroom_histogram_job_cancel          (StateroomHistogramJob        *self);
guint64                stateroom_histogram_job_get_bytes       (StateroomHistogramJob        *self);
char                  *stateroom_histogram_job_dup_question    (StateroomHistogramJob        *self);
StateroomJobState      stateroom_histogram_job_get_state       (StateroomHistogramJob        *self);
double                 stateroom_histogram_job_get_progress    (StateroomHistogramJob        *self);
const CkptProfile     *stateroom_histogram_job_get_profile     (StateroomHistogramJob        *self);
const CkptHistogram   *stateroom_histogram_job_get_histogram   (StateroomHistogramJob        *self);
/* Whether more could be seen if the tensor were read once more. */
gboolean               stateroom_histogram_job_get_is_coarse   (StateroomHistogramJob        *self);
const GError          *stateroom_histogram_job_get_error       (StateroomHistogramJob        *self);

G_END_DECLS
