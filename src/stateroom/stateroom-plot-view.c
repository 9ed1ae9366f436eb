/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-plot-view.h"

#include "stateroom-format.h"

#include <glib/gi18n.h>
#include <math.h>
#include <pango/pangocairo.h>

#define MIN_WIDTH      160
#define MIN_HEIGHT     140
#define NATURAL_WIDTH  560
#define NATURAL_HEIGHT 240

/* Labels are smaller than the text of the window, and the tip stands off its bar. */
#define LABEL_SCALE 0.82
#define TIP_GAP     8

struct _StateroomPlotView
{
  GtkWidget parent_instance;

  CkptPlotHistogram *plot;
  gboolean log_counts;
  gboolean has_slot;
  guint slot;
  GskRenderNode *picture; /* the plot as last drawn, without what follows the pointer */
  int picture_width;
  int picture_height;
  GtkWidget *tip;
  GtkLabel *tip_value;
  GtkLabel *tip_count;
};

G_DEFINE_FINAL_TYPE (StateroomPlotView, stateroom_plot_view, GTK_TYPE_WIDGET)

static CkptPlotColor
get_color (const GdkRGBA *rgba)
{
  return (CkptPlotColor) { (double) rgba->red, (double) rgba->green, (double) rgba->blue,
                           (double) rgba->alpha };
}

static CkptPlotVariant
get_variant (AdwStyleManager *style)
{
  gboolean is_dark = adw_style_manager_get_dark (style);

  if (adw_style_manager_get_high_contrast (style))
    return is_dark ? CKPT_PLOT_DARK_HIGH_CONTRAST : CKPT_PLOT_LIGHT_HIGH_CONTRAST;
  return is_dark ? CKPT_PLOT_DARK : CKPT_PLOT_LIGHT;
}

/* All accent colours stand out from light cards; on dark ones only their lighter variants do. In high contrast the theme's own bars are
 * stronger. */
static void
set_bar_color (CkptPlotTheme *theme, AdwStyleManager *style)
{
  g_autoptr (GdkRGBA) accent = adw_style_manager_get_accent_color_rgba (style);
  GdkRGBA color = *accent;

  if (adw_style_manager_get_high_contrast (style))
    return;
  if (adw_style_manager_get_dark (style))
    adw_rgba_to_standalone (accent, TRUE, &color);
  theme->bar = get_color (&color);
}

static CkptPlotTheme *
make_theme (StateroomPlotView *self)
{
  AdwStyleManager *style = adw_style_manager_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  CkptPlotTheme *theme = ckpt_plot_theme_new (get_variant (style));
  double resolution = pango_cairo_context_get_resolution (context);

  set_bar_color (theme, style);
  pango_font_description_free (theme->font);
  theme->font = pango_font_description_copy (pango_context_get_font_description (context));
  theme->text_scale = LABEL_SCALE * (resolution > 0 ? resolution / 96 : 1);
  theme->numbers = *stateroom_format_get_style ();
  return theme;
}

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
  theme = make_theme (self);
  ckpt_plot_set_theme (CKPT_PLOT (self->plot), theme);
  drop_picture (self);
}

static void
update_tip (StateroomPlotView *self)
{
  g_autofree char *value = NULL;
  g_autofree char *count = NULL;

  gtk_widget_set_visible (self->tip, self->has_slot);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "plot.leave", self->has_slot);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (!self->has_slot)
    return;
  value = ckpt_plot_name_item (CKPT_PLOT (self->plot), self->slot);
  count = ckpt_plot_describe_item (CKPT_PLOT (self->plot), self->slot);
  gtk_label_set_text (self->tip_value, value);
  gtk_label_set_text (self->tip_count, count);
}

static void
set_slot (StateroomPlotView *self, gboolean has_slot, guint slot)
{
  if (self->has_slot == has_slot && (!has_slot || self->slot == slot))
    return;
  self->has_slot = has_slot;
  self->slot = slot;
  update_tip (self);
}

static void
pick (StateroomPlotView *self, double x, double y)
{
  GtkWidget *widget = GTK_WIDGET (self);
  guint slot = 0;
  gboolean has_slot = self->plot != NULL &&
                      ckpt_plot_pick (CKPT_PLOT (self->plot), gtk_widget_get_width (widget),
                                      gtk_widget_get_height (widget), x, y, &slot);

  set_slot (self, has_slot, slot);
}

