/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ckpt-plot-box-strip-private.h"
#include "ckpt-plot-heatmap-private.h"
#include "ckpt-plot-histogram-private.h"
#include "plot-data.h"
#include "plot-helpers.h"
#include "plot-scenes.h"

#include <ckptplot.h>
#include <math.h>

/* No text of any plot lies on another one, on what is drawn, or over the edge, whatever the size, the font and the data. */

static void
add_rect (GArray *rects, double x, double y, double width, double height)
{
  const CkptPlotRect rect = { x, y, width, height };

  g_array_append_val (rects, rect);
}

static double
measure (CkptPlot *plot, const char *text)
{
  double width, height;

  ckpt_plot_text_measure (ckpt_plot_get_text (plot), text, &width, &height);
  return width;
}

static void
add_column_labels (GArray *rects, const CkptPlotAxis *axis, double y, double line)
{
  for (guint i = 0; i < ckpt_plot_axis_get_n_ticks (axis); i++)
    {
      const CkptPlotTick *tick = ckpt_plot_axis_get_tick (axis, i);

      add_rect (rects, tick->label_start, y, tick->label_width, line);
    }
}

/* Labels of a vertical axis, that begin at @x, or end there if @right. */
static void
add_row_labels (GArray *rects, const CkptPlotAxis *axis, double x, gboolean right, double line)
{
  for (guint i = 0; i < ckpt_plot_axis_get_n_ticks (axis); i++)
    {
      const CkptPlotTick *tick = ckpt_plot_axis_get_tick (axis, i);

      add_rect (rects, right ? x - tick->label_width : x, tick->label_start, tick->label_width, line);
    }
}

static void
add_legend (GArray *rects, const CkptPlotLegendEntry *entries, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      if (entries[i].text.width <= 0)
        continue;
      g_array_append_val (rects, entries[i].text);
      g_array_append_val (rects, entries[i].swatch);
    }
}

static void
list_histogram (CkptPlotHistogram *plot, double width, double height, GArray *rects)
{
  const CkptPlotHistogramLayout *layout = ckpt_plot_histogram_get_layout (plot, width, height);

  if (layout->sentence != NULL || layout->area.width <= 0 || layout->area.height <= 0)
    return;
  add_column_labels (rects, layout->x, layout->label_y, layout->line);
  add_row_labels (rects, layout->y, layout->count_right, TRUE, layout->line);
  add_legend (rects, layout->legend, plot->n_series);
  for (guint i = 0; i < layout->n_specials; i++)
    {
      const CkptPlotSpecial *special = &layout->specials[i];

      add_rect (rects, special->label_x, layout->label_y, measure (CKPT_PLOT (plot), special->label),
                layout->line);
      g_array_append_val (rects, special->column);
    }
  for (guint i = 0; i < layout->marks->len; i++)
    {
      const CkptPlotMark *mark = &g_array_index (layout->marks, CkptPlotMark, i);

      if (mark->label == NULL)
        continue;
      g_array_append_val (rects, mark->rect);
      add_rect (rects, mark->x - 0.5, mark->rect.y + mark->rect.height, 1,
                layout->header.y + layout->header.height - mark->rect.y - mark->rect.height);
    }
  g_array_append_val (rects, layout->area);
}

static void
list_boxes (CkptPlotBoxStrip *plot, double width, double height, GArray *rects)
{
  const CkptPlotBoxLayout *layout = ckpt_plot_box_strip_get_layout (plot, width, height);

  if (layout->axis == NULL || layout->area.width <= 0 || layout->area.height <= 0)
    return;
  add_column_labels (rects, layout->axis, layout->label_y, layout->line);
  add_legend (rects, layout->legend, CKPT_PLOT_BOX_N_PARTS);
  for (guint i = 0; i < layout->names->len; i++)
    add_rect (rects, 0, g_array_index (layout->names, CkptPlotBoxName, i).y, layout->names_width,
              layout->line);
  if (layout->flags.width > 0)
    {
      add_rect (rects, layout->flags.x, layout->label_y, layout->flags.width, layout->line);
      g_array_append_val (rects, layout->flags);
    }
  g_array_append_val (rects, layout->area);
}

