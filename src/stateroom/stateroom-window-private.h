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
  GMenu *undo_menu;
  GtkWidget *export_button;
  GtkButton *chip_button;

  GSettings *settings;
  CkptItemFlags flags;
  StateroomPage *current; /* the page whose signals are listened to; not owned */
  AdwToast *undo_toast;   /* offers to undo what was done last; not owned */
  gboolean is_narrow;     /* whether there is no room for the chip */
  gboolean is_closing;    /* whether it is being asked about one tab after another */
};

void stateroom_window_add_actions    (StateroomWindow *self);
void stateroom_window_update_actions (StateroomWindow *self);
void stateroom_window_set_enabled    (StateroomWindow *self,
                                      const char      *action,
                                      gboolean         enabled);
/* Editing, saving, and what is to be asked before a tab is closed. */
void stateroom_window_add_edit_actions    (StateroomWindow *self);
void stateroom_window_update_edit_actions (StateroomWindow *self);
void stateroom_window_add_save_actions    (StateroomWindow *self);
void stateroom_window_update_save_actions (StateroomWindow *self);
void stateroom_window_add_export          (StateroomWindow *self);
void stateroom_window_update_export       (StateroomWindow *self);
void stateroom_window_choose_save         (StateroomWindow *self,
                                           StateroomPage   *page);
void stateroom_window_close_tab           (StateroomWindow *self,
                                           AdwTabPage      *tab);
gboolean stateroom_window_begin_close     (StateroomWindow *self);
void stateroom_window_apply_view     (StateroomWindow *self,
                                      StateroomPage   *page);
void stateroom_window_add_drop       (StateroomWindow *self);
void stateroom_window_add_recent     (StateroomWindow *self);
void stateroom_window_remember       (StateroomWindow *self,
                                      GFile           *file);
void stateroom_window_choose_files   (StateroomWindow *self);

G_END_DECLS
