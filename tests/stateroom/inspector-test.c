/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-container-page.h"
#include "stateroom-inspector.h"
#include "stateroom-overview-data.h"
#include "stateroom-overview.h"
#include "stateroom-tensor-page.h"
#include "stateroom-value-page.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define TIMEOUT_S 60
#define MEGABYTE  ((guint64) 1000 * 1000)

typedef struct
{
  GtkWindow *window;
  StateroomInspector *inspector;
  CkptTree *tree;
} Fixture;

static CkptTree *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  CkptTree *tree = ckpt_load (path, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return tree;
}

static CkptTree *
load_fixture (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "torch-2.13", name, NULL);

  return load (path);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->window = GTK_WINDOW (gtk_window_new ());
  fixture->inspector = STATEROOM_INSPECTOR (stateroom_inspector_new ());
  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->inspector));
  gtk_window_set_default_size (fixture->window, 720, 860);
  gtk_window_present (fixture->window);
  if (data != NULL)
    fixture->tree = load_fixture (data);
}

static void
on_timeout (gpointer data)
{
  g_error ("waited too long");
}

static guint
start_timeout (void)
{
  return g_timeout_add_seconds_once (TIMEOUT_S, on_timeout, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  guint timeout = start_timeout ();
  GtkWidget *inspector = GTK_WIDGET (fixture->inspector);

  g_object_add_weak_pointer (G_OBJECT (inspector), (gpointer *) &inspector);
  gtk_window_destroy (fixture->window);
  g_clear_pointer (&fixture->tree, ckpt_tree_unref);
  while (inspector != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
}

static void
wait_until_idle (Fixture *fixture)
{
  guint timeout = start_timeout ();

  while (stateroom_inspector_is_busy (fixture->inspector))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
}

/* Selects a value, and gives the page that shows it. */
static GtkWidget *
select_now (Fixture *fixture, const char *path_text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptPath) path = path_text != NULL ? ckpt_path_resolve (fixture->tree, path_text, &error) : NULL;

  g_assert_no_error (error);
  stateroom_inspector_set_selection (fixture->inspector, fixture->tree, path);
  return stateroom_inspector_get_page (fixture->inspector);
}

static GtkWidget *
select_and_wait (Fixture *fixture, const char *path_text)
{
  GtkWidget *page = select_now (fixture, path_text);

  wait_until_idle (fixture);
  return page;
}

static void
assert_figure (StateroomTensorPage *page, const char *name, const char *value)
{
  g_assert_cmpstr (stateroom_figures_get_value (stateroom_tensor_page_get_figures (page), name), ==, value);
}

static StateroomPlotView *
get_plot_view (StateroomTensorPage *page)
{
  return stateroom_histogram_card_get_plot_view (stateroom_tensor_page_get_histogram_card (page));
}

static const char *
get_card_page (StateroomTensorPage *page)
{
  return stateroom_histogram_card_get_page (stateroom_tensor_page_get_histogram_card (page));
}

static GtkWidget *
find_button (GtkWidget *widget, const char *label)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget) &&
      g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
