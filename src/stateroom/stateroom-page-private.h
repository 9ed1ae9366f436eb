/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-load.h"
#include "stateroom-page.h"
#include "stateroom-records.h"
#include "stateroom-watcher.h"

G_BEGIN_DECLS

/**
 * StateroomPage:
 * @file: what to open
 * @load: (nullable): the opening that is under way
 * @cancellable: (nullable): ends it
 * @root: (nullable): what was opened last
 * @watcher: (nullable): watches the file once it is shown
 * @slow_id: until opening takes so long that it is said
 * @tick_id: while progress is shown
 */
struct _StateroomPage
{
  AdwBreakpointBin parent_instance;

  GtkStack *stack;
  AdwStatusPage *loading_status;
  GtkProgressBar *progress_bar;
  AdwStatusPage *error_status;
  GtkExpander *details_expander;
  GtkLabel *details_label;
  StateroomRecords *records;
  AdwBanner *changed_banner;
  AdwBanner *problems_banner;
  AdwMultiLayoutView *layouts;
  GtkPaned *paned;
  AdwNavigationView *navigation;
  AdwNavigationPage *inspector_page;
  StateroomTreeView *tree_view;
  StateroomInspector *inspector;
  GtkLabel *status_label;
  StateroomSurveyBar *survey_bar;

  GFile *file;
  StateroomPageState state;
  StateroomLoad *load;
  GCancellable *cancellable;
  CkptItem *root;
  StateroomWatcher *watcher;
  guint delay_ms;
  guint slow_id;
  guint tick_id;
};

/* Opening a file, and opening it anew when it changes. */
void stateroom_page_start_load (StateroomPage *self);
void stateroom_page_stop_load  (StateroomPage *self);
void stateroom_page_set_state  (StateroomPage *self,
                                StateroomPageState state);
void stateroom_page_show_root (StateroomPage *self,
                                  CkptItem      *root);
void stateroom_page_show_error (StateroomPage *self,
                                const GError  *error);
void stateroom_page_say        (StateroomPage *self,
                                const char    *text);

G_END_DECLS
