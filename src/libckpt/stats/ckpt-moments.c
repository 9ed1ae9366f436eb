/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-moments.h"

#include "stats/ckpt-fits.h"
#include "stats/ckpt-kernels.h"

#include <math.h>
#include <string.h>

/* Beyond these magnitudes the sums of squares leave the range of a double. */
#define LARGE 0x1p400
#define SMALL 0x1p-400
/* What then brings them back. */
#define RANGE_EXPONENT 600

/* Lowest bits of float32 and float64 that numbers of half precision do not have. */
#define FLOAT32_BITS_OF_BFLOAT16 0xffff
#define FLOAT32_BITS_OF_FLOAT16  0x1fff
#define FLOAT64_BITS_OF_BFLOAT16 ((G_GUINT64_CONSTANT (1) << 45) - 1)
#define FLOAT64_BITS_OF_FLOAT16  ((G_GUINT64_CONSTANT (1) << 42) - 1)

/**
 * ckpt_moments_init:
 * @self: (out): moments of nothing
 * @wants_fits: whether to find out if the numbers are bfloat16 or float16 ones
 */
void
ckpt_moments_init (CkptMoments *self, gboolean wants_fits)
{
  memset (self, 0, sizeof *self);
  self->counts.min = INFINITY;
  self->counts.max = -INFINITY;
  self->wants_fits = self->fits_bfloat16 = self->fits_float16 = wants_fits;
}

/* To numbers times a smaller power of two. */
static void
raise_range (CkptMoments *self, int range)
{
  int exponent = -RANGE_EXPONENT * (range - self->range);

  self->shift = ldexp (self->shift, exponent);
  self->mean = ldexp (self->mean, exponent);
  self->m2 = ldexp (self->m2, 2 * exponent);
  self->range = range;
}

/* Adds the sums of other numbers: Chan, Golub and LeVeque, Updating Formulae and a Pairwise Algorithm for Computing Sample Variances, 1979. */
static void
add_sums (CkptMoments *self, double n, const CkptMoments *other, double n_other)
{
  CkptMoments raised = *other;
  double mean, delta;

  if (n == 0)
    {
      self->range = other->range;
      self->shift = other->shift;
      self->mean = other->mean;
      self->m2 = other->m2;
      return;
    }
  if (self->range < raised.range)
    raise_range (self, raised.range);
  else if (self->range > raised.range)
    raise_range (&raised, self->range);
  mean = (raised.shift - self->shift) + raised.mean;
  delta = mean - self->mean;
  self->mean += delta * (n_other / (n + n_other));
  self->m2 += raised.m2 + delta * delta * (n * (n_other / (n + n_other)));
}

/* Adds finite numbers, whose minimum, maximum and zeros are those of @figures and whose sums are those of @sums, less @shift. */
static void
add_finite (CkptMoments *self,
            const CkptFigures *figures,
            const CkptFigures *sums,
            gsize n,
            guint64 times,
            double shift,
            int range)
{
  double n_before = (double) self->counts.n_finite;
  CkptMoments added = { .range = range, .shift = shift };

  added.mean = sums->sum / n;
  added.m2 = MAX (sums->squares - sums->sum * added.mean, 0) * times;
  add_sums (self, n_before, &added, (double) n * times);
  self->counts.n_finite += n * times;
  self->counts.n_zero += figures->n_zero * times;
  self->counts.min = MIN (self->counts.min, figures->min);
  self->counts.max = MAX (self->counts.max, figures->max);
}

/* Numbers of other magnitudes than usual are brought near 1 before they are squared. */
static void
add_extreme (CkptMoments *self, const double *values, gsize n, guint64 times, const CkptFigures *figures)
{
  double largest = MAX (fabs (figures->min), fabs (figures->max));
  int range = largest > LARGE ? 1 : largest < SMALL && largest > 0 ? -1 : 0;
  double scaled[CKPT_KERNEL_MAX], shift;
  CkptFigures sums;

  for (gsize i = 0; i < n; i++)
    scaled[i] = range == 0 ? values[i] : ldexp (values[i], -RANGE_EXPONENT * range);
  shift = self->counts.n_finite > 0 && self->range == range ? self->shift : scaled[0];
  ckpt_kernel_float64 (scaled, n, shift, &sums);
  add_finite (self, figures, &sums, n, times, shift, range);
}

static gboolean
is_usual (const CkptFigures *figures)
{
  double largest = MAX (fabs (figures->min), fabs (figures->max));

  return isfinite (figures->squares) && largest <= LARGE && (largest >= SMALL || largest == 0);
}

static void
count_not_finite (CkptMoments *self, double value, guint64 times)
{
  if (isnan (value))
    self->counts.n_nan += times;
  else if (value > 0)
    self->counts.n_pos_inf += times;
  else
    self->counts.n_neg_inf += times;
}

static void
check_fits (CkptMoments *self, const double *values, gsize n, guint64 bits)
{
  if (self->fits_bfloat16)
    self->fits_bfloat16 = (bits & FLOAT64_BITS_OF_BFLOAT16) == 0 && ckpt_fits_bfloat16 (values, n);
  if (self->fits_float16)
    self->fits_float16 = (bits & FLOAT64_BITS_OF_FLOAT16) == 0 && ckpt_fits_float16 (values, n);
}

static void
add_finite_doubles (CkptMoments *self,
                    const double *values,
                    gsize n,
                    guint64 times,
                    double shift,
                    const CkptFigures *figures)
{
  if (self->wants_fits)
    check_fits (self, values, n, figures->bits);
  if (self->range == 0 && is_usual (figures))
    add_finite (self, figures, figures, n, times, shift, 0);
  else
    add_extreme (self, values, n, times, figures);
}

