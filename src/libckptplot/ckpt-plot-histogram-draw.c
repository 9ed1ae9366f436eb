/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-histogram-private.h"

#include <math.h>

/* Bars as wide as this have a gap between them: a share of their width, within limits. */
#define MIN_WIDTH_WITH_GAP 4
#define GAP_SHARE          0.1
#define MAX_GAP            8

#define HATCH_PITCH 4

/* Histograms over each other: a pale fill below a line with dashes. */
#define FILL_ALPHA 0.22
#define LINE_WIDTH 2

/**
 * Drawing:
 * @theme: what it looks like
 * @text: what texts are drawn with
 *
 * What all of the functions here need.
 */
typedef struct
{
  CkptPlotHistogram *plot;
  const CkptPlotHistogramLayout *layout;
  const CkptPlotTheme *theme;
  CkptPlotText *text;
  cairo_t *cr;
} Drawing;

/* Of a line of a series, so that colour alone tells nothing. */
static const struct
{
  double lengths[4];
  int n;
} dashes[CKPT_PLOT_N_SERIES] = {
  { { 0 }, 0 },     { { 5, 3 }, 2 },   { { 1.5, 2 }, 2 }, { { 8, 3, 1.5, 3 }, 4 },
  { { 10, 4 }, 2 }, { { 3, 1.5 }, 2 },
};

static void
draw_grid (const Drawing *self)
{
  const CkptPlotRect *area = &self->layout->area;
  guint n_ticks = ckpt_plot_axis_get_n_ticks (self->layout->y);

  for (guint i = 0; i < n_ticks; i++)
    {
      const CkptPlotTick *tick = ckpt_plot_axis_get_tick (self->layout->y, i);
      double y = floor (tick->position) + 0.5;

      if (tick->value > 0)
        {
          cairo_move_to (self->cr, area->x, y);
          cairo_line_to (self->cr, area->x + area->width, y);
        }
    }
  ckpt_plot_set_source (self->cr, &self->theme->grid);
  cairo_stroke (self->cr);
}

static double
get_gap (double width)
{
  return width >= MIN_WIDTH_WITH_GAP ? CLAMP (floor (width * GAP_SHARE), 1, MAX_GAP) : 0;
}

static void
draw_bars (const Drawing *self)
{
  guint n_bins = ckpt_plot_histogram_get_n_bins (self->plot);
  double base = self->layout->area.y + self->layout->area.height;
  double gap = get_gap (self->layout->area.width / n_bins);
  CkptPlotBar bar;

  for (guint bin = 0; bin < n_bins; bin = bar.last + 1)
    {
      double height;

      ckpt_plot_histogram_get_bar (self->plot, self->layout, bin, &bar);
      height = ckpt_plot_histogram_get_bar_height (self->layout,
                                                   ckpt_plot_histogram_get_bar_count (self->plot, &bar, 0));
      if (height > 0)
        cairo_rectangle (self->cr, bar.x + floor (gap / 2), base - height, bar.width - gap, height);
    }
  ckpt_plot_set_source (self->cr, &self->theme->bar);
  cairo_fill (self->cr);
}

static void
set_dashes (const Drawing *self, guint series)
{
  cairo_set_dash (self->cr, dashes[series].lengths, dashes[series].n, 0);
}

/* The upper edge of all bars of a series, from the axis to the axis. */
static void
trace_outline (const Drawing *self, guint series)
{
  guint n_bins = ckpt_plot_histogram_get_n_bins (self->plot);
  double base = self->layout->area.y + self->layout->area.height;
  CkptPlotBar bar;

  cairo_move_to (self->cr, self->layout->area.x, base);
  for (guint bin = 0; bin < n_bins; bin = bar.last + 1)
    {
      double top;

      ckpt_plot_histogram_get_bar (self->plot, self->layout, bin, &bar);
      top = base - ckpt_plot_histogram_get_bar_height (
                       self->layout, ckpt_plot_histogram_get_bar_count (self->plot, &bar, series));
      cairo_line_to (self->cr, bar.x, top);
      cairo_line_to (self->cr, bar.x + bar.width, top);
    }
  cairo_line_to (self->cr, self->layout->area.x + self->layout->area.width, base);
}

