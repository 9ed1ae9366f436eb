/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "app-test-util.h"
#include "stateroom-changes-dialog.h"
#include "stateroom-device-form.h"
#include "stateroom-edit-dialog.h"

#define WEIGHT "[\"model_state_dict\"][\"conv1.weight\"]"

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

  self->path = app_test_file ("edited.pt", "", 0);
  app_test_copy (original, self->path);
  self->app = app_test_new_app ();
  self->window = app_test_open (self->app, self->path);
  self->page = stateroom_window_get_page (self->window);
  self->tree_view = stateroom_page_get_tree_view (self->page);
}

static void
tear_down (Fixture *self, gconstpointer name)
{
  if (self->page != NULL)
    stateroom_page_give_up (self->page);
  app_test_free_app (self->app);
  g_unlink (self->path);
  g_free (self->path);
}

static CkptDocument *
get_document (Fixture *self)
{
  return stateroom_page_get_document (self->page);
}

static AdwDialog *
get_dialog (Fixture *self)
{
  return adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self->window));
}

/* The device of a tensor that is shown. */
static const char *
get_device (Fixture *self, const char *path_text)
{
  CkptTree *tree = stateroom_page_get_tree (self->page);
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptPath) path = ckpt_path_resolve (tree, path_text, &error);

  g_assert_no_error (error);
  return ckpt_tree_get_node_tensor (tree, ckpt_path_get_node (path, tree))->device;
}

static char *
dup_title (Fixture *self)
{
  char *title;

  g_object_get (self->page, "title", &title, NULL);
  return title;
}

static void
edit (Fixture *self, const char *line)
{
  app_test_act (self->window, "edit", line);
  WAIT_UNTIL (stateroom_page_is_settled (self->page));
}

static gboolean
is_enabled (Fixture *self, const char *action)
{
  return g_action_get_enabled (g_action_map_lookup_action (G_ACTION_MAP (self->window), action));
}

/* An edit shows another tree at once, with what was open, selected and known before. */
static void
test_edit (Fixture *self, gconstpointer data)
{
  g_autofree char *title = NULL, *selected = NULL, *undone = NULL;
  guint n_rows = g_list_model_get_n_items (stateroom_tree_view_get_rows (self->tree_view));
  CkptTree *before = stateroom_page_get_tree (self->page);

  WAIT_UNTIL (!stateroom_survey_bar_is_busy (stateroom_page_get_survey_bar (self->page)));
  app_test_act (self->window, "select-path", WEIGHT);
  g_assert_false (is_enabled (self, "undo"));
  edit (self, "device cuda:1=cpu");
  g_assert_true (stateroom_page_get_tree (self->page) != before);
  g_assert_cmpstr (get_device (self, WEIGHT), ==, "cpu");
  g_assert_cmpuint (g_list_model_get_n_items (stateroom_tree_view_get_rows (self->tree_view)), ==, n_rows);
  selected = ckpt_item_dup_path_text (stateroom_tree_view_get_selected_item (self->tree_view));
  g_assert_cmpstr (selected, ==, WEIGHT);
  title = dup_title (self);
  g_assert_cmpstr (title, ==, "• edited.pt");
  g_assert_true (stateroom_page_is_modified (self->page));
  app_test_act (self->window, "undo", NULL);
  WAIT_UNTIL (stateroom_page_is_settled (self->page));
  g_assert_true (stateroom_page_get_tree (self->page) == before);
  undone = dup_title (self);
  g_assert_cmpstr (undone, ==, "edited.pt");
  app_test_act (self->window, "redo", NULL);
  WAIT_UNTIL (stateroom_page_is_settled (self->page));
  g_assert_cmpstr (get_device (self, WEIGHT), ==, "cpu");
}

