/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ckpt-plot-axis.h"
#include "plot-helpers.h"

#include <ckptplot.h>
#include <float.h>
#include <math.h>

typedef struct
{
  CkptPlotTheme *theme;
  CkptPlotText *text;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->theme = ckpt_plot_theme_new (CKPT_PLOT_LIGHT);
  fixture->text = ckpt_plot_text_new (fixture->theme);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ckpt_plot_text_free (fixture->text);
  ckpt_plot_theme_free (fixture->theme);
}

/* An axis along the whole of a canvas, with a margin at the low end. */
static CkptPlotAxisOptions
make_options (double low, double high, double length)
{
  return (CkptPlotAxisOptions) {
    .scale = { .low = low, .high = high },
    .start = 30,
    .length = length,
    .limit_low = 0,
    .limit_high = 30 + length,
  };
}

static void
check_labels (const CkptPlotAxis *axis, const CkptPlotAxisOptions *options)
{
  for (guint i = 0; i < ckpt_plot_axis_get_n_ticks (axis); i++)
    {
      const CkptPlotTick *tick = ckpt_plot_axis_get_tick (axis, i);
      const CkptPlotTick *last = i > 0 ? ckpt_plot_axis_get_tick (axis, i - 1) : NULL;
      double middle = tick->label_start + tick->label_length / 2;

      g_assert_cmpfloat (tick->label_start, >=, options->limit_low);
      g_assert_cmpfloat (tick->label_start + tick->label_length, <=, options->limit_high + 0.01);
      /* A label that is moved inwards still touches its tick. */
      g_assert_cmpfloat (fabs (middle - tick->position), <=, tick->label_length / 2 + 0.01);
      if (last != NULL && options->is_vertical)
        g_assert_cmpfloat (tick->label_start + tick->label_length, <=, last->label_start);
      else if (last != NULL)
        g_assert_cmpfloat (tick->label_start, >, last->label_start + last->label_length);
    }
}

static gboolean
is_round (gint64 digits)
{
  while (digits >= 10 && digits % 10 == 0)
    digits /= 10;
  return digits == 1 || digits == 2 || digits == 5;
}

static void
check_ticks (const CkptPlotAxis *axis, const CkptPlotAxisOptions *options)
{
  gint64 step = 0;

  for (guint i = 0; i < ckpt_plot_axis_get_n_ticks (axis); i++)
    {
      const CkptPlotTick *tick = ckpt_plot_axis_get_tick (axis, i);
      const CkptPlotTick *last = i > 0 ? ckpt_plot_axis_get_tick (axis, i - 1) : NULL;

      g_assert_cmpfloat (tick->value, >=, options->scale.low);
      g_assert_cmpfloat (tick->value, <=, options->scale.high);
      g_assert_cmpfloat (tick->value, ==, ckpt_plot_decimal_to_double (tick->decimal));
      g_assert_cmpfloat (tick->position, ==, ckpt_plot_axis_map (axis, tick->value));
      if (options->labels == CKPT_PLOT_LABELS_VALUE)
        g_assert_cmpfloat (plot_parse_number (tick->label), ==, tick->value);
      if (last == NULL)
        continue;
      g_assert_cmpfloat (tick->value, >, last->value);
      g_assert_cmpint (tick->decimal.exponent, ==, last->decimal.exponent);
      if (step == 0)
        step = tick->decimal.digits - last->decimal.digits;
      g_assert_cmpint (tick->decimal.digits - last->decimal.digits, ==, step);
      g_assert_true (is_round (step));
      g_assert_true (!options->is_whole || tick->decimal.exponent >= 0);
    }
}

static void
check_axis (Fixture *fixture, const CkptPlotAxisOptions *options)
{
  g_autoptr (CkptPlotAxis) axis = ckpt_plot_axis_new (options, fixture->text, NULL);

  check_labels (axis, options);
  check_ticks (axis, options);
  if (options->length >= 400 && !options->is_whole)
    g_assert_cmpuint (ckpt_plot_axis_get_n_ticks (axis), >=, 1);
}

static void
test_extremes (Fixture *fixture, gconstpointer data)
{
  static const double ranges[][2] = {
    { 0, 1 },
    { -0.08, 0.08 },
    { 0, 5e-324 },
    { 0, 1e-45 },
    { -1e-310, 1e-320 },
    { -FLT_MAX, FLT_MAX },
    { -DBL_MAX, DBL_MAX },
    { DBL_MAX / 2, DBL_MAX },
    { -DBL_MAX, -DBL_MAX / 2 },
    { 0, DBL_MAX },
    { 1, 1 + DBL_EPSILON },
    { 1e300, 1e300 * (1 + 4 * DBL_EPSILON) },
    { 1e15, 1e15 + 1 },
    { -1e-7, -9.9e-8 },
    { 1700000000, 1700000100 },
    { -9.2233720368547758e18, 9.2233720368547758e18 },
    { -1, -0.5 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      for (double length = 1; length < 5000; length *= 1.7)
        {
          CkptPlotAxisOptions options = make_options (ranges[i][0], ranges[i][1], length);

          check_axis (fixture, &options);
          options.is_vertical = TRUE;
          options.start = length;
          check_axis (fixture, &options);
        }
    }
}

static void
test_random (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 3000; i++)
    {
      double a = plot_random_double ();
      double b = i % 3 == 0 ? a + fabs (a) * pow (10, -g_test_rand_double_range (0, 15))
                            : plot_random_double ();
      CkptPlotAxisOptions options = make_options (fmin (a, b), fmax (a, b),
                                                  g_test_rand_double_range (1, 2000));

      options.is_whole = g_test_rand_int_range (0, 4) == 0;
      if (a != b && isfinite (b))
        check_axis (fixture, &options);
    }
}

