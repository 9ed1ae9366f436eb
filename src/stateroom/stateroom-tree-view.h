/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckpt.h>

#include "stateroom-row-text.h"
#include "stateroom-search.h"
#include "stateroom-types.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_TREE_VIEW (stateroom_tree_view_get_type ())

/* The keys of a file as a tree with columns, and the search in them. Emits "activated" when a row without rows under it is
 * activated, "searched" when a search has ended, "renamed" with a row and the key that was typed, and "dropped" with a
 * StateroomKeyRef and the row that it was dropped on. */
G_DECLARE_FINAL_TYPE (StateroomTreeView, stateroom_tree_view, STATEROOM, TREE_VIEW, AdwBreakpointBin)

void          stateroom_tree_view_set_root          (StateroomTreeView   *self,
                                                     CkptItem            *root);
CkptItemFlags stateroom_tree_view_get_flags         (StateroomTreeView   *self);
void          stateroom_tree_view_set_flags         (StateroomTreeView   *self,
                                                     CkptItemFlags        flags);
void          stateroom_tree_view_set_is_narrow     (StateroomTreeView   *self,
                                                     gboolean             is_narrow);
CkptItem     *stateroom_tree_view_get_root          (StateroomTreeView   *self);
CkptItem     *stateroom_tree_view_get_selected_item (StateroomTreeView   *self);
GListModel   *stateroom_tree_view_get_rows          (StateroomTreeView   *self);
gboolean      stateroom_tree_view_select_path       (StateroomTreeView   *self,
                                                     const CkptPath      *path);
void          stateroom_tree_view_collapse_all      (StateroomTreeView   *self);
char         *stateroom_tree_view_dup_copy          (StateroomTreeView   *self,
                                                     StateroomCopy        what);

gboolean      stateroom_tree_view_get_search_mode   (StateroomTreeView   *self);
void          stateroom_tree_view_set_search_mode   (StateroomTreeView   *self,
                                                     gboolean             search_mode);
void          stateroom_tree_view_search            (StateroomTreeView   *self,
                                                     StateroomSearchKind  kind,
                                                     const char          *text);
int           stateroom_tree_view_get_n_found       (StateroomTreeView   *self);
const char   *stateroom_tree_view_get_search_problem (StateroomTreeView  *self);
gboolean      stateroom_tree_view_has_scalars       (StateroomTreeView   *self);

/* Editing. */
void          stateroom_tree_view_set_document      (StateroomTreeView   *self,
                                                     CkptDocument        *document);
void          stateroom_tree_view_start_rename      (StateroomTreeView   *self);
GtkEntry     *stateroom_tree_view_get_rename_entry  (StateroomTreeView   *self);

G_END_DECLS
