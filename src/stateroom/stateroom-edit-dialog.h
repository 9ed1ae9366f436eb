/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "stateroom-editor.h"
#include "stateroom-form.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_EDIT_DIALOG (stateroom_edit_dialog_get_type ())

/* A form, what its edit would do, and a button that does it. */
G_DECLARE_FINAL_TYPE (StateroomEditDialog, stateroom_edit_dialog, STATEROOM, EDIT_DIALOG, AdwDialog)

AdwDialog     *stateroom_edit_dialog_new      (StateroomEditor     *editor,
                                               const char          *title,
                                               const char          *apply_label,
                                               GtkWidget           *form);
StateroomForm *stateroom_edit_dialog_get_form (StateroomEditDialog *self);
gboolean       stateroom_edit_dialog_is_busy  (StateroomEditDialog *self);
gboolean       stateroom_edit_dialog_can_apply (StateroomEditDialog *self);
const char    *stateroom_edit_dialog_get_text (StateroomEditDialog *self);
void           stateroom_edit_dialog_apply    (StateroomEditDialog *self);

G_END_DECLS
