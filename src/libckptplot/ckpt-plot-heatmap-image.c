/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-heatmap-private.h"

#include <math.h>

/* Stripes of what has no colour: their distance in pixels, and the smallest cell in which they are seen. */
#define STRIPE_PITCH 4
#define MIN_STRIPED  4

/**
 * Painter:
 * @ink: colour of stripes
 * @paper: colour between them
 * @is_striped: whether cells are large enough for them
 * @width: of the image
 * @height: of the image
 */
typedef struct
{
  const CkptPlotHeatmap *plot;
  CkptPlotPalette palette;
  guint32 ink;
  guint32 paper;
  gboolean is_striped;
  int width;
  int height;
} Painter;

static void
painter_init (Painter *self, CkptPlotHeatmap *plot, int width, int height)
{
  const CkptPlotTheme *theme = ckpt_plot_get_theme (CKPT_PLOT (plot));
  const CkptPlotColor opaque = { theme->mark.red, theme->mark.green, theme->mark.blue, 1 };

  *self = (Painter) { .plot = plot, .width = width, .height = height };
  ckpt_plot_palette_init (&self->palette, theme);
  self->ink = ckpt_plot_color_to_pixel (&opaque, &theme->background);
  self->paper = ckpt_plot_color_to_pixel (&theme->background, &theme->background);
}

/* NaN has slanted stripes, infinity upright ones, negative infinity level ones. */
static guint32
get_striped_pixel (const Painter *self, CkptPlotCellKind kind, int x, int y)
{
  int phase = kind == CKPT_PLOT_CELL_NAN ? x + y : kind == CKPT_PLOT_CELL_POS_INF ? x : y;

  return !self->is_striped || phase % STRIPE_PITCH < STRIPE_PITCH / 2 ? self->ink : self->paper;
}

static CkptPlotCellKind
get_kind (double value)
{
  return isnan (value) ? CKPT_PLOT_CELL_NAN : value > 0 ? CKPT_PLOT_CELL_POS_INF : CKPT_PLOT_CELL_NEG_INF;
}

/* The cell that a pixel shows: the first, unless one without a colour is among those that fall on it. */
static double
get_value (const Painter *self, int x, int y)
{
  const CkptPlotHeatmap *plot = self->plot;
  gsize row = (gsize) y * plot->n_rows / self->height;
  gsize column = (gsize) x * plot->n_columns / self->width;
  gsize last_row = ((gsize) (y + 1) * plot->n_rows - 1) / self->height;
  gsize last_column = ((gsize) (x + 1) * plot->n_columns - 1) / self->width;
  double value = plot->values[row * plot->n_columns + column];

  if (plot->n_special[0] == 0 && plot->n_special[1] == 0 && plot->n_special[2] == 0)
    return value;
  for (gsize r = row; r <= last_row; r++)
    {
      for (gsize c = column; c <= last_column; c++)
        {
          if (!isfinite (plot->values[r * plot->n_columns + c]) && last_row > row && last_column > column)
            return plot->values[r * plot->n_columns + c];
        }
    }
  return value;
}

static void
paint_row (const Painter *self, int y, guint32 *pixels)
{
  for (int x = 0; x < self->width; x++)
    {
      double value = get_value (self, x, y);

      pixels[x] = isfinite (value) ? ckpt_plot_palette_get_pixel (
                                         &self->palette, ckpt_plot_heatmap_get_place (self->plot, value))
                                   : get_striped_pixel (self, get_kind (value), x, y);
    }
}

/* One pixel of the cells a pixel of the image. */
cairo_surface_t *
ckpt_plot_heatmap_make_image (CkptPlotHeatmap *self, int width, int height)
{
  cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  guint8 *data = cairo_image_surface_get_data (image);
  int stride = cairo_image_surface_get_stride (image);
  Painter painter;

  painter_init (&painter, self, width, height);
  painter.is_striped = (guint) width / self->n_columns >= MIN_STRIPED &&
                       (guint) height / self->n_rows >= MIN_STRIPED;
  cairo_surface_flush (image);
  for (int y = 0; y < height && data != NULL; y++)
    paint_row (&painter, y, (guint32 *) (gpointer) (data + (gsize) y * stride));
  cairo_surface_mark_dirty (image);
  return image;
}

/* A sample for the legend. */
cairo_surface_t *
ckpt_plot_heatmap_make_swatch (CkptPlotHeatmap *self, CkptPlotCellKind kind, int width, int height)
{
  cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  guint8 *data = cairo_image_surface_get_data (image);
  int stride = cairo_image_surface_get_stride (image);
  Painter painter;

  painter_init (&painter, self, width, height);
  painter.is_striped = TRUE;
  cairo_surface_flush (image);
  for (int y = 0; y < height && data != NULL; y++)
    {
      guint32 *pixels = (guint32 *) (gpointer) (data + (gsize) y * stride);

      for (int x = 0; x < width; x++)
        pixels[x] = get_striped_pixel (&painter, kind, x, y);
    }
  cairo_surface_mark_dirty (image);
  return image;
}