static double
choose_shift (const CkptMoments *self, double first)
{
  return self->counts.n_finite > 0 && self->range == 0 ? self->shift : isfinite (first) ? first : 0;
}

static void
set_apart (CkptMoments *self, const double *values, gsize n, guint64 times)
{
  double finite[CKPT_KERNEL_MAX], shift;
  CkptFigures figures;
  gsize n_finite = 0;

  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      finite[n_finite++] = values[i];
    else
      count_not_finite (self, values[i], times);
  if (n_finite == 0)
    return;
  shift = choose_shift (self, finite[0]);
  ckpt_kernel_float64 (finite, n_finite, shift, &figures);
  add_finite_doubles (self, finite, n_finite, times, shift, &figures);
}

/**
 * ckpt_moments_add_doubles:
 * @self: moments
 * @values: (array length=n): some numbers
 * @n: how many
 * @times: how many times each of them counts
 */
void
ckpt_moments_add_doubles (CkptMoments *self, const double *values, gsize n, guint64 times)
{
  self->counts.n += n * times;
  for (gsize done = 0, n_now; done < n; done += n_now, values += n_now)
    {
      double shift = choose_shift (self, values[0]);
      CkptFigures figures;

      n_now = MIN (n - done, CKPT_KERNEL_MAX);
      ckpt_kernel_float64 (values, n_now, shift, &figures);
      /* Of finite numbers too the sum may overflow; that is then found out there. */
      if (isfinite (figures.sum))
        add_finite_doubles (self, values, n_now, times, shift, &figures);
      else
        set_apart (self, values, n_now, times);
    }
}

static void
set_floats_apart (CkptMoments *self, const guint8 *bytes, gsize n)
{
  double values[CKPT_KERNEL_MAX];

  for (gsize i = 0; i < n; i++)
    {
      float value;

      memcpy (&value, bytes + i * sizeof value, sizeof value);
      values[i] = value;
    }
  set_apart (self, values, n, 1);
}

static void
check_floats_fit (CkptMoments *self, const void *items, gsize n, guint64 bits)
{
  if (bits << 33 == 0)
    return;
  self->fits_bfloat16 = self->fits_bfloat16 && (bits & FLOAT32_BITS_OF_BFLOAT16) == 0;
  self->fits_float16 = self->fits_float16 && (bits & FLOAT32_BITS_OF_FLOAT16) == 0 &&
                       ckpt_fits_float16_floats (items, n);
}

/**
 * ckpt_moments_add_floats:
 * @self: moments
 * @items: @n float32 numbers in host order, not necessarily aligned
 * @n: how many
 *
 * As ckpt_moments_add_doubles() with the same numbers, but faster.
 */
void
ckpt_moments_add_floats (CkptMoments *self, const void *items, gsize n)
{
  const guint8 *bytes = items;

  self->counts.n += n;
  for (gsize done = 0, n_now; done < n; done += n_now, bytes += n_now * sizeof (float))
    {
      CkptFigures figures;
      double shift;
      float first;

      memcpy (&first, bytes, sizeof first);
      shift = choose_shift (self, first);
      n_now = MIN (n - done, CKPT_KERNEL_MAX);
      ckpt_kernel_float32 (bytes, n_now, shift, &figures);
      if (isfinite (figures.sum))
        {
          check_floats_fit (self, bytes, n_now, figures.bits);
          add_finite (self, &figures, &figures, n_now, 1, shift, 0);
        }
      else
        set_floats_apart (self, bytes, n_now);
    }
}

/**
 * ckpt_moments_merge:
 * @self: (inout): moments of some numbers
 * @other: those of others
 *
 * Makes @self the moments of all of them. The order matters for rounding.
 */
void
ckpt_moments_merge (CkptMoments *self, const CkptMoments *other)
{
  CkptStats *counts = &self->counts;

  if (other->counts.n_finite > 0)
    add_sums (self, (double) counts->n_finite, other, (double) other->counts.n_finite);
  counts->n += other->counts.n;
  counts->n_nan += other->counts.n_nan;
  counts->n_pos_inf += other->counts.n_pos_inf;
  counts->n_neg_inf += other->counts.n_neg_inf;
  counts->n_zero += other->counts.n_zero;
  counts->n_finite += other->counts.n_finite;
  counts->n_missing += other->counts.n_missing;
  counts->min = MIN (counts->min, other->counts.min);
  counts->max = MAX (counts->max, other->counts.max);
  self->fits_bfloat16 = self->fits_bfloat16 && other->fits_bfloat16;
  self->fits_float16 = self->fits_float16 && other->fits_float16;
}

/**
 * ckpt_moments_finish:
 * @self: moments
 * @stats: (out): the statistics of all that was added
 */
void
ckpt_moments_finish (const CkptMoments *self, CkptStats *stats)
{
  double variance;
  int exponent = RANGE_EXPONENT * self->range;

  *stats = self->counts;
  stats->fits_bfloat16 = self->fits_bfloat16 && stats->n > 0;
  stats->fits_float16 = self->fits_float16 && stats->n > 0;
  if (stats->n_finite == 0)
    {
      stats->min = stats->max = stats->mean = stats->std = NAN;
      return;
    }
  /* -0 becomes 0, since which of both came first would matter. */
  stats->min += 0.0;
  stats->max += 0.0;
  variance = self->m2 / stats->n_finite;
  stats->mean = CLAMP (ldexp (self->shift + self->mean, exponent), stats->min, stats->max);
  stats->std = ldexp (sqrt (variance), exponent);
  stats->norm = ldexp (sqrt ((double) stats->n_finite) * hypot (self->shift + self->mean, sqrt (variance)),
                       exponent);
}
