/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pango/pango.h>

#include "ckpt-plot-number.h"

G_BEGIN_DECLS

typedef struct
{
  double red;
  double green;
  double blue;
  double alpha;
} CkptPlotColor;

typedef enum
{
  CKPT_PLOT_LIGHT,
  CKPT_PLOT_DARK,
  CKPT_PLOT_LIGHT_HIGH_CONTRAST,
  CKPT_PLOT_DARK_HIGH_CONTRAST,
} CkptPlotVariant;

/* Histograms that can lie over each other. */
#define CKPT_PLOT_N_SERIES 6

/**
 * CkptPlotTheme:
 * @background: what the plot stands on; plots do not paint it, but keep lines clear of bars with it
 * @text: sentences and the labels of marks
 * @dim: labels of axes
 * @grid: lines across the plot
 * @axis: the line that bars stand on
 * @bar: counts of ordinary values
 * @series: colours of several histograms over each other; dashes tell them apart too
 * @special: counts of NaN and infinite values; drawn with a pattern too, so colour alone tells nothing
 * @mark: lines at single values, such as the mean
 * @is_dark: whether the background is darker than text
 * @is_high_contrast: whether colours are to differ as much as they can
 * @font: of all text
 * @text_scale: factor on the size of @font
 * @numbers: how numbers are written
 *
 * What all plots look like. Made by ckpt_plot_theme_new(), then changed at will.
 */
typedef struct
{
  CkptPlotColor background;
  CkptPlotColor text;
  CkptPlotColor dim;
  CkptPlotColor grid;
  CkptPlotColor axis;
  CkptPlotColor bar;
  CkptPlotColor series[CKPT_PLOT_N_SERIES];
  CkptPlotColor special;
  CkptPlotColor mark;
  gboolean is_dark;
  gboolean is_high_contrast;
  PangoFontDescription *font;
  double text_scale;
  CkptPlotNumberStyle numbers;
} CkptPlotTheme;

CkptPlotTheme *ckpt_plot_theme_new  (CkptPlotVariant      variant);
CkptPlotTheme *ckpt_plot_theme_copy (const CkptPlotTheme *self);
void           ckpt_plot_theme_free (CkptPlotTheme       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptPlotTheme, ckpt_plot_theme_free)

G_END_DECLS
