/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-histogram-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Bars beside the bins may take this share of the width; if they need more, their counts are said in a note instead. */
#define MAX_SPECIAL_SHARE 0.35

/* The legend may take this share of the height. */
#define MAX_LEGEND_SHARE 0.3

/* Above the bars there is a row for the labels of marks; a second one if it is needed on a canvas as high as this, in lines. */
#define HEADER               1.4
#define MIN_LINES_FOR_SECOND 10

/* The tallest bar stays this far below the top. */
#define HEADROOM 1.04

/* Values at marks are written so that this share of the range shows; on a symlog scale, with so many digits. */
#define MARK_PRECISION 500
#define SYMLOG_DIGITS  3

/* From left to right; the bins stand between below and above. */
static const CkptPlotSlotKind special_kinds[] = { CKPT_PLOT_SLOT_NEG_INF, CKPT_PLOT_SLOT_BELOW,
                                                  CKPT_PLOT_SLOT_ABOVE, CKPT_PLOT_SLOT_POS_INF,
                                                  CKPT_PLOT_SLOT_NAN };

static const CkptPlotNumberStyle *
get_numbers (CkptPlotHistogram *self)
{
  return &ckpt_plot_get_theme (CKPT_PLOT (self))->numbers;
}

static guint64
get_total (CkptPlotHistogram *self, CkptPlotSlotKind kind)
{
  guint64 total = 0;

  for (guint i = 0; i < self->n_series; i++)
    total += ckpt_plot_histogram_get_count (self, kind, i);
  return total;
}

static char *
make_sentence (CkptPlotHistogram *self)
{
  guint64 n = 0, n_nan = 0, n_finite = 0;
  g_autofree char *count = NULL;

  for (guint i = 0; i < self->n_series; i++)
    {
      n += self->series[i].stats.n;
      n_nan += self->series[i].stats.n_nan;
      n_finite += self->series[i].stats.n_finite;
    }
  if (n == 0)
    return g_strdup (_ ("No values"));
  count = ckpt_plot_number_format_count (n, get_numbers (self));
  if (n_nan == n)
    return g_strdup_printf (ngettext ("The only value is NaN", "All %s values are NaN", (gulong) n), count);
  if (n_finite == 0)
    return g_strdup_printf (_ ("No finite values among %s"), count);
  return ckpt_plot_histogram_get_n_bins (self) == 0 ? g_strdup (_ ("No values in this range")) : NULL;
}

static const char *
get_special_name (CkptPlotSlotKind kind)
{
  switch (kind)
    {
    case CKPT_PLOT_SLOT_NEG_INF:
      return "−∞";
    case CKPT_PLOT_SLOT_POS_INF:
      return "∞";
    case CKPT_PLOT_SLOT_NAN:
      return "NaN";
    case CKPT_PLOT_SLOT_BELOW:
    case CKPT_PLOT_SLOT_BIN:
    case CKPT_PLOT_SLOT_ABOVE:
    default:
      return NULL;
    }
}

/* NaN and ∞ are named; how many values lie outside the range is said as a short number, with an arrow to where they lie. */
static char *
make_special_label (CkptPlotHistogram *self, CkptPlotSlotKind kind)
{
  const char *name = get_special_name (kind);
  g_autofree char *count = NULL;

  if (name != NULL)
    return g_strdup (name);

  count = ckpt_plot_number_format_count_short (get_total (self, kind), get_numbers (self));
  return g_strdup_printf (kind == CKPT_PLOT_SLOT_BELOW ? "‹ %s" : "%s ›", count);
}

static void
append_to_note (CkptPlotHistogram *self, GString *note, const char *name, guint64 count)
{
  g_autofree char *number = ckpt_plot_number_format_count (count, get_numbers (self));

  if (count > 0)
    g_string_append_printf (note, "%s%s: %s", note->len > 0 ? " · " : "", name, number);
}

static void
append_special_to_note (CkptPlotHistogram *self, GString *note, CkptPlotSlotKind kind)
{
  g_autofree char *label = make_special_label (self, kind);

  if (get_special_name (kind) != NULL)
    append_to_note (self, note, label, get_total (self, kind));
  else if (get_total (self, kind) > 0)
    g_string_append_printf (note, "%s%s", note->len > 0 ? " · " : "", label);
}

/* What the picture leaves out must be said: values that the file lacks, and where there is no room for bars of what has no place among the
 * bins, their counts. */
static char *
make_note (CkptPlotHistogram *self, gboolean with_specials)
{
  g_autoptr (GString) note = g_string_new (NULL);
  guint64 n_missing = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (special_kinds) && with_specials; i++)
    append_special_to_note (self, note, special_kinds[i]);
  for (guint i = 0; i < self->n_series; i++)
    n_missing += self->series[i].stats.n_missing;
  append_to_note (self, note, _ ("missing in the file"), n_missing);
  return note->len > 0 ? g_string_free (g_steal_pointer (&note), FALSE) : NULL;
}

