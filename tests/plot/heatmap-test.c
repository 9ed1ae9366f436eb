/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ckpt-plot-heatmap-private.h"
#include "plot-pixels.h"

#include <ckptplot.h>
#include <math.h>
#include <string.h>

static CkptPlot *
make_plot (guint n_rows, guint n_columns, double low, double high)
{
  g_autofree double *values = g_new (double, (gsize) n_rows *n_columns);

  for (gsize i = 0; i < (gsize) n_rows * n_columns; i++)
    values[i] = low + (high - low) * (double) (i * 7919 % 1000) / 999;
  return CKPT_PLOT (ckpt_plot_heatmap_new (values, n_rows, n_columns));
}

/* The colour that a value has, from the definition: its share of the largest magnitude, or of the range if all have one sign. */
static guint32
get_expected (CkptPlot *plot, const CkptPlotPalette *palette, double value)
{
  CkptPlotHeatmap *heatmap = CKPT_PLOT_HEATMAP (plot);
  double largest = fmax (fabs (heatmap->min), fabs (heatmap->max));
  double place = value / largest;

  if (heatmap->min >= 0)
    place = (value - heatmap->min) / (heatmap->max - heatmap->min);
  else if (heatmap->max <= 0)
    place = (value - heatmap->max) / (heatmap->max - heatmap->min);
  return 0xff000000u | ckpt_plot_palette_get_pixel (palette, place);
}

/* Each pixel has the colour of the cell that the pointer finds there. */
static void
check_pixels (CkptPlot *plot, int width, int height)
{
  cairo_surface_t *surface = plot_pixels_draw (plot, width, height);
  CkptPlotPalette palette;
  CkptPlotRect area;

  ckpt_plot_palette_init (&palette, ckpt_plot_get_theme (plot));
  g_assert_true (ckpt_plot_heatmap_get_area (CKPT_PLOT_HEATMAP (plot), width, height, &area));
  for (int y = (int) area.y; y < (int) (area.y + area.height); y += 3)
    {
      for (int x = (int) area.x; x < (int) (area.x + area.width); x += 3)
        {
          guint cell = G_MAXUINT;

          g_assert_true (ckpt_plot_pick (plot, width, height, x + 0.5, y + 0.5, &cell));
          g_assert_cmphex (plot_pixels_get (surface, x, y), ==,
                           get_expected (plot, &palette, CKPT_PLOT_HEATMAP (plot)->values[cell]));
        }
    }
  cairo_surface_destroy (surface);
}

static void
test_pixels (void)
{
  static const double ranges[][2] = { { -1, 1 }, { -0.001, 0.5 }, { 3, 5 }, { -7, -2 }, { 0, 1e300 } };
  static const guint sizes[][2] = { { 1, 1 }, { 3, 5 }, { 40, 70 }, { 300, 900 }, { 1, 50 } };

  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      for (gsize k = 1; k < G_N_ELEMENTS (sizes); k++)
        {
          g_autoptr (CkptPlot) plot = make_plot (sizes[k][0], sizes[k][1], ranges[i][0], ranges[i][1]);

          check_pixels (plot, 400, 200);
          check_pixels (plot, 201, 119);
        }
    }
}

/* A cell is found all over its rectangle; where there are fewer pixels than cells it has one all the same. */
static void
check_picking (CkptPlot *plot, double width, double height)
{
  CkptPlotRect area = { 0 };

  ckpt_plot_heatmap_get_area (CKPT_PLOT_HEATMAP (plot), width, height, &area);
  for (guint i = 0; i < ckpt_plot_get_n_items (plot); i++)
    {
      CkptPlotRect rect;
      guint item = G_MAXUINT;

      g_assert_true (ckpt_plot_get_item_rect (plot, width, height, i, &rect));
      g_assert_cmpfloat (rect.x, >=, area.x);
      g_assert_cmpfloat (rect.x + rect.width, <=, area.x + area.width);
      g_assert_cmpfloat (rect.y + rect.height, <=, area.y + area.height);
      if (CKPT_PLOT_HEATMAP (plot)->n_columns > area.width || CKPT_PLOT_HEATMAP (plot)->n_rows > area.height)
        continue;
      g_assert_true (ckpt_plot_pick (plot, width, height, rect.x, rect.y, &item));
      g_assert_cmpuint (item, ==, i);
      g_assert_true (
          ckpt_plot_pick (plot, width, height, rect.x + rect.width - 0.5, rect.y + rect.height - 0.5, &item));
      g_assert_cmpuint (item, ==, i);
    }
}

