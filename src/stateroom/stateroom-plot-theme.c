/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-plot-theme.h"

#include <pango/pangocairo.h>

#include "stateroom-format.h"

/* Labels are smaller than the text of the window. */
#define LABEL_SCALE 0.82

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

/**
 * stateroom_plot_theme_new:
 * @widget: where the plot is shown
 *
 * Returns: (transfer full): the theme
 */
CkptPlotTheme *
stateroom_plot_theme_new (GtkWidget *widget)
{
  AdwStyleManager *style = adw_style_manager_get_for_display (gtk_widget_get_display (widget));
  PangoContext *context = gtk_widget_get_pango_context (widget);
  CkptPlotTheme *theme = ckpt_plot_theme_new (get_variant (style));
  double resolution = pango_cairo_context_get_resolution (context);

  set_bar_color (theme, style);
  pango_font_description_free (theme->font);
  theme->font = pango_font_description_copy (pango_context_get_font_description (context));
  theme->text_scale = LABEL_SCALE * (resolution > 0 ? resolution / 96 : 1);
  theme->numbers = *stateroom_format_get_style ();
  return theme;
}

/**
 * stateroom_plot_theme_watch:
 * @widget: where a plot is shown
 * @func: (scope forever): called with the widget
 */
void
stateroom_plot_theme_watch (GtkWidget *widget, GCallback func)
{
  static const char *const signals[] = { "notify::dark", "notify::high-contrast",
                                         "notify::accent-color-rgba" };
  AdwStyleManager *style = adw_style_manager_get_for_display (gtk_widget_get_display (widget));

  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_object (style, signals[i], func, widget, G_CONNECT_SWAPPED);
}
