/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-tree-view-private.h"

#include "stateroom-tree-state.h"
#include "stateroom-weak.h"

#define SCALAR_BYTES (64 * 1024) /* that opening a file may read of its tensors */
#define OPEN_ROWS    36          /* rows that a file shows by itself */
#define OPEN_DEPTH   4
#define FIRST_ROWS   64 /* rows that are drawn first; enough for any screen */
#define BAR_SPACE    54 /* pixels that a bar takes beside a size */

G_DEFINE_FINAL_TYPE (StateroomTreeView, stateroom_tree_view, ADW_TYPE_BREAKPOINT_BIN)

enum
{
  PROP_0,
  PROP_SELECTED_ITEM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  ACTIVATED,
  SEARCHED,
  RENAMED,
  DROPPED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GListModel *
create_children (gpointer data, gpointer user_data)
{
  CkptItem *item = CKPT_ITEM (data);

  if (ckpt_item_get_role (item) == CKPT_ITEM_FILE || !ckpt_item_has_children (item))
    return NULL;
  return g_object_ref (G_LIST_MODEL (item));
}

/* The row of the file, and the top level of its tree. */
static GtkTreeListModel *
new_rows (CkptItem *root)
{
  g_autoptr (GListStore) file = g_list_store_new (CKPT_TYPE_ITEM);
  GListStore *parts = g_list_store_new (G_TYPE_LIST_MODEL);

  g_list_store_append (file, root);
  g_list_store_append (parts, file);
  g_list_store_append (parts, root);
  return gtk_tree_list_model_new (G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (parts))), FALSE,
                                  FALSE, create_children, NULL, NULL);
}

void
stateroom_tree_view_on_selected_notify (StateroomTreeView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED_ITEM]);
}

void
stateroom_tree_view_show_selection (StateroomTreeView *self, GtkSingleSelection *selection)
{
  gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (selection));
  stateroom_tree_view_on_selected_notify (self);
}

static GtkSingleSelection *
new_selection (StateroomTreeView *self)
{
  GtkSingleSelection *selection = gtk_single_selection_new (NULL);

  gtk_single_selection_set_autoselect (selection, FALSE);
  gtk_single_selection_set_can_unselect (selection, TRUE);
  g_signal_connect_object (selection, "notify::selected-item",
                           G_CALLBACK (stateroom_tree_view_on_selected_notify), self, G_CONNECT_SWAPPED);
  return selection;
}

/* Makes the rows of a file, and shows none of them yet. */
static void
set_rows (StateroomTreeView *self, CkptItem *root)
{
  stateroom_tree_view_end_rename (self);
  g_set_object (&self->root, root);
  stateroom_cells_set_root (self->cells, root);
  if (self->scalars != NULL)
    ckpt_item_set_scalars (root, self->scalars);
  g_clear_object (&self->rows);
  g_clear_object (&self->first_rows);
  self->rows = new_rows (root);
  if (self->tree_selection == NULL)
    self->tree_selection = new_selection (self);
}

/* Lets the selection have the rows, but for now no more than @n of them. */
static void
show_rows (StateroomTreeView *self, guint n)
{
  self->first_rows = gtk_slice_list_model_new (G_LIST_MODEL (g_object_ref (self->rows)), 0, n);
  gtk_single_selection_set_model (self->tree_selection, G_LIST_MODEL (self->first_rows));
}

void
stateroom_tree_view_show_all_rows (StateroomTreeView *self)
{
  if (self->first_rows != NULL)
    gtk_slice_list_model_set_size (self->first_rows, G_MAXUINT);
}

/* The list makes widgets for 200 rows, of which few are seen: the others come after these were drawn. */
static gboolean
on_first_ticks (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  gboolean *has_drawn = user_data;

  if (!*has_drawn)
    {
      *has_drawn = TRUE;
      return G_SOURCE_CONTINUE;
    }
  stateroom_tree_view_show_all_rows (STATEROOM_TREE_VIEW (widget));
  return G_SOURCE_REMOVE;
}

static void
open_row (GtkTreeListModel *rows, guint position)
{
  g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (rows, position);

  gtk_tree_list_row_set_expanded (row, TRUE);
}

