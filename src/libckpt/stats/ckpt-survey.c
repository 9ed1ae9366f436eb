/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-survey-private.h"

#include "stats/ckpt-binning.h"
#include "stats/ckpt-histogram-pass.h"
#include "stats/ckpt-pool.h"
#include "stats/ckpt-tally.h"

#include <math.h>

/* A sketch is fine enough for a histogram if there are so many buckets for each bin. */
#define BUCKETS_PER_BIN 4

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
  g_cond_init (&self->settled);
  self->cache = ckpt_survey_cache_new ();
  self->pending = g_hash_table_new (g_str_hash, g_str_equal);
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
  g_hash_table_unref (self->pending);
  g_cond_clear (&self->settled);
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

/**
 * ckpt_survey_find_key:
 * @self: a survey
 * @key: a key of ckpt_survey_dup_key()
 *
 * Returns: (transfer full) (nullable): the profile that is known by it
 */
CkptProfile *
ckpt_survey_find_key (CkptSurvey *self, const char *key)
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
  return ckpt_survey_find_key (self, key);
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
      g_autoptr (CkptProfile) profile = ckpt_survey_find_key (self, key);

      if (g_hash_table_add (seen, key) && !ckpt_survey_is_complete (profile))
        n_bytes += ckpt_survey_count_bytes (self->tree, tensor);
    }
  return n_bytes;
}

typedef struct
{
  CkptProfile *profile;
  GError *error;
} Result;

static void
on_result (guint32 tensor, CkptProfile *profile, const GError *error, gpointer user_data)
{
  Result *result = user_data;

  result->profile = profile != NULL ? ckpt_profile_ref (profile) : NULL;
  result->error = error != NULL ? g_error_copy (error) : NULL;
}

static CkptProfile *
get_profile (CkptSurvey *self,
             const CkptTensor *tensor,
             CkptProgressFunc progress,
             gpointer progress_data,
             GCancellable *cancellable,
             GError **error)
{
  Result result = { 0 };

  if (!ckpt_survey_run (self, &tensor->index, 1, on_result, &result, progress, progress_data, cancellable,
                        error))
    {
      g_clear_pointer (&result.profile, ckpt_profile_unref);
      g_clear_error (&result.error);
    }
  if (result.error != NULL)
    g_propagate_error (error, result.error);
  return result.profile;
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

static CkptHistogram *
read_histogram (CkptSurvey *self,
                CkptPass *pass,
                const char *key,
                CkptProgressFunc progress,
                gpointer progress_data,
                GCancellable *cancellable,
                GError **error)
{
  CkptHistogram *histogram;
  g_autoptr (GMutexLocker) locker = NULL;

  if (!ckpt_pool_run_one (pass, self->n_threads, progress, progress_data, cancellable, error) ||
      !ckpt_source_check_same (ckpt_tree_get_source (self->tree), error))
    return NULL;
  histogram = ckpt_histogram_pass_finish (pass);
  locker = g_mutex_locker_new (&self->mutex);
  ckpt_survey_cache_take_histogram (self->cache, key, ckpt_histogram_copy (histogram));
  return histogram;
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
  g_autoptr (CkptPass) pass = NULL;
  g_autofree char *key = NULL;
  CkptHistogram *histogram;

  g_return_val_if_fail (self != NULL && tensor != NULL && scale != NULL && n_bins > 0, NULL);
  g_return_val_if_fail (isfinite (low) && isfinite (high) && low <= high, NULL);

  histogram = find_histogram (self, tensor, scale, low, high, n_bins);
  if (histogram != NULL)
    return histogram;
  profile = get_profile (self, tensor, progress, progress_data, cancellable, error);
  if (profile == NULL)
    return NULL;
  histogram = sketch_histogram (profile, scale, low, high, n_bins);
  if (histogram != NULL)
    return histogram;
  key = dup_histogram_key (tensor, scale, low, high, n_bins);
  pass = ckpt_histogram_pass_new (self->tree, tensor, scale, low, high, n_bins, error);
  return pass != NULL ? read_histogram (self, pass, key, progress, progress_data, cancellable, error) : NULL;
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
      CkptProfile *profile = ckpt_survey_find_key (self, key);

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
