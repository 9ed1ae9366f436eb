/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "stateroom-value-grid.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_VALUES_CARD (stateroom_values_card_get_type ())

/* The values of a tensor in a grid, with what can be done with them. */
G_DECLARE_FINAL_TYPE (StateroomValuesCard, stateroom_values_card, STATEROOM, VALUES_CARD, AdwBin)

GtkWidget          *stateroom_values_card_new        (void);
void                stateroom_values_card_set_model  (StateroomValuesCard *self,
                                                      StateroomSliceModel *model,
                                                      const char          *name);
void                stateroom_values_card_save       (StateroomValuesCard *self,
                                                      const CkptRect      *rect,
                                                      GFile               *file);
StateroomValueGrid *stateroom_values_card_get_grid   (StateroomValuesCard *self);
const char         *stateroom_values_card_get_status (StateroomValuesCard *self);
gboolean            stateroom_values_card_is_busy    (StateroomValuesCard *self);

G_END_DECLS
