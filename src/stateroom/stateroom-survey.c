/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-survey.h"

#include <glib/gi18n.h>
#include <stdatomic.h>

#include "stateroom-format.h"
#include "stateroom-weak.h"

#define TICK_MS 100
/* What a disk gives, for the guess how long it takes, as long as nothing was measured. */
#define GUESSED_RATE (750.0 * 1000 * 1000)
/* A rate is worth something after so many bytes. */
#define MIN_MEASURED ((guint64) 16 << 20)
/* How much of the last rate goes into the next one. */
#define SMOOTHNESS 0.8

struct _StateroomSurveyShared
{
  gatomicrefcount ref_count;
  CkptSurvey *survey;
  guint n_tensors;
  _Atomic (StateroomResult *) *results; /* by number of the tensor; each is set once */
  _Atomic guint n_results;
};

/* Tensors that were asked for together, or the search for what is wrong. */
typedef struct
{
  StateroomSurveyShared *shared;
  GArray *tensors;
  gboolean is_looking;
  GPtrArray *findings;
  _Atomic guint n_done;
  _Atomic guint64 bytes_done;
  _Atomic guint64 bytes_total;
} Run;

struct _StateroomSurvey
{
  GObject parent_instance;

  StateroomSurveyShared *shared;
  Run *run;        /* the one that goes on, kept by its task; NULL if none */
  GArray *waiting; /* tensors that were asked for since */
  gboolean wants_findings;
  GPtrArray *findings; /* NULL until they were looked for */
  GCancellable *cancellable;
  guint tick_id;
  guint n_results_seen;
  guint64 bytes_seen;
  gint64 time_seen;
  double rate;          /* of this run, smoothed */
  double measured_rate; /* of whole runs; 0 if there was none */
  gint64 started;
};

enum
{
  CHANGED,
  ARRIVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StateroomSurvey, stateroom_survey, G_TYPE_OBJECT)

