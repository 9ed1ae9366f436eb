/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ckpt-plot-histogram-private.h"
#include "plot-data.h"
#include "plot-helpers.h"
#include "plot-pixels.h"

#include <ckptplot.h>
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <float.h>
#include <math.h>
#include <string.h>

#define BAR_PIXEL   0xff00ff00u
#define SPECIAL_RED 0xffff0000u

/* Pure colours, and no line that could be taken for a bar. */
static void
set_test_theme (CkptPlotHistogram *plot)
{
  g_autoptr (CkptPlotTheme) theme = ckpt_plot_theme_new (CKPT_PLOT_LIGHT);

  theme->bar = (CkptPlotColor) { 0, 1, 0, 1 };
  theme->special = (CkptPlotColor) { 1, 0, 0, 1 };
  theme->grid.alpha = 0;
  theme->axis.alpha = 0;
  theme->mark.alpha = 0;
  ckpt_plot_set_theme (CKPT_PLOT (plot), theme);
}

/* How many pixels of this colour a column of the area has, counted from the axis up without a hole. */
static int
measure_bar (cairo_surface_t *surface, const CkptPlotRect *rect, int x, guint32 color)
{
  int base = (int) (rect->y + rect->height);
  int height = 0;

  while (height < (int) rect->height && plot_pixels_get (surface, x, base - 1 - height) == color)
    height++;
  return height;
}

static void
check_bars (CkptPlotHistogram *plot, int width, int height)
{
  cairo_surface_t *surface = plot_pixels_draw (CKPT_PLOT (plot), width, height);
  guint64 largest = 0;

  for (guint i = 0; i < ckpt_plot_get_n_items (CKPT_PLOT (plot)); i++)
    {
      CkptPlotSlot slot;

      ckpt_plot_histogram_get_slot (plot, i, &slot);
      if (slot.kind == CKPT_PLOT_SLOT_BIN)
        largest = MAX (largest, slot.count);
    }
  for (guint i = 0; i < ckpt_plot_get_n_items (CKPT_PLOT (plot)); i++)
    {
      CkptPlotRect rect;
      CkptPlotSlot slot;
      guint picked = G_MAXUINT;
      int drawn;

      ckpt_plot_histogram_get_slot (plot, i, &slot);
      if (slot.kind != CKPT_PLOT_SLOT_BIN ||
          !ckpt_plot_get_item_rect (CKPT_PLOT (plot), width, height, i, &rect))
        continue;
      g_assert_true (ckpt_plot_pick (CKPT_PLOT (plot), width, height, rect.x, rect.y, &picked));
      if (picked != i)
        continue;
      drawn = measure_bar (surface, &rect, (int) (rect.x + rect.width / 2), BAR_PIXEL);
      g_assert_cmpfloat_with_epsilon (drawn, rect.height * slot.count / (largest * 1.04), 1);
      g_assert_cmpint (drawn > 0, ==, slot.count > 0);
    }
  cairo_surface_destroy (surface);
}

static void
test_pixels (void)
{
  for (PlotData data = 0; data < PLOT_N_DATA; data++)
    {
      CkptPlotHistogram *plot = plot_data_make (data);

      set_test_theme (plot);
      check_bars (plot, 620, 230);
      check_bars (plot, 200, 120);
      check_bars (plot, 1999, 777);
      g_object_unref (plot);
    }
}

/* What the pointer finds in a column is what is drawn there. */
static void
check_picking (CkptPlotHistogram *plot, int width, int height)
{
  const CkptPlotHistogramLayout *layout = ckpt_plot_histogram_get_layout (plot, width, height);
  guint last = 0;

  for (int x = 0; x < width; x++)
    {
      guint slot = G_MAXUINT;
      CkptPlotRect rect;

      if (!ckpt_plot_pick (CKPT_PLOT (plot), width, height, x + 0.5, layout->area.y + 1, &slot))
        {
          g_assert_true (x < layout->area.x || x >= layout->area.x + layout->area.width);
          continue;
        }
      g_assert_true (ckpt_plot_get_item_rect (CKPT_PLOT (plot), width, height, slot, &rect));
      g_assert_cmpfloat (x, >=, rect.x);
      g_assert_cmpfloat (x, <, rect.x + rect.width);
      g_assert_cmpuint (slot, >=, last);
      g_assert_cmpuint (slot, <, ckpt_plot_get_n_items (CKPT_PLOT (plot)));
      last = slot;
    }
  g_assert_false (ckpt_plot_pick (CKPT_PLOT (plot), width, height, width / 2.0, layout->area.y - 1, &last));
  g_assert_false (ckpt_plot_pick (CKPT_PLOT (plot), width, height, width / 2.0, height, &last));
  g_assert_false (ckpt_plot_pick (CKPT_PLOT (plot), width, height, -1, height / 2.0, &last));
}

static void
test_picking (void)
{
  for (PlotData data = 0; data < PLOT_N_DATA; data++)
    {
      CkptPlotHistogram *plot = plot_data_make (data);

      check_picking (plot, 620, 230);
      check_picking (plot, 100, 100);
      check_picking (plot, 3840, 2160);
      g_object_unref (plot);
    }
}

