/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-types.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Prints how long the window takes to come and to scroll, and ends the application: for `./dev bench`. */
typedef struct _StateroomStopwatch StateroomStopwatch;

void                stateroom_stopwatch_add_options      (GApplication       *app);
StateroomStopwatch *stateroom_stopwatch_new_from_options (GVariantDict       *options);
void                stateroom_stopwatch_free             (StateroomStopwatch *self);
void                stateroom_stopwatch_start            (StateroomStopwatch *self,
                                                          StateroomWindow    *window);

G_END_DECLS
