/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ckpt-plot-box-strip-private.h"
#include "plot-pixels.h"

#include <ckptplot.h>
#include <math.h>
#include <string.h>

#define BAR_PIXEL     0xff00ff00u
#define SPECIAL_PIXEL 0xffff0000u
#define MARK_PIXEL    0xff0000ffu

static const CkptPlotBox boxes[] = {
  { "first", 100, 0, 0, -1, -0.9, -0.5, 0, 0.5, 0.9, 1 },
  { "second", 100, 2, 0, 0, 0.1, 0.25, 0.5, 0.75, 0.9, 1 },
  { "third", 100, 100, 0, NAN, NAN, NAN, NAN, NAN, NAN, NAN },
  { "fourth", 100, 0, 0, -4, -3, -2, -1.5, -1, 0, 4 },
};

static CkptPlotBoxStrip *
make_plot (const CkptPlotBox *list, guint n)
{
  CkptPlotBoxStrip *plot = ckpt_plot_box_strip_new (list, n);
  g_autoptr (CkptPlotTheme) theme = ckpt_plot_theme_new (CKPT_PLOT_LIGHT);

  theme->bar = (CkptPlotColor) { 0, 1, 0, 1 };
  theme->special = (CkptPlotColor) { 1, 0, 0, 1 };
  theme->mark = (CkptPlotColor) { 0, 0, 1, 1 };
  theme->grid.alpha = theme->axis.alpha = 0;
  ckpt_plot_set_theme (CKPT_PLOT (plot), theme);
  return plot;
}

/* Of each row the pixels of the middle half, with the median in them, and the flag. */
static void
check_row (CkptPlotBoxStrip *plot, cairo_surface_t *surface, const CkptPlotBoxLayout *layout, guint i)
{
  CkptPlotBoxRow row;
  int left = G_MAXINT, right = -1, y;

  ckpt_plot_box_strip_get_row (plot, layout, i, &row);
  y = (int) (row.y + row.height / 2);
  for (int x = (int) layout->area.x; x < (int) (layout->area.x + layout->area.width); x++)
    {
      guint32 pixel = plot_pixels_get (surface, x, y);

      if (pixel != BAR_PIXEL && pixel != MARK_PIXEL)
        continue;
      left = MIN (left, x);
      right = MAX (right, x + 1);
    }
  if (isnan (boxes[i].min))
    {
      g_assert_cmpint (right, ==, -1);
      return;
    }
  g_assert_cmpfloat_with_epsilon (left, ckpt_plot_axis_map (layout->axis, boxes[i].p25), 1.01);
  g_assert_cmpfloat_with_epsilon (right, ckpt_plot_axis_map (layout->axis, boxes[i].p75), 1.01);
  g_assert_cmphex (plot_pixels_get (surface, (int) ckpt_plot_axis_map (layout->axis, boxes[i].median), y), ==,
                   MARK_PIXEL);
}

static void
check_pixels (CkptPlotBoxStrip *plot)
{
  const CkptPlotBoxLayout *layout = ckpt_plot_box_strip_get_layout (plot, 500, 200);
  cairo_surface_t *surface = plot_pixels_draw (CKPT_PLOT (plot), 500, 200);

  for (guint i = 0; i < G_N_ELEMENTS (boxes); i++)
    {
      CkptPlotBoxRow row;
      gboolean is_flagged;

      check_row (plot, surface, layout, i);
      ckpt_plot_box_strip_get_row (plot, layout, i, &row);
      is_flagged = plot_pixels_get (surface, (int) (layout->flags.x + layout->flags.width / 2),
                                    (int) (row.y + row.height / 2)) == SPECIAL_PIXEL;
      g_assert_cmpint (is_flagged, ==, boxes[i].n_nan > 0 || boxes[i].n_inf > 0);
    }
  cairo_surface_destroy (surface);
}

static void
test_pixels (void)
{
  g_autoptr (CkptPlotBoxStrip) plot = make_plot (boxes, G_N_ELEMENTS (boxes));
  const CkptScale symlog = { CKPT_SCALE_SYMLOG, 0.01 };

  check_pixels (plot);
  ckpt_plot_box_strip_set_scale (plot, &symlog);
  check_pixels (plot);
}

