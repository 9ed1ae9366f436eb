/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Places for distinct values at first; doubled whenever half of them are taken. */
#define FIRST_PLACES 256

struct _CkptTally
{
  CkptSketchEntry *places; /* hashed by value, free ones have no count; NULL once there are buckets */
  gsize n_places;          /* a power of two */
  gsize n_taken;
  guint64 *buckets;
  guint64 n_zero;
  double min;
  double max;
};

/**
 * ckpt_tally_new:
 *
 * Returns: (transfer full): a tally of nothing
 */
CkptTally *
ckpt_tally_new (void)
{
  CkptTally *self = g_new0 (CkptTally, 1);

  self->n_places = FIRST_PLACES;
  self->places = g_new0 (CkptSketchEntry, self->n_places);
  self->min = INFINITY;
  self->max = -INFINITY;
  return self;
}

/**
 * ckpt_tally_free:
 * @self: (nullable) (transfer full): a tally
 */
void
ckpt_tally_free (CkptTally *self)
{
  if (self == NULL)
    return;
  g_free (self->places);
  g_free (self->buckets);
  g_free (self);
}

static CkptSketchEntry *
find_place (CkptTally *self, double value)
{
  guint64 bits;
  gsize i;

  memcpy (&bits, &value, sizeof bits);
  i = (bits * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) >> 32;
  for (;; i++)
    {
      CkptSketchEntry *place = &self->places[i & (self->n_places - 1)];

      if (place->n == 0 || place->first == value)
        return place;
    }
}

static void
grow (CkptTally *self)
{
  g_autofree CkptSketchEntry *old = self->places;
  gsize n_old = self->n_places;

  self->n_places *= 2;
  self->places = g_new0 (CkptSketchEntry, self->n_places);
  for (gsize i = 0; i < n_old; i++)
    if (old[i].n > 0)
      *find_place (self, old[i].first) = old[i];
}

static void
add_to_bucket (CkptTally *self, double value, guint64 times)
{
  self->buckets[ckpt_bucket_find (value) + CKPT_BUCKET_LAST] += times;
}

static void
turn_to_buckets (CkptTally *self)
{
  g_autofree CkptSketchEntry *old = g_steal_pointer (&self->places);

  self->buckets = g_new0 (guint64, CKPT_N_BUCKETS);
  for (gsize i = 0; i < self->n_places; i++)
    if (old[i].n > 0)
      add_to_bucket (self, old[i].first, old[i].n);
}

static void
add_exact (CkptTally *self, double value, guint64 times)
{
  CkptSketchEntry *place = find_place (self, value);

  if (place->n > 0)
    {
      place->n += times;
      return;
    }
  *place = (CkptSketchEntry) { value, value, times };
  if (++self->n_taken > CKPT_SKETCH_MAX_EXACT)
    turn_to_buckets (self);
  else if (self->n_taken > self->n_places / 2)
    grow (self);
}

/**
 * ckpt_tally_add:
 * @self: a tally
 * @value: a finite value
 * @times: how often to count it
 */
void
ckpt_tally_add (CkptTally *self, double value, guint64 times)
{
  if (times == 0)
    return;
  value += 0.0; /* makes -0 to 0 */
  self->min = MIN (self->min, value);
  self->max = MAX (self->max, value);
  self->n_zero += value == 0 ? times : 0;
  if (self->buckets != NULL)
    add_to_bucket (self, value, times);
  else
    add_exact (self, value, times);
}

/**
 * ckpt_tally_is_exact:
 * @self: a tally
 *
 * Returns: whether it still counts each value by itself; once it does not, it never does again
 */
gboolean
ckpt_tally_is_exact (CkptTally *self)
{
  return self->buckets == NULL;
}

/**
 * ckpt_tally_add_buckets:
 * @self: a tally that is not exact
 * @counts: (array length=n): buckets, by how far they are above -%CKPT_BUCKET_LAST, and how many whole numbers are in each
 * @n: how many buckets
 * @times: how often to count each
 * @stats: figures of all numbers, those that were added before too
 */