/* How many rows opening a row would add; none where no tensor is under it, many where finding that out takes long. */
static guint
count_children (GtkTreeListModel *rows, guint position, guint depth)
{
  g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (rows, position);
  g_autoptr (CkptItem) item = gtk_tree_list_row_get_item (row);

  if (gtk_tree_list_row_get_depth (row) != depth || gtk_tree_list_row_get_expanded (row) ||
      ckpt_item_get_role (item) == CKPT_ITEM_FILE || !ckpt_item_has_children (item) ||
      !ckpt_item_has_tensors (item))
    return 0;
  if (ckpt_tree_get_n_children (ckpt_item_get_tree (item), ckpt_item_get_node (item)) > 5000)
    return OPEN_ROWS;
  return g_list_model_get_n_items (G_LIST_MODEL (item));
}

/* Opens the rows of one level as far as there is room. */
static void
open_level (GtkTreeListModel *rows, guint depth)
{
  guint n_candidates = 0, candidate = 0;

  for (guint i = 0; i < MIN (g_list_model_get_n_items (G_LIST_MODEL (rows)), OPEN_ROWS); i++)
    {
      guint n = count_children (rows, i, depth);

      if (n == 0)
        continue;
      n_candidates++;
      candidate = i;
      if (g_list_model_get_n_items (G_LIST_MODEL (rows)) + n <= OPEN_ROWS)
        open_row (rows, i);
    }
  if (n_candidates == 1 && depth == 0)
    open_row (rows, candidate);
}

static void
open_first_rows (StateroomTreeView *self)
{
  for (guint depth = 0; depth < OPEN_DEPTH; depth++)
    open_level (self->rows, depth);
}

static gboolean
set_scroll (gpointer user_data)
{
  StateroomTreeView *self = user_data;

  self->scroll_id = 0;
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled), self->scroll);
  return G_SOURCE_REMOVE;
}

/* The list has its height only after it was laid out. */
static void
scroll_later (StateroomTreeView *self)
{
  if (self->scroll_id == 0)
    self->scroll_id = g_idle_add_full (GDK_PRIORITY_REDRAW + 5, set_scroll, self, NULL);
}

/* Where what was selected is gone, what has taken its place is. */
static guint
get_next_selected (StateroomTreeView *self, guint before, gboolean is_edited)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rows));

  return is_edited && before != GTK_INVALID_LIST_POSITION && n > 0 ? MIN (before, n - 1) : 0;
}

/* Shows @root with the rows open that are open now, the same one selected, and at the same place. */
static void
replace_rows (StateroomTreeView *self, CkptItem *root)
{
  guint before = gtk_single_selection_get_selected (self->tree_selection), selected;
  /* After an edit the values are the same, whatever they are called. */
  CkptTree *old_tree = ckpt_item_get_tree (self->root), *tree = ckpt_item_get_tree (root);
  gboolean is_edited = old_tree != tree && ckpt_tree_get_source (old_tree) == ckpt_tree_get_source (tree);
  g_autoptr (StateroomTreeState) state = stateroom_tree_state_new (self->rows, before, is_edited);

  if (self->scroll_id == 0)
    self->scroll = gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scrolled));
  set_rows (self, root);
  selected = stateroom_tree_state_restore (state, self->rows);
  show_rows (self, G_MAXUINT);
  if (selected == GTK_INVALID_LIST_POSITION)
    selected = get_next_selected (self, before, is_edited);
  gtk_single_selection_set_selected (self->tree_selection, selected);
  scroll_later (self);
  if (self->found_selection != NULL)
    stateroom_tree_view_on_search_changed (self);
}

static void
show_first_rows (StateroomTreeView *self, CkptItem *root)
{
  set_rows (self, root);
  open_first_rows (self);
  show_rows (self, FIRST_ROWS);
  gtk_single_selection_set_selected (self->tree_selection, 0);
  stateroom_tree_view_show_selection (self, self->tree_selection);
  gtk_widget_add_tick_callback (GTK_WIDGET (self), on_first_ticks, g_new0 (gboolean, 1), g_free);
}

static void
on_scalars_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomTreeView) self = stateroom_weak_take (user_data);
  GHashTable *scalars = g_task_propagate_pointer (G_TASK (result), NULL);

  if (self == NULL || scalars == NULL)
    {
      g_clear_pointer (&scalars, g_hash_table_unref);
      return;
    }
  g_clear_pointer (&self->scalars, g_hash_table_unref);
  self->scalars = scalars;
  ckpt_item_set_scalars (self->root, scalars);
  stateroom_cells_update_values (self->cells);
}

