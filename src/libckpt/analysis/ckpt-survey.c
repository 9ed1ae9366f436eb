/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-survey-private.h"

#include "analysis/ckpt-binning.h"
#include "analysis/ckpt-moments.h"
#include "analysis/ckpt-tally.h"

#include <math.h>

/* A sketch is fine enough for a histogram if there are so many buckets for each bin. */
#define BUCKETS_PER_BIN 4

struct _CkptSurvey
{
  gatomicrefcount ref_count;
  CkptTree *tree;
  guint n_threads;
  GMutex mutex;
  CkptSurveyCache *cache; /* under the mutex */
};

/**
 * ckpt_survey_new:
 * @tree: a tree
 * @n_threads: how many threads work at once; 0: as many as there are cores
 *
 * Returns: (transfer full): a survey that knows nothing yet
 */
CkptSurvey *
ckpt_survey_new (CkptTree *tree, guint n_threads)
{
  CkptSurvey *self;

  g_return_val_if_fail (tree != NULL, NULL);

  self = g_new0 (CkptSurvey, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->tree = ckpt_tree_ref (tree);
  self->n_threads = n_threads > 0 ? n_threads : g_get_num_processors ();
  g_mutex_init (&self->mutex);
  self->cache = ckpt_survey_cache_new ();
  return self;
}

/**
 * ckpt_survey_ref:
 * @self: a survey
 *
 * Returns: (transfer full): @self
 */
CkptSurvey *
ckpt_survey_ref (CkptSurvey *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ckpt_survey_unref:
 * @self: (transfer full): a survey
 */
void
ckpt_survey_unref (CkptSurvey *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  ckpt_survey_cache_free (self->cache);
  g_mutex_clear (&self->mutex);
  ckpt_tree_unref (self->tree);
  g_free (self);
}

/**
 * ckpt_survey_get_tree:
 * @self: a survey
 *
 * Returns: (transfer none): its tree
 */
CkptTree *
ckpt_survey_get_tree (CkptSurvey *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->tree;
}

static CkptProfile *
find_key (CkptSurvey *self, const char *key)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  CkptProfile *profile = ckpt_survey_cache_peek (self->cache, key);

  return profile != NULL ? ckpt_profile_ref (profile) : NULL;
}

/**
 * ckpt_survey_find:
 * @self: a survey
 * @tensor: a tensor of its tree
 *
 * Looks up what was found before, without reading. The sketch may be missing, if it was let go of to save memory.
 *
 * Returns: (transfer full) (nullable): the profile of @tensor, or of another with the same elements
 */
CkptProfile *
ckpt_survey_find (CkptSurvey *self, const CkptTensor *tensor)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (self != NULL && tensor != NULL, NULL);

  key = ckpt_survey_dup_key (tensor);
  return find_key (self, key);
}

/**
 * ckpt_survey_get_bytes:
 * @self: a survey
 * @tensors: (array length=n): numbers of tensors of its tree
 * @n: how many
 *
 * Returns: how many bytes of elements ckpt_survey_run() would go through for them now: what is known already does not count, and the
 *   same elements count once
 */
guint64
ckpt_survey_get_bytes (CkptSurvey *self, const guint32 *tensors, gsize n)
{
  g_autoptr (GHashTable) seen = NULL;
  guint64 n_bytes = 0;

  g_return_val_if_fail (self != NULL && (tensors != NULL || n == 0), 0);

  seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (gsize i = 0; i < n; i++)
    {
      const CkptTensor *tensor = ckpt_tree_get_tensor (self->tree, tensors[i]);
      char *key = ckpt_survey_dup_key (tensor);
      g_autoptr (CkptProfile) profile = find_key (self, key);

      if (g_hash_table_add (seen, key) && !ckpt_survey_is_complete (profile))
        n_bytes += ckpt_survey_count_bytes (self->tree, tensor);
    }
  return n_bytes;
}

