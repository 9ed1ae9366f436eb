/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_TOTALS (stateroom_totals_get_type ())

/* A small table of what the tensors of each dtype or device take, with bars. */
G_DECLARE_FINAL_TYPE (StateroomTotals, stateroom_totals, STATEROOM, TOTALS, GtkWidget)

GtkWidget *stateroom_totals_new  (void);
void       stateroom_totals_show (StateroomTotals *self,
                                  GPtrArray       *totals);

G_END_DECLS
