/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "stateroom-key-ref.h"
#include "stateroom-window-private.h"

static StateroomTreeView *
get_tree_view (StateroomWindow *self)
{
  StateroomPage *page = stateroom_window_get_page (self);

  return page != NULL ? stateroom_page_get_tree_view (page) : NULL;
}

static void
open_dialog_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  stateroom_window_choose_files (STATEROOM_WINDOW (user_data));
}

/* A path or a URI. */
static void
open_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (g_variant_get_string (parameter, NULL));

  stateroom_window_open_files (STATEROOM_WINDOW (user_data), &file, 1);
}

static void
close_tab_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  stateroom_window_close_page (STATEROOM_WINDOW (user_data));
}

static void
on_reload_response (StateroomPage *page, const char *response)
{
  if (g_str_equal (response, "reload"))
    stateroom_page_reload (page);
}

static void
ask_to_reload (StateroomPage *page)
{
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Discard Changes and Reload?"),
                                            _ ("What was changed here and not saved is lost."));
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);

  adw_alert_dialog_add_responses (alert, "cancel", _ ("_Cancel"), "reload", _ ("_Reload"), NULL);
  adw_alert_dialog_set_response_appearance (alert, "reload", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (alert, "cancel");
  adw_alert_dialog_set_close_response (alert, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_reload_response), page, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (page));
}

static void
reload_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = stateroom_window_get_page (STATEROOM_WINDOW (user_data));

  if (page == NULL)
    return;
  if (stateroom_page_is_modified (page))
    ask_to_reload (page);
  else
    stateroom_page_reload (page);
}

static void
cancel_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = stateroom_window_get_page (STATEROOM_WINDOW (user_data));

  if (page != NULL)
    stateroom_page_cancel (page);
}

static void
select_path_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomWindow *self = STATEROOM_WINDOW (user_data);
  StateroomPage *page = stateroom_window_get_page (self);
  g_autoptr (GError) error = NULL;

  if (page != NULL && !stateroom_page_select (page, g_variant_get_string (parameter, NULL), &error))
    stateroom_window_say (self, error->message);
}

static void
change_search (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  StateroomTreeView *tree_view = get_tree_view (STATEROOM_WINDOW (user_data));

  if (tree_view != NULL)
    stateroom_tree_view_set_search_mode (tree_view, g_variant_get_boolean (state));
}

static void
find (gpointer user_data, StateroomSearchKind kind, GVariant *parameter)
{
  StateroomTreeView *tree_view = get_tree_view (STATEROOM_WINDOW (user_data));

  if (tree_view != NULL)
    stateroom_tree_view_search (tree_view, kind, g_variant_get_string (parameter, NULL));
}

static void
find_text_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  find (user_data, STATEROOM_SEARCH_TEXT, parameter);
}

static void
find_glob_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  find (user_data, STATEROOM_SEARCH_GLOB, parameter);
}

static void
find_regex_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  find (user_data, STATEROOM_SEARCH_REGEX, parameter);
}

static void
set_flag (StateroomWindow *self, CkptItemFlags flag, gboolean on)
{
  StateroomPage *page = stateroom_window_get_page (self);

  self->flags = on ? self->flags | flag : self->flags & ~flag;
  if (page != NULL)
    stateroom_window_apply_view (self, page);
}

/* Accepts only the words that an action knows. */
static gboolean
is_one_of (GVariant *state, const char *a, const char *b)
{
  const char *word = g_variant_get_string (state, NULL);

  return g_str_equal (word, a) || g_str_equal (word, b);
}

static void
change_view_mode (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  StateroomWindow *self = STATEROOM_WINDOW (user_data);
  gboolean is_flat = g_str_equal (g_variant_get_string (state, NULL), "flat");

  if (!is_one_of (state, "tree", "flat"))
    return;
  g_simple_action_set_state (action, state);
  if (self->settings != NULL)
    g_settings_set_boolean (self->settings, "flat-keys", is_flat);
  set_flag (self, CKPT_ITEM_SPLIT_KEYS, !is_flat);
}

static void
change_sort (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  if (!is_one_of (state, "file", "name"))
    return;
  g_simple_action_set_state (action, state);
  set_flag (STATEROOM_WINDOW (user_data), CKPT_ITEM_BY_NAME,
            g_str_equal (g_variant_get_string (state, NULL), "name"));
}

