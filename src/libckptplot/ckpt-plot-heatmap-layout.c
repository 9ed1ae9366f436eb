/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-heatmap-private.h"

#include <math.h>

/* In lines of text: the colours at the right, and the least canvas that has them. */
#define BAR_WIDTH         0.9
#define MIN_WIDTH_OF_BAR  14.0
#define MIN_HEIGHT_OF_BAR 5.0

static void
lay_out_legend (CkptPlotHeatmap *self, CkptPlotHeatmapLayout *layout)
{
  CkptPlotRect room = { 0, floor (layout->height - layout->line), layout->width, layout->line };

  for (guint i = 0; i < CKPT_PLOT_N_CELL_KINDS; i++)
    {
      if (self->n_special[i] == 0)
        continue;
      layout->legend[layout->n_legend].name = ckpt_plot_heatmap_get_kind_name (i);
      layout->legend_kinds[layout->n_legend] = i;
      layout->n_legend++;
    }
  ckpt_plot_legend_place (layout->legend, layout->n_legend, ckpt_plot_get_text (CKPT_PLOT (self)), &room);
}

static void
lay_out_height (CkptPlotHeatmap *self, CkptPlotHeatmapLayout *layout)
{
  double bottom = ceil (layout->line * CKPT_PLOT_HALF_LINE) + ceil (layout->line);

  if (layout->n_legend > 0)
    bottom += ceil (layout->line * (1 + CKPT_PLOT_GAP));
  layout->area.y = ceil (layout->line * CKPT_PLOT_HALF_LINE);
  layout->area.height = fmax (floor (layout->height - bottom - layout->area.y), 0);
  layout->label_y = layout->area.y + layout->area.height + ceil (layout->line * CKPT_PLOT_HALF_LINE);
}

/* Cells lie around their index, so an axis begins and ends half a cell outside. */
static CkptPlotAxis *
make_index_axis (CkptPlotHeatmap *self,
                 const CkptPlotHeatmapIndex *index,
                 guint n,
                 CkptPlotAxisOptions *options)
{
  double first = (double) index->first;

  options->scale.low = first - 0.5;
  options->scale.high = first + (double) index->step * n - 0.5;
  options->labels = CKPT_PLOT_LABELS_VALUE;
  options->is_whole = TRUE;
  return ckpt_plot_axis_new (options, ckpt_plot_get_text (CKPT_PLOT (self)), NULL);
}

static void
make_row_axis (CkptPlotHeatmap *self, CkptPlotHeatmapLayout *layout)
{
  CkptPlotAxisOptions options = {
    .is_vertical = TRUE,
    .is_reversed = TRUE,
    .start = layout->area.y,
    .length = layout->area.height,
    .limit_low = 0,
    .limit_high = layout->area.y + layout->area.height + layout->line * CKPT_PLOT_HALF_LINE,
  };

  layout->rows = make_index_axis (self, &self->row_index, self->n_rows, &options);
  layout->row_right = ckpt_plot_axis_get_label_width (layout->rows);
}

static void
make_column_axis (CkptPlotHeatmap *self, CkptPlotHeatmapLayout *layout)
{
  CkptPlotAxisOptions options = {
    .start = layout->area.x,
    .length = layout->area.width,
    .limit_low = 0,
    .limit_high = layout->width,
  };

  layout->columns = make_index_axis (self, &self->column_index, self->n_columns, &options);
}

static void
make_value_axis (CkptPlotHeatmap *self, CkptPlotHeatmapLayout *layout)
{
  const CkptPlotAxisOptions options = {
    .scale = { .low = self->low, .high = self->high },
    .labels = CKPT_PLOT_LABELS_VALUE,
    .is_vertical = TRUE,
    .start = layout->area.y + layout->area.height,
    .length = layout->area.height,
    .limit_low = 0,
    .limit_high = layout->area.y + layout->area.height + layout->line * CKPT_PLOT_HALF_LINE,
  };

  layout->values = ckpt_plot_axis_new (&options, ckpt_plot_get_text (CKPT_PLOT (self)),
                                       &ckpt_plot_get_theme (CKPT_PLOT (self))->numbers);
}

static void
lay_out_width (CkptPlotHeatmap *self, CkptPlotHeatmapLayout *layout)
{
  double gap = ceil (layout->line * CKPT_PLOT_GAP);
  double left = ceil (layout->row_right) + gap;
  double right = layout->width - gap;

  if (layout->width >= MIN_WIDTH_OF_BAR * layout->line &&
      layout->area.height >= MIN_HEIGHT_OF_BAR * layout->line && !isnan (self->min))
    {
      make_value_axis (self, layout);
      right = floor (layout->width - ckpt_plot_axis_get_label_width (layout->values) - gap);
      layout->bar.width = ceil (layout->line * BAR_WIDTH);
      layout->bar.x = right - layout->bar.width;
      layout->bar.y = layout->area.y;
      layout->bar.height = layout->area.height;
      right = layout->bar.x - ceil (layout->line);
    }
  layout->area.x = left;
  layout->area.width = fmax (floor (right - left), 0);
}

/*
 * From top to bottom: the cells, the labels of columns, the legend. From left to right: the labels of rows, the cells, the colours and their
 * labels.
 */
CkptPlotHeatmapLayout *
ckpt_plot_heatmap_get_layout (CkptPlotHeatmap *self, double width, double height)
{
  CkptPlotHeatmapLayout *layout = self->layout;

  if (layout != NULL && layout->width == width && layout->height == height)
    return layout;

  g_clear_pointer (&self->layout, ckpt_plot_heatmap_layout_free);
  layout = self->layout = g_new0 (CkptPlotHeatmapLayout, 1);
  layout->width = width;
  layout->height = height;
  layout->line = ckpt_plot_get_line (CKPT_PLOT (self));
  if (self->n_rows == 0 || self->n_columns == 0)
    return layout;

  lay_out_legend (self, layout);
  lay_out_height (self, layout);
  make_row_axis (self, layout);
  lay_out_width (self, layout);
  make_column_axis (self, layout);
  return layout;
}

void
ckpt_plot_heatmap_layout_free (CkptPlotHeatmapLayout *layout)
{
  g_clear_pointer (&layout->rows, ckpt_plot_axis_free);
  g_clear_pointer (&layout->columns, ckpt_plot_axis_free);
  g_clear_pointer (&layout->values, ckpt_plot_axis_free);
  g_free (layout);
}
