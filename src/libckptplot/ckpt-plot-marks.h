/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ckpt-plot-text.h"

G_BEGIN_DECLS

/**
 * CkptPlotMark:
 * @name: what it is: `mean`
 * @number: its value as text
 * @x: where its line lies
 * @style: for the drawing; kept as it is
 * @is_joined: whether a more important mark stands for it, as both lie in one place
 * @label: (nullable): its text, with the names of those that it stands for; %NULL if there is no room
 * @rect: where the text lies
 *
 * A line at a single value, with a label above.
 */
typedef struct
{
  char *name;
  char *number;
  double x;
  guint style;
  gboolean is_joined;
  char *label;
  CkptPlotRect rect;
} CkptPlotMark;

GArray *ckpt_plot_marks_new   (void);
void    ckpt_plot_marks_add   (GArray             *marks,
                               const char         *name,
                               const char         *number,
                               double              x,
                               guint               style);
guint   ckpt_plot_marks_place (GArray             *marks,
                               CkptPlotText       *text,
                               const CkptPlotRect *room,
                               guint               n_rows);

G_END_DECLS
