/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-text.h"

#include <math.h>
#include <pango/pangocairo.h>

#define DOTS_PER_INCH 96

struct _CkptPlotText
{
  PangoLayout *layout;
};

/**
 * ckpt_plot_text_new:
 * @theme: font and scale
 *
 * Returns: (transfer full): what texts of the theme are measured and drawn with; for one thread
 */
CkptPlotText *
ckpt_plot_text_new (const CkptPlotTheme *theme)
{
  CkptPlotText *self = g_new0 (CkptPlotText, 1);
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  cairo_font_options_t *options = cairo_font_options_create ();

  /* Hinting would make the extents depend on the surface and its scale. */
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (context, options);
  cairo_font_options_destroy (options);
  pango_cairo_context_set_resolution (context, DOTS_PER_INCH * theme->text_scale);
  pango_context_set_round_glyph_positions (context, FALSE);

  self->layout = pango_layout_new (context);
  g_object_unref (context);
  pango_layout_set_font_description (self->layout, theme->font);
  return self;
}

/**
 * ckpt_plot_text_free:
 * @self: (transfer full): a text
 */
void
ckpt_plot_text_free (CkptPlotText *self)
{
  g_object_unref (self->layout);
  g_free (self);
}

static void
set_line (CkptPlotText *self, const char *text)
{
  pango_layout_set_width (self->layout, -1);
  pango_layout_set_height (self->layout, -1);
  pango_layout_set_alignment (self->layout, PANGO_ALIGN_LEFT);
  /* Names from files may hold line breaks. */
  pango_layout_set_single_paragraph_mode (self->layout, TRUE);
  pango_layout_set_text (self->layout, text, -1);
}

/**
 * ckpt_plot_text_measure:
 * @self: a text
 * @text: one line
 * @width: (out): width in user units
 * @height: (out): height of a line in user units
 */
void
ckpt_plot_text_measure (CkptPlotText *self, const char *text, double *width, double *height)
{
  PangoRectangle extents;

  set_line (self, text);
  pango_layout_get_extents (self->layout, NULL, &extents);
  *width = (double) extents.width / PANGO_SCALE;
  *height = (double) extents.height / PANGO_SCALE;
}

/**
 * ckpt_plot_set_source:
 * @cr: a context
 * @color: what to draw with from now on
 */
void
ckpt_plot_set_source (cairo_t *cr, const CkptPlotColor *color)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha);
}

/**
 * ckpt_plot_text_draw:
 * @self: a text
 * @cr: a context
 * @text: one line
 * @x: left edge
 * @y: top edge
 * @color: its colour
 */
void
ckpt_plot_text_draw (CkptPlotText *self,
                     cairo_t *cr,
                     const char *text,
                     double x,
                     double y,
                     const CkptPlotColor *color)
{
  set_line (self, text);
  ckpt_plot_set_source (cr, color);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, self->layout);
}

/**
 * ckpt_plot_text_draw_in_box:
 * @self: a text
 * @cr: a context
 * @text: a sentence
 * @box: where; what does not fit is cut with an ellipsis
 * @color: its colour
 *
 * Draws a sentence, in several lines if need be, in the middle of a box.
 */
void
ckpt_plot_text_draw_in_box (CkptPlotText *self,
                            cairo_t *cr,
                            const char *text,
                            const CkptPlotRect *box,
                            const CkptPlotColor *color)
{
  PangoRectangle extents;
  double height;

  set_line (self, text);
  pango_layout_set_width (self->layout, (int) floor (box->width * PANGO_SCALE));
  pango_layout_set_height (self->layout, (int) floor (box->height * PANGO_SCALE));
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment (self->layout, PANGO_ALIGN_CENTER);
  pango_layout_get_extents (self->layout, NULL, &extents);
  height = (double) extents.height / PANGO_SCALE;

  ckpt_plot_set_source (cr, color);
  cairo_save (cr);
  cairo_rectangle (cr, box->x, box->y, box->width, box->height);
  cairo_clip (cr);
  cairo_move_to (cr, box->x, box->y + fmax ((box->height - height) / 2, 0));
  pango_cairo_show_layout (cr, self->layout);
  cairo_restore (cr);
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_NONE);
}

/**
 * ckpt_plot_text_draw_within:
 * @self: a text
 * @cr: a context
 * @text: one line
 * @x: left edge
 * @y: top edge
 * @width: how wide it may be
 * @color: its colour
 *
 * Draws a line; where it is too long, an ellipsis takes the place of its middle, as names often differ at both ends.
 */
void
ckpt_plot_text_draw_within (CkptPlotText *self,
                            cairo_t *cr,
                            const char *text,
                            double x,
                            double y,
                            double width,
                            const CkptPlotColor *color)
{
  set_line (self, text);
  pango_layout_set_width (self->layout, (int) ceil (fmax (width, 0) * PANGO_SCALE));
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_MIDDLE);
  ckpt_plot_set_source (cr, color);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, self->layout);
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_NONE);
}
