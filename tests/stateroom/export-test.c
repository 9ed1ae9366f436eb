/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "app-test-util.h"
#include "stateroom-edit-dialog.h"
#include "stateroom-export-dialog.h"
#include "stateroom-unwrap-form.h"

typedef struct
{
  StateroomApplication *app;
  StateroomWindow *window;
  StateroomPage *page;
  char *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer name)
{
  g_autofree char *original = app_test_fixture (name);

  self->path = app_test_file ("exported.pt", "", 0);
  app_test_copy (original, self->path);
  self->app = app_test_new_app ();
  self->window = app_test_open (self->app, self->path);
  self->page = stateroom_window_get_page (self->window);
}

static void
tear_down (Fixture *self, gconstpointer name)
{
  stateroom_page_give_up (self->page);
  app_test_free_app (self->app);
  g_unlink (self->path);
  g_free (self->path);
}

static AdwDialog *
get_dialog (Fixture *self)
{
  return adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self->window));
}

static CkptTree *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  CkptTree *tree = ckpt_load (path, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return tree;
}

static void
assert_on_cpu (CkptTree *tree)
{
  g_assert_cmpuint (ckpt_tree_get_n_tensors (tree), >, 0);
  for (guint i = 0; i < ckpt_tree_get_n_tensors (tree); i++)
    g_assert_cmpstr (ckpt_tree_get_tensor (tree, i)->device, ==, "cpu");
}

static StateroomExportDialog *
open_dialog (Fixture *self)
{
  app_test_act (self->window, "export-cpu", NULL);
  WAIT_UNTIL (STATEROOM_IS_EXPORT_DIALOG (get_dialog (self)));
  WAIT_UNTIL (!stateroom_export_dialog_is_busy (STATEROOM_EXPORT_DIALOG (get_dialog (self))));
  return STATEROOM_EXPORT_DIALOG (get_dialog (self));
}

static char *
dup_export_path (StateroomExportDialog *dialog)
{
  g_autoptr (GFile) file = stateroom_export_dialog_get_file (dialog);

  return g_file_get_path (file);
}

/* The chip, what is wanted, and the button: from a DataParallel on a GPU to a state dict on the CPU. */
static void
test_three_clicks (Fixture *self, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (CkptTree) tree = NULL;
  StateroomExportDialog *dialog;

  app_test_click (GTK_WIDGET (self->window), "cuda:0 → CPU copy…");
  WAIT_UNTIL (STATEROOM_IS_EXPORT_DIALOG (get_dialog (self)));
  dialog = STATEROOM_EXPORT_DIALOG (get_dialog (self));
  WAIT_UNTIL (!stateroom_export_dialog_is_busy (dialog));
  stateroom_export_dialog_set_preset (dialog, CKPT_EXPORT_SHARE);
  WAIT_UNTIL (!stateroom_export_dialog_is_busy (dialog));
  path = dup_export_path (dialog);
  g_unlink (path);
  g_assert_nonnull (strstr (stateroom_export_dialog_get_code (dialog), "torch.load"));
  app_test_click (GTK_WIDGET (dialog), "_Save Copy");
  WAIT_UNTIL (get_dialog (self) == NULL && !stateroom_page_is_saving (self->page));
  tree = load (path);
  assert_on_cpu (tree);
  g_assert_cmpint (ckpt_tree_get_kind (tree, ckpt_tree_get_root (tree)), ==, CKPT_KIND_DICT);
  g_assert_cmpuint (ckpt_tree_get_key (tree, ckpt_tree_get_root (tree), "conv1.weight"), !=, CKPT_NO_NODE);
  /* The page goes on with its own file, which is as it was. */
  g_assert_false (stateroom_page_is_modified (self->page));
  g_assert_cmpstr (g_file_peek_path (stateroom_page_get_file (self->page)), ==, self->path);
  g_unlink (path);
}

/* Nothing is replaced without a question. */
static void
test_replace (Fixture *self, gconstpointer data)
{
  StateroomExportDialog *dialog = open_dialog (self);
  g_autofree char *path = dup_export_path (dialog), *text = NULL;
  g_autoptr (CkptTree) tree = NULL;

  g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
  stateroom_export_dialog_export (dialog);
  app_test_click (GTK_WIDGET (get_dialog (self)), "_Cancel");
  WAIT_UNTIL (get_dialog (self) == ADW_DIALOG (dialog));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine");
  stateroom_export_dialog_export (dialog);
  app_test_click (GTK_WIDGET (get_dialog (self)), "_Replace");
  WAIT_UNTIL (get_dialog (self) == NULL && !stateroom_page_is_saving (self->page));
  tree = load (path);
  assert_on_cpu (tree);
  g_unlink (path);
}

