/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-scenes.h"

#include "plot-data.h"

#include <math.h>
#include <stdlib.h>

#define N_VALUES 20000
#define N_LAYERS 11

/* As the name says, about normally distributed; the same numbers each time, whatever the version of GLib. */
static double
make_bell (guint64 *state)
{
  double sum = -6;

  for (int i = 0; i < 12; i++)
    {
      *state = *state * 6364136223846793005u + 1442695040888963407u;
      sum += (double) (*state >> 11) * 0x1p-53;
    }
  return sum;
}

static double *
make_bells (guint64 seed, double mean, double std)
{
  double *values = g_new (double, N_VALUES);

  for (guint i = 0; i < N_VALUES; i++)
    values[i] = mean + std * make_bell (&seed);
  return values;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a;
  double second = *(const double *) b;

  return (first > second) - (first < second);
}

static void
add_percentiles (CkptPlotHistogram *plot, double *values)
{
  static const double percents[] = { 50, 1, 99, 25, 75 };

  qsort (values, N_VALUES, sizeof *values, compare);
  for (gsize i = 0; i < G_N_ELEMENTS (percents); i++)
    ckpt_plot_histogram_add_percentile (plot, percents[i], values[(guint) (N_VALUES * percents[i] / 100)]);
}

static CkptPlot *
make_histogram (void)
{
  g_autofree double *values = make_bells (1, 0.001, 0.02);
  CkptPlotHistogram *plot = plot_data_make_histogram (values, N_VALUES, FALSE);

  add_percentiles (plot, values);
  return CKPT_PLOT (plot);
}

static CkptPlot *
make_log_counts (void)
{
  CkptPlot *plot = make_histogram ();

  ckpt_plot_histogram_set_log_counts (CKPT_PLOT_HISTOGRAM (plot), TRUE);
  return plot;
}

static CkptPlot *
make_specials (void)
{
  g_autofree double *values = make_bells (2, 0, 1);

  for (guint i = 0; i < N_VALUES; i += 40)
    values[i] = i % 3 == 0 ? NAN : i % 3 == 1 ? INFINITY : -INFINITY;
  return CKPT_PLOT (plot_data_make_histogram (values, N_VALUES, FALSE));
}

/* The middle of a distribution with a few values far out. */
static CkptPlot *
make_tails (void)
{
  g_autofree double *values = make_bells (3, 0, 0.02);
  CkptPlotHistogram *plot;

  for (guint i = 0; i < 60; i++)
    values[i] = i % 4 == 0 ? 4 : -2;
  plot = plot_data_make_range (values, N_VALUES, -0.05, 0.05, NULL);
  add_percentiles (plot, values);
  return CKPT_PLOT (plot);
}

/* Values of many magnitudes. */
static CkptPlot *
make_symlog (void)
{
  const CkptScale scale = { CKPT_SCALE_SYMLOG, 1e-5 };
  g_autofree double *values = make_bells (10, 0, 1);
  CkptPlotHistogram *plot;

  for (guint i = 0; i < N_VALUES; i++)
    values[i] = copysign (pow (10, -4 + 1.5 * fabs (values[i])), values[i]);
  plot = plot_data_make_range (values, N_VALUES, -100, 100, &scale);
  add_percentiles (plot, values);
  return CKPT_PLOT (plot);
}

static CkptPlot *
make_overlay (void)
{
  g_autofree double *first = make_bells (4, 0, 0.02);
  g_autofree double *second = make_bells (5, 0.008, 0.024);
  g_autofree double *third = make_bells (6, -0.03, 0.01);
  CkptPlotHistogram *plot = plot_data_make_range (first, N_VALUES, -0.1, 0.1, NULL);

  ckpt_plot_histogram_set_name (plot, "epoch_3");
  plot_data_add (plot, "epoch_7", second, N_VALUES);
  plot_data_add (plot, "model.h.0.mlp.c_fc.weight", third, N_VALUES);
  return CKPT_PLOT (plot);
}

static CkptPlot *
make_constant (void)
{
  const double values[] = { 1, 1, 1, 1 };

  return CKPT_PLOT (plot_data_make_histogram (values, G_N_ELEMENTS (values), FALSE));
}

static CkptPlot *
make_nothing (void)
{
  const double values[] = { NAN, NAN };

  return CKPT_PLOT (plot_data_make_histogram (values, G_N_ELEMENTS (values), FALSE));
}

