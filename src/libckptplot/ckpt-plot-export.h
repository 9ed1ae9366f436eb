/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ckpt-plot.h"

G_BEGIN_DECLS

typedef enum
{
  CKPT_PLOT_FORMAT_PNG,
  CKPT_PLOT_FORMAT_SVG,
  CKPT_PLOT_FORMAT_PDF,
} CkptPlotFormat;

/**
 * CkptPlotExport:
 * @width: width of the picture in user units: pixels at @scale 1, points of a PDF
 * @height: likewise
 * @scale: of PNG: pixels a user unit
 * @title: (nullable): said above the plot and in the file: the path of a tensor
 */
typedef struct
{
  CkptPlotFormat format;
  double width;
  double height;
  double scale;
  const char *title;
} CkptPlotExport;

gboolean  ckpt_plot_format_from_name (const char            *name,
                                      CkptPlotFormat        *format);
GBytes   *ckpt_plot_export           (CkptPlot              *self,
                                      const CkptPlotExport  *options,
                                      GError               **error);

G_END_DECLS
