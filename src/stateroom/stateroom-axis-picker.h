/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "stateroom-slice-model.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_AXIS_PICKER (stateroom_axis_picker_get_type ())

/* Chooses which axes of a tensor are rows and columns, and the indices of the others. Not seen where there is nothing to choose. */
G_DECLARE_FINAL_TYPE (StateroomAxisPicker, stateroom_axis_picker, STATEROOM, AXIS_PICKER, AdwBin)

GtkWidget *stateroom_axis_picker_new       (void);
void       stateroom_axis_picker_set_model (StateroomAxisPicker *self,
                                            StateroomSliceModel *model);

G_END_DECLS