static void
clear_specials (CkptPlotHistogramLayout *layout)
{
  for (guint i = 0; i < layout->n_specials; i++)
    g_clear_pointer (&layout->specials[i].label, g_free);
  layout->n_specials = 0;
}

static void
find_specials (CkptPlotHistogram *self, CkptPlotHistogramLayout *layout)
{
  CkptPlotText *text = ckpt_plot_get_text (CKPT_PLOT (self));
  guint slot = 0;
  double total = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (special_kinds); i++)
    {
      CkptPlotSpecial *special = &layout->specials[layout->n_specials];
      double width, height;

      if (special_kinds[i] == CKPT_PLOT_SLOT_ABOVE)
        slot += ckpt_plot_histogram_get_n_bins (self);
      if (!ckpt_plot_histogram_has_slot (self, special_kinds[i]))
        continue;
      special->kind = special_kinds[i];
      special->slot = slot++;
      special->label = make_special_label (self, special->kind);
      ckpt_plot_text_measure (text, special->label, &width, &height);
      special->column.width = ceil (width + layout->line * CKPT_PLOT_MARGIN);
      total += special->column.width;
      layout->n_specials++;
    }
  if (total > layout->width * MAX_SPECIAL_SHARE)
    clear_specials (layout);
  layout->note = make_note (self, total > layout->width * MAX_SPECIAL_SHARE);
}

static double
lay_out_legend (CkptPlotHistogram *self, CkptPlotHistogramLayout *layout)
{
  const CkptPlotRect room = { 0, 0, layout->width, layout->height * MAX_LEGEND_SHARE };

  if (self->n_series < 2)
    return 0;
  for (guint i = 0; i < self->n_series; i++)
    layout->legend[i].name = self->series[i].name != NULL ? self->series[i].name : "";
  return ckpt_plot_legend_place (layout->legend, self->n_series, ckpt_plot_get_text (CKPT_PLOT (self)),
                                 &room);
}

static void
lay_out_height (CkptPlotHistogram *self, CkptPlotHistogramLayout *layout, guint n_rows)
{
  double top = lay_out_legend (self, layout);
  double bottom = ceil (layout->line * CKPT_PLOT_HALF_LINE) + layout->line;

  if (layout->note != NULL)
    bottom += layout->line * (1 + CKPT_PLOT_GAP);

  layout->header = (CkptPlotRect) { 0, top, layout->width, n_rows * layout->line };
  layout->area.y = ceil (top + layout->line * (HEADER - 1 + n_rows));
  layout->area.height = fmax (floor (layout->height - bottom - layout->area.y), 0);
  layout->label_y = layout->area.y + layout->area.height + ceil (layout->line * CKPT_PLOT_HALF_LINE);
}

static void
make_count_axis (CkptPlotHistogram *self, CkptPlotHistogramLayout *layout)
{
  CkptPlotAxisOptions options = {
    .scale = { .low = 0, .high = MAX (self->largest, 1) * HEADROOM },
    .labels = CKPT_PLOT_LABELS_COUNT,
    .is_vertical = TRUE,
    .is_whole = TRUE,
    .start = layout->area.y + layout->area.height,
    .length = layout->area.height,
    .limit_low = layout->header.y + layout->header.height,
    .limit_high = layout->height,
  };

  /* By log (1 + count), so that no values have a place. */
  if (self->log_counts)
    options.scale.scale = (CkptScale) { CKPT_SCALE_SYMLOG, 1 };
  layout->y = ckpt_plot_axis_new (&options, ckpt_plot_get_text (CKPT_PLOT (self)), get_numbers (self));
}

static gboolean
is_left (const CkptPlotSpecial *special)
{
  return special->kind == CKPT_PLOT_SLOT_NEG_INF || special->kind == CKPT_PLOT_SLOT_BELOW;
}

/* The special bars take their columns from the ends; what remains is for the bins. */
static void
lay_out_width (CkptPlotHistogramLayout *layout)
{
  double gap = ceil (layout->line * CKPT_PLOT_GAP);
  double left, right = layout->width;
  gboolean has_left = FALSE, has_right = FALSE;

  layout->count_right = ckpt_plot_axis_get_label_width (layout->y);
  left = ceil (layout->count_right + layout->line * CKPT_PLOT_GAP);
  for (guint i = 0; i < layout->n_specials && is_left (&layout->specials[i]); i++)
    {
      layout->specials[i].column.x = left;
      left += layout->specials[i].column.width;
      has_left = TRUE;
    }
  for (guint i = layout->n_specials; i > 0 && !is_left (&layout->specials[i - 1]); i--)
    {
      right = floor (right - layout->specials[i - 1].column.width);
      layout->specials[i - 1].column.x = right;
      has_right = TRUE;
    }
  left += has_left ? gap : 0;
  right -= has_right ? gap : ceil (layout->line * CKPT_PLOT_MARGIN);
  layout->area.x = left;
  layout->area.width = fmax (floor (right - left), 0);
}

