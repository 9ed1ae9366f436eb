/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-histogram-job.h"

/* How often progress is told, and in how many steps. */
#define TICK_MS        100
#define PROGRESS_STEPS 1000

/* One computation, shared with the thread that does it. */
typedef struct
{
  StateroomHistogramJob *job; /* main thread only; NULL once nobody waits for it */
  StateroomSurveyShared *shared;
  const CkptTensor *tensor;
  StateroomHistogramWish wish;
  CkptProfile *profile;
  CkptHistogram *histogram;
  int first_step; /* where the pass that goes on began */
  int step;       /* atomic */
} Run;

struct _StateroomHistogramJob
{
  GObject parent_instance;

  StateroomSurvey *survey; /* NULL if only the profile is known */
  const CkptTensor *tensor;
  StateroomHistogramWish wish;
  StateroomJobState state;
  CkptProfile *profile;
  CkptHistogram *histogram;
  gboolean is_coarse;
  GError *error;
  Run *run;
  GCancellable *cancellable;
  guint tick_id;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StateroomHistogramJob, stateroom_histogram_job, G_TYPE_OBJECT)

static void
clear_run (gpointer data)
{
  Run *run = data;

  stateroom_survey_shared_unref (run->shared);
  g_clear_pointer (&run->profile, ckpt_profile_unref);
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

  g_atomic_int_set (&run->step, run->first_step + (int) (share * PROGRESS_STEPS / 2));
}

/**
 * Range:
 * @low: left edge of the first bin
 * @high: right edge of the last one
 *
 * The histogram that a wish comes to.
 */
typedef struct
{
  CkptScale scale;
  double low;
  double high;
  guint n_bins;
} Range;

/* FALSE if there are no finite values. */
static gboolean
get_range (const CkptProfile *profile, const StateroomHistogramWish *wish, Range *range)
{
  if (!ckpt_profile_get_default_range (profile, wish->n_bins, &range->low, &range->high, &range->n_bins))
    return FALSE;
  range->scale.kind = wish->kind;
  range->scale.threshold = wish->kind == CKPT_SCALE_SYMLOG ? ckpt_profile_get_threshold (profile) : 0;
  /* On a scale that is not even, a bin does not hold the same number of whole numbers as the next one anyway. */
  if (wish->kind == CKPT_SCALE_SYMLOG && profile->stats.min < profile->stats.max)
    range->n_bins = wish->n_bins;
  if (!wish->has_range)
    return TRUE;
  range->low = wish->low;
  range->high = wish->high;
  if (!profile->is_whole)
    range->n_bins = wish->n_bins;
  else if (wish->kind == CKPT_SCALE_LINEAR)
    ckpt_profile_round_range (wish->n_bins, &range->low, &range->high, &range->n_bins);
  return TRUE;
}

