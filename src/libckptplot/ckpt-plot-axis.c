/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-plot-axis.h"

#include <math.h>

/* Free space between two labels, and what one label roughly takes, in lines of text. */
#define LABEL_GAP     0.8
#define LABEL_PITCH_X 4.0
#define LABEL_PITCH_Y 2.2

#define MAX_TICKS        24
#define MAX_WHOLE_DIGITS 6

/* The powers of ten that are doubles. */
#define MIN_EXPONENT (-323)
#define MAX_EXPONENT 308

/* Powers of ten that are written in full. */
#define MIN_PLAIN_EXPONENT (-3)
#define MAX_PLAIN_EXPONENT 4

struct _CkptPlotAxis
{
  CkptPlotAxisOptions options;
  GArray *ticks;
};

static void
clear_tick (gpointer data)
{
  CkptPlotTick *tick = data;

  g_clear_pointer (&tick->label, g_free);
}

/* The next larger of 1, 2, 5, 10, 20, ... */
static CkptPlotDecimal
get_next_step (CkptPlotDecimal step)
{
  switch (step.digits)
    {
    case 1:
      return (CkptPlotDecimal) { 2, step.exponent };
    case 2:
      return (CkptPlotDecimal) { 5, step.exponent };
    default:
      return (CkptPlotDecimal) { 1, step.exponent + 1 };
    }
}

/* The smallest step that puts no more than @n_ticks on the scale. */
static CkptPlotDecimal
get_first_step (const CkptPlotAxisOptions *options, guint n_ticks)
{
  const CkptPlotScale *scale = &options->scale;
  double largest = fmax (fabs (scale->low), fabs (scale->high));
  double least = scale->high / n_ticks - scale->low / n_ticks;
  CkptPlotDecimal step = { 1, MIN_EXPONENT };

  /* Steps that doubles cannot follow would put ticks where they are not. */
  least = fmax (least, (largest - nextafter (largest, 0)) * 2);
  if (isfinite (least) && least > 0)
    step.exponent = MAX ((int) floor (log10 (least)) - 1, MIN_EXPONENT);
  if (options->is_whole)
    step.exponent = MAX (step.exponent, 0);
  while (ckpt_plot_decimal_to_double (step) < least)
    step = get_next_step (step);
  return step;
}

static void
add_tick (CkptPlotAxis *self, CkptPlotDecimal decimal)
{
  const CkptPlotScale *scale = &self->options.scale;
  CkptPlotTick tick = { .decimal = decimal, .value = ckpt_plot_decimal_to_double (decimal) };

  if (tick.value < scale->low || tick.value > scale->high)
    return;
  tick.position = ckpt_plot_axis_map (self, tick.value);
  g_array_append_val (self->ticks, tick);
}

static void
find_linear_ticks (CkptPlotAxis *self, CkptPlotDecimal step)
{
  /* A subnormal step as a double would be too far off. */
  long double size = step.digits * powl (10, step.exponent);
  double first = (double) floorl (self->options.scale.low / size);
  double last = (double) ceill (self->options.scale.high / size);

  g_array_set_size (self->ticks, 0);
  /* The step is at least 2 units in the last place of the ends, so the quotients are whole numbers that int64 holds. */
  for (double i = first; i <= last && i - first <= MAX_TICKS + 2; i++)
    add_tick (self, (CkptPlotDecimal) { (gint64) i * step.digits, step.exponent });
}

/* Zero, and every few powers of ten from 10^@first on, of both signs; with @is_dense their double and their fivefold too. */
static void
find_power_ticks (CkptPlotAxis *self, int first, int decades, gboolean is_dense)
{
  static const gint64 digits[] = { 1, 2, 5 };
  gsize n_digits = is_dense ? G_N_ELEMENTS (digits) : 1;
  gsize n = first > MAX_EXPONENT ? 0 : n_digits * (gsize) ((MAX_EXPONENT - first) / decades + 1);

  g_array_set_size (self->ticks, 0);
  for (gsize i = n; i > 0; i--)
    add_tick (self, (CkptPlotDecimal) { -digits[(i - 1) % n_digits],
                                        first + decades * (int) ((i - 1) / n_digits) });
  add_tick (self, (CkptPlotDecimal) { 0, 0 });
  for (gsize i = 0; i < n; i++)
    add_tick (self, (CkptPlotDecimal) { digits[i % n_digits], first + decades * (int) (i / n_digits) });
}

static char *
format_tick (const CkptPlotAxis *self,
             const CkptPlotTick *tick,
             gboolean is_plain,
             int n_decimals,
             const CkptPlotNumberStyle *numbers)
{
  if (self->options.labels == CKPT_PLOT_LABELS_COUNT)
    return ckpt_plot_decimal_format_unit (tick->decimal, numbers);
  if (is_plain)
    return ckpt_plot_decimal_format_plain (tick->decimal, n_decimals, numbers);
  return ckpt_plot_decimal_format_power (tick->decimal, numbers);
}