typedef struct
{
  CkptMoments moments;
  CkptTally *tally;
} Pass;

static void
on_values (const double *values, gsize n, guint64 times, gpointer user_data)
{
  Pass *pass = user_data;

  ckpt_moments_add (&pass->moments, values, n, times);
  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      ckpt_tally_add (pass->tally, values[i], times);
}

static gboolean
is_whole (const CkptTensor *tensor)
{
  guint8 dtype_class = ckpt_dtype_get_info (tensor->dtype)->dtype_class;

  return dtype_class == CKPT_CLASS_SIGNED || dtype_class == CKPT_CLASS_UNSIGNED ||
         dtype_class == CKPT_CLASS_BOOL || dtype_class == CKPT_CLASS_BITS;
}

static CkptProfile *
make_profile (CkptSurvey *self, const CkptTensor *tensor, GCancellable *cancellable, GError **error)
{
  g_autofree Pass *pass = g_new0 (Pass, 1);
  g_autoptr (CkptTally) tally = ckpt_tally_new ();
  CkptScan scan = { on_values, pass, NULL, NULL, cancellable };
  CkptStats stats;

  pass->tally = tally;
  ckpt_moments_init (&pass->moments, 1);
  if (!ckpt_scan (self->tree, tensor, &scan, error))
    return NULL;
  ckpt_moments_finish (&pass->moments, &stats);
  stats.is_magnitude = ckpt_dtype_get_info (tensor->dtype)->dtype_class == CKPT_CLASS_COMPLEX;
  return ckpt_profile_new (&stats, ckpt_tally_to_sketch (tally), is_whole (tensor));
}

static CkptProfile *
get_profile (CkptSurvey *self, const CkptTensor *tensor, GCancellable *cancellable, GError **error)
{
  g_autofree char *key = ckpt_survey_dup_key (tensor);
  CkptProfile *profile = find_key (self, key);
  g_autoptr (GMutexLocker) locker = NULL;

  if (ckpt_survey_is_complete (profile))
    return profile;
  g_clear_pointer (&profile, ckpt_profile_unref);
  profile = make_profile (self, tensor, cancellable, error);
  if (profile == NULL)
    return NULL;
  locker = g_mutex_locker_new (&self->mutex);
  ckpt_survey_cache_add (self->cache, key, profile);
  return profile;
}

/**
 * ckpt_survey_run:
 * @self: a survey
 * @tensors: (array length=n): numbers of tensors of its tree
 * @n: how many
 * @func: (nullable): given the result of each of them; not necessarily in that order
 * @data: for @func
 * @progress: (nullable): told on the calling thread how many bytes of how many are done
 * @progress_data: for @progress
 * @cancellable: (nullable): stops it within a tenth of a second
 * @error: return location for %G_IO_ERROR_CANCELLED
 *
 * Finds out about tensors what is not known yet. What is wrong with one of them is told to @func, and the others go on. May be
 * called on any thread, and on several at once.
 *
 * Returns: %FALSE only if it was cancelled
 */
gboolean
ckpt_survey_run (CkptSurvey *self,
                 const guint32 *tensors,
                 gsize n,
                 CkptSurveyFunc func,
                 gpointer data,
                 CkptProgressFunc progress,
                 gpointer progress_data,
                 GCancellable *cancellable,
                 GError **error)
{
  guint64 done = 0, total;

  g_return_val_if_fail (self != NULL && (tensors != NULL || n == 0), FALSE);

  total = ckpt_survey_get_bytes (self, tensors, n);
  for (gsize i = 0; i < n; i++)
    {
      const CkptTensor *tensor = ckpt_tree_get_tensor (self->tree, tensors[i]);
      guint64 n_bytes = ckpt_survey_get_bytes (self, &tensors[i], 1);
      g_autoptr (GError) local_error = NULL;
      g_autoptr (CkptProfile) profile = get_profile (self, tensor, cancellable, &local_error);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (func != NULL)
        func (tensors[i], profile, local_error, data);
      done = MIN (done + n_bytes, total);
      if (progress != NULL)
        progress (done, total, progress_data);
    }
  return TRUE;
}

