/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-form.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_UNWRAP_FORM (stateroom_unwrap_form_get_type ())

/* Which names of wrappers are taken out of keys. */
G_DECLARE_FINAL_TYPE (StateroomUnwrapForm, stateroom_unwrap_form, STATEROOM, UNWRAP_FORM, GtkBox)

GtkWidget *stateroom_unwrap_form_new     (CkptItem            *item,
                                          CkptTree            *tree);
gboolean   stateroom_unwrap_form_is_busy (StateroomUnwrapForm *self);

G_END_DECLS
