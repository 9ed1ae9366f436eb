/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-histogram-private.h"

#include <math.h>

/* Bars as wide as this have a gap between them: a share of their width, within limits. */
#define MIN_WIDTH_WITH_GAP 4
#define GAP_SHARE          0.1
#define MAX_GAP            8

#define TICK_LENGTH 4
#define HATCH_PITCH 4

static void
draw_grid (const CkptPlotHistogram *self, const CkptPlotHistogramLayout *layout, cairo_t *cr)
{
  const CkptPlotRect *area = &layout->area;
  guint n_ticks = ckpt_plot_axis_get_n_ticks (layout->y);

  for (guint i = 0; i < n_ticks; i++)
    {
      const CkptPlotTick *tick = ckpt_plot_axis_get_tick (layout->y, i);
      double y = floor (tick->position) + 0.5;

      if (tick->value > 0)
        {
          cairo_move_to (cr, area->x, y);
          cairo_line_to (cr, area->x + area->width, y);
        }
    }
  ckpt_plot_set_source (cr, &self->theme->grid);
  cairo_stroke (cr);
}

static double
get_gap (double width)
{
  return width >= MIN_WIDTH_WITH_GAP ? CLAMP (floor (width * GAP_SHARE), 1, MAX_GAP) : 0;
}

static void
draw_bars (const CkptPlotHistogram *self, const CkptPlotHistogramLayout *layout, cairo_t *cr)
{
  double base = layout->area.y + layout->area.height;
  double gap = get_gap (layout->area.width / self->bins.n_bins);
  CkptPlotBar bar;

  for (guint bin = 0; bin < self->bins.n_bins; bin = bar.last + 1)
    {
      double height;

      ckpt_plot_histogram_get_bar (self, layout, bin, &bar);
      height = ckpt_plot_histogram_get_bar_height (self, layout, self->bins.counts[bar.tallest]);
      if (height > 0)
        cairo_rectangle (cr, bar.x + floor (gap / 2), base - height, bar.width - gap, height);
    }
  ckpt_plot_set_source (cr, &self->theme->bar);
  cairo_fill (cr);
}

/* Two slanted strokes say that the bar goes on above the top of the scale. */
static void
draw_break (const CkptPlotHistogram *self, const CkptPlotRect *bar, cairo_t *cr)
{
  double y = bar->y + fmin (bar->height / 3, 10);

  cairo_set_line_width (cr, 3);
  cairo_move_to (cr, bar->x - 2, y + 3);
  cairo_line_to (cr, bar->x + bar->width + 2, y - 3);
  ckpt_plot_set_source (cr, &self->theme->background);
  cairo_stroke (cr);
  cairo_set_line_width (cr, 1);
}

static void
draw_special (const CkptPlotHistogram *self,
              const CkptPlotHistogramLayout *layout,
              const CkptPlotSpecial *special,
              cairo_t *cr)
{
  CkptPlotRect bar = special->column;
  CkptPlotColor pale = self->theme->special;
  CkptPlotSlot slot = { 0 };
  double height;

  ckpt_plot_histogram_get_slot (self, special->slot, &slot);
  height = fmax (ckpt_plot_histogram_get_bar_height (self, layout, slot.count), 2);
  bar.x += floor (bar.width / 5) + 0.5;
  bar.width = floor (bar.width * 0.6);
  bar.y += bar.height - height;
  bar.height = height;
  pale.alpha *= 0.25;

  cairo_save (cr);
  cairo_rectangle (cr, bar.x, bar.y, bar.width, bar.height);
  ckpt_plot_set_source (cr, &pale);
  cairo_fill_preserve (cr);
  cairo_clip (cr);
  for (double d = HATCH_PITCH; d < bar.width + bar.height; d += HATCH_PITCH)
    {
      cairo_move_to (cr, bar.x, bar.y + bar.height - d);
      cairo_line_to (cr, bar.x + d, bar.y + bar.height);
    }
  ckpt_plot_set_source (cr, &self->theme->special);
  cairo_stroke (cr);
  cairo_restore (cr);

  cairo_rectangle (cr, bar.x, bar.y + 0.5, bar.width, bar.height - 0.5);
  ckpt_plot_set_source (cr, &self->theme->special);
  cairo_stroke (cr);
  if (slot.count > self->largest * 1.05)
    draw_break (self, &bar, cr);
}

