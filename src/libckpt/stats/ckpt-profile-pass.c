/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-profile-pass.h"

#include "stats/ckpt-moments.h"
#include "stats/ckpt-patterns.h"
#include "stats/ckpt-tally.h"

#include <math.h>

/* Key of a number in no bucket. */
#define NO_BUCKET 0xffff

typedef struct
{
  CkptPass base;
  CkptMoments *blocks;  /* of each block; NULL where all follows from the counts */
  CkptKeyCount *counts; /* of the first run, */
  gsize n_counts;       /* sorted by key */
  guint64 *sums;        /* of all runs, by key, once there are several */
  CkptTally *tally;     /* for elements that are not counted by keys */
  guint64 lone[256];    /* elements of a byte that were left over */
} ProfilePass;

static ProfilePass *
get_pass (CkptPass *pass)
{
  return (ProfilePass *) pass;
}

static void
take_patterns (CkptPass *pass, CkptWorker *worker, guint64 block, guint8 *items, guint64 first, gsize n)
{
  if (ckpt_dtype_get_info (pass->scan.dtype)->item_size == 2)
    {
      ckpt_counter_add (worker->counter, items, n);
      return;
    }
  ckpt_counter_add (worker->counter, items, n / 2);
  if (n % 2 > 0)
    {
      g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&pass->mutex);

      get_pass (pass)->lone[items[n - 1]]++;
    }
}

static void
take_floats (CkptPass *pass, CkptWorker *worker, guint64 block, guint8 *items, guint64 first, gsize n)
{
  CkptMoments *moments = &get_pass (pass)->blocks[block];
  gsize n_now;

  for (; n > 0; n -= n_now, items += n_now * sizeof (float))
    {
      n_now = MIN (n, CKPT_KERNEL_MAX);
      ckpt_moments_add_floats (moments, items, n_now);
      ckpt_counter_add_upper (worker->counter, items, n_now);
    }
}

static void
count_buckets (CkptWorker *worker, const double *values, gsize n)
{
  guint16 *keys = (guint16 *) worker->keys;

  for (gsize i = 0; i < n; i++)
    keys[i] = isfinite (values[i]) ? (guint16) (ckpt_bucket_find (values[i]) + CKPT_BUCKET_LAST) : NO_BUCKET;
  ckpt_counter_add (worker->counter, keys, n);
}

static void
take_doubles (CkptPass *pass, CkptWorker *worker, guint64 block, guint8 *items, guint64 first, gsize n)
{
  gsize item_size = ckpt_dtype_get_info (pass->scan.dtype)->item_size, n_now;

  for (; n > 0; n -= n_now, items += n_now * item_size)
    {
      n_now = MIN (n, CKPT_KERNEL_MAX);
      ckpt_scan_to_doubles (&pass->scan, items, n_now, worker->values);
      ckpt_moments_add_doubles (&get_pass (pass)->blocks[block], worker->values, n_now, 1);
      count_buckets (worker, worker->values, n_now);
    }
}

/* How far whole numbers are above the lowest of them, for a counter. */
static void
count_offsets (CkptWorker *worker, const double *values, gsize n, double low)
{
  guint16 *keys = (guint16 *) worker->keys;

  for (gsize i = 0; i < n; i++)
    keys[i] = (guint16) (values[i] - low);
  ckpt_counter_add (worker->counter, keys, n);
}

static void
tally_offsets (ProfilePass *self, CkptWorker *worker, double low)
{
  gsize n = ckpt_counter_drain (worker->counter, worker->counts);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->base.mutex);

  for (gsize i = 0; i < n; i++)
    ckpt_tally_add (self->tally, low + worker->counts[i].key, worker->counts[i].n * self->base.scan.times);
}

/* FALSE, with nothing added, once there are too many distinct values for a tally. */
static gboolean
tally_values (ProfilePass *self, const double *values, gsize n)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->base.mutex);

  if (!ckpt_tally_is_exact (self->tally))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    ckpt_tally_add (self->tally, values[i], self->base.scan.times);
  return TRUE;
}