static void
list_heatmap (CkptPlotHeatmap *plot, double width, double height, GArray *rects)
{
  const CkptPlotHeatmapLayout *layout = ckpt_plot_heatmap_get_layout (plot, width, height);
  double gap = ceil (layout->line * CKPT_PLOT_GAP);

  if (layout->area.width < 1 || layout->area.height < 1)
    return;
  add_column_labels (rects, layout->columns, layout->label_y, layout->line);
  add_row_labels (rects, layout->rows, layout->row_right, TRUE, layout->line);
  add_legend (rects, layout->legend, layout->n_legend);
  if (layout->bar.width > 0)
    {
      add_row_labels (rects, layout->values, layout->bar.x + layout->bar.width + gap, FALSE, layout->line);
      g_array_append_val (rects, layout->bar);
    }
  g_array_append_val (rects, layout->area);
}

static gboolean
overlap (const CkptPlotRect *a, const CkptPlotRect *b)
{
  return a->x + 0.01 < b->x + b->width && b->x + 0.01 < a->x + a->width && a->y + 0.01 < b->y + b->height &&
         b->y + 0.01 < a->y + a->height;
}

static void
check (CkptPlot *plot, double width, double height)
{
  g_autoptr (GArray) rects = g_array_new (FALSE, FALSE, sizeof (CkptPlotRect));

  if (CKPT_IS_PLOT_HISTOGRAM (plot))
    list_histogram (CKPT_PLOT_HISTOGRAM (plot), width, height, rects);
  else if (CKPT_IS_PLOT_BOX_STRIP (plot))
    list_boxes (CKPT_PLOT_BOX_STRIP (plot), width, height, rects);
  else if (CKPT_IS_PLOT_HEATMAP (plot))
    list_heatmap (CKPT_PLOT_HEATMAP (plot), width, height, rects);
  for (guint i = 0; i < rects->len; i++)
    {
      const CkptPlotRect *a = &g_array_index (rects, CkptPlotRect, i);

      g_assert_cmpfloat (a->x, >=, 0);
      g_assert_cmpfloat (a->y, >=, 0);
      g_assert_cmpfloat (a->x + a->width, <=, width + 0.01);
      g_assert_cmpfloat (a->y + a->height, <=, height + 0.01);
      for (guint j = 0; j < i; j++)
        {
          const CkptPlotRect *b = &g_array_index (rects, CkptPlotRect, j);

          if (overlap (a, b))
            g_error ("On a %s of %g × %g, %g × %g at %g, %g lies on %g × %g at %g, %g",
                     G_OBJECT_TYPE_NAME (plot), width, height, a->width, a->height, a->x, a->y, b->width,
                     b->height, b->x, b->y);
        }
    }
}

/* From small to 4 K, in proportion to the text. */
static void
check_sizes (CkptPlot *plot)
{
  static const double heights[] = { 40, 90, 230, 720 };

  for (int variant = 0; variant < 2; variant++)
    {
      g_autoptr (CkptPlotTheme) theme = ckpt_plot_theme_new (CKPT_PLOT_DARK);

      theme->text_scale = 1 + variant;
      ckpt_plot_set_theme (plot, theme);
      for (double width = 120; width < 4000; width *= 1.7)
        {
          for (gsize i = 0; i < G_N_ELEMENTS (heights); i++)
            check (plot, floor (width), heights[i]);
        }
      check (plot, 3840, 2160);
    }
}

static void
test_scenes (void)
{
  for (guint i = 0; i < plot_scenes_get_n (); i++)
    {
      g_autoptr (CkptPlot) plot = plot_scenes_get (i)->make ();

      check_sizes (plot);
      if (!CKPT_IS_PLOT_HISTOGRAM (plot))
        continue;
      ckpt_plot_histogram_set_log_counts (CKPT_PLOT_HISTOGRAM (plot), TRUE);
      check_sizes (plot);
    }
}

