/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-pool.h"

/* More threads than that do not read faster, and each takes two megabytes. */
#define MAX_THREADS 32
/* Bytes for which it pays to start another thread. */
#define BYTES_PER_THREAD ((guint64) 1 << 20)
/* Buffers that all pools of the process may be reading into at a time: 64 MiB. */
#define MAX_BUFFERS ((guint) (((gsize) 64 << 20) / CKPT_SCAN_BYTES))
/* Blocks that a thread takes at a time, at most and at least: adding what it found to a pass takes as long as a block does. */
#define MAX_RUN 64
#define MIN_RUN 8
/* Of what is left, each thread gets so many runs, so that all end about the same time. */
#define RUNS_PER_THREAD 4
/* Bytes from one call of the progress function to the next, and how long it is silent at most, in us. */
#define PROGRESS_BYTES ((guint64) 4 << 20)
#define PROGRESS_TIME  (G_TIME_SPAN_MILLISECOND * 50)

typedef struct
{
  const CkptPool *pool;
  GMutex mutex;
  CkptPass *pass; /* under the mutex: the one whose blocks are being given out, up to */
  guint64 block;  /* this one */
  guint64 n_bytes_given;
  guint n_active; /* under the mutex: threads that have not ended */
  GCond ended;
  guint64 n_bytes_done; /* atomic */
  guint64 n_bytes_told;
} Run;

/* Of one thread. */
typedef struct
{
  Run *run;
  gboolean is_caller;
} Progress;

static GMutex buffers_mutex;
static GCond buffers_returned;
static guint n_buffers;

static void
take_buffer (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&buffers_mutex);

  while (n_buffers == MAX_BUFFERS)
    g_cond_wait (&buffers_returned, &buffers_mutex);
  n_buffers++;
}

static void
return_buffer (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&buffers_mutex);

  n_buffers--;
  g_cond_signal (&buffers_returned);
}

static void
tell_progress (Run *run, gboolean is_last)
{
  const CkptPool *pool = run->pool;
  guint64 n_done = MIN (__atomic_load_n (&run->n_bytes_done, __ATOMIC_RELAXED), pool->n_bytes);

  if (pool->progress == NULL || (n_done - run->n_bytes_told < PROGRESS_BYTES && !is_last))
    return;
  run->n_bytes_told = n_done;
  pool->progress (n_done, pool->n_bytes, pool->progress_data);
}

static void
on_block (guint64 n_bytes, gpointer user_data)
{
  Progress *progress = user_data;

  __atomic_fetch_add (&progress->run->n_bytes_done, n_bytes, __ATOMIC_RELAXED);
  if (progress->is_caller)
    tell_progress (progress->run, FALSE);
}

static guint64
choose_n (Run *run, guint64 n_left)
{
  guint64 n_bytes_left = run->pool->n_bytes - MIN (run->n_bytes_given, run->pool->n_bytes);
  guint64 n = n_bytes_left / CKPT_SCAN_BYTES / (RUNS_PER_THREAD * run->pool->n_threads);

  n = MIN (CLAMP (n, MIN_RUN, MAX_RUN), n_left);
  run->n_bytes_given += n * CKPT_SCAN_BYTES;
  return n;
}

/* Some blocks of a pass for a thread to work on; FALSE if there are none left. What is small is given out whole. */
static gboolean
take_run (Run *run, CkptPass **pass, guint64 *first, guint64 *n)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&run->mutex);
  guint64 n_left;

  if (run->pass == NULL)
    {
      if (g_cancellable_is_cancelled (run->pool->cancellable))
        return FALSE;
      run->pass = run->pool->next (run->pool->data);
      run->block = 0;
    }
  if (run->pass == NULL)
    return FALSE;
  n_left = run->pass->scan.n_blocks - run->block;
  *pass = run->pass;
  *first = run->block;
  *n = run->pass->scan.is_serial ? n_left : choose_n (run, n_left);
  run->block += *n;
  if (*n == n_left)
    run->pass = NULL;
  return TRUE;
}

