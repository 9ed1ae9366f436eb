/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckpt.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_FINDINGS_CARD (stateroom_findings_card_get_type ())

/* Lists what is wrong or odd, by kind. Emits "activated" with the path of a tensor. */
G_DECLARE_FINAL_TYPE (StateroomFindingsCard, stateroom_findings_card, STATEROOM, FINDINGS_CARD, AdwBin)

GtkWidget *stateroom_findings_card_new          (void);
void       stateroom_findings_card_set_findings (StateroomFindingsCard *self,
                                                 GPtrArray             *findings);
guint      stateroom_findings_card_get_n        (StateroomFindingsCard *self,
                                                 CkptFindingGrade       grade);

G_END_DECLS