static void
draw_series (const Drawing *self, guint series)
{
  CkptPlotColor pale = self->theme->series[series];

  pale.alpha *= FILL_ALPHA;
  trace_outline (self, series);
  ckpt_plot_set_source (self->cr, &pale);
  cairo_fill_preserve (self->cr);
  ckpt_plot_set_source (self->cr, &self->theme->series[series]);
  cairo_set_line_width (self->cr, LINE_WIDTH);
  cairo_set_line_join (self->cr, CAIRO_LINE_JOIN_BEVEL);
  set_dashes (self, series);
  cairo_stroke (self->cr);
  cairo_set_dash (self->cr, NULL, 0, 0);
  cairo_set_line_width (self->cr, 1);
}

static void
draw_legend (const Drawing *self)
{
  guint n_series = self->plot->n_series;

  if (n_series < 2)
    return;
  for (guint i = 0; i < n_series; i++)
    {
      const CkptPlotRect *swatch = &self->layout->legend[i].swatch;
      CkptPlotColor pale = self->theme->series[i];

      pale.alpha *= FILL_ALPHA;
      if (swatch->width <= 0)
        continue;
      cairo_rectangle (self->cr, swatch->x, swatch->y + 1, swatch->width, swatch->height - 1);
      ckpt_plot_set_source (self->cr, &pale);
      cairo_fill (self->cr);
      cairo_move_to (self->cr, swatch->x, swatch->y + 1);
      cairo_rel_line_to (self->cr, swatch->width, 0);
      ckpt_plot_set_source (self->cr, &self->theme->series[i]);
      cairo_set_line_width (self->cr, LINE_WIDTH);
      set_dashes (self, i);
      cairo_stroke (self->cr);
      cairo_set_dash (self->cr, NULL, 0, 0);
      cairo_set_line_width (self->cr, 1);
    }
  ckpt_plot_legend_draw (self->layout->legend, n_series, self->text, self->cr, &self->theme->text);
}

/* A slanted stroke says that the bar goes on above the top of the scale. */
static void
draw_break (const Drawing *self, const CkptPlotRect *bar)
{
  double y = bar->y + fmin (bar->height / 3, 10);

  cairo_set_line_width (self->cr, 3);
  cairo_move_to (self->cr, bar->x - 2, y + 3);
  cairo_line_to (self->cr, bar->x + bar->width + 2, y - 3);
  ckpt_plot_set_source (self->cr, &self->theme->background);
  cairo_stroke (self->cr);
  cairo_set_line_width (self->cr, 1);
}

static void
trace_hatch (const Drawing *self, const CkptPlotRect *bar)
{
  for (double d = HATCH_PITCH; d < bar->width + bar->height; d += HATCH_PITCH)
    {
      cairo_move_to (self->cr, bar->x, bar->y + bar->height - d);
      cairo_line_to (self->cr, bar->x + d, bar->y + bar->height);
    }
}

/* Arrows to where the values lie. */
static void
trace_chevrons (const Drawing *self, const CkptPlotRect *bar, double direction)
{
  double size = fmin (bar->width / 2, 5);
  double middle = floor (bar->x + bar->width / 2);

  for (double y = bar->y + bar->height - size - 2; y - size > bar->y; y -= 2 * size + 3)
    {
      cairo_move_to (self->cr, middle - direction * size / 2, y - size);
      cairo_line_to (self->cr, middle + direction * size / 2, y);
      cairo_line_to (self->cr, middle - direction * size / 2, y + size);
    }
}

