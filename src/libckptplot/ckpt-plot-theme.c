/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-theme.h"

#define DEFAULT_FONT "Sans 8"

#define GRAY(level, alpha) { (level), (level), (level), (alpha) }

/* Bars are blue and special values orange: the pair that every kind of colour blindness tells apart. All have a contrast of at least 3:1
 * against the background, texts of 4.5:1. The colours of series are as far apart as they can be for every kind of eye; tests/plot measures it. */
static const CkptPlotTheme variants[] = {
  [CKPT_PLOT_LIGHT] = {
      .background = GRAY (1, 1),
      .text = GRAY (0, 0.8),
      .dim = GRAY (0, 0.6),
      .grid = GRAY (0, 0.12),
      .axis = GRAY (0, 0.45),
      .bar = { 0.208, 0.518, 0.894, 1 },
      .series = {
          { 0.208, 0.518, 0.894, 1 },
          { 0.776, 0.275, 0, 1 },
          { 0.05, 0.04, 0.28, 1 },
          { 0.71, 0.46, 0.51, 1 },
          { 0.49, 0, 1, 1 },
          { 0.36, 0, 0.09, 1 },
      },
      .special = { 0.776, 0.275, 0, 1 },
      .mark = GRAY (0, 0.75),
  },
  [CKPT_PLOT_DARK] = {
      .background = GRAY (0.21, 1),
      .text = GRAY (1, 0.9),
      .dim = GRAY (1, 0.65),
      .grid = GRAY (1, 0.13),
      .axis = GRAY (1, 0.5),
      .bar = { 0.38, 0.64, 0.94, 1 },
      .series = {
          { 0.38, 0.64, 0.94, 1 },
          { 1, 0.64, 0.28, 1 },
          { 0.37, 1, 0.76, 1 },
          { 0.85, 0.33, 0.3, 1 },
          { 1, 0.97, 0.03, 1 },
          { 0.6, 0.58, 0.63, 1 },
      },
      .special = { 1, 0.64, 0.28, 1 },
      .mark = GRAY (1, 0.85),
      .is_dark = TRUE,
  },
  [CKPT_PLOT_LIGHT_HIGH_CONTRAST] = {
      .background = GRAY (1, 1),
      .text = GRAY (0, 1),
      .dim = GRAY (0, 0.9),
      .grid = GRAY (0, 0.35),
      .axis = GRAY (0, 0.9),
      .bar = { 0, 0.27, 0.62, 1 },
      .series = {
          { 0, 0.27, 0.62, 1 },
          { 0.62, 0.2, 0, 1 },
          { 0.07, 0, 0.19, 1 },
          { 0.61, 0.4, 0.43, 1 },
          { 0.56, 0.03, 1, 1 },
          { 0.27, 0.06, 0.04, 1 },
      },
      .special = { 0.62, 0.2, 0, 1 },
      .mark = GRAY (0, 1),
      .is_high_contrast = TRUE,
  },
  [CKPT_PLOT_DARK_HIGH_CONTRAST] = {
      .background = GRAY (0.15, 1),
      .text = GRAY (1, 1),
      .dim = GRAY (1, 0.95),
      .grid = GRAY (1, 0.4),
      .axis = GRAY (1, 0.95),
      .bar = { 0.6, 0.8, 1, 1 },
      .series = {
          { 0.6, 0.8, 1, 1 },
          { 1, 0.75, 0.45, 1 },
          { 0.34, 1, 0, 1 },
          { 0.88, 0.27, 0.99, 1 },
          { 0.96, 0.98, 0.84, 1 },
          { 0.61, 0.62, 0.54, 1 },
      },
      .special = { 1, 0.75, 0.45, 1 },
      .mark = GRAY (1, 1),
      .is_dark = TRUE,
      .is_high_contrast = TRUE,
  },
};

/**
 * ckpt_plot_theme_new:
 * @variant: what to start from
 *
 * Returns: (transfer full): a theme with a small sans-serif font and numbers as in the C locale
 */
CkptPlotTheme *
ckpt_plot_theme_new (CkptPlotVariant variant)
{
  CkptPlotTheme *self;

  g_return_val_if_fail ((gsize) variant < G_N_ELEMENTS (variants), NULL);

  self = g_memdup2 (&variants[variant], sizeof *self);
  self->font = pango_font_description_from_string (DEFAULT_FONT);
  self->text_scale = 1;
  return self;
}

/**
 * ckpt_plot_theme_copy:
 * @self: a theme
 *
 * Returns: (transfer full): the same once more
 */
CkptPlotTheme *
ckpt_plot_theme_copy (const CkptPlotTheme *self)
{
  CkptPlotTheme *copy = g_memdup2 (self, sizeof *self);

  copy->font = pango_font_description_copy (self->font);
  return copy;
}

/**
 * ckpt_plot_theme_free:
 * @self: (transfer full): a theme
 */
void
ckpt_plot_theme_free (CkptPlotTheme *self)
{
  pango_font_description_free (self->font);
  g_free (self);
}