static void
change_fold_blocks (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  StateroomWindow *self = STATEROOM_WINDOW (user_data);

  g_simple_action_set_state (action, state);
  if (self->settings != NULL)
    g_settings_set_boolean (self->settings, "fold-blocks", g_variant_get_boolean (state));
  set_flag (self, CKPT_ITEM_FOLD_BLOCKS, g_variant_get_boolean (state));
}

static void
collapse_all_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomTreeView *tree_view = get_tree_view (STATEROOM_WINDOW (user_data));

  if (tree_view != NULL)
    stateroom_tree_view_collapse_all (tree_view);
}

static void
change_show_inspector (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  StateroomWindow *self = STATEROOM_WINDOW (user_data);
  StateroomPage *page = stateroom_window_get_page (self);

  g_simple_action_set_state (action, state);
  if (page != NULL)
    stateroom_page_show_inspector (page, g_variant_get_boolean (state));
}

static void
change_fullscreen (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  g_simple_action_set_state (action, state);
  if (g_variant_get_boolean (state))
    gtk_window_fullscreen (GTK_WINDOW (user_data));
  else
    gtk_window_unfullscreen (GTK_WINDOW (user_data));
}

static void
menu_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_menu_button_popup (STATEROOM_WINDOW (user_data)->menu_button);
}

static void
show_problems_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = stateroom_window_get_page (STATEROOM_WINDOW (user_data));

  if (page != NULL)
    stateroom_page_show_problems (page);
}

static void
inspect_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = stateroom_window_get_page (STATEROOM_WINDOW (user_data));

  if (page != NULL)
    stateroom_page_inspect (page);
}

static void
go_to_first_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomTreeView *tree_view = get_tree_view (STATEROOM_WINDOW (user_data));
  CkptItem *item = tree_view != NULL ? stateroom_tree_view_get_selected_item (tree_view) : NULL;
  const CkptPath *first = item != NULL ? ckpt_item_get_first (item) : NULL;

  if (first != NULL)
    stateroom_tree_view_select_path (tree_view, first);
}

static void
copy (gpointer user_data, StateroomCopy what)
{
  StateroomWindow *self = STATEROOM_WINDOW (user_data);
  StateroomTreeView *tree_view = get_tree_view (self);
  g_autofree char *text = tree_view != NULL ? stateroom_tree_view_dup_copy (tree_view, what) : NULL;

  if (text == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  stateroom_window_say (self, _ ("Copied"));
}

/* The key as text, and the value for another file of this app. */
static void
copy_key_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomTreeView *tree_view = get_tree_view (STATEROOM_WINDOW (user_data));
  CkptItem *item = tree_view != NULL ? stateroom_tree_view_get_selected_item (tree_view) : NULL;
  g_autoptr (GdkContentProvider) provider = NULL;

  if (item == NULL || ckpt_item_get_role (item) != CKPT_ITEM_VALUE)
    {
      copy (user_data, STATEROOM_COPY_KEY);
      return;
    }
  provider = stateroom_key_ref_new_provider (item);
  gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (user_data)), provider);
  stateroom_window_say (STATEROOM_WINDOW (user_data), _ ("Copied"));
}

static void
copy_path_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  copy (user_data, STATEROOM_COPY_PATH);
}

static void
copy_code_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  copy (user_data, STATEROOM_COPY_CODE);
}

static void
copy_tsv_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  copy (user_data, STATEROOM_COPY_TSV);
}

static void
copy_markdown_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  copy (user_data, STATEROOM_COPY_MARKDOWN);
}

