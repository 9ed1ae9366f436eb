/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-box-strip-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Rows as high as this have space between them. */
#define MIN_HEIGHT_WITH_GAP 4

/* How strong each part of a box is; the median is drawn in the colour of marks. */
static const double part_alphas[CKPT_PLOT_BOX_N_PARTS - 1] = { 0.35, 0.6, 1 };

typedef struct
{
  CkptPlotBoxStrip *plot;
  const CkptPlotBoxLayout *layout;
  const CkptPlotTheme *theme;
  CkptPlotText *text;
  cairo_t *cr;
} Drawing;

static void
draw_grid (const Drawing *self)
{
  const CkptPlotRect *area = &self->layout->area;
  guint n_ticks = ckpt_plot_axis_get_n_ticks (self->layout->axis);

  for (guint i = 0; i < n_ticks; i++)
    {
      const CkptPlotTick *tick = ckpt_plot_axis_get_tick (self->layout->axis, i);
      double x = floor (tick->position) + 0.5;

      cairo_move_to (self->cr, x, area->y);
      cairo_line_to (self->cr, x, area->y + area->height + CKPT_PLOT_TICK_LENGTH);
      ckpt_plot_set_source (self->cr, tick->value == 0 ? &self->theme->axis : &self->theme->grid);
      cairo_stroke (self->cr);
    }
}

static void
draw_labels (const Drawing *self)
{
  const CkptPlotBoxLayout *layout = self->layout;
  guint n_ticks = ckpt_plot_axis_get_n_ticks (layout->axis);

  for (guint i = 0; i < n_ticks; i++)
    {
      const CkptPlotTick *tick = ckpt_plot_axis_get_tick (layout->axis, i);

      ckpt_plot_text_draw (self->text, self->cr, tick->label, tick->label_start, layout->label_y,
                           &self->theme->dim);
    }
  if (layout->flags.width > 0)
    ckpt_plot_text_draw (self->text, self->cr, layout->flag_label, layout->flags.x, layout->label_y,
                         &self->theme->special);
}

static void
draw_names (const Drawing *self)
{
  for (guint i = 0; i < self->layout->names->len; i++)
    {
      const CkptPlotBoxName *name = &g_array_index (self->layout->names, CkptPlotBoxName, i);

      ckpt_plot_text_draw_within (self->text, self->cr,
                                  self->plot->boxes[name->box].name + self->layout->names_skip, 0, name->y,
                                  self->layout->names_width, &self->theme->dim);
    }
}

/* From value to value, at least a pixel wide. */
static void
add_span (const Drawing *self, double low, double high, double y, double height)
{
  double left, right;

  if (isnan (low) || isnan (high))
    return;
  left = floor (ckpt_plot_axis_map (self->layout->axis, low));
  right = ceil (ckpt_plot_axis_map (self->layout->axis, high));
  cairo_rectangle (self->cr, left, y, fmax (right - left, 1), height);
}

static double
get_gap (double height)
{
  return height >= MIN_HEIGHT_WITH_GAP ? fmax (floor (height * 0.2), 1) : 0;
}

/* The outer parts are thinner than the middle half where there is room. */
static void
add_part (const Drawing *self, const CkptPlotBoxRow *row, guint part)
{
  double gap = get_gap (row->height);
  double height = row->height - gap;
  double thickness = part == 2 || height < 5 ? height : fmax (floor (height * (part == 0 ? 0.2 : 0.6)), 1);
  double y = row->y + floor (gap / 2) + floor ((height - thickness) / 2);
  CkptPlotBox box;

  ckpt_plot_box_strip_sum_row (self->plot, row, &box);
  if (part == 0)
    add_span (self, box.min, box.max, y, thickness);
  else if (part == 1)
    add_span (self, box.p1, box.p99, y, thickness);
  else if (part == 2)
    add_span (self, box.p25, box.p75, y, thickness);
  else
    add_span (self, box.median, box.median, row->y + floor (gap / 2), height);
}

static void
set_part_source (const Drawing *self, guint part)
{
  CkptPlotColor color = self->theme->bar;

  if (part == CKPT_PLOT_BOX_N_PARTS - 1)
    color = self->theme->mark;
  else
    color.alpha *= part_alphas[part];
  ckpt_plot_set_source (self->cr, &color);
}

static void
draw_boxes (const Drawing *self)
{
  CkptPlotBoxRow row;

  for (guint part = 0; part < CKPT_PLOT_BOX_N_PARTS; part++)
    {
      for (guint i = 0; i < self->plot->n_boxes; i = row.last + 1)
        {
          ckpt_plot_box_strip_get_row (self->plot, self->layout, i, &row);
          add_part (self, &row, part);
        }
      set_part_source (self, part);
      cairo_fill (self->cr);
    }
}

/* A block at the right of each row with values that are not finite. */
static void
draw_flags (const Drawing *self)
{
  const CkptPlotRect *flags = &self->layout->flags;
  CkptPlotBoxRow row;

  for (guint i = 0; flags->width > 0 && i < self->plot->n_boxes; i = row.last + 1)
    {
      CkptPlotBox box;
      double gap;

      ckpt_plot_box_strip_get_row (self->plot, self->layout, i, &row);
      ckpt_plot_box_strip_sum_row (self->plot, &row, &box);
      gap = get_gap (row.height);
      if (box.n_nan > 0 || box.n_inf > 0)
        cairo_rectangle (self->cr, flags->x, row.y + floor (gap / 2), flags->width, row.height - gap);
    }
  ckpt_plot_set_source (self->cr, &self->theme->special);
  cairo_fill (self->cr);
}

static void
draw_legend (const Drawing *self)
{
  const CkptPlotLegendEntry *legend = self->layout->legend;
  guint n = 0;

  for (guint i = 0; i < CKPT_PLOT_BOX_N_PARTS && legend[i].text.width > 0; i++)
    {
      const CkptPlotRect *swatch = &legend[i].swatch;

      if (i == CKPT_PLOT_BOX_N_PARTS - 1)
        cairo_rectangle (self->cr, floor (swatch->x + swatch->width / 2), swatch->y, 1, swatch->height);
      else
        cairo_rectangle (self->cr, floor (swatch->x), swatch->y, swatch->width, swatch->height);
      set_part_source (self, i);
      cairo_fill (self->cr);
      n++;
    }
  ckpt_plot_legend_draw (legend, n, self->text, self->cr, &self->theme->dim);
}

void
ckpt_plot_box_strip_draw (CkptPlot *plot, cairo_t *cr, double width, double height)
{
  CkptPlotBoxStrip *self = CKPT_PLOT_BOX_STRIP (plot);
  const Drawing drawing = { self, ckpt_plot_box_strip_get_layout (self, width, height),
                            ckpt_plot_get_theme (plot), ckpt_plot_get_text (plot), cr };
  const CkptPlotRect canvas = { 0, 0, width, height };

  if (self->n_boxes == 0)
    {
      ckpt_plot_text_draw_in_box (drawing.text, cr, _ ("No tensors"), &canvas, &drawing.theme->dim);
      return;
    }
  if (drawing.layout->area.width <= 0 || drawing.layout->area.height <= 0)
    return;
  draw_legend (&drawing);
  draw_grid (&drawing);
  draw_boxes (&drawing);
  draw_flags (&drawing);
  draw_names (&drawing);
  draw_labels (&drawing);
}