static gboolean
compute (Run *run, GCancellable *cancellable, GError **error)
{
  CkptSurvey *survey = stateroom_survey_shared_get_survey (run->shared);
  Range range;

  run->profile = stateroom_survey_shared_run_one (run->shared, run->tensor->index, on_progress, run,
                                                  cancellable, error);
  if (run->profile == NULL)
    return FALSE;
  if (!get_range (run->profile, &run->wish, &range))
    return TRUE;
  run->first_step = PROGRESS_STEPS / 2;
  run->histogram = ckpt_survey_get_histogram (survey, run->tensor, &range.scale, range.low, range.high,
                                              range.n_bins, on_progress, run, cancellable, error);
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
set_state (StateroomHistogramJob *self, StateroomJobState state)
{
  self->state = state;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* From now on the thread may go on or not; nobody listens. */
static void
leave_run (StateroomHistogramJob *self)
{
  if (self->run == NULL)
    return;
  self->run->job = NULL;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_pointer (&self->run, release_run);
}

static void
take_results (StateroomHistogramJob *self, Run *run)
{
  g_clear_pointer (&self->profile, ckpt_profile_unref);
  g_clear_pointer (&self->histogram, ckpt_histogram_free);
  self->profile = g_steal_pointer (&run->profile);
  self->histogram = g_steal_pointer (&run->histogram);
  self->is_coarse = FALSE;
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *run = g_task_get_task_data (G_TASK (result));
  g_autoptr (StateroomHistogramJob) self = run->job != NULL ? g_object_ref (run->job) : NULL;
  g_autoptr (GError) error = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &error);

  if (self == NULL)
    return;
  if (done)
    take_results (self, run);
  leave_run (self);
  if (!done)
    self->error = g_steal_pointer (&error);
  set_state (self, done ? STATEROOM_JOB_DONE : STATEROOM_JOB_FAILED);
}

static gboolean
on_tick (gpointer data)
{
  g_signal_emit (data, signals[CHANGED], 0);
  return G_SOURCE_CONTINUE;
}

static void
stateroom_histogram_job_dispose (GObject *object)
{
  StateroomHistogramJob *self = STATEROOM_HISTOGRAM_JOB (object);

  leave_run (self);
  g_clear_error (&self->error);
  g_clear_pointer (&self->profile, ckpt_profile_unref);
  g_clear_pointer (&self->histogram, ckpt_histogram_free);
  g_clear_object (&self->survey);
  G_OBJECT_CLASS (stateroom_histogram_job_parent_class)->dispose (object);
}

static void
stateroom_histogram_job_class_init (StateroomHistogramJobClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = stateroom_histogram_job_dispose;

  /**
   * StateroomHistogramJob::changed:
   *
   * The state or the progress is another one.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
stateroom_histogram_job_init (StateroomHistogramJob *self)
{
}

/**
 * stateroom_histogram_job_new:
 * @survey: where results are looked up and kept
 * @tensor: a tensor of its tree whose values can be read
 *
 * Returns: (transfer full): a job that is not started
 */
StateroomHistogramJob *
stateroom_histogram_job_new (StateroomSurvey *survey, const CkptTensor *tensor)
{
  StateroomHistogramJob *self = g_object_new (STATEROOM_TYPE_HISTOGRAM_JOB, NULL);

  self->survey = g_object_ref (survey);
  self->tensor = tensor;
  return self;
}

/**
 * stateroom_histogram_job_new_for_profile:
 * @profile: (transfer none): what is known
 *
 * Returns: (transfer full): a job that never reads
 */
StateroomHistogramJob *
stateroom_histogram_job_new_for_profile (CkptProfile *profile)
{
  StateroomHistogramJob *self = g_object_new (STATEROOM_TYPE_HISTOGRAM_JOB, NULL);

  self->profile = ckpt_profile_ref (profile);
  return self;
}

/* Whether all is known that a histogram can be made of. */
static gboolean
find_profile (StateroomHistogramJob *self)
{
  if (self->survey != NULL && (self->profile == NULL || self->profile->sketch == NULL))
    {
      g_clear_pointer (&self->profile, ckpt_profile_unref);
      self->profile = ckpt_survey_find (stateroom_survey_get_survey (self->survey), self->tensor);
    }
  return self->profile != NULL &&
         (self->survey == NULL || self->profile->sketch != NULL || self->profile->stats.n_finite == 0);
}

/* What can be had without reading; where that is coarse, it says so. */
static void
find_histogram (StateroomHistogramJob *self)
{
  CkptSurvey *survey = self->survey != NULL ? stateroom_survey_get_survey (self->survey) : NULL;
  Range range;

  g_clear_pointer (&self->histogram, ckpt_histogram_free);
  self->is_coarse = FALSE;
  if (self->profile->sketch == NULL || !get_range (self->profile, &self->wish, &range))
    return;
  if (survey != NULL &&
      ckpt_survey_has_histogram (survey, self->tensor, &range.scale, range.low, range.high, range.n_bins))
    {
      self->histogram = ckpt_survey_get_histogram (survey, self->tensor, &range.scale, range.low, range.high,
                                                   range.n_bins, NULL, NULL, NULL, NULL);
      return;
    }
  self->histogram = ckpt_sketch_get_histogram (self->profile->sketch, &range.scale, range.low, range.high,
                                               range.n_bins);
  self->is_coarse = survey != NULL;
}

/**
 * stateroom_histogram_job_find:
 * @wish: what is wanted
 *
 * Takes what can be had without reading; then the job is done, though the histogram may be coarse.
 *
 * Returns: whether there is anything
 */
gboolean
stateroom_histogram_job_find (StateroomHistogramJob *self, const StateroomHistogramWish *wish)
{
  leave_run (self);
  g_clear_error (&self->error);
  self->wish = *wish;
  if (!find_profile (self))
    return FALSE;
  find_histogram (self);
  set_state (self, STATEROOM_JOB_DONE);
  return TRUE;
}

/**
 * stateroom_histogram_job_start:
 * @wish: what is wanted
 *
 * Begins to compute in a thread, unless it can be had without reading: then the job is done at once. What is known meanwhile can be
 * asked for.
 */
void
stateroom_histogram_job_start (StateroomHistogramJob *self, const StateroomHistogramWish *wish)
{
  g_autoptr (GTask) task = NULL;

  if (stateroom_histogram_job_find (self, wish) && !self->is_coarse)
    return;
  if (self->survey == NULL)
    return;
  self->run = g_atomic_rc_box_new0 (Run);
  self->run->job = self;
  self->run->shared = stateroom_survey_share (self->survey);
  self->run->tensor = self->tensor;
  self->run->wish = *wish;
  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_done, NULL);
  g_task_set_name (task, "histogram of a tensor");
  g_task_set_task_data (task, g_atomic_rc_box_acquire (self->run), release_run);
  g_task_run_in_thread (task, run_in_thread);
  self->tick_id = g_timeout_add (TICK_MS, on_tick, self);
  set_state (self, STATEROOM_JOB_RUNNING);
}

/**
 * stateroom_histogram_job_cancel:
 *
 * Stops computing; the job is idle at once, or done with what it had before.
 */
void
stateroom_histogram_job_cancel (StateroomHistogramJob *self)
{
  leave_run (self);
  set_state (self, self->profile != NULL ? STATEROOM_JOB_DONE : STATEROOM_JOB_IDLE);
}

/**
 * stateroom_histogram_job_get_bytes:
 *
 * Returns: how much one reading of the values takes: of a view that shows elements many times, its storage
 */
guint64
stateroom_histogram_job_get_bytes (StateroomHistogramJob *self)
{
  CkptTree *tree;

  if (self->survey == NULL)
    return 0;
  tree = stateroom_survey_get_tree (self->survey);
  if (self->tensor->storage == CKPT_NO_STORAGE)
    return self->tensor->n_bytes;
  return MIN (self->tensor->n_bytes, ckpt_tree_get_storage (tree, self->tensor->storage)->n_bytes);
}

/**
 * stateroom_histogram_job_dup_question:
 *
 * Returns: (transfer full): the label of a button that reads the values
 */
char *
stateroom_histogram_job_dup_question (StateroomHistogramJob *self)
{
  g_return_val_if_fail (self->survey != NULL, NULL);

  return stateroom_survey_dup_question (self->survey, stateroom_histogram_job_get_bytes (self));
}

/**
 * stateroom_histogram_job_get_state:
 *
 * Returns: how far it is
 */
StateroomJobState
stateroom_histogram_job_get_state (StateroomHistogramJob *self)
{
  return self->state;
}

/**
 * stateroom_histogram_job_get_progress:
 *
 * Returns: 0 to 1, of a running job
 */
double
stateroom_histogram_job_get_progress (StateroomHistogramJob *self)
{
  return self->run != NULL ? g_atomic_int_get (&self->run->step) / (double) PROGRESS_STEPS : 0;
}

/**
 * stateroom_histogram_job_get_profile:
 *
 * Returns: (transfer none) (nullable): the figures, once they are known
 */
const CkptProfile *
stateroom_histogram_job_get_profile (StateroomHistogramJob *self)
{
  return self->profile;
}

/**
 * stateroom_histogram_job_get_histogram:
 *
 * Returns: (transfer none) (nullable): the counts, once they are known; %NULL also where there are no finite values
 */
const CkptHistogram *
stateroom_histogram_job_get_histogram (StateroomHistogramJob *self)
{
  return self->histogram;
}

/**
 * stateroom_histogram_job_get_is_coarse:
 *
 * Returns: whether reading the tensor once more would show more
 */
gboolean
stateroom_histogram_job_get_is_coarse (StateroomHistogramJob *self)
{
  return self->is_coarse;
}

/**
 * stateroom_histogram_job_get_error:
 *
 * Returns: (transfer none) (nullable): why a job failed
 */
const GError *
stateroom_histogram_job_get_error (StateroomHistogramJob *self)
{
  return self->error;
}
