/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckpt.h>

#include "stateroom-facts.h"
#include "stateroom-statistics.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_MODULE_PAGE (stateroom_module_page_get_type ())

/* The page of the inspector for keys that begin alike, or for a range of very many. */
G_DECLARE_FINAL_TYPE (StateroomModulePage, stateroom_module_page, STATEROOM, MODULE_PAGE, AdwBin)

void                 stateroom_module_page_show           (StateroomModulePage *self,
                                                           StateroomSurvey     *survey,
                                                           CkptItem            *item);
void                 stateroom_module_page_clear          (StateroomModulePage *self);
StateroomStatistics *stateroom_module_page_get_statistics (StateroomModulePage *self);
StateroomFacts      *stateroom_module_page_get_facts      (StateroomModulePage *self);

G_END_DECLS