static void
draw_special_bar (const Drawing *self,
                  CkptPlotSlotKind kind,
                  const CkptPlotRect *bar,
                  const CkptPlotColor *color)
{
  CkptPlotColor pale = *color;

  pale.alpha *= 0.25;
  cairo_save (self->cr);
  cairo_rectangle (self->cr, bar->x, bar->y, bar->width, bar->height);
  ckpt_plot_set_source (self->cr, &pale);
  cairo_fill_preserve (self->cr);
  cairo_clip (self->cr);
  if (kind == CKPT_PLOT_SLOT_BELOW || kind == CKPT_PLOT_SLOT_ABOVE)
    trace_chevrons (self, bar, kind == CKPT_PLOT_SLOT_BELOW ? -1 : 1);
  else
    trace_hatch (self, bar);
  ckpt_plot_set_source (self->cr, color);
  cairo_stroke (self->cr);
  cairo_restore (self->cr);

  cairo_rectangle (self->cr, bar->x, bar->y + 0.5, bar->width, bar->height - 0.5);
  ckpt_plot_set_source (self->cr, color);
  cairo_stroke (self->cr);
}

static const CkptPlotColor *
get_special_color (const Drawing *self, CkptPlotSlotKind kind, guint series)
{
  if (self->plot->n_series > 1)
    return &self->theme->series[series];
  return kind == CKPT_PLOT_SLOT_BELOW || kind == CKPT_PLOT_SLOT_ABOVE ? &self->theme->bar
                                                                      : &self->theme->special;
}

/* One bar a series, side by side. */
static void
draw_special (const Drawing *self, const CkptPlotSpecial *special)
{
  double base = special->column.y + special->column.height;
  double left = special->column.x + floor (special->column.width / 5) + 0.5;
  double width = floor (special->column.width * 0.6 / self->plot->n_series);

  for (guint i = 0; i < self->plot->n_series; i++)
    {
      guint64 count = ckpt_plot_histogram_get_count (self->plot, special->kind, i);
      double height = fmax (ckpt_plot_histogram_get_bar_height (self->layout, count), 2);
      CkptPlotRect bar = { left + width * i, base - height, fmax (width, 1), height };

      if (count == 0)
        continue;
      draw_special_bar (self, special->kind, &bar, get_special_color (self, special->kind, i));
      if (count > self->plot->largest * 1.05)
        draw_break (self, &bar);
    }
}

static void
draw_axis_line (const Drawing *self)
{
  const CkptPlotHistogramLayout *layout = self->layout;
  double y = layout->area.y + layout->area.height + 0.5;
  guint n_ticks = ckpt_plot_axis_get_n_ticks (layout->x);

  cairo_move_to (self->cr, layout->area.x, y);
  cairo_line_to (self->cr, layout->area.x + layout->area.width, y);
  for (guint i = 0; i < layout->n_specials; i++)
    {
      const CkptPlotRect *column = &layout->specials[i].column;

      cairo_move_to (self->cr, column->x, y);
      cairo_line_to (self->cr, column->x + column->width, y);
    }
  for (guint i = 0; i < n_ticks; i++)
    {
      double x = floor (ckpt_plot_axis_get_tick (layout->x, i)->position) + 0.5;

      cairo_move_to (self->cr, x, y);
      cairo_line_to (self->cr, x, y + CKPT_PLOT_TICK_LENGTH);
    }
  ckpt_plot_set_source (self->cr, &self->theme->axis);
  cairo_stroke (self->cr);
}

static void
draw_labels (const Drawing *self)
{
  const CkptPlotHistogramLayout *layout = self->layout;
  guint n_x = ckpt_plot_axis_get_n_ticks (layout->x);
  guint n_y = ckpt_plot_axis_get_n_ticks (layout->y);

  for (guint i = 0; i < n_y; i++)
    {
      const CkptPlotTick *tick = ckpt_plot_axis_get_tick (layout->y, i);

      ckpt_plot_text_draw (self->text, self->cr, tick->label, layout->count_right - tick->label_width,
                           tick->label_start, &self->theme->dim);
    }
  for (guint i = 0; i < n_x; i++)
    {
      const CkptPlotTick *tick = ckpt_plot_axis_get_tick (layout->x, i);

      ckpt_plot_text_draw (self->text, self->cr, tick->label, tick->label_start, layout->label_y,
                           &self->theme->dim);
    }
  for (guint i = 0; i < layout->n_specials; i++)
    {
      const CkptPlotSpecial *special = &layout->specials[i];
      gboolean is_tail = special->kind == CKPT_PLOT_SLOT_BELOW || special->kind == CKPT_PLOT_SLOT_ABOVE;

      ckpt_plot_text_draw (self->text, self->cr, special->label, special->label_x, layout->label_y,
                           is_tail ? &self->theme->dim : &self->theme->special);
    }
  if (layout->note != NULL)
    {
      const CkptPlotRect box = { 0, layout->label_y + layout->line, layout->width, layout->line * 1.3 };

      ckpt_plot_text_draw_in_box (self->text, self->cr, layout->note, &box, &self->theme->special);
    }
}

