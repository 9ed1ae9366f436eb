/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-bucket.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Bits of a double's mantissa that a bucket does not tell apart, and its exponent's offset from that of float32. */
#define DROPPED_BITS 45
#define REBASE       ((1023 - 127) << 7)

/**
 * ckpt_bucket_find:
 * @value: a finite value
 *
 * A bucket has the values of one sign, one exponent (clamped to those of float32) and the same first seven bits of mantissa: those
 * whose upper 16 bits are the same once written as float32 without rounding. So values of all types have the same buckets.
 *
 * Returns: its bucket, -%CKPT_BUCKET_LAST to %CKPT_BUCKET_LAST, in the order of the values
 */
int
ckpt_bucket_find (double value)
{
  double magnitude = fabs (value);
  guint64 bits;
  int bucket;

  if (magnitude < 0x1p-126)
    bucket = (int) (magnitude * 0x1p133);
  else
    {
      memcpy (&bits, &magnitude, sizeof bits);
      bucket = (int) MIN ((bits >> DROPPED_BITS) - REBASE, CKPT_BUCKET_LAST);
    }
  return value < 0 ? -bucket : bucket;
}

/* The least magnitude of a bucket. */
static double
get_least (int bucket)
{
  guint64 bits;
  double value;

  if (bucket < 0x80)
    return ldexp (bucket, -133);
  bits = (guint64) (bucket + REBASE) << DROPPED_BITS;
  memcpy (&value, &bits, sizeof value);
  return value;
}

/**
 * ckpt_bucket_get_range:
 * @bucket: a bucket
 * @first: (out): the lowest double in it
 * @last: (out): the highest
 */
void
ckpt_bucket_get_range (int bucket, double *first, double *last)
{
  int magnitude = ABS (bucket);
  double low = get_least (magnitude);
  double high = magnitude == CKPT_BUCKET_LAST ? DBL_MAX : nextafter (get_least (magnitude + 1), 0);

  if (bucket == 0)
    low = -high;
  *first = bucket < 0 ? -high : low;
  *last = bucket < 0 ? -low : high;
}
