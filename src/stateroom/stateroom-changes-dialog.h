/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckpt.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_CHANGES_DIALOG (stateroom_changes_dialog_get_type ())

/* Lists the changes that are not saved, each with what it did. */
G_DECLARE_FINAL_TYPE (StateroomChangesDialog, stateroom_changes_dialog, STATEROOM, CHANGES_DIALOG, AdwDialog)

AdwDialog *stateroom_changes_dialog_new       (CkptDocument           *document);
guint      stateroom_changes_dialog_get_n     (StateroomChangesDialog *self);
void       stateroom_changes_dialog_revert_to (StateroomChangesDialog *self,
                                               guint                   n_pending);

G_END_DECLS
