/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "app-test-util.h"
#include "stateroom-module-page.h"

typedef struct
{
  StateroomApplication *app;
  StateroomWindow *window;
  StateroomPage *page;
  StateroomTreeView *tree_view;
} Fixture;

static void
set_up (Fixture *self, gconstpointer name)
{
  g_autofree char *path = app_test_fixture (name);

  self->app = app_test_new_app ();
  self->window = app_test_open (self->app, path);
  self->page = stateroom_window_get_page (self->window);
  self->tree_view = stateroom_page_get_tree_view (self->page);
}

static void
tear_down (Fixture *self, gconstpointer name)
{
  app_test_free_app (self->app);
}

/* The controller of a type on a widget, the last one that was added. */
static GtkEventController *
find_controller (GtkWidget *widget, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  GtkEventController *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (controller, type) &&
          gtk_event_controller_get_propagation_phase (controller) != GTK_PHASE_NONE)
        found = controller;
    }
  return found;
}

static GtkWidget *
get_list (Fixture *self)
{
  return app_test_find_widget (GTK_WIDGET (self->tree_view), GTK_TYPE_COLUMN_VIEW);
}

static gboolean
press (Fixture *self, guint keyval, GdkModifierType state)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (get_list (self));
  gboolean handled = FALSE;

  /* Ours comes before the list's own. */
  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !handled; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", keyval, 0, state, &handled);
    }
  return handled;
}

static void
assert_selected (Fixture *self, const char *label)
{
  g_assert_cmpstr (ckpt_item_get_label (stateroom_tree_view_get_selected_item (self->tree_view)), ==, label);
}

static void
select_row (Fixture *self, const char *label)
{
  GListModel *rows = stateroom_tree_view_get_rows (self->tree_view);

  gtk_selection_model_select_item (GTK_SELECTION_MODEL (rows), app_test_find_row (self->window, label), TRUE);
  assert_selected (self, label);
}

static void
test_keys (Fixture *self, gconstpointer data)
{
  app_test_act (self->window, "collapse-all", NULL);
  select_row (self, "model_state_dict");
  g_assert_cmpuint (app_test_find_row (self->window, "conv1"), ==, GTK_INVALID_LIST_POSITION);
  /* Right opens, then goes in. */
  g_assert_true (press (self, GDK_KEY_Right, 0));
  g_assert_cmpuint (app_test_find_row (self->window, "conv1"), !=, GTK_INVALID_LIST_POSITION);
  assert_selected (self, "model_state_dict");
  g_assert_true (press (self, GDK_KEY_Right, 0));
  assert_selected (self, "scale");
  /* Left goes out, then closes. */
  g_assert_true (press (self, GDK_KEY_Left, 0));
  assert_selected (self, "model_state_dict");
  g_assert_true (press (self, GDK_KEY_Left, 0));
  g_assert_cmpuint (app_test_find_row (self->window, "conv1"), ==, GTK_INVALID_LIST_POSITION);
  g_assert_true (press (self, GDK_KEY_KP_Add, 0));
  g_assert_cmpuint (app_test_find_row (self->window, "conv1"), !=, GTK_INVALID_LIST_POSITION);
  g_assert_true (press (self, GDK_KEY_KP_Subtract, 0));
  g_assert_cmpuint (app_test_find_row (self->window, "conv1"), ==, GTK_INVALID_LIST_POSITION);
  g_assert_false (press (self, GDK_KEY_x, 0));
}

static void
on_clipboard_text (GObject *source, GAsyncResult *result, gpointer user_data)
{
  char **text = user_data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static void
test_copy_key (Fixture *self, gconstpointer data)
{
  g_autofree char *text = NULL;

  select_row (self, "fc1");
  g_assert_true (press (self, GDK_KEY_c, GDK_CONTROL_MASK));
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self->window)), NULL,
                                 on_clipboard_text, &text);
  WAIT_UNTIL (text != NULL);
  g_assert_cmpstr (text, ==, "fc1");
}

static GtkWidget *
find_menu (Fixture *self)
{
  return app_test_find_widget (GTK_WIDGET (self->tree_view), GTK_TYPE_POPOVER_MENU);
}

