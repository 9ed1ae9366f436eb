/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_SEARCH_TERMS (stateroom_search_terms_get_type ())

/* A list of the terms that a search takes, with the dtypes and devices that are in a file. Emits "chosen" with the text of one, and
 * whether a person wants to change what follows the colon. */
G_DECLARE_FINAL_TYPE (StateroomSearchTerms, stateroom_search_terms, STATEROOM, SEARCH_TERMS, GtkPopover)

void  stateroom_search_terms_set_tree (StateroomSearchTerms *self,
                                       CkptTree             *tree);
void  stateroom_search_terms_update   (StateroomSearchTerms *self);
char *stateroom_search_terms_complete (StateroomSearchTerms *self,
                                       const char           *word);

G_END_DECLS