static void
find_range (CkptPass *pass,
            CkptWorker *worker,
            CkptMoments *moments,
            const guint8 *items,
            gsize n,
            double *low,
            double *high)
{
  gsize item_size = ckpt_dtype_get_info (pass->scan.dtype)->item_size, n_now;

  for (; n > 0; n -= n_now, items += n_now * item_size)
    {
      CkptMoments part;

      n_now = MIN (n, CKPT_KERNEL_MAX);
      ckpt_scan_to_doubles (&pass->scan, items, n_now, worker->values);
      ckpt_moments_init (&part, FALSE);
      ckpt_moments_add_doubles (&part, worker->values, n_now, 1);
      ckpt_moments_merge (moments, &part);
      *low = MIN (*low, part.counts.min);
      *high = MAX (*high, part.counts.max);
    }
}

/* Whole numbers are counted one by one: those that are close together without looking each up. Once there are too many, what this thread
 * counts are buckets, and stay in its counter to the end of the run. */
static void
take_whole (CkptPass *pass, CkptWorker *worker, guint64 block, guint8 *items, guint64 first, gsize n)
{
  ProfilePass *self = get_pass (pass);
  gsize item_size = ckpt_dtype_get_info (pass->scan.dtype)->item_size, n_now;
  double low = INFINITY, high = -INFINITY;
  gboolean is_narrow;

  find_range (pass, worker, &self->blocks[block], items, n, &low, &high);
  is_narrow = high - low < CKPT_COUNTER_KEYS && tally_values (self, NULL, 0);
  for (gsize done = 0; done < n; done += n_now)
    {
      n_now = MIN (n - done, CKPT_KERNEL_MAX);
      ckpt_scan_to_doubles (&pass->scan, items + done * item_size, n_now, worker->values);
      if (is_narrow)
        count_offsets (worker, worker->values, n_now, low);
      else if (!tally_values (self, worker->values, n_now))
        count_buckets (worker, worker->values, n_now);
    }
  if (is_narrow)
    tally_offsets (self, worker, low);
}

/* Elements that do not all count the same, with one call for those in a row that do. */
static void
take_weighted (CkptPass *pass, CkptWorker *worker, guint64 block, guint8 *items, guint64 first, gsize n)
{
  ProfilePass *self = get_pass (pass);
  const CkptOverlap *overlap = &pass->scan.overlap;
  gsize item_size = ckpt_dtype_get_info (pass->scan.dtype)->item_size, n_now;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&pass->mutex);

  for (gsize done = 0; done < n; done += n_now)
    {
      guint64 times = overlap->counts[(first + done) % overlap->extent];

      for (n_now = 1; n_now < MIN (n - done, CKPT_KERNEL_MAX); n_now++)
        if (overlap->counts[(first + done + n_now) % overlap->extent] != times)
          break;
      if (times == 0)
        continue;
      times *= pass->scan.times;
      ckpt_scan_to_doubles (&pass->scan, items + done * item_size, n_now, worker->values);
      ckpt_moments_add_doubles (&self->blocks[block], worker->values, n_now, times);
      for (gsize i = 0; i < n_now; i++)
        if (isfinite (worker->values[i]))
          ckpt_tally_add (self->tally, worker->values[i], times);
    }
}

static void
end_run (CkptPass *pass, CkptWorker *worker)
{
  ProfilePass *self = get_pass (pass);
  gsize n = ckpt_counter_drain (worker->counter, worker->counts);

  if (self->counts == NULL && self->sums == NULL)
    {
      self->counts = g_memdup2 (worker->counts, MAX (n, 1) * sizeof *worker->counts);
      self->n_counts = n;
      return;
    }
  if (self->sums == NULL)
    {
      self->sums = g_new0 (guint64, CKPT_COUNTER_KEYS);
      for (gsize i = 0; i < self->n_counts; i++)
        self->sums[self->counts[i].key] = self->counts[i].n;
      g_clear_pointer (&self->counts, g_free);
    }
  for (gsize i = 0; i < n; i++)
    self->sums[worker->counts[i].key] += worker->counts[i].n;
}

