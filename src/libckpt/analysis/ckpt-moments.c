/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-moments.h"

#include <math.h>
#include <string.h>

/* Two numbers that every processor works on at once; two such pairs, so that it need not wait for one. */
#define N_LANES 2
#define STRIDE  (2 * N_LANES)
typedef double Lanes __attribute__ ((vector_size (N_LANES * sizeof (double))));
typedef gint64 Masks __attribute__ ((vector_size (N_LANES * sizeof (double))));

typedef struct
{
  Lanes sum;
  Lanes low;
  Lanes high;
  Lanes odd; /* not 0 once something was not finite */
  Masks n_zero;
} FigureLanes;

typedef struct
{
  double sum; /* of the values less the shift */
  double min;
  double max;
  guint64 n_zero;
  gboolean is_finite;
} Figures;

/**
 * ckpt_moments_init:
 * @self: (out): moments of nothing
 * @scale: a power of two, 1 but for numbers whose squares a double cannot hold
 */
void
ckpt_moments_init (CkptMoments *self, double scale)
{
  memset (self, 0, sizeof *self);
  self->scale = scale;
  self->counts.min = INFINITY;
  self->counts.max = -INFINITY;
}

static void
take_one (Figures *figures, double value, double shift)
{
  figures->sum += value - shift;
  figures->min = MIN (figures->min, value);
  figures->max = MAX (figures->max, value);
  figures->n_zero += value == 0;
  figures->is_finite = figures->is_finite && isfinite (value);
}

static inline void
take_lanes (FigureLanes *lanes, const double *values, double shift)
{
  Lanes value;
  Masks is_low, is_high;

  memcpy (&value, values, sizeof value);
  is_low = value < lanes->low;
  is_high = value > lanes->high;
  lanes->low = (Lanes) (((Masks) value & is_low) | ((Masks) lanes->low & ~is_low));
  lanes->high = (Lanes) (((Masks) value & is_high) | ((Masks) lanes->high & ~is_high));
  lanes->sum += value - shift;
  lanes->odd += value - value; /* NaN for what is not finite */
  lanes->n_zero -= value == 0;
}

static void
take_figure_lanes (Figures *figures, const FigureLanes *lanes)
{
  for (guint i = 0; i < N_LANES; i++)
    {
      figures->sum += lanes->sum[i];
      figures->min = MIN (figures->min, lanes->low[i]);
      figures->max = MAX (figures->max, lanes->high[i]);
      figures->n_zero += lanes->n_zero[i];
      figures->is_finite = figures->is_finite && lanes->odd[i] == 0;
    }
}

static Figures
take_figures (const double *values, gsize n, double shift)
{
  Figures figures = { .min = INFINITY, .max = -INFINITY, .is_finite = TRUE };
  FigureLanes even = { .low = { INFINITY, INFINITY }, .high = { -INFINITY, -INFINITY } };
  FigureLanes odd = even;
  gsize i;

  for (i = 0; i + STRIDE <= n; i += STRIDE)
    {
      take_lanes (&even, values + i, shift);
      take_lanes (&odd, values + i + N_LANES, shift);
    }
  take_figure_lanes (&figures, &even);
  take_figure_lanes (&figures, &odd);
  for (; i < n; i++)
    take_one (&figures, values[i], shift);
  return figures;
}

static inline void
take_square_lanes (Lanes *squares, const double *values, double shift, double mean)
{
  Lanes value;

  memcpy (&value, values, sizeof value);
  value = value - shift - mean;
  *squares += value * value;
}

/* Sum of the squares of the values less @shift less @mean. */
static double
take_squares (const double *values, gsize n, double shift, double mean)
{
  Lanes even = { 0 }, odd = { 0 };
  double squares = 0;
  gsize i;

  for (i = 0; i + STRIDE <= n; i += STRIDE)
    {
      take_square_lanes (&even, values + i, shift, mean);
      take_square_lanes (&odd, values + i + N_LANES, shift, mean);
    }
  for (; i < n; i++)
    squares += (values[i] - shift - mean) * (values[i] - shift - mean);
  for (guint lane = 0; lane < N_LANES; lane++)
    squares += even[lane] + odd[lane];
  return squares;
}

static void
add_finite (CkptMoments *self, const double *values, gsize n, guint64 times, const Figures *figures)
{
  double n_before = (double) self->counts.n_finite, n_added = (double) n * times;
  double mean = figures->sum / n;
  double squares = take_squares (values, n, self->shift, mean) * times;
  double delta = mean - self->mean;

  self->counts.n_finite += n * times;
  self->counts.n_zero += figures->n_zero * times;
  self->counts.min = MIN (self->counts.min, figures->min);
  self->counts.max = MAX (self->counts.max, figures->max);
  self->mean += delta * (n_added / (n_before + n_added));
  self->m2 += squares + delta * delta * (n_before * (n_added / (n_before + n_added)));
}

/* Counts what is not finite; gives the number of the others, which are copied to the scratch. */
static gsize
set_apart (CkptMoments *self, const double *values, gsize n, guint64 times)
{
  gsize n_finite = 0;

  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      self->scratch[n_finite++] = values[i];
    else if (isnan (values[i]))
      self->counts.n_nan += times;
    else if (values[i] > 0)
      self->counts.n_pos_inf += times;
    else
      self->counts.n_neg_inf += times;
  return n_finite;
}

static void
scale_values (double *scaled, const double *values, gsize n, double scale)
{
  for (gsize i = 0; i < n; i++)
    scaled[i] = values[i] * scale;
}

/**
 * ckpt_moments_add:
 * @self: moments
 * @values: (array length=n): some values
 * @n: how many, at most %CKPT_SCAN_BLOCK
 * @times: how many times each of them counts
 */
void
ckpt_moments_add (CkptMoments *self, const double *values, gsize n, guint64 times)
{
  Figures figures;

  g_return_if_fail (n <= CKPT_SCAN_BLOCK);

  self->counts.n += n * times;
  if (self->scale != 1)
    {
      scale_values (self->scratch, values, n, self->scale);
      values = self->scratch;
    }
  figures = take_figures (values, n, self->shift);
  if (!figures.is_finite)
    {
      n = set_apart (self, values, n, times);
      values = self->scratch;
      figures = take_figures (values, n, self->shift);
    }
  if (n == 0)
    return;
  if (self->counts.n_finite == 0 && isfinite (figures.sum))
    {
      self->shift = figures.sum / n;
      figures = take_figures (values, n, self->shift);
    }
  add_finite (self, values, n, times, &figures);
}

/**
 * ckpt_moments_finish:
 * @self: moments
 * @stats: (out): the statistics of all that was added
 */
void
ckpt_moments_finish (const CkptMoments *self, CkptStats *stats)
{
  *stats = self->counts;
  if (stats->n_finite == 0)
    {
      stats->min = stats->max = stats->mean = stats->std = NAN;
      stats->norm = 0;
    }
  else
    {
      stats->min = self->counts.min / self->scale;
      stats->max = self->counts.max / self->scale;
      stats->mean = CLAMP ((self->shift + self->mean) / self->scale, stats->min, stats->max);
      stats->std = sqrt (MAX (self->m2, 0) / stats->n_finite) / self->scale;
      stats->norm = sqrt ((double) stats->n_finite) * hypot (stats->mean, stats->std);
    }
}
