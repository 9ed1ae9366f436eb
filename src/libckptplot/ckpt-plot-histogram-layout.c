/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-histogram-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* All in lines of text, so that everything grows with the font. */
#define GAP       0.4
#define MARGIN    0.6
#define HEADER    1.4
#define HALF_LINE 0.5

/* Bars beside the axis may take this share of the width; if they need more, their counts are said in a note instead. */
#define MAX_SPECIAL_SHARE 0.35

/* The tallest bar stays this far below the top. */
#define HEADROOM 1.04

/* The mean is written so that a hundredth of the range shows. */
#define MEAN_PRECISION 100

static char *
make_sentence (const CkptPlotHistogram *self)
{
  const CkptStats *stats = &self->stats;
  g_autofree char *count = ckpt_plot_number_format_count (stats->n, &self->theme->numbers);

  if (stats->n == 0)
    return g_strdup (_ ("No values"));
  if (stats->n_nan == stats->n)
    return g_strdup_printf (ngettext ("The only value is NaN", "All %s values are NaN", (gulong) stats->n),
                            count);
  if (stats->n_finite == 0)
    return g_strdup_printf (_ ("No finite values among %s"), count);
  return self->largest == 0 ? g_strdup (_ ("No values in this range")) : NULL;
}

static void
append_to_note (const CkptPlotHistogram *self, GString *note, const char *name, guint64 count)
{
  g_autofree char *text = ckpt_plot_number_format_count (count, &self->theme->numbers);

  if (count > 0)
    g_string_append_printf (note, "%s%s: %s", note->len > 0 ? " · " : "", name, text);
}

/* What the picture leaves out must be said. */
static char *
make_note (const CkptPlotHistogram *self, gboolean with_specials)
{
  g_autoptr (GString) note = g_string_new (NULL);

  if (with_specials)
    {
      append_to_note (self, note, "−∞", self->stats.n_neg_inf);
      append_to_note (self, note, "∞", self->stats.n_pos_inf);
      append_to_note (self, note, "NaN", self->stats.n_nan);
    }
  append_to_note (self, note, _ ("further left"), self->bins.n_below);
  append_to_note (self, note, _ ("further right"), self->bins.n_above);
  return note->len > 0 ? g_string_free (g_steal_pointer (&note), FALSE) : NULL;
}

static void
find_specials (const CkptPlotHistogram *self, CkptPlotHistogramLayout *layout)
{
  const guint64 counts[] = { self->stats.n_neg_inf, self->stats.n_pos_inf, self->stats.n_nan };
  static const char *const labels[] = { "−∞", "∞", "NaN" };
  guint slot = self->stats.n_neg_inf > 0 ? 0 : self->bins.n_bins;
  double total = 0;

  for (guint i = 0; i < CKPT_PLOT_N_SPECIALS; i++)
    {
      CkptPlotSpecial *special = &layout->specials[layout->n_specials];
      double width, height;

      if (counts[i] == 0)
        continue;
      ckpt_plot_text_measure (self->text, labels[i], &width, &height);
      special->slot = slot;
      special->label = labels[i];
      special->column.width = ceil (width + layout->line * MARGIN);
      total += special->column.width;
      slot = i == 0 ? 1 + self->bins.n_bins : slot + 1;
      layout->n_specials++;
    }
  if (total > layout->width * MAX_SPECIAL_SHARE)
    layout->n_specials = 0;
}

static void
lay_out_height (const CkptPlotHistogram *self, CkptPlotHistogramLayout *layout)
{
  double top = layout->line * HEADER;
  double bottom = ceil (layout->line * HALF_LINE) + layout->line;
  gboolean has_specials = self->stats.n_neg_inf > 0 || self->stats.n_pos_inf > 0 || self->stats.n_nan > 0;

  layout->note = make_note (self, has_specials && layout->n_specials == 0);
  if (layout->note != NULL)
    bottom += layout->line * (1 + GAP);

  layout->area.y = ceil (top);
  layout->area.height = fmax (floor (layout->height - bottom - layout->area.y), 0);
  layout->label_y = layout->area.y + layout->area.height + ceil (layout->line * HALF_LINE);
}