/* Where there are fewer pixels than bins, each pixel shows the largest count that falls on it. */
static void
test_one_mark_a_pixel (void)
{
  g_autoptr (CkptPlotHistogram) plot = plot_data_make (PLOT_DATA_BELL);
  const CkptPlotHistogramLayout *layout = ckpt_plot_histogram_get_layout (plot, 90, 100);
  const guint64 *counts = ckpt_plot_histogram_peek_bins (plot)->counts;
  guint n_bars = 0;
  CkptPlotBar bar;

  g_assert_cmpfloat (layout->area.width, <, PLOT_DATA_N_BINS);
  for (guint bin = 0; bin < PLOT_DATA_N_BINS; bin = bar.last + 1)
    {
      ckpt_plot_histogram_get_bar (plot, layout, bin, &bar);
      g_assert_cmpuint (bar.first, ==, bin);
      g_assert_cmpfloat (bar.width, >=, 1);
      for (guint i = bar.first; i <= bar.last; i++)
        g_assert_cmpuint (counts[ckpt_plot_histogram_get_tallest (plot, &bar)], >=, counts[i]);
      n_bars++;
    }
  g_assert_cmpuint (n_bars, ==, (guint) layout->area.width);
}

static void
test_small_canvas (void)
{
  for (PlotData data = 0; data < PLOT_N_DATA; data++)
    {
      CkptPlotHistogram *plot = plot_data_make (data);

      for (int size = 0; size < 80; size += 3)
        {
          cairo_surface_t *surface = plot_pixels_draw (CKPT_PLOT (plot), size, 80 - size);
          guint slot;

          g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
          ckpt_plot_pick (CKPT_PLOT (plot), size, 80 - size, size / 2.0, 40 - size / 2.0, &slot);
          cairo_surface_destroy (surface);
        }
      g_object_unref (plot);
    }
}

static gboolean
has_color (cairo_surface_t *surface, const CkptPlotRect *rect, guint32 color)
{
  for (int y = (int) rect->y; y < (int) (rect->y + rect->height); y++)
    {
      for (int x = (int) rect->x; x < (int) (rect->x + rect->width); x++)
        {
          if (plot_pixels_get (surface, x, y) == color)
            return TRUE;
        }
    }
  return FALSE;
}

static void
test_specials (void)
{
  g_autoptr (CkptPlotHistogram) plot = plot_data_make (PLOT_DATA_SPECIALS);
  guint n_slots = ckpt_plot_get_n_items (CKPT_PLOT (plot));
  const CkptPlotHistogramLayout *layout;
  cairo_surface_t *surface;
  CkptPlotSlot slot;

  set_test_theme (plot);
  surface = plot_pixels_draw (CKPT_PLOT (plot), 600, 230);
  g_assert_cmpuint (n_slots, ==, PLOT_DATA_N_BINS + 3);
  for (guint i = 0; i < n_slots; i++)
    {
      CkptPlotRect rect;

      ckpt_plot_histogram_get_slot (plot, i, &slot);
      if (slot.kind == CKPT_PLOT_SLOT_BIN)
        continue;
      g_assert_true (ckpt_plot_get_item_rect (CKPT_PLOT (plot), 600, 230, i, &rect));
      g_assert_true (has_color (surface, &rect, SPECIAL_RED));
      g_assert_false (has_color (surface, &rect, BAR_PIXEL));
    }
  ckpt_plot_histogram_get_slot (plot, 0, &slot);
  g_assert_cmpint (slot.kind, ==, CKPT_PLOT_SLOT_NEG_INF);
  ckpt_plot_histogram_get_slot (plot, n_slots - 1, &slot);
  g_assert_cmpint (slot.kind, ==, CKPT_PLOT_SLOT_NAN);
  g_assert_cmpuint (slot.count, ==, plot->series[0].stats.n_nan);
  cairo_surface_destroy (surface);

  /* Where there is no room for bars, the counts are said. */
  layout = ckpt_plot_histogram_get_layout (plot, 120, 230);
  g_assert_cmpuint (layout->n_specials, ==, 0);
  g_assert_nonnull (strstr (layout->note, "NaN: 715"));
}

static void
test_sentences (void)
{
  static const double nans[] = { NAN, NAN, NAN };
  static const double mixed[] = { NAN, INFINITY };
  static const struct
  {
    const double *values;
    guint n;
    guint n_slots;
    const char *sentence;
    const char *description;
  } cases[] = {
    { nans, 0, 0, "No values", "No values." },
    { nans, 1, 1, "The only value is NaN", "NaN: 1 value · 100 %." },
    { nans, 3, 1, "All 3 values are NaN", "NaN: 3 values · 100 %." },
    { mixed, 2, 2, "No finite values among 2", "∞: 1 value · 50 %. NaN: 1 value · 50 %." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CkptPlotHistogram) plot = plot_data_make_histogram (cases[i].values, cases[i].n, FALSE);
      g_autofree char *description = ckpt_plot_describe (CKPT_PLOT (plot));
      const CkptPlotRect middle = { 0, 80, 300, 40 };
      cairo_surface_t *surface;
      guint slot;

      set_test_theme (plot);
      surface = plot_pixels_draw (CKPT_PLOT (plot), 300, 200);
      g_assert_cmpstr (ckpt_plot_histogram_get_layout (plot, 300, 200)->sentence, ==, cases[i].sentence);
      g_assert_cmpstr (description, ==, cases[i].description);
      g_assert_cmpuint (ckpt_plot_get_n_items (CKPT_PLOT (plot)), ==, cases[i].n_slots);
      g_assert_false (ckpt_plot_pick (CKPT_PLOT (plot), 300, 200, 150, 100, &slot));
      /* The sentence is grey, 0.6 of black on nothing, where its strokes are whole. */
      g_assert_true (has_color (surface, &middle, 0x99000000u));
      cairo_surface_destroy (surface);
    }
}