static void
read_scalars_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_task_return_pointer (task, ckpt_outline_read_scalars (task_data, SCALAR_BYTES, cancellable),
                         (GDestroyNotify) g_hash_table_unref);
}

static void
read_scalars (StateroomTreeView *self)
{
  g_autoptr (GTask) task = NULL;

  self->job = g_cancellable_new ();
  task = g_task_new (NULL, self->job, on_scalars_read, stateroom_weak_new (self));
  g_task_set_task_data (task, ckpt_outline_ref (ckpt_item_get_outline (self->root)),
                        (GDestroyNotify) ckpt_outline_unref);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, read_scalars_in_thread);
}

static void
cancel_jobs (StateroomTreeView *self)
{
  g_cancellable_cancel (self->job);
  g_clear_object (&self->job);
  g_cancellable_cancel (self->search_job);
  g_clear_object (&self->search_job);
  g_cancellable_cancel (self->rearrange_job);
  g_clear_object (&self->rearrange_job);
}

/**
 * stateroom_tree_view_set_root:
 * @root: the item of a file
 *
 * Shows a file. Where one is shown already, this is taken as its next version: the rows that are open stay open.
 */
void
stateroom_tree_view_set_root (StateroomTreeView *self, CkptItem *root)
{
  g_autoptr (CkptItem) shown = NULL;

  g_return_if_fail (STATEROOM_IS_TREE_VIEW (self));
  g_return_if_fail (CKPT_IS_ITEM (root));

  cancel_jobs (self);
  g_clear_pointer (&self->scalars, g_hash_table_unref);
  stateroom_search_terms_set_tree (self->search_terms, ckpt_item_get_tree (root));
  if (ckpt_item_get_flags (root) == self->flags)
    shown = g_object_ref (root);
  else
    shown = ckpt_item_new (ckpt_item_get_outline (root), self->flags);
  if (self->root == NULL)
    show_first_rows (self, shown);
  else
    replace_rows (self, shown);
  read_scalars (self);
}

/**
 * stateroom_tree_view_get_flags:
 *
 * Returns: how keys are shown
 */
CkptItemFlags
stateroom_tree_view_get_flags (StateroomTreeView *self)
{
  g_return_val_if_fail (STATEROOM_IS_TREE_VIEW (self), CKPT_ITEM_FLAGS_NONE);

  return self->flags;
}

static void
rearrange_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  ckpt_item_prepare (task_data);
  g_task_return_boolean (task, TRUE);
}

static void
on_rearranged (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomTreeView) self = stateroom_weak_take (user_data);

  if (!g_task_propagate_boolean (G_TASK (result), NULL) || self == NULL)
    return;
  g_clear_object (&self->rearrange_job);
  replace_rows (self, g_task_get_task_data (G_TASK (result)));
}

/**
 * stateroom_tree_view_set_flags:
 * @flags: how keys are shown
 *
 * Shows the keys in another way, as soon as that is worked out.
 */
void
stateroom_tree_view_set_flags (StateroomTreeView *self, CkptItemFlags flags)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (STATEROOM_IS_TREE_VIEW (self));

  if (self->flags == flags)
    return;
  self->flags = flags;
  if (self->root == NULL)
    return;
  g_cancellable_cancel (self->rearrange_job);
  g_clear_object (&self->rearrange_job);
  self->rearrange_job = g_cancellable_new ();
  task = g_task_new (NULL, self->rearrange_job, on_rearranged, stateroom_weak_new (self));
  g_task_set_task_data (task, ckpt_item_new (ckpt_item_get_outline (self->root), flags), g_object_unref);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, rearrange_in_thread);
}

/**
 * stateroom_tree_view_set_is_narrow:
 * @is_narrow: whether the tree is alone in its window, so that a tap on a row leads to the inspector
 */
void
stateroom_tree_view_set_is_narrow (StateroomTreeView *self, gboolean is_narrow)
{
  g_return_if_fail (STATEROOM_IS_TREE_VIEW (self));

  gtk_column_view_set_single_click_activate (self->column_view, is_narrow);
}

/**
 * stateroom_tree_view_get_root:
 *
 * Returns: (transfer none) (nullable): the item of the file
 */
