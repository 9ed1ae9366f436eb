/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ckpt-plot-histogram-private.h"
#include "plot-data.h"
#include "plot-pixels.h"

#include <ckptplot.h>
#include <math.h>
#include <string.h>

#define N_VALUES 1000

/* What a histogram is made of beside its bars: tails, series, marks, scales. */

static void
fill (double *values, double low, double high)
{
  for (guint i = 0; i < N_VALUES; i++)
    values[i] = low + (high - low) * (i + 0.5) / N_VALUES;
}

static void
test_tails (void)
{
  double values[N_VALUES];
  g_autoptr (CkptPlotHistogram) plot = NULL;
  g_autofree char *below = NULL;
  g_autofree char *above = NULL;
  g_autofree char *count = NULL;
  CkptPlotSlot slot;
  CkptPlotRect rect;
  guint n_slots, item;

  fill (values, -1, 1);
  values[0] = -INFINITY;
  values[1] = NAN;
  plot = plot_data_make_range (values, N_VALUES, -0.5, 0.75, NULL);
  n_slots = ckpt_plot_get_n_items (CKPT_PLOT (plot));
  g_assert_cmpuint (n_slots, ==, PLOT_DATA_N_BINS + 4);

  ckpt_plot_histogram_get_slot (plot, 0, &slot);
  g_assert_cmpint (slot.kind, ==, CKPT_PLOT_SLOT_NEG_INF);
  ckpt_plot_histogram_get_slot (plot, 1, &slot);
  g_assert_cmpint (slot.kind, ==, CKPT_PLOT_SLOT_BELOW);
  g_assert_cmpuint (slot.count, ==, N_VALUES / 4 - 2);
  ckpt_plot_histogram_get_slot (plot, 2, &slot);
  g_assert_cmpint (slot.kind, ==, CKPT_PLOT_SLOT_BIN);
  g_assert_cmpfloat (slot.low, ==, -0.5);
  ckpt_plot_histogram_get_slot (plot, n_slots - 2, &slot);
  g_assert_cmpint (slot.kind, ==, CKPT_PLOT_SLOT_ABOVE);
  g_assert_cmpuint (slot.count, ==, N_VALUES / 8);
  ckpt_plot_histogram_get_slot (plot, n_slots - 1, &slot);
  g_assert_cmpint (slot.kind, ==, CKPT_PLOT_SLOT_NAN);

  below = ckpt_plot_name_item (CKPT_PLOT (plot), 1);
  above = ckpt_plot_name_item (CKPT_PLOT (plot), n_slots - 2);
  count = ckpt_plot_describe_item (CKPT_PLOT (plot), n_slots - 2);
  g_assert_cmpstr (below, ==, "< −0.5");
  g_assert_cmpstr (above, ==, "> 0.75");
  g_assert_cmpstr (count, ==, "125 values · 12.5 %");

  /* From left to right as they are numbered, and found where they stand. */
  for (guint i = 0; i < n_slots; i++)
    {
      g_assert_true (ckpt_plot_get_item_rect (CKPT_PLOT (plot), 900, 300, i, &rect));
      g_assert_true (ckpt_plot_pick (CKPT_PLOT (plot), 900, 300, rect.x + rect.width / 2, rect.y + 1, &item));
      g_assert_cmpuint (item, ==, i);
    }
}

static guint32
get_series_pixel (const CkptPlotTheme *theme, guint series)
{
  const CkptPlotColor *color = &theme->series[series];

  return 0xff000000u | (guint32) (color->red * 255 + 0.5) << 16 | (guint32) (color->green * 255 + 0.5) << 8 |
         (guint32) (color->blue * 255 + 0.5);
}

/* Where the line of a series is, in the middle of a bar: near the height of its count. */
static void
check_line (CkptPlotHistogram *plot, cairo_surface_t *surface, guint series)
{
  const CkptPlotHistogramLayout *layout = ckpt_plot_histogram_get_layout (plot, 600, 300);
  guint32 pixel = get_series_pixel (ckpt_plot_get_theme (CKPT_PLOT (plot)), series);
  guint n_seen = 0;

  for (guint bin = 0; bin < PLOT_DATA_N_BINS; bin++)
    {
      CkptPlotBar bar;
      double height;

      ckpt_plot_histogram_get_bar (plot, layout, bin, &bar);
      height = ckpt_plot_histogram_get_bar_height (layout,
                                                   ckpt_plot_histogram_get_bar_count (plot, &bar, series));
      for (int d = -1; d <= 1; d++)
        {
          int y = (int) (layout->area.y + layout->area.height - height) + d;

          if (height > 10 && plot_pixels_get (surface, (int) (bar.x + bar.width / 2), y) == pixel)
            {
              n_seen++;
              break;
            }
        }
    }
  /* Dashes leave some out. */
  g_assert_cmpuint (n_seen, >, PLOT_DATA_N_BINS / 12);
}

