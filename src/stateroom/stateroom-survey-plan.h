/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-survey.h"

G_BEGIN_DECLS

/**
 * StateroomSurveyPlan:
 * @tensors: (element-type guint32): all tensors whose values can be read
 * @n_bytes: bytes of elements that they have, each once
 * @is_local: whether the file lies on a disk of this computer
 *
 * What the statistics of a whole file take.
 */
typedef struct
{
  GArray *tensors;
  guint64 n_bytes;
  gboolean is_local;
} StateroomSurveyPlan;

void                 stateroom_survey_plan_async  (StateroomSurvey      *survey,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
StateroomSurveyPlan *stateroom_survey_plan_finish (GAsyncResult         *result);
void                 stateroom_survey_plan_free   (StateroomSurveyPlan  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StateroomSurveyPlan, stateroom_survey_plan_free)

G_END_DECLS