CkptItem *
stateroom_tree_view_get_root (StateroomTreeView *self)
{
  g_return_val_if_fail (STATEROOM_IS_TREE_VIEW (self), NULL);

  return self->root;
}

/**
 * stateroom_tree_view_get_rows:
 *
 * Returns: (transfer none) (nullable): the rows that are shown: of the tree, or what a search found; a selection model
 */
GListModel *
stateroom_tree_view_get_rows (StateroomTreeView *self)
{
  g_return_val_if_fail (STATEROOM_IS_TREE_VIEW (self), NULL);

  return G_LIST_MODEL (gtk_column_view_get_model (self->column_view));
}

/**
 * stateroom_tree_view_get_selected_item:
 *
 * Returns: (transfer none) (nullable): the item of the selected row
 */
CkptItem *
stateroom_tree_view_get_selected_item (StateroomTreeView *self)
{
  GtkSelectionModel *model;

  g_return_val_if_fail (STATEROOM_IS_TREE_VIEW (self), NULL);

  model = gtk_column_view_get_model (self->column_view);
  if (model == NULL)
    return NULL;
  return stateroom_cells_get_item (gtk_single_selection_get_selected_item (GTK_SINGLE_SELECTION (model)));
}

static gboolean
is_item_of (CkptItem *item, const CkptPath *path)
{
  g_autoptr (CkptPath) own = NULL;

  if (ckpt_item_get_role (item) != CKPT_ITEM_VALUE && ckpt_item_get_role (item) != CKPT_ITEM_REPEAT)
    return FALSE;
  own = ckpt_item_dup_path (item);
  return ckpt_path_get_length (own) == ckpt_path_get_length (path);
}

/* Opens the rows above a value; returns its row. */
static GtkTreeListRow *
open_down_to (StateroomTreeView *self, const CkptPath *path)
{
  g_autoptr (GtkTreeListRow) row = NULL;
  guint position;

  if (!ckpt_item_find (self->root, path, &position))
    return NULL;
  row = gtk_tree_list_model_get_child_row (self->rows, position + 1);
  while (row != NULL)
    {
      g_autoptr (CkptItem) item = gtk_tree_list_row_get_item (row);
      GtkTreeListRow *child;

      if (is_item_of (item, path))
        return g_steal_pointer (&row);
      if (!ckpt_item_find (item, path, &position))
        return NULL;
      gtk_tree_list_row_set_expanded (row, TRUE);
      child = gtk_tree_list_row_get_child_row (row, position);
      g_object_unref (row);
      row = child;
    }
  return NULL;
}

/* Opens the rows above a value, and selects it. */
gboolean
stateroom_tree_view_reveal (StateroomTreeView *self, const CkptPath *path)
{
  guint position = 0;

  stateroom_tree_view_show_all_rows (self);
  if (ckpt_path_get_length (path) > 0)
    {
      g_autoptr (GtkTreeListRow) row = open_down_to (self, path);

      if (row == NULL)
        return FALSE;
      position = gtk_tree_list_row_get_position (row);
    }
  gtk_column_view_scroll_to (self->column_view, position, NULL, GTK_LIST_SCROLL_SELECT, NULL);
  return TRUE;
}

/**
 * stateroom_tree_view_select_path:
 * @path: of a value; the empty path for the file
 *
 * Ends a search, opens the rows above the value, and selects it.
 *
 * Returns: whether there is such a value
 */
gboolean
stateroom_tree_view_select_path (StateroomTreeView *self, const CkptPath *path)
{
  g_return_val_if_fail (STATEROOM_IS_TREE_VIEW (self), FALSE);

  if (self->root == NULL)
    return FALSE;
  stateroom_tree_view_end_search (self);
  return stateroom_tree_view_reveal (self, path);
}

/**
 * stateroom_tree_view_collapse_all:
 *
 * Closes all rows.
 */
void
stateroom_tree_view_collapse_all (StateroomTreeView *self)
{
  g_return_if_fail (STATEROOM_IS_TREE_VIEW (self));

  if (self->rows == NULL)
    return;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rows)); i++)
    {
      g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (self->rows, i);

      gtk_tree_list_row_set_expanded (row, FALSE);
    }
}

/**
 * stateroom_tree_view_dup_copy:
 * @what: what to copy
 *
 * Returns: (transfer full) (nullable): the text for the clipboard, if a row is selected
 */
