/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "stateroom-cast-form.h"
#include "stateroom-changes-dialog.h"
#include "stateroom-device-form.h"
#include "stateroom-edit-dialog.h"
#include "stateroom-pattern-form.h"
#include "stateroom-plain-form.h"
#include "stateroom-row-edit.h"
#include "stateroom-unwrap-form.h"
#include "stateroom-window-private.h"

/**
 * PlainEdit:
 * @action: name of the action
 * @verb: what it does
 * @title: of the dialog
 * @apply: label of its button
 * @description: what it means
 * @has_place: whether it is asked what it is for
 *
 * An edit whose dialog has no controls of its own.
 */
typedef struct
{
  const char *action;
  const char *verb;
  const char *title;
  const char *apply;
  const char *description;
  gboolean has_place;
} PlainEdit;

static const PlainEdit plain_edits[] = {
  { "state-dict", "state-dict", N_ ("Turn into State Dict"), N_ ("_Turn"),
    N_ ("The pickled module becomes what its state_dict() would give: it then loads without its class."),
    TRUE },
  { "unwrap-object", "unwrap-object", N_ ("Unwrap Object"), N_ ("_Unwrap"),
    N_ ("A DataParallel, DistributedDataParallel or compiled module becomes the module that it wraps."),
    TRUE },
  { "set-train", "train", N_ ("Set to Train"), N_ ("_Set"),
    N_ ("The pickled module and all modules in it are in training mode when they are loaded."), TRUE },
  { "set-eval", "eval", N_ ("Set to Eval"), N_ ("_Set"),
    N_ ("The pickled module and all modules in it are in evaluation mode when they are loaded."), TRUE },
  { "compact", "compact", N_ ("Compact Storages"), N_ ("_Compact"),
    N_ ("Storages that are larger than what their tensors show are cut to that."), TRUE },
  { "split", "split", N_ ("Split Tied Tensors"), N_ ("_Split"),
    N_ ("Each of several tensors that share their values gets a copy of its own."), TRUE },
  { "remove-optimizer", "remove-optimizer", N_ ("Remove Optimizer"), N_ ("_Remove"),
    N_ ("The state of optimizers goes. Training cannot be resumed from the file any more."), FALSE },
  { "keep-ema", "keep-ema", N_ ("Keep Only EMA"), N_ ("_Keep"),
    N_ ("The averaged weights take the place of the trained ones."), FALSE },
  { "weights-only", "weights-only", N_ ("Make It Weights-Only Loadable"), N_ ("_Make"),
    N_ ("What torch.load(weights_only=True) refuses becomes a plain value, or goes."), FALSE },
};

static StateroomPage *
get_page (gpointer user_data)
{
  return stateroom_window_get_page (STATEROOM_WINDOW (user_data));
}

static CkptItem *
get_item (StateroomPage *page)
{
  return stateroom_tree_view_get_selected_item (stateroom_page_get_tree_view (page));
}

static void
present (StateroomPage *page, const char *title, const char *apply, GtkWidget *form)
{
  AdwDialog *dialog = stateroom_edit_dialog_new (stateroom_page_get_editor (page), title, apply, form);

  g_signal_connect_object (dialog, "applied", G_CALLBACK (stateroom_page_say_edited), page,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (page));
}

static void
plain_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);
  const char *name = g_action_get_name (G_ACTION (action));

  for (gsize i = 0; page != NULL && i < G_N_ELEMENTS (plain_edits); i++)
    {
      const PlainEdit *edit = &plain_edits[i];

      if (g_str_equal (edit->action, name))
        present (
            page, _ (edit->title), _ (edit->apply),
            stateroom_plain_form_new (edit->verb, _ (edit->description), get_item (page), edit->has_place));
    }
}

static void
move_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);

  if (page != NULL)
    present (page, _ ("Move to Device"), _ ("_Move"),
             stateroom_device_form_new (get_item (page), stateroom_page_get_tree (page)));
}

static void
cast_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);

  if (page != NULL)
    present (page, _ ("Cast"), _ ("_Cast"), stateroom_cast_form_new (get_item (page)));
}

static void
unwrap_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);

  if (page != NULL)
    present (page, _ ("Unwrap Keys"), _ ("_Unwrap"),
             stateroom_unwrap_form_new (get_item (page), stateroom_page_get_tree (page)));
}

static void
add_prefix_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);

  if (page != NULL)
    present (page, _ ("Add Prefix"), _ ("_Add"),
             stateroom_pattern_form_new (get_item (page), STATEROOM_PATTERN_ADD));
}

static void
rename_pattern_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);

  if (page != NULL)
    present (page, _ ("Rename by Pattern"), _ ("_Rename"),
             stateroom_pattern_form_new (get_item (page), STATEROOM_PATTERN_PREFIX));
}

static void
undo_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);

  if (page != NULL)
    stateroom_page_undo (page, FALSE);
}

