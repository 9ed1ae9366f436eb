/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-box-strip-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* What a row takes where there is room, and all that is not rows, in lines of text. */
#define NATURAL_PITCH 1.4
#define NATURAL_REST  4

G_DEFINE_FINAL_TYPE (CkptPlotBoxStrip, ckpt_plot_box_strip, CKPT_TYPE_PLOT)

static void
ckpt_plot_box_strip_finalize (GObject *object)
{
  CkptPlotBoxStrip *self = CKPT_PLOT_BOX_STRIP (object);

  for (guint i = 0; i < self->n_boxes; i++)
    g_free ((char *) self->boxes[i].name);
  g_free (self->boxes);
  g_clear_pointer (&self->layout, ckpt_plot_box_layout_free);
  G_OBJECT_CLASS (ckpt_plot_box_strip_parent_class)->finalize (object);
}

static void
ckpt_plot_box_strip_forget (CkptPlot *plot)
{
  CkptPlotBoxStrip *self = CKPT_PLOT_BOX_STRIP (plot);

  g_clear_pointer (&self->layout, ckpt_plot_box_layout_free);
}

static guint
ckpt_plot_box_strip_get_n_items (CkptPlot *plot)
{
  return CKPT_PLOT_BOX_STRIP (plot)->n_boxes;
}

static gboolean
ckpt_plot_box_strip_get_item_rect (CkptPlot *plot, double width, double height, guint i, CkptPlotRect *rect)
{
  CkptPlotBoxStrip *self = CKPT_PLOT_BOX_STRIP (plot);
  const CkptPlotBoxLayout *layout = ckpt_plot_box_strip_get_layout (self, width, height);
  CkptPlotBoxRow row;

  if (layout->area.width <= 0 || layout->area.height <= 0)
    return FALSE;

  ckpt_plot_box_strip_get_row (self, layout, i, &row);
  *rect = (CkptPlotRect) { 0, row.y, width, row.height };
  return TRUE;
}

/* What stands out most: values that are not finite, then the largest magnitude. */
static double
get_salience (const CkptPlotBox *box)
{
  if (box->n_nan > 0 || box->n_inf > 0)
    return INFINITY;
  return isnan (box->min) ? -1 : fmax (fabs (box->min), fabs (box->max));
}

static gboolean
ckpt_plot_box_strip_pick (CkptPlot *plot, double width, double height, double x, double y, guint *item)
{
  CkptPlotBoxStrip *self = CKPT_PLOT_BOX_STRIP (plot);
  const CkptPlotBoxLayout *layout = ckpt_plot_box_strip_get_layout (self, width, height);
  const CkptPlotRect rows = { 0, layout->area.y, width, layout->area.height };
  guint guess, best;
  CkptPlotBoxRow row;

  if (layout->area.width <= 0 || !ckpt_plot_rect_contains (&rows, x, y))
    return FALSE;

  guess = (guint) CLAMP (floor ((y - rows.y) / rows.height * self->n_boxes), 0, self->n_boxes - 1.0);
  ckpt_plot_box_strip_get_row (self, layout, guess, &row);
  while (y < row.y && row.first > 0)
    ckpt_plot_box_strip_get_row (self, layout, row.first - 1, &row);
  while (y >= row.y + row.height && row.last + 1 < self->n_boxes)
    ckpt_plot_box_strip_get_row (self, layout, row.last + 1, &row);

  best = row.first;
  for (guint i = row.first + 1; i <= row.last; i++)
    {
      if (get_salience (&self->boxes[i]) > get_salience (&self->boxes[best]))
        best = i;
    }
  *item = best;
  return TRUE;
}

static char *
ckpt_plot_box_strip_name_item (CkptPlot *plot, guint i)
{
  return g_strdup (CKPT_PLOT_BOX_STRIP (plot)->boxes[i].name);
}

static char *
format_number (CkptPlot *plot, double value)
{
  return ckpt_plot_number_format (value, 4, &ckpt_plot_get_theme (plot)->numbers);
}

static void
append_count (CkptPlot *plot, GString *text, const char *name, guint64 count)
{
  g_autofree char *number = ckpt_plot_number_format_count (count, &ckpt_plot_get_theme (plot)->numbers);

  if (count > 0)
    g_string_append_printf (text, "%s%s: %s", text->len > 0 ? " · " : "", name, number);
}