static const GActionEntry entries[] = {
  { .name = "open-dialog", .activate = open_dialog_action },
  { .name = "new-tab", .activate = open_dialog_action },
  { .name = "open", .activate = open_action, .parameter_type = "s" },
  { .name = "close-tab", .activate = close_tab_action },
  { .name = "reload", .activate = reload_action },
  { .name = "cancel", .activate = cancel_action },
  { .name = "select-path", .activate = select_path_action, .parameter_type = "s" },
  { .name = "search", .state = "false", .change_state = change_search },
  { .name = "find", .activate = find_text_action, .parameter_type = "s" },
  { .name = "find-glob", .activate = find_glob_action, .parameter_type = "s" },
  { .name = "find-regex", .activate = find_regex_action, .parameter_type = "s" },
  { .name = "view-mode", .parameter_type = "s", .state = "'tree'", .change_state = change_view_mode },
  { .name = "sort", .parameter_type = "s", .state = "'file'", .change_state = change_sort },
  { .name = "fold-blocks", .state = "false", .change_state = change_fold_blocks },
  { .name = "collapse-all", .activate = collapse_all_action },
  { .name = "show-inspector", .state = "true", .change_state = change_show_inspector },
  { .name = "fullscreen", .state = "false", .change_state = change_fullscreen },
  { .name = "menu", .activate = menu_action },
  { .name = "show-problems", .activate = show_problems_action },
  { .name = "inspect", .activate = inspect_action },
  { .name = "go-to-first", .activate = go_to_first_action },
  { .name = "copy-key", .activate = copy_key_action },
  { .name = "copy-path", .activate = copy_path_action },
  { .name = "copy-code", .activate = copy_code_action },
  { .name = "copy-tsv", .activate = copy_tsv_action },
  { .name = "copy-markdown", .activate = copy_markdown_action },
};

/**
 * stateroom_window_set_enabled:
 * @name: an action of the window
 * @enabled: whether it can be called
 *
 * Enables or disables an action.
 */
void
stateroom_window_set_enabled (StateroomWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
set_state (StateroomWindow *self, const char *name, GVariant *state)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_state (G_SIMPLE_ACTION (action), state);
}

/**
 * stateroom_window_update_actions:
 *
 * Enables the actions that make sense for the page that is shown.
 */
void
stateroom_window_update_actions (StateroomWindow *self)
{
  static const char *const row_actions[] = { "copy-key", "copy-path",     "copy-code",
                                             "copy-tsv", "copy-markdown", "inspect" };
  static const char *const content_actions[] = { "select-path",  "search",        "find",
                                                 "find-glob",    "find-regex",    "show-problems",
                                                 "collapse-all", "show-inspector" };
  StateroomPage *page = stateroom_window_get_page (self);
  gboolean has_content = page != NULL && stateroom_page_get_state (page) == STATEROOM_PAGE_CONTENT;
  StateroomTreeView *tree_view = has_content ? stateroom_page_get_tree_view (page) : NULL;
  CkptItem *item = has_content ? stateroom_tree_view_get_selected_item (tree_view) : NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (content_actions); i++)
    stateroom_window_set_enabled (self, content_actions[i], has_content);
  for (gsize i = 0; i < G_N_ELEMENTS (row_actions); i++)
    stateroom_window_set_enabled (self, row_actions[i], item != NULL);
  stateroom_window_set_enabled (self, "go-to-first", item != NULL && ckpt_item_get_first (item) != NULL);
  stateroom_window_set_enabled (self, "reload", page != NULL);
  stateroom_window_set_enabled (self, "cancel", page != NULL);
  set_state (self, "search",
             g_variant_new_boolean (has_content && stateroom_tree_view_get_search_mode (tree_view)));
  stateroom_window_update_edit_actions (self);
  stateroom_window_update_save_actions (self);
  stateroom_window_update_export (self);
}

/**
 * stateroom_window_apply_view:
 * @page: a page of the window
 *
 * Brings a page to what is chosen for the whole window.
 */
void
stateroom_window_apply_view (StateroomWindow *self, StateroomPage *page)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "show-inspector");
  g_autoptr (GVariant) show = g_action_get_state (action);

  stateroom_tree_view_set_flags (stateroom_page_get_tree_view (page), self->flags);
  stateroom_page_show_inspector (page, g_variant_get_boolean (show));
}

/**
 * stateroom_window_add_actions:
 *
 * Adds the actions of the window. They can be called from outside, over D-Bus, by their names and parameters.
 */
void
stateroom_window_add_actions (StateroomWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  if (!(self->flags & CKPT_ITEM_SPLIT_KEYS))
    set_state (self, "view-mode", g_variant_new_string ("flat"));
  if (self->flags & CKPT_ITEM_FOLD_BLOCKS)
    set_state (self, "fold-blocks", g_variant_new_boolean (TRUE));
}
