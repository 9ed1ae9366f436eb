/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector-test-util.h"

#include <string.h>

#define TIMEOUT_S 60

CkptTree *
inspector_test_load (const char *path)
{
  g_autoptr (GError) error = NULL;
  CkptTree *tree = ckpt_load (path, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return tree;
}

CkptTree *
inspector_test_load_fixture (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "torch-2.13", name, NULL);

  return inspector_test_load (path);
}

void
inspector_test_set_up (InspectorFixture *fixture, gconstpointer data)
{
  fixture->window = GTK_WINDOW (gtk_window_new ());
  fixture->inspector = STATEROOM_INSPECTOR (stateroom_inspector_new ());
  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->inspector));
  gtk_window_set_default_size (fixture->window, 720, 860);
  gtk_window_present (fixture->window);
  if (data != NULL)
    fixture->tree = inspector_test_load_fixture (data);
}

static void
on_timeout (gpointer data)
{
  g_error ("waited too long");
}

guint
inspector_test_start_timeout (void)
{
  return g_timeout_add_seconds_once (TIMEOUT_S, on_timeout, NULL);
}

void
inspector_test_tear_down (InspectorFixture *fixture, gconstpointer data)
{
  guint timeout = inspector_test_start_timeout ();
  GtkWidget *inspector = GTK_WIDGET (fixture->inspector);

  g_object_add_weak_pointer (G_OBJECT (inspector), (gpointer *) &inspector);
  gtk_window_destroy (fixture->window);
  g_clear_pointer (&fixture->tree, ckpt_tree_unref);
  while (inspector != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
}

void
inspector_test_wait (InspectorFixture *fixture)
{
  guint timeout = inspector_test_start_timeout ();

  while (stateroom_inspector_is_busy (fixture->inspector))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
}

/* Selects a value, and gives the page that shows it. */
GtkWidget *
inspector_test_select_now (InspectorFixture *fixture, const char *path_text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptPath) path = path_text != NULL ? ckpt_path_resolve (fixture->tree, path_text, &error) : NULL;

  g_assert_no_error (error);
  stateroom_inspector_set_selection (fixture->inspector, fixture->tree, path);
  return stateroom_inspector_get_page (fixture->inspector);
}

GtkWidget *
inspector_test_select (InspectorFixture *fixture, const char *path_text)
{
  GtkWidget *page = inspector_test_select_now (fixture, path_text);

  inspector_test_wait (fixture);
  return page;
}

void
inspector_test_assert_figure (StateroomTensorPage *page, const char *name, const char *value)
{
  g_assert_cmpstr (stateroom_figures_get_value (stateroom_tensor_page_get_figures (page), name), ==, value);
}

StateroomPlotView *
inspector_test_get_plot_view (StateroomTensorPage *page)
{
  return stateroom_histogram_card_get_plot_view (stateroom_tensor_page_get_histogram_card (page));
}

const char *
inspector_test_get_card_page (StateroomTensorPage *page)
{
  return stateroom_histogram_card_get_page (stateroom_tensor_page_get_histogram_card (page));
}

GtkWidget *
inspector_test_find_button (GtkWidget *widget, const char *label)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget) &&
      g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = inspector_test_find_button (child, label);

      if (found != NULL)
        return found;
    }
  return NULL;
}

void
inspector_test_toggle (InspectorFixture *fixture, const char *label)
{
  GtkToggleButton *button = GTK_TOGGLE_BUTTON (
      inspector_test_find_button (GTK_WIDGET (fixture->inspector), label));

  gtk_toggle_button_set_active (button, !gtk_toggle_button_get_active (button));
}

void
inspector_test_click (InspectorFixture *fixture, const char *label)
{
  GtkWidget *button;
  guint timeout = inspector_test_start_timeout ();

  while ((button = inspector_test_find_button (GTK_WIDGET (fixture->inspector), label)) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
  g_signal_emit_by_name (button, "clicked");
}

static gboolean
try_shortcuts (GtkWidget *widget, GListModel *shortcuts, guint key)
{
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (shortcuts) && !handled; i++)
    {
      g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (shortcuts, i);
      GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

      if (GTK_IS_KEYVAL_TRIGGER (trigger) &&
          gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == key &&
          gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger)) == 0)
        handled = gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, widget,
                                                gtk_shortcut_get_arguments (shortcut));
    }
  return handled;
}

/* What a key does in a widget that has the focus. */
gboolean
inspector_test_press (GtkWidget *widget, guint key)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !handled; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_SHORTCUT_CONTROLLER (controller))
        handled = try_shortcuts (widget, G_LIST_MODEL (controller), key);
    }
  return handled;
}

/* What a widget looks like; right after a change there is nothing yet. */
GskRenderNode *
inspector_test_wait_for_node (GtkWidget *widget)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  guint timeout = inspector_test_start_timeout ();
  GskRenderNode *node = NULL;

  gtk_widget_queue_draw (widget);
  gtk_test_widget_wait_for_draw (widget);
  while (node == NULL)
    {
      GtkSnapshot *snapshot = gtk_snapshot_new ();

      g_main_context_iteration (NULL, FALSE);
      gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (widget),
                              gtk_widget_get_height (widget));
      node = gtk_snapshot_free_to_node (snapshot);
    }
  g_source_remove (timeout);
  return node;
}

static cairo_surface_t *
draw_widget (GtkWidget *widget)
{
  GskRenderNode *node = inspector_test_wait_for_node (widget);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, gtk_widget_get_width (widget),
                                                         gtk_widget_get_height (widget));
  cairo_t *cr = cairo_create (surface);

  gsk_render_node_draw (node, cr);
  gsk_render_node_unref (node);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

/* Pixels of the colour of bars: much more blue than red, and opaque. */
guint
inspector_test_count_bar_pixels (GtkWidget *widget)
{
  cairo_surface_t *surface = draw_widget (widget);
  const guint8 *data = cairo_image_surface_get_data (surface);
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  guint n = 0;

  for (int y = 0; y < cairo_image_surface_get_height (surface); y++)
    {
      for (int x = 0; x < cairo_image_surface_get_width (surface); x++)
        {
          guint32 pixel;

          memcpy (&pixel, data + (gsize) y * stride + 4 * (gsize) x, sizeof pixel);
          n += (pixel & 0xff) > ((pixel >> 16) & 0xff) + 80 && pixel >> 24 == 0xff;
        }
    }
  cairo_surface_destroy (surface);
  return n;
}