static void
lay_out_specials (CkptPlotHistogram *self, CkptPlotHistogramLayout *layout)
{
  for (guint i = 0; i < layout->n_specials; i++)
    {
      CkptPlotSpecial *special = &layout->specials[i];
      double width, height;

      ckpt_plot_text_measure (ckpt_plot_get_text (CKPT_PLOT (self)), special->label, &width, &height);
      special->label_x = special->column.x + (special->column.width - width) / 2;
      special->column.y = layout->area.y;
      special->column.height = layout->area.height;
    }
}

/* Labels of values stay clear of those of the special bars. */
static void
make_value_axis (CkptPlotHistogram *self, CkptPlotHistogramLayout *layout)
{
  const CkptHistogram *bins = ckpt_plot_histogram_peek_bins (self);
  CkptPlotAxisOptions options = {
    .scale = { bins->scale, bins->low, bins->high },
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

      if (is_left (&layout->specials[i]))
        options.limit_low = column->x + column->width;
      else
        options.limit_high = fmin (options.limit_high, column->x);
    }
  layout->x = ckpt_plot_axis_new (&options, ckpt_plot_get_text (CKPT_PLOT (self)), get_numbers (self));
}

static char *
format_mark (CkptPlotHistogram *self, double value)
{
  const CkptHistogram *bins = ckpt_plot_histogram_peek_bins (self);
  double step = bins->high / MARK_PRECISION - bins->low / MARK_PRECISION;
  int n_digits = SYMLOG_DIGITS;

  if (bins->scale.kind == CKPT_SCALE_LINEAR && value != 0)
    n_digits = (int) CLAMP (ceil (log10 (fabs (value)) - log10 (step)), 1, 17);
  return ckpt_plot_number_format (value, n_digits, get_numbers (self));
}

static void
add_mark (CkptPlotHistogram *self,
          CkptPlotHistogramLayout *layout,
          const char *name,
          double value,
          CkptPlotMarkStyle style)
{
  const CkptHistogram *bins = ckpt_plot_histogram_peek_bins (self);
  g_autofree char *number = NULL;

  if (!isfinite (value) || value < bins->low || value > bins->high)
    return;

  number = format_mark (self, value);
  ckpt_plot_marks_add (layout->marks, name, number, floor (ckpt_plot_axis_map (layout->x, value)) + 0.5,
                       style);
}

/* Returns how many marks have no label. */
static guint
place_marks (CkptPlotHistogram *self, CkptPlotHistogramLayout *layout, guint n_rows)
{
  g_clear_pointer (&layout->marks, g_array_unref);
  layout->marks = ckpt_plot_marks_new ();
  if (self->n_series > 1)
    return 0;

  /* Translators: name of a line in a plot, before a number */
  add_mark (self, layout, _ ("mean"), self->series[0].stats.mean, CKPT_PLOT_MARK_MEAN);
  for (guint i = 0; i < self->percentiles->len; i++)
    {
      const CkptPlotPercentile *percentile = &g_array_index (self->percentiles, CkptPlotPercentile, i);
      g_autofree char *percent = ckpt_plot_number_format (percentile->percent, 6, get_numbers (self));
      /* Translators: a percentile, as short as it can be: p99 is the value that 99 in a hundred are not above */
      g_autofree char *name = g_strdup_printf (_ ("p%s"), percent);

      if (percentile->percent == 50)
        /* Translators: name of a line in a plot, before a number */
        add_mark (self, layout, _ ("median"), percentile->value, CKPT_PLOT_MARK_MEDIAN);
      else
        add_mark (self, layout, name, percentile->value, CKPT_PLOT_MARK_PERCENTILE);
    }
  return ckpt_plot_marks_place (layout->marks, ckpt_plot_get_text (CKPT_PLOT (self)), &layout->header,
                                n_rows);
}

/* Returns how many marks have no label. */
static guint
lay_out (CkptPlotHistogram *self, CkptPlotHistogramLayout *layout, guint n_rows)
{
  g_clear_pointer (&layout->x, ckpt_plot_axis_free);
  g_clear_pointer (&layout->y, ckpt_plot_axis_free);
  lay_out_height (self, layout, n_rows);
  make_count_axis (self, layout);
  lay_out_width (layout);
  lay_out_specials (self, layout);
  make_value_axis (self, layout);
  return place_marks (self, layout, n_rows);
}