static void
test_menu_key (Fixture *self, gconstpointer data)
{
#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("GDK leaks the place of a popover that the compositor refuses");
  return;
#endif
  g_assert_null (find_menu (self));
  select_row (self, "fc1");
  g_assert_true (press (self, GDK_KEY_Menu, 0));
  g_assert_true (gtk_widget_get_visible (find_menu (self)));
  gtk_popover_popdown (GTK_POPOVER (find_menu (self)));
  g_assert_true (press (self, GDK_KEY_F10, GDK_SHIFT_MASK));
  g_assert_true (gtk_widget_get_visible (find_menu (self)));
  gtk_popover_popdown (GTK_POPOVER (find_menu (self)));
}

/* Activating a row opens or closes it. */
static void
test_activate (Fixture *self, gconstpointer data)
{
  guint position, n;

  app_test_act (self->window, "collapse-all", NULL);
  position = app_test_find_row (self->window, "model_state_dict");
  n = g_list_model_get_n_items (stateroom_tree_view_get_rows (self->tree_view));
  g_signal_emit_by_name (get_list (self), "activate", position);
  g_assert_cmpuint (g_list_model_get_n_items (stateroom_tree_view_get_rows (self->tree_view)), >, n);
  g_signal_emit_by_name (get_list (self), "activate", position);
  g_assert_cmpuint (g_list_model_get_n_items (stateroom_tree_view_get_rows (self->tree_view)), ==, n);
}

/* A row that stands for a container again leads to where that stands first: here it is the whole. */
static void
test_activate_repeat (Fixture *self, gconstpointer data)
{
  guint position = app_test_find_row (self->window, "self");

  select_row (self, "self");
  g_assert_cmpint (ckpt_item_get_role (stateroom_tree_view_get_selected_item (self->tree_view)), ==,
                   CKPT_ITEM_REPEAT);
  g_signal_emit_by_name (get_list (self), "activate", position);
  g_assert_cmpint (ckpt_item_get_role (stateroom_tree_view_get_selected_item (self->tree_view)), ==,
                   CKPT_ITEM_FILE);
}

static void
test_module (Fixture *self, gconstpointer data)
{
  StateroomInspector *inspector = stateroom_page_get_inspector (self->page);
  StateroomTensorTable *table;
  g_autofree char *name = NULL, *shape = NULL;

  select_row (self, "conv2");
  g_assert_true (STATEROOM_IS_MODULE_PAGE (stateroom_inspector_get_page (inspector)));
  WAIT_UNTIL (!stateroom_inspector_is_busy (inspector));
  table = stateroom_statistics_get_table (stateroom_module_page_get_statistics (
      STATEROOM_MODULE_PAGE (stateroom_inspector_get_page (inspector))));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (stateroom_tensor_table_get_rows (table))), ==, 2);
  name = stateroom_tensor_table_dup_text (table, STATEROOM_BY_NAME, 0);
  shape = stateroom_tensor_table_dup_text (table, STATEROOM_BY_SHAPE, 0);
  g_assert_cmpstr (name, ==, "weight");
  g_assert_cmpstr (shape, ==, "16×6×5×5");
}

static void
test_drop (Fixture *self, gconstpointer data)
{
  g_autofree char *one = app_test_fixture ("state_dict.pt"), *two = app_test_fixture ("views.pt");
  g_autoptr (GFile) first = g_file_new_for_path (one), second = g_file_new_for_path (two);
  GFile *files[] = { first, second };
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean taken = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_array (files, 2));
  g_signal_emit_by_name (find_controller (GTK_WIDGET (self->window), GTK_TYPE_DROP_TARGET), "drop", &value,
                         0.0, 0.0, &taken);
  g_assert_true (taken);
  g_assert_cmpint (stateroom_window_get_n_pages (self->window), ==, 3);
  g_assert_true (g_file_equal (stateroom_page_get_file (stateroom_window_get_page (self->window)), first));
}