static void
make_count_axis (const CkptPlotHistogram *self, CkptPlotHistogramLayout *layout)
{
  const CkptPlotAxisOptions options = {
    .scale = { self->log_counts ? CKPT_PLOT_SCALE_LOG : CKPT_PLOT_SCALE_LINEAR, 0, self->largest * HEADROOM },
    .labels = CKPT_PLOT_LABELS_COUNT,
    .is_vertical = TRUE,
    .is_whole = TRUE,
    .start = layout->area.y + layout->area.height,
    .length = layout->area.height,
    .limit_low = 0,
    .limit_high = layout->height,
  };

  layout->y = ckpt_plot_axis_new (&options, self->text, &self->theme->numbers);
}

/* The special bars take their columns from the ends; what remains is for the bins. */
static void
lay_out_width (CkptPlotHistogramLayout *layout)
{
  double left;
  double right = layout->width - ceil (layout->line * MARGIN);
  double gap = ceil (layout->line * GAP);
  guint n_left = layout->n_specials > 0 && layout->specials[0].slot == 0 ? 1 : 0;

  layout->count_right = ckpt_plot_axis_get_label_width (layout->y);
  left = ceil (layout->count_right + layout->line * GAP);
  for (guint i = layout->n_specials; i > n_left; i--)
    {
      CkptPlotRect *column = &layout->specials[i - 1].column;

      right = floor (i == layout->n_specials ? layout->width - column->width : right - column->width);
      column->x = right;
    }
  if (layout->n_specials > n_left)
    right -= gap;
  if (n_left > 0)
    {
      layout->specials[0].column.x = left;
      left += layout->specials[0].column.width + gap;
    }
  layout->area.x = left;
  layout->area.width = fmax (floor (right - left), 0);
}

static void
lay_out_specials (const CkptPlotHistogram *self, CkptPlotHistogramLayout *layout)
{
  for (guint i = 0; i < layout->n_specials; i++)
    {
      CkptPlotSpecial *special = &layout->specials[i];
      double width, height;

      ckpt_plot_text_measure (self->text, special->label, &width, &height);
      special->label_x = special->column.x + (special->column.width - width) / 2;
      special->column.y = layout->area.y;
      special->column.height = layout->area.height;
    }
}

/* Labels of values stay clear of those of the special bars. */
static void
make_value_axis (const CkptPlotHistogram *self, CkptPlotHistogramLayout *layout)
{
  CkptPlotAxisOptions options = {
    .scale = { CKPT_PLOT_SCALE_LINEAR, self->bins.low, self->bins.high },
    .labels = CKPT_PLOT_LABELS_VALUE,
    .is_whole = self->is_whole,
    .start = layout->area.x,
    .length = layout->area.width,
    .limit_low = 0,
    .limit_high = layout->width,
  };

  for (guint i = 0; i < layout->n_specials; i++)
    {
      const CkptPlotRect *column = &layout->specials[i].column;

      if (column->x < layout->area.x)
        options.limit_low = column->x + column->width;
      else
        options.limit_high = fmin (options.limit_high, column->x);
    }
  layout->x = ckpt_plot_axis_new (&options, self->text, &self->theme->numbers);
}

/* Just above the bar at the mean. */
static double
find_mean_bottom (const CkptPlotHistogram *self, const CkptPlotHistogramLayout *layout)
{
  double base = layout->area.y + layout->area.height;
  CkptPlotBar bar;

  if (layout->area.width <= 0)
    return base;
  ckpt_plot_histogram_get_bar_at (self, layout, layout->mean_x, &bar);
  return base - ckpt_plot_histogram_get_bar_height (self, layout, self->bins.counts[bar.tallest]) - 1;
}

static void
place_mean (const CkptPlotHistogram *self, CkptPlotHistogramLayout *layout)
{
  g_autofree char *number = NULL;
  CkptPlotRect *rect = &layout->mean_rect;
  double mean = self->stats.mean;
  double step = self->bins.high / MEAN_PRECISION - self->bins.low / MEAN_PRECISION;

  if (!isfinite (mean) || mean < self->bins.low || mean > self->bins.high)
    return;

  number = ckpt_plot_number_format (mean, ckpt_plot_number_digits_between (mean, mean + step),
                                    &self->theme->numbers);
  /* Translators: label at a line in a plot, %s is a number */
  layout->mean_label = g_strdup_printf (_ ("mean %s"), number);
  layout->mean_x = floor (ckpt_plot_axis_map (layout->x, mean)) + 0.5;
  layout->mean_bottom = find_mean_bottom (self, layout);
  ckpt_plot_text_measure (self->text, layout->mean_label, &rect->width, &rect->height);
  rect->x = CLAMP (layout->mean_x - rect->width / 2, 0, fmax (layout->width - rect->width, 0));
}

