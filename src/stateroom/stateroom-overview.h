/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-facts.h"
#include "stateroom-statistics.h"
#include "stateroom-waste-card.h"

#include <adwaita.h>
#include <ckpt.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_OVERVIEW (stateroom_overview_get_type ())

/* The inspector of a whole file. */
G_DECLARE_FINAL_TYPE (StateroomOverview, stateroom_overview, STATEROOM, OVERVIEW, AdwBin)

GtkWidget      *stateroom_overview_new            (void);
void            stateroom_overview_show           (StateroomOverview *self,
                                                   StateroomSurvey   *survey);
void            stateroom_overview_clear          (StateroomOverview *self);
gboolean        stateroom_overview_is_busy        (StateroomOverview *self);
StateroomStatistics *stateroom_overview_get_statistics (StateroomOverview *self);
StateroomWasteCard *stateroom_overview_get_waste_card (StateroomOverview *self);
StateroomFacts *stateroom_overview_get_file_facts (StateroomOverview *self);
StateroomFacts *stateroom_overview_get_scalars    (StateroomOverview *self);
const char     *stateroom_overview_get_code       (StateroomOverview *self);
const char     *stateroom_overview_get_headline   (StateroomOverview *self);

G_END_DECLS
