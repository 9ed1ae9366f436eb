/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-stats-job.h"

#include <ckptplot.h>

/* How often progress is told, and in how many steps. */
#define TICK_MS        100
#define PROGRESS_STEPS 1000

/* One computation, shared with the thread that does it. */
typedef struct
{
  StateroomStatsJob *job; /* main thread only; NULL once nobody waits for it */
  CkptTree *tree;
  const CkptTensor *tensor;
  gboolean is_whole;
  guint n_bins;
  gboolean has_stats;
  CkptStats stats;
  CkptHistogram *histogram;
  int first_step; /* where the pass that goes on began */
  int n_steps;    /* and how far it counts */
  int step;       /* atomic */
} Run;

struct _StateroomStatsJob
{
  GObject parent_instance;

  StateroomStatsCache *cache;
  CkptTree *tree;
  const CkptTensor *tensor;
  char *key;
  guint n_bins;
  StateroomStatsState state;
  CkptStats stats;
  GError *error;
  Run *run;
  GCancellable *cancellable;
  guint tick;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StateroomStatsJob, stateroom_stats_job, G_TYPE_OBJECT)

static void
clear_run (gpointer data)
{
  Run *run = data;

  ckpt_tree_unref (run->tree);
  g_clear_pointer (&run->histogram, ckpt_histogram_free);
}

static void
release_run (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_run);
}

static void
on_progress (guint64 done, guint64 total, gpointer user_data)
{
  Run *run = user_data;
  double share = total > 0 ? (double) MIN (done, total) / (double) total : 0;

  g_atomic_int_set (&run->step, run->first_step + (int) (share * run->n_steps));
}

