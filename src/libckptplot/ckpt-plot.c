/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-private.h"

typedef struct
{
  CkptPlotTheme *theme;
  CkptPlotText *text; /* made when it is first needed: many small plots have none */
} CkptPlotPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (CkptPlot, ckpt_plot, G_TYPE_OBJECT)

static CkptPlotPrivate *
get_private (CkptPlot *self)
{
  return ckpt_plot_get_instance_private (self);
}

static void
ckpt_plot_finalize (GObject *object)
{
  CkptPlotPrivate *priv = get_private (CKPT_PLOT (object));

  g_clear_pointer (&priv->text, ckpt_plot_text_free);
  ckpt_plot_theme_free (priv->theme);
  G_OBJECT_CLASS (ckpt_plot_parent_class)->finalize (object);
}

/* Items lie side by side, unless a kind of plot says otherwise. */
static guint
ckpt_plot_real_step (CkptPlot *self, guint item, int columns, int rows)
{
  gint64 last = (gint64) ckpt_plot_get_n_items (self) - 1;

  return (guint) CLAMP ((gint64) item + columns + rows, 0, last);
}

static void
ckpt_plot_class_init (CkptPlotClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ckpt_plot_finalize;
  klass->step = ckpt_plot_real_step;
}

static void
ckpt_plot_init (CkptPlot *self)
{
  get_private (self)->theme = ckpt_plot_theme_new (CKPT_PLOT_LIGHT);
}

/**
 * ckpt_plot_set_theme:
 * @self: a plot
 * @theme: what it is to look like; copied
 */
void
ckpt_plot_set_theme (CkptPlot *self, const CkptPlotTheme *theme)
{
  CkptPlotPrivate *priv = get_private (self);

  g_return_if_fail (CKPT_IS_PLOT (self));

  g_clear_pointer (&priv->text, ckpt_plot_text_free);
  ckpt_plot_theme_free (priv->theme);
  priv->theme = ckpt_plot_theme_copy (theme);
  CKPT_PLOT_GET_CLASS (self)->forget (self);
}

/**
 * ckpt_plot_get_theme:
 * @self: a plot
 *
 * Returns: (transfer none): what it looks like; at first the light theme
 */
const CkptPlotTheme *
ckpt_plot_get_theme (CkptPlot *self)
{
  g_return_val_if_fail (CKPT_IS_PLOT (self), NULL);

  return get_private (self)->theme;
}

/* What its texts are measured and drawn with. */
CkptPlotText *
ckpt_plot_get_text (CkptPlot *self)
{
  CkptPlotPrivate *priv = get_private (self);

  if (priv->text == NULL)
    priv->text = ckpt_plot_text_new (priv->theme);
  return priv->text;
}

/* The height of a line of its text. */
double
ckpt_plot_get_line (CkptPlot *self)
{
  double width, height;

  ckpt_plot_text_measure (ckpt_plot_get_text (self), "0", &width, &height);
  return height;
}

/* Whether a place lies inside, the right and the lower edge not included. */
gboolean
ckpt_plot_rect_contains (const CkptPlotRect *self, double x, double y)
{
  return x >= self->x && x < self->x + self->width && y >= self->y && y < self->y + self->height;
}

/**
 * ckpt_plot_draw:
 * @self: a plot
 * @cr: where to draw, from (0, 0) in user units; any kind of surface
 * @width: width of the canvas in user units
 * @height: height of the canvas in user units
 *
 * Draws the plot, the same on every kind of surface. The background is left as it is. On a canvas without room nothing is drawn.
 */
void
ckpt_plot_draw (CkptPlot *self, cairo_t *cr, double width, double height)
{
  g_return_if_fail (CKPT_IS_PLOT (self));

  cairo_save (cr);
  cairo_set_line_width (cr, 1);
  CKPT_PLOT_GET_CLASS (self)->draw (self, cr, width, height);
  cairo_restore (cr);
}