char *
stateroom_tree_view_dup_copy (StateroomTreeView *self, StateroomCopy what)
{
  CkptItem *item = stateroom_tree_view_get_selected_item (self);

  return item != NULL ? stateroom_row_text_dup_copy (item, what) : NULL;
}

/**
 * stateroom_tree_view_has_scalars:
 *
 * Returns: whether the values of one-element tensors were read
 */
gboolean
stateroom_tree_view_has_scalars (StateroomTreeView *self)
{
  g_return_val_if_fail (STATEROOM_IS_TREE_VIEW (self), FALSE);

  return self->scalars != NULL;
}

/**
 * stateroom_tree_view_set_document:
 * @document: (nullable): the file as it is edited
 *
 * Marks the rows from now on that were edited.
 */
void
stateroom_tree_view_set_document (StateroomTreeView *self, CkptDocument *document)
{
  g_return_if_fail (STATEROOM_IS_TREE_VIEW (self));

  g_set_object (&self->document, document);
  stateroom_cells_set_document (self->cells, document);
}

void
stateroom_tree_view_renamed (StateroomTreeView *self, CkptItem *item, const char *key)
{
  g_signal_emit (self, signals[RENAMED], 0, item, key);
}

void
stateroom_tree_view_dropped (StateroomTreeView *self, GObject *ref, CkptItem *item)
{
  g_signal_emit (self, signals[DROPPED], 0, ref, item);
}

