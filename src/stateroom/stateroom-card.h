/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_CARD (stateroom_card_get_type ())

/* A titled card of the inspector; what is added to it stands below the title. */
G_DECLARE_FINAL_TYPE (StateroomCard, stateroom_card, STATEROOM, CARD, GtkBox)

void stateroom_card_set_title  (StateroomCard *self,
                                const char    *title);
void stateroom_card_set_note   (StateroomCard *self,
                                const char    *note);
void stateroom_card_set_suffix (StateroomCard *self,
                                GtkWidget     *suffix);

G_END_DECLS