static void
on_motion (StateroomPlotView *self, double x, double y)
{
  pick (self, x, y);
}

static void
on_leave (StateroomPlotView *self)
{
  if (!gtk_widget_has_focus (GTK_WIDGET (self)))
    set_slot (self, FALSE, 0);
}

/* A finger has no motion before it touches. */
static void
on_pressed (StateroomPlotView *self, int n_press, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  pick (self, x, y);
}

static void
on_focus_leave (StateroomPlotView *self)
{
  set_slot (self, FALSE, 0);
}

static void
announce_slot (StateroomPlotView *self)
{
  g_autofree char *value = ckpt_plot_name_item (CKPT_PLOT (self->plot), self->slot);
  g_autofree char *count = ckpt_plot_describe_item (CKPT_PLOT (self->plot), self->slot);
  g_autofree char *text = g_strdup_printf ("%s: %s", value, count);

  gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

/* Goes some bars to the right, or to the left if negative; more than one to the end. */
static void
move_slot (GtkWidget *widget, const char *action, GVariant *parameter)
{
  StateroomPlotView *self = STATEROOM_PLOT_VIEW (widget);
  int distance = g_variant_get_int32 (parameter);
  guint n_slots = self->plot != NULL ? ckpt_plot_get_n_items (CKPT_PLOT (self->plot)) : 0;
  gint64 slot = distance > 0 ? 0 : (gint64) n_slots - 1;

  if (n_slots == 0)
    return;
  if (ABS ((gint64) distance) > 1)
    slot = (gint64) n_slots - 1 - slot;
  else if (self->has_slot)
    slot = (gint64) self->slot + distance;
  set_slot (self, TRUE, (guint) CLAMP (slot, 0, (gint64) n_slots - 1));
  announce_slot (self);
}

static void
leave_slot (GtkWidget *widget, const char *action, GVariant *parameter)
{
  set_slot (STATEROOM_PLOT_VIEW (widget), FALSE, 0);
}

static void
add_bindings (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    guint keypad_key;
    int distance;
  } moves[] = {
    { GDK_KEY_Left, GDK_KEY_KP_Left, -1 },
    { GDK_KEY_Right, GDK_KEY_KP_Right, 1 },
    { GDK_KEY_Home, GDK_KEY_KP_Home, G_MININT32 },
    { GDK_KEY_End, GDK_KEY_KP_End, G_MAXINT32 },
  };

  gtk_widget_class_install_action (widget_class, "plot.move", "i", move_slot);
  gtk_widget_class_install_action (widget_class, "plot.leave", NULL, leave_slot);
  for (gsize i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      gtk_widget_class_add_binding_action (widget_class, moves[i].key, 0, "plot.move", "i",
                                           moves[i].distance);
      gtk_widget_class_add_binding_action (widget_class, moves[i].keypad_key, 0, "plot.move", "i",
                                           moves[i].distance);
    }
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "plot.leave", NULL);
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
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : MIN_HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? NATURAL_WIDTH : NATURAL_HEIGHT;
}

/* The tip lies beside its bar, on the side where there is more room. */
static void
stateroom_plot_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  StateroomPlotView *self = STATEROOM_PLOT_VIEW (widget);
  GtkRequisition size;
  CkptPlotRect bar = { width, 0, 0, height };
  double x;

  if (!gtk_widget_should_layout (self->tip))
    return;
  if (self->plot != NULL && self->has_slot)
    ckpt_plot_get_item_rect (CKPT_PLOT (self->plot), width, height, self->slot, &bar);
  gtk_widget_get_preferred_size (self->tip, NULL, &size);
  x = bar.x + bar.width + TIP_GAP;
  if (x + size.width > width)
    x = bar.x - TIP_GAP - size.width;
  x = CLAMP (x, 0, MAX (width - size.width, 0));
  gtk_widget_allocate (
      self->tip, size.width, size.height, -1,
      gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT ((float) x, (float) (bar.y + TIP_GAP))));
}