static void
on_activate (StateroomTreeView *self, guint position)
{
  g_autoptr (GObject) row = g_list_model_get_item (stateroom_tree_view_get_rows (self), position);
  CkptItem *item = stateroom_cells_get_item (row);

  if (GTK_IS_TREE_LIST_ROW (row) && gtk_tree_list_row_is_expandable (GTK_TREE_LIST_ROW (row)))
    gtk_tree_list_row_set_expanded (GTK_TREE_LIST_ROW (row),
                                    !gtk_tree_list_row_get_expanded (GTK_TREE_LIST_ROW (row)));
  else if (ckpt_item_get_role (item) == CKPT_ITEM_REPEAT)
    stateroom_tree_view_select_path (self, ckpt_item_get_first (item));
  else
    g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
stateroom_tree_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  StateroomTreeView *self = STATEROOM_TREE_VIEW (object);

  if (id == PROP_SELECTED_ITEM)
    g_value_set_object (value, stateroom_tree_view_get_selected_item (self));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
stateroom_tree_view_dispose (GObject *object)
{
  StateroomTreeView *self = STATEROOM_TREE_VIEW (object);

  cancel_jobs (self);
  stateroom_tree_view_end_rename (self);
  g_clear_object (&self->document);
  g_clear_handle_id (&self->problem_id, g_source_remove);
  g_clear_handle_id (&self->scroll_id, g_source_remove);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_clear_object (&self->found_selection);
  g_clear_object (&self->tree_selection);
  g_clear_object (&self->first_rows);
  g_clear_object (&self->rows);
  g_clear_object (&self->root);
  g_clear_object (&self->cells);

  G_OBJECT_CLASS (stateroom_tree_view_parent_class)->dispose (object);
}

static void
stateroom_tree_view_finalize (GObject *object)
{
  StateroomTreeView *self = STATEROOM_TREE_VIEW (object);

  g_clear_pointer (&self->scalars, g_hash_table_unref);
  g_free (self->search_problem);

  G_OBJECT_CLASS (stateroom_tree_view_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (STATEROOM_TYPE_SEARCH_TERMS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-tree-view.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomTreeView, search_bar);
  gtk_widget_class_bind_template_child (widget_class, StateroomTreeView, search_entry);
  gtk_widget_class_bind_template_child (widget_class, StateroomTreeView, kind_drop_down);
  gtk_widget_class_bind_template_child (widget_class, StateroomTreeView, search_terms);
  gtk_widget_class_bind_template_child (widget_class, StateroomTreeView, error_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomTreeView, stack);
  gtk_widget_class_bind_template_child (widget_class, StateroomTreeView, scrolled);
  gtk_widget_class_bind_template_child (widget_class, StateroomTreeView, column_view);
  gtk_widget_class_bind_template_child (widget_class, StateroomTreeView, key_column);
  gtk_widget_class_bind_template_child (widget_class, StateroomTreeView, value_column);
  gtk_widget_class_bind_template_child (widget_class, StateroomTreeView, type_column);
  gtk_widget_class_bind_template_child (widget_class, StateroomTreeView, device_column);
  gtk_widget_class_bind_template_child (widget_class, StateroomTreeView, values_column);
  gtk_widget_class_bind_template_child (widget_class, StateroomTreeView, size_column);
  gtk_widget_class_bind_template_child (widget_class, StateroomTreeView, nothing_status);
  gtk_widget_class_bind_template_child (widget_class, StateroomTreeView, row_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback_full (widget_class, "on_search_changed",
                                                G_CALLBACK (stateroom_tree_view_on_search_changed));
  gtk_widget_class_bind_template_callback_full (widget_class, "on_search_activate",
                                                G_CALLBACK (stateroom_tree_view_on_search_activate));
  gtk_widget_class_bind_template_callback_full (widget_class, "on_search_mode_notify",
                                                G_CALLBACK (stateroom_tree_view_on_search_mode_notify));
  gtk_widget_class_bind_template_callback_full (widget_class, "on_term_chosen",
                                                G_CALLBACK (stateroom_tree_view_on_term_chosen));
}

static void
stateroom_tree_view_class_init (StateroomTreeViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = stateroom_tree_view_get_property;
  object_class->dispose = stateroom_tree_view_dispose;
  object_class->finalize = stateroom_tree_view_finalize;

  properties[PROP_SELECTED_ITEM] = g_param_spec_object ("selected-item", NULL, NULL, CKPT_TYPE_ITEM,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 0);
  signals[SEARCHED] = g_signal_new ("searched", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);
  signals[RENAMED] = g_signal_new ("renamed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 2, CKPT_TYPE_ITEM, G_TYPE_STRING);
  signals[DROPPED] = g_signal_new ("dropped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 2, G_TYPE_OBJECT, CKPT_TYPE_ITEM);
  bind_template (GTK_WIDGET_CLASS (klass));
}

/* Puts the title of a column of numbers above them, @margin pixels from the end. GTK has no property for that. */
static void
align_title (StateroomTreeView *self, guint number, int margin)
{
  GtkWidget *title = gtk_widget_get_first_child (gtk_widget_get_first_child (GTK_WIDGET (self->column_view)));

  for (; title != NULL && number > 0; number--)
    title = gtk_widget_get_next_sibling (title);
  title = title != NULL ? gtk_widget_get_first_child (title) : NULL;
  if (title == NULL)
    return;
  gtk_widget_set_halign (title, GTK_ALIGN_END);
  gtk_widget_set_margin_end (title, margin);
}

static void
set_factory (StateroomTreeView *self, GtkColumnViewColumn *column, StateroomColumn which)
{
  g_autoptr (GtkListItemFactory) factory = stateroom_cells_new_factory (self->cells, which);

  gtk_column_view_column_set_factory (column, factory);
}

static void
stateroom_tree_view_init (StateroomTreeView *self)
{
  g_autoptr (GtkListItemFactory) row_factory = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->n_found = -1;
  self->flags = CKPT_ITEM_SPLIT_KEYS;
  self->cells = stateroom_cells_new ();
  set_factory (self, self->key_column, STATEROOM_COLUMN_KEY);
  set_factory (self, self->value_column, STATEROOM_COLUMN_VALUE);
  set_factory (self, self->type_column, STATEROOM_COLUMN_TYPE);
  set_factory (self, self->device_column, STATEROOM_COLUMN_DEVICE);
  set_factory (self, self->values_column, STATEROOM_COLUMN_VALUES);
  set_factory (self, self->size_column, STATEROOM_COLUMN_SIZE);
  align_title (self, STATEROOM_COLUMN_VALUE, 0);
  align_title (self, STATEROOM_COLUMN_VALUES, 0);
  align_title (self, STATEROOM_COLUMN_SIZE, BAR_SPACE);
  row_factory = stateroom_cells_new_row_factory (self->cells);
  gtk_column_view_set_row_factory (self->column_view, row_factory);
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  gtk_search_bar_set_key_capture_widget (self->search_bar, GTK_WIDGET (self));
  stateroom_tree_view_add_input (self);
  stateroom_tree_view_add_drag (self);
  stateroom_tree_view_add_completion (self);
}