static void
redo_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);

  if (page != NULL)
    stateroom_page_undo (page, TRUE);
}

static void
show_changes_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);

  if (page != NULL)
    adw_dialog_present (stateroom_changes_dialog_new (stateroom_page_get_document (page)), GTK_WIDGET (page));
}

/* Any edit, as a line of a recipe. */
static void
edit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = NULL;

  if (page == NULL)
    return;
  if (g_shell_parse_argv (g_variant_get_string (parameter, NULL), NULL, &words, &error))
    stateroom_page_edit (page, (const char *const *) words, NULL);
  else
    stateroom_window_say (STATEROOM_WINDOW (user_data), error->message);
}

static void
rename_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);

  if (page != NULL)
    stateroom_tree_view_start_rename (stateroom_page_get_tree_view (page));
}

static void
remove_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);

  if (page != NULL)
    stateroom_row_edit_remove (page, get_item (page));
}

static void
duplicate_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);

  if (page != NULL)
    stateroom_row_edit_duplicate (page, get_item (page));
}

static void
set_value_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  StateroomPage *page = get_page (user_data);

  if (page != NULL)
    stateroom_page_start_set_value (page);
}

static const GActionEntry entries[] = {
  { .name = "undo", .activate = undo_action },
  { .name = "redo", .activate = redo_action },
  { .name = "show-changes", .activate = show_changes_action },
  { .name = "edit", .activate = edit_action, .parameter_type = "s" },
  { .name = "rename", .activate = rename_action },
  { .name = "remove", .activate = remove_action },
  { .name = "duplicate", .activate = duplicate_action },
  { .name = "set-value", .activate = set_value_action },
  { .name = "move-to-device", .activate = move_action },
  { .name = "cast", .activate = cast_action },
  { .name = "unwrap-keys", .activate = unwrap_action },
  { .name = "add-prefix", .activate = add_prefix_action },
  { .name = "rename-pattern", .activate = rename_pattern_action },
  { .name = "state-dict", .activate = plain_action },
  { .name = "unwrap-object", .activate = plain_action },
  { .name = "set-train", .activate = plain_action },
  { .name = "set-eval", .activate = plain_action },
  { .name = "compact", .activate = plain_action },
  { .name = "split", .activate = plain_action },
  { .name = "remove-optimizer", .activate = plain_action },
  { .name = "keep-ema", .activate = plain_action },
  { .name = "weights-only", .activate = plain_action },
};

/* The names of what would be undone and redone, in the menu. */
static void
update_undo_menu (StateroomWindow *self, const char *undo, const char *redo)
{
  /* Translators: %s is what an edit does, such as "Move 26 tensors to cpu" */
  g_autofree char *undo_label = undo != NULL ? g_strdup_printf (_ ("_Undo: %s"), undo)
                                             : g_strdup (_ ("_Undo"));
  g_autofree char *redo_label = redo != NULL ? g_strdup_printf (_ ("_Redo: %s"), redo)
                                             : g_strdup (_ ("_Redo"));

  g_menu_remove_all (self->undo_menu);
  g_menu_append (self->undo_menu, undo_label, "win.undo");
  g_menu_append (self->undo_menu, redo_label, "win.redo");
  g_menu_append (self->undo_menu, _ ("Unsaved _Changes…"), "win.show-changes");
}

/**
 * stateroom_window_update_edit_actions:
 *
 * Enables the edits that make sense for what is selected.
 */
void
stateroom_window_update_edit_actions (StateroomWindow *self)
{
  static const char *const row_actions[] = { "rename", "remove", "duplicate", "set-value" };
  StateroomPage *page = stateroom_window_get_page (self);
  CkptDocument *document = page != NULL ? stateroom_page_get_document (page) : NULL;
  gboolean can_edit = document != NULL && stateroom_page_get_state (page) == STATEROOM_PAGE_CONTENT;
  CkptItem *item = can_edit ? get_item (page) : NULL;
  const char *undo = can_edit ? ckpt_document_get_undo_title (document) : NULL;
  const char *redo = can_edit ? ckpt_document_get_redo_title (document) : NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    stateroom_window_set_enabled (self, entries[i].name, can_edit);
  for (gsize i = 0; i < G_N_ELEMENTS (row_actions); i++)
    stateroom_window_set_enabled (self, row_actions[i],
                                  item != NULL && stateroom_row_edit_can (item, row_actions[i]));
  stateroom_window_set_enabled (self, "undo", undo != NULL);
  stateroom_window_set_enabled (self, "redo", redo != NULL);
  stateroom_window_set_enabled (self, "show-changes", can_edit && ckpt_document_get_n_pending (document) > 0);
  update_undo_menu (self, undo, redo);
}

/**
 * stateroom_window_add_edit_actions:
 *
 * Adds the actions that edit a file.
 */
void
stateroom_window_add_edit_actions (StateroomWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