static void
draw_picture (StateroomPlotView *self, int width, int height)
{
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot,
                                           &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));

  ckpt_plot_draw (CKPT_PLOT (self->plot), cr, width, height);
  cairo_destroy (cr);
  self->picture = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  self->picture_width = width;
  self->picture_height = height;
}

static void
append_highlight (StateroomPlotView *self, GtkSnapshot *snapshot, int width, int height)
{
  CkptPlotRect bar;
  GdkRGBA color;
  float middle;

  if (!self->has_slot || !ckpt_plot_get_item_rect (CKPT_PLOT (self->plot), width, height, self->slot, &bar))
    return;
  gtk_widget_get_color (GTK_WIDGET (self), &color);
  color.alpha = 0.15f;
  gtk_snapshot_append_color (
      snapshot, &color,
      &GRAPHENE_RECT_INIT ((float) bar.x, (float) bar.y, (float) bar.width, (float) bar.height));
  color.alpha = 0.8f;
  middle = (float) floor (bar.x + bar.width / 2);
  gtk_snapshot_append_color (snapshot, &color,
                             &GRAPHENE_RECT_INIT (middle, (float) bar.y, 1, (float) bar.height));
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
  add_bindings (widget_class);
}

static void
add_controllers (StateroomPlotView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (on_focus_leave), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
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
  AdwStyleManager *style = adw_style_manager_get_for_display (gtk_widget_get_display (widget));

  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_action_set_enabled (widget, "plot.leave", FALSE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  self->tip = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "visible", FALSE,
                            "can-target", FALSE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_add_css_class (self->tip, "plot-tip");
  gtk_widget_set_parent (self->tip, widget);
  self->tip_value = add_tip_label (self, "plot-tip-value");
  self->tip_count = add_tip_label (self, "dimmed");
  add_controllers (self);
  g_signal_connect_object (style, "notify::dark", G_CALLBACK (update_theme), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (style, "notify::high-contrast", G_CALLBACK (update_theme), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (style, "notify::accent-color-rgba", G_CALLBACK (update_theme), self,
                           G_CONNECT_SWAPPED);
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
describe (StateroomPlotView *self, const char *name)
{
  g_autofree char *label = NULL;
  g_autofree char *description = NULL;

  if (self->plot == NULL)
    {
      gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL);
      gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
      return;
    }
  /* Translators: %s is the name of a tensor */
  label = g_strdup_printf (_ ("Histogram of %s"), name);
  description = ckpt_plot_describe (CKPT_PLOT (self->plot));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

/**
 * stateroom_plot_view_take_histogram:
 * @plot: (transfer full) (nullable): what to show, in any theme
 * @name: (nullable): what it is of, for those who cannot see it
 */
void
stateroom_plot_view_take_histogram (StateroomPlotView *self, CkptPlotHistogram *plot, const char *name)
{
  g_return_if_fail (STATEROOM_IS_PLOT_VIEW (self));

  set_slot (self, FALSE, 0);
  g_clear_object (&self->plot);
  self->plot = plot;
  if (plot != NULL)
    ckpt_plot_histogram_set_log_counts (plot, self->log_counts);
  update_theme (self);
  drop_picture (self);
  describe (self, name);
}

/**
 * stateroom_plot_view_set_log_counts:
 * @log_counts: whether this plot and the next ones show the logarithm of counts
 */
void
stateroom_plot_view_set_log_counts (StateroomPlotView *self, gboolean log_counts)
{
  g_return_if_fail (STATEROOM_IS_PLOT_VIEW (self));

  self->log_counts = log_counts;
  if (self->plot != NULL)
    ckpt_plot_histogram_set_log_counts (self->plot, log_counts);
  drop_picture (self);
}

/**
 * stateroom_plot_view_get_slot:
 * @slot: (out): the slot that the tip is about
 *
 * Returns: FALSE, with @slot untouched, if there is no tip
 */
gboolean
stateroom_plot_view_get_slot (StateroomPlotView *self, guint *slot)
{
  g_return_val_if_fail (STATEROOM_IS_PLOT_VIEW (self), FALSE);

  if (self->has_slot)
    *slot = self->slot;
  return self->has_slot;
}
