/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-box-strip-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* In lines of text: the highest a row gets, and the least width of the boxes for which there are names beside them. */
#define MAX_PITCH          3.0
#define MIN_AREA_OF_NAMES  8.0
#define MIN_AREA_OF_LEGEND 4.0

/* Names may stand over the edge of the boxes by this, in lines of text. */
#define NAME_SLACK 0.3

/* Names may take this share of the width. */
#define MAX_NAME_SHARE 0.45

/* Rows of which the names are measured: they may be thousands. */
#define N_MEASURED 200

static void
lay_out_legend (CkptPlotBoxStrip *self, CkptPlotBoxLayout *layout, double *top)
{
  /* Translators: parts of a bar that shows how the values of a tensor are spread; p1 is a percentile */
  const char *const names[CKPT_PLOT_BOX_N_PARTS] = { _ ("all"), _ ("p1 … p99"), _ ("p25 … p75"),
                                                     _ ("median") };
  const CkptPlotRect room = { 0, 0, layout->width, layout->line };

  if (layout->height < layout->line * (MIN_AREA_OF_LEGEND + 3))
    return;
  for (guint i = 0; i < CKPT_PLOT_BOX_N_PARTS; i++)
    layout->legend[i].name = names[i];
  ckpt_plot_legend_place (layout->legend, CKPT_PLOT_BOX_N_PARTS, ckpt_plot_get_text (CKPT_PLOT (self)),
                          &room);
  *top = ceil (layout->line * (1 + CKPT_PLOT_GAP));
}

static void
lay_out_height (CkptPlotBoxStrip *self, CkptPlotBoxLayout *layout)
{
  double bottom = ceil (layout->line * CKPT_PLOT_HALF_LINE) + layout->line;
  double top = 0, room;

  lay_out_legend (self, layout, &top);
  room = fmax (floor (layout->height - bottom - top), 0);
  layout->area.y = top;
  layout->area.height = fmin (room, floor (self->n_boxes * MAX_PITCH * layout->line));
  layout->label_y = layout->area.y + layout->area.height + ceil (layout->line * CKPT_PLOT_HALF_LINE);
}

/* How many bytes all names begin with, up to the last separator of keys in them. */
static gsize
find_common_beginning (const CkptPlotBoxStrip *self)
{
  const char *first = self->boxes[0].name;
  gsize len = strlen (first);

  for (guint i = 1; i < self->n_boxes; i++)
    {
      gsize n = 0;

      while (n < len && self->boxes[i].name[n] == first[n])
        n++;
      len = n;
    }
  while (len > 0 && first[len - 1] != '.' && first[len - 1] != '/')
    len--;
  return first[len] != '\0' ? len : 0;
}

static double
measure_names (CkptPlotBoxStrip *self, gsize skip, double limit)
{
  double widest = 0;
  guint step = MAX (self->n_boxes / N_MEASURED, 1);

  for (guint i = 0; i < self->n_boxes && widest < limit; i += step)
    {
      double width, height;

      ckpt_plot_text_measure (ckpt_plot_get_text (CKPT_PLOT (self)), self->boxes[i].name + skip, &width,
                              &height);
      widest = fmax (widest, width);
    }
  return ceil (fmin (widest, limit));
}

static void
measure_room_of_names (CkptPlotBoxStrip *self, CkptPlotBoxLayout *layout)
{
  double limit = floor (layout->width * MAX_NAME_SHARE);
  double width;

  if (layout->area.height < layout->line)
    return;
  width = measure_names (self, 0, limit);
  if (width >= limit)
    {
      layout->names_skip = find_common_beginning (self);
      width = measure_names (self, layout->names_skip, limit);
    }
  if (layout->width - width >= MIN_AREA_OF_NAMES * layout->line)
    layout->names_width = width;
}

/* Names of as many rows as there is room for, each beside its row. */
static void
place_names (CkptPlotBoxStrip *self, CkptPlotBoxLayout *layout)
{
  double slack = layout->line * NAME_SLACK;
  double top = fmax (layout->area.y - slack, 0);
  double bottom = layout->area.y + layout->area.height + slack;
  double last = -layout->line;
  CkptPlotBoxRow row;

  for (guint i = 0; layout->names_width > 0 && i < self->n_boxes; i = row.last + 1)
    {
      CkptPlotBoxName name = { .box = i };

      ckpt_plot_box_strip_get_row (self, layout, i, &row);
      name.y = row.y + (row.height - layout->line) / 2;
      name.y = CLAMP (name.y, top, bottom - layout->line);
      if (name.y < last + layout->line)
        continue;
      g_array_append_val (layout->names, name);
      last = name.y;
    }
}

static const char *
get_flag_label (const CkptPlotBoxStrip *self)
{
  guint64 n_nan = 0, n_inf = 0;

  for (guint i = 0; i < self->n_boxes; i++)
    {
      n_nan |= self->boxes[i].n_nan;
      n_inf |= self->boxes[i].n_inf;
    }
  if (n_nan > 0 && n_inf > 0)
    return "NaN ∞";
  return n_nan > 0 ? "NaN" : n_inf > 0 ? "∞" : NULL;
}