static CkptPlot *
make_boxes (guint n_layers)
{
  g_autofree CkptPlotBox *boxes = g_new0 (CkptPlotBox, n_layers);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  static const char *const parts[] = { "attn.c_attn.weight", "attn.c_attn.bias", "ln_1.weight",
                                       "mlp.c_fc.weight" };
  guint64 state = 7;

  for (guint i = 0; i < n_layers; i++)
    {
      double middle = i % 4 == 2 ? 1 : 0.02 * make_bell (&state);
      double spread = i % 4 == 2 ? 0.1 : 0.1 + 0.05 * fabs (make_bell (&state));

      g_ptr_array_add (names, g_strdup_printf ("transformer.h.%u.%s", i / 4, parts[i % 4]));
      boxes[i] = (CkptPlotBox) { names->pdata[i],       1000,
                                 i == 9 ? 3 : 0,        i == 14 ? 1 : 0,
                                 middle - 4 * spread,   middle - 2.3 * spread,
                                 middle - 0.7 * spread, middle,
                                 middle + 0.7 * spread, middle + 2.3 * spread,
                                 middle + 5 * spread };
    }
  return CKPT_PLOT (ckpt_plot_box_strip_new (boxes, n_layers));
}

static CkptPlot *
make_box_strip (void)
{
  return make_boxes (N_LAYERS);
}

static CkptPlot *
make_symlog_boxes (void)
{
  const CkptScale scale = { CKPT_SCALE_SYMLOG, 0.01 };
  CkptPlot *plot = make_boxes (N_LAYERS);

  ckpt_plot_box_strip_set_scale (CKPT_PLOT_BOX_STRIP (plot), &scale);
  return plot;
}

static CkptPlot *
make_many_boxes (void)
{
  return make_boxes (5000);
}

static CkptPlot *
make_heatmap_of (guint n_rows, guint n_columns, double offset, gboolean with_specials)
{
  g_autofree double *values = g_new (double, n_rows *n_columns);
  CkptPlotHeatmap *plot;

  for (guint i = 0; i < n_rows * n_columns; i++)
    {
      double row = i / n_columns;
      double column = i % n_columns;

      values[i] = offset + 0.1 * sin (row / 5 + column / 9) * cos (column / 23);
      if (with_specials && i % 37 == 3)
        values[i] = i % 3 == 0 ? NAN : i % 3 == 1 ? INFINITY : -INFINITY;
    }
  plot = ckpt_plot_heatmap_new (values, n_rows, n_columns);
  return CKPT_PLOT (plot);
}

static CkptPlot *
make_heatmap (void)
{
  return make_heatmap_of (48, 96, 0, FALSE);
}

static CkptPlot *
make_sequential_heatmap (void)
{
  const CkptPlotHeatmapIndex rows = { 1000, 8, 0 };
  const CkptPlotHeatmapIndex columns = { 0, 32, 0 };
  CkptPlot *plot = make_heatmap_of (48, 96, 0.11, FALSE);

  ckpt_plot_heatmap_set_indices (CKPT_PLOT_HEATMAP (plot), &rows, &columns);
  ckpt_plot_heatmap_set_reduction (CKPT_PLOT_HEATMAP (plot), "mean");
  return plot;
}

static CkptPlot *
make_special_heatmap (void)
{
  return make_heatmap_of (12, 24, 0, TRUE);
}

static CkptPlot *
make_sparkline (void)
{
  g_autofree double *values = make_bells (8, 0, 1);

  return CKPT_PLOT (plot_data_make_sparkline (values, N_VALUES));
}

static CkptPlot *
make_flagged_sparkline (void)
{
  g_autofree double *values = make_bells (9, 0, 1);

  values[17] = NAN;
  return CKPT_PLOT (plot_data_make_sparkline (values, N_VALUES));
}

static const PlotScene scenes[] = {
  { "histogram", make_histogram, 400, 200, TRUE },
  { "histogram-log-counts", make_log_counts, 400, 200, FALSE },
  { "histogram-symlog", make_symlog, 400, 200, FALSE },
  { "histogram-specials", make_specials, 400, 200, FALSE },
  { "histogram-tails", make_tails, 400, 200, FALSE },
  { "histogram-overlay", make_overlay, 400, 200, TRUE },
  { "histogram-constant", make_constant, 200, 120, FALSE },
  { "histogram-nothing", make_nothing, 200, 120, FALSE },
  { "boxes", make_box_strip, 400, 200, TRUE },
  { "boxes-symlog", make_symlog_boxes, 400, 200, FALSE },
  { "boxes-many", make_many_boxes, 400, 240, FALSE },
  { "heatmap", make_heatmap, 400, 200, TRUE },
  { "heatmap-sequential", make_sequential_heatmap, 400, 200, FALSE },
  { "heatmap-specials", make_special_heatmap, 400, 200, FALSE },
  { "sparkline", make_sparkline, 64, 16, TRUE },
  { "sparkline-flagged", make_flagged_sparkline, 64, 16, TRUE },
};

guint
plot_scenes_get_n (void)
{
  return G_N_ELEMENTS (scenes);
}

const PlotScene *
plot_scenes_get (guint i)
{
  return &scenes[i];
}