static void
free_pass (CkptPass *pass)
{
  ProfilePass *self = get_pass (pass);

  g_free (self->blocks);
  g_free (self->counts);
  g_free (self->sums);
  ckpt_tally_free (self->tally);
}

static gboolean
is_whole (const CkptTensor *tensor)
{
  guint8 dtype_class = ckpt_dtype_get_info (tensor->dtype)->dtype_class;

  return dtype_class == CKPT_CLASS_SIGNED || dtype_class == CKPT_CLASS_UNSIGNED ||
         dtype_class == CKPT_CLASS_BOOL || dtype_class == CKPT_CLASS_BITS;
}

static const CkptPassClass pattern_class = { take_patterns, end_run, free_pass };
static const CkptPassClass float_class = { take_floats, end_run, free_pass };
static const CkptPassClass double_class = { take_doubles, end_run, free_pass };
static const CkptPassClass whole_class = { take_whole, end_run, free_pass };
static const CkptPassClass weighted_class = { take_weighted, end_run, free_pass };

static const CkptPassClass *
choose_class (const CkptScan *scan)
{
  if (scan->overlap.counts != NULL)
    return &weighted_class;
  if (ckpt_patterns_apply (scan))
    return &pattern_class;
  if (scan->dtype == CKPT_DTYPE_FLOAT32)
    return &float_class;
  return is_whole (scan->tensor) ? &whole_class : &double_class;
}

/**
 * ckpt_profile_pass_new:
 * @tree: a tree; must outlive the result
 * @tensor: a tensor of it
 * @error: return location for the errors of ckpt_scan_init()
 *
 * Returns: (transfer full): a pass that finds the profile of @tensor
 */
CkptPass *
ckpt_profile_pass_new (CkptTree *tree, const CkptTensor *tensor, GError **error)
{
  ProfilePass *self = g_new0 (ProfilePass, 1);
  g_autoptr (CkptPass) pass = &self->base;

  if (!ckpt_pass_init (pass, &double_class, tree, tensor, error))
    return NULL;
  pass->klass = choose_class (&pass->scan);
  if (pass->klass == &whole_class || pass->klass == &weighted_class)
    self->tally = ckpt_tally_new ();
  if (pass->klass != &pattern_class)
    self->blocks = g_new (CkptMoments, pass->scan.n_blocks);
  for (guint64 i = 0; self->blocks != NULL && i < pass->scan.n_blocks; i++)
    ckpt_moments_init (&self->blocks[i],
                       tensor->dtype == CKPT_DTYPE_FLOAT32 || tensor->dtype == CKPT_DTYPE_FLOAT64);
  return g_steal_pointer (&pass);
}

/* All that was counted by keys, sorted by key. */
static void
collect_counts (ProfilePass *self)
{
  gsize n = 0;

  if (self->sums == NULL)
    return;
  self->counts = g_new (CkptKeyCount, CKPT_COUNTER_KEYS);
  for (guint key = 0; key < CKPT_COUNTER_KEYS; key++)
    if (self->sums[key] > 0)
      self->counts[n++] = (CkptKeyCount) { key, self->sums[key] };
  self->n_counts = n;
}

