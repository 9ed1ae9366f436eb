/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ckpt-plot-heatmap.h"

#include <glib/gi18n-lib.h>

/**
 * ckpt_plot_heatmap_name_reduction:
 * @kind: what is shown of each block
 *
 * Returns: (transfer none): a word for it, translated
 */
const char *
ckpt_plot_heatmap_name_reduction (CkptBlockKind kind)
{
  switch (kind)
    {
    case CKPT_BLOCK_MIN:
      /* Translators: the smallest of some values, as short as it can be */
      return _ ("min");
    case CKPT_BLOCK_MAX:
      /* Translators: the largest of some values, as short as it can be */
      return _ ("max");
    case CKPT_BLOCK_MEAN:
    default:
      return _ ("mean");
    }
}

/**
 * ckpt_plot_heatmap_new_for_blocks:
 * @blocks: reduced blocks of a slice, fewer than 2^32
 * @kind: which of their values to show
 *
 * Cells are named by the elements of the slice that they stand for.
 *
 * Returns: (transfer full): the plot
 */
CkptPlotHeatmap *
ckpt_plot_heatmap_new_for_blocks (const CkptBlocks *blocks, CkptBlockKind kind)
{
  const CkptRect *rect = ckpt_blocks_get_rect (blocks);
  guint n_rows = (guint) ckpt_blocks_get_n_rows (blocks);
  guint n_columns = (guint) ckpt_blocks_get_n_columns (blocks);
  const CkptPlotHeatmapIndex rows = { rect->row, ckpt_blocks_get_row_factor (blocks),
                                      rect->row + rect->n_rows };
  const CkptPlotHeatmapIndex columns = { rect->column, ckpt_blocks_get_column_factor (blocks),
                                         rect->column + rect->n_columns };
  g_autofree double *values = g_new (double, (gsize) n_rows *n_columns);
  g_autofree guint8 *missing = g_new (guint8, (gsize) n_rows * n_columns);
  CkptPlotHeatmap *plot;

  for (guint row = 0; row < n_rows; row++)
    for (guint column = 0; column < n_columns; column++)
      {
        gsize i = (gsize) row * n_columns + column;

        values[i] = ckpt_blocks_get_shown (blocks, kind, row, column);
        missing[i] = !(ckpt_blocks_get_flags (blocks, row, column) & CKPT_BLOCK_HAS_VALUE);
      }
  plot = ckpt_plot_heatmap_new (values, n_rows, n_columns);
  ckpt_plot_heatmap_set_missing (plot, missing);
  ckpt_plot_heatmap_set_indices (plot, &rows, &columns);
  if (rows.step > 1 || columns.step > 1)
    ckpt_plot_heatmap_set_reduction (plot, ckpt_plot_heatmap_name_reduction (kind));
  return plot;
}