toggle (Fixture *fixture, const char *label)
{
  GtkToggleButton *button = GTK_TOGGLE_BUTTON (find_button (GTK_WIDGET (fixture->inspector), label));

  gtk_toggle_button_set_active (button, !gtk_toggle_button_get_active (button));
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
static gboolean
press (GtkWidget *widget, guint key)
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

static void
test_overview (Fixture *fixture, gconstpointer data)
{
  StateroomOverview *page = STATEROOM_OVERVIEW (select_and_wait (fixture, NULL));
  StateroomFacts *scalars = stateroom_overview_get_scalars (page);
  StateroomFacts *facts = stateroom_overview_get_file_facts (page);

  g_assert_cmpstr (stateroom_facts_get_value (scalars, "epoch"), ==, "9");
  g_assert_cmpstr (stateroom_facts_get_value (facts, "Kind"), ==, ckpt_tree_get_kind_of_file (fixture->tree));
  g_assert_cmpstr (stateroom_facts_get_value (facts, "byteorder"), ==, "little");
  g_assert_true (g_str_has_suffix (
      stateroom_overview_get_code (page),
      "ckpt = torch.load(\"cuda1_multi_item.pt\", map_location=\"cpu\", weights_only=True)"));
  g_assert_nonnull (strstr (stateroom_overview_get_headline (page), " values · "));
  g_assert_nonnull (strstr (stateroom_overview_get_headline (page), "float32"));
}

/* The figures are those of expected/cuda1_multi_item.pt.json. */
static void
test_tensor (Fixture *fixture, gconstpointer data)
{
  StateroomTensorPage *page = STATEROOM_TENSOR_PAGE (
      select_and_wait (fixture, "[\"model_state_dict\"][\"conv1.weight\"]"));
  StateroomFacts *facts = stateroom_tensor_page_get_storage_facts (page);

  assert_figure (page, "Count", "450");
  assert_figure (page, "Min", "−0.1163");
  assert_figure (page, "Max", "0.1205");
  assert_figure (page, "Mean", "−0.001721");
  assert_figure (page, "Std", "0.06715");
  assert_figure (page, "NaN", "0");
  assert_figure (page, "Inf", "0");
  assert_figure (page, "Zeros", "0");
  g_assert_cmpstr (get_card_page (page), ==, "plot");
  g_assert_cmpstr (stateroom_facts_get_value (facts, "Location"), ==, "cuda:1");
  g_assert_cmpstr (stateroom_facts_get_value (facts, "Stride"), ==, "(75, 25, 5, 1)");
  g_assert_nonnull (strstr (stateroom_facts_get_value (facts, "Bytes"), "1,800"));
}

/* The figures are those of expected/special_values.pt.json: of eight values some are no ordinary numbers. */
static void
test_special_values (Fixture *fixture, gconstpointer data)
{
  StateroomTensorPage *page = STATEROOM_TENSOR_PAGE (select_and_wait (fixture, "[\"f32\"]"));

  assert_figure (page, "Count", "8");
  assert_figure (page, "NaN", "1 · 12 %");
  assert_figure (page, "Inf", "2 · 25 %");
  assert_figure (page, "Zeros", "2 · 25 %");
  assert_figure (page, "Min", "−1.5");
  assert_figure (page, "Max", "3.4e38");

  page = STATEROOM_TENSOR_PAGE (select_and_wait (fixture, "[\"all_nan\"]"));
  assert_figure (page, "NaN", "5");
  assert_figure (page, "Mean", "–");
  g_assert_cmpstr (get_card_page (page), ==, "plot");
}

/* What a widget looks like; right after a change there is nothing yet. */
static GskRenderNode *
wait_for_node (GtkWidget *widget)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  guint timeout = start_timeout ();
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
  GskRenderNode *node = wait_for_node (widget);
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
static guint
count_bar_pixels (GtkWidget *widget)
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

static void
test_histogram_is_drawn (Fixture *fixture, gconstpointer data)
{
  StateroomTensorPage *page = STATEROOM_TENSOR_PAGE (
      select_and_wait (fixture, "[\"model_state_dict\"][\"fc1.weight\"]"));
  GtkWidget *plot = GTK_WIDGET (get_plot_view (page));
  guint n_linear = count_bar_pixels (plot);
  guint n_log;

  g_assert_cmpuint (n_linear, >, 500);
  toggle (fixture, "Log Counts");
  n_log = count_bar_pixels (plot);
  /* A logarithm makes low bars higher. */
  g_assert_cmpuint (n_log, >, n_linear);
  toggle (fixture, "Log Counts");
  g_assert_cmpuint (count_bar_pixels (plot), ==, n_linear);
}

static void
test_keys_walk_bins (Fixture *fixture, gconstpointer data)
{
  StateroomTensorPage *page = STATEROOM_TENSOR_PAGE (
      select_and_wait (fixture, "[\"model_state_dict\"][\"conv1.weight\"]"));
  GtkWidget *plot = GTK_WIDGET (get_plot_view (page));
  guint slot = 0;

  g_assert_false (stateroom_plot_view_get_item (STATEROOM_PLOT_VIEW (plot), &slot));
  g_assert_true (gtk_widget_activate_action (plot, "plot.move", "(ii)", 1, 0));
  g_assert_true (stateroom_plot_view_get_item (STATEROOM_PLOT_VIEW (plot), &slot));
  g_assert_cmpuint (slot, ==, 0);
  gtk_widget_activate_action (plot, "plot.move", "(ii)", 1, 0);
  stateroom_plot_view_get_item (STATEROOM_PLOT_VIEW (plot), &slot);
  g_assert_cmpuint (slot, ==, 1);
  gtk_widget_activate_action (plot, "plot.move", "(ii)", G_MAXINT32, 0);
  stateroom_plot_view_get_item (STATEROOM_PLOT_VIEW (plot), &slot);
  g_assert_cmpuint (slot, ==, 119);
  gtk_widget_activate_action (plot, "plot.move", "(ii)", 1, 0);
  stateroom_plot_view_get_item (STATEROOM_PLOT_VIEW (plot), &slot);
  g_assert_cmpuint (slot, ==, 119);
  gtk_widget_activate_action (plot, "plot.move", "(ii)", G_MININT32, 0);
  stateroom_plot_view_get_item (STATEROOM_PLOT_VIEW (plot), &slot);
  g_assert_cmpuint (slot, ==, 0);
  g_assert_true (press (plot, GDK_KEY_Escape));
  g_assert_false (stateroom_plot_view_get_item (STATEROOM_PLOT_VIEW (plot), &slot));
}

static void
get_shown_range (StateroomTensorPage *page, double *low, double *high)
{
  CkptPlotHistogram *plot = CKPT_PLOT_HISTOGRAM (stateroom_plot_view_get_plot (get_plot_view (page)));
  gboolean is_first = TRUE;

  for (guint i = 0; i < ckpt_plot_get_n_items (CKPT_PLOT (plot)); i++)
    {
      CkptPlotSlot slot;

      ckpt_plot_histogram_get_slot (plot, i, &slot);
      if (slot.kind != CKPT_PLOT_SLOT_BIN)
        continue;
      *low = is_first ? slot.low : *low;
      *high = slot.high;
      is_first = FALSE;
    }
}

/* Choosing a part shows it with all bins; Escape shows everything again. */
static void
test_zoom (Fixture *fixture, gconstpointer data)
{
  StateroomTensorPage *page = STATEROOM_TENSOR_PAGE (
      select_and_wait (fixture, "[\"model_state_dict\"][\"fc1.weight\"]"));
  GtkWidget *plot = GTK_WIDGET (get_plot_view (page));
  double low, high, part_low, part_high, width;

  gsk_render_node_unref (wait_for_node (plot));
  width = gtk_widget_get_width (plot);
  get_shown_range (page, &low, &high);
  g_signal_emit_by_name (plot, "range-chosen", width * 0.4, width * 0.6);
  wait_until_idle (fixture);
  get_shown_range (page, &part_low, &part_high);
  g_assert_cmpfloat (part_low, >, low);
  g_assert_cmpfloat (part_high, <, high);
  g_assert_cmpfloat_with_epsilon (part_high - part_low, (high - low) * 0.2, (high - low) * 0.05);
  /* The figures are those of all values. */
  assert_figure (page, "Count", "4,800");

  g_assert_true (press (plot, GDK_KEY_plus));
  wait_until_idle (fixture);
  get_shown_range (page, &low, &high);
  g_assert_cmpfloat_with_epsilon (high - low, 0.8 * (part_high - part_low), 1e-9);
  g_assert_true (press (plot, GDK_KEY_minus));
  wait_until_idle (fixture);
  get_shown_range (page, &low, &high);
  g_assert_cmpfloat_with_epsilon (low, part_low, (high - low) * 0.01);

  g_assert_true (press (plot, GDK_KEY_Escape));
  get_shown_range (page, &low, &high);
  g_assert_cmpfloat (low, <, part_low);
  g_assert_cmpfloat (high, >, part_high);
  g_assert_false (press (plot, GDK_KEY_Escape));
}

static void
test_symlog (Fixture *fixture, gconstpointer data)
{
  StateroomTensorPage *page = STATEROOM_TENSOR_PAGE (
      select_and_wait (fixture, "[\"model_state_dict\"][\"fc1.weight\"]"));
  CkptPlotHistogram *plot;
  CkptPlotSlot outer, middle;
  guint n;

  gsk_render_node_unref (wait_for_node (GTK_WIDGET (page)));
  toggle (fixture, "Symlog Values");
  wait_until_idle (fixture);
  plot = CKPT_PLOT_HISTOGRAM (stateroom_plot_view_get_plot (get_plot_view (page)));
  n = ckpt_plot_get_n_items (CKPT_PLOT (plot));
  ckpt_plot_histogram_get_slot (plot, 0, &outer);
  ckpt_plot_histogram_get_slot (plot, n / 2, &middle);
  g_assert_cmpfloat (outer.high - outer.low, >, 10 * (middle.high - middle.low));
}

static void
test_plot_is_described (Fixture *fixture, gconstpointer data)
{
  StateroomTensorPage *page = STATEROOM_TENSOR_PAGE (
      select_and_wait (fixture, "[\"model_state_dict\"][\"conv1.weight\"]"));
  GtkAccessible *plot = GTK_ACCESSIBLE (get_plot_view (page));
  const char *description = "450 values from −0.1163 to 0.1205, mean −0.001721, standard deviation 0.06715. "
                            "Tallest bar: −0.0393 … −0.0373, 9 values · 2 %.";

  gtk_test_accessible_assert_role (plot, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (plot, GTK_ACCESSIBLE_PROPERTY_LABEL, "Histogram of conv1.weight");
  gtk_test_accessible_assert_property (plot, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description);
}

/* Every button of a page says what it does. */
static void
check_names (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget))
    {
      const char *label = gtk_button_get_label (GTK_BUTTON (widget));
      const char *tooltip = gtk_widget_get_tooltip_text (widget);
      gboolean is_inner = gtk_widget_get_ancestor (widget, GTK_TYPE_DROP_DOWN) != NULL ||
                          gtk_widget_get_ancestor (widget, ADW_TYPE_TOGGLE_GROUP) != NULL;

      g_assert_true (label != NULL || tooltip != NULL || is_inner);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_names (child);
}

static void
test_buttons_have_names (Fixture *fixture, gconstpointer data)
{
  check_names (select_and_wait (fixture, NULL));
  check_names (select_and_wait (fixture, "[\"epoch\"]"));
  check_names (select_and_wait (fixture, "[\"model_state_dict\"]"));
  check_names (select_and_wait (fixture, "[\"model_state_dict\"][\"conv1.weight\"]"));
}

static void
test_container (Fixture *fixture, gconstpointer data)
{
  StateroomContainerPage *page = STATEROOM_CONTAINER_PAGE (
      select_and_wait (fixture, "[\"model_state_dict\"]"));
  StateroomFacts *facts = stateroom_container_page_get_facts (page, CKPT_STEP_KEY);

  g_assert_cmpuint (stateroom_facts_get_n (facts), >, 5);
  g_assert_nonnull (stateroom_facts_get_value (facts, "conv1.weight"));
}

static void
test_scalars (Fixture *fixture, gconstpointer data)
{
  StateroomValuePage *page = STATEROOM_VALUE_PAGE (select_and_wait (fixture, "[\"epoch\"]"));
  g_autofree char *text = stateroom_value_page_dup_text (page);

  g_assert_cmpstr (text, ==, "9");
  g_assert_cmpstr (stateroom_value_page_get_note (page), ==, "");
}

static char *
write_pickle (const GString *content)
{
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("inspector-XXXXXX.pkl", &name, &error);

  g_assert_no_error (error);
  g_assert_cmpint (write (fd, content->str, content->len), ==, (gssize) content->len);
  close (fd);
  return g_steal_pointer (&name);
}

static void
test_long_list (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) pickle = g_string_new_len ("\x80\2](", 4);
  g_autofree char *file = NULL;
  StateroomFacts *facts;

  for (int i = 0; i < 1000; i++)
    g_string_append_printf (pickle, "I%d\n", 2 * i);
  g_string_append (pickle, "e.");
  file = write_pickle (pickle);
  fixture->tree = load (file);
  facts = stateroom_container_page_get_facts (STATEROOM_CONTAINER_PAGE (select_and_wait (fixture, ".")),
                                              CKPT_STEP_INDEX);
  g_assert_cmpuint (stateroom_facts_get_n (facts), ==, 101);
  g_assert_cmpstr (stateroom_facts_get_value (facts, "99"), ==, "198");
  g_assert_cmpstr (stateroom_facts_get_value (facts, ""), ==, "and 900 more");
  g_unlink (file);
}