/* Whether numbers written in full are short enough; all labels of an axis are written the same way. */
static gboolean
can_be_plain (const CkptPlotAxis *self, int n_decimals)
{
  glong longest_plain = 0;
  glong longest_power = 0;

  for (guint i = 0; i < self->ticks->len; i++)
    {
      const CkptPlotTick *tick = ckpt_plot_axis_get_tick (self, i);
      g_autofree char *plain = ckpt_plot_decimal_format_plain (tick->decimal, n_decimals, NULL);
      g_autofree char *power = ckpt_plot_decimal_format_power (tick->decimal, NULL);

      longest_plain = MAX (longest_plain, g_utf8_strlen (plain, -1));
      longest_power = MAX (longest_power, g_utf8_strlen (power, -1));
    }
  return longest_plain <= MAX (MAX_WHOLE_DIGITS + 2, longest_power + 2);
}

static gboolean
are_plain_powers (const CkptPlotAxis *self)
{
  for (guint i = 0; i < self->ticks->len; i++)
    {
      const CkptPlotDecimal *decimal = &ckpt_plot_axis_get_tick (self, i)->decimal;

      if (decimal->digits != 0 &&
          (decimal->exponent < MIN_PLAIN_EXPONENT || decimal->exponent > MAX_PLAIN_EXPONENT))
        return FALSE;
    }
  return TRUE;
}

static void
make_labels (CkptPlotAxis *self,
             CkptPlotText *text,
             const CkptPlotNumberStyle *numbers,
             int n_decimals,
             gboolean is_plain)
{
  const CkptPlotAxisOptions *options = &self->options;

  for (guint i = 0; i < self->ticks->len; i++)
    {
      CkptPlotTick *tick = &g_array_index (self->ticks, CkptPlotTick, i);
      double height, limit;

      g_free (tick->label);
      tick->label = format_tick (self, tick, is_plain, n_decimals, numbers);
      ckpt_plot_text_measure (text, tick->label, &tick->label_width, &height);
      tick->label_length = options->is_vertical ? height : tick->label_width;
      limit = fmax (options->limit_high - tick->label_length, options->limit_low);
      tick->label_start = tick->position - tick->label_length / 2;
      tick->label_start = CLAMP (tick->label_start, options->limit_low, limit);
    }
}

/* Whether the label of a tick ends before that of the next one begins, whichever way they go. */
static gboolean
follow (const CkptPlotAxis *self, const CkptPlotTick *tick, const CkptPlotTick *next, double gap)
{
  gboolean goes_up = self->options.is_vertical && !self->options.is_reversed;
  const CkptPlotTick *first = goes_up ? next : tick;
  const CkptPlotTick *second = goes_up ? tick : next;

  return first->label_start + first->label_length + (self->options.is_vertical ? 0 : gap) <=
         second->label_start;
}

static gboolean
labels_fit (const CkptPlotAxis *self, double gap)
{
  for (guint i = 0; i < self->ticks->len; i++)
    {
      const CkptPlotTick *tick = ckpt_plot_axis_get_tick (self, i);

      if (tick->label_start + tick->label_length > self->options.limit_high + 0.01)
        return FALSE;
      if (i + 1 < self->ticks->len && !follow (self, tick, ckpt_plot_axis_get_tick (self, i + 1), gap))
        return FALSE;
    }
  return TRUE;
}

static void
choose_linear_ticks (CkptPlotAxis *self, CkptPlotText *text, const CkptPlotNumberStyle *numbers, double line)
{
  double pitch = line * (self->options.is_vertical ? LABEL_PITCH_Y : LABEL_PITCH_X);
  guint n_ticks = CLAMP ((guint) (self->options.length / pitch), 1, MAX_TICKS);
  CkptPlotDecimal step = get_first_step (&self->options, n_ticks);

  do
    {
      int n_decimals = MAX (-step.exponent, 0);

      find_linear_ticks (self, step);
      make_labels (self, text, numbers, n_decimals, can_be_plain (self, n_decimals));
      if (labels_fit (self, line * LABEL_GAP))
        return;
      step = get_next_step (step);
    }
  while (step.exponent <= MAX_EXPONENT);
  g_array_set_size (self->ticks, 0);
}

static gboolean
try_power_ticks (CkptPlotAxis *self, CkptPlotText *text, const CkptPlotNumberStyle *numbers, double gap)
{
  if (self->ticks->len < 2 || self->ticks->len > MAX_TICKS)
    return FALSE;
  make_labels (self, text, numbers, 0, are_plain_powers (self));
  return labels_fit (self, gap);
}