static void
test_descriptions (void)
{
  static const double values[] = { -0.5, 0.25, 0.25, 0.25, NAN };
  static const double whole[] = { 3, 4, 4 };
  g_autoptr (CkptPlotHistogram) plot = plot_data_make_histogram (values, G_N_ELEMENTS (values), FALSE);
  g_autoptr (CkptPlotHistogram) whole_plot = plot_data_make_histogram (whole, G_N_ELEMENTS (whole), TRUE);
  g_autofree char *text = ckpt_plot_describe (CKPT_PLOT (plot));
  g_autofree char *last_bin = ckpt_plot_name_item (CKPT_PLOT (plot), PLOT_DATA_N_BINS - 1);
  g_autofree char *whole_text = ckpt_plot_describe (CKPT_PLOT (whole_plot));

  g_assert_cmpstr (text, ==,
                   "5 values from −0.5 to 0.25, mean 0.05, standard deviation 0. "
                   "Tallest bar: 0.2438 … 0.25, 3 values · 60 %. NaN: 1 value · 20 %.");
  g_assert_cmpstr (last_bin, ==, "0.2438 … 0.25");
  g_assert_cmpstr (
      whole_text, ==,
      "3 values from 3 to 4, mean 3.6667, standard deviation 0. Tallest bar: 4, 2 values · 66.7 %.");
}

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_string_append_len (closure, (const char *) data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* A picture that is kept as drawing commands comes out as one that is drawn at once. */
static void
check_replay (CkptPlotHistogram *plot)
{
  cairo_surface_t *direct = plot_pixels_draw (CKPT_PLOT (plot), 500, 200);
  cairo_surface_t *replayed = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 500, 200);
  cairo_surface_t *recording = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (recording);
  const CkptPlotRect *area = &ckpt_plot_histogram_get_layout (plot, 500, 200)->area;

  ckpt_plot_draw (CKPT_PLOT (plot), cr, 500, 200);
  cairo_destroy (cr);
  cr = cairo_create (replayed);
  cairo_set_source_surface (cr, recording, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_flush (replayed);
  for (int y = (int) area->y; y < (int) (area->y + area->height); y++)
    {
      for (int x = (int) area->x; x < (int) (area->x + area->width); x++)
        g_assert_cmphex (plot_pixels_get (direct, x, y), ==, plot_pixels_get (replayed, x, y));
    }
  cairo_surface_destroy (recording);
  cairo_surface_destroy (replayed);
  cairo_surface_destroy (direct);
}

static void
test_surfaces (void)
{
  g_autoptr (CkptPlotHistogram) plot = plot_data_make (PLOT_DATA_SPECIALS);
  g_autoptr (GString) svg = g_string_new (NULL);
  g_autoptr (GString) pdf = g_string_new (NULL);
  cairo_surface_t *surfaces[] = {
    cairo_svg_surface_create_for_stream (append_bytes, svg, 500, 200),
    cairo_pdf_surface_create_for_stream (append_bytes, pdf, 500, 200),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (surfaces); i++)
    {
      cairo_t *cr = cairo_create (surfaces[i]);

      ckpt_plot_draw (CKPT_PLOT (plot), cr, 500, 200);
      g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
      cairo_destroy (cr);
      cairo_surface_finish (surfaces[i]);
      g_assert_cmpint (cairo_surface_status (surfaces[i]), ==, CAIRO_STATUS_SUCCESS);
      cairo_surface_destroy (surfaces[i]);
    }
  /* Vectors, not pixels. */
  g_assert_nonnull (strstr (svg->str, "<path"));
  g_assert_null (strstr (svg->str, "<image"));
  g_assert_true (g_str_has_prefix (pdf->str, "%PDF"));
  check_replay (plot);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/histogram/pixels", test_pixels);
  g_test_add_func ("/histogram/picking", test_picking);
  g_test_add_func ("/histogram/one-mark-a-pixel", test_one_mark_a_pixel);
  g_test_add_func ("/histogram/small-canvas", test_small_canvas);
  g_test_add_func ("/histogram/specials", test_specials);
  g_test_add_func ("/histogram/sentences", test_sentences);
  g_test_add_func ("/histogram/descriptions", test_descriptions);
  g_test_add_func ("/histogram/surfaces", test_surfaces);
  return g_test_run ();
}
