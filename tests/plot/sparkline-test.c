/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-pixels.h"

#include <ckptplot.h>
#include <math.h>

#define WIDTH  64
#define HEIGHT 16

#define BAR_PIXEL     0xff00ff00u
#define SPECIAL_PIXEL 0xffff0000u

static CkptPlot *
make_plot (const CkptStats *stats, guint64 *counts, guint n_bins)
{
  const CkptHistogram histogram = { .low = stats->min,
                                    .high = stats->max,
                                    .n_bins = n_bins,
                                    .counts = counts };
  CkptPlot *plot = CKPT_PLOT (ckpt_plot_sparkline_new (stats, n_bins > 0 ? &histogram : NULL));
  g_autoptr (CkptPlotTheme) theme = ckpt_plot_theme_new (CKPT_PLOT_LIGHT);

  theme->bar = (CkptPlotColor) { 0, 1, 0, 1 };
  theme->special = (CkptPlotColor) { 1, 0, 0, 1 };
  theme->grid.alpha = 0;
  ckpt_plot_set_theme (plot, theme);
  return plot;
}

static int
measure (cairo_surface_t *surface, int x, guint32 pixel)
{
  int height = 0;

  while (height < HEIGHT && plot_pixels_get (surface, x, HEIGHT - 1 - height) == pixel)
    height++;
  return height;
}

/* Each column is as high as the largest count that falls on it; a single value is seen beside millions. */
static void
check_columns (guint n_bins)
{
  const CkptStats stats = { .n = 9, .n_finite = 9, .min = 0, .max = 1 };
  g_autofree guint64 *counts = g_new0 (guint64, n_bins);
  g_autoptr (CkptPlot) plot = NULL;
  cairo_surface_t *surface;

  for (guint i = 0; i < n_bins; i++)
    counts[i] = (guint64) i * i * 1000;
  counts[0] = 1;
  plot = make_plot (&stats, counts, n_bins);
  surface = plot_pixels_draw (plot, WIDTH, HEIGHT);
  for (int x = 0; x < WIDTH; x++)
    {
      guint64 largest = 0;

      for (guint i = 0; i < n_bins; i++)
        {
          if ((double) (i + 1) * WIDTH > (double) x * n_bins &&
              (double) i * WIDTH < (double) (x + 1) * n_bins)
            largest = MAX (largest, counts[i]);
        }
      g_assert_cmpint (measure (surface, x, BAR_PIXEL), ==,
                       MAX (1, (int) floor (HEIGHT * (double) largest / (double) counts[n_bins - 1] + 0.5)));
    }
  cairo_surface_destroy (surface);
}

static void
test_columns (void)
{
  static const guint sizes[] = { 2, 15, 64, 120, 1000 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    check_columns (sizes[i]);
}

/* Values that are not finite are told by a block at the right, also where there are no others. */
static void
test_flag (void)
{
  const CkptStats some = { .n = 9, .n_finite = 8, .n_nan = 1, .min = 0, .max = 1 };
  const CkptStats all = { .n = 9, .n_nan = 9, .min = NAN, .max = NAN };
  guint64 counts[] = { 8, 8 };

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (CkptPlot) plot = make_plot (i == 0 ? &some : &all, counts, i == 0 ? 2 : 0);
      cairo_surface_t *surface = plot_pixels_draw (plot, WIDTH, HEIGHT);

      g_assert_cmpint (measure (surface, WIDTH - 1, SPECIAL_PIXEL), ==, HEIGHT);
      g_assert_cmpint (measure (surface, 3, BAR_PIXEL), ==, i == 0 ? HEIGHT : 0);
      g_assert_cmphex (plot_pixels_get (surface, WIDTH - 4, 0), ==, 0);
      cairo_surface_destroy (surface);
    }
}

static void
test_words (void)
{
  const CkptStats some = { .n = 9, .n_finite = 8, .n_nan = 1, .min = -0.5, .max = 1, .mean = 0.25 };
  const CkptStats all = { .n = 9, .n_nan = 9, .min = NAN, .max = NAN };
  const CkptStats none = { 0 };
  g_autoptr (CkptPlot) plot = make_plot (&some, NULL, 0);
  g_autoptr (CkptPlot) bad = make_plot (&all, NULL, 0);
  g_autoptr (CkptPlot) empty = make_plot (&none, NULL, 0);
  g_autofree char *text = ckpt_plot_describe (plot);
  g_autofree char *bad_text = ckpt_plot_describe (bad);
  g_autofree char *empty_text = ckpt_plot_describe (empty);

  g_assert_cmpstr (text, ==, "From −0.5 to 1, mean 0.25. Not finite: 1.");
  g_assert_cmpstr (bad_text, ==, "Not finite: 9.");
  g_assert_cmpstr (empty_text, ==, "No values.");
  g_assert_cmpuint (ckpt_plot_get_n_items (plot), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sparkline/columns", test_columns);
  g_test_add_func ("/sparkline/flag", test_flag);
  g_test_add_func ("/sparkline/words", test_words);
  return g_test_run ();
}