void
ckpt_tally_add_buckets (CkptTally *self,
                        const CkptKeyCount *counts,
                        gsize n,
                        guint64 times,
                        const CkptStats *stats)
{
  g_return_if_fail (self->buckets != NULL);

  for (gsize i = 0; i < n; i++)
    self->buckets[counts[i].key] += counts[i].n * times;
  self->n_zero = stats->n_zero;
  self->min = stats->min;
  self->max = stats->max;
}

/**
 * ckpt_tally_add_sketch:
 * @self: a tally
 * @sketch: a sketch, of values of any type
 *
 * Adds all that it counts.
 */
void
ckpt_tally_add_sketch (CkptTally *self, CkptSketch *sketch)
{
  CkptSketchEntry entry;
  CkptSketchIter iter;
  gboolean is_exact = ckpt_sketch_is_exact (sketch);

  if (!is_exact && self->buckets == NULL)
    turn_to_buckets (self);
  ckpt_sketch_iter_init (&iter, sketch);
  while (ckpt_sketch_iter_next (&iter, &entry))
    if (is_exact)
      ckpt_tally_add (self, entry.first, entry.n);
    else
      add_to_bucket (self, entry.first, entry.n);
  if (is_exact)
    return;
  self->n_zero += ckpt_sketch_get_n_zero (sketch);
  self->min = MIN (self->min, ckpt_sketch_get_min (sketch));
  self->max = MAX (self->max, ckpt_sketch_get_max (sketch));
}

static int
compare_entries (const void *a, const void *b)
{
  double first = ((const CkptSketchEntry *) a)->first, second = ((const CkptSketchEntry *) b)->first;

  return (first > second) - (first < second);
}

static CkptSketch *
bucket_sketch (CkptTally *self)
{
  g_autofree CkptKeyCount *counts = g_new (CkptKeyCount, CKPT_N_BUCKETS);
  gsize n = 0;

  for (guint i = 0; i < CKPT_N_BUCKETS; i++)
    if (self->buckets[i] > 0)
      counts[n++] = (CkptKeyCount) { i, self->buckets[i] };
  return ckpt_sketch_new_buckets (counts, n, self->min, self->max, self->n_zero);
}

/**
 * ckpt_tally_to_sketch:
 * @self: a tally, which is of no use afterwards
 *
 * Returns: (transfer full) (nullable): what it counted; %NULL if that is nothing
 */
CkptSketch *
ckpt_tally_to_sketch (CkptTally *self)
{
  gsize n = 0;

  if (self->max < self->min)
    return NULL;
  if (self->buckets != NULL)
    return bucket_sketch (self);
  for (gsize i = 0; i < self->n_places; i++)
    if (self->places[i].n > 0)
      self->places[n++] = self->places[i];
  qsort (self->places, n, sizeof *self->places, compare_entries);
  return ckpt_sketch_new_exact (self->places, n);
}

/**
 * ckpt_sketch_merge:
 * @sketches: (array length=n): sketches, of values of any types
 * @n: how many, at least 1
 *
 * Exact where all are and there are at most %CKPT_SKETCH_MAX_EXACT distinct values in all. The order does not matter.
 *
 * Returns: (transfer full): the sketch of all values
 */
CkptSketch *
ckpt_sketch_merge (CkptSketch *const *sketches, gsize n)
{
  g_autoptr (CkptTally) tally = NULL;

  g_return_val_if_fail (sketches != NULL && n > 0, NULL);

  if (n == 1)
    return ckpt_sketch_ref (sketches[0]);
  tally = ckpt_tally_new ();
  for (gsize i = 0; i < n; i++)
    ckpt_tally_add_sketch (tally, sketches[i]);
  return ckpt_tally_to_sketch (tally);
}
