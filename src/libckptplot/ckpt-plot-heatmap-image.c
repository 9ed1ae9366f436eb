/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-heatmap-private.h"

#include <math.h>

/* Stripes of what has no colour: their distance in pixels, and the smallest cell in which they are seen. */
#define STRIPE_PITCH 4
#define MIN_STRIPED  4
/* The distance of the thin lines where there is nothing, which are seen whatever the size of cells. */
#define GAP_PITCH 8

/**
 * Painter:
 * @ink: colour of stripes
 * @paper: colour between them
 * @line: colour of lines where there is nothing
 * @is_striped: whether cells are large enough for them
 * @has_specials: whether there are cells without a colour
 * @width: of the image
 * @height: of the image
 */
typedef struct
{
  const CkptPlotHeatmap *plot;
  CkptPlotPalette palette;
  guint32 ink;
  guint32 paper;
  guint32 line;
  gboolean is_striped;
  gboolean has_specials;
  int width;
  int height;
} Painter;

static void
painter_init (Painter *self, CkptPlotHeatmap *plot, int width, int height)
{
  const CkptPlotTheme *theme = ckpt_plot_get_theme (CKPT_PLOT (plot));
  const CkptPlotColor opaque = { theme->mark.red, theme->mark.green, theme->mark.blue, 1 };

  *self = (Painter) { .plot = plot, .width = width, .height = height };
  for (guint i = 0; i < CKPT_PLOT_N_CELL_KINDS; i++)
    self->has_specials = self->has_specials || plot->n_special[i] > 0;
  ckpt_plot_palette_init (&self->palette, theme);
  self->ink = ckpt_plot_color_to_pixel (&opaque, &theme->background);
  self->paper = ckpt_plot_color_to_pixel (&theme->background, &theme->background);
  self->line = ckpt_plot_color_to_pixel (&theme->grid, &theme->background);
}

/* NaN has slanted stripes, infinity upright ones, negative infinity level ones; what is not there thin lines slanted the other way. */
static guint32
get_striped_pixel (const Painter *self, CkptPlotCellKind kind, int x, int y)
{
  int phase = kind == CKPT_PLOT_CELL_NAN ? x + y : kind == CKPT_PLOT_CELL_POS_INF ? x : y;

  if (kind == CKPT_PLOT_CELL_MISSING)
    return (x + self->height - y) % GAP_PITCH == 0 ? self->line : self->paper;
  return !self->is_striped || phase % STRIPE_PITCH < STRIPE_PITCH / 2 ? self->ink : self->paper;
}

static gboolean
is_missing (const CkptPlotHeatmap *plot, gsize cell)
{
  return plot->missing != NULL && plot->missing[cell] && isnan (plot->values[cell]);
}

static CkptPlotCellKind
get_kind (const CkptPlotHeatmap *plot, gsize cell)
{
  double value = plot->values[cell];

  if (is_missing (plot, cell))
    return CKPT_PLOT_CELL_MISSING;
  return isnan (value) ? CKPT_PLOT_CELL_NAN : value > 0 ? CKPT_PLOT_CELL_POS_INF : CKPT_PLOT_CELL_NEG_INF;
}

/* The first and the last of @n cells that fall on a pixel of @extent; one where there are enough pixels. */
static void
get_span (int pixel, int extent, guint n, gsize *first, gsize *last)
{
  *first = (gsize) pixel * n / (gsize) extent;
  *last = *first;
  if (n > (guint) extent)
    *last = ((gsize) (pixel + 1) * n - 1) / (gsize) extent;
}

/* The cell that a pixel shows: the first that is there, unless there is one without a colour, which must not go unseen. */
static gsize
get_cell (const Painter *self, int x, int y)
{
  const CkptPlotHeatmap *plot = self->plot;
  gsize row, last_row, column, last_column, shown;

  get_span (y, self->height, plot->n_rows, &row, &last_row);
  get_span (x, self->width, plot->n_columns, &column, &last_column);
  shown = row * plot->n_columns + column;
  for (gsize r = row; r <= last_row && self->has_specials; r++)
    {
      for (gsize c = column; c <= last_column; c++)
        {
          gsize cell = r * plot->n_columns + c;

          if (is_missing (plot, cell))
            continue;
          if (!isfinite (plot->values[cell]))
            return cell;
          if (is_missing (plot, shown))
            shown = cell;
        }
    }
  return shown;
}

static void
paint_row (const Painter *self, int y, guint32 *pixels)
{
  for (int x = 0; x < self->width; x++)
    {
      gsize cell = get_cell (self, x, y);
      double value = self->plot->values[cell];

      pixels[x] = isfinite (value) ? ckpt_plot_palette_get_pixel (
                                         &self->palette, ckpt_plot_heatmap_get_place (self->plot, value))
                                   : get_striped_pixel (self, get_kind (self->plot, cell), x, y);
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