/* Just above the bar at the mark: drawn across, a line could hide the only one. */
static double
find_mark_bottom (const Drawing *self, const CkptPlotMark *mark)
{
  CkptPlotBar bar;
  guint64 count;

  ckpt_plot_histogram_get_bar_at (self->plot, self->layout, mark->x, &bar);
  count = ckpt_plot_histogram_get_bar_count (self->plot, &bar, 0);
  return self->layout->area.y + self->layout->area.height -
         ckpt_plot_histogram_get_bar_height (self->layout, count) - 1;
}

static void
draw_mark (const Drawing *self, const CkptPlotMark *mark)
{
  static const double mean_dashes[] = { 3, 2 };
  static const double percentile_dashes[] = { 1, 2 };
  const CkptPlotRect *header = &self->layout->header;
  double top = mark->label != NULL ? mark->rect.y + mark->rect.height : header->y + header->height;

  if (mark->is_joined)
    return;
  if (mark->style == CKPT_PLOT_MARK_MEAN)
    cairo_set_dash (self->cr, mean_dashes, G_N_ELEMENTS (mean_dashes), 0);
  else if (mark->style == CKPT_PLOT_MARK_PERCENTILE)
    cairo_set_dash (self->cr, percentile_dashes, G_N_ELEMENTS (percentile_dashes), 0);
  cairo_move_to (self->cr, mark->x, top);
  cairo_line_to (self->cr, mark->x, find_mark_bottom (self, mark));
  ckpt_plot_set_source (self->cr, &self->theme->mark);
  cairo_stroke (self->cr);
  cairo_set_dash (self->cr, NULL, 0, 0);
  if (mark->label != NULL)
    ckpt_plot_text_draw (self->text, self->cr, mark->label, mark->rect.x, mark->rect.y, &self->theme->text);
}

static void
draw_all (const Drawing *self)
{
  draw_legend (self);
  draw_grid (self);
  if (self->plot->n_series == 1)
    draw_bars (self);
  for (guint i = self->plot->n_series; i > 0 && self->plot->n_series > 1; i--)
    draw_series (self, i - 1);
  for (guint i = 0; i < self->layout->n_specials; i++)
    draw_special (self, &self->layout->specials[i]);
  draw_axis_line (self);
  draw_labels (self);
  for (guint i = 0; i < self->layout->marks->len; i++)
    draw_mark (self, &g_array_index (self->layout->marks, CkptPlotMark, i));
}

void
ckpt_plot_histogram_draw (CkptPlot *plot, cairo_t *cr, double width, double height)
{
  CkptPlotHistogram *self = CKPT_PLOT_HISTOGRAM (plot);
  const Drawing drawing = { self, ckpt_plot_histogram_get_layout (self, width, height),
                            ckpt_plot_get_theme (plot), ckpt_plot_get_text (plot), cr };
  const CkptPlotRect canvas = { 0, 0, width, height };

  if (drawing.layout->sentence != NULL)
    ckpt_plot_text_draw_in_box (drawing.text, cr, drawing.layout->sentence, &canvas, &drawing.theme->dim);
  else if (drawing.layout->area.width > 0 && drawing.layout->area.height > 0)
    draw_all (&drawing);
}