static void
test_old_pytorch (Fixture *self, gconstpointer data)
{
  StateroomExportDialog *dialog = open_dialog (self);
  g_autofree char *path = NULL;
  g_autoptr (CkptTree) tree = NULL;

  stateroom_export_dialog_set_reads_in (dialog, CKPT_READS_IN_1_5);
  WAIT_UNTIL (!stateroom_export_dialog_is_busy (dialog));
  path = dup_export_path (dialog);
  g_unlink (path);
  stateroom_export_dialog_export (dialog);
  WAIT_UNTIL (get_dialog (self) == NULL && !stateroom_page_is_saving (self->page));
  tree = load (path);
  g_assert_cmpint (ckpt_tree_get_container (tree), ==, CKPT_CONTAINER_TORCH_LEGACY);
  assert_on_cpu (tree);
  g_unlink (path);
}

static void
test_unwrap (Fixture *self, gconstpointer data)
{
  StateroomEditDialog *dialog;
  CkptTree *tree;

  app_test_act (self->window, "unwrap-keys", NULL);
  dialog = STATEROOM_EDIT_DIALOG (get_dialog (self));
  WAIT_UNTIL (
      !stateroom_unwrap_form_is_busy (STATEROOM_UNWRAP_FORM (stateroom_edit_dialog_get_form (dialog))) &&
      !stateroom_edit_dialog_is_busy (dialog));
  /* What can only be a wrapper is chosen already. */
  g_assert_true (stateroom_edit_dialog_can_apply (dialog));
  stateroom_edit_dialog_apply (dialog);
  WAIT_UNTIL (get_dialog (self) == NULL && stateroom_page_is_settled (self->page));
  tree = stateroom_page_get_tree (self->page);
  g_assert_cmpuint (ckpt_tree_get_key (tree, ckpt_tree_get_root (tree), "conv1.weight"), !=, CKPT_NO_NODE);
  g_assert_cmpuint (ckpt_tree_get_key (tree, ckpt_tree_get_root (tree), "module.conv1.weight"), ==,
                    CKPT_NO_NODE);
}

static void
switch_on (GtkWidget *widget)
{
  if (ADW_IS_SWITCH_ROW (widget))
    adw_switch_row_set_active (ADW_SWITCH_ROW (widget), TRUE);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    switch_on (child);
}

static gboolean
has_warning (GtkWidget *widget)
{
  if (GTK_IS_IMAGE (widget) && gtk_widget_get_visible (widget) &&
      g_strcmp0 (gtk_image_get_icon_name (GTK_IMAGE (widget)), "dialog-warning-symbolic") == 0)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_warning (child))
      return TRUE;
  return FALSE;
}

/* Keys that become one stop it. */
static void
test_collision (Fixture *self, gconstpointer data)
{
  StateroomEditDialog *dialog;

  app_test_act (self->window, "unwrap-keys", NULL);
  dialog = STATEROOM_EDIT_DIALOG (get_dialog (self));
  WAIT_UNTIL (
      !stateroom_unwrap_form_is_busy (STATEROOM_UNWRAP_FORM (stateroom_edit_dialog_get_form (dialog))) &&
      !stateroom_edit_dialog_is_busy (dialog));
  /* One key carries it, and one does not. */
  g_assert_false (stateroom_edit_dialog_can_apply (dialog));
  switch_on (GTK_WIDGET (stateroom_edit_dialog_get_form (dialog)));
  WAIT_UNTIL (!stateroom_edit_dialog_is_busy (dialog));
  g_assert_false (stateroom_edit_dialog_can_apply (dialog));
  g_assert_true (has_warning (GTK_WIDGET (dialog)));
  adw_dialog_force_close (ADW_DIALOG (dialog));
}

#define ADD(path, name, test) g_test_add (path, Fixture, name, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  app_test_init (&argc, &argv);
  ADD ("/export/three-clicks", "cuda0_dataparallel_object.pt", test_three_clicks);
  ADD ("/export/replace", "cuda0_state_dict.pt", test_replace);
  ADD ("/export/old-pytorch", "cuda0_state_dict.pt", test_old_pytorch);
  ADD ("/export/unwrap", "dataparallel_state_dict.pt", test_unwrap);
  ADD ("/export/collision", "prefix_collision.pt", test_collision);
  return g_test_run ();
}