/* The label that the last tick of such an axis has may not be cut at the edge. */
static void
test_edge (Fixture *fixture, gconstpointer data)
{
  CkptPlotAxisOptions options = make_options (-0.08, 0.08, 620);
  g_autoptr (CkptPlotAxis) axis = ckpt_plot_axis_new (&options, fixture->text, NULL);
  guint n_ticks = ckpt_plot_axis_get_n_ticks (axis);
  const CkptPlotTick *last = ckpt_plot_axis_get_tick (axis, n_ticks - 1);

  g_assert_cmpuint (n_ticks, ==, 9);
  g_assert_cmpstr (last->label, ==, "0.08");
  g_assert_cmpstr (ckpt_plot_axis_get_tick (axis, 0)->label, ==, "−0.08");
  g_assert_cmpstr (ckpt_plot_axis_get_tick (axis, 4)->label, ==, "0");
  g_assert_cmpfloat (last->position, ==, 650);
  g_assert_cmpfloat (last->label_start + last->label_length, <=, 650);
}

static void
test_counts (Fixture *fixture, gconstpointer data)
{
  static const char *const labels[] = { "0", "10k", "20k", "30k", "40k" };
  CkptPlotAxisOptions options = make_options (0, 41600, 220);
  g_autoptr (CkptPlotAxis) axis = NULL;

  options.labels = CKPT_PLOT_LABELS_COUNT;
  options.is_vertical = TRUE;
  options.is_whole = TRUE;
  options.start = options.limit_high - 20;
  axis = ckpt_plot_axis_new (&options, fixture->text, NULL);
  g_assert_cmpuint (ckpt_plot_axis_get_n_ticks (axis), ==, G_N_ELEMENTS (labels));
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    g_assert_cmpstr (ckpt_plot_axis_get_tick (axis, i)->label, ==, labels[i]);

  for (double high = 1; high < 1e19; high *= 3)
    {
      for (double length = 1; length < 3000; length *= 1.4)
        {
          CkptPlotAxisOptions other = options;

          other.scale.high = high * 1.04;
          other.start = other.length = length;
          other.limit_high = length + 30;
          check_axis (fixture, &other);
        }
    }
}

static void
test_log_counts (Fixture *fixture, gconstpointer data)
{
  for (double high = 1; high < 1e19; high *= 3)
    {
      for (double length = 1; length < 3000; length *= 1.4)
        {
          CkptPlotAxisOptions options = make_options (0, high * 1.04, length);
          g_autoptr (CkptPlotAxis) axis = NULL;

          options.scale.scale = (CkptScale) { CKPT_SCALE_SYMLOG, 1 };
          options.labels = CKPT_PLOT_LABELS_COUNT;
          options.is_vertical = TRUE;
          options.start = length;
          axis = ckpt_plot_axis_new (&options, fixture->text, NULL);
          check_labels (axis, &options);
          if (length > 100 && high > 100)
            g_assert_cmpuint (ckpt_plot_axis_get_n_ticks (axis), >=, 2);
          if (length > 30)
            g_assert_cmpstr (ckpt_plot_axis_get_tick (axis, 0)->label, ==, "0");
        }
    }
}

static void
test_scale (void)
{
  for (int i = 0; i < 20000; i++)
    {
      double a = plot_random_double ();
      double b = plot_random_double ();
      CkptPlotScale scale = { .low = fmin (a, b), .high = fmax (a, b) };
      double fraction = g_test_rand_double ();
      double value;

      if (i % 4 == 1)
        scale = (CkptPlotScale) { .low = -DBL_MAX, .high = DBL_MAX };
      if (i % 4 == 0)
        scale = (CkptPlotScale) { { CKPT_SCALE_SYMLOG, 1 }, 0, 1 + fabs (a) };
      if (i % 8 == 2)
        scale.scale = (CkptScale) { CKPT_SCALE_SYMLOG, fmax (fabs (a), fabs (b)) / 1000 };
      if (!(scale.high > scale.low) || scale.high - scale.low < DBL_MIN / DBL_EPSILON)
        continue;
      value = ckpt_plot_scale_unmap (&scale, fraction);
      g_assert_cmpfloat (value, >=, scale.low);
      g_assert_cmpfloat (value, <=, scale.high);
      g_assert_cmpfloat_with_epsilon (ckpt_plot_scale_map (&scale, value), fraction, 1e-9);
      g_assert_cmpfloat (ckpt_plot_scale_map (&scale, scale.low), ==, 0);
      g_assert_cmpfloat (ckpt_plot_scale_map (&scale, scale.high), ==, 1);
      g_assert_cmpfloat (ckpt_plot_scale_unmap (&scale, 0), ==, scale.low);
      g_assert_cmpfloat (ckpt_plot_scale_unmap (&scale, 1), ==, scale.high);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/axis/extremes", Fixture, NULL, set_up, test_extremes, tear_down);
  g_test_add ("/axis/random", Fixture, NULL, set_up, test_random, tear_down);
  g_test_add ("/axis/edge", Fixture, NULL, set_up, test_edge, tear_down);
  g_test_add ("/axis/counts", Fixture, NULL, set_up, test_counts, tear_down);
  g_test_add ("/axis/log-counts", Fixture, NULL, set_up, test_log_counts, tear_down);
  g_test_add_func ("/axis/scale", test_scale);
  return g_test_run ();
}
