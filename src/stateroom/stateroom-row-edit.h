/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-key-ref.h"
#include "stateroom-page.h"

G_BEGIN_DECLS

/* Edits of one row: which there are for it, and the words for them. */
gboolean stateroom_row_edit_can       (CkptItem      *item,
                                       const char    *action);
void     stateroom_row_edit_rename    (StateroomPage *page,
                                       CkptItem      *item,
                                       const char    *key);
void     stateroom_row_edit_remove    (StateroomPage *page,
                                       CkptItem      *item);
void     stateroom_row_edit_duplicate (StateroomPage *page,
                                       CkptItem      *item);
void     stateroom_row_edit_set_value (StateroomPage *page,
                                       CkptItem      *item,
                                       const char    *literal);
/* Puts a value of another file beside the row, or into it. */
void     stateroom_row_edit_insert_ref (StateroomPage   *page,
                                        CkptItem        *item,
                                        StateroomKeyRef *ref);

G_END_DECLS
