/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckpt.h>

G_BEGIN_DECLS

/* What an edit can be for: everything, a value above the selected one, or that one. */
void        stateroom_scope_fill     (AdwComboRow *row,
                                      CkptItem    *item);
void        stateroom_scope_narrow   (AdwComboRow *row);
/* The text of the path that is chosen in such a row; "." for everything. */
const char *stateroom_scope_get_path (AdwComboRow *row);
CkptNodeId  stateroom_scope_get_node (AdwComboRow *row);
/* Adds "--under=PATH" unless everything is chosen. */
void        stateroom_scope_add_word (AdwComboRow  *row,
                                      GStrvBuilder *words);

G_END_DECLS
