/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ckpt-plot-palette.h"

#include <ckptplot.h>
#include <math.h>

/* Least differences in CIELAB; about 2 can just be seen. */
#define MIN_APART      25
#define MIN_NEXT_SHADE 4

/* Least contrast of what is drawn against the background, and of text, by WCAG 2. */
#define MIN_CONTRAST      3.0
#define MIN_TEXT_CONTRAST 4.5

static const CkptPlotVariant variants[] = { CKPT_PLOT_LIGHT, CKPT_PLOT_DARK, CKPT_PLOT_LIGHT_HIGH_CONTRAST,
                                            CKPT_PLOT_DARK_HIGH_CONTRAST };

/* What eyes without one kind of cone see, in linear RGB: Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of
 * color vision deficiency" (2009), severity 1. The first are all eyes. */
static const double visions[][3][3] = {
  { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
  { { 0.152286, 1.052583, -0.204868 }, { 0.114503, 0.786281, 0.099216 }, { -0.003882, -0.048116, 1.051998 } },
  { { 0.367322, 0.860646, -0.227968 }, { 0.280085, 0.672501, 0.047413 }, { -0.011820, 0.042940, 0.968881 } },
  { { 1.255528, -0.076749, -0.178779 }, { -0.078411, 0.930809, 0.147602 }, { 0.004733, 0.691367, 0.303900 } },
};

/* sRGB to CIE XYZ with the white point D65, IEC 61966-2-1. */
static const double to_xyz[3][3] = { { 0.4124564, 0.3575761, 0.1804375 },
                                     { 0.2126729, 0.7151522, 0.0721750 },
                                     { 0.0193339, 0.1191920, 0.9503041 } };
static const double white[3] = { 0.95047, 1, 1.08883 };

static void
multiply (const double matrix[3][3], const double *vector, double *product)
{
  for (int i = 0; i < 3; i++)
    product[i] = matrix[i][0] * vector[0] + matrix[i][1] * vector[1] + matrix[i][2] * vector[2];
}

static double
to_linear (double level)
{
  return level <= 0.04045 ? level / 12.92 : pow ((level + 0.055) / 1.055, 2.4);
}

static void
get_linear (guint32 pixel, double *linear)
{
  for (int i = 0; i < 3; i++)
    linear[i] = to_linear ((pixel >> (16 - 8 * i) & 0xff) / 255.0);
}

static void
get_lab (guint32 pixel, gsize vision, double *lab)
{
  double linear[3], seen[3], xyz[3], f[3];

  get_linear (pixel, linear);
  multiply (visions[vision], linear, seen);
  for (int i = 0; i < 3; i++)
    seen[i] = CLAMP (seen[i], 0, 1);
  multiply (to_xyz, seen, xyz);
  for (int i = 0; i < 3; i++)
    {
      double t = xyz[i] / white[i];

      f[i] = t > 216.0 / 24389 ? cbrt (t) : (24389.0 / 27 * t + 16) / 116;
    }
  lab[0] = 116 * f[1] - 16;
  lab[1] = 500 * (f[0] - f[1]);
  lab[2] = 200 * (f[1] - f[2]);
}

/* How different two colours are to an eye. */
static double
get_difference (guint32 a, guint32 b, gsize vision)
{
  double first[3], second[3];

  get_lab (a, vision, first);
  get_lab (b, vision, second);
  return sqrt (pow (first[0] - second[0], 2) + pow (first[1] - second[1], 2) + pow (first[2] - second[2], 2));
}

static double
get_luminance (guint32 pixel)
{
  double linear[3];

  get_linear (pixel, linear);
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

static double
get_contrast (guint32 a, guint32 b)
{
  double first = get_luminance (a);
  double second = get_luminance (b);

  return (fmax (first, second) + 0.05) / (fmin (first, second) + 0.05);
}

/* The measures themselves, on colours whose figures are published. */
static void
test_measures (void)
{
  double lab[3];

  g_assert_cmpfloat_with_epsilon (get_contrast (0xffffff, 0x000000), 21, 1e-9);
  g_assert_cmpfloat_with_epsilon (get_contrast (0x767676, 0xffffff), 4.54, 0.005);
  get_lab (0xff0000, 0, lab);
  g_assert_cmpfloat_with_epsilon (lab[0], 53.24, 0.01);
  g_assert_cmpfloat_with_epsilon (lab[1], 80.09, 0.01);
  g_assert_cmpfloat_with_epsilon (lab[2], 67.20, 0.01);
  /* Red and green of the same strength look alike without green cones; to others they do not. */
  g_assert_cmpfloat (get_difference (0xb06000, 0x7a7a00, 2), <, 12);
  g_assert_cmpfloat (get_difference (0xb06000, 0x7a7a00, 0), >, 30);
}

static void
test_contrast (void)
{
  for (gsize v = 0; v < G_N_ELEMENTS (variants); v++)
    {
      g_autoptr (CkptPlotTheme) theme = ckpt_plot_theme_new (variants[v]);
      guint32 background = ckpt_plot_color_to_pixel (&theme->background, &theme->background);
      const CkptPlotColor *marks[] = { &theme->bar, &theme->special, &theme->mark, &theme->axis };
      const CkptPlotColor *texts[] = { &theme->text, &theme->dim, &theme->special };

      for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
        g_assert_cmpfloat (get_contrast (ckpt_plot_color_to_pixel (marks[i], &theme->background), background),
                           >=, MIN_CONTRAST);
      for (gsize i = 0; i < CKPT_PLOT_N_SERIES; i++)
        g_assert_cmpfloat (
            get_contrast (ckpt_plot_color_to_pixel (&theme->series[i], &theme->background), background), >=,
            theme->is_high_contrast ? MIN_TEXT_CONTRAST : MIN_CONTRAST);
      for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
        g_assert_cmpfloat (get_contrast (ckpt_plot_color_to_pixel (texts[i], &theme->background), background),
                           >=, MIN_TEXT_CONTRAST);
    }
}

/* Every eye tells the series from each other, and ordinary values from special ones. */
static void
test_series (void)
{
  for (gsize v = 0; v < G_N_ELEMENTS (variants); v++)
    {
      g_autoptr (CkptPlotTheme) theme = ckpt_plot_theme_new (variants[v]);

      for (gsize vision = 0; vision < G_N_ELEMENTS (visions); vision++)
        {
          guint32 bar = ckpt_plot_color_to_pixel (&theme->bar, &theme->background);
          guint32 special = ckpt_plot_color_to_pixel (&theme->special, &theme->background);

          g_assert_cmpfloat (get_difference (bar, special, vision), >=, MIN_APART);
          for (gsize i = 0; i < CKPT_PLOT_N_SERIES; i++)
            {
              for (gsize j = 0; j < i; j++)
                g_assert_cmpfloat (
                    get_difference (ckpt_plot_color_to_pixel (&theme->series[i], &theme->background),
                                    ckpt_plot_color_to_pixel (&theme->series[j], &theme->background), vision),
                    >=, MIN_APART);
            }
        }
    }
}

static double
get_lightness (guint32 pixel, gsize vision)
{
  double lab[3];

  get_lab (pixel, vision, lab);
  return lab[0];
}

/* To every eye colours go away from the middle without turning back, below zero and above it look different, and so do eighths of the way. */
static void
check_palette (const CkptPlotPalette *palette, gsize vision)
{
  guint32 middle = ckpt_plot_palette_get_pixel (palette, 0);

  for (double place = 0.125; place <= 1; place += 0.125)
    {
      guint32 above = ckpt_plot_palette_get_pixel (palette, place);
      guint32 below = ckpt_plot_palette_get_pixel (palette, -place);

      g_assert_cmpfloat (get_difference (above, ckpt_plot_palette_get_pixel (palette, place - 0.125), vision),
                         >, MIN_NEXT_SHADE);
      g_assert_cmpfloat (get_difference (below, ckpt_plot_palette_get_pixel (palette, 0.125 - place), vision),
                         >, MIN_NEXT_SHADE);
      g_assert_cmpfloat (fabs (get_lightness (above, vision) - get_lightness (middle, vision)), >,
                         fabs (get_lightness (ckpt_plot_palette_get_pixel (palette, place - 0.125), vision) -
                               get_lightness (middle, vision)));
      if (place >= 0.5)
        g_assert_cmpfloat (get_difference (above, below, vision), >=, MIN_APART);
    }
}

static void
test_palette (void)
{
  for (gsize v = 0; v < G_N_ELEMENTS (variants); v++)
    {
      g_autoptr (CkptPlotTheme) theme = ckpt_plot_theme_new (variants[v]);
      const CkptPlotColor opaque = { theme->mark.red, theme->mark.green, theme->mark.blue, 1 };
      guint32 ink = ckpt_plot_color_to_pixel (&opaque, &theme->background);
      CkptPlotPalette palette;

      ckpt_plot_palette_init (&palette, theme);
      g_assert_cmpfloat (get_contrast (palette.pixels[0], ckpt_plot_palette_get_pixel (&palette, 0)), >=,
                         MIN_CONTRAST);
      g_assert_cmphex (ckpt_plot_palette_get_pixel (&palette, -7), ==, palette.pixels[0]);
      for (gsize vision = 0; vision < G_N_ELEMENTS (visions); vision++)
        {
          check_palette (&palette, vision);
          /* What has no colour is told from all that have one. */
          for (gsize i = 0; i < G_N_ELEMENTS (palette.pixels); i++)
            g_assert_cmpfloat (get_difference (ink, palette.pixels[i], vision), >, 10);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/palette/measures", test_measures);
  g_test_add_func ("/palette/contrast", test_contrast);
  g_test_add_func ("/palette/series", test_series);
  g_test_add_func ("/palette/diverging", test_palette);
  return g_test_run ();
}
