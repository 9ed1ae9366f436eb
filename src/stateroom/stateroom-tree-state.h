/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Which rows of a key tree are open, and which one is selected, by their keys: what another tree of the same file, or of
 * its next version, is brought to. */
typedef struct _StateroomTreeState StateroomTreeState;

StateroomTreeState *stateroom_tree_state_new     (GtkTreeListModel   *model,
                                                  guint               selected,
                                                  gboolean            is_by_node);
void                stateroom_tree_state_free    (StateroomTreeState *self);
guint               stateroom_tree_state_restore (StateroomTreeState *self,
                                                  GtkTreeListModel   *model);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StateroomTreeState, stateroom_tree_state_free)

G_END_DECLS