static void
draw_axis_line (const CkptPlotHistogram *self, const CkptPlotHistogramLayout *layout, cairo_t *cr)
{
  const CkptPlotRect *area = &layout->area;
  double y = area->y + area->height + 0.5;
  guint n_ticks = ckpt_plot_axis_get_n_ticks (layout->x);

  cairo_move_to (cr, area->x, y);
  cairo_line_to (cr, area->x + area->width, y);
  for (guint i = 0; i < layout->n_specials; i++)
    {
      const CkptPlotRect *column = &layout->specials[i].column;

      cairo_move_to (cr, column->x, y);
      cairo_line_to (cr, column->x + column->width, y);
    }
  for (guint i = 0; i < n_ticks; i++)
    {
      double x = floor (ckpt_plot_axis_get_tick (layout->x, i)->position) + 0.5;

      cairo_move_to (cr, x, y);
      cairo_line_to (cr, x, y + TICK_LENGTH);
    }
  ckpt_plot_set_source (cr, &self->theme->axis);
  cairo_stroke (cr);
}

static void
draw_labels (const CkptPlotHistogram *self, const CkptPlotHistogramLayout *layout, cairo_t *cr)
{
  const CkptPlotColor *dim = &self->theme->dim;
  guint n_x = ckpt_plot_axis_get_n_ticks (layout->x);
  guint n_y = ckpt_plot_axis_get_n_ticks (layout->y);

  for (guint i = 0; i < n_y; i++)
    {
      const CkptPlotTick *tick = ckpt_plot_axis_get_tick (layout->y, i);

      ckpt_plot_text_draw (self->text, cr, tick->label, layout->count_right - tick->label_width,
                           tick->label_start, dim);
    }
  for (guint i = 0; i < n_x; i++)
    {
      const CkptPlotTick *tick = ckpt_plot_axis_get_tick (layout->x, i);

      ckpt_plot_text_draw (self->text, cr, tick->label, tick->label_start, layout->label_y, dim);
    }
  for (guint i = 0; i < layout->n_specials; i++)
    {
      const CkptPlotSpecial *special = &layout->specials[i];

      ckpt_plot_text_draw (self->text, cr, special->label, special->label_x, layout->label_y,
                           &self->theme->special);
    }
  if (layout->note != NULL)
    {
      const CkptPlotRect box = { 0, layout->label_y + layout->line, layout->width, layout->line * 1.3 };

      ckpt_plot_text_draw_in_box (self->text, cr, layout->note, &box, &self->theme->special);
    }
}

/* The line ends above the bar that it points at: drawn across, it could hide the only one. */
static void
draw_mean (const CkptPlotHistogram *self, const CkptPlotHistogramLayout *layout, cairo_t *cr)
{
  const double dashes[] = { 3, 2 };
  const CkptPlotRect *label = &layout->mean_rect;

  cairo_move_to (cr, layout->mean_x, label->y + label->height);
  cairo_line_to (cr, layout->mean_x, layout->mean_bottom);
  cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  ckpt_plot_set_source (cr, &self->theme->mark);
  cairo_stroke (cr);
  ckpt_plot_text_draw (self->text, cr, layout->mean_label, label->x, label->y, &self->theme->text);
}

/**
 * ckpt_plot_histogram_draw:
 * @self: a plot
 * @cr: where to draw, from (0, 0) in user units; any kind of surface
 * @width: width of the canvas in user units
 * @height: height of the canvas in user units
 *
 * Draws the plot, the same on every kind of surface. The background is left as it is. On a canvas without room for bars nothing is drawn.
 */
void
ckpt_plot_histogram_draw (CkptPlotHistogram *self, cairo_t *cr, double width, double height)
{
  const CkptPlotHistogramLayout *layout = ckpt_plot_histogram_get_layout (self, width, height);

  cairo_save (cr);
  cairo_set_line_width (cr, 1);
  if (layout->sentence != NULL)
    {
      const CkptPlotRect canvas = { 0, 0, width, height };

      ckpt_plot_text_draw_in_box (self->text, cr, layout->sentence, &canvas, &self->theme->dim);
    }
  else if (layout->area.width > 0 && layout->area.height > 0)
    {
      draw_grid (self, layout, cr);
      draw_bars (self, layout, cr);
      for (guint i = 0; i < layout->n_specials; i++)
        draw_special (self, layout, &layout->specials[i], cr);
      draw_axis_line (self, layout, cr);
      draw_labels (self, layout, cr);
      if (layout->mean_label != NULL)
        draw_mean (self, layout, cr);
    }
  cairo_restore (cr);
}
