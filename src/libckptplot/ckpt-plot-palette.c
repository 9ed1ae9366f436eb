/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-palette.h"

#include <math.h>

/* Hues in degrees, and how colourful the ends are where the screen can show it. */
#define BLUE_HUE   262
#define ORANGE_HUE 55
#define CHROMA     0.17

/* Colours grow faster than lightness falls, so that small values have a colour already. */
#define CHROMA_POWER 0.75

/* Steps in which a colour that no screen shows is made paler. */
#define PALER 0.98

/**
 * Ends:
 * @middle: lightness at zero
 * @end: lightness of the largest magnitude
 */
typedef struct
{
  double middle;
  double end;
} Ends;

/* By whether the theme is dark, and of high contrast. */
static const Ends ends[2][2] = {
  { { 0.97, 0.47 }, { 1, 0.36 } },
  { { 0.3, 0.8 }, { 0.18, 0.9 } },
};

static double
encode_channel (double linear)
{
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow (linear, 1 / 2.4) - 0.055;
}

/* Oklab to sRGB, by the matrices of Björn Ottosson, "A perceptual color space for image processing" (2020). FALSE if no screen shows it. */
static gboolean
convert (double lightness, double chroma, double hue, CkptPlotColor *color)
{
  double a = chroma * cos (hue * G_PI / 180);
  double b = chroma * sin (hue * G_PI / 180);
  double l = pow (lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
  double m = pow (lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
  double s = pow (lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
  double channels[] = {
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
  };
  gboolean fits = TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      fits = fits && channels[i] >= -1e-4 && channels[i] <= 1 + 1e-4;
      channels[i] = encode_channel (CLAMP (channels[i], 0, 1));
    }
  *color = (CkptPlotColor) { channels[0], channels[1], channels[2], 1 };
  return fits;
}

static CkptPlotColor
get_color (const Ends *self, double hue, double strength)
{
  double lightness = self->middle + (self->end - self->middle) * strength;
  double chroma = CHROMA * pow (strength, CHROMA_POWER);
  CkptPlotColor color;

  while (!convert (lightness, chroma, hue, &color) && chroma > 1e-3)
    chroma *= PALER;
  return color;
}

/**
 * ckpt_plot_color_to_pixel:
 * @color: a colour
 * @background: what it lies on; opaque
 *
 * Returns: what is seen, as 0xRRGGBB
 */
guint32
ckpt_plot_color_to_pixel (const CkptPlotColor *color, const CkptPlotColor *background)
{
  const double front[] = { color->red, color->green, color->blue };
  const double back[] = { background->red, background->green, background->blue };
  guint32 pixel = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (front); i++)
    {
      double level = front[i] * color->alpha + back[i] * (1 - color->alpha);

      pixel = pixel << 8 | (guint32) (CLAMP (level, 0, 1) * 255 + 0.5);
    }
  return pixel;
}

/**
 * ckpt_plot_palette_init:
 * @self: (out): the palette
 * @theme: what it is to go with
 *
 * Makes a palette that goes from blue over the colour of the background to orange, which every kind of colour blindness tells apart; both
 * ends are equally far from the middle in lightness.
 */
void
ckpt_plot_palette_init (CkptPlotPalette *self, const CkptPlotTheme *theme)
{
  const Ends *lightness = &ends[theme->is_dark ? 1 : 0][theme->is_high_contrast ? 1 : 0];

  for (int i = -CKPT_PLOT_PALETTE_SIDE; i <= CKPT_PLOT_PALETTE_SIDE; i++)
    {
      CkptPlotColor color = get_color (lightness, i < 0 ? BLUE_HUE : ORANGE_HUE,
                                       abs (i) / (double) CKPT_PLOT_PALETTE_SIDE);

      self->pixels[i + CKPT_PLOT_PALETTE_SIDE] = ckpt_plot_color_to_pixel (&color, &theme->background);
    }
}

/**
 * ckpt_plot_palette_get_pixel:
 * @self: a palette
 * @place: from -1, the lowest value, over 0 to 1, the highest; others are taken for these
 *
 * Returns: the colour, as 0xRRGGBB
 */
guint32
ckpt_plot_palette_get_pixel (const CkptPlotPalette *self, double place)
{
  int i = (int) lrint (CLAMP (place, -1, 1) * CKPT_PLOT_PALETTE_SIDE);

  return self->pixels[i + CKPT_PLOT_PALETTE_SIDE];
}