/*
 * From top to bottom: the legend, a line or two for the labels of marks, the bars, the labels of values, the note. From left to right: the
 * labels of counts, the bars of −∞ and of what is below the range, the bins, the bars of what is above the range, of ∞ and NaN.
 */
CkptPlotHistogramLayout *
ckpt_plot_histogram_layout_new (CkptPlotHistogram *self, double width, double height)
{
  CkptPlotHistogramLayout *layout = g_new0 (CkptPlotHistogramLayout, 1);

  layout->width = width;
  layout->height = height;
  layout->line = ckpt_plot_get_line (CKPT_PLOT (self));
  layout->sentence = make_sentence (self);
  if (layout->sentence != NULL)
    return layout;

  find_specials (self, layout);
  if (self->n_series > 1)
    lay_out (self, layout, 0);
  else if (lay_out (self, layout, 1) > 0 && height >= MIN_LINES_FOR_SECOND * layout->line)
    lay_out (self, layout, 2);
  return layout;
}

void
ckpt_plot_histogram_layout_free (CkptPlotHistogramLayout *layout)
{
  g_clear_pointer (&layout->x, ckpt_plot_axis_free);
  g_clear_pointer (&layout->y, ckpt_plot_axis_free);
  g_clear_pointer (&layout->marks, g_array_unref);
  clear_specials (layout);
  g_free (layout->sentence);
  g_free (layout->note);
  g_free (layout);
}

/* Whole numbers, so that bars are sharp and none is drawn over another. */
static double
get_edge_x (const CkptPlotHistogramLayout *layout, guint n_bins, guint bin)
{
  return layout->area.x + floor (layout->area.width * bin / n_bins);
}

void
ckpt_plot_histogram_get_bar (CkptPlotHistogram *self,
                             const CkptPlotHistogramLayout *layout,
                             guint bin,
                             CkptPlotBar *bar)
{
  guint n_bins = ckpt_plot_histogram_get_n_bins (self);
  double x = get_edge_x (layout, n_bins, bin);

  bar->first = bar->last = bin;
  while (bar->first > 0 && get_edge_x (layout, n_bins, bar->first - 1) == x)
    bar->first--;
  while (bar->last + 1 < n_bins && get_edge_x (layout, n_bins, bar->last + 1) == x)
    bar->last++;
  bar->x = x;
  bar->width = get_edge_x (layout, n_bins, bar->last + 1) - x;
}

/* The bar that covers the pixel at @x: a guess, put right by the edges. */
void
ckpt_plot_histogram_get_bar_at (CkptPlotHistogram *self,
                                const CkptPlotHistogramLayout *layout,
                                double x,
                                CkptPlotBar *bar)
{
  guint n_bins = ckpt_plot_histogram_get_n_bins (self);
  double guess = floor ((x - layout->area.x) / layout->area.width * n_bins);

  ckpt_plot_histogram_get_bar (self, layout, (guint) CLAMP (guess, 0, n_bins - 1.0), bar);
  while (x < bar->x && bar->first > 0)
    ckpt_plot_histogram_get_bar (self, layout, bar->first - 1, bar);
  while (x >= bar->x + bar->width && bar->last + 1 < n_bins)
    ckpt_plot_histogram_get_bar (self, layout, bar->last + 1, bar);
}

/* Of the bins of a bar the one with the largest count, of any series. */
guint
ckpt_plot_histogram_get_tallest (CkptPlotHistogram *self, const CkptPlotBar *bar)
{
  guint tallest = bar->first;
  guint64 largest = 0;

  for (guint s = 0; s < self->n_series; s++)
    {
      const CkptHistogram *bins = self->series[s].bins;

      for (guint i = bar->first; bins != NULL && i <= bar->last; i++)
        {
          if (bins->counts[i] > largest)
            {
              largest = bins->counts[i];
              tallest = i;
            }
        }
    }
  return tallest;
}

/* What a bar shows of a series: the largest count. */
guint64
ckpt_plot_histogram_get_bar_count (CkptPlotHistogram *self, const CkptPlotBar *bar, guint series)
{
  const CkptHistogram *bins = self->series[series].bins;
  guint64 largest = 0;

  for (guint i = bar->first; bins != NULL && i <= bar->last; i++)
    largest = MAX (largest, bins->counts[i]);
  return largest;
}

double
ckpt_plot_histogram_get_bar_height (const CkptPlotHistogramLayout *layout, guint64 count)
{
  double base = layout->area.y + layout->area.height;

  /* A single value among millions is still seen. */
  return count > 0 ? fmax (floor (base - ckpt_plot_axis_map (layout->y, (double) count) + 0.5), 1) : 0;
}
