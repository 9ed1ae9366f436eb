/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckpt.h>

#include "stateroom-inspector.h"
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

/* One tab: one file. Emits "message" with a text to show for a while. */
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
/* How long a changed file must rest before it is shown anew, for tests. */
void                stateroom_page_set_delay_ms     (StateroomPage *self,
                                                     guint          delay_ms);

G_END_DECLS