/* Statistics that an edit leaves true are not made again. */
static void
test_statistics (Fixture *self, gconstpointer data)
{
  StateroomInspector *inspector = stateroom_page_get_inspector (self->page);
  CkptTree *tree;
  StateroomSurvey *survey;

  WAIT_UNTIL (!stateroom_survey_bar_is_busy (stateroom_page_get_survey_bar (self->page)));
  edit (self, "device cuda:1=cpu");
  survey = stateroom_inspector_get_survey (inspector);
  tree = stateroom_page_get_tree (self->page);
  g_assert_true (stateroom_survey_get_tree (survey) == tree);
  for (guint i = 0; i < ckpt_tree_get_n_tensors (tree); i++)
    if (ckpt_tree_has_tensor (tree, i))
      g_assert_nonnull (stateroom_survey_get_result (survey, i));
}

static gboolean
has_mark (GtkWidget *widget)
{
  if (gtk_widget_has_css_class (widget, "edited-mark") && gtk_widget_get_visible (widget))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_mark (child))
      return TRUE;
  return FALSE;
}

/* Rows that were edited say so. */
static void
test_marks (Fixture *self, gconstpointer data)
{
  app_test_act (self->window, "select-path", WEIGHT);
  WAIT_UNTIL (app_test_find_widget (GTK_WIDGET (self->tree_view), GTK_TYPE_TREE_EXPANDER) != NULL);
  g_assert_false (has_mark (GTK_WIDGET (self->tree_view)));
  edit (self, "device cuda:1=cpu --under='" WEIGHT "'");
  WAIT_UNTIL (has_mark (GTK_WIDGET (self->tree_view)));
}

static void
test_move (Fixture *self, gconstpointer data)
{
  StateroomEditDialog *dialog;
  GtkEntry *entry;

  app_test_act (self->window, "move-to-device", NULL);
  dialog = STATEROOM_EDIT_DIALOG (get_dialog (self));
  WAIT_UNTIL (stateroom_device_form_find_entry (
                  STATEROOM_DEVICE_FORM (stateroom_edit_dialog_get_form (dialog)), "cuda:1") != NULL);
  entry = stateroom_device_form_find_entry (STATEROOM_DEVICE_FORM (stateroom_edit_dialog_get_form (dialog)),
                                            "cuda:1");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "cpu");
  WAIT_UNTIL (!stateroom_edit_dialog_is_busy (dialog));
  g_assert_true (stateroom_edit_dialog_can_apply (dialog));
  g_assert_nonnull (strstr (stateroom_edit_dialog_get_text (dialog), "34"));
  /* PyTorch cannot load that, so it is not offered. */
  gtk_editable_set_text (GTK_EDITABLE (entry), "cpu:0");
  WAIT_UNTIL (!stateroom_edit_dialog_is_busy (dialog));
  g_assert_false (stateroom_edit_dialog_can_apply (dialog));
  gtk_editable_set_text (GTK_EDITABLE (entry), "cuda:0");
  WAIT_UNTIL (!stateroom_edit_dialog_is_busy (dialog));
  stateroom_edit_dialog_apply (dialog);
  WAIT_UNTIL (get_dialog (self) == NULL && stateroom_page_is_settled (self->page));
  g_assert_cmpstr (get_device (self, WEIGHT), ==, "cuda:0");
}

static void
test_changes (Fixture *self, gconstpointer data)
{
  StateroomChangesDialog *dialog;

  edit (self, "device cuda:1=cuda:0");
  edit (self, "device cuda:0=cpu");
  app_test_act (self->window, "show-changes", NULL);
  dialog = STATEROOM_CHANGES_DIALOG (get_dialog (self));
  g_assert_cmpuint (stateroom_changes_dialog_get_n (dialog), ==, 2);
  stateroom_changes_dialog_revert_to (dialog, 1);
  g_assert_cmpuint (stateroom_changes_dialog_get_n (dialog), ==, 1);
  WAIT_UNTIL (stateroom_page_is_settled (self->page));
  g_assert_cmpstr (get_device (self, WEIGHT), ==, "cuda:0");
  adw_dialog_close (ADW_DIALOG (dialog));
}

static void
answer (Fixture *self, const char *label)
{
  AdwDialog *dialog = get_dialog (self);

  g_assert_true (ADW_IS_ALERT_DIALOG (dialog));
  app_test_click (GTK_WIDGET (dialog), label);
}

