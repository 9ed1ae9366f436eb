/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-patterns.h"

#include "stats/ckpt-sketch-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Patterns of both halves of a float4 pair, and of a byte. */
#define N_NIBBLES 16
#define N_BYTES   256

/**
 * ckpt_patterns_apply:
 * @scan: what to go over
 *
 * Returns: whether its elements are numbers of at most 16 bits, each of which counts the same
 */
gboolean
ckpt_patterns_apply (const CkptScan *scan)
{
  return ckpt_dtype_get_info (scan->dtype)->item_size <= 2 && scan->overlap.counts == NULL;
}

/* From counts of two patterns at a time to those of each, with those of the @lone ones. */
static gsize
split (const CkptKeyCount *counts, gsize n, guint n_patterns, const guint64 *lone, CkptKeyCount *halves)
{
  gsize n_halves = 0;

  for (guint i = 0; i < n_patterns; i++)
    halves[i] = (CkptKeyCount) { i, lone != NULL ? lone[i] : 0 };
  for (gsize i = 0; i < n; i++)
    {
      halves[counts[i].key % n_patterns].n += counts[i].n;
      halves[counts[i].key / n_patterns].n += counts[i].n;
    }
  for (guint i = 0; i < n_patterns; i++)
    if (halves[i].n > 0)
      halves[n_halves++] = halves[i];
  return n_halves;
}

/* The numbers of patterns; of those that are not finite only how many there are. Gives the number of the others. */
static gsize
decode (const CkptScan *scan, const CkptKeyCount *counts, gsize n, CkptSketchEntry *entries, CkptStats *stats)
{
  gsize item_size = ckpt_dtype_get_info (scan->dtype)->item_size, step = ckpt_scan_is_pair (scan) ? 2 : 1;
  g_autofree guint8 *items = g_malloc (n * item_size);
  g_autofree double *values = g_new (double, step *n);
  gsize n_finite = 0;

  for (gsize i = 0; i < n; i++)
    if (item_size == 1)
      items[i] = (guint8) counts[i].key;
    else
      memcpy (items + 2 * i, &(guint16) { (guint16) counts[i].key }, 2);
  ckpt_scan_to_doubles (scan, items, n, values);
  for (gsize i = 0; i < n; i++)
    {
      double value = values[i * step];

      stats->n += counts[i].n;
      if (isfinite (value))
        entries[n_finite++] = (CkptSketchEntry) { value, value, counts[i].n };
      else if (isnan (value))
        stats->n_nan += counts[i].n;
      else if (value > 0)
        stats->n_pos_inf += counts[i].n;
      else
        stats->n_neg_inf += counts[i].n;
    }
  return n_finite;
}

static int
compare_entries (const void *a, const void *b)
{
  double first = ((const CkptSketchEntry *) a)->first, second = ((const CkptSketchEntry *) b)->first;

  return (first > second) - (first < second);
}

static gboolean
is_sorted (const CkptSketchEntry *entries, gsize n)
{
  for (gsize i = 1; i < n; i++)
    if (entries[i].first < entries[i - 1].first)
      return FALSE;
  return TRUE;
}

static void
reverse (CkptSketchEntry *entries, gsize n)
{
  for (gsize i = 0; i < n / 2; i++)
    {
      CkptSketchEntry entry = entries[i];

      entries[i] = entries[n - 1 - i];
      entries[n - 1 - i] = entry;
    }
}

static void
make_rising (CkptSketchEntry *entries, gsize n)
{
  if (n > 0 && entries[0].first > entries[n - 1].first)
    reverse (entries, n);
}

/* Patterns with the sign bit are in a row, those without are too: sorting in general would take longer than the counting. */
static void
sort_entries (CkptSketchEntry *entries, gsize n)
{
  gsize middle = 0;

  for (gsize i = 1; i < n && middle == 0; i++)
    if (signbit (entries[i].first) != signbit (entries[0].first))
      middle = i;
  make_rising (entries, middle);
  make_rising (entries + middle, n - middle);
  if (middle > 0 && entries[0].first > entries[n - 1].first)
    {
      /* Swaps both parts. */
      reverse (entries, n);
      reverse (entries, n - middle);
      reverse (entries + n - middle, middle);
    }
  if (!is_sorted (entries, n))
    qsort (entries, n, sizeof *entries, compare_entries);
}

/* Patterns that are the same number become one entry. */
static gsize
join_equal (CkptSketchEntry *entries, gsize n, guint64 times)
{
  gsize n_joined = 0;

  for (gsize i = 0; i < n; i++)
    {
      entries[i].first = entries[i].last = entries[i].first + 0.0; /* makes -0 to 0 */
      entries[i].n *= times;
      if (n_joined > 0 && entries[n_joined - 1].first == entries[i].first)
        entries[n_joined - 1].n += entries[i].n;
      else
        entries[n_joined++] = entries[i];
    }
  return n_joined;
}

static void
fill_figures (CkptStats *stats, const CkptSketchEntry *entries, gsize n)
{
  long double sum = 0, squares = 0, m2 = 0, mean;

  for (gsize i = 0; i < n; i++)
    {
      stats->n_finite += entries[i].n;
      stats->n_zero += entries[i].first == 0 ? entries[i].n : 0;
      sum += (long double) entries[i].n * entries[i].first;
      squares += entries[i].n * ((long double) entries[i].first * entries[i].first);
    }
  mean = sum / stats->n_finite;
  for (gsize i = 0; i < n; i++)
    m2 += entries[i].n * ((entries[i].first - mean) * (entries[i].first - mean));
  stats->min = entries[0].first;
  stats->max = entries[n - 1].first;
  stats->mean = CLAMP ((double) mean, stats->min, stats->max);
  stats->std = (double) sqrtl (m2 / stats->n_finite);
  stats->norm = (double) sqrtl (squares);
}

/**
 * ckpt_patterns_finish:
 * @scan: what was gone over
 * @counts: (array length=n): the patterns that were met, and how often; of elements of a byte, of two that follow each other
 * @n: how many patterns
 * @lone: (array fixed-size=256): of elements of a byte, those that are in no pair
 * @stats: (out): the figures
 *
 * Returns: (transfer full) (nullable): the exact sketch; %NULL if nothing is finite
 */
CkptSketch *
ckpt_patterns_finish (const CkptScan *scan,
                      const CkptKeyCount *counts,
                      gsize n,
                      const guint64 *lone,
                      CkptStats *stats)
{
  CkptKeyCount bytes[N_BYTES], nibbles[N_NIBBLES];
  g_autofree CkptSketchEntry *entries = NULL;
  gsize n_entries;

  *stats = (CkptStats) { .min = NAN, .max = NAN, .mean = NAN, .std = NAN };
  if (ckpt_dtype_get_info (scan->dtype)->item_size == 1)
    {
      n = split (counts, n, N_BYTES, lone, bytes);
      counts = bytes;
    }
  if (ckpt_scan_is_pair (scan))
    {
      n = split (counts, n, N_NIBBLES, NULL, nibbles);
      counts = nibbles;
    }
  entries = g_new (CkptSketchEntry, n);
  n_entries = decode (scan, counts, n, entries, stats);
  sort_entries (entries, n_entries);
  n_entries = join_equal (entries, n_entries, scan->times);
  stats->n *= scan->times;
  stats->n_nan *= scan->times;
  stats->n_pos_inf *= scan->times;
  stats->n_neg_inf *= scan->times;
  if (n_entries == 0)
    return NULL;
  fill_figures (stats, entries, n_entries);
  return ckpt_sketch_new_exact (entries, n_entries);
}