static char *
dup_histogram_key (const CkptTensor *tensor, const CkptScale *scale, double low, double high, guint n_bins)
{
  g_autofree char *key = ckpt_survey_dup_key (tensor);

  return g_strdup_printf ("%d %a %a %a %u %s", scale->kind,
                          scale->kind == CKPT_SCALE_SYMLOG ? scale->threshold : 0, low, high, n_bins, key);
}

static CkptHistogram *
sketch_histogram (const CkptProfile *profile, const CkptScale *scale, double low, double high, guint n_bins)
{
  if (!ckpt_survey_is_complete (profile))
    return NULL;
  if (profile->sketch == NULL)
    return ckpt_histogram_new (scale, low, high, n_bins);
  if (!ckpt_sketch_is_exact (profile->sketch) &&
      ckpt_sketch_count_buckets (profile->sketch, low, high) / BUCKETS_PER_BIN < n_bins)
    return NULL;
  return ckpt_sketch_get_histogram (profile->sketch, scale, low, high, n_bins);
}

static CkptHistogram *
find_histogram (CkptSurvey *self,
                const CkptTensor *tensor,
                const CkptScale *scale,
                double low,
                double high,
                guint n_bins)
{
  g_autofree char *key = dup_histogram_key (tensor, scale, low, high, n_bins);
  g_autoptr (CkptProfile) profile = ckpt_survey_find (self, tensor);
  g_autoptr (GMutexLocker) locker = NULL;
  CkptHistogram *histogram = sketch_histogram (profile, scale, low, high, n_bins);

  if (histogram != NULL)
    return histogram;
  locker = g_mutex_locker_new (&self->mutex);
  histogram = ckpt_survey_cache_peek_histogram (self->cache, key);
  return histogram != NULL ? ckpt_histogram_copy (histogram) : NULL;
}

/**
 * ckpt_survey_has_histogram:
 * @self: a survey
 * @tensor: a tensor of its tree
 * @scale: along which the bins have the same width
 * @low: left edge of the first bin
 * @high: right edge of the last one, not less than @low
 * @n_bins: number of bins, at least 1
 *
 * Returns: whether ckpt_survey_get_histogram() would answer without reading
 */
gboolean
ckpt_survey_has_histogram (CkptSurvey *self,
                           const CkptTensor *tensor,
                           const CkptScale *scale,
                           double low,
                           double high,
                           guint n_bins)
{
  g_autoptr (CkptHistogram) histogram = NULL;

  g_return_val_if_fail (self != NULL && tensor != NULL && scale != NULL && n_bins > 0, FALSE);

  histogram = find_histogram (self, tensor, scale, low, high, n_bins);
  return histogram != NULL;
}

static void
on_binned_values (const double *values, gsize n, guint64 times, gpointer user_data)
{
  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      ckpt_binning_add (user_data, values[i], times);
}

/**
 * ckpt_survey_get_histogram:
 * @self: a survey
 * @tensor: a tensor of its tree
 * @scale: along which the bins have the same width
 * @low: left edge of the first bin
 * @high: right edge of the last one, not less than @low
 * @n_bins: number of bins, at least 1
 * @progress: (nullable): told on the calling thread how many bytes of how many are done
 * @progress_data: for @progress
 * @cancellable: (nullable): stops it within a tenth of a second
 * @error: return location for an error
 *
 * Made from the sketch of @tensor where that is exact or has at least four buckets in the range for each bin; else the tensor is
 * read once more, and the counts are exact. What was read for once is kept.
 *
 * Returns: (transfer full): the counts, or %NULL with the errors of ckpt_tensor_read() or %G_IO_ERROR_CANCELLED
 */
