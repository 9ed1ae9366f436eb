/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckptplot.h>

G_BEGIN_DECLS

/**
 * PlotScene:
 * @name: what it shows, in kebab-case
 * @make: makes the plot, the same each time
 * @width: of its reference
 * @height: likewise
 * @in_high_contrast: whether there are references in high contrast too
 *
 * A plot of made-up data that is worth looking at.
 */
typedef struct
{
  const char *name;
  CkptPlot *(*make) (void);
  double width;
  double height;
  gboolean in_high_contrast;
} PlotScene;

guint            plot_scenes_get_n (void);
const PlotScene *plot_scenes_get   (guint i);

G_END_DECLS
