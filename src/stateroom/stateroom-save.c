/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-save.h"

#include <stdatomic.h>

struct _StateroomSave
{
  GObject parent_instance;

  CkptTree *tree;
  CkptSaveOptions options;
  GFile *file;
  gboolean is_copy;
  CkptSaveReport report;
  /* Written by the thread. */
  _Atomic guint64 n_done;
  _Atomic guint64 n_total;
};

G_DEFINE_FINAL_TYPE (StateroomSave, stateroom_save, G_TYPE_OBJECT)

static void
stateroom_save_finalize (GObject *object)
{
  StateroomSave *self = STATEROOM_SAVE (object);

  g_clear_pointer (&self->tree, ckpt_tree_unref);
  g_clear_object (&self->file);
  ckpt_save_report_clear (&self->report);

  G_OBJECT_CLASS (stateroom_save_parent_class)->finalize (object);
}

static void
stateroom_save_class_init (StateroomSaveClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stateroom_save_finalize;
}

static void
stateroom_save_init (StateroomSave *self)
{
}

/**
 * stateroom_save_new:
 * @tree: what to write
 * @options: how; copied
 * @file: where to; with a local path
 * @is_copy: whether @tree is only a copy for others, so that the new file needs not be opened
 *
 * Returns: (transfer full): something that can write a file once
 */
StateroomSave *
stateroom_save_new (CkptTree *tree, const CkptSaveOptions *options, GFile *file, gboolean is_copy)
{
  StateroomSave *self = g_object_new (STATEROOM_TYPE_SAVE, NULL);

  self->tree = ckpt_tree_ref (tree);
  self->options = *options;
  self->file = g_object_ref (file);
  self->is_copy = is_copy;
  return self;
}

static void
on_progress (guint64 done, guint64 total, gpointer user_data)
{
  StateroomSave *self = user_data;

  atomic_store_explicit (&self->n_done, done, memory_order_relaxed);
  atomic_store_explicit (&self->n_total, total, memory_order_relaxed);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  StateroomSave *self = task_data;
  const char *path = g_file_peek_path (self->file);
  GError *error = NULL;
  CkptTree *written;

  if (!ckpt_save (self->tree, path, &self->options, on_progress, self, cancellable, &self->report, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  /* Once it is written it is not cancelled any more. */
  written = self->is_copy ? ckpt_tree_ref (self->tree) : ckpt_load (path, NULL, NULL, NULL, &error);
  if (written != NULL)
    g_task_return_pointer (task, written, (GDestroyNotify) ckpt_tree_unref);
  else
    g_task_return_error (task, error);
}

/**
 * stateroom_save_run_async:
 * @editor: what edits the file that the tree is of
 * @cancellable: (nullable): to stop; what is there already stays as it is
 * @callback: called on this thread
 *
 * Writes the file.
 */
void
stateroom_save_run_async (StateroomSave *self,
                          StateroomEditor *editor,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (STATEROOM_IS_SAVE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  /* Whether it was cancelled in time is for the thread to say. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, g_object_ref (self), g_object_unref);
  stateroom_editor_run (editor, task, run_in_thread);
}

/**
 * stateroom_save_run_finish:
 *
 * Returns: (transfer full): what is in the new file, or %NULL with the errors of ckpt_save() and ckpt_load()
 */
CkptTree *
stateroom_save_run_finish (StateroomSave *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * stateroom_save_get_file:
 *
 * Returns: (transfer none): where to
 */
GFile *
stateroom_save_get_file (StateroomSave *self)
{
  g_return_val_if_fail (STATEROOM_IS_SAVE (self), NULL);

  return self->file;
}

/**
 * stateroom_save_get_tree:
 *
 * Returns: (transfer none): what is written
 */
CkptTree *
stateroom_save_get_tree (StateroomSave *self)
{
  g_return_val_if_fail (STATEROOM_IS_SAVE (self), NULL);

  return self->tree;
}

/**
 * stateroom_save_is_copy:
 *
 * Returns: whether it is only a copy for others
 */
gboolean
stateroom_save_is_copy (StateroomSave *self)
{
  g_return_val_if_fail (STATEROOM_IS_SAVE (self), FALSE);

  return self->is_copy;
}

/**
 * stateroom_save_get_options:
 *
 * Returns: (transfer none): how it is written
 */
const CkptSaveOptions *
stateroom_save_get_options (StateroomSave *self)
{
  g_return_val_if_fail (STATEROOM_IS_SAVE (self), NULL);

  return &self->options;
}

/**
 * stateroom_save_get_notes:
 *
 * Returns: (transfer none) (nullable) (element-type utf8): what a person should know, once it is written
 */
GPtrArray *
stateroom_save_get_notes (StateroomSave *self)
{
  g_return_val_if_fail (STATEROOM_IS_SAVE (self), NULL);

  return self->report.notes;
}

/**
 * stateroom_save_get_fraction:
 *
 * Returns: how much is written, from 0 to 1, or a negative number if that is not known
 */
double
stateroom_save_get_fraction (StateroomSave *self)
{
  guint64 done, total;

  g_return_val_if_fail (STATEROOM_IS_SAVE (self), -1);

  done = atomic_load_explicit (&self->n_done, memory_order_relaxed);
  total = atomic_load_explicit (&self->n_total, memory_order_relaxed);
  return total > 0 ? MIN ((double) done / (double) total, 1.0) : -1.0;
}