/**
 * ckpt_plot_get_n_items:
 * @self: a plot
 *
 * Returns: how many items it has, whether there is room for all of them or not
 */
guint
ckpt_plot_get_n_items (CkptPlot *self)
{
  g_return_val_if_fail (CKPT_IS_PLOT (self), 0);

  return CKPT_PLOT_GET_CLASS (self)->get_n_items (self);
}

/**
 * ckpt_plot_get_item_rect:
 * @self: a plot
 * @width: width of the canvas
 * @height: height of the canvas
 * @item: less than the number of items
 * @rect: (out): where it lies; of a bar, its whole column
 *
 * Returns: FALSE, with @rect untouched, if it has no place on such a canvas
 */
gboolean
ckpt_plot_get_item_rect (CkptPlot *self, double width, double height, guint item, CkptPlotRect *rect)
{
  g_return_val_if_fail (CKPT_IS_PLOT (self), FALSE);
  g_return_val_if_fail (item < ckpt_plot_get_n_items (self), FALSE);

  return CKPT_PLOT_GET_CLASS (self)->get_item_rect (self, width, height, item, rect);
}

/**
 * ckpt_plot_pick:
 * @self: a plot
 * @width: width of the canvas
 * @height: height of the canvas
 * @x: a place on it
 * @y: likewise
 * @item: (out): the item there
 *
 * Finds what lies under the pointer. Where one pixel stands for several items, it is the one that stands out most.
 *
 * Returns: FALSE, with @item untouched, if there is none
 */
gboolean
ckpt_plot_pick (CkptPlot *self, double width, double height, double x, double y, guint *item)
{
  g_return_val_if_fail (CKPT_IS_PLOT (self), FALSE);

  return CKPT_PLOT_GET_CLASS (self)->pick (self, width, height, x, y, item);
}

/**
 * ckpt_plot_step:
 * @self: a plot with items
 * @item: one of them
 * @columns: how many to go to the right, or to the left if negative
 * @rows: how many to go down, or up if negative
 *
 * Goes from item to item as the arrow keys do. Only a heatmap has both rows and columns; in other plots both go along the items.
 *
 * Returns: the item there, or the last one in that direction
 */
guint
ckpt_plot_step (CkptPlot *self, guint item, int columns, int rows)
{
  g_return_val_if_fail (CKPT_IS_PLOT (self), 0);
  g_return_val_if_fail (item < ckpt_plot_get_n_items (self), 0);

  return CKPT_PLOT_GET_CLASS (self)->step (self, item, columns, rows);
}

/**
 * ckpt_plot_name_item:
 * @self: a plot
 * @item: less than the number of items
 *
 * Returns: (transfer full): which item it is: `0.0192 … 0.0199`, `h.0.attn.weight`, `[3, 17]`
 */
char *
ckpt_plot_name_item (CkptPlot *self, guint item)
{
  g_return_val_if_fail (CKPT_IS_PLOT (self), NULL);
  g_return_val_if_fail (item < ckpt_plot_get_n_items (self), NULL);

  return CKPT_PLOT_GET_CLASS (self)->name_item (self, item);
}

/**
 * ckpt_plot_describe_item:
 * @self: a plot
 * @item: less than the number of items
 *
 * Returns: (transfer full): its figures: `18,344 values · 1.04 %`
 */
char *
ckpt_plot_describe_item (CkptPlot *self, guint item)
{
  g_return_val_if_fail (CKPT_IS_PLOT (self), NULL);
  g_return_val_if_fail (item < ckpt_plot_get_n_items (self), NULL);

  return CKPT_PLOT_GET_CLASS (self)->describe_item (self, item);
}

/**
 * ckpt_plot_describe:
 * @self: a plot
 *
 * Returns: (transfer full): what the picture shows, in a few sentences, for those who cannot see it
 */
char *
ckpt_plot_describe (CkptPlot *self)
{
  g_return_val_if_fail (CKPT_IS_PLOT (self), NULL);

  return CKPT_PLOT_GET_CLASS (self)->describe (self);
}