/* @survey: (transfer full) */
static StateroomSurveyShared *
shared_new (CkptSurvey *survey)
{
  StateroomSurveyShared *self = g_new0 (StateroomSurveyShared, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->survey = survey;
  self->n_tensors = ckpt_tree_get_n_tensors (ckpt_survey_get_tree (survey));
  self->results = g_new0 (_Atomic (StateroomResult *), MAX (self->n_tensors, 1));
  return self;
}

/**
 * stateroom_survey_share:
 *
 * Returns: (transfer full): what a thread may use
 */
StateroomSurveyShared *
stateroom_survey_share (StateroomSurvey *self)
{
  g_atomic_ref_count_inc (&self->shared->ref_count);
  return self->shared;
}

/**
 * stateroom_survey_shared_unref:
 * @shared: (transfer full): what a thread used
 */
void
stateroom_survey_shared_unref (StateroomSurveyShared *shared)
{
  if (!g_atomic_ref_count_dec (&shared->ref_count))
    return;
  for (guint i = 0; i < shared->n_tensors; i++)
    {
      StateroomResult *result = atomic_load (&shared->results[i]);

      g_clear_pointer (&result, stateroom_result_free);
    }
  g_free (shared->results);
  ckpt_survey_unref (shared->survey);
  g_free (shared);
}

/**
 * stateroom_survey_shared_get_survey:
 *
 * Returns: (transfer none): the statistics
 */
CkptSurvey *
stateroom_survey_shared_get_survey (StateroomSurveyShared *shared)
{
  return shared->survey;
}

/* On any thread. The first result of a tensor stays: others may be looking at it. */
static void
record (StateroomSurveyShared *shared, guint32 tensor, CkptProfile *profile, const GError *error)
{
  StateroomResult *expected = NULL, *result;

  if (atomic_load (&shared->results[tensor]) != NULL)
    return;
  result = stateroom_result_new (profile, error);
  if (atomic_compare_exchange_strong (&shared->results[tensor], &expected, result))
    atomic_fetch_add (&shared->n_results, 1);
  else
    stateroom_result_free (result);
}

static void
free_run (gpointer data)
{
  Run *run = data;

  g_array_unref (run->tensors);
  g_clear_pointer (&run->findings, g_ptr_array_unref);
  stateroom_survey_shared_unref (run->shared);
  g_free (run);
}

static void
on_result (guint32 tensor, CkptProfile *profile, const GError *error, gpointer user_data)
{
  Run *run = user_data;

  record (run->shared, tensor, profile, error);
  atomic_fetch_add (&run->n_done, 1);
}

static void
on_progress (guint64 done, guint64 total, gpointer user_data)
{
  Run *run = user_data;

  atomic_store (&run->bytes_done, done);
  atomic_store (&run->bytes_total, total);
}

static gboolean
look (Run *run, GCancellable *cancellable, GError **error)
{
  CkptNodeId root = ckpt_tree_get_root (ckpt_survey_get_tree (run->shared->survey));

  run->findings = ckpt_findings_new (run->shared->survey, root, on_progress, run, cancellable, error);
  return run->findings != NULL;
}

static gboolean
compute (Run *run, GCancellable *cancellable, GError **error)
{
  return ckpt_survey_run (run->shared->survey, (const guint32 *) (void *) run->tensors->data,
                          run->tensors->len, on_result, run, on_progress, run, cancellable, error);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Run *run = task_data;
  GError *error = NULL;

  if (run->is_looking ? look (run, cancellable, &error) : compute (run, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Tells what came since it was told last. */
static void
tell_results (StateroomSurvey *self)
{
  guint n = atomic_load (&self->shared->n_results);

  if (n == self->n_results_seen)
    return;
  self->n_results_seen = n;
  g_signal_emit (self, signals[ARRIVED], 0);
}

static void
update_rate (StateroomSurvey *self)
{
  guint64 done = atomic_load (&self->run->bytes_done);
  gint64 now = g_get_monotonic_time ();
  double seconds = (double) (now - self->time_seen) / G_TIME_SPAN_SECOND;
  double rate = seconds > 0 ? (double) (done - self->bytes_seen) / seconds : 0;

  self->rate = self->rate > 0 ? SMOOTHNESS * self->rate + (1 - SMOOTHNESS) * rate : rate;
  self->bytes_seen = done;
  self->time_seen = now;
}

static gboolean
on_tick (gpointer data)
{
  StateroomSurvey *self = data;

  update_rate (self);
  tell_results (self);
  g_signal_emit (self, signals[CHANGED], 0);
  return G_SOURCE_CONTINUE;
}

/* From now on the thread may go on or not; nobody listens. */
static void
leave_run (StateroomSurvey *self)
{
  self->run = NULL;
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
measure (StateroomSurvey *self, const Run *run)
{
  guint64 n_bytes = atomic_load (&run->bytes_done);
  double seconds = (double) (g_get_monotonic_time () - self->started) / G_TIME_SPAN_SECOND;

  if (n_bytes >= MIN_MEASURED && seconds > 0)
    self->measured_rate = (double) n_bytes / seconds;
}

static void start_run (StateroomSurvey *self, gboolean is_looking);

static void
on_run_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomSurvey) self = stateroom_weak_take (user_data);
  const Run *run = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), NULL) || self == NULL || self->run != run)
    return;
  if (run->is_looking)
    self->findings = g_ptr_array_ref (run->findings);
  else
    measure (self, run);
  leave_run (self);
  if (self->waiting->len > 0)
    start_run (self, FALSE);
  else if (self->wants_findings && self->findings == NULL)
    start_run (self, TRUE);
  tell_results (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
start_run (StateroomSurvey *self, gboolean is_looking)
{
  Run *run = g_new0 (Run, 1);
  g_autoptr (GTask) task = NULL;

  run->shared = stateroom_survey_share (self);
  run->is_looking = is_looking;
  run->tensors = g_steal_pointer (&self->waiting);
  self->waiting = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->run = run;
  self->cancellable = g_cancellable_new ();
  self->rate = 0;
  self->bytes_seen = 0;
  self->started = self->time_seen = g_get_monotonic_time ();
  self->tick_id = g_timeout_add (TICK_MS, on_tick, self);
  task = g_task_new (NULL, self->cancellable, on_run_done, stateroom_weak_new (self));
  g_task_set_name (task, "statistics of many tensors");
  g_task_set_return_on_cancel (task, TRUE);
  g_task_set_task_data (task, run, free_run);
  g_task_run_in_thread (task, run_in_thread);
}

static void
stateroom_survey_dispose (GObject *object)
{
  StateroomSurvey *self = STATEROOM_SURVEY (object);

  leave_run (self);
  g_clear_pointer (&self->waiting, g_array_unref);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  g_clear_pointer (&self->shared, stateroom_survey_shared_unref);
  G_OBJECT_CLASS (stateroom_survey_parent_class)->dispose (object);
}

static void
stateroom_survey_class_init (StateroomSurveyClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = stateroom_survey_dispose;

  /**
   * StateroomSurvey::changed:
   *
   * The work has begun or ended, or went on.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  /**
   * StateroomSurvey::arrived:
   *
   * There are results that were not there before. Comes a few times a second at most.
   */
  signals[ARRIVED] = g_signal_new ("arrived", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
stateroom_survey_init (StateroomSurvey *self)
{
  self->waiting = g_array_new (FALSE, FALSE, sizeof (guint32));
}

/**
 * stateroom_survey_new:
 * @tree: a file
 *
 * Returns: (transfer full): a survey without results
 */
StateroomSurvey *
stateroom_survey_new (CkptTree *tree)
{
  StateroomSurvey *self = g_object_new (STATEROOM_TYPE_SURVEY, NULL);

  self->shared = shared_new (ckpt_survey_new (tree, 0));
  return self;
}

/* Results of what the survey knows already. */
static void
record_known (StateroomSurveyShared *shared)
{
  CkptTree *tree = ckpt_survey_get_tree (shared->survey);

  for (guint32 i = 0; i < shared->n_tensors; i++)
    {
      CkptProfile *profile = ckpt_tree_has_tensor (tree, i)
                                 ? ckpt_survey_find (shared->survey, ckpt_tree_get_tensor (tree, i))
                                 : NULL;

      if (profile == NULL)
        continue;
      record (shared, i, profile, NULL);
      ckpt_profile_unref (profile);
    }
}

/**
 * stateroom_survey_new_after:
 * @tree: a file after an edit
 * @older: (nullable): of the file before it
 *
 * Returns: (transfer full): a survey with the results that are still true; may be made on any thread
 */
StateroomSurvey *
stateroom_survey_new_after (CkptTree *tree, StateroomSurveyShared *older)
{
  StateroomSurvey *self;

  if (older == NULL)
    return stateroom_survey_new (tree);
  self = g_object_new (STATEROOM_TYPE_SURVEY, NULL);
  self->shared = shared_new (ckpt_survey_new_after (older->survey, tree));
  record_known (self->shared);
  self->n_results_seen = atomic_load (&self->shared->n_results);
  return self;
}

/**
 * stateroom_survey_get_survey:
 *
 * Returns: (transfer none): the statistics
 */
CkptSurvey *
stateroom_survey_get_survey (StateroomSurvey *self)
{
  return self->shared->survey;
}

/**
 * stateroom_survey_get_tree:
 *
 * Returns: (transfer none): the file
 */
CkptTree *
stateroom_survey_get_tree (StateroomSurvey *self)
{
  return ckpt_survey_get_tree (self->shared->survey);
}

/**
 * stateroom_survey_get_result:
 * @tensor: number of a tensor
 *
 * Returns: (transfer none) (nullable): what is known of it
 */
const StateroomResult *
stateroom_survey_get_result (StateroomSurvey *self, guint32 tensor)
{
  g_return_val_if_fail (tensor < self->shared->n_tensors, NULL);

  return atomic_load (&self->shared->results[tensor]);
}

/**
 * stateroom_survey_start:
 * @tensors: (array length=n): numbers of tensors
 * @n: how many
 *
 * Begins to compute what is not known of them, after what was asked for before.
 */
void
stateroom_survey_start (StateroomSurvey *self, const guint32 *tensors, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (stateroom_survey_get_result (self, tensors[i]) == NULL)
      g_array_append_val (self->waiting, tensors[i]);
  if (self->run != NULL || self->waiting->len == 0)
    return;
  start_run (self, FALSE);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * stateroom_survey_start_file:
 * @tensors: (array length=n): numbers of all tensors of the file that can be read
 * @n: how many
 *
 * Begins to compute what is not known of them, and then to look what is wrong or odd.
 */
void
stateroom_survey_start_file (StateroomSurvey *self, const guint32 *tensors, gsize n)
{
  self->wants_findings = TRUE;
  stateroom_survey_start (self, tensors, n);
  if (self->run != NULL || self->findings != NULL)
    return;
  start_run (self, TRUE);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * stateroom_survey_get_findings:
 *
 * Returns: (transfer none) (nullable) (element-type CkptFinding): what is wrong or odd in the file; %NULL if that is not known
 */
GPtrArray *
stateroom_survey_get_findings (StateroomSurvey *self)
{
  return self->findings;
}

/**
 * stateroom_survey_cancel:
 *
 * Gives up what was asked for. What was found stays.
 */
void
stateroom_survey_cancel (StateroomSurvey *self)
{
  g_array_set_size (self->waiting, 0);
  self->wants_findings = FALSE;
  leave_run (self);
  tell_results (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * stateroom_survey_is_running:
 *
 * Returns: whether something that was asked for is not done
 */
gboolean
stateroom_survey_is_running (StateroomSurvey *self)
{
  return self->run != NULL;
}

/**
 * stateroom_survey_get_progress:
 * @progress: (out caller-allocates): how far the work is, all zeros if there is none
 */
void
stateroom_survey_get_progress (StateroomSurvey *self, StateroomSurveyProgress *progress)
{
  const Run *run = self->run;

  *progress = (StateroomSurveyProgress) { .seconds_left = -1 };
  if (run == NULL)
    return;
  progress->is_looking = run->is_looking;
  progress->n_done = atomic_load (&run->n_done);
  progress->n_total = run->tensors->len;
  progress->bytes_done = atomic_load (&run->bytes_done);
  progress->bytes_total = atomic_load (&run->bytes_total);
  progress->rate = self->rate;
  if (self->rate > 0 && progress->bytes_total >= progress->bytes_done)
    progress->seconds_left = (double) (progress->bytes_total - progress->bytes_done) / self->rate;
}

/**
 * stateroom_survey_dup_question:
 * @n_bytes: bytes that are to be read
 *
 * Returns: (transfer full): the label of a button that reads them
 */
char *
stateroom_survey_dup_question (StateroomSurvey *self, guint64 n_bytes)
{
  double rate = self->measured_rate > 0 ? self->measured_rate : GUESSED_RATE;
  double seconds = (double) n_bytes / rate + 1;
  g_autofree char *size = stateroom_format_bytes (n_bytes);

  if (seconds < 100)
    /* Translators: a button; %s is a size: "Compute (30 GB, about 40 s)" */
    return g_strdup_printf (_ ("Compute (%s, about %u s)"), size, (guint) seconds);
  return g_strdup_printf (_ ("Compute (%s, about %u min)"), size, (guint) MIN (seconds / 60 + 1, G_MAXINT));
}

typedef struct
{
  StateroomSurveyShared *shared;
  CkptProfile *profile;
  GError *error;
} Single;

static void
on_single (guint32 tensor, CkptProfile *profile, const GError *error, gpointer user_data)
{
  Single *single = user_data;

  record (single->shared, tensor, profile, error);
  if (profile != NULL)
    single->profile = ckpt_profile_ref (profile);
  else
    single->error = g_error_copy (error);
}

/**
 * stateroom_survey_shared_run_one:
 * @tensor: number of a tensor
 * @progress: (nullable): told how far it is
 * @cancellable: (nullable): to stop it
 *
 * Finds out about one tensor, on any thread but the main one.
 *
 * Returns: (transfer full): what was found, or %NULL with the errors of ckpt_tensor_read() or %G_IO_ERROR_CANCELLED
 */
CkptProfile *
stateroom_survey_shared_run_one (StateroomSurveyShared *shared,
                                 guint32 tensor,
                                 CkptProgressFunc progress,
                                 gpointer progress_data,
                                 GCancellable *cancellable,
                                 GError **error)
{
  Single single = { shared, NULL, NULL };

  if (!ckpt_survey_run (shared->survey, &tensor, 1, on_single, &single, progress, progress_data, cancellable,
                        error))
    {
      g_clear_pointer (&single.profile, ckpt_profile_unref);
      g_clear_error (&single.error);
      return NULL;
    }
  if (single.profile == NULL)
    g_propagate_error (error, single.error);
  return single.profile;
}