/* A tab with changes is closed only after a question. */
static void
test_close (Fixture *self, gconstpointer data)
{
  edit (self, "device cuda:1=cpu");
  app_test_act (self->window, "close-tab", NULL);
  answer (self, "_Cancel");
  WAIT_UNTIL (get_dialog (self) == NULL);
  g_assert_cmpint (stateroom_window_get_n_pages (self->window), ==, 1);
  app_test_act (self->window, "close-tab", NULL);
  self->page = NULL;
  answer (self, "_Discard");
  WAIT_UNTIL (stateroom_window_get_n_pages (self->window) == 0);
}

static void
test_close_window (Fixture *self, gconstpointer data)
{
  gpointer window = self->window;

  edit (self, "device cuda:1=cpu");
  g_object_add_weak_pointer (window, &window);
  gtk_window_close (GTK_WINDOW (self->window));
  answer (self, "_Cancel");
  WAIT_UNTIL (get_dialog (self) == NULL);
  g_assert_nonnull (window);
  g_assert_cmpint (stateroom_window_get_n_pages (self->window), ==, 1);
  gtk_window_close (GTK_WINDOW (self->window));
  self->page = NULL;
  answer (self, "_Discard");
  WAIT_UNTIL (window == NULL);
}

/* The tab goes on with the file that was written; what was done can still be undone. */
static void
test_save (Fixture *self, gconstpointer data)
{
  g_autofree char *path = app_test_file ("saved.pt", "", 0), *title = NULL;
  g_autoptr (CkptTree) saved = NULL;
  g_autoptr (GError) error = NULL;

  g_unlink (path);
  edit (self, "device cuda:1=cpu");
  app_test_act (self->window, "save-to", path);
  WAIT_UNTIL (stateroom_page_is_settled (self->page) && !stateroom_page_is_modified (self->page));
  title = dup_title (self);
  g_assert_cmpstr (title, ==, "saved.pt");
  g_assert_true (stateroom_page_is_own (self->page));
  g_assert_cmpstr (get_device (self, WEIGHT), ==, "cpu");
  saved = ckpt_load (path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  app_test_act (self->window, "undo", NULL);
  WAIT_UNTIL (stateroom_page_is_settled (self->page));
  g_assert_cmpstr (get_device (self, WEIGHT), ==, "cuda:1");
  g_unlink (path);
}

/* What a crash left undone is offered when the file is opened again. */
static void
test_journal (Fixture *self, gconstpointer data)
{
  edit (self, "device cuda:1=cpu");
  /* A document that is not closed leaves its journal behind, as one does whose app is killed. */
  app_test_free_app (self->app);
  self->app = app_test_new_app ();
  self->window = app_test_open (self->app, self->path);
  self->page = stateroom_window_get_page (self->window);
  g_assert_cmpuint (stateroom_page_get_n_journal (self->page), ==, 1);
  g_assert_false (stateroom_page_is_modified (self->page));
  stateroom_page_answer_journal (self->page, TRUE);
  WAIT_UNTIL (stateroom_page_is_modified (self->page) && stateroom_page_is_settled (self->page));
  g_assert_cmpstr (get_device (self, WEIGHT), ==, "cpu");
  g_assert_cmpuint (ckpt_document_get_n_pending (get_document (self)), ==, 1);
}

#define ADD(path, name, test) g_test_add (path, Fixture, name, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  const char *name = "cuda1_multi_item.pt";

  app_test_init (&argc, &argv);
  ADD ("/edit/edit", name, test_edit);
  ADD ("/edit/statistics", name, test_statistics);
  ADD ("/edit/marks", name, test_marks);
  ADD ("/edit/move", name, test_move);
  ADD ("/edit/changes", name, test_changes);
  ADD ("/edit/close", name, test_close);
  ADD ("/edit/close-window", name, test_close_window);
  ADD ("/edit/save", name, test_save);
  ADD ("/edit/journal", name, test_journal);
  return g_test_run ();
}
