/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-application.h"

G_BEGIN_DECLS

void stateroom_application_add_actions (StateroomApplication *self);

G_END_DECLS