/* An object that is made with an argument and has a state: argparse.Namespace of one attribute. */
static void
test_object (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) pickle = g_string_new ("\x80\2cargparse\nNamespace\n(K\7tR}U\2lrG?\xc0");
  g_autofree char *file = NULL;
  StateroomContainerPage *page;

  g_string_append_len (pickle, "\0\0\0\0\0\0sb.", 9);
  file = write_pickle (pickle);
  fixture->tree = load (file);
  page = STATEROOM_CONTAINER_PAGE (select_and_wait (fixture, "."));
  g_assert_cmpstr (
      stateroom_facts_get_value (stateroom_container_page_get_facts (page, CKPT_STEP_ATTRIBUTE), ".lr"), ==,
      "0.125");
  g_assert_cmpuint (stateroom_facts_get_n (stateroom_container_page_get_facts (page, CKPT_STEP_ARGUMENT)), ==,
                    1);
  g_assert_cmpuint (stateroom_facts_get_n (stateroom_container_page_get_facts (page, CKPT_STEP_KEY)), ==, 0);
  g_assert_true (
      gtk_widget_get_mapped (GTK_WIDGET (stateroom_container_page_get_facts (page, CKPT_STEP_ATTRIBUTE))));
  g_assert_true (
      gtk_widget_get_mapped (GTK_WIDGET (stateroom_container_page_get_facts (page, CKPT_STEP_ARGUMENT))));
  g_assert_false (
      gtk_widget_get_mapped (GTK_WIDGET (stateroom_container_page_get_facts (page, CKPT_STEP_KEY))));
  g_unlink (file);
}