/* Returns FALSE where the scale is too short for powers of ten. */
static gboolean
choose_power_ticks (CkptPlotAxis *self, CkptPlotText *text, const CkptPlotNumberStyle *numbers, double line)
{
  int least = MAX ((int) ceil (log10 (self->options.scale.scale.threshold)), MIN_EXPONENT);

  find_power_ticks (self, least, 1, TRUE);
  if (try_power_ticks (self, text, numbers, line * LABEL_GAP * 2))
    return TRUE;
  for (int decades = 1; decades <= MAX_EXPONENT - MIN_EXPONENT; decades++)
    {
      /* On a low axis 0 and the first power lie too close together. */
      for (int skipped = 0; skipped <= decades; skipped += decades)
        {
          find_power_ticks (self, least + skipped, decades, FALSE);
          if (try_power_ticks (self, text, numbers, line * LABEL_GAP))
            return TRUE;
          if (self->ticks->len < 2)
            return FALSE;
        }
    }
  return FALSE;
}

/**
 * ckpt_plot_axis_new:
 * @options: where it lies and what it shows; copied
 * @text: what labels are measured with
 * @numbers: (nullable): how numbers are written
 *
 * Chooses the ticks of an axis: as many steps of 1, 2 or 5 times a power of ten as there is room for labels; on a symlog scale powers of
 * ten. An axis without room for any label has no ticks.
 *
 * Returns: (transfer full): the axis
 */
CkptPlotAxis *
ckpt_plot_axis_new (const CkptPlotAxisOptions *options,
                    CkptPlotText *text,
                    const CkptPlotNumberStyle *numbers)
{
  CkptPlotAxis *self = g_new0 (CkptPlotAxis, 1);
  double width, line;

  self->options = *options;
  self->ticks = g_array_new (FALSE, FALSE, sizeof (CkptPlotTick));
  g_array_set_clear_func (self->ticks, clear_tick);

  ckpt_plot_text_measure (text, "0", &width, &line);
  if (!(options->scale.high > options->scale.low) || options->length < 1)
    return self;
  if (options->scale.scale.kind == CKPT_SCALE_LINEAR || !choose_power_ticks (self, text, numbers, line))
    choose_linear_ticks (self, text, numbers, line);
  return self;
}

/**
 * ckpt_plot_axis_free:
 * @self: (transfer full): an axis
 */
void
ckpt_plot_axis_free (CkptPlotAxis *self)
{
  g_array_unref (self->ticks);
  g_free (self);
}

/**
 * ckpt_plot_axis_get_n_ticks:
 * @self: an axis
 *
 * Returns: its ticks
 */
guint
ckpt_plot_axis_get_n_ticks (const CkptPlotAxis *self)
{
  return self->ticks->len;
}

/**
 * ckpt_plot_axis_get_tick:
 * @self: an axis
 * @i: less than the number of ticks
 *
 * Returns: (transfer none): the tick, in rising order of values
 */
const CkptPlotTick *
ckpt_plot_axis_get_tick (const CkptPlotAxis *self, guint i)
{
  g_return_val_if_fail (i < self->ticks->len, NULL);

  return &g_array_index (self->ticks, CkptPlotTick, i);
}

/**
 * ckpt_plot_axis_get_label_width:
 * @self: an axis
 *
 * Returns: the width of its widest label, in user units
 */
double
ckpt_plot_axis_get_label_width (const CkptPlotAxis *self)
{
  double widest = 0;

  for (guint i = 0; i < self->ticks->len; i++)
    widest = fmax (widest, ckpt_plot_axis_get_tick (self, i)->label_width);
  return widest;
}

/**
 * ckpt_plot_axis_map:
 * @self: an axis
 * @value: a finite value
 *
 * Returns: where it lies on the canvas; values off the scale lie at its ends
 */
double
ckpt_plot_axis_map (const CkptPlotAxis *self, double value)
{
  double distance = self->options.length * ckpt_plot_scale_map (&self->options.scale, value);

  gboolean goes_up = self->options.is_vertical && !self->options.is_reversed;

  return goes_up ? self->options.start - distance : self->options.start + distance;
}

/**
 * ckpt_plot_axis_unmap:
 * @self: an axis
 * @position: a place on the canvas along it
 *
 * Returns: the value there, never off the scale
 */
double
ckpt_plot_axis_unmap (const CkptPlotAxis *self, double position)
{
  double distance = position - self->options.start;

  if (self->options.is_vertical && !self->options.is_reversed)
    distance = -distance;
  return ckpt_plot_scale_unmap (&self->options.scale, distance / self->options.length);
}