/* Upper halves of float32 numbers become buckets; those of negative ones fall as their keys rise. */
static gsize
sort_buckets (const CkptKeyCount *counts, gsize n, CkptKeyCount *sorted)
{
  gsize n_sorted = 0;
  guint64 n_about_zero = 0;

  for (gsize i = n; i > 0 && counts[i - 1].key >= 0x8000; i--)
    {
      guint magnitude = counts[i - 1].key & 0x7fff;

      if (magnitude == 0)
        n_about_zero += counts[i - 1].n;
      else if (magnitude <= CKPT_BUCKET_LAST)
        sorted[n_sorted++] = (CkptKeyCount) { CKPT_BUCKET_LAST - magnitude, counts[i - 1].n };
    }
  if (n > 0 && counts[0].key == 0)
    n_about_zero += counts[0].n;
  if (n_about_zero > 0)
    sorted[n_sorted++] = (CkptKeyCount) { CKPT_BUCKET_LAST, n_about_zero };
  for (gsize i = 0; i < n && counts[i].key <= CKPT_BUCKET_LAST; i++)
    if (counts[i].key > 0)
      sorted[n_sorted++] = (CkptKeyCount) { CKPT_BUCKET_LAST + counts[i].key, counts[i].n };
  return n_sorted;
}

static CkptSketch *
sketch_buckets (ProfilePass *self, const CkptStats *stats)
{
  g_autofree CkptKeyCount *sorted = NULL;
  gsize n;

  collect_counts (self);
  n = self->n_counts;
  if (self->base.klass == &float_class)
    {
      sorted = g_new (CkptKeyCount, n + 1);
      n = sort_buckets (self->counts, n, sorted);
    }
  else
    {
      sorted = g_memdup2 (self->counts, n * sizeof *sorted);
      n -= n > 0 && sorted[n - 1].key == NO_BUCKET;
    }
  for (gsize i = 0; i < n; i++)
    sorted[i].n *= self->base.scan.times;
  return n > 0 ? ckpt_sketch_new_buckets (sorted, n, stats->min, stats->max, stats->n_zero) : NULL;
}

static CkptSketch *
sketch_tally (ProfilePass *self, const CkptStats *stats)
{
  collect_counts (self);
  if (self->n_counts > 0)
    ckpt_tally_add_buckets (self->tally, self->counts, self->n_counts, self->base.scan.times, stats);
  return ckpt_tally_to_sketch (self->tally);
}

static void
repeat (CkptStats *stats, guint64 times)
{
  stats->n *= times;
  stats->n_nan *= times;
  stats->n_pos_inf *= times;
  stats->n_neg_inf *= times;
  stats->n_zero *= times;
  stats->n_finite *= times;
  stats->norm *= sqrt ((double) times);
}

static void
finish_moments (ProfilePass *self, CkptStats *stats)
{
  CkptMoments moments;

  if (self->base.scan.n_blocks == 0)
    ckpt_moments_init (&moments, FALSE);
  else
    moments = self->blocks[0];
  for (guint64 i = 1; i < self->base.scan.n_blocks; i++)
    ckpt_moments_merge (&moments, &self->blocks[i]);
  ckpt_moments_finish (&moments, stats);
  if (self->base.klass != &weighted_class)
    repeat (stats, self->base.scan.times);
}

/**
 * ckpt_profile_pass_finish:
 * @pass: a pass of ckpt_profile_pass_new() of which no block is left
 *
 * Returns: (transfer full): what was found
 */
CkptProfile *
ckpt_profile_pass_finish (CkptPass *pass)
{
  ProfilePass *self = get_pass (pass);
  const CkptScan *scan = &pass->scan;
  CkptSketch *sketch;
  CkptStats stats;

  if (pass->klass == &pattern_class)
    {
      collect_counts (self);
      sketch = ckpt_patterns_finish (scan, self->counts, self->n_counts, self->lone, &stats);
    }
  else
    {
      finish_moments (self, &stats);
      sketch = self->tally != NULL ? sketch_tally (self, &stats) : sketch_buckets (self, &stats);
    }
  stats.n_missing = scan->n_total * (ckpt_scan_is_pair (scan) ? 2 : 1) - stats.n;
  stats.is_magnitude = ckpt_dtype_get_info (scan->tensor->dtype)->dtype_class == CKPT_CLASS_COMPLEX;
  return ckpt_profile_new (&stats, sketch, is_whole (scan->tensor));
}
