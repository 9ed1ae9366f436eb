/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-data.h"

#include <ckptplot.h>
#include <gio/gio.h>
#include <string.h>

/* What a name from a file can be: markup, control characters, bytes that are no text. */
#define HOSTILE_TITLE "a<b>&\"c\" ]]> \033[31m\n\001 ünicode <script>"

static GBytes *
export_data (PlotData data,
             CkptPlotFormat format,
             double width,
             double height,
             double scale,
             const char *title)
{
  g_autoptr (CkptPlotHistogram) plot = plot_data_make (data);
  const CkptPlotExport options = { format, width, height, scale, title };
  g_autoptr (GError) error = NULL;
  GBytes *bytes = ckpt_plot_export (CKPT_PLOT (plot), &options, &error);

  g_assert_no_error (error);
  return bytes;
}

static guint32
get_number (const guint8 *bytes)
{
  return (guint32) bytes[0] << 24 | (guint32) bytes[1] << 16 | (guint32) bytes[2] << 8 | bytes[3];
}

static void
test_png (void)
{
  for (double scale = 1; scale < 3; scale += 0.5)
    {
      g_autoptr (GBytes) bytes = export_data (PLOT_DATA_BELL, CKPT_PLOT_FORMAT_PNG, 301, 200, scale, NULL);
      const guint8 *data = g_bytes_get_data (bytes, NULL);

      g_assert_cmpmem (data, 8, "\211PNG\r\n\032\n", 8);
      g_assert_cmpuint (get_number (data + 16), ==, (guint) (301 * scale + 0.99));
      g_assert_cmpuint (get_number (data + 20), ==, (guint) (200 * scale));
      /* Eight bits of red, green and blue: a background, and nothing to see through. */
      g_assert_cmpuint (data[24], ==, 8);
      g_assert_cmpuint (data[25], ==, 2);
    }
}

typedef struct
{
  GString *title;
  GString *description;
  guint n_paths;
  guint n_images;
} Svg;

static void
on_start (GMarkupParseContext *context,
          const char *name,
          const char **names,
          const char **values,
          gpointer data,
          GError **error)
{
  Svg *self = data;

  self->n_paths += g_str_equal (name, "path") || g_str_equal (name, "use");
  self->n_images += g_str_equal (name, "image");
}

static void
on_text (GMarkupParseContext *context, const char *text, gsize length, gpointer data, GError **error)
{
  Svg *self = data;
  const char *name = g_markup_parse_context_get_element (context);

  if (g_str_equal (name, "title"))
    g_string_append_len (self->title, text, (gssize) length);
  if (g_str_equal (name, "desc"))
    g_string_append_len (self->description, text, (gssize) length);
}

static void
parse_svg (GBytes *bytes, Svg *svg)
{
  const GMarkupParser parser = { .start_element = on_start, .text = on_text };
  g_autoptr (GMarkupParseContext)
      context = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, svg, NULL);
  g_autoptr (GError) error = NULL;
  gsize len;
  const char *text = g_bytes_get_data (bytes, &len);

  svg->title = g_string_new (NULL);
  svg->description = g_string_new (NULL);
  g_markup_parse_context_parse (context, text, (gssize) len, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);
}

static void
clear_svg (Svg *svg)
{
  g_string_free (svg->title, TRUE);
  g_string_free (svg->description, TRUE);
}

/* Lines and outlines, and what the picture shows as text, whatever the title is. */
static void
test_svg (void)
{
  g_autoptr (GBytes)
      bytes = export_data (PLOT_DATA_SPECIALS, CKPT_PLOT_FORMAT_SVG, 400, 200, 1, HOSTILE_TITLE);
  g_autoptr (CkptPlotHistogram) plot = plot_data_make (PLOT_DATA_SPECIALS);
  Svg svg = { 0 };

  parse_svg (bytes, &svg);
  g_assert_cmpstr (svg.title->str, ==, "a<b>&\"c\" ]]>  [31m   ünicode <script>");
  g_assert_true (g_str_has_prefix (svg.description->str, "5,000 values from "));
  g_assert_nonnull (strstr (svg.description->str, "NaN: "));
  g_assert_cmpuint (svg.n_paths, >, 10);
  g_assert_cmpuint (svg.n_images, ==, 0);
  g_assert_null (memchr (g_bytes_get_data (bytes, NULL), '\033', g_bytes_get_size (bytes)));
  clear_svg (&svg);
}

