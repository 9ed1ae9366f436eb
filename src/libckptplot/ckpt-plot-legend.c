/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-legend.h"

#include <math.h>

/* In lines of text. */
#define SWATCH_WIDTH 1.6
#define SWATCH_GAP   0.4
#define ENTRY_GAP    1.2

/**
 * ckpt_plot_legend_place:
 * @entries: (array length=n_entries): their places are set
 * @n_entries: how many there are
 * @text: what names are measured with
 * @room: where they may lie, as high as it is
 *
 * Lays out a legend in rows, from left to right. Where there is no room for all, the last ones are left out: their rectangles are empty.
 *
 * Returns: the height that they take
 */
double
ckpt_plot_legend_place (CkptPlotLegendEntry *entries,
                        guint n_entries,
                        CkptPlotText *text,
                        const CkptPlotRect *room)
{
  double x = room->x, y = room->y, end = room->y;

  for (guint i = 0; i < n_entries; i++)
    {
      CkptPlotLegendEntry *entry = &entries[i];
      double width, line;

      ckpt_plot_text_measure (text, entry->name, &width, &line);
      width = fmin (width, room->width - line * (SWATCH_WIDTH + SWATCH_GAP));
      if (x > room->x && x + line * (SWATCH_WIDTH + SWATCH_GAP) + width > room->x + room->width)
        {
          x = room->x;
          y = end;
        }
      entry->swatch = entry->text = (CkptPlotRect) { 0 };
      if (width <= 0 || y + line > room->y + room->height + 0.01)
        continue;
      entry->swatch = (CkptPlotRect) { x, y + floor (line * 0.2), ceil (line * SWATCH_WIDTH),
                                       floor (line * 0.6) };
      entry->text = (CkptPlotRect) { x + line * (SWATCH_WIDTH + SWATCH_GAP), y, width, line };
      x = entry->text.x + width + line * ENTRY_GAP;
      end = y + line;
    }
  return end - room->y;
}

/**
 * ckpt_plot_legend_draw:
 * @entries: (array length=n_entries): entries with places
 * @n_entries: how many there are
 * @text: what names are drawn with
 * @cr: where
 * @color: of the names
 *
 * Draws the names; the swatches are up to the caller.
 */
void
ckpt_plot_legend_draw (const CkptPlotLegendEntry *entries,
                       guint n_entries,
                       CkptPlotText *text,
                       cairo_t *cr,
                       const CkptPlotColor *color)
{
  for (guint i = 0; i < n_entries; i++)
    {
      const CkptPlotRect *rect = &entries[i].text;

      if (rect->width > 0)
        ckpt_plot_text_draw_within (text, cr, entries[i].name, rect->x, rect->y, rect->width, color);
    }
}
