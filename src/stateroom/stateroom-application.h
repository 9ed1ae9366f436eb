/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "stateroom-types.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_APPLICATION (stateroom_application_get_type ())

G_DECLARE_FINAL_TYPE (StateroomApplication, stateroom_application, STATEROOM, APPLICATION, AdwApplication)

StateroomApplication *stateroom_application_new          (void);
GSettings            *stateroom_application_get_settings (StateroomApplication *self);
gboolean              stateroom_application_has_failed   (StateroomApplication *self);

G_END_DECLS