/* Widgets of a window that do something when pressed say what; also to those who cannot see them. */
static void
assert_named (GtkWidget *widget)
{
  gboolean is_button = GTK_IS_BUTTON (widget) || GTK_IS_MENU_BUTTON (widget) || GTK_IS_DROP_DOWN (widget);

  if (is_button && gtk_widget_get_mapped (widget) && gtk_widget_get_tooltip_text (widget) == NULL &&
      app_test_find_widget (widget, GTK_TYPE_LABEL) == NULL)
    {
      GtkWidget *parent = gtk_widget_get_parent (widget);

      /* The button inside a menu button, a drop-down or an expander: the name is its parent's. */
      if (!GTK_IS_MENU_BUTTON (parent) && !GTK_IS_DROP_DOWN (parent) &&
          !gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL) &&
          !gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY))
        g_error ("a %s without a name, in a %s", G_OBJECT_TYPE_NAME (widget), G_OBJECT_TYPE_NAME (parent));
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    assert_named (child);
}

static void
test_names (Fixture *self, gconstpointer data)
{
  app_test_act (self->window, "select-path", "[\"model_state_dict\"][\"conv1.weight\"]");
  app_test_act (self->window, "find", "weight");
  WAIT_UNTIL (stateroom_tree_view_get_n_found (self->tree_view) > 0);
  assert_named (GTK_WIDGET (self->window));
}

static void
test_dialogs (Fixture *self, gconstpointer data)
{
  AdwApplicationWindow *window = ADW_APPLICATION_WINDOW (self->window);

  app_test_act (self->window, "show-problems", NULL);
  g_assert_nonnull (adw_application_window_get_visible_dialog (window));
  adw_dialog_force_close (adw_application_window_get_visible_dialog (window));
  WAIT_UNTIL (adw_application_window_get_visible_dialog (window) == NULL);
  g_action_group_activate_action (G_ACTION_GROUP (self->app), "about", NULL);
  WAIT_UNTIL (ADW_IS_ABOUT_DIALOG (adw_application_window_get_visible_dialog (window)));
  adw_dialog_force_close (adw_application_window_get_visible_dialog (window));
  WAIT_UNTIL (adw_application_window_get_visible_dialog (window) == NULL);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.show-help-overlay", NULL);
  g_assert_cmpuint (g_list_length (gtk_application_get_windows (GTK_APPLICATION (self->app))), ==, 1);
}

static void
test_fullscreen (Fixture *self, gconstpointer data)
{
  app_test_act (self->window, "fullscreen", NULL);
  WAIT_UNTIL (gtk_window_is_fullscreen (GTK_WINDOW (self->window)));
  app_test_act (self->window, "fullscreen", NULL);
  WAIT_UNTIL (!gtk_window_is_fullscreen (GTK_WINDOW (self->window)));
  /* A window that goes while it is drawn leaves its picture behind. */
  gtk_test_widget_wait_for_draw (GTK_WIDGET (self->window));
}

/* Every accelerator leads to an action that there is. */
static void
test_accelerators (Fixture *self, gconstpointer data)
{
  g_auto (GStrv) actions = gtk_application_list_action_descriptions (GTK_APPLICATION (self->app));

  g_assert_cmpuint (g_strv_length (actions), >, 10);
  for (gsize i = 0; actions[i] != NULL; i++)
    {
      const char *name = strchr (actions[i], '.') + 1;

      if (g_str_has_prefix (actions[i], "win."))
        g_assert_true (g_action_group_has_action (G_ACTION_GROUP (self->window), name));
      else if (g_str_has_prefix (actions[i], "app."))
        g_assert_true (g_action_group_has_action (G_ACTION_GROUP (self->app), name));
    }
}

static void
add (const char *name, const char *file, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (name, Fixture, file, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  app_test_init (&argc, &argv);

  add ("/input/keys", "cuda1_multi_item.pt", test_keys);
  add ("/input/copy-key", "cuda1_multi_item.pt", test_copy_key);
  add ("/input/menu-key", "cuda1_multi_item.pt", test_menu_key);
  add ("/input/activate", "cuda1_multi_item.pt", test_activate);
  add ("/input/activate-repeat", "cycle.pt", test_activate_repeat);
  add ("/input/module", "cuda1_multi_item.pt", test_module);
  add ("/input/drop", "cuda1_multi_item.pt", test_drop);
  add ("/input/names", "cuda1_multi_item.pt", test_names);
  add ("/input/dialogs", "cuda1_multi_item.pt", test_dialogs);
  add ("/input/fullscreen", "cuda1_multi_item.pt", test_fullscreen);
  add ("/input/accelerators", "cuda1_multi_item.pt", test_accelerators);

  return g_test_run ();
}