static void
test_pdf (void)
{
  g_autoptr (GBytes)
      bytes = export_data (PLOT_DATA_SPECIALS, CKPT_PLOT_FORMAT_PDF, 400, 200, 1, HOSTILE_TITLE);
  gsize len;
  const char *data = g_bytes_get_data (bytes, &len);

  g_assert_cmpmem (data, 5, "%PDF-", 5);
  g_assert_nonnull (g_strstr_len (data + len - 10, 10, "%%EOF"));
}

/* The background is the theme's, and a title takes its line. */
static void
test_background (void)
{
  g_autoptr (CkptPlotHistogram) plot = plot_data_make (PLOT_DATA_BELL);
  g_autoptr (CkptPlotTheme) theme = ckpt_plot_theme_new (CKPT_PLOT_DARK);
  CkptPlotExport options = { CKPT_PLOT_FORMAT_PNG, 300, 200, 1, NULL };
  g_autoptr (GBytes) light = ckpt_plot_export (CKPT_PLOT (plot), &options, NULL);
  g_autoptr (GBytes) dark = NULL;
  g_autoptr (GBytes) titled = NULL;
  g_autoptr (GBytes) again = NULL;

  ckpt_plot_set_theme (CKPT_PLOT (plot), theme);
  dark = ckpt_plot_export (CKPT_PLOT (plot), &options, NULL);
  again = ckpt_plot_export (CKPT_PLOT (plot), &options, NULL);
  options.title = "conv1.weight";
  titled = ckpt_plot_export (CKPT_PLOT (plot), &options, NULL);
  g_assert_false (g_bytes_equal (light, dark));
  g_assert_false (g_bytes_equal (dark, titled));
  g_assert_true (g_bytes_equal (dark, again));
}

static void
test_sizes (void)
{
  static const double sizes[][3] = { { 0, 100, 1 },     { 100, -1, 1 },      { 40000, 10, 1 },
                                     { 10000, 100, 4 }, { 30000, 30000, 1 }, { 1e300, 1e300, 1e300 } };
  g_autoptr (CkptPlotHistogram) plot = plot_data_make (PLOT_DATA_BELL);

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      const CkptPlotExport options = { CKPT_PLOT_FORMAT_PNG, sizes[i][0], sizes[i][1], sizes[i][2], NULL };
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = ckpt_plot_export (CKPT_PLOT (plot), &options, &error);

      g_assert_null (bytes);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
  /* Too small for anything but the background. */
  for (int format = CKPT_PLOT_FORMAT_PNG; format <= CKPT_PLOT_FORMAT_PDF; format++)
    {
      g_autoptr (GBytes) bytes = export_data (PLOT_DATA_BELL, (CkptPlotFormat) format, 1, 1, 1, "title");

      g_assert_cmpuint (g_bytes_get_size (bytes), >, 50);
    }
}

static void
test_names (void)
{
  CkptPlotFormat format = CKPT_PLOT_FORMAT_PNG;

  g_assert_true (ckpt_plot_format_from_name ("a.svg", &format));
  g_assert_cmpint (format, ==, CKPT_PLOT_FORMAT_SVG);
  g_assert_true (ckpt_plot_format_from_name ("/x/Y.PDF", &format));
  g_assert_cmpint (format, ==, CKPT_PLOT_FORMAT_PDF);
  g_assert_true (ckpt_plot_format_from_name ("svg.png", &format));
  g_assert_cmpint (format, ==, CKPT_PLOT_FORMAT_PNG);
  g_assert_false (ckpt_plot_format_from_name ("png", &format));
  g_assert_false (ckpt_plot_format_from_name ("a.png.gz", &format));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/export/png", test_png);
  g_test_add_func ("/export/svg", test_svg);
  g_test_add_func ("/export/pdf", test_pdf);
  g_test_add_func ("/export/background", test_background);
  g_test_add_func ("/export/sizes", test_sizes);
  g_test_add_func ("/export/names", test_names);
  return g_test_run ();
}
