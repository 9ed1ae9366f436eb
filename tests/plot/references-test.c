/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-scenes.h"

#include <string.h>

/*
 * Pictures against references that a person has looked at. With UPDATE_REFERENCES set in the environment the references are written instead,
 * and with LOOK_AT=FOLDER larger pictures for the eye, in odd sizes too.
 */

/* A pixel is another one if a channel differs by more than this; so many in a thousand may be. Both leave room for another version of the
 * font or its rasterizer, not for a line that moved. */
#define MAX_DIFFERENCE   64
#define MAX_PER_THOUSAND 0.5

/* The font that the references are made with. */
#define FONT "DejaVu Sans 8"

static const struct
{
  const char *name;
  CkptPlotVariant variant;
} variants[] = {
  { "light", CKPT_PLOT_LIGHT },
  { "dark", CKPT_PLOT_DARK },
  { "light-high-contrast", CKPT_PLOT_LIGHT_HIGH_CONTRAST },
  { "dark-high-contrast", CKPT_PLOT_DARK_HIGH_CONTRAST },
};

static CkptPlotTheme *
make_theme (CkptPlotVariant variant)
{
  CkptPlotTheme *theme = ckpt_plot_theme_new (variant);

  pango_font_description_free (theme->font);
  theme->font = pango_font_description_from_string (FONT);
  return theme;
}

static GBytes *
export_plot (CkptPlot *plot, CkptPlotVariant variant, double width, double height, double scale)
{
  g_autoptr (CkptPlotTheme) theme = make_theme (variant);
  const CkptPlotExport options = { CKPT_PLOT_FORMAT_PNG, width, height, scale, NULL };
  g_autoptr (GError) error = NULL;
  GBytes *bytes;

  ckpt_plot_set_theme (plot, theme);
  bytes = ckpt_plot_export (plot, &options, &error);
  g_assert_no_error (error);
  return bytes;
}

static GBytes *
draw_scene (const PlotScene *scene, CkptPlotVariant variant)
{
  g_autoptr (CkptPlot) plot = scene->make ();

  return export_plot (plot, variant, scene->width, scene->height, 1);
}

typedef struct
{
  const guint8 *data;
  gsize len;
} Stream;

static cairo_status_t
read_bytes (void *closure, unsigned char *data, unsigned int length)
{
  Stream *self = closure;

  if (length > self->len)
    return CAIRO_STATUS_READ_ERROR;
  memcpy (data, self->data, length);
  self->data += length;
  self->len -= length;
  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
decode (GBytes *bytes)
{
  Stream stream = { NULL, 0 };
  cairo_surface_t *surface;

  stream.data = g_bytes_get_data (bytes, &stream.len);
  surface = cairo_image_surface_create_from_png_stream (read_bytes, &stream);
  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  return surface;
}

static gboolean
differ (guint32 a, guint32 b)
{
  for (int shift = 0; shift < 24; shift += 8)
    {
      if (ABS ((int) (a >> shift & 0xff) - (int) (b >> shift & 0xff)) > MAX_DIFFERENCE)
        return TRUE;
    }
  return FALSE;
}

/* How many pixels in a thousand are others; all of them if the sizes differ. */
static double
compare (GBytes *a, GBytes *b)
{
  cairo_surface_t *first = decode (a);
  cairo_surface_t *second = decode (b);
  int width = cairo_image_surface_get_width (first);
  int height = cairo_image_surface_get_height (first);
  double n_others = 0;

  if (width != cairo_image_surface_get_width (second) || height != cairo_image_surface_get_height (second))
    n_others = width * height;
  for (int y = 0; y < height && n_others < width * height; y++)
    {
      const guint8 *row = cairo_image_surface_get_data (first) + y * cairo_image_surface_get_stride (first);
      const guint8 *other = cairo_image_surface_get_data (second) +
                            y * cairo_image_surface_get_stride (second);

      for (int x = 0; x < width; x++)
        n_others += differ (((const guint32 *) (gconstpointer) row)[x],
                            ((const guint32 *) (gconstpointer) other)[x]);
    }
  cairo_surface_destroy (first);
  cairo_surface_destroy (second);
  return n_others * 1000 / width / height;
}

static char *
get_reference_name (const PlotScene *scene, gsize variant)
{
  g_autofree char *file = g_strdup_printf ("%s-%s.png", scene->name, variants[variant].name);

  return g_test_build_filename (G_TEST_DIST, "plot", "references", file, NULL);
}

static void
check_scene (const PlotScene *scene, gsize variant)
{
  g_autofree char *name = get_reference_name (scene, variant);
  g_autoptr (GBytes) bytes = draw_scene (scene, variants[variant].variant);
  g_autoptr (GBytes) reference = NULL;
  g_autoptr (GError) error = NULL;
  char *contents;
  gsize len;
  double others;

  if (g_getenv ("UPDATE_REFERENCES") != NULL)
    {
      g_file_set_contents (name, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), &error);
      g_assert_no_error (error);
      return;
    }
  g_file_get_contents (name, &contents, &len, &error);
  g_assert_no_error (error);
  reference = g_bytes_new_take (contents, len);
  others = compare (bytes, reference);
  if (others > MAX_PER_THOUSAND)
    g_test_fail_printf ("%s: %.1f pixels in a thousand are others", name, others);
}

