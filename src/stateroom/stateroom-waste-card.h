/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckpt.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_WASTE_CARD (stateroom_waste_card_get_type ())

/* A map of the bytes of a file that are there for nothing: the storages, what of them is seen, and which tensors keep them in the file.
 * Emits "activated" with the path of one of these. */
G_DECLARE_FINAL_TYPE (StateroomWasteCard, stateroom_waste_card, STATEROOM, WASTE_CARD, AdwBin)

void  stateroom_waste_card_set_waste (StateroomWasteCard *self,
                                      CkptTree           *tree,
                                      GPtrArray          *wastes);
guint stateroom_waste_card_get_n     (StateroomWasteCard *self);

G_END_DECLS
