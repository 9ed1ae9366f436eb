/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-facts.h"
#include "stateroom-statistics.h"

#include <adwaita.h>
#include <ckpt.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_CONTAINER_PAGE (stateroom_container_page_get_type ())

/* The inspector of whatever holds other values: dicts, lists, modules, objects. */
G_DECLARE_FINAL_TYPE (StateroomContainerPage, stateroom_container_page, STATEROOM, CONTAINER_PAGE, AdwBin)

GtkWidget      *stateroom_container_page_new       (void);
void            stateroom_container_page_show      (StateroomContainerPage *self,
                                                    StateroomSurvey        *survey,
                                                    const CkptPath         *path,
                                                    CkptNodeId              node);
void            stateroom_container_page_clear     (StateroomContainerPage *self);
gboolean        stateroom_container_page_is_busy   (StateroomContainerPage *self);
StateroomStatistics *stateroom_container_page_get_statistics (StateroomContainerPage *self);
StateroomFacts *stateroom_container_page_get_facts (StateroomContainerPage *self,
                                                    CkptStepKind            kind);

G_END_DECLS