static void
lay_out_width (CkptPlotBoxStrip *self, CkptPlotBoxLayout *layout)
{
  double left = ceil (layout->line * CKPT_PLOT_GAP);
  double right = layout->width - ceil (layout->line * CKPT_PLOT_MARGIN);
  double height;

  if (layout->names_width > 0)
    left += layout->names_width + ceil (layout->line * CKPT_PLOT_GAP);
  layout->flag_label = get_flag_label (self);
  if (layout->flag_label != NULL)
    {
      ckpt_plot_text_measure (ckpt_plot_get_text (CKPT_PLOT (self)), layout->flag_label, &layout->flags.width,
                              &height);
      layout->flags.width = ceil (layout->flags.width);
      layout->flags.x = layout->width - layout->flags.width;
      right = layout->flags.x - ceil (layout->line * CKPT_PLOT_GAP);
    }
  layout->area.x = left;
  layout->area.width = fmax (floor (right - left), 0);
  layout->flags.y = layout->area.y;
  layout->flags.height = layout->area.height;
}

static void
make_axis (CkptPlotBoxStrip *self, CkptPlotBoxLayout *layout)
{
  CkptPlotAxisOptions options = {
    .scale = { self->scale, self->low, self->high },
    .labels = CKPT_PLOT_LABELS_VALUE,
    .start = layout->area.x,
    .length = layout->area.width,
    .limit_low = 0,
    .limit_high = layout->flags.width > 0 ? layout->flags.x : layout->width,
  };

  if (isnan (self->low))
    options.scale = (CkptPlotScale) { { CKPT_SCALE_LINEAR, 0 }, -1, 1 };
  else if (self->low == self->high)
    {
      options.scale.low = fmax (self->low - fmax (fabs (self->low) / 2, 1e-300), -G_MAXDOUBLE);
      options.scale.high = fmin (self->high + fmax (fabs (self->high) / 2, 1e-300), G_MAXDOUBLE);
    }
  layout->axis = ckpt_plot_axis_new (&options, ckpt_plot_get_text (CKPT_PLOT (self)),
                                     &ckpt_plot_get_theme (CKPT_PLOT (self))->numbers);
}

/* From top to bottom: the legend, the rows, the labels of values. From left to right: the names, the boxes, the flags. */
CkptPlotBoxLayout *
ckpt_plot_box_strip_get_layout (CkptPlotBoxStrip *self, double width, double height)
{
  CkptPlotBoxLayout *layout = self->layout;

  if (layout != NULL && layout->width == width && layout->height == height)
    return layout;

  g_clear_pointer (&self->layout, ckpt_plot_box_layout_free);
  layout = self->layout = g_new0 (CkptPlotBoxLayout, 1);
  layout->width = width;
  layout->height = height;
  layout->line = ckpt_plot_get_line (CKPT_PLOT (self));
  layout->names = g_array_new (FALSE, FALSE, sizeof (CkptPlotBoxName));
  if (self->n_boxes == 0)
    return layout;

  lay_out_height (self, layout);
  measure_room_of_names (self, layout);
  lay_out_width (self, layout);
  place_names (self, layout);
  make_axis (self, layout);
  return layout;
}

void
ckpt_plot_box_layout_free (CkptPlotBoxLayout *layout)
{
  g_clear_pointer (&layout->axis, ckpt_plot_axis_free);
  g_array_unref (layout->names);
  g_free (layout);
}

static double
get_edge_y (const CkptPlotBoxStrip *self, const CkptPlotBoxLayout *layout, guint box)
{
  return layout->area.y + floor (layout->area.height * box / self->n_boxes);
}

void
ckpt_plot_box_strip_get_row (CkptPlotBoxStrip *self,
                             const CkptPlotBoxLayout *layout,
                             guint box,
                             CkptPlotBoxRow *row)
{
  double y = get_edge_y (self, layout, box);

  row->first = row->last = box;
  while (row->first > 0 && get_edge_y (self, layout, row->first - 1) == y)
    row->first--;
  while (row->last + 1 < self->n_boxes && get_edge_y (self, layout, row->last + 1) == y)
    row->last++;
  row->y = y;
  row->height = get_edge_y (self, layout, row->last + 1) - y;
}

/* One box around all boxes of a row; its median is one of theirs. */
void
ckpt_plot_box_strip_sum_row (CkptPlotBoxStrip *self, const CkptPlotBoxRow *row, CkptPlotBox *sum)
{
  *sum = self->boxes[row->first];
  for (guint i = row->first + 1; i <= row->last; i++)
    {
      const CkptPlotBox *box = &self->boxes[i];

      sum->n += box->n;
      sum->n_nan += box->n_nan;
      sum->n_inf += box->n_inf;
      sum->min = fmin (sum->min, box->min);
      sum->p1 = fmin (sum->p1, box->p1);
      sum->p25 = fmin (sum->p25, box->p25);
      sum->median = isnan (sum->median) ? box->median : sum->median;
      sum->p75 = fmax (sum->p75, box->p75);
      sum->p99 = fmax (sum->p99, box->p99);
      sum->max = fmax (sum->max, box->max);
    }
}
