/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "stateroom-save.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_SAVE_BAR (stateroom_save_bar_get_type ())

/* Shows how far a file is written. Emits "cancelled" when that is to end. */
G_DECLARE_FINAL_TYPE (StateroomSaveBar, stateroom_save_bar, STATEROOM, SAVE_BAR, AdwBin)

void     stateroom_save_bar_set_save (StateroomSaveBar *self,
                                      StateroomSave    *save);
gboolean stateroom_save_bar_is_shown (StateroomSaveBar *self);

G_END_DECLS
