/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-heatmap-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Pixels a user unit: what a screen has, within limits; vectors get the least. */
#define MAX_SCALE 4

typedef struct
{
  CkptPlotHeatmap *plot;
  const CkptPlotHeatmapLayout *layout;
  const CkptPlotTheme *theme;
  CkptPlotText *text;
  cairo_t *cr;
} Drawing;

static int
get_scale (cairo_t *cr)
{
  double x = 1, y = 0, scale_x, scale_y;

  cairo_user_to_device_distance (cr, &x, &y);
  cairo_surface_get_device_scale (cairo_get_target (cr), &scale_x, &scale_y);
  return (int) CLAMP (ceil (fabs (x) * scale_x), 1, MAX_SCALE);
}

/* Pixels stay what they are, however large they are shown. */
static void
draw_image (cairo_t *cr, cairo_surface_t *image, const CkptPlotRect *rect)
{
  cairo_save (cr);
  cairo_translate (cr, rect->x, rect->y);
  cairo_scale (cr, rect->width / cairo_image_surface_get_width (image),
               rect->height / cairo_image_surface_get_height (image));
  cairo_set_source_surface (cr, image, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_restore (cr);
}

static void
draw_cells (const Drawing *self)
{
  const CkptPlotRect *area = &self->layout->area;
  int scale = get_scale (self->cr);
  cairo_surface_t *image = ckpt_plot_heatmap_make_image (self->plot, (int) area->width * scale,
                                                         (int) area->height * scale);

  draw_image (self->cr, image, area);
  cairo_surface_destroy (image);
}

static void
draw_bar (const Drawing *self)
{
  const CkptPlotRect *bar = &self->layout->bar;
  CkptPlotPalette palette;

  if (bar->width <= 0)
    return;
  ckpt_plot_palette_init (&palette, self->theme);
  for (int y = 0; y < (int) bar->height; y++)
    {
      double value = ckpt_plot_axis_unmap (self->layout->values, bar->y + y + 0.5);
      guint32 pixel = ckpt_plot_palette_get_pixel (&palette, ckpt_plot_heatmap_get_place (self->plot, value));

      cairo_rectangle (self->cr, bar->x, bar->y + y, bar->width, 1);
      cairo_set_source_rgb (self->cr, (pixel >> 16) / 255.0, (pixel >> 8 & 0xff) / 255.0,
                            (pixel & 0xff) / 255.0);
      cairo_fill (self->cr);
    }
}

/* A thin line around, as cells near zero look like the background. */
static void
draw_frame (const Drawing *self, const CkptPlotRect *rect)
{
  cairo_rectangle (self->cr, rect->x - 0.5, rect->y - 0.5, rect->width + 1, rect->height + 1);
  ckpt_plot_set_source (self->cr, &self->theme->axis);
  cairo_stroke (self->cr);
}

static void
draw_column_labels (const Drawing *self)
{
  guint n = ckpt_plot_axis_get_n_ticks (self->layout->columns);
  double y = self->layout->area.y + self->layout->area.height;

  for (guint i = 0; i < n; i++)
    {
      const CkptPlotTick *tick = ckpt_plot_axis_get_tick (self->layout->columns, i);
      double x = floor (tick->position) + 0.5;

      cairo_move_to (self->cr, x, y);
      cairo_line_to (self->cr, x, y + CKPT_PLOT_TICK_LENGTH);
      ckpt_plot_set_source (self->cr, &self->theme->axis);
      cairo_stroke (self->cr);
      ckpt_plot_text_draw (self->text, self->cr, tick->label, tick->label_start, self->layout->label_y,
                           &self->theme->dim);
    }
}

static void
draw_row_labels (const Drawing *self)
{
  guint n = ckpt_plot_axis_get_n_ticks (self->layout->rows);
  double x = self->layout->area.x;

  for (guint i = 0; i < n; i++)
    {
      const CkptPlotTick *tick = ckpt_plot_axis_get_tick (self->layout->rows, i);
      double y = floor (tick->position) + 0.5;

      cairo_move_to (self->cr, x - CKPT_PLOT_TICK_LENGTH, y);
      cairo_line_to (self->cr, x, y);
      ckpt_plot_set_source (self->cr, &self->theme->axis);
      cairo_stroke (self->cr);
      ckpt_plot_text_draw (self->text, self->cr, tick->label, self->layout->row_right - tick->label_width,
                           tick->label_start, &self->theme->dim);
    }
}

static void
draw_value_labels (const Drawing *self)
{
  guint n = self->layout->values != NULL ? ckpt_plot_axis_get_n_ticks (self->layout->values) : 0;
  double x = self->layout->bar.x + self->layout->bar.width + ceil (self->layout->line * CKPT_PLOT_GAP);

  for (guint i = 0; i < n; i++)
    {
      const CkptPlotTick *tick = ckpt_plot_axis_get_tick (self->layout->values, i);

      ckpt_plot_text_draw (self->text, self->cr, tick->label, x, tick->label_start, &self->theme->dim);
    }
}

static void
draw_legend (const Drawing *self)
{
  const CkptPlotLegendEntry *legend = self->layout->legend;

  for (guint i = 0; i < self->layout->n_legend && legend[i].text.width > 0; i++)
    {
      cairo_surface_t *swatch = ckpt_plot_heatmap_make_swatch (self->plot, self->layout->legend_kinds[i],
                                                               (int) legend[i].swatch.width,
                                                               (int) legend[i].swatch.height);
      CkptPlotRect rect = legend[i].swatch;

      rect.x = floor (rect.x);
      draw_image (self->cr, swatch, &rect);
      draw_frame (self, &rect);
      cairo_surface_destroy (swatch);
    }
  ckpt_plot_legend_draw (legend, self->layout->n_legend, self->text, self->cr, &self->theme->dim);
}

void
ckpt_plot_heatmap_draw (CkptPlot *plot, cairo_t *cr, double width, double height)
{
  CkptPlotHeatmap *self = CKPT_PLOT_HEATMAP (plot);
  const Drawing drawing = { self, ckpt_plot_heatmap_get_layout (self, width, height),
                            ckpt_plot_get_theme (plot), ckpt_plot_get_text (plot), cr };
  const CkptPlotRect canvas = { 0, 0, width, height };

  if (self->n_rows == 0 || self->n_columns == 0)
    {
      ckpt_plot_text_draw_in_box (drawing.text, cr, _ ("No values"), &canvas, &drawing.theme->dim);
      return;
    }
  if (drawing.layout->area.width < 1 || drawing.layout->area.height < 1)
    return;
  draw_cells (&drawing);
  draw_frame (&drawing, &drawing.layout->area);
  draw_bar (&drawing);
  if (drawing.layout->bar.width > 0)
    draw_frame (&drawing, &drawing.layout->bar);
  draw_row_labels (&drawing);
  draw_column_labels (&drawing);
  draw_value_labels (&drawing);
  draw_legend (&drawing);
}