/*
 * From top to bottom: a line for the label of the mean, the bars, the labels of values, the note. From left to right: the labels of counts,
 * the bar of −∞, the bins, the bars of ∞ and NaN.
 */
CkptPlotHistogramLayout *
ckpt_plot_histogram_layout_new (CkptPlotHistogram *self, double width, double height)
{
  CkptPlotHistogramLayout *layout = g_new0 (CkptPlotHistogramLayout, 1);
  double ignored;

  layout->width = width;
  layout->height = height;
  ckpt_plot_text_measure (self->text, "0", &ignored, &layout->line);
  layout->sentence = make_sentence (self);
  if (layout->sentence != NULL)
    return layout;

  find_specials (self, layout);
  lay_out_height (self, layout);
  make_count_axis (self, layout);
  lay_out_width (layout);
  lay_out_specials (self, layout);
  make_value_axis (self, layout);
  place_mean (self, layout);
  return layout;
}

void
ckpt_plot_histogram_layout_free (CkptPlotHistogramLayout *layout)
{
  g_clear_pointer (&layout->x, ckpt_plot_axis_free);
  g_clear_pointer (&layout->y, ckpt_plot_axis_free);
  g_free (layout->sentence);
  g_free (layout->note);
  g_free (layout->mean_label);
  g_free (layout);
}

/* Whole numbers, so that bars are sharp and none is drawn over another. */
static double
get_edge_x (const CkptPlotHistogram *self, const CkptPlotHistogramLayout *layout, guint bin)
{
  return layout->area.x + floor (layout->area.width * bin / self->bins.n_bins);
}

void
ckpt_plot_histogram_get_bar (const CkptPlotHistogram *self,
                             const CkptPlotHistogramLayout *layout,
                             guint bin,
                             CkptPlotBar *bar)
{
  double x = get_edge_x (self, layout, bin);
  const guint64 *counts = self->bins.counts;

  bar->first = bar->last = bin;
  while (bar->first > 0 && get_edge_x (self, layout, bar->first - 1) == x)
    bar->first--;
  while (bar->last + 1 < self->bins.n_bins && get_edge_x (self, layout, bar->last + 1) == x)
    bar->last++;
  bar->x = x;
  bar->width = get_edge_x (self, layout, bar->last + 1) - x;

  bar->tallest = bar->first;
  for (guint i = bar->first + 1; i <= bar->last; i++)
    {
      if (counts[i] > counts[bar->tallest])
        bar->tallest = i;
    }
}

/* The bar that covers the pixel at @x: a guess, put right by the edges. */
void
ckpt_plot_histogram_get_bar_at (const CkptPlotHistogram *self,
                                const CkptPlotHistogramLayout *layout,
                                double x,
                                CkptPlotBar *bar)
{
  double guess = floor ((x - layout->area.x) / layout->area.width * self->bins.n_bins);

  ckpt_plot_histogram_get_bar (self, layout, (guint) CLAMP (guess, 0, self->bins.n_bins - 1.0), bar);
  while (x < bar->x && bar->first > 0)
    ckpt_plot_histogram_get_bar (self, layout, bar->first - 1, bar);
  while (x >= bar->x + bar->width && bar->last + 1 < self->bins.n_bins)
    ckpt_plot_histogram_get_bar (self, layout, bar->last + 1, bar);
}

double
ckpt_plot_histogram_get_bar_height (const CkptPlotHistogram *self,
                                    const CkptPlotHistogramLayout *layout,
                                    guint64 count)
{
  double base = layout->area.y + layout->area.height;

  /* A single value among millions is still seen. */
  return count > 0 ? fmax (floor (base - ckpt_plot_axis_map (layout->y, (double) count) + 0.5), 1) : 0;
}
