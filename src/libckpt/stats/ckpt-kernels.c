/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-kernels.h"

#include <math.h>
#include <string.h>

/* Sums that are made side by side. All instances of a kernel add the same numbers in the same order, whatever the width of their vectors,
 * so that all give the same bits; the build forbids the compiler to fuse multiplications and additions. */
#define N_LANES 16

/* What the lanes hold, and then what the rest adds to them. */
typedef struct
{
  double sum[N_LANES];
  double squares[N_LANES];
} Lanes;

static void
finish (CkptFigures *figures, const Lanes *lanes)
{
  figures->sum = figures->squares = 0;
  for (guint i = 0; i < N_LANES; i++)
    {
      figures->sum += lanes->sum[i];
      figures->squares += lanes->squares[i];
    }
}

static void
take_one (CkptFigures *figures, Lanes *lanes, guint lane, double value, double shift)
{
  lanes->sum[lane] += value - shift;
  lanes->squares[lane] += (value - shift) * (value - shift);
  figures->min = value < figures->min ? value : figures->min;
  figures->max = value > figures->max ? value : figures->max;
  figures->n_zero += value == 0;
}

static void
take_lane (CkptFigures *figures, double low, double high, guint64 n_zero, guint64 bits)
{
  figures->min = MIN (figures->min, low);
  figures->max = MAX (figures->max, high);
  figures->n_zero += n_zero;
  figures->bits |= bits;
}

static void
take_rest_float32 (CkptFigures *figures, Lanes *lanes, const guint8 *bytes, gsize n, double shift)
{
  for (guint i = 0; i < n; i++)
    {
      guint32 bits;
      float value;

      memcpy (&bits, bytes + i * sizeof bits, sizeof bits);
      memcpy (&value, bytes + i * sizeof value, sizeof value);
      figures->bits |= bits;
      take_one (figures, lanes, i, value, shift);
    }
}

static void
take_rest_float64 (CkptFigures *figures, Lanes *lanes, const guint8 *bytes, gsize n, double shift)
{
  for (guint i = 0; i < n; i++)
    {
      guint64 bits;
      double value;

      memcpy (&bits, bytes + i * sizeof bits, sizeof bits);
      memcpy (&value, bytes + i * sizeof value, sizeof value);
      figures->bits |= bits;
      take_one (figures, lanes, i, value, shift);
    }
}

#define CHOOSE(mask, first, second) (((first) & (mask)) | ((second) & ~(mask)))

#define KERNEL_WIDTH 16
#define KERNEL_ATTRIBUTE
#define NAME(what) what##_plain
#include "stats/ckpt-kernels-template.c"
#undef KERNEL_WIDTH
#undef KERNEL_ATTRIBUTE
#undef NAME

#ifdef __x86_64__
#define KERNEL_WIDTH     32
#define KERNEL_ATTRIBUTE __attribute__ ((target ("avx2")))
#define NAME(what)       what##_avx2
#include "stats/ckpt-kernels-template.c"
#endif

static gboolean plain_only;

static gboolean
has_avx2 (void)
{
#ifdef __x86_64__
  return !plain_only && __builtin_cpu_supports ("avx2");
#else
  return FALSE;
#endif
}

/**
 * ckpt_kernel_float32:
 * @items: @n float32 numbers in host order, not necessarily aligned
 * @n: how many, at most %CKPT_KERNEL_MAX
 * @shift: a finite number
 * @figures: (out): what was found; of no numbers, the minimum is infinite and the maximum too
 *
 * Minimum, maximum and zeros mean nothing where a number is not finite. Bit for bit the same on all processors of a kind.
 */
void
ckpt_kernel_float32 (const void *items, gsize n, double shift, CkptFigures *figures)
{
  *figures = (CkptFigures) { .min = INFINITY, .max = -INFINITY };
#ifdef __x86_64__
  (has_avx2 () ? kernel_float32_avx2 : kernel_float32_plain) (items, n, shift, figures);
#else
  kernel_float32_plain (items, n, shift, figures);
#endif
}

/**
 * ckpt_kernel_float64:
 * @items: @n float64 numbers in host order, not necessarily aligned
 * @n: how many, at most %CKPT_KERNEL_MAX
 * @shift: a finite number
 * @figures: (out): what was found; of no numbers, the minimum is infinite and the maximum too
 *
 * As ckpt_kernel_float32(). The sums overflow where the numbers are beyond 1e150.
 */
void
ckpt_kernel_float64 (const void *items, gsize n, double shift, CkptFigures *figures)
{
  *figures = (CkptFigures) { .min = INFINITY, .max = -INFINITY };
#ifdef __x86_64__
  (has_avx2 () ? kernel_float64_avx2 : kernel_float64_plain) (items, n, shift, figures);
#else
  kernel_float64_plain (items, n, shift, figures);
#endif
}

/**
 * ckpt_kernel_set_plain:
 * @is_plain: whether to use none but the instructions that every processor of this kind has
 *
 * For tests, before other threads run.
 */
void
ckpt_kernel_set_plain (gboolean is_plain)
{
  plain_only = is_plain;
}
