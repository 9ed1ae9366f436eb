/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-export.h"

#include "ckpt-plot-private.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Around the plot, in lines of text; a canvas as low as this has none. */
#define BORDER                 0.8
#define MAX_LINES_OF_NO_BORDER 4

/* Larger pictures are refused: cairo ends at 32,767 pixels, and memory before that. */
#define MAX_PIXELS 32767
#define MAX_AREA   (1 << 28)

static const struct
{
  const char *suffix;
  CkptPlotFormat format;
} formats[] = {
  { ".png", CKPT_PLOT_FORMAT_PNG },
  { ".svg", CKPT_PLOT_FORMAT_SVG },
  { ".pdf", CKPT_PLOT_FORMAT_PDF },
};

/**
 * ckpt_plot_format_from_name:
 * @name: name of a file
 * @format: (out): what its ending says, in upper or lower case
 *
 * Returns: FALSE, with @format untouched, if no format ends so
 */
gboolean
ckpt_plot_format_from_name (const char *name, CkptPlotFormat *format)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      if (g_str_has_suffix (lower, formats[i].suffix))
        {
          *format = formats[i].format;
          return TRUE;
        }
    }
  return FALSE;
}

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static void
draw (CkptPlot *self, const CkptPlotExport *options, cairo_t *cr)
{
  const CkptPlotTheme *theme = ckpt_plot_get_theme (self);
  double line = ckpt_plot_get_line (self);
  double border = options->height > line * MAX_LINES_OF_NO_BORDER ? ceil (line * BORDER) : 0;
  double width = fmax (options->width - 2 * border, 0);
  double top = border;

  ckpt_plot_set_source (cr, &theme->background);
  cairo_paint (cr);
  if (options->title != NULL && border > 0)
    {
      ckpt_plot_text_draw_within (ckpt_plot_get_text (self), cr, options->title, border, border, width,
                                  &theme->text);
      top += ceil (line * 1.5);
    }
  cairo_translate (cr, border, top);
  ckpt_plot_draw (self, cr, width, fmax (options->height - border - top, 0));
}

static cairo_status_t
draw_on (CkptPlot *self, const CkptPlotExport *options, cairo_surface_t *surface)
{
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  draw (self, options, cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  return status;
}

static cairo_status_t
write_png (CkptPlot *self, const CkptPlotExport *options, GByteArray *bytes)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24,
                                                         (int) ceil (options->width * options->scale),
                                                         (int) ceil (options->height * options->scale));
  cairo_status_t status;

  cairo_surface_set_device_scale (surface, options->scale, options->scale);
  status = draw_on (self, options, surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, append_bytes, bytes);
  cairo_surface_destroy (surface);
  return status;
}

static cairo_status_t
write_pdf (CkptPlot *self, const CkptPlotExport *options, GByteArray *bytes)
{
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (append_bytes, bytes, options->width,
                                                                  options->height);
  g_autofree char *description = ckpt_plot_describe (self);
  cairo_status_t status;

  if (options->title != NULL)
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, options->title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_SUBJECT, description);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Stateroom " PACKAGE_VERSION);
  status = draw_on (self, options, surface);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return status;
}

/* Text for XML, without the characters that it cannot hold. */
static char *
escape_for_xml (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (char *p = valid; *p != '\0'; p++)
    {
      if (g_ascii_iscntrl (*p))
        *p = ' ';
    }
  return g_markup_escape_text (valid, -1);
}

/* cairo draws text as outlines, so that it looks the same everywhere; what it says is added for those who cannot see it. */
static void
add_words (CkptPlot *self, const char *title, GByteArray *bytes)
{
  g_autofree char *description = ckpt_plot_describe (self);
  g_autofree char *safe_title = escape_for_xml (title != NULL ? title : "");
  g_autofree char *safe_description = escape_for_xml (description);
  g_autofree char *words = g_strdup_printf ("\n<title>%s</title>\n<desc>%s</desc>", safe_title,
                                            safe_description);
  const char *start = g_strstr_len ((const char *) bytes->data, bytes->len, "<svg");
  const char *end = start != NULL
                        ? memchr (start, '>', bytes->len - (gsize) (start - (const char *) bytes->data))
                        : NULL;
  g_autofree guint8 *rest = NULL;
  gsize head, rest_len;

  if (end == NULL)
    return;
  head = (gsize) (end + 1 - (const char *) bytes->data);
  rest_len = bytes->len - head;
  rest = g_memdup2 (bytes->data + head, rest_len);
  g_byte_array_set_size (bytes, (guint) head);
  g_byte_array_append (bytes, (const guint8 *) words, (guint) strlen (words));
  g_byte_array_append (bytes, rest, (guint) rest_len);
}

static cairo_status_t
write_svg (CkptPlot *self, const CkptPlotExport *options, GByteArray *bytes)
{
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream (append_bytes, bytes, options->width,
                                                                  options->height);
  cairo_status_t status;

  cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_USER);
  status = draw_on (self, options, surface);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    add_words (self, options->title, bytes);
  return status;
}

static gboolean
check_size (const CkptPlotExport *options, GError **error)
{
  double scale = options->format == CKPT_PLOT_FORMAT_PNG ? options->scale : 1;
  double width = options->width * scale;
  double height = options->height * scale;

  if (width >= 1 && height >= 1 && width <= MAX_PIXELS && height <= MAX_PIXELS && width * height <= MAX_AREA)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _ ("No picture can be %.0f × %.0f pixels large"), width, height);
  return FALSE;
}

/**
 * ckpt_plot_export:
 * @self: a plot
 * @options: as what, and how large
 * @error: return location for an error
 *
 * Draws a plot on its background into a file in memory, in its theme. The text of a PDF is text; that of an SVG is outlines, beside a title
 * and a description as text.
 *
 * Returns: (transfer full) (nullable): the bytes of the file; or NULL with %G_IO_ERROR_INVALID_ARGUMENT for a size that no picture has,
 *   %G_IO_ERROR_FAILED with the words of cairo
 */
GBytes *
ckpt_plot_export (CkptPlot *self, const CkptPlotExport *options, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_status_t status;

  g_return_val_if_fail (CKPT_IS_PLOT (self), NULL);

  if (!check_size (options, error))
    return NULL;

  switch (options->format)
    {
    case CKPT_PLOT_FORMAT_SVG:
      status = write_svg (self, options, bytes);
      break;
    case CKPT_PLOT_FORMAT_PDF:
      status = write_pdf (self, options, bytes);
      break;
    case CKPT_PLOT_FORMAT_PNG:
    default:
      status = write_png (self, options, bytes);
      break;
    }
  if (status == CAIRO_STATUS_SUCCESS)
    return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, cairo_status_to_string (status));
  return NULL;
}
