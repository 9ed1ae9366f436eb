/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckpt.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_VALUE_PAGE (stateroom_value_page_get_type ())

/* The inspector of a single value: a number, a text, bytes, a name. Emits "edited" with a Python literal. */
G_DECLARE_FINAL_TYPE (StateroomValuePage, stateroom_value_page, STATEROOM, VALUE_PAGE, AdwBin)

GtkWidget  *stateroom_value_page_new      (void);
void        stateroom_value_page_show     (StateroomValuePage *self,
                                           CkptTree           *tree,
                                           const CkptPath     *path,
                                           CkptNodeId          node);
void        stateroom_value_page_clear    (StateroomValuePage *self);
gboolean    stateroom_value_page_is_busy  (StateroomValuePage *self);
char       *stateroom_value_page_dup_text (StateroomValuePage *self);
const char *stateroom_value_page_get_note (StateroomValuePage *self);
void        stateroom_value_page_start_edit (StateroomValuePage *self);
void        stateroom_value_page_set      (StateroomValuePage *self,
                                           const char         *text);

G_END_DECLS