/* A string of 200,000 letters with a line break and an escape character in it. */
static char *
write_long_text (void)
{
  g_autoptr (GString) pickle = g_string_new_len ("\x80\2X\x40\x0d\x03\0", 7);

  g_string_append (pickle, "first\nse\033cond");
  while (pickle->len < 7 + 200000)
    g_string_append_c (pickle, 'x');
  g_string_append_c (pickle, '.');
  return write_pickle (pickle);
}

static void
test_long_text (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = write_long_text ();
  g_autofree char *text = NULL;
  StateroomValuePage *page;

  fixture->tree = load (file);
  page = STATEROOM_VALUE_PAGE (select_and_wait (fixture, "."));
  text = stateroom_value_page_dup_text (page);
  g_assert_true (g_str_has_prefix (text, "first\nse\\x1bcondxxx"));
  g_assert_cmpuint (strlen (text), <, (64 << 10) + 16);
  g_assert_cmpuint (strlen (text), >, (64 << 10) - 16);
  g_assert_nonnull (strstr (stateroom_value_page_get_note (page), "200 kB"));
  g_unlink (file);
}

/* A safetensors file with one tensor of so many bytes and one of four values; the data are a hole. */
static char *
write_large_file (guint64 n_bytes)
{
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("inspector-XXXXXX.safetensors", &name, &error);
  g_autofree char *header = g_strdup_printf (
      "{\"large\":{\"dtype\":\"F32\",\"shape\":[%" G_GUINT64_FORMAT "],\"data_offsets\":[0,%" G_GUINT64_FORMAT
      "]},\"small\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[%" G_GUINT64_FORMAT
      ",%" G_GUINT64_FORMAT "]}}",
      n_bytes / 4, n_bytes, n_bytes, n_bytes + 16);
  guint64 length = GUINT64_TO_LE (strlen (header));

  g_assert_no_error (error);
  g_assert_cmpint (write (fd, &length, 8), ==, 8);
  g_assert_cmpint (write (fd, header, strlen (header)), ==, (gssize) strlen (header));
  g_assert_cmpint (ftruncate (fd, (off_t) (8 + strlen (header) + n_bytes + 16)), ==, 0);
  close (fd);
  return g_steal_pointer (&name);
}

