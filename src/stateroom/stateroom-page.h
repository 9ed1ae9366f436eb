/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckpt.h>

#include "stateroom-editor.h"
#include "stateroom-inspector.h"
#include "stateroom-save-bar.h"
#include "stateroom-survey-bar.h"
#include "stateroom-tree-view.h"

G_BEGIN_DECLS

typedef enum
{
  STATEROOM_PAGE_BLANK,   /* nothing yet */
  STATEROOM_PAGE_LOADING, /* the file is being opened, and that takes long enough to say so */
  STATEROOM_PAGE_ERROR,   /* the file cannot be opened */
  STATEROOM_PAGE_CONTENT, /* what is in the file */
} StateroomPageState;

#define STATEROOM_TYPE_PAGE (stateroom_page_get_type ())

/* One tab: one file. Emits "message" with a text to show for a while, and the label and action of a button beside it, or
 * NULL; "changed" when other actions make sense; and "saved" when writing a file has ended, whatever came of it. */
G_DECLARE_FINAL_TYPE (StateroomPage, stateroom_page, STATEROOM, PAGE, AdwBreakpointBin)

StateroomPage      *stateroom_page_new              (GFile         *file);
GFile              *stateroom_page_get_file         (StateroomPage *self);
StateroomPageState  stateroom_page_get_state        (StateroomPage *self);
gboolean            stateroom_page_is_busy          (StateroomPage *self);
CkptTree           *stateroom_page_get_tree         (StateroomPage *self);
StateroomTreeView  *stateroom_page_get_tree_view    (StateroomPage *self);
StateroomInspector *stateroom_page_get_inspector    (StateroomPage *self);
StateroomSurveyBar *stateroom_page_get_survey_bar   (StateroomPage *self);
char               *stateroom_page_dup_subtitle     (StateroomPage *self);
void                stateroom_page_load             (StateroomPage *self);
void                stateroom_page_reload           (StateroomPage *self);
void                stateroom_page_cancel           (StateroomPage *self);
gboolean            stateroom_page_select           (StateroomPage *self,
                                                     const char    *path_text,
                                                     GError       **error);
void                stateroom_page_inspect          (StateroomPage *self);
gboolean            stateroom_page_is_narrow        (StateroomPage *self);
void                stateroom_page_show_inspector   (StateroomPage *self,
                                                     gboolean       show);
void                stateroom_page_show_problems    (StateroomPage *self);

/* Editing. */
CkptDocument       *stateroom_page_get_document     (StateroomPage *self);
StateroomEditor    *stateroom_page_get_editor       (StateroomPage *self);
gboolean            stateroom_page_is_modified      (StateroomPage *self);
gboolean            stateroom_page_is_settled       (StateroomPage *self);
void                stateroom_page_edit             (StateroomPage      *self,
                                                     const char *const  *words,
                                                     const char         *select_path);
void                stateroom_page_say_edited       (StateroomPage *self);
void                stateroom_page_undo             (StateroomPage *self,
                                                     gboolean       is_redo);
void                stateroom_page_start_set_value  (StateroomPage *self);
const char         *stateroom_page_get_missing_device (StateroomPage *self);
/* What an earlier run of the app left: taken over, or thrown away. */
guint               stateroom_page_get_n_journal    (StateroomPage *self);
void                stateroom_page_answer_journal   (StateroomPage *self,
                                                     gboolean       restore);
void                stateroom_page_give_up          (StateroomPage *self);

/* Writing. */
void                stateroom_page_save             (StateroomPage   *self,
                                                     GFile           *file,
                                                     CkptOutputFlags  flags);
/* A copy of another kind; the page goes on with its file. */
void                stateroom_page_export           (StateroomPage   *self,
                                                     CkptTree        *tree,
                                                     CkptContainer    container,
                                                     GFile           *file,
                                                     CkptOutputFlags  flags);
gboolean            stateroom_page_is_saving        (StateroomPage   *self);
gboolean            stateroom_page_is_own           (StateroomPage   *self);
StateroomSaveBar   *stateroom_page_get_save_bar     (StateroomPage   *self);

/* How long a changed file must rest before it is shown anew, for tests. */
void                stateroom_page_set_delay_ms     (StateroomPage *self,
                                                     guint          delay_ms);

G_END_DECLS