static void
work (Run *run, gboolean is_caller)
{
  g_autoptr (CkptWorker) worker = NULL;
  Progress progress = { run, is_caller };
  guint64 first, n;
  CkptPass *pass;

  take_buffer ();
  worker = ckpt_worker_new ();
  while (take_run (run, &pass, &first, &n))
    if (ckpt_pass_run (pass, worker, first, n, run->pool->cancellable, on_block, &progress) == 0)
      run->pool->done (pass, run->pool->data);
  return_buffer ();
}

static gpointer
work_in_thread (gpointer data)
{
  Run *run = data;
  g_autoptr (GMutexLocker) locker = NULL;

  work (run, FALSE);
  locker = g_mutex_locker_new (&run->mutex);
  run->n_active--;
  g_cond_signal (&run->ended);
  return NULL;
}

/* Where no more threads can be had, those that are there do the work. */
static gboolean
start_thread (Run *run, GThread **thread)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&run->mutex);

  *thread = g_thread_try_new ("statistics", work_in_thread, run, NULL);
  run->n_active += *thread != NULL;
  return *thread != NULL;
}

static void
wait_for_threads (Run *run)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&run->mutex);

  while (run->n_active > 0)
    {
      g_cond_wait_until (&run->ended, &run->mutex, g_get_monotonic_time () + PROGRESS_TIME);
      g_mutex_unlock (&run->mutex);
      tell_progress (run, FALSE);
      g_mutex_lock (&run->mutex);
    }
}

static guint
choose_n_threads (const CkptPool *pool)
{
  guint n_threads = CLAMP (pool->n_threads, 1, MAX_THREADS);

  return (guint) MIN (n_threads, pool->n_bytes / BYTES_PER_THREAD + 1);
}

/**
 * ckpt_pool_run:
 * @pool: what to do
 *
 * Works on passes until there are no more. The blocks of a pass are given out in their order, to all threads, before the next pass
 * begins, so that few passes are under way at once. When it is cancelled, passes that have begun end with that error, and no new one begins.
 */
void
ckpt_pool_run (const CkptPool *pool)
{
  CkptPool chosen = *pool;
  Run run = { .pool = &chosen };
  GThread *threads[MAX_THREADS];
  guint n_started = 0;

  chosen.n_threads = choose_n_threads (pool);
  g_mutex_init (&run.mutex);
  g_cond_init (&run.ended);
  while (n_started + 1 < chosen.n_threads && start_thread (&run, &threads[n_started]))
    n_started++;
  work (&run, TRUE);
  wait_for_threads (&run);
  for (guint i = 0; i < n_started; i++)
    g_thread_join (threads[i]);
  if (!g_cancellable_is_cancelled (pool->cancellable))
    tell_progress (&run, TRUE);
  g_mutex_clear (&run.mutex);
  g_cond_clear (&run.ended);
}

static CkptPass *
give_pass (gpointer data)
{
  CkptPass **pass = data;

  return g_steal_pointer (pass);
}

static void
ignore_pass (CkptPass *pass, gpointer data)
{
}

/**
 * ckpt_pool_run_one:
 * @pass: a pass that has not begun
 * @n_threads: how many threads work, at most
 * @progress: (nullable): told on the calling thread how many bytes are done
 * @progress_data: for @progress
 * @cancellable: (nullable): asked before each block
 * @error: return location for an error of reading, or %G_IO_ERROR_CANCELLED
 *
 * Works on one pass until it is done.
 *
 * Returns: whether all went well
 */
gboolean
ckpt_pool_run_one (CkptPass *pass,
                   guint n_threads,
                   CkptProgressFunc progress,
                   gpointer progress_data,
                   GCancellable *cancellable,
                   GError **error)
{
  CkptPass *left = pass;
  CkptPool pool = { .next = give_pass,
                    .done = ignore_pass,
                    .data = &left,
                    .n_threads = n_threads,
                    .n_bytes = pass->scan.n_bytes,
                    .progress = progress,
                    .progress_data = progress_data,
                    .cancellable = cancellable };

  ckpt_pool_run (&pool);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (pass->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&pass->error));
  return FALSE;
}
