/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckpt.h>

#include "stateroom-survey.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_INSPECTOR (stateroom_inspector_get_type ())

/* Shows what is selected: the file, or a value in it. Emits "value-edited" with a Python literal. */
G_DECLARE_FINAL_TYPE (StateroomInspector, stateroom_inspector, STATEROOM, INSPECTOR, AdwBin)

GtkWidget *stateroom_inspector_new           (void);
void       stateroom_inspector_set_tree      (StateroomInspector *self,
                                              CkptTree           *tree,
                                              StateroomSurvey    *survey);
StateroomSurvey *stateroom_inspector_get_survey (StateroomInspector *self);
void       stateroom_inspector_set_selection (StateroomInspector *self,
                                              CkptTree           *tree,
                                              const CkptPath     *path);
void       stateroom_inspector_set_module    (StateroomInspector *self,
                                              CkptItem           *item);
void       stateroom_inspector_start_set_value (StateroomInspector *self);
void       stateroom_inspector_clear         (StateroomInspector *self);
gboolean   stateroom_inspector_is_busy       (StateroomInspector *self);
GtkWidget *stateroom_inspector_get_page      (StateroomInspector *self);

G_END_DECLS
