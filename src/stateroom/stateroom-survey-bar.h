/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "stateroom-survey.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_SURVEY_BAR (stateroom_survey_bar_get_type ())

/* Begins the statistics of a whole file, or offers to, and shows how far they are. */
G_DECLARE_FINAL_TYPE (StateroomSurveyBar, stateroom_survey_bar, STATEROOM, SURVEY_BAR, AdwBin)

void        stateroom_survey_bar_set_survey (StateroomSurveyBar *self,
                                             StateroomSurvey    *survey);
const char *stateroom_survey_bar_get_page   (StateroomSurveyBar *self);
gboolean    stateroom_survey_bar_is_busy    (StateroomSurveyBar *self);
/* For tests: bytes that are read unasked. */
void        stateroom_survey_bar_set_limit  (StateroomSurveyBar *self,
                                             guint64             n_bytes);

G_END_DECLS