static guint64
get_bytes_read (Fixture *fixture)
{
  CkptSourceCounts counts;

  ckpt_source_get_counts (ckpt_tree_get_source (fixture->tree), &counts);
  return counts.n_bytes;
}

/* Statistics that nobody waits for any more stop, and their results do not show up on the next page. */
static void
test_cancel_on_selection (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = write_large_file (240 * MEGABYTE);
  StateroomTensorPage *page;
  guint64 n_before;

  fixture->tree = load (file);
  n_before = get_bytes_read (fixture);
  page = STATEROOM_TENSOR_PAGE (select_now (fixture, "[\"large\"]"));
  g_assert_true (stateroom_tensor_page_is_busy (page));
  select_and_wait (fixture, "[\"small\"]");
  assert_figure (page, "Count", "4");
  for (int i = 0; i < 50; i++)
    {
      g_usleep (10000);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  assert_figure (page, "Count", "4");
  g_assert_cmpuint (get_bytes_read (fixture) - n_before, <, 200 * MEGABYTE);
  g_unlink (file);
}

static void
click (Fixture *fixture, const char *label)
{
  GtkWidget *button;
  guint timeout = start_timeout ();

  while ((button = find_button (GTK_WIDGET (fixture->inspector), label)) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
  g_signal_emit_by_name (button, "clicked");
}

/* A large tensor is read only when asked for, can be cancelled, and is not read again when it comes back. */
static void
test_large_tensor (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = write_large_file (6000 * MEGABYTE);
  StateroomTensorPage *page;
  guint64 n_before;

  fixture->tree = load (file);
  n_before = get_bytes_read (fixture);
  page = STATEROOM_TENSOR_PAGE (select_and_wait (fixture, "[\"large\"]"));
  g_assert_cmpstr (get_card_page (page), ==, "ask");
  g_assert_cmpuint (get_bytes_read (fixture) - n_before, <, MEGABYTE);

  click (fixture, "Compute (6 GB, about 9 s)");
  g_assert_true (stateroom_tensor_page_is_busy (page));
  click (fixture, "_Cancel");
  g_assert_false (stateroom_tensor_page_is_busy (page));
  g_assert_cmpstr (get_card_page (page), ==, "ask");
  g_unlink (file);
}

static void
test_same_elements_once (Fixture *fixture, gconstpointer data)
{
  StateroomTensorPage *page;
  guint64 n_before;

  page = STATEROOM_TENSOR_PAGE (select_and_wait (fixture, "[\"model_state_dict\"][\"conv1.weight\"]"));
  select_and_wait (fixture, "[\"epoch\"]");
  n_before = get_bytes_read (fixture);
  select_now (fixture, "[\"model_state_dict\"][\"conv1.weight\"]");
  /* At once: nothing had to be computed. */
  g_assert_cmpstr (get_card_page (page), ==, "plot");
  assert_figure (page, "Count", "450");
  wait_until_idle (fixture);
  /* Only the values are printed again. */
  g_assert_cmpuint (get_bytes_read (fixture) - n_before, <=, 1800);
}

typedef struct
{
  Fixture *fixture;
  guint n_selected;
} Visit;

static gboolean
visit (CkptTree *tree,
       const CkptPath *path,
       guint depth,
       const CkptChild *child,
       gboolean is_repeat,
       gpointer user_data)
{
  Visit *state = user_data;

  stateroom_inspector_set_selection (state->fixture->inspector, tree, path);
  g_assert_nonnull (stateroom_inspector_get_page (state->fixture->inspector));
  if (state->n_selected++ % 16 == 0)
    wait_until_idle (state->fixture);
  else
    g_main_context_iteration (NULL, FALSE);
  return state->n_selected < 400;
}

static void
test_every_value_of_every_fixture (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "fixtures", "torch-2.13", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n_files = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      Visit state = { fixture, 0 };

      if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
        continue;
      g_clear_pointer (&fixture->tree, ckpt_tree_unref);
      fixture->tree = load (path);
      select_and_wait (fixture, NULL);
      ckpt_tree_walk (fixture->tree, ckpt_tree_get_root (fixture->tree), visit, &state);
      wait_until_idle (fixture);
      n_files++;
    }
  g_assert_cmpuint (n_files, >, 60);
}

static void
on_data_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static StateroomOverviewData *
look_through (CkptTree *tree)
{
  g_autoptr (GAsyncResult) result = NULL;
  guint timeout = start_timeout ();

  stateroom_overview_data_load_async (tree, NULL, on_data_loaded, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
  return stateroom_overview_data_load_finish (result, NULL);
}

/* The loading code says weights_only=True for the files that PyTorch takes so, and only for them. */
static void
check_loading_code (const char *name, gboolean is_taken)
{
  g_autoptr (CkptTree) tree = load_fixture (name);
  g_autoptr (StateroomOverviewData) found = look_through (tree);
  g_autofree char *code = stateroom_overview_data_dup_code (found, tree);

  g_test_message ("%s: %s", name, found->refusal);
  g_assert_cmpint (strstr (code, "weights_only=True)") != NULL, ==, is_taken);
}

/* PyTorch's list has set, but not frozenset. */
static void
test_refusals (void)
{
  static const struct
  {
    const char *pickle;
    const char *refusal;
  } cases[] = {
    { "c__builtin__\nset\n((K\1ltR.", NULL },
    { "c__builtin__\nfrozenset\n((K\1ltR.", "it names builtins.frozenset" },
    { "cos\nsystem\n(S'true'\ntR.", "it names os.system" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) pickle = g_string_new ("\x80\2");
      g_autofree char *file = write_pickle (g_string_append (pickle, cases[i].pickle));
      g_autoptr (CkptTree) tree = load (file);
      g_autoptr (StateroomOverviewData) found = look_through (tree);

      g_assert_cmpstr (found->refusal, ==, cases[i].refusal);
      g_unlink (file);
    }
}

static void
test_loading_code (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "fixtures", "expected", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n_checked = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *file = g_strndup (name, strlen (name) - strlen (".json"));
      g_autofree char *text = NULL;
      const char *place;

      if (!g_str_has_suffix (name, ".json") || !g_file_get_contents (path, &text, NULL, NULL))
        continue;
      place = strstr (text, "\"weights_only\"");
      g_assert_nonnull (place);
      place = strstr (place, "\"loads\":");
      g_assert_nonnull (place);
      check_loading_code (file, strstr (place, "true") == place + strlen ("\"loads\": "));
      n_checked++;
    }
  g_assert_cmpuint (n_checked, >, 60);
}

int
main (int argc, char **argv)
{
  const char *file = "cuda1_multi_item.pt";

  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/inspector/overview", Fixture, file, set_up, test_overview, tear_down);
  g_test_add ("/inspector/tensor", Fixture, file, set_up, test_tensor, tear_down);
  g_test_add ("/inspector/special-values", Fixture, "special_values.pt", set_up, test_special_values,
              tear_down);
  g_test_add ("/inspector/histogram-is-drawn", Fixture, file, set_up, test_histogram_is_drawn, tear_down);
  g_test_add ("/inspector/keys-walk-bins", Fixture, file, set_up, test_keys_walk_bins, tear_down);
  g_test_add ("/inspector/zoom", Fixture, file, set_up, test_zoom, tear_down);
  g_test_add ("/inspector/symlog", Fixture, file, set_up, test_symlog, tear_down);
  g_test_add ("/inspector/plot-is-described", Fixture, file, set_up, test_plot_is_described, tear_down);
  g_test_add ("/inspector/buttons-have-names", Fixture, file, set_up, test_buttons_have_names, tear_down);
  g_test_add ("/inspector/container", Fixture, file, set_up, test_container, tear_down);
  g_test_add ("/inspector/scalars", Fixture, file, set_up, test_scalars, tear_down);
  g_test_add ("/inspector/long-list", Fixture, NULL, set_up, test_long_list, tear_down);
  g_test_add ("/inspector/object", Fixture, NULL, set_up, test_object, tear_down);
  g_test_add ("/inspector/long-text", Fixture, NULL, set_up, test_long_text, tear_down);
  g_test_add ("/inspector/cancel-on-selection", Fixture, NULL, set_up, test_cancel_on_selection, tear_down);
  g_test_add ("/inspector/large-tensor", Fixture, NULL, set_up, test_large_tensor, tear_down);
  g_test_add ("/inspector/same-elements-once", Fixture, file, set_up, test_same_elements_once, tear_down);
  g_test_add ("/inspector/every-value", Fixture, NULL, set_up, test_every_value_of_every_fixture, tear_down);
  g_test_add_func ("/inspector/loading-code", test_loading_code);
  g_test_add_func ("/inspector/refusals", test_refusals);
  return g_test_run ();
}
