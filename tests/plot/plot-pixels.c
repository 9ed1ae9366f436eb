/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-pixels.h"

#include <string.h>

/* On nothing, so that what is not drawn is 0. */
cairo_surface_t *
plot_pixels_draw (CkptPlot *plot, int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);

  ckpt_plot_draw (plot, cr, width, height);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

guint32
plot_pixels_get (cairo_surface_t *surface, int x, int y)
{
  const guint8 *row = cairo_image_surface_get_data (surface) +
                      (gsize) y * (gsize) cairo_image_surface_get_stride (surface);
  guint32 pixel;

  memcpy (&pixel, row + 4 * (gsize) x, sizeof pixel);
  return pixel;
}

/* How long a picture is as commands: what is drawn many times over shows there. */
gsize
plot_pixels_count_svg (CkptPlot *plot, double width, double height)
{
  const CkptPlotExport options = { CKPT_PLOT_FORMAT_SVG, width, height, 1, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = ckpt_plot_export (plot, &options, &error);

  g_assert_no_error (error);
  return g_bytes_get_size (bytes);
}
