/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector-test-util.h"

static void
test_is_drawn (InspectorFixture *fixture, gconstpointer data)
{
  StateroomTensorPage *page = STATEROOM_TENSOR_PAGE (
      inspector_test_select (fixture, "[\"model_state_dict\"][\"fc1.weight\"]"));
  GtkWidget *plot = GTK_WIDGET (inspector_test_get_plot_view (page));
  guint n_linear = inspector_test_count_bar_pixels (plot);
  guint n_log;

  g_assert_cmpuint (n_linear, >, 500);
  inspector_test_toggle (fixture, "Log Counts");
  n_log = inspector_test_count_bar_pixels (plot);
  /* A logarithm makes low bars higher. */
  g_assert_cmpuint (n_log, >, n_linear);
  inspector_test_toggle (fixture, "Log Counts");
  g_assert_cmpuint (inspector_test_count_bar_pixels (plot), ==, n_linear);
}

static void
test_keys_walk_bins (InspectorFixture *fixture, gconstpointer data)
{
  StateroomTensorPage *page = STATEROOM_TENSOR_PAGE (
      inspector_test_select (fixture, "[\"model_state_dict\"][\"conv1.weight\"]"));
  GtkWidget *plot = GTK_WIDGET (inspector_test_get_plot_view (page));
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
  g_assert_true (inspector_test_press (plot, GDK_KEY_Escape));
  g_assert_false (stateroom_plot_view_get_item (STATEROOM_PLOT_VIEW (plot), &slot));
}

static void
get_shown_range (StateroomTensorPage *page, double *low, double *high)
{
  CkptPlotHistogram *plot = CKPT_PLOT_HISTOGRAM (
      stateroom_plot_view_get_plot (inspector_test_get_plot_view (page)));
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
test_zoom (InspectorFixture *fixture, gconstpointer data)
{
  StateroomTensorPage *page = STATEROOM_TENSOR_PAGE (
      inspector_test_select (fixture, "[\"model_state_dict\"][\"fc1.weight\"]"));
  GtkWidget *plot = GTK_WIDGET (inspector_test_get_plot_view (page));
  double low, high, part_low, part_high, width;

  gsk_render_node_unref (inspector_test_wait_for_node (plot));
  width = gtk_widget_get_width (plot);
  get_shown_range (page, &low, &high);
  g_signal_emit_by_name (plot, "range-chosen", width * 0.4, width * 0.6);
  inspector_test_wait (fixture);
  get_shown_range (page, &part_low, &part_high);
  g_assert_cmpfloat (part_low, >, low);
  g_assert_cmpfloat (part_high, <, high);
  g_assert_cmpfloat_with_epsilon (part_high - part_low, (high - low) * 0.2, (high - low) * 0.05);
  /* The figures are those of all values. */
  inspector_test_assert_figure (page, "Count", "4,800");

  g_assert_true (inspector_test_press (plot, GDK_KEY_plus));
  inspector_test_wait (fixture);
  get_shown_range (page, &low, &high);
  g_assert_cmpfloat_with_epsilon (high - low, 0.8 * (part_high - part_low), 1e-9);
  g_assert_true (inspector_test_press (plot, GDK_KEY_minus));
  inspector_test_wait (fixture);
  get_shown_range (page, &low, &high);
  g_assert_cmpfloat_with_epsilon (low, part_low, (high - low) * 0.01);

  g_assert_true (inspector_test_press (plot, GDK_KEY_Escape));
  get_shown_range (page, &low, &high);
  g_assert_cmpfloat (low, <, part_low);
  g_assert_cmpfloat (high, >, part_high);
  g_assert_false (inspector_test_press (plot, GDK_KEY_Escape));
}

static void
test_symlog (InspectorFixture *fixture, gconstpointer data)
{
  StateroomTensorPage *page = STATEROOM_TENSOR_PAGE (
      inspector_test_select (fixture, "[\"model_state_dict\"][\"fc1.weight\"]"));
  CkptPlotHistogram *plot;
  CkptPlotSlot outer, middle;
  guint n;

  gsk_render_node_unref (inspector_test_wait_for_node (GTK_WIDGET (page)));
  inspector_test_toggle (fixture, "Symlog Values");
  inspector_test_wait (fixture);
  plot = CKPT_PLOT_HISTOGRAM (stateroom_plot_view_get_plot (inspector_test_get_plot_view (page)));
  n = ckpt_plot_get_n_items (CKPT_PLOT (plot));
  ckpt_plot_histogram_get_slot (plot, 0, &outer);
  ckpt_plot_histogram_get_slot (plot, n / 2, &middle);
  g_assert_cmpfloat (outer.high - outer.low, >, 10 * (middle.high - middle.low));
}

static void
test_is_described (InspectorFixture *fixture, gconstpointer data)
{
  StateroomTensorPage *page = STATEROOM_TENSOR_PAGE (
      inspector_test_select (fixture, "[\"model_state_dict\"][\"conv1.weight\"]"));
  StateroomPlotView *view = inspector_test_get_plot_view (page);
  g_autofree char *description = ckpt_plot_describe (stateroom_plot_view_get_plot (view));

  g_assert_true (g_str_has_prefix (
      description, "450 values from −0.1163 to 0.1205, mean −0.001721, standard deviation 0.06715."));
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Histogram of conv1.weight");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       description);
}

static void
add (const char *name, void (*test) (InspectorFixture *, gconstpointer))
{
  g_test_add (name, InspectorFixture, "cuda1_multi_item.pt", inspector_test_set_up, test,
              inspector_test_tear_down);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  add ("/histogram/is-drawn", test_is_drawn);
  add ("/histogram/keys-walk-bins", test_keys_walk_bins);
  add ("/histogram/zoom", test_zoom);
  add ("/histogram/symlog", test_symlog);
  add ("/histogram/is-described", test_is_described);
  return g_test_run ();
}
