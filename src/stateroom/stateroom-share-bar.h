/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_SHARE_BAR (stateroom_share_bar_get_type ())

/* A small bar that shows how much of something one part is. */
G_DECLARE_FINAL_TYPE (StateroomShareBar, stateroom_share_bar, STATEROOM, SHARE_BAR, GtkWidget)

GtkWidget *stateroom_share_bar_new       (void);
void       stateroom_share_bar_set_share (StateroomShareBar *self,
                                          double             share);

G_END_DECLS
