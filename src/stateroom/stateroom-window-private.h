/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-window.h"

G_BEGIN_DECLS

struct _StateroomWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  AdwWindowTitle *window_title;
  GtkMenuButton *menu_button;
  GtkStack *stack;
  AdwTabView *tab_view;
  GMenu *recent_menu;

  GSettings *settings;
  CkptItemFlags flags;
  StateroomPage *current; /* the page whose signals are listened to; not owned */
};

void stateroom_window_add_actions    (StateroomWindow *self);
void stateroom_window_update_actions (StateroomWindow *self);
void stateroom_window_apply_view     (StateroomWindow *self,
                                      StateroomPage   *page);
void stateroom_window_add_drop       (StateroomWindow *self);
void stateroom_window_add_recent     (StateroomWindow *self);
void stateroom_window_remember       (StateroomWindow *self,
                                      GFile           *file);
void stateroom_window_choose_files   (StateroomWindow *self);

G_END_DECLS