static void
test_scene (gconstpointer data)
{
  const PlotScene *scene = data;

  for (gsize i = 0; i < (scene->in_high_contrast ? 4 : 2); i++)
    check_scene (scene, i);
}

/* The comparison must see what a person would: one bar of many that is missing, other colours. */
static void
test_notices (void)
{
  g_autoptr (CkptPlotHistogram) plot = NULL;
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (GBytes) again = NULL;
  g_autoptr (GBytes) without_bar = NULL;
  g_autoptr (GBytes) dark = NULL;
  guint64 counts[40];
  CkptHistogram histogram = { .low = 0, .high = 1, .n_bins = G_N_ELEMENTS (counts), .counts = counts };
  CkptStats stats = { .n = 160, .n_finite = 160, .min = 0, .max = 1, .mean = 0.5 };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    counts[i] = 4;
  plot = ckpt_plot_histogram_new (&stats, &histogram, FALSE);
  whole = export_plot (CKPT_PLOT (plot), CKPT_PLOT_LIGHT, 400, 200, 1);
  again = export_plot (CKPT_PLOT (plot), CKPT_PLOT_LIGHT, 400, 200, 1);
  dark = export_plot (CKPT_PLOT (plot), CKPT_PLOT_DARK, 400, 200, 1);
  g_assert_cmpfloat (compare (whole, again), ==, 0);
  g_assert_cmpfloat (compare (whole, dark), >, MAX_PER_THOUSAND);
  g_clear_object (&plot);

  counts[7] = 0;
  plot = ckpt_plot_histogram_new (&stats, &histogram, FALSE);
  without_bar = export_plot (CKPT_PLOT (plot), CKPT_PLOT_LIGHT, 400, 200, 1);
  g_assert_cmpfloat (compare (whole, without_bar), >, MAX_PER_THOUSAND);
}

static void
write_for_eye (const PlotScene *scene, const char *folder)
{
  static const struct
  {
    const char *name;
    double width;
    double height;
    double scale;
  } sizes[] = { { "200", 200, 120, 1 },
                { "500", 500, 240, 1 },
                { "hidpi", 420, 240, 2 },
                { "4k", 3840, 2160, 1 } };

  for (gsize v = 0; v < G_N_ELEMENTS (variants); v++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
        {
          g_autofree char *name = g_strdup_printf ("%s/%s-%s-%s.png", folder, scene->name, variants[v].name,
                                                   sizes[i].name);
          g_autoptr (CkptPlot) plot = scene->make ();
          g_autoptr (GBytes) bytes = export_plot (plot, variants[v].variant, sizes[i].width, sizes[i].height,
                                                  sizes[i].scale);

          g_file_set_contents (name, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL);
        }
    }
}

int
main (int argc, char **argv)
{
  const char *folder = g_getenv ("LOOK_AT");

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < plot_scenes_get_n (); i++)
    {
      const PlotScene *scene = plot_scenes_get (i);
      g_autofree char *path = g_strdup_printf ("/references/%s", scene->name);

      if (folder != NULL)
        write_for_eye (scene, folder);
      g_test_add_data_func (path, scene, test_scene);
    }
  g_test_add_func ("/references/notices", test_notices);
  return g_test_run ();
}
