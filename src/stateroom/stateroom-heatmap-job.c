/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-heatmap-job.h"

/* How often progress is told, and in how many steps it is counted. */
#define TICK_MS        100
#define PROGRESS_STEPS 1000

/* One computation, shared with the thread that does it. */
typedef struct
{
  StateroomHeatmapJob *job; /* main thread only; NULL once nobody waits for it */
  CkptSlice *slice;
  StateroomHeatmapWish wish;
  int step; /* atomic */
} Run;

struct _StateroomHeatmapJob
{
  GObject parent_instance;

  CkptSlice *slice;
  CkptBlocks *blocks; /* of the last wish that came true */
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

G_DEFINE_FINAL_TYPE (StateroomHeatmapJob, stateroom_heatmap_job, G_TYPE_OBJECT)

static void
clear_run (gpointer data)
{
  ckpt_slice_free (((Run *) data)->slice);
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

  if (total > 0)
    g_atomic_int_set (&run->step, (int) ((double) done / (double) total * PROGRESS_STEPS));
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Run *run = task_data;
  GError *error = NULL;
  CkptBlocks *blocks = ckpt_blocks_compute (run->slice, &run->wish.rect, run->wish.row_factor,
                                            run->wish.column_factor, on_progress, run, cancellable, &error);

  if (blocks != NULL)
    g_task_return_pointer (task, blocks, (GDestroyNotify) ckpt_blocks_unref);
  else
    g_task_return_error (task, error);
}

/* From now on the thread may go on or not; nobody listens. */
static void
leave_run (StateroomHeatmapJob *self)
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
  g_autoptr (StateroomHeatmapJob) self = run->job != NULL ? g_object_ref (run->job) : NULL;
  g_autoptr (GError) error = NULL;
  CkptBlocks *blocks = g_task_propagate_pointer (G_TASK (result), &error);

  if (self == NULL)
    {
      g_clear_pointer (&blocks, ckpt_blocks_unref);
      return;
    }
  g_clear_pointer (&self->blocks, ckpt_blocks_unref);
  g_clear_error (&self->error);
  self->blocks = blocks;
  self->error = g_steal_pointer (&error);
  leave_run (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
on_tick (gpointer user_data)
{
  g_signal_emit (user_data, signals[CHANGED], 0);
  return G_SOURCE_CONTINUE;
}

static void
stateroom_heatmap_job_dispose (GObject *object)
{
  leave_run (STATEROOM_HEATMAP_JOB (object));
  G_OBJECT_CLASS (stateroom_heatmap_job_parent_class)->dispose (object);
}

static void
stateroom_heatmap_job_finalize (GObject *object)
{
  StateroomHeatmapJob *self = STATEROOM_HEATMAP_JOB (object);

  ckpt_slice_free (self->slice);
  g_clear_pointer (&self->blocks, ckpt_blocks_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (stateroom_heatmap_job_parent_class)->finalize (object);
}

static void
stateroom_heatmap_job_class_init (StateroomHeatmapJobClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = stateroom_heatmap_job_dispose;
  G_OBJECT_CLASS (klass)->finalize = stateroom_heatmap_job_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
stateroom_heatmap_job_init (StateroomHeatmapJob *self)
{
}

/**
 * stateroom_heatmap_job_new:
 * @slice: what is reduced; copied
 *
 * Returns: (transfer full): a job that does nothing yet
 */
StateroomHeatmapJob *
stateroom_heatmap_job_new (const CkptSlice *slice)
{
  StateroomHeatmapJob *self = g_object_new (STATEROOM_TYPE_HEATMAP_JOB, NULL);

  self->slice = ckpt_slice_copy (slice);
  return self;
}

/**
 * stateroom_heatmap_job_count_bytes:
 * @wish: some blocks
 *
 * Returns: how many bytes would be read for them, about
 */
guint64
stateroom_heatmap_job_count_bytes (StateroomHeatmapJob *self, const StateroomHeatmapWish *wish)
{
  CkptTensor *part = ckpt_slice_get_part (self->slice, &wish->rect);
  guint64 n_bytes = part->n_bytes;

  /* Repetitions are read once. */
  if (part->storage != CKPT_NO_STORAGE)
    n_bytes = MIN (n_bytes,
                   ckpt_tree_get_storage (ckpt_slice_get_tree (self->slice), part->storage)->n_bytes);
  ckpt_part_free (part);
  return n_bytes;
}

/**
 * stateroom_heatmap_job_start:
 * @wish: the blocks to make
 *
 * What was being done for another wish is left.
 */
void
stateroom_heatmap_job_start (StateroomHeatmapJob *self, const StateroomHeatmapWish *wish)
{
  g_autoptr (GTask) task = NULL;

  leave_run (self);
  self->run = g_atomic_rc_box_new0 (Run);
  self->run->job = self;
  self->run->slice = ckpt_slice_copy (self->slice);
  self->run->wish = *wish;
  self->cancellable = g_cancellable_new ();
  self->tick = g_timeout_add (TICK_MS, on_tick, self);
  task = g_task_new (NULL, self->cancellable, on_done, NULL);
  g_task_set_name (task, "blocks of a heatmap");
  g_task_set_task_data (task, g_atomic_rc_box_acquire (self->run), release_run);
  g_task_run_in_thread (task, run_in_thread);
}

/**
 * stateroom_heatmap_job_cancel:
 *
 * Stops; the last blocks stay.
 */
void
stateroom_heatmap_job_cancel (StateroomHeatmapJob *self)
{
  if (self->run == NULL)
    return;
  leave_run (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * stateroom_heatmap_job_is_running:
 *
 * Returns: whether blocks are being made
 */
gboolean
stateroom_heatmap_job_is_running (StateroomHeatmapJob *self)
{
  return self->run != NULL;
}

/**
 * stateroom_heatmap_job_get_progress:
 *
 * Returns: how much is done: 0 to 1
 */
double
stateroom_heatmap_job_get_progress (StateroomHeatmapJob *self)
{
  return self->run != NULL ? g_atomic_int_get (&self->run->step) / (double) PROGRESS_STEPS : 0;
}

/**
 * stateroom_heatmap_job_get_slice:
 *
 * Returns: (transfer none): what is reduced
 */
const CkptSlice *
stateroom_heatmap_job_get_slice (StateroomHeatmapJob *self)
{
  return self->slice;
}

/**
 * stateroom_heatmap_job_get_blocks:
 *
 * Returns: (transfer none) (nullable): the blocks that were made last
 */
CkptBlocks *
stateroom_heatmap_job_get_blocks (StateroomHeatmapJob *self)
{
  return self->blocks;
}

/**
 * stateroom_heatmap_job_get_error:
 *
 * Returns: (transfer none) (nullable): why the last blocks could not be made
 */
const GError *
stateroom_heatmap_job_get_error (StateroomHeatmapJob *self)
{
  return self->error;
}
