/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "stateroom-result.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_SPARKLINE (stateroom_sparkline_get_type ())

/* A histogram as small as a word, for a cell of a table. */
G_DECLARE_FINAL_TYPE (StateroomSparkline, stateroom_sparkline, STATEROOM, SPARKLINE, GtkWidget)

GtkWidget *stateroom_sparkline_new        (void);
void       stateroom_sparkline_set_result (StateroomSparkline    *self,
                                           const StateroomResult *result);

G_END_DECLS