static void
test_picking (void)
{
  g_autoptr (CkptPlotBoxStrip) plot = make_plot (boxes, G_N_ELEMENTS (boxes));

  for (guint i = 0; i < G_N_ELEMENTS (boxes); i++)
    {
      CkptPlotRect rect;
      guint item = G_MAXUINT;

      g_assert_true (ckpt_plot_get_item_rect (CKPT_PLOT (plot), 400, 150, i, &rect));
      g_assert_true (ckpt_plot_pick (CKPT_PLOT (plot), 400, 150, 3, rect.y, &item));
      g_assert_cmpuint (item, ==, i);
      g_assert_true (ckpt_plot_pick (CKPT_PLOT (plot), 400, 150, 390, rect.y + rect.height - 0.5, &item));
      g_assert_cmpuint (item, ==, i);
      g_assert_false (ckpt_plot_pick (CKPT_PLOT (plot), 400, 150, 3, 149, &item));
    }
  g_assert_cmpuint (ckpt_plot_step (CKPT_PLOT (plot), 1, 0, 1), ==, 2);
  g_assert_cmpuint (ckpt_plot_step (CKPT_PLOT (plot), 1, 0, -5), ==, 0);
  g_assert_cmpuint (ckpt_plot_step (CKPT_PLOT (plot), 1, 0, G_MAXINT), ==, 3);
}

static CkptPlotBoxStrip *
make_many (guint n)
{
  g_autofree CkptPlotBox *many = g_new (CkptPlotBox, n);

  for (guint i = 0; i < n; i++)
    {
      many[i] = boxes[0];
      many[i].name = i % 2 == 0 ? "even" : "odd";
    }
  many[n / 3].n_nan = 1;
  many[n / 2 + n / 700].max = 9;
  return make_plot (many, n);
}

/* Of a hundred thousand tensors no more is drawn than of a thousand on the same canvas, and the odd ones are still seen and found. */
static void
test_one_mark_a_pixel (void)
{
  const guint n = 100000;
  const guint largest = n / 2 + n / 700;
  g_autoptr (CkptPlotBoxStrip) plot = make_many (n);
  g_autoptr (CkptPlotBoxStrip) fewer = make_many (1000);
  const CkptPlotBoxLayout *layout = ckpt_plot_box_strip_get_layout (plot, 400, 300);
  CkptPlotBoxRow row;
  CkptPlotBox sum;
  guint n_rows = 0, item = 0;

  for (guint i = 0; i < n; i = row.last + 1)
    {
      ckpt_plot_box_strip_get_row (plot, layout, i, &row);
      g_assert_cmpuint (row.first, ==, i);
      g_assert_cmpfloat (row.height, >=, 1);
      n_rows++;
    }
  g_assert_cmpuint (n_rows, ==, (guint) layout->area.height);
  ckpt_plot_box_strip_get_row (plot, layout, largest, &row);
  g_assert_cmpuint (row.first, <, largest);
  ckpt_plot_box_strip_sum_row (plot, &row, &sum);
  g_assert_cmpfloat (sum.max, ==, 9);
  g_assert_true (ckpt_plot_pick (CKPT_PLOT (plot), 400, 300, 200, row.y, &item));
  g_assert_cmpuint (item, ==, largest);
  ckpt_plot_box_strip_get_row (plot, layout, n / 3, &row);
  g_assert_true (ckpt_plot_pick (CKPT_PLOT (plot), 400, 300, 200, row.y, &item));
  g_assert_cmpuint (item, ==, n / 3);
  g_assert_cmpuint (plot_pixels_count_svg (CKPT_PLOT (plot), 400, 300), <,
                    plot_pixels_count_svg (CKPT_PLOT (fewer), 400, 300) * 11 / 10);
}