static void
test_data (void)
{
  for (PlotData data = 0; data < PLOT_N_DATA; data++)
    {
      g_autoptr (CkptPlotHistogram) plot = plot_data_make (data);

      check_sizes (CKPT_PLOT (plot));
    }
}

static guint64
make_random_count (void)
{
  return g_test_rand_int_range (0, 3) == 0 ? (guint64) pow (10, g_test_rand_double_range (0, 18)) : 0;
}

/* Any range, counts up to 10^18, on both scales. */
static CkptPlot *
make_random_histogram (void)
{
  guint64 counts[40];
  double a = plot_random_double ();
  double b = plot_random_double ();
  CkptHistogram histogram = { fmin (a, b),
                              fmax (a, b),
                              G_N_ELEMENTS (counts),
                              counts,
                              make_random_count (),
                              make_random_count (),
                              { 0 },
                              0 };
  CkptStats stats = { .n = G_MAXINT64, .n_finite = 1, .min = a, .max = b, .mean = a / 2 + b / 2 };
  CkptPlotHistogram *plot;

  if (!(histogram.high > histogram.low) || !isfinite (histogram.high))
    return NULL;
  if (g_test_rand_int_range (0, 2) == 0)
    histogram.scale = (CkptScale) { CKPT_SCALE_SYMLOG, fmax (histogram.high, -histogram.low) *
                                                           pow (10, -g_test_rand_double_range (0, 12)) };
  if (histogram.scale.kind == CKPT_SCALE_SYMLOG && !(histogram.scale.threshold > 0))
    return NULL;
  stats.n_nan = make_random_count ();
  stats.n_pos_inf = make_random_count ();
  stats.n_neg_inf = make_random_count ();
  stats.n_missing = make_random_count ();
  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    counts[i] = make_random_count ();
  plot = ckpt_plot_histogram_new (&stats, &histogram, FALSE);
  for (int i = 0; i < g_test_rand_int_range (0, 8); i++)
    ckpt_plot_histogram_add_percentile (plot, i * 12.5,
                                        histogram.low * (1 - i / 7.0) + histogram.high * (i / 7.0));
  return CKPT_PLOT (plot);
}

static void
test_random (void)
{
  for (int i = 0; i < 400; i++)
    {
      g_autoptr (CkptPlot) plot = make_random_histogram ();

      for (int k = 0; k < 10 && plot != NULL; k++)
        check (plot, g_test_rand_int_range (100, 2000), g_test_rand_int_range (60, 800));
    }
}

/* The important numbers are there where there is room. */
static void
test_room (void)
{
  for (guint i = 0; i < plot_scenes_get_n (); i++)
    {
      g_autoptr (CkptPlot) plot = plot_scenes_get (i)->make ();
      const CkptPlotHistogramLayout *layout;

      if (!CKPT_IS_PLOT_HISTOGRAM (plot))
        continue;
      layout = ckpt_plot_histogram_get_layout (CKPT_PLOT_HISTOGRAM (plot), 200, 120);
      if (layout->sentence != NULL)
        continue;
      g_assert_cmpuint (ckpt_plot_axis_get_n_ticks (layout->x), >=, 1);
      g_assert_cmpuint (ckpt_plot_axis_get_n_ticks (layout->y), >=, 1);
      g_assert_cmpfloat (layout->area.width, >, 100);
      if (CKPT_PLOT_HISTOGRAM (plot)->n_series == 1)
        g_assert_nonnull (g_array_index (layout->marks, CkptPlotMark, 0).label);
      layout = ckpt_plot_histogram_get_layout (CKPT_PLOT_HISTOGRAM (plot), 600, 240);
      g_assert_cmpuint (ckpt_plot_axis_get_n_ticks (layout->x), >=, 4);
      g_assert_cmpuint (ckpt_plot_axis_get_n_ticks (layout->y), >=, 3);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/scenes", test_scenes);
  g_test_add_func ("/layout/data", test_data);
  g_test_add_func ("/layout/random", test_random);
  g_test_add_func ("/layout/room", test_room);
  return g_test_run ();
}