static gboolean
compute (Run *run, GCancellable *cancellable, GError **error)
{
  CkptPlotBins bins;

  run->n_steps = run->has_stats ? PROGRESS_STEPS : PROGRESS_STEPS / 2;
  if (!run->has_stats)
    {
      if (!ckpt_stats_compute (run->tree, run->tensor, on_progress, run, cancellable, &run->stats, error))
        return FALSE;
      run->first_step = run->n_steps;
    }
  if (!ckpt_plot_bins_choose (&run->stats, run->is_whole, run->n_bins, &bins))
    return TRUE;

  run->histogram = ckpt_histogram_compute (run->tree, run->tensor, bins.low, bins.high, bins.n_bins,
                                           on_progress, run, cancellable, error);
  return run->histogram != NULL;
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (compute (task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
set_state (StateroomStatsJob *self, StateroomStatsState state)
{
  self->state = state;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* From now on the thread may go on or not; nobody listens. */
static void
leave_run (StateroomStatsJob *self)
{
  if (self->run == NULL)
    return;
  self->run->job = NULL;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_pointer (&self->run, release_run);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *run = g_task_get_task_data (G_TASK (result));
  g_autoptr (StateroomStatsJob) self = run->job != NULL ? g_object_ref (run->job) : NULL;
  g_autoptr (GError) error = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &error);

  if (self == NULL)
    return;
  if (done)
    {
      self->stats = run->stats;
      stateroom_stats_cache_add_stats (self->cache, self->key, &run->stats);
      if (run->histogram != NULL)
        stateroom_stats_cache_take_histogram (self->cache, self->key, run->n_bins,
                                              g_steal_pointer (&run->histogram));
    }
  leave_run (self);
  if (!done)
    g_propagate_error (&self->error, g_steal_pointer (&error));
  set_state (self, done ? STATEROOM_STATS_DONE : STATEROOM_STATS_FAILED);
}

static gboolean
on_tick (gpointer data)
{
  g_signal_emit (data, signals[CHANGED], 0);
  return G_SOURCE_CONTINUE;
}

static void
stateroom_stats_job_dispose (GObject *object)
{
  StateroomStatsJob *self = STATEROOM_STATS_JOB (object);

  leave_run (self);
  g_clear_error (&self->error);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->cache, stateroom_stats_cache_unref);
  g_clear_pointer (&self->tree, ckpt_tree_unref);
  G_OBJECT_CLASS (stateroom_stats_job_parent_class)->dispose (object);
}

static void
stateroom_stats_job_class_init (StateroomStatsJobClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = stateroom_stats_job_dispose;

  /**
   * StateroomStatsJob::changed:
   *
   * The state or the progress is another one.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
stateroom_stats_job_init (StateroomStatsJob *self)
{
}

/**
 * stateroom_stats_job_new:
 * @cache: where results are looked up and kept
 * @tree: a file
 * @tensor: a tensor of it whose values can be read
 *
 * Returns: (transfer full): a job that is not started
 */
StateroomStatsJob *
stateroom_stats_job_new (StateroomStatsCache *cache, CkptTree *tree, const CkptTensor *tensor)
{
  StateroomStatsJob *self = g_object_new (STATEROOM_TYPE_STATS_JOB, NULL);

  self->cache = stateroom_stats_cache_ref (cache);
  self->tree = ckpt_tree_ref (tree);
  self->tensor = tensor;
  self->key = stateroom_stats_cache_dup_key (tensor);
  return self;
}

/**
 * stateroom_stats_job_find:
 * @n_bins: bins to have
 *
 * Looks whether the results are in the cache; then the job is done.
 *
 * Returns: whether they are
 */
gboolean
stateroom_stats_job_find (StateroomStatsJob *self, guint n_bins)
{
  const CkptStats *stats = stateroom_stats_cache_get_stats (self->cache, self->key);

  self->n_bins = n_bins;
  if (stats == NULL || (stats->n_finite > 0 && stateroom_stats_job_get_histogram (self) == NULL))
    return FALSE;
  leave_run (self);
  g_clear_error (&self->error);
  self->stats = *stats;
  set_state (self, STATEROOM_STATS_DONE);
  return TRUE;
}

/**
 * stateroom_stats_job_start:
 * @n_bins: bins to have
 *
 * Begins to compute in a thread, unless the results are in the cache: then the job is done at once.
 */
void
stateroom_stats_job_start (StateroomStatsJob *self, guint n_bins)
{
  const CkptStats *stats = stateroom_stats_cache_get_stats (self->cache, self->key);
  g_autoptr (GTask) task = NULL;

  if (stateroom_stats_job_find (self, n_bins))
    return;

  leave_run (self);
  g_clear_error (&self->error);
  self->run = g_atomic_rc_box_new0 (Run);
  self->run->job = self;
  self->run->tree = ckpt_tree_ref (self->tree);
  self->run->tensor = self->tensor;
  self->run->is_whole = stateroom_stats_job_get_is_whole (self);
  self->run->n_bins = n_bins;
  if (stats != NULL)
    {
      self->run->has_stats = TRUE;
      self->run->stats = *stats;
    }
  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_done, NULL);
  g_task_set_name (task, "statistics of a tensor");
  g_task_set_task_data (task, g_atomic_rc_box_acquire (self->run), release_run);
  g_task_run_in_thread (task, run_in_thread);
  self->tick = g_timeout_add (TICK_MS, on_tick, self);
  set_state (self, STATEROOM_STATS_RUNNING);
}

/**
 * stateroom_stats_job_cancel:
 *
 * Stops computing; the job is idle at once.
 */
void
stateroom_stats_job_cancel (StateroomStatsJob *self)
{
  leave_run (self);
  set_state (self, STATEROOM_STATS_IDLE);
}

/**
 * stateroom_stats_job_get_state:
 *
 * Returns: how far it is
 */
StateroomStatsState
stateroom_stats_job_get_state (StateroomStatsJob *self)
{
  return self->state;
}

/**
 * stateroom_stats_job_get_progress:
 *
 * Returns: 0 to 1, of a running job
 */
double
stateroom_stats_job_get_progress (StateroomStatsJob *self)
{
  return self->run != NULL ? g_atomic_int_get (&self->run->step) / (double) PROGRESS_STEPS : 0;
}

/**
 * stateroom_stats_job_get_is_whole:
 *
 * Returns: whether the values are whole numbers by their type
 */
gboolean
stateroom_stats_job_get_is_whole (StateroomStatsJob *self)
{
  guint8 dtype_class = ckpt_dtype_get_info (self->tensor->dtype)->dtype_class;

  return dtype_class == CKPT_CLASS_SIGNED || dtype_class == CKPT_CLASS_UNSIGNED ||
         dtype_class == CKPT_CLASS_BOOL || dtype_class == CKPT_CLASS_BITS;
}

/**
 * stateroom_stats_job_get_stats:
 *
 * Returns: (transfer none): the figures of a job that is done
 */
const CkptStats *
stateroom_stats_job_get_stats (StateroomStatsJob *self)
{
  return &self->stats;
}

/**
 * stateroom_stats_job_get_histogram:
 *
 * Returns: (transfer none) (nullable): the counts of a job that is done; %NULL where there are no finite values
 */
const CkptHistogram *
stateroom_stats_job_get_histogram (StateroomStatsJob *self)
{
  return stateroom_stats_cache_get_histogram (self->cache, self->key, self->n_bins);
}

/**
 * stateroom_stats_job_get_error:
 *
 * Returns: (transfer none) (nullable): why a job failed
 */
const GError *
stateroom_stats_job_get_error (StateroomStatsJob *self)
{
  return self->error;
}
