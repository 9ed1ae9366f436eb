/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-application.h"
#include "stateroom-page.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_WINDOW (stateroom_window_get_type ())

/* A window with a tab for each open file. */
G_DECLARE_FINAL_TYPE (StateroomWindow, stateroom_window, STATEROOM, WINDOW, AdwApplicationWindow)

StateroomWindow *stateroom_window_new         (StateroomApplication  *app);
void             stateroom_window_open_files  (StateroomWindow       *self,
                                               GFile                **files,
                                               int                    n_files);
StateroomPage   *stateroom_window_get_page    (StateroomWindow       *self);
int              stateroom_window_get_n_pages (StateroomWindow       *self);
void             stateroom_window_close_page  (StateroomWindow       *self);
void             stateroom_window_say         (StateroomWindow       *self,
                                               const char            *text);

G_END_DECLS