static void
test_overlay (void)
{
  double first[N_VALUES], second[N_VALUES];
  g_autoptr (CkptPlotHistogram) plot = NULL;
  g_autoptr (CkptPlotTheme) theme = ckpt_plot_theme_new (CKPT_PLOT_LIGHT);
  cairo_surface_t *surface;
  g_autofree char *count = NULL;
  g_autofree char *text = NULL;

  fill (first, -0.8, 0);
  fill (second, -0.4, 0.8);
  plot = plot_data_make_range (first, N_VALUES, -1, 1, NULL);
  ckpt_plot_histogram_set_name (plot, "a.weight");
  plot_data_add (plot, "b.weight", second, N_VALUES);
  theme->series[0] = (CkptPlotColor) { 1, 0, 0, 1 };
  theme->series[1] = (CkptPlotColor) { 0, 0, 1, 1 };
  ckpt_plot_set_theme (CKPT_PLOT (plot), theme);

  surface = plot_pixels_draw (CKPT_PLOT (plot), 600, 300);
  check_line (plot, surface, 0);
  check_line (plot, surface, 1);
  cairo_surface_destroy (surface);

  count = ckpt_plot_describe_item (CKPT_PLOT (plot), 40);
  g_assert_cmpstr (count, ==, "a.weight: 21 values · 2.1 %\nb.weight: 13 values · 1.3 %");
  text = ckpt_plot_describe (CKPT_PLOT (plot));
  g_assert_true (g_str_has_prefix (text, "2 histograms. a.weight: 1,000 values from −0.7996 to "));
  g_assert_nonnull (strstr (text, "b.weight: 1,000 values from −0.3994 to 0.7994"));
  /* Nobody could tell whose a line is. */
  g_assert_cmpuint (ckpt_plot_histogram_get_layout (plot, 600, 300)->marks->len, ==, 0);
}

/* A series without finite values has no bars, but a place in the legend and its NaN. */
static void
test_empty_series (void)
{
  double values[N_VALUES];
  const CkptStats nans = { .n = 3, .n_nan = 3, .min = NAN, .max = NAN };
  g_autoptr (CkptPlotHistogram) plot = ckpt_plot_histogram_new (&nans, NULL, FALSE);
  g_autoptr (CkptPlotHistogram) whole = NULL;
  CkptStats stats;

  fill (values, 0, 1);
  whole = plot_data_make_range (values, N_VALUES, 0, 1, NULL);
  stats = plot_data_make_stats (values, N_VALUES);
  ckpt_plot_histogram_add (plot, "finite", &stats, ckpt_plot_histogram_peek_bins (whole));
  g_assert_cmpuint (ckpt_plot_get_n_items (CKPT_PLOT (plot)), ==, PLOT_DATA_N_BINS + 1);
  g_assert_null (ckpt_plot_histogram_get_layout (plot, 600, 300)->sentence);
  cairo_surface_destroy (plot_pixels_draw (CKPT_PLOT (plot), 600, 300));
}

static const char *
get_label (CkptPlotHistogram *plot, double width, double height, guint i)
{
  const CkptPlotHistogramLayout *layout = ckpt_plot_histogram_get_layout (plot, width, height);
  const CkptPlotMark *mark;

  g_assert_cmpuint (layout->marks->len, >, i);
  mark = &g_array_index (layout->marks, CkptPlotMark, i);
  return mark->is_joined ? "joined" : mark->label;
}

/* Marks in one place share a label; where room is short the important ones keep theirs. */
static void
test_marks (void)
{
  double values[N_VALUES];
  g_autoptr (CkptPlotHistogram) plot = NULL;

  fill (values, -1, 1);
  plot = plot_data_make_range (values, N_VALUES, -1, 1, NULL);
  ckpt_plot_histogram_add_percentile (plot, 50, 0.001);
  ckpt_plot_histogram_add_percentile (plot, 1, -0.98);
  ckpt_plot_histogram_add_percentile (plot, 99, 0.98);
  ckpt_plot_histogram_add_percentile (plot, 99.9, 7);
  ckpt_plot_histogram_add_percentile (plot, 25, -0.5);

  g_assert_true (g_str_has_prefix (get_label (plot, 800, 300, 0), "mean "));
  g_assert_true (g_str_has_suffix (get_label (plot, 800, 300, 0), ", median 0.001"));
  g_assert_cmpstr (get_label (plot, 800, 300, 1), ==, "joined");
  g_assert_cmpstr (get_label (plot, 800, 300, 2), ==, "p1 −0.98");
  g_assert_cmpstr (get_label (plot, 800, 300, 3), ==, "p99 0.98");
  /* What is outside the range has no mark. */
  g_assert_cmpstr (get_label (plot, 800, 300, 4), ==, "p25 −0.5");
  g_assert_cmpuint (ckpt_plot_histogram_get_layout (plot, 800, 300)->marks->len, ==, 5);

  g_assert_true (g_str_has_prefix (get_label (plot, 140, 110, 0), "mean"));
  g_assert_null (get_label (plot, 140, 110, 4));
}

