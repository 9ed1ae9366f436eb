/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "stateroom-device.h"
#include "stateroom-key-ref.h"
#include "stateroom-page-private.h"
#include "stateroom-problems-dialog.h"
#include "stateroom-row-edit.h"

G_DEFINE_FINAL_TYPE (StateroomPage, stateroom_page, ADW_TYPE_BREAKPOINT_BIN)

enum
{
  PROP_0,
  PROP_FILE,
  PROP_TITLE,
  PROP_IS_LOADING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  MESSAGE,
  CHANGED,
  SAVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *const state_names[] = {
  [STATEROOM_PAGE_BLANK] = "blank",
  [STATEROOM_PAGE_LOADING] = "loading",
  [STATEROOM_PAGE_ERROR] = "error",
  [STATEROOM_PAGE_CONTENT] = "content",
};

/* The name of the file, safe to show. */
static char *
dup_name (StateroomPage *self)
{
  g_autofree char *name = g_file_get_basename (self->file);

  return name != NULL ? ckpt_text_escape (name, strlen (name), 120) : g_strdup ("?");
}

/* The name with a mark before it while there is something to save. */
static char *
dup_title (StateroomPage *self)
{
  char *name = dup_name (self), *title;

  if (!stateroom_page_is_modified (self))
    return name;
  title = g_strconcat ("• ", name, NULL);
  g_free (name);
  return title;
}

void
stateroom_page_set_state (StateroomPage *self, StateroomPageState state)
{
  self->state = state;
  gtk_stack_set_visible_child_name (self->stack, state_names[state]);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
stateroom_page_changed (StateroomPage *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Whatever came of it. */
void
stateroom_page_save_ended (StateroomPage *self)
{
  g_signal_emit (self, signals[SAVED], 0);
}

void
stateroom_page_say (StateroomPage *self, const char *text)
{
  g_signal_emit (self, signals[MESSAGE], 0, text, NULL, NULL);
}

/* @label: of a button; @action: a detailed action that it activates */
void
stateroom_page_offer (StateroomPage *self, const char *text, const char *label, const char *action)
{
  g_signal_emit (self, signals[MESSAGE], 0, text, label, action);
}

static void
show_status (StateroomPage *self)
{
  int n_found = stateroom_tree_view_get_n_found (self->tree_view);
  g_autofree char *tensors = NULL, *values = NULL, *text = NULL;
  const CkptTotal *total;

  if (n_found >= 0)
    {
      tensors = ckpt_text_count ((guint64) n_found);
      values = ckpt_text_count (STATEROOM_SEARCH_MAX);
      if (n_found > (int) STATEROOM_SEARCH_MAX)
        /* Translators: what a search found, and how much of it is listed */
        text = g_strdup_printf (_ ("%s found, the first %s shown"), tensors, values);
      else
        /* Translators: what a search found */
        text = g_strdup_printf (ngettext ("%s found", "%s found", (gulong) n_found), tensors);
    }
  else
    {
      total = ckpt_item_get_total (stateroom_tree_view_get_root (self->tree_view));
      if (total->n_tensors == 0)
        {
          gtk_label_set_text (self->status_label, _ ("No tensors"));
          return;
        }
      tensors = ckpt_text_count (total->n_tensors);
      values = ckpt_text_short_count (total->n_values);
      /* Translators: numbers of tensors and of their elements: "594 tensors · 373.2 M values" */
      text = g_strdup_printf (ngettext ("%s tensor · %s values", "%s tensors · %s values", total->n_tensors),
                              tensors, values);
    }
  gtk_label_set_text (self->status_label, text);
}

static gboolean
is_whole (CkptTree *tree, const CkptTensor *tensor)
{
  const CkptStorage *storage;

  if (ckpt_tensor_get_unreadable (tree, tensor) != NULL)
    return FALSE;
  if (tensor->storage == CKPT_NO_STORAGE)
    return TRUE;
  storage = ckpt_tree_get_storage (tree, tensor->storage);
  return storage->n_bytes_present >= storage->n_bytes;
}

/* How many tensors of a cut file have all their bytes. */
static guint
count_whole (CkptTree *tree, guint *n_tensors)
{
  guint n_whole = 0;

  *n_tensors = 0;
  for (guint i = 0; i < ckpt_tree_get_n_tensors (tree); i++)
    if (ckpt_tree_has_tensor (tree, i))
      {
        n_whole += is_whole (tree, ckpt_tree_get_tensor (tree, i));
        ++*n_tensors;
      }
  return n_whole;
}

static void
show_banner (StateroomPage *self, CkptTree *tree)
{
  guint n = ckpt_tree_get_n_warnings (tree), n_tensors;
  g_autofree char *title = NULL;

  if (ckpt_tree_is_cut (tree))
    {
      guint n_whole = count_whole (tree, &n_tensors);

      title = g_strdup_printf (_ ("This file is cut: %u of %u tensors are whole"), n_whole, n_tensors);
    }
  else
    title = g_strdup_printf (ngettext ("%u problem found", "%u problems found", n), n);
  adw_banner_set_title (self->problems_banner, title);
  adw_banner_set_revealed (self->problems_banner, n > 0 || ckpt_tree_is_cut (tree));
}

/* Shows what was opened, or what became of it; @survey: (nullable): statistics of it. */
void
stateroom_page_show_root (StateroomPage *self, CkptItem *root, StateroomSurvey *survey)
{
  g_set_object (&self->root, root);
  stateroom_inspector_set_tree (self->inspector, ckpt_item_get_tree (root), survey);
  stateroom_survey_bar_set_survey (self->survey_bar, stateroom_inspector_get_survey (self->inspector));
  stateroom_tree_view_set_root (self->tree_view, root);
  show_banner (self, ckpt_item_get_tree (root));
  show_status (self);
  g_free (self->missing_device);
  self->missing_device = stateroom_device_dup_missing (ckpt_item_get_tree (root));
  stateroom_page_set_state (self, STATEROOM_PAGE_CONTENT);
}

/* Shows why a file cannot be opened: a sentence for a person, and what a programmer wants to know. */
void
stateroom_page_show_error (StateroomPage *self, const GError *error)
{
  g_autofree char *name = dup_name (self);
  g_autofree char *title = NULL, *description = NULL, *details = NULL;
  const CkptPlace *place = ckpt_error_get_place (error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      title = g_strdup_printf (_ ("“%s” Was Not Opened"), name);
      description = g_strdup (_ ("Opening it was cancelled."));
    }
  else
    {
      title = g_strdup_printf (_ ("Cannot Open “%s”"), name);
      description = g_markup_escape_text (error->message, -1);
      details = place != NULL ? ckpt_place_to_string (place) : NULL;
    }
  adw_status_page_set_title (self->error_status, title);
  adw_status_page_set_description (self->error_status, description);
  gtk_label_set_text (self->details_label, details != NULL ? details : "");
  gtk_widget_set_visible (GTK_WIDGET (self->details_expander), details != NULL);
  stateroom_page_set_state (self, STATEROOM_PAGE_ERROR);
}

static void
on_copy_details_clicked (StateroomPage *self)
{
  g_autofree char *path = g_file_get_parse_name (self->file);
  g_autofree char *text = g_strdup_printf ("%s\n%s\n%s\n", path,
                                           adw_status_page_get_description (self->error_status),
                                           gtk_label_get_text (self->details_label));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  stateroom_page_say (self, _ ("Copied"));
}

static void
inspect_item (StateroomPage *self, CkptItem *item)
{
  CkptItemRole role = item != NULL ? ckpt_item_get_role (item) : CKPT_ITEM_FILE;
  g_autoptr (CkptPath) path = NULL;

  if (role == CKPT_ITEM_MODULE || role == CKPT_ITEM_RANGE || role == CKPT_ITEM_FOLD)
    {
      stateroom_inspector_set_module (self->inspector, item);
      return;
    }
  if (role != CKPT_ITEM_FILE)
    path = ckpt_item_dup_path (item);
  stateroom_inspector_set_selection (self->inspector, ckpt_item_get_tree (self->root), path);
}

static void
on_selected_item_notify (StateroomPage *self)
{
  CkptItem *item = stateroom_tree_view_get_selected_item (self->tree_view);

  if (self->root == NULL)
    return;
  inspect_item (self, item);
  if (item != NULL)
    adw_navigation_page_set_title (self->inspector_page, ckpt_item_get_label (item));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_tree_activated (StateroomPage *self)
{
  stateroom_page_inspect (self);
}

static void
on_renamed (StateroomPage *self, CkptItem *item, const char *key)
{
  stateroom_row_edit_rename (self, item, key);
}

static void
on_dropped (StateroomPage *self, GObject *ref, CkptItem *item)
{
  stateroom_row_edit_insert_ref (self, item, STATEROOM_KEY_REF (ref));
}

static void
on_value_edited (StateroomPage *self, const char *literal)
{
  CkptItem *item = stateroom_tree_view_get_selected_item (self->tree_view);

  if (item != NULL)
    stateroom_row_edit_set_value (self, item, literal);
}

static void
on_searched (StateroomPage *self)
{
  if (self->root != NULL)
    show_status (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_narrow (StateroomPage *self)
{
  stateroom_tree_view_set_is_narrow (self->tree_view, TRUE);
}

static void
on_wide (StateroomPage *self)
{
  stateroom_tree_view_set_is_narrow (self->tree_view, FALSE);
}

/**
 * stateroom_page_new:
 * @file: what to open
 *
 * Makes a page that opens @file when it is first shown.
 *
 * Returns: (transfer floating): the page
 */
StateroomPage *
stateroom_page_new (GFile *file)
{
  return g_object_new (STATEROOM_TYPE_PAGE, "file", file, NULL);
}

/**
 * stateroom_page_get_file:
 *
 * Returns: (transfer none): the file
 */
GFile *
stateroom_page_get_file (StateroomPage *self)
{
  g_return_val_if_fail (STATEROOM_IS_PAGE (self), NULL);

  return self->file;
}

/**
 * stateroom_page_get_state:
 *
 * Returns: what the page shows
 */
StateroomPageState
stateroom_page_get_state (StateroomPage *self)
{
  g_return_val_if_fail (STATEROOM_IS_PAGE (self), STATEROOM_PAGE_BLANK);

  return self->state;
}

/**
 * stateroom_page_is_busy:
 *
 * Returns: whether the file is being opened
 */
gboolean
stateroom_page_is_busy (StateroomPage *self)
{
  g_return_val_if_fail (STATEROOM_IS_PAGE (self), FALSE);

  return self->load != NULL;
}

/**
 * stateroom_page_get_tree:
 *
 * Returns: (transfer none) (nullable): what is shown
 */
CkptTree *
stateroom_page_get_tree (StateroomPage *self)
{
  g_return_val_if_fail (STATEROOM_IS_PAGE (self), NULL);

  return self->root != NULL ? ckpt_item_get_tree (self->root) : NULL;
}

/**
 * stateroom_page_get_tree_view:
 *
 * Returns: (transfer none): the view of the keys
 */
StateroomTreeView *
stateroom_page_get_tree_view (StateroomPage *self)
{
  g_return_val_if_fail (STATEROOM_IS_PAGE (self), NULL);

  return self->tree_view;
}

/**
 * stateroom_page_get_inspector:
 *
 * Returns: (transfer none): the inspector
 */
StateroomInspector *
stateroom_page_get_inspector (StateroomPage *self)
{
  g_return_val_if_fail (STATEROOM_IS_PAGE (self), NULL);

  return self->inspector;
}

/**
 * stateroom_page_get_survey_bar:
 *
 * Returns: (transfer none): what shows how far the statistics are
 */
StateroomSurveyBar *
stateroom_page_get_survey_bar (StateroomPage *self)
{
  g_return_val_if_fail (STATEROOM_IS_PAGE (self), NULL);

  return self->survey_bar;
}

static char *
dup_epoch (CkptTree *tree)
{
  CkptNodeId node = ckpt_tree_get_key (tree, ckpt_tree_get_root (tree), "epoch");
  g_autofree char *text = NULL;
  gint64 epoch;

  if (node == CKPT_NO_NODE || !ckpt_tree_get_int (tree, node, &epoch))
    return NULL;
  text = g_strdup_printf ("%" G_GINT64_FORMAT, epoch);
  return g_strdup_printf (_ ("epoch %s"), text);
}

/**
 * stateroom_page_dup_subtitle:
 *
 * Returns: (transfer full): the file in a few words: "124.4 M values · epoch 7 · 498 MB"
 */
char *
stateroom_page_dup_subtitle (StateroomPage *self)
{
  CkptTree *tree;
  const CkptTotal *total;
  g_autofree char *values = NULL, *epoch = NULL;
  g_autoptr (GStrvBuilder) parts = g_strv_builder_new ();
  g_auto (GStrv) texts = NULL;

  g_return_val_if_fail (STATEROOM_IS_PAGE (self), NULL);

  if (self->root == NULL)
    return g_strdup ("");
  tree = ckpt_item_get_tree (self->root);
  total = ckpt_item_get_total (stateroom_tree_view_get_root (self->tree_view));
  if (total->n_values > 0)
    {
      values = ckpt_text_short_count (total->n_values);
      /* Translators: a number of elements of tensors: "124.4 M values" */
      g_strv_builder_take (
          parts, g_strdup_printf (
                     ngettext ("%s value", "%s values", (gulong) MIN (total->n_values, G_MAXINT)), values));
    }
  epoch = dup_epoch (tree);
  if (epoch != NULL)
    g_strv_builder_add (parts, epoch);
  g_strv_builder_take (parts, ckpt_text_bytes (ckpt_source_get_size (ckpt_tree_get_source (tree))));
  texts = g_strv_builder_end (parts);
  return g_strjoinv (" · ", texts);
}

/**
 * stateroom_page_select:
 * @path_text: the text form of a path
 *
 * Selects a value of the file.
 *
 * Returns: FALSE with @error set to %CKPT_ERROR_NO_SUCH_PATH if there is none
 */
gboolean
stateroom_page_select (StateroomPage *self, const char *path_text, GError **error)
{
  g_autoptr (CkptPath) path = NULL;

  g_return_val_if_fail (STATEROOM_IS_PAGE (self), FALSE);

  if (self->root == NULL)
    {
      g_set_error_literal (error, CKPT_ERROR, CKPT_ERROR_NO_SUCH_PATH, _ ("No file is open."));
      return FALSE;
    }
  path = ckpt_path_resolve (ckpt_item_get_tree (self->root), path_text, error);
  if (path == NULL)
    return FALSE;
  if (!stateroom_tree_view_select_path (self->tree_view, path))
    {
      g_set_error (error, CKPT_ERROR, CKPT_ERROR_NO_SUCH_PATH, _ ("There is no row for %s."), path_text);
      return FALSE;
    }
  return TRUE;
}

/**
 * stateroom_page_is_narrow:
 *
 * Returns: whether keys and inspector are shown one at a time
 */
gboolean
stateroom_page_is_narrow (StateroomPage *self)
{
  g_return_val_if_fail (STATEROOM_IS_PAGE (self), FALSE);

  return g_strcmp0 (adw_multi_layout_view_get_layout_name (self->layouts), "narrow") == 0;
}

/**
 * stateroom_page_inspect:
 *
 * Brings the inspector to the front.
 */
void
stateroom_page_inspect (StateroomPage *self)
{
  g_return_if_fail (STATEROOM_IS_PAGE (self));

  if (!stateroom_page_is_narrow (self))
    stateroom_page_show_inspector (self, TRUE);
  else if (adw_navigation_view_get_visible_page (self->navigation) != self->inspector_page)
    adw_navigation_view_push_by_tag (self->navigation, "inspector");
}

/**
 * stateroom_page_show_inspector:
 * @show: whether the inspector is beside the keys
 */
void
stateroom_page_show_inspector (StateroomPage *self, gboolean show)
{
  g_return_if_fail (STATEROOM_IS_PAGE (self));

  gtk_widget_set_visible (gtk_paned_get_end_child (self->paned), show);
}

/**
 * stateroom_page_show_problems:
 *
 * Opens the list of what is odd about the file.
 */
void
stateroom_page_show_problems (StateroomPage *self)
{
  g_return_if_fail (STATEROOM_IS_PAGE (self));

  if (self->root != NULL)
    adw_dialog_present (stateroom_problems_dialog_new (ckpt_item_get_tree (self->root)), GTK_WIDGET (self));
}

/**
 * stateroom_page_start_set_value:
 *
 * Lets the value of the selected row be typed anew.
 */
void
stateroom_page_start_set_value (StateroomPage *self)
{
  g_return_if_fail (STATEROOM_IS_PAGE (self));

  stateroom_page_inspect (self);
  stateroom_inspector_start_set_value (self->inspector);
}

/**
 * stateroom_page_get_missing_device:
 *
 * Returns: (transfer none) (nullable): a device that the file has tensors of and this computer does not have
 */
const char *
stateroom_page_get_missing_device (StateroomPage *self)
{
  g_return_val_if_fail (STATEROOM_IS_PAGE (self), NULL);

  return self->missing_device;
}

/* Goes on with another file, to which this one was written. */
void
stateroom_page_set_file (StateroomPage *self, GFile *file)
{
  if (g_file_equal (self->file, file))
    return;
  g_set_object (&self->file, file);
  if (self->watcher != NULL)
    stateroom_watcher_stop (self->watcher);
  g_clear_object (&self->watcher);
  stateroom_page_watch (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

/**
 * stateroom_page_set_delay_ms:
 * @delay_ms: how long a changed file must rest before it is shown anew
 */
void
stateroom_page_set_delay_ms (StateroomPage *self, guint delay_ms)
{
  g_return_if_fail (STATEROOM_IS_PAGE (self));

  self->delay_ms = delay_ms;
  if (self->watcher != NULL)
    stateroom_watcher_set_delay_ms (self->watcher, delay_ms);
}

static void
stateroom_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (stateroom_page_parent_class)->map (widget);

  stateroom_page_load (STATEROOM_PAGE (widget));
}

/* The keys get a little less than half of the window, as long as nobody moves the handle. */
static void
stateroom_page_root (GtkWidget *widget)
{
  StateroomPage *self = STATEROOM_PAGE (widget);
  int width = 0;

  GTK_WIDGET_CLASS (stateroom_page_parent_class)->root (widget);

  if (GTK_IS_WINDOW (gtk_widget_get_root (widget)))
    gtk_window_get_default_size (GTK_WINDOW (gtk_widget_get_root (widget)), &width, NULL);
  if (width > 0)
    gtk_paned_set_position (self->paned, width * 47 / 100);
}

static void
stateroom_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  StateroomPage *self = STATEROOM_PAGE (object);

  switch (id)
    {
    case PROP_FILE:
      g_value_set_object (value, self->file);
      break;
    case PROP_TITLE:
      g_value_take_string (value, dup_title (self));
      break;
    case PROP_IS_LOADING:
      g_value_set_boolean (value, self->load != NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
stateroom_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  StateroomPage *self = STATEROOM_PAGE (object);

  if (id == PROP_FILE)
    self->file = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
stateroom_page_dispose (GObject *object)
{
  StateroomPage *self = STATEROOM_PAGE (object);

  stateroom_page_stop_load (self);
  stateroom_page_cancel_save (self);
  stateroom_page_drop_document (self);
  g_clear_object (&self->saved_file);
  if (self->watcher != NULL)
    stateroom_watcher_stop (self->watcher);
  g_clear_object (&self->watcher);
  g_clear_object (&self->root);

  G_OBJECT_CLASS (stateroom_page_parent_class)->dispose (object);
}

static void
stateroom_page_finalize (GObject *object)
{
  g_clear_object (&STATEROOM_PAGE (object)->file);
  g_free (STATEROOM_PAGE (object)->missing_device);

  G_OBJECT_CLASS (stateroom_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (STATEROOM_TYPE_TREE_VIEW);
  g_type_ensure (STATEROOM_TYPE_INSPECTOR);
  g_type_ensure (STATEROOM_TYPE_SURVEY_BAR);
  g_type_ensure (STATEROOM_TYPE_RECORDS);
  g_type_ensure (STATEROOM_TYPE_SAVE_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-page.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, stack);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, loading_status);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, error_status);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, details_expander);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, details_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, records);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, changed_banner);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, problems_banner);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, layouts);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, paned);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, navigation);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, inspector_page);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, tree_view);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, inspector);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, status_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, survey_bar);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, journal_banner);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, save_bar);
  gtk_widget_class_bind_template_child (widget_class, StateroomPage, changes_button);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_details_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_renamed);
  gtk_widget_class_bind_template_callback (widget_class, on_dropped);
  gtk_widget_class_bind_template_callback (widget_class, on_value_edited);
  gtk_widget_class_bind_template_callback_full (widget_class, "on_journal_clicked",
                                                G_CALLBACK (stateroom_page_on_journal));
  gtk_widget_class_bind_template_callback_full (widget_class, "on_save_cancelled",
                                                G_CALLBACK (stateroom_page_cancel_save));
  gtk_widget_class_bind_template_callback (widget_class, on_selected_item_notify);
  gtk_widget_class_bind_template_callback (widget_class, on_tree_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_searched);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow);
  gtk_widget_class_bind_template_callback (widget_class, on_wide);
}

static void
stateroom_page_class_init (StateroomPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = stateroom_page_get_property;
  object_class->set_property = stateroom_page_set_property;
  object_class->dispose = stateroom_page_dispose;
  object_class->finalize = stateroom_page_finalize;
  widget_class->map = stateroom_page_map;
  widget_class->root = stateroom_page_root;

  properties[PROP_FILE] = g_param_spec_object (
      "file", NULL, NULL, G_TYPE_FILE, G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_IS_LOADING] = g_param_spec_boolean ("is-loading", NULL, NULL, FALSE,
                                                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
  signals[SAVED] = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  bind_template (widget_class);
}

static void
stateroom_page_init (StateroomPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
