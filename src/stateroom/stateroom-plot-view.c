/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-plot-view-private.h"

#include <math.h>

#include "stateroom-plot-theme.h"

#define MIN_WIDTH      160
#define MIN_HEIGHT     140
#define NATURAL_WIDTH  560
#define NATURAL_HEIGHT 240

/* The tip stands off its item. */
#define TIP_GAP 8

G_DEFINE_FINAL_TYPE (StateroomPlotView, stateroom_plot_view, GTK_TYPE_WIDGET)

static void
drop_picture (StateroomPlotView *self)
{
  g_clear_pointer (&self->picture, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
update_theme (StateroomPlotView *self)
{
  g_autoptr (CkptPlotTheme) theme = NULL;

  if (self->plot == NULL)
    return;
  theme = stateroom_plot_theme_new (GTK_WIDGET (self));
  ckpt_plot_set_theme (self->plot, theme);
  drop_picture (self);
}

static void
update_tip (StateroomPlotView *self)
{
  g_autofree char *name = NULL;
  g_autofree char *figures = NULL;

  gtk_widget_set_visible (self->tip, self->has_item);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (!self->has_item)
    return;
  name = ckpt_plot_name_item (self->plot, self->item);
  figures = ckpt_plot_describe_item (self->plot, self->item);
  gtk_label_set_text (self->tip_name, name);
  gtk_label_set_text (self->tip_figures, figures);
}

void
stateroom_plot_view_set_item (StateroomPlotView *self, gboolean has_item, guint item)
{
  if (self->has_item == has_item && (!has_item || self->item == item))
    return;
  self->has_item = has_item;
  self->item = item;
  update_tip (self);
}

static void
stateroom_plot_view_measure (GtkWidget *widget,
                             GtkOrientation orientation,
                             int for_size,
                             int *minimum,
                             int *natural,
                             int *minimum_baseline,
                             int *natural_baseline)
{
  StateroomPlotView *self = STATEROOM_PLOT_VIEW (widget);
  gboolean is_width = orientation == GTK_ORIENTATION_HORIZONTAL;

  *minimum = is_width ? MIN_WIDTH : MIN (self->height, MIN_HEIGHT);
  *natural = is_width ? NATURAL_WIDTH : self->height;
}

/* The tip lies beside its item, on the side where there is more room, or over it where it is as wide as the plot. */
static void
stateroom_plot_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  StateroomPlotView *self = STATEROOM_PLOT_VIEW (widget);
  GtkRequisition size;
  CkptPlotRect item = { width, 0, 0, height };
  double x, y;

  if (!gtk_widget_should_layout (self->tip))
    return;
  if (self->plot != NULL && self->has_item)
    ckpt_plot_get_item_rect (self->plot, width, height, self->item, &item);
  gtk_widget_get_preferred_size (self->tip, NULL, &size);
  x = item.x + item.width + TIP_GAP;
  if (x + size.width > width)
    x = item.x - TIP_GAP - size.width;
  y = item.y + TIP_GAP;
  if (x < 0)
    y = item.y + item.height + TIP_GAP + size.height <= height ? item.y + item.height + TIP_GAP
                                                               : item.y - TIP_GAP - size.height;
  x = CLAMP (x, 0, MAX (width - size.width, 0));
  y = CLAMP (y, 0, MAX (height - size.height, 0));
  gtk_widget_allocate (self->tip, size.width, size.height, -1,
                       gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT ((float) x, (float) y)));
}

static void
draw_picture (StateroomPlotView *self, int width, int height)
{
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot,
                                           &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));

  ckpt_plot_draw (self->plot, cr, width, height);
  cairo_destroy (cr);
  self->picture = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  self->picture_width = width;
  self->picture_height = height;
}

static void
append_rect (GtkSnapshot *snapshot, const GdkRGBA *color, double x, double y, double width, double height)
{
  gtk_snapshot_append_color (snapshot, color,
                             &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height));
}

static void
append_highlight (StateroomPlotView *self, GtkSnapshot *snapshot, int width, int height)
{
  CkptPlotRect item;
  GdkRGBA color;

  if (!self->has_item || !ckpt_plot_get_item_rect (self->plot, width, height, self->item, &item))
    return;
  gtk_widget_get_color (GTK_WIDGET (self), &color);
  color.alpha = 0.15f;
  append_rect (snapshot, &color, item.x, item.y, item.width, item.height);
  color.alpha = 0.8f;
  if (!self->has_rows)
    append_rect (snapshot, &color, floor (item.x + item.width / 2), item.y, 1, item.height);
}

/* The part that is being chosen. */
static void
append_selection (StateroomPlotView *self, GtkSnapshot *snapshot, int height)
{
  GdkRGBA color;

  if (!self->is_selecting)
    return;
  gtk_widget_get_color (GTK_WIDGET (self), &color);
  color.alpha = 0.12f;
  append_rect (snapshot, &color, MIN (self->select_from, self->select_to), 0,
               fabs (self->select_to - self->select_from), height);
  color.alpha = 0.6f;
  append_rect (snapshot, &color, floor (self->select_from), 0, 1, height);
  append_rect (snapshot, &color, floor (self->select_to), 0, 1, height);
}

static void
stateroom_plot_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  StateroomPlotView *self = STATEROOM_PLOT_VIEW (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);

  if (self->plot == NULL || width <= 0 || height <= 0)
    return;
  if (self->picture_width != width || self->picture_height != height)
    g_clear_pointer (&self->picture, gsk_render_node_unref);
  if (self->picture == NULL)
    draw_picture (self, width, height);
  if (self->picture != NULL)
    gtk_snapshot_append_node (snapshot, self->picture);
  append_highlight (self, snapshot, width, height);
  append_selection (self, snapshot, height);
  gtk_widget_snapshot_child (widget, self->tip, snapshot);
}

