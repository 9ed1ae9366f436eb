/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats-run.h"

struct _StatsRun
{
  CkptSurvey *survey;
  GArray *tensors;
  gboolean wants_percentiles;
  Progress *progress;
  GCancellable *cancellable;
  GThread *thread;
  GMutex mutex;
  GCond cond;
  GHashTable *results; /* number of a tensor -> StatsResult; under the mutex, as is what follows */
  gboolean is_over;
};

const double stats_percentiles[N_PERCENTILES] = { 1, 25, 50, 75, 99 };

static void
result_free (gpointer data)
{
  StatsResult *result = data;

  g_clear_error (&result->error);
  g_free (result);
}

/**
 * stats_result_init:
 * @self: (out): what is told
 * @profile: what was found
 * @wants_percentiles: whether percentiles are told
 */
void
stats_result_init (StatsResult *self, const CkptProfile *profile, gboolean wants_percentiles)
{
  *self = (StatsResult) { .stats = profile->stats, .is_whole = profile->is_whole };
  self->has_percentiles = wants_percentiles && profile->sketch != NULL;
  for (guint i = 0; self->has_percentiles && i < N_PERCENTILES; i++)
    self->percentiles[i] = ckpt_sketch_get_quantile (profile->sketch, stats_percentiles[i] / 100,
                                                     &self->bounds[i]);
}

static void
on_profile (guint32 tensor, CkptProfile *profile, const GError *error, gpointer user_data)
{
  StatsRun *self = user_data;
  StatsResult *result = g_new0 (StatsResult, 1);
  g_autoptr (GMutexLocker) locker = NULL;

  if (profile != NULL)
    stats_result_init (result, profile, self->wants_percentiles);
  else
    result->error = g_error_copy (error);
  locker = g_mutex_locker_new (&self->mutex);
  g_hash_table_insert (self->results, GUINT_TO_POINTER (tensor), result);
  g_cond_signal (&self->cond);
}

static gpointer
run (gpointer user_data)
{
  StatsRun *self = user_data;
  g_autoptr (GMutexLocker) locker = NULL;

  ckpt_survey_run (self->survey, (const guint32 *) self->tensors->data, self->tensors->len, on_profile, self,
                   progress_tell_bytes, self->progress, self->cancellable, NULL);
  locker = g_mutex_locker_new (&self->mutex);
  self->is_over = TRUE;
  g_cond_signal (&self->cond);
  return NULL;
}

/**
 * stats_run_new:
 * @tensors: (element-type guint32): numbers of the tensors, each once, in the order in which they will be asked for
 * @wants_percentiles: whether percentiles are told
 * @progress: told how far it is; has to outlive the run
 *
 * Returns: (transfer full): a run that has begun
 */
StatsRun *
stats_run_new (CkptSurvey *survey, GArray *tensors, gboolean wants_percentiles, Progress *progress)
{
  StatsRun *self = g_new0 (StatsRun, 1);

  self->survey = ckpt_survey_ref (survey);
  self->tensors = g_array_ref (tensors);
  self->wants_percentiles = wants_percentiles;
  self->progress = progress;
  self->cancellable = g_cancellable_new ();
  self->results = g_hash_table_new_full (NULL, NULL, NULL, result_free);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("stats", run, self);
  return self;
}

/**
 * stats_run_free:
 *
 * Ends the run, wherever it is.
 */
void
stats_run_free (StatsRun *self)
{
  g_cancellable_cancel (self->cancellable);
  g_thread_join (self->thread);
  g_hash_table_unref (self->results);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
  g_object_unref (self->cancellable);
  g_array_unref (self->tensors);
  ckpt_survey_unref (self->survey);
  g_free (self);
}

/**
 * stats_run_has:
 * @tensor: the number of a tensor
 *
 * Returns: whether stats_run_wait() would answer at once
 */
gboolean
stats_run_has (StatsRun *self, guint32 tensor)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return g_hash_table_contains (self->results, GUINT_TO_POINTER (tensor));
}

/**
 * stats_run_wait:
 * @tensor: the number of a tensor of the run
 *
 * Returns: (transfer none): what was found, once it is found
 */
const StatsResult *
stats_run_wait (StatsRun *self, guint32 tensor)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  const StatsResult *result;

  while ((result = g_hash_table_lookup (self->results, GUINT_TO_POINTER (tensor))) == NULL && !self->is_over)
    g_cond_wait (&self->cond, &self->mutex);
  return result;
}

/**
 * stats_run_wait_all:
 *
 * Waits for the end of the run.
 */
void
stats_run_wait_all (StatsRun *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  while (!self->is_over)
    g_cond_wait (&self->cond, &self->mutex);
}