/* A place has the value that stands there, on both scales, and ends at the ends. */
static void
test_places (void)
{
  static const CkptScale scales[] = { { CKPT_SCALE_LINEAR, 0 }, { CKPT_SCALE_SYMLOG, 0.001 } };
  double values[N_VALUES];

  fill (values, -3, 40);
  for (gsize i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      g_autoptr (CkptPlotHistogram) plot = plot_data_make_range (values, N_VALUES, -2, 30, &scales[i]);
      CkptPlotRect area;

      g_assert_true (ckpt_plot_histogram_get_area (plot, 500, 250, &area));
      for (double value = -2; value <= 30; value += 0.37)
        {
          double x = ckpt_plot_histogram_get_x (plot, 500, 250, value);

          g_assert_cmpfloat (x, >=, area.x);
          g_assert_cmpfloat (x, <=, area.x + area.width);
          g_assert_cmpfloat_with_epsilon (ckpt_plot_histogram_get_value (plot, 500, 250, x), value, 1e-9);
        }
      g_assert_cmpfloat (ckpt_plot_histogram_get_value (plot, 500, 250, -100), ==, -2);
      g_assert_cmpfloat (ckpt_plot_histogram_get_value (plot, 500, 250, 5000), ==, 30);
      g_assert_cmpfloat (ckpt_plot_histogram_get_x (plot, 500, 250, 99), ==, area.x + area.width);
      g_assert_true (isnan (ckpt_plot_histogram_get_value (plot, 10, 10, 5)));
    }
}

/* On a symlog scale bins and axis go together: a bin's edge stands where the axis has its value. */
static void
test_symlog (void)
{
  const CkptScale scale = { CKPT_SCALE_SYMLOG, 0.01 };
  double values[N_VALUES];
  g_autoptr (CkptPlotHistogram) plot = NULL;

  fill (values, -10, 1000);
  plot = plot_data_make_range (values, N_VALUES, -10, 1000, &scale);
  for (guint i = 0; i < PLOT_DATA_N_BINS; i++)
    {
      CkptPlotSlot slot;
      CkptPlotRect rect;

      ckpt_plot_histogram_get_slot (plot, ckpt_plot_histogram_get_first_bin (plot) + i, &slot);
      g_assert_true (ckpt_plot_get_item_rect (CKPT_PLOT (plot), 700, 300, i, &rect));
      g_assert_cmpfloat_with_epsilon (ckpt_plot_histogram_get_x (plot, 700, 300, slot.low), rect.x, 1.01);
    }
}

static CkptPlotHistogram *
make_many (guint n_bins, guint n_series)
{
  g_autofree guint64 *counts = g_new (guint64, n_bins);
  const CkptHistogram histogram = { .low = 0, .high = 1, .n_bins = n_bins, .counts = counts };
  const CkptStats stats = { .n = 1, .n_finite = 1, .min = 0, .max = 1, .mean = 0.5 };
  CkptPlotHistogram *plot;

  for (guint i = 0; i < n_bins; i++)
    counts[i] = 1000 + (guint64) (i * 7919 % 1000);
  plot = ckpt_plot_histogram_new (&stats, &histogram, FALSE);
  for (guint i = 1; i < n_series; i++)
    ckpt_plot_histogram_add (plot, "more", &stats, &histogram);
  return plot;
}

/* Of a hundred thousand bins no more is drawn than of a thousand on the same canvas. */
static void
test_one_mark_a_pixel (void)
{
  for (guint n_series = 1; n_series <= 3; n_series++)
    {
      g_autoptr (CkptPlotHistogram) many = make_many (100000, n_series);
      g_autoptr (CkptPlotHistogram) fewer = make_many (1000, n_series);

      g_assert_cmpuint (plot_pixels_count_svg (CKPT_PLOT (many), 400, 200), <,
                        plot_pixels_count_svg (CKPT_PLOT (fewer), 400, 200) * 11 / 10);
    }
}

static void
test_missing (void)
{
  guint64 counts[] = { 4, 4 };
  const CkptHistogram histogram = { .low = 0, .high = 1, .n_bins = 2, .counts = counts, .n_uncertain = 3 };
  const CkptStats stats = { .n = 8, .n_finite = 8, .min = 0, .max = 1, .mean = 0.5, .n_missing = 1200 };
  g_autoptr (CkptPlotHistogram) plot = ckpt_plot_histogram_new (&stats, &histogram, FALSE);
  g_autofree char *text = ckpt_plot_describe (CKPT_PLOT (plot));

  g_assert_cmpstr (ckpt_plot_histogram_get_layout (plot, 400, 200)->note, ==, "missing in the file: 1,200");
  g_assert_true (g_str_has_suffix (
      text, " 1,200 values are missing in the file. 3 values may belong to a bar beside their own."));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/histogram-parts/tails", test_tails);
  g_test_add_func ("/histogram-parts/overlay", test_overlay);
  g_test_add_func ("/histogram-parts/empty-series", test_empty_series);
  g_test_add_func ("/histogram-parts/marks", test_marks);
  g_test_add_func ("/histogram-parts/places", test_places);
  g_test_add_func ("/histogram-parts/symlog", test_symlog);
  g_test_add_func ("/histogram-parts/one-mark-a-pixel", test_one_mark_a_pixel);
  g_test_add_func ("/histogram-parts/missing", test_missing);
  return g_test_run ();
}