static void
test_words (void)
{
  g_autoptr (CkptPlotBoxStrip) plot = make_plot (boxes, G_N_ELEMENTS (boxes));
  g_autoptr (CkptPlotBoxStrip) empty = make_plot (NULL, 0);
  g_autoptr (CkptPlotBoxStrip) single = make_plot (boxes, 1);
  g_autofree char *text = ckpt_plot_describe (CKPT_PLOT (plot));
  g_autofree char *none = ckpt_plot_describe (CKPT_PLOT (empty));
  g_autofree char *one = ckpt_plot_describe (CKPT_PLOT (single));
  g_autofree char *name = ckpt_plot_name_item (CKPT_PLOT (plot), 1);
  g_autofree char *second = ckpt_plot_describe_item (CKPT_PLOT (plot), 1);
  g_autofree char *third = ckpt_plot_describe_item (CKPT_PLOT (plot), 2);

  g_assert_cmpstr (
      text, ==,
      "4 tensors. Smallest value −4 in fourth, largest 4 in fourth. 2 of them have values that are not finite.");
  g_assert_cmpstr (none, ==, "0 tensors.");
  g_assert_cmpstr (one, ==, "1 tensor. Smallest value −1 in first, largest 1 in first.");
  g_assert_cmpstr (name, ==, "second");
  g_assert_cmpstr (second, ==,
                   "min 0 · p1 0.1 · p25 0.25 · median 0.5 · p75 0.75 · p99 0.9 · max 1 · NaN: 2");
  g_assert_cmpstr (third, ==, "No finite values · NaN: 100");
}

/* Where names are too long, what all begin with is left out, but no more. */
static void
test_names (void)
{
  static const char *const lists[][3] = {
    { "transformer.h.10.attn", "transformer.h.11.attn", "transformer.h.2" },
    { "model/layer", "model/layer.weight", "model/lay" },
    { "encoder.first", "decoder.first", "encoder.second" },
    { "same.name", "same.name", "same.name" },
  };
  static const gsize skipped[] = { 14, 6, 0, 5 };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      CkptPlotBox few[3] = { boxes[0], boxes[0], boxes[0] };
      g_autoptr (CkptPlotBoxStrip) plot = NULL;
      g_autofree char *name = NULL;

      for (int k = 0; k < 3; k++)
        few[k].name = lists[i][k];
      plot = make_plot (few, 3);
      name = ckpt_plot_name_item (CKPT_PLOT (plot), 1);
      g_assert_cmpstr (name, ==, lists[i][1]);
      g_assert_cmpuint (ckpt_plot_box_strip_get_layout (plot, 900, 200)->names_skip, ==, 0);
      g_assert_cmpuint (ckpt_plot_box_strip_get_layout (plot, 120, 200)->names_skip, ==, skipped[i]);
    }
}

/* Data that leave nothing to draw, and canvases without room. */
static void
test_extremes (void)
{
  const CkptPlotBox constant = { "zero", 9, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
  const CkptPlotBox huge = { "huge", 9, 0, 0, -1.7e308, -1e308, -1, 0, 1, 1e308, 1.7e308 };
  const CkptPlotBox *const lists[] = { boxes, &boxes[2], &constant, &huge };

  for (gsize i = 0; i <= G_N_ELEMENTS (lists); i++)
    {
      g_autoptr (CkptPlotBoxStrip) plot = i == 0 ? make_plot (NULL, 0) : make_plot (lists[i - 1], 1);

      for (int size = 0; size < 300; size += 7)
        {
          cairo_surface_t *surface = plot_pixels_draw (CKPT_PLOT (plot), size, 300 - size);
          guint item;

          g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
          ckpt_plot_pick (CKPT_PLOT (plot), size, 300 - size, size / 2.0, 30, &item);
          cairo_surface_destroy (surface);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/box-strip/pixels", test_pixels);
  g_test_add_func ("/box-strip/picking", test_picking);
  g_test_add_func ("/box-strip/one-mark-a-pixel", test_one_mark_a_pixel);
  g_test_add_func ("/box-strip/words", test_words);
  g_test_add_func ("/box-strip/names", test_names);
  g_test_add_func ("/box-strip/extremes", test_extremes);
  return g_test_run ();
}
