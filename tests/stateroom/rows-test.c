/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "app-test-util.h"
#include "stateroom-edit-dialog.h"
#include "stateroom-key-ref.h"
#include "stateroom-pattern-form.h"
#include "stateroom-row-edit.h"
#include "stateroom-value-page.h"

typedef struct
{
  StateroomApplication *app;
  StateroomWindow *window;
  StateroomPage *page;
  StateroomTreeView *tree_view;
  char *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer name)
{
  g_autofree char *original = app_test_fixture (name);

  self->path = app_test_file ("rows.pt", "", 0);
  app_test_copy (original, self->path);
  self->app = app_test_new_app ();
  self->window = app_test_open (self->app, self->path);
  self->page = stateroom_window_get_page (self->window);
  self->tree_view = stateroom_page_get_tree_view (self->page);
}

static void
tear_down (Fixture *self, gconstpointer name)
{
  stateroom_page_give_up (self->page);
  app_test_free_app (self->app);
  g_unlink (self->path);
  g_free (self->path);
}

static gboolean
has_key (Fixture *self, const char *key)
{
  CkptTree *tree = stateroom_page_get_tree (self->page);

  return ckpt_tree_get_key (tree, ckpt_tree_get_root (tree), key) != CKPT_NO_NODE;
}

static void
settle (Fixture *self)
{
  WAIT_UNTIL (stateroom_page_is_settled (self->page));
}

static char *
dup_selected (Fixture *self)
{
  return ckpt_item_dup_path_text (stateroom_tree_view_get_selected_item (self->tree_view));
}

/* The key is typed in its row; the row stays selected under its new name. */
static void
test_rename (Fixture *self, gconstpointer data)
{
  GtkEntry *entry;
  g_autofree char *selected = NULL;

  app_test_act (self->window, "select-path", "[\"epoch\"]");
  WAIT_UNTIL (app_test_find_widget (GTK_WIDGET (self->tree_view), GTK_TYPE_TREE_EXPANDER) != NULL);
  app_test_act (self->window, "rename", NULL);
  entry = stateroom_tree_view_get_rename_entry (self->tree_view);
  g_assert_nonnull (entry);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "epoch");
  gtk_editable_set_text (GTK_EDITABLE (entry), "age");
  g_signal_emit_by_name (entry, "activate");
  g_assert_null (stateroom_tree_view_get_rename_entry (self->tree_view));
  settle (self);
  WAIT_UNTIL (has_key (self, "age"));
  g_assert_false (has_key (self, "epoch"));
  selected = dup_selected (self);
  g_assert_cmpstr (selected, ==, "[\"age\"]");
}

static void
test_remove (Fixture *self, gconstpointer data)
{
  app_test_act (self->window, "select-path", "[\"epoch\"]");
  app_test_act (self->window, "remove", NULL);
  settle (self);
  WAIT_UNTIL (!has_key (self, "epoch"));
  app_test_act (self->window, "undo", NULL);
  settle (self);
  g_assert_true (has_key (self, "epoch"));
}

static void
test_duplicate (Fixture *self, gconstpointer data)
{
  g_autofree char *selected = NULL;

  app_test_act (self->window, "select-path", "[\"epoch\"]");
  app_test_act (self->window, "duplicate", NULL);
  settle (self);
  WAIT_UNTIL (has_key (self, "epoch_2"));
  selected = dup_selected (self);
  g_assert_cmpstr (selected, ==, "[\"epoch_2\"]");
}

static void
test_set_value (Fixture *self, gconstpointer data)
{
  CkptTree *tree;
  GtkWidget *shown;
  gint64 epoch = 0;

  app_test_act (self->window, "select-path", "[\"epoch\"]");
  shown = stateroom_inspector_get_page (stateroom_page_get_inspector (self->page));
  g_assert_true (STATEROOM_IS_VALUE_PAGE (shown));
  app_test_act (self->window, "set-value", NULL);
  stateroom_value_page_set (STATEROOM_VALUE_PAGE (shown), "1234");
  settle (self);
  WAIT_UNTIL (stateroom_page_is_modified (self->page));
  settle (self);
  tree = stateroom_page_get_tree (self->page);
  g_assert_true (
      ckpt_tree_get_int (tree, ckpt_tree_get_key (tree, ckpt_tree_get_root (tree), "epoch"), &epoch));
  g_assert_cmpint (epoch, ==, 1234);
}

static void
test_pattern (Fixture *self, gconstpointer data)
{
  StateroomEditDialog *dialog;

  app_test_act (self->window, "rename-pattern", NULL);
  dialog = STATEROOM_EDIT_DIALOG (
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self->window)));
  WAIT_UNTIL (!stateroom_edit_dialog_is_busy (dialog));
  g_assert_false (stateroom_edit_dialog_can_apply (dialog));
  stateroom_pattern_form_set_text (STATEROOM_PATTERN_FORM (stateroom_edit_dialog_get_form (dialog)), "conv1.",
                                   "first.");
  WAIT_UNTIL (!stateroom_edit_dialog_is_busy (dialog));
  g_assert_true (stateroom_edit_dialog_can_apply (dialog));
  g_assert_true (app_test_has_text (GTK_WIDGET (dialog), "[\"first.weight\"]") ||
                 app_test_has_text (GTK_WIDGET (dialog), "first.weight"));
  stateroom_edit_dialog_apply (dialog);
  settle (self);
  WAIT_UNTIL (has_key (self, "first.weight"));
}

/* What is dropped, or pasted, from another file gets a key that is free. */
static void
test_insert (Fixture *self, gconstpointer data)
{
  g_autofree char *other_path = app_test_fixture ("multi_item.pt");
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptTree) other = ckpt_load (other_path, NULL, NULL, NULL, &error);
  g_autoptr (CkptOutline) outline = NULL;
  g_autoptr (CkptItem) root = NULL, item = NULL;
  g_autoptr (CkptPath) path = NULL;
  g_autoptr (StateroomKeyRef) ref = NULL;

  g_assert_no_error (error);
  outline = ckpt_outline_new (other);
  root = ckpt_item_new (outline, CKPT_ITEM_SPLIT_KEYS);
  path = ckpt_path_resolve (other, "[\"epoch\"]", &error);
  g_assert_no_error (error);
  item = ckpt_item_new_for_path (root, path);
  ref = stateroom_key_ref_new (item);
  stateroom_row_edit_insert_ref (self->page, NULL, ref);
  settle (self);
  WAIT_UNTIL (has_key (self, "epoch_2"));
}

#define ADD(path, name, test) g_test_add (path, Fixture, name, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  app_test_init (&argc, &argv);
  ADD ("/rows/rename", "cuda1_multi_item.pt", test_rename);
  ADD ("/rows/remove", "cuda1_multi_item.pt", test_remove);
  ADD ("/rows/duplicate", "cuda1_multi_item.pt", test_duplicate);
  ADD ("/rows/set-value", "cuda1_multi_item.pt", test_set_value);
  ADD ("/rows/pattern", "state_dict.pt", test_pattern);
  ADD ("/rows/insert", "cuda1_multi_item.pt", test_insert);
  return g_test_run ();
}