static char *
ckpt_plot_box_strip_describe_item (CkptPlot *plot, guint i)
{
  const CkptPlotBox *box = &CKPT_PLOT_BOX_STRIP (plot)->boxes[i];
  g_autofree char *min = format_number (plot, box->min);
  g_autofree char *p1 = format_number (plot, box->p1);
  g_autofree char *p25 = format_number (plot, box->p25);
  g_autofree char *median = format_number (plot, box->median);
  g_autofree char *p75 = format_number (plot, box->p75);
  g_autofree char *p99 = format_number (plot, box->p99);
  g_autofree char *max = format_number (plot, box->max);
  g_autoptr (GString) text = g_string_new (NULL);

  if (isnan (box->min))
    g_string_append (text, _ ("No finite values"));
  else
    /* Translators: figures of one tensor; p1 is the value that 1 % of the values are not above */
    g_string_append_printf (text, _ ("min %s · p1 %s · p25 %s · median %s · p75 %s · p99 %s · max %s"), min,
                            p1, p25, median, p75, p99, max);
  append_count (plot, text, "NaN", box->n_nan);
  append_count (plot, text, "±∞", box->n_inf);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
append_extremes (CkptPlotBoxStrip *self, GString *text)
{
  g_autofree char *low = format_number (CKPT_PLOT (self), self->low);
  g_autofree char *high = format_number (CKPT_PLOT (self), self->high);
  const CkptPlotBox *lowest = NULL, *highest = NULL;

  for (guint i = 0; i < self->n_boxes; i++)
    {
      const CkptPlotBox *box = &self->boxes[i];

      if (lowest == NULL && box->min == self->low)
        lowest = box;
      if (highest == NULL && box->max == self->high)
        highest = box;
    }
  if (lowest == NULL || highest == NULL)
    return;
  /* Translators: a number, the name of a tensor, and both once more */
  g_string_append_printf (text, _ (" Smallest value %s in %s, largest %s in %s."), low, lowest->name, high,
                          highest->name);
}

static char *
ckpt_plot_box_strip_describe (CkptPlot *plot)
{
  CkptPlotBoxStrip *self = CKPT_PLOT_BOX_STRIP (plot);
  const CkptPlotNumberStyle *numbers = &ckpt_plot_get_theme (plot)->numbers;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *count = ckpt_plot_number_format_count (self->n_boxes, numbers);
  g_autofree char *bad_count = NULL;
  guint n_bad = 0;

  for (guint i = 0; i < self->n_boxes; i++)
    n_bad += self->boxes[i].n_nan > 0 || self->boxes[i].n_inf > 0;
  bad_count = ckpt_plot_number_format_count (n_bad, numbers);
  g_string_append_printf (text, ngettext ("%s tensor.", "%s tensors.", self->n_boxes), count);
  append_extremes (self, text);
  if (n_bad > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text,
                              ngettext ("%s of them has values that are not finite.",
                                        "%s of them have values that are not finite.", n_bad),
                              bad_count);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
ckpt_plot_box_strip_class_init (CkptPlotBoxStripClass *klass)
{
  CkptPlotClass *plot_class = CKPT_PLOT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ckpt_plot_box_strip_finalize;
  plot_class->draw = ckpt_plot_box_strip_draw;
  plot_class->forget = ckpt_plot_box_strip_forget;
  plot_class->get_n_items = ckpt_plot_box_strip_get_n_items;
  plot_class->get_item_rect = ckpt_plot_box_strip_get_item_rect;
  plot_class->pick = ckpt_plot_box_strip_pick;
  plot_class->name_item = ckpt_plot_box_strip_name_item;
  plot_class->describe_item = ckpt_plot_box_strip_describe_item;
  plot_class->describe = ckpt_plot_box_strip_describe;
}

static void
ckpt_plot_box_strip_init (CkptPlotBoxStrip *self)
{
}

/**
 * ckpt_plot_box_strip_new:
 * @boxes: (array length=n_boxes): figures of tensors, in the order of the file
 * @n_boxes: how many there are
 *
 * Makes a plot with one row a tensor, on a linear scale. The data are copied.
 *
 * Returns: (transfer full): the plot
 */
CkptPlotBoxStrip *
ckpt_plot_box_strip_new (const CkptPlotBox *boxes, guint n_boxes)
{
  CkptPlotBoxStrip *self = g_object_new (CKPT_TYPE_PLOT_BOX_STRIP, NULL);

  self->boxes = g_memdup2 (boxes, n_boxes * sizeof *boxes);
  self->n_boxes = n_boxes;
  self->low = self->high = NAN;
  for (guint i = 0; i < n_boxes; i++)
    {
      self->boxes[i].name = g_strdup (boxes[i].name);
      self->low = fmin (self->low, boxes[i].min);
      self->high = fmax (self->high, boxes[i].max);
    }
  return self;
}

/**
 * ckpt_plot_box_strip_set_scale:
 * @self: a plot
 * @scale: how values are spread along the axis; copied
 */
void
ckpt_plot_box_strip_set_scale (CkptPlotBoxStrip *self, const CkptScale *scale)
{
  g_return_if_fail (CKPT_IS_PLOT_BOX_STRIP (self));

  self->scale = *scale;
  ckpt_plot_box_strip_forget (CKPT_PLOT (self));
}

/**
 * ckpt_plot_box_strip_get_natural_height:
 * @self: a plot
 *
 * Returns: how high a canvas is on which every row has its name, in user units
 */
double
ckpt_plot_box_strip_get_natural_height (CkptPlotBoxStrip *self)
{
  g_return_val_if_fail (CKPT_IS_PLOT_BOX_STRIP (self), 0);

  return ceil (ckpt_plot_get_line (CKPT_PLOT (self)) * (self->n_boxes * NATURAL_PITCH + NATURAL_REST));
}