static void
stateroom_plot_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (stateroom_plot_view_parent_class)->css_changed (widget, change);
  update_theme (STATEROOM_PLOT_VIEW (widget));
}

static void
stateroom_plot_view_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (stateroom_plot_view_parent_class)->system_setting_changed (widget, setting);
  update_theme (STATEROOM_PLOT_VIEW (widget));
}

static void
stateroom_plot_view_dispose (GObject *object)
{
  StateroomPlotView *self = STATEROOM_PLOT_VIEW (object);

  g_clear_pointer (&self->picture, gsk_render_node_unref);
  g_clear_object (&self->plot);
  g_clear_pointer (&self->tip, gtk_widget_unparent);
  G_OBJECT_CLASS (stateroom_plot_view_parent_class)->dispose (object);
}

static void
stateroom_plot_view_class_init (StateroomPlotViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_plot_view_dispose;
  widget_class->measure = stateroom_plot_view_measure;
  widget_class->size_allocate = stateroom_plot_view_size_allocate;
  widget_class->snapshot = stateroom_plot_view_snapshot;
  widget_class->css_changed = stateroom_plot_view_css_changed;
  widget_class->system_setting_changed = stateroom_plot_view_system_setting_changed;
  gtk_widget_class_set_css_name (widget_class, "plotview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  stateroom_plot_view_install_input (klass);
}

static GtkLabel *
add_tip_label (StateroomPlotView *self, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, css_class);
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (self->tip), label);
  return GTK_LABEL (label);
}

static void
stateroom_plot_view_init (StateroomPlotView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->height = NATURAL_HEIGHT;
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  self->tip = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "visible", FALSE,
                            "can-target", FALSE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_add_css_class (self->tip, "plot-tip");
  gtk_widget_set_parent (self->tip, widget);
  self->tip_name = add_tip_label (self, "plot-tip-value");
  self->tip_figures = add_tip_label (self, "dimmed");
  stateroom_plot_view_add_controllers (self);
  stateroom_plot_theme_watch (widget, G_CALLBACK (update_theme));
}

/**
 * stateroom_plot_view_new:
 *
 * Returns: (transfer floating): a view without a plot
 */
GtkWidget *
stateroom_plot_view_new (void)
{
  return g_object_new (STATEROOM_TYPE_PLOT_VIEW, NULL);
}

static void
describe (StateroomPlotView *self, const char *label)
{
  g_autofree char *description = NULL;

  if (self->plot == NULL)
    {
      gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL);
      gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
      return;
    }
  description = ckpt_plot_describe (self->plot);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

/**
 * stateroom_plot_view_set_plot:
 * @plot: (nullable): what to show, in any theme
 * @label: (nullable): what it is, for those who cannot see it: "Histogram of wte.weight"
 */
void
stateroom_plot_view_set_plot (StateroomPlotView *self, CkptPlot *plot, const char *label)
{
  g_return_if_fail (STATEROOM_IS_PLOT_VIEW (self));

  stateroom_plot_view_set_item (self, FALSE, 0);
  g_set_object (&self->plot, plot);
  update_theme (self);
  drop_picture (self);
  describe (self, label);
  stateroom_plot_view_pick (self);
}

/**
 * stateroom_plot_view_get_plot:
 *
 * Returns: (transfer none) (nullable): what is shown
 */
CkptPlot *
stateroom_plot_view_get_plot (StateroomPlotView *self)
{
  g_return_val_if_fail (STATEROOM_IS_PLOT_VIEW (self), NULL);

  return self->plot;
}

/**
 * stateroom_plot_view_refresh:
 *
 * Draws the plot anew, which was changed.
 */
void
stateroom_plot_view_refresh (StateroomPlotView *self)
{
  g_return_if_fail (STATEROOM_IS_PLOT_VIEW (self));

  drop_picture (self);
}

/**
 * stateroom_plot_view_get_item:
 * @item: (out): the item that the tip is about
 *
 * Returns: FALSE, with @item untouched, if there is no tip
 */
gboolean
stateroom_plot_view_get_item (StateroomPlotView *self, guint *item)
{
  g_return_val_if_fail (STATEROOM_IS_PLOT_VIEW (self), FALSE);

  if (self->has_item)
    *item = self->item;
  return self->has_item;
}

/**
 * stateroom_plot_view_set_height:
 * @height: pixels that the plot wants to have
 */
void
stateroom_plot_view_set_height (StateroomPlotView *self, int height)
{
  g_return_if_fail (STATEROOM_IS_PLOT_VIEW (self));

  if (self->height == height)
    return;
  self->height = height;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/**
 * stateroom_plot_view_set_has_rows:
 * @has_rows: whether the items lie one below the other, so that the keys up and down go along them
 */
void
stateroom_plot_view_set_has_rows (StateroomPlotView *self, gboolean has_rows)
{
  g_return_if_fail (STATEROOM_IS_PLOT_VIEW (self));

  self->has_rows = has_rows;
}

/**
 * stateroom_plot_view_set_can_zoom:
 * @can_zoom: whether a part can be chosen by dragging, with the wheel and with keys
 */
void
stateroom_plot_view_set_can_zoom (StateroomPlotView *self, gboolean can_zoom)
{
  g_return_if_fail (STATEROOM_IS_PLOT_VIEW (self));

  self->can_zoom = can_zoom;
}

/**
 * stateroom_plot_view_set_is_zoomed:
 * @is_zoomed: whether only a part is shown
 */
void
stateroom_plot_view_set_is_zoomed (StateroomPlotView *self, gboolean is_zoomed)
{
  g_return_if_fail (STATEROOM_IS_PLOT_VIEW (self));

  self->is_zoomed = is_zoomed;
}