static void
test_picking (void)
{
  g_autoptr (CkptPlot) plot = make_plot (17, 31, -1, 1);
  g_autoptr (CkptPlot) large = make_plot (500, 700, -1, 1);
  guint item;

  check_picking (plot, 400, 200);
  check_picking (plot, 333, 177);
  check_picking (large, 300, 200);
  g_assert_false (ckpt_plot_pick (plot, 400, 200, 1, 1, &item));
  g_assert_cmpuint (ckpt_plot_step (plot, 0, 1, 0), ==, 1);
  g_assert_cmpuint (ckpt_plot_step (plot, 0, 0, 1), ==, 31);
  g_assert_cmpuint (ckpt_plot_step (plot, 0, -1, -1), ==, 0);
  g_assert_cmpuint (ckpt_plot_step (plot, 33, G_MAXINT, 0), ==, 61);
  g_assert_cmpuint (ckpt_plot_step (plot, 33, 0, G_MAXINT), ==, 16 * 31 + 2);
}

static guint
count_pixels (cairo_surface_t *surface, const CkptPlotRect *area, guint32 pixel)
{
  guint n = 0;

  for (int y = (int) area->y; y < (int) (area->y + area->height); y++)
    {
      for (int x = (int) area->x; x < (int) (area->x + area->width); x++)
        n += plot_pixels_get (surface, x, y) == pixel;
    }
  return n;
}

/* One NaN among a million cells is still seen, on each pixel that it touches. */
static void
test_specials (void)
{
  const guint n = 1000;
  g_autofree double *values = g_new0 (double, n *n);
  g_autoptr (CkptPlot) plot = NULL;
  g_autofree char *text = NULL;
  CkptPlotRect area;
  cairo_surface_t *surface;
  guint n_black;

  values[0] = 1;
  values[1] = -1;
  values[543 * n + 211] = NAN;
  plot = CKPT_PLOT (ckpt_plot_heatmap_new (values, n, n));
  surface = plot_pixels_draw (plot, 300, 200);
  g_assert_true (ckpt_plot_heatmap_get_area (CKPT_PLOT_HEATMAP (plot), 300, 200, &area));
  n_black = count_pixels (surface, &area, 0xff000000u);
  g_assert_cmpuint (n_black, >=, 1);
  g_assert_cmpuint (n_black, <=, 4);
  cairo_surface_destroy (surface);
  text = ckpt_plot_describe (plot);
  g_assert_cmpstr (text, ==, "1,000 × 1,000 cells. Values from −1 to 1. NaN: 1.");
}

/* NaN and both infinities differ by their stripes alone. */
static void
test_stripes (void)
{
  static const double values[] = { NAN, INFINITY, -INFINITY, 0 };
  g_autoptr (CkptPlot) plot = CKPT_PLOT (ckpt_plot_heatmap_new (values, 1, 4));
  cairo_surface_t *surface = plot_pixels_draw (plot, 400, 200);
  guint turns[3][2] = { { 0 } };

  for (guint i = 0; i < 3; i++)
    {
      CkptPlotRect rect;

      g_assert_true (ckpt_plot_get_item_rect (plot, 400, 200, i, &rect));
      for (int d = 0; d < 20; d++)
        {
          int x = (int) rect.x, y = (int) rect.y;

          turns[i][0] += plot_pixels_get (surface, x + d, y) != plot_pixels_get (surface, x + d + 1, y);
          turns[i][1] += plot_pixels_get (surface, x, y + d) != plot_pixels_get (surface, x, y + d + 1);
        }
    }
  g_assert_true (turns[0][0] > 5 && turns[0][1] > 5);
  g_assert_true (turns[1][0] > 5 && turns[1][1] == 0);
  g_assert_true (turns[2][0] == 0 && turns[2][1] > 5);
  cairo_surface_destroy (surface);
}

/* A large matrix becomes one image, no larger than what is seen of it. */
static void
test_one_mark_a_pixel (void)
{
  g_autoptr (CkptPlot) plot = make_plot (2000, 2000, -1, 1);
  g_autoptr (CkptPlot) small = make_plot (150, 300, -1, 1);

  g_assert_cmpuint (plot_pixels_count_svg (plot, 400, 200), <, plot_pixels_count_svg (small, 400, 200) * 2);
}

static void
test_words (void)
{
  g_autoptr (CkptPlot) plot = make_plot (4, 3, -1, 1);
  const CkptPlotHeatmapIndex rows = { 100, 8, 130 };
  const CkptPlotHeatmapIndex columns = { 7, 1, 0 };
  g_autofree char *plain = ckpt_plot_name_item (plot, 5);
  g_autofree char *value = ckpt_plot_describe_item (plot, 1);
  g_autofree char *name = NULL;
  g_autofree char *last = NULL;
  g_autofree char *mean = NULL;
  g_autofree char *text = NULL;

  ckpt_plot_heatmap_set_indices (CKPT_PLOT_HEATMAP (plot), &rows, &columns);
  ckpt_plot_heatmap_set_reduction (CKPT_PLOT_HEATMAP (plot), "mean");
  name = ckpt_plot_name_item (plot, 5);
  last = ckpt_plot_name_item (plot, 11);
  mean = ckpt_plot_describe_item (plot, 1);
  text = ckpt_plot_describe (plot);
  g_assert_cmpstr (plain, ==, "[1, 2]");
  g_assert_cmpstr (value, ==, "0.83984");
  g_assert_cmpstr (name, ==, "[108 … 115, 9]");
  g_assert_cmpstr (last, ==, "[124 … 129, 9]");
  g_assert_cmpstr (mean, ==, "mean 0.83984");
  g_assert_cmpstr (text, ==,
                   "4 × 3 cells. Each cell is the mean of several elements. Values from −1 to 0.8398.");
}

