/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-load.h"

#include <stdatomic.h>

struct _StateroomLoad
{
  GObject parent_instance;

  CkptItemFlags flags;
  /* Written by the thread before it returns an error. */
  CkptArchive *records;
  /* Written by the thread. */
  _Atomic guint64 n_done;
  _Atomic guint64 n_total;
};

G_DEFINE_FINAL_TYPE (StateroomLoad, stateroom_load, G_TYPE_OBJECT)

static void
stateroom_load_finalize (GObject *object)
{
  g_clear_pointer (&STATEROOM_LOAD (object)->records, ckpt_archive_unref);

  G_OBJECT_CLASS (stateroom_load_parent_class)->finalize (object);
}

static void
stateroom_load_class_init (StateroomLoadClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stateroom_load_finalize;
}

static void
stateroom_load_init (StateroomLoad *self)
{
}

/**
 * stateroom_load_new:
 * @flags: how its keys will be shown
 *
 * Returns: (transfer full): something that can open one file
 */
StateroomLoad *
stateroom_load_new (CkptItemFlags flags)
{
  StateroomLoad *self = g_object_new (STATEROOM_TYPE_LOAD, NULL);

  self->flags = flags;
  return self;
}

static void
on_progress (guint64 done, guint64 total, gpointer user_data)
{
  StateroomLoad *self = user_data;

  atomic_store_explicit (&self->n_done, done, memory_order_relaxed);
  atomic_store_explicit (&self->n_total, total, memory_order_relaxed);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (CkptOutline) outline = NULL;
  GError *error = NULL;
  CkptItem *root;

  tree = ckpt_load (task_data, on_progress, source, cancellable, &error);
  if (tree == NULL)
    {
      if (!g_cancellable_is_cancelled (cancellable))
        STATEROOM_LOAD (source)->records = ckpt_load_records (task_data, NULL);
      g_task_return_error (task, error);
      return;
    }
  outline = ckpt_outline_new (tree);
  root = ckpt_item_new (outline, STATEROOM_LOAD (source)->flags);
  ckpt_item_prepare (root);
  g_task_return_pointer (task, root, g_object_unref);
}

/**
 * stateroom_load_run_async:
 * @path: a file
 * @cancellable: (nullable): cancelling it calls @callback at once, even if the thread hangs in a read
 * @callback: called when the file is open, or cannot be opened
 *
 * Opens the file, and finds out what the tree view needs at first.
 */
void
stateroom_load_run_async (StateroomLoad *self,
                          const char *path,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (STATEROOM_IS_LOAD (self));
  g_return_if_fail (path != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, run_in_thread);
}

/**
 * stateroom_load_run_finish:
 *
 * Returns: (transfer full): the item of what was opened, or %NULL with @error set to one of ckpt_load(), or %G_IO_ERROR_CANCELLED
 */
CkptItem *
stateroom_load_run_finish (StateroomLoad *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * stateroom_load_get_records:
 *
 * Returns: (transfer none) (nullable): the records of a file that could not be opened, if it has any; to be asked for once
 *   stateroom_load_run_finish() said so, other than that it was cancelled
 */
CkptArchive *
stateroom_load_get_records (StateroomLoad *self)
{
  g_return_val_if_fail (STATEROOM_IS_LOAD (self), NULL);

  return self->records;
}

/**
 * stateroom_load_get_fraction:
 *
 * Returns: how much of the work is done, from 0 to 1, or a negative number if that is not known
 */
double
stateroom_load_get_fraction (StateroomLoad *self)
{
  guint64 done, total;

  g_return_val_if_fail (STATEROOM_IS_LOAD (self), -1);

  done = atomic_load_explicit (&self->n_done, memory_order_relaxed);
  total = atomic_load_explicit (&self->n_total, memory_order_relaxed);
  return total > 0 ? MIN ((double) done / (double) total, 1.0) : -1.0;
}
