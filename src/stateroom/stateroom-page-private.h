/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-load.h"
#include "stateroom-page.h"
#include "stateroom-records.h"
#include "stateroom-save-bar.h"
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
 * @document: (nullable): the file as it is edited, once it is open
 * @editor: (nullable): what edits it
 * @version_cancellable: (nullable): while it is found out what to show after an edit
 * @select_path: (nullable): what to select then
 * @journal: (nullable): edits that an earlier run of the app left, until it is said what to do with them
 * @journal_is_same: whether the file is the one that they were made of
 * @save: (nullable): what is being written
 * @save_cancellable: (nullable): ends it
 * @missing_device: (nullable): a device of the file that this computer does not have
 * @saved_file: (nullable): a file that was written as this one, so that saving asks no more
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
  AdwBanner *journal_banner;
  StateroomSaveBar *save_bar;
  GtkButton *changes_button;
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

  CkptDocument *document;
  StateroomEditor *editor;
  GCancellable *version_cancellable;
  char *select_path;
  GPtrArray *journal;
  gboolean journal_is_same;
  StateroomSave *save;
  GCancellable *save_cancellable;
  GFile *saved_file;
  char *missing_device;
};

/* Opening a file, and opening it anew when it changes. */
void stateroom_page_start_load (StateroomPage *self);
void stateroom_page_stop_load  (StateroomPage *self);
void stateroom_page_set_state  (StateroomPage *self,
                                StateroomPageState state);
void stateroom_page_show_root (StateroomPage   *self,
                                  CkptItem        *root,
                                  StateroomSurvey *survey);
void stateroom_page_show_error (StateroomPage *self,
                                const GError  *error);
void stateroom_page_say        (StateroomPage *self,
                                const char    *text);
/* The same with a button that does something. */
void stateroom_page_offer      (StateroomPage *self,
                                const char    *text,
                                const char    *label,
                                const char    *action);
void stateroom_page_changed    (StateroomPage *self);
void stateroom_page_set_file   (StateroomPage *self,
                                GFile         *file);
void stateroom_page_watch      (StateroomPage *self);

/* Editing. */
void stateroom_page_set_document   (StateroomPage *self,
                                    CkptTree      *tree);
void stateroom_page_drop_document  (StateroomPage *self);
void stateroom_page_update_changes (StateroomPage *self);
void stateroom_page_offer_journal  (StateroomPage *self);
void stateroom_page_on_journal     (StateroomPage *self);
void stateroom_page_cancel_save    (StateroomPage *self);
void stateroom_page_save_ended     (StateroomPage *self);

G_END_DECLS
