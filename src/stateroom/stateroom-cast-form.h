/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-form.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_CAST_FORM (stateroom_cast_form_get_type ())

/* What type floating-point tensors get, and which of them. */
G_DECLARE_FINAL_TYPE (StateroomCastForm, stateroom_cast_form, STATEROOM, CAST_FORM, GtkBox)

GtkWidget *stateroom_cast_form_new       (CkptItem          *item);
void       stateroom_cast_form_set_dtype (StateroomCastForm *self,
                                          const char        *name);

G_END_DECLS