CkptHistogram *
ckpt_survey_get_histogram (CkptSurvey *self,
                           const CkptTensor *tensor,
                           const CkptScale *scale,
                           double low,
                           double high,
                           guint n_bins,
                           CkptProgressFunc progress,
                           gpointer progress_data,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autoptr (CkptProfile) profile = NULL;
  g_autoptr (CkptHistogram) histogram = NULL;
  g_auto (CkptBinning) binning = { 0 };
  CkptScan scan = { on_binned_values, &binning, progress, progress_data, cancellable };
  g_autofree char *key = NULL;

  g_return_val_if_fail (self != NULL && tensor != NULL && scale != NULL && n_bins > 0, NULL);
  g_return_val_if_fail (isfinite (low) && isfinite (high) && low <= high, NULL);

  histogram = find_histogram (self, tensor, scale, low, high, n_bins);
  if (histogram != NULL)
    return g_steal_pointer (&histogram);
  profile = get_profile (self, tensor, cancellable, error);
  if (profile == NULL)
    return NULL;
  histogram = sketch_histogram (profile, scale, low, high, n_bins);
  if (histogram != NULL)
    return g_steal_pointer (&histogram);

  histogram = ckpt_histogram_new (scale, low, high, n_bins);
  ckpt_binning_init (&binning, histogram);
  if (!ckpt_scan (self->tree, tensor, &scan, error))
    return NULL;
  key = dup_histogram_key (tensor, scale, low, high, n_bins);
  g_mutex_lock (&self->mutex);
  ckpt_survey_cache_take_histogram (self->cache, key, ckpt_histogram_copy (histogram));
  g_mutex_unlock (&self->mutex);
  return g_steal_pointer (&histogram);
}

/* Those that are known, each set of elements once. */
static GPtrArray *
list_profiles (CkptSurvey *self, const guint32 *tensors, gsize n)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *profiles = g_ptr_array_new_with_free_func ((GDestroyNotify) ckpt_profile_unref);

  for (gsize i = 0; i < n; i++)
    {
      char *key = ckpt_survey_dup_key (ckpt_tree_get_tensor (self->tree, tensors[i]));
      CkptProfile *profile = find_key (self, key);

      if (!g_hash_table_add (seen, key) || profile == NULL)
        g_clear_pointer (&profile, ckpt_profile_unref);
      else
        g_ptr_array_add (profiles, profile);
    }
  return profiles;
}

/**
 * ckpt_survey_merge:
 * @self: a survey
 * @tensors: (array length=n): numbers of tensors of its tree
 * @n: how many
 *
 * The profile of all values of those tensors whose profiles are known; the same elements count once. Reads nothing. If one of their
 * sketches was let go of, there is none.
 *
 * Returns: (transfer full) (nullable): the profile, or %NULL if none is known
 */
CkptProfile *
ckpt_survey_merge (CkptSurvey *self, const guint32 *tensors, gsize n)
{
  g_autoptr (GPtrArray) profiles = NULL;
  g_autoptr (CkptTally) tally = NULL;
  CkptStats stats;
  gboolean is_whole_all = TRUE, is_complete = TRUE;

  g_return_val_if_fail (self != NULL && (tensors != NULL || n == 0), NULL);

  profiles = list_profiles (self, tensors, n);
  if (profiles->len == 0)
    return NULL;
  tally = ckpt_tally_new ();
  for (guint i = 0; i < profiles->len; i++)
    {
      const CkptProfile *profile = g_ptr_array_index (profiles, i);

      if (i == 0)
        stats = profile->stats;
      else
        ckpt_stats_add (&stats, &profile->stats);
      is_whole_all = is_whole_all && profile->is_whole;
      is_complete = is_complete && ckpt_survey_is_complete (profile);
      if (profile->sketch != NULL)
        ckpt_tally_add_sketch (tally, profile->sketch);
    }
  return ckpt_profile_new (&stats, is_complete ? ckpt_tally_to_sketch (tally) : NULL, is_whole_all);
}
