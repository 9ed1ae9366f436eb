/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-pass.h"

/* A counter holds more, but not many times more. */
#define MAX_ELEMENTS ((guint64) 1 << 28)

/**
 * ckpt_worker_new:
 *
 * Returns: (transfer full): what a thread needs, about two megabytes
 */
CkptWorker *
ckpt_worker_new (void)
{
  CkptWorker *self = g_new0 (CkptWorker, 1);

  self->counter = ckpt_counter_new ();
  self->counts = g_new (CkptKeyCount, CKPT_COUNTER_KEYS);
  self->buffer = g_malloc (CKPT_SCAN_BYTES);
  self->values = g_new (double, 2 * CKPT_KERNEL_MAX);
  self->keys = g_new (guint32, 2 * CKPT_KERNEL_MAX);
  return self;
}

/**
 * ckpt_worker_free:
 * @self: (transfer full): what a thread needed
 */
void
ckpt_worker_free (CkptWorker *self)
{
  ckpt_counter_free (self->counter);
  g_free (self->counts);
  g_free (self->buffer);
  g_free (self->values);
  g_free (self->keys);
  g_free (self);
}

/**
 * ckpt_pass_init:
 * @self: (out): a pass; all zeros so far
 * @klass: what it is for
 * @tree: the tree; must outlive @self
 * @tensor: a tensor of it
 * @error: return location for the errors of ckpt_scan_init()
 *
 * Returns: whether it can begin; else nothing but ckpt_pass_free() may be called
 */
gboolean
ckpt_pass_init (CkptPass *self,
                const CkptPassClass *klass,
                CkptTree *tree,
                const CkptTensor *tensor,
                GError **error)
{
  self->klass = klass;
  g_mutex_init (&self->mutex);
  if (!ckpt_scan_init (&self->scan, tree, tensor, error))
    return FALSE;
  self->n_left = self->scan.n_blocks;
  return TRUE;
}

/**
 * ckpt_pass_free:
 * @self: (nullable) (transfer full): a pass
 */
void
ckpt_pass_free (CkptPass *self)
{
  if (self == NULL)
    return;
  if (self->klass != NULL)
    self->klass->free (self);
  ckpt_scan_clear (&self->scan);
  g_clear_error (&self->error);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

typedef struct
{
  CkptPass *pass;
  CkptWorker *worker;
  guint64 block;
} Run;

static void
on_items (guint8 *items, guint64 first, gsize n, gpointer user_data)
{
  Run *run = user_data;

  run->pass->klass->take (run->pass, run->worker, run->block, items, first, n);
}

static void
fail (CkptPass *self, GError *error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
}

static gboolean
has_failed (CkptPass *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->error != NULL;
}

/* Bytes of blocks as a share of all, so that those of all blocks add up. */
static guint64
share_bytes (const CkptPass *self, guint64 first, guint64 end)
{
  double n_bytes = (double) self->scan.n_bytes, n_blocks = (double) self->scan.n_blocks;

  return (guint64) (n_bytes * ((double) end / n_blocks)) - (guint64) (n_bytes * ((double) first / n_blocks));
}

static gboolean
run_block (Run *run, CkptElements *elements, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (!g_cancellable_set_error_if_cancelled (cancellable, &error) &&
      ckpt_scan_read_block (&run->pass->scan, elements, run->block, run->worker->buffer, on_items, run,
                            &error))
    return TRUE;
  fail (run->pass, g_steal_pointer (&error));
  return FALSE;
}

static guint64
end_run (CkptPass *self, CkptWorker *worker, guint64 n_blocks)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->klass->end_run (self, worker);
  self->n_left -= n_blocks;
  return self->n_left;
}

/**
 * ckpt_pass_run:
 * @self: a pass
 * @worker: what the thread needs
 * @first: number of a block
 * @n: blocks to look at from that one on
 * @cancellable: (nullable): asked before each block
 * @on_block: (scope call): told the bytes of each block once it is done
 * @user_data: for @on_block
 *
 * Looks at some blocks. After an error the rest of the pass is not read.
 *
 * Returns: how many blocks of the pass are left for others; 0 for whoever did the last one
 */
guint64
ckpt_pass_run (CkptPass *self,
               CkptWorker *worker,
               guint64 first,
               guint64 n,
               GCancellable *cancellable,
               void (*on_block) (guint64 n_bytes, gpointer user_data),
               gpointer user_data)
{
  gboolean is_wanted = !has_failed (self);
  g_autoptr (CkptElements) elements = is_wanted ? ckpt_scan_open (&self->scan) : NULL;
  Run run = { self, worker, first };
  guint64 n_elements = 0;

  for (; is_wanted && run.block < first + n; run.block++)
    {
      n_elements += self->scan.block_size;
      if (n_elements > MAX_ELEMENTS)
        {
          end_run (self, worker, 0);
          n_elements = self->scan.block_size;
        }
      is_wanted = run_block (&run, elements, cancellable);
      if (is_wanted)
        on_block (share_bytes (self, run.block, run.block + 1), user_data);
    }

  return end_run (self, worker, n);
}
