/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <cairo.h>
#include <glib-object.h>

#include "ckpt-plot-theme.h"

G_BEGIN_DECLS

typedef struct
{
  double x;
  double y;
  double width;
  double height;
} CkptPlotRect;

#define CKPT_TYPE_PLOT (ckpt_plot_get_type ())

/*
 * A picture of data: drawn on any cairo context, in any size, and told in words. What it shows is made of items (the bars of a
 * histogram, the layers of a strip, the cells of a heatmap), which the pointer picks and the keyboard walks. For one thread at a time.
 */
G_DECLARE_DERIVABLE_TYPE (CkptPlot, ckpt_plot, CKPT, PLOT, GObject)

/**
 * CkptPlotClass:
 * @draw: draws it; the background is left as it is
 * @forget: drops what depends on the theme
 * @get_n_items: how many items there are
 * @get_item_rect: where an item lies, or FALSE
 * @pick: the item at a place, or FALSE
 * @step: the item some columns and rows away, at the edge if there is none
 * @name_item: says what an item is
 * @describe_item: says its figures
 * @describe: says what the picture shows
 *
 * What a kind of plot does. Items are numbers below the number of items.
 */
struct _CkptPlotClass
{
  GObjectClass parent_class;

  void (*draw) (CkptPlot *self, cairo_t *cr, double width, double height);
  void (*forget) (CkptPlot *self);
  guint (*get_n_items) (CkptPlot *self);
  gboolean (*get_item_rect) (CkptPlot *self, double width, double height, guint item, CkptPlotRect *rect);
  gboolean (*pick) (CkptPlot *self, double width, double height, double x, double y, guint *item);
  guint (*step) (CkptPlot *self, guint item, int columns, int rows);
  char *(*name_item) (CkptPlot *self, guint item);
  char *(*describe_item) (CkptPlot *self, guint item);
  char *(*describe) (CkptPlot *self);
};

void                 ckpt_plot_set_theme     (CkptPlot            *self,
                                              const CkptPlotTheme *theme);
const CkptPlotTheme *ckpt_plot_get_theme     (CkptPlot            *self);
void                 ckpt_plot_draw          (CkptPlot            *self,
                                              cairo_t             *cr,
                                              double               width,
                                              double               height);
guint                ckpt_plot_get_n_items   (CkptPlot            *self);
gboolean             ckpt_plot_get_item_rect (CkptPlot            *self,
                                              double               width,
                                              double               height,
                                              guint                item,
                                              CkptPlotRect        *rect);
gboolean             ckpt_plot_pick          (CkptPlot            *self,
                                              double               width,
                                              double               height,
                                              double               x,
                                              double               y,
                                              guint               *item);
guint                ckpt_plot_step          (CkptPlot            *self,
                                              guint                item,
                                              int                  columns,
                                              int                  rows);
char                *ckpt_plot_name_item     (CkptPlot            *self,
                                              guint                item);
char                *ckpt_plot_describe_item (CkptPlot            *self,
                                              guint                item);
char                *ckpt_plot_describe      (CkptPlot            *self);

G_END_DECLS
