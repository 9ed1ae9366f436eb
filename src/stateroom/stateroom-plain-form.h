/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "stateroom-form.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_PLAIN_FORM (stateroom_plain_form_get_type ())

/* An edit of which at most its place can be chosen. */
G_DECLARE_FINAL_TYPE (StateroomPlainForm, stateroom_plain_form, STATEROOM, PLAIN_FORM, AdwPreferencesGroup)

GtkWidget *stateroom_plain_form_new (const char *verb,
                                     const char *description,
                                     CkptItem   *item,
                                     gboolean    has_place);

G_END_DECLS
