/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-cells.h"
#include "stateroom-search-terms.h"
#include "stateroom-tree-view.h"

G_BEGIN_DECLS

/**
 * StateroomTreeView:
 * @root: (nullable): the item of the file
 * @rows: (nullable): the tree over it
 * @first_rows: (nullable): as much of @rows as is shown
 * @tree_selection: (nullable): the selection in the tree
 * @found_selection: (nullable): the selection in the list of what a search found; shown instead while there is one
 * @n_found: how much the last search found, or -1 if there was none
 * @scalars: (nullable): values of one-element tensors, once they were read
 * @search_problem: (nullable): why what is in the entry cannot be searched for; said after a while
 * @problem_id: until it is said
 * @job: cancelled with the file
 * @search_job: (nullable): cancelled with the search
 * @rearrange_job: (nullable): while keys are being brought into another order
 * @scroll: how far down the list was before it was made anew
 * @scroll_id: until it is there again
 * @document: (nullable): tells which rows were edited
 * @renamed: (nullable): the expander whose key is being typed
 * @renamed_child: (nullable): what is in it otherwise
 * @renamed_item: (nullable): its row
 */
struct _StateroomTreeView
{
  AdwBreakpointBin parent_instance;

  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  GtkDropDown *kind_drop_down;
  StateroomSearchTerms *search_terms;
  GtkLabel *error_label;
  GtkStack *stack;
  GtkScrolledWindow *scrolled;
  GtkColumnView *column_view;
  GtkColumnViewColumn *key_column;
  GtkColumnViewColumn *value_column;
  GtkColumnViewColumn *type_column;
  GtkColumnViewColumn *device_column;
  GtkColumnViewColumn *values_column;
  GtkColumnViewColumn *size_column;
  AdwStatusPage *nothing_status;
  GMenuModel *row_menu;
  GtkWidget *popover;

  StateroomCells *cells;
  CkptItemFlags flags;
  CkptItem *root;
  GtkTreeListModel *rows;
  GtkSliceListModel *first_rows;
  GtkSingleSelection *tree_selection;
  GtkSingleSelection *found_selection;
  int n_found;
  GHashTable *scalars;
  char *search_problem;
  guint problem_id;
  GCancellable *job;
  GCancellable *search_job;
  GCancellable *rearrange_job;
  double scroll;
  guint scroll_id;
  CkptDocument *document;
  GtkWidget *renamed;
  GtkWidget *renamed_child;
  CkptItem *renamed_item;
};

/* Shows the tree, or what a search found. */
void     stateroom_tree_view_show_selection     (StateroomTreeView  *self,
                                                 GtkSingleSelection *selection);
gboolean stateroom_tree_view_reveal             (StateroomTreeView  *self,
                                                 const CkptPath     *path);
void     stateroom_tree_view_show_all_rows      (StateroomTreeView  *self);
void     stateroom_tree_view_end_search         (StateroomTreeView  *self);
void     stateroom_tree_view_on_selected_notify (StateroomTreeView  *self);

/* Handlers that the template names. */
void stateroom_tree_view_on_search_changed     (StateroomTreeView *self);
void stateroom_tree_view_on_search_activate    (StateroomTreeView *self);
void stateroom_tree_view_on_search_mode_notify (StateroomTreeView *self);
void stateroom_tree_view_on_term_chosen        (StateroomTreeView *self,
                                                const char        *term,
                                                gboolean           is_example);

/* Typing a key in its row. */
void stateroom_tree_view_end_rename (StateroomTreeView *self);
void stateroom_tree_view_renamed    (StateroomTreeView *self,
                                     CkptItem          *item,
                                     const char        *key);
void stateroom_tree_view_dropped    (StateroomTreeView *self,
                                     GObject           *ref,
                                     CkptItem          *item);

/* Keyboard and pointer. */
void stateroom_tree_view_add_drag       (StateroomTreeView *self);
void stateroom_tree_view_add_input      (StateroomTreeView *self);
void stateroom_tree_view_add_completion (StateroomTreeView *self);

G_END_DECLS