/* What is not there looks like nothing else, and is told apart from NaN. */
static void
test_missing (void)
{
  const double values[] = { 1, NAN, NAN, -1 };
  const guint8 missing[] = { 0, 0, 1, 0 };
  g_autoptr (CkptPlot) plot = CKPT_PLOT (ckpt_plot_heatmap_new (values, 2, 2));
  g_autofree char *text = NULL, *nan = NULL, *gap = NULL;
  cairo_surface_t *surface;
  CkptPlotRect area;
  guint n_paper = 0;
  guint32 paper;

  ckpt_plot_heatmap_set_missing (CKPT_PLOT_HEATMAP (plot), missing);
  text = ckpt_plot_describe (plot);
  nan = ckpt_plot_describe_item (plot, 1);
  gap = ckpt_plot_describe_item (plot, 2);
  g_assert_nonnull (strstr (text, " NaN: 1. missing: 1."));
  g_assert_cmpstr (nan, ==, "NaN");
  g_assert_cmpstr (gap, ==, "missing");
  g_assert_true (ckpt_plot_heatmap_get_area (CKPT_PLOT_HEATMAP (plot), 400, 200, &area));
  surface = plot_pixels_draw (plot, 400, 200);
  paper = 0xff000000u | ckpt_plot_color_to_pixel (&ckpt_plot_get_theme (plot)->background,
                                                  &ckpt_plot_get_theme (plot)->background);
  for (int x = 0; x < 16; x++)
    n_paper += plot_pixels_get (surface, (int) area.x + 4 + x, (int) (area.y + area.height) - 5) == paper;
  g_assert_cmpuint (n_paper, ==, 14);
  cairo_surface_destroy (surface);
}

/* Of cells that share a pixel, one that is there is seen before one that is not. */
static void
test_missing_among_others (void)
{
  enum
  {
    N = 400
  };
  g_autofree double *values = g_new (double, N *N);
  g_autofree guint8 *missing = g_new (guint8, N * N);
  g_autoptr (CkptPlot) plot = NULL;
  cairo_surface_t *surface;
  CkptPlotPalette palette;
  CkptPlotRect area;

  for (guint i = 0; i < N * N; i++)
    {
      missing[i] = i % 2 == 0;
      values[i] = missing[i] ? NAN : 1;
    }
  plot = CKPT_PLOT (ckpt_plot_heatmap_new (values, N, N));
  ckpt_plot_heatmap_set_missing (CKPT_PLOT_HEATMAP (plot), missing);
  ckpt_plot_palette_init (&palette, ckpt_plot_get_theme (plot));
  g_assert_true (ckpt_plot_heatmap_get_area (CKPT_PLOT_HEATMAP (plot), 160, 160, &area));
  surface = plot_pixels_draw (plot, 160, 160);
  for (int y = 0; y < (int) area.height; y++)
    g_assert_cmphex (plot_pixels_get (surface, (int) area.x + y % (int) area.width, (int) area.y + y), ==,
                     0xff000000u | ckpt_plot_palette_get_pixel (&palette, 1));
  cairo_surface_destroy (surface);
}

static void
test_extremes (void)
{
  static const double huge[] = { -1.7e308, 1.7e308, 0, 5e-324 };
  static const double nans[] = { NAN, NAN, NAN, NAN };
  static const double zeros[] = { 0, 0, 0, 0 };
  static const double *const all[] = { huge, nans, zeros };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr (CkptPlot) plot = CKPT_PLOT (ckpt_plot_heatmap_new (all[i], 2, 2));

      for (int size = 0; size < 300; size += 7)
        {
          cairo_surface_t *surface = plot_pixels_draw (plot, size, 300 - size);

          g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
          cairo_surface_destroy (surface);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/heatmap/pixels", test_pixels);
  g_test_add_func ("/heatmap/picking", test_picking);
  g_test_add_func ("/heatmap/specials", test_specials);
  g_test_add_func ("/heatmap/stripes", test_stripes);
  g_test_add_func ("/heatmap/one-mark-a-pixel", test_one_mark_a_pixel);
  g_test_add_func ("/heatmap/words", test_words);
  g_test_add_func ("/heatmap/missing", test_missing);
  g_test_add_func ("/heatmap/missing-among-others", test_missing_among_others);
  g_test_add_func ("/heatmap/extremes", test_extremes);
  return g_test_run ();
}
