/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-export-job.h"

typedef struct
{
  CkptTree *tree;
  CkptExportOptions options;
} Job;

static void
free_job (gpointer data)
{
  Job *job = data;

  ckpt_tree_unref (job->tree);
  g_free (job);
}

/* How large the file would be. Nothing is written. */
static gboolean
measure (StateroomExport *self, GCancellable *cancellable, GError **error)
{
  const CkptWriteOptions options = { .container = ckpt_export_get_container (self->result),
                                     .leaves_out = TRUE };
  g_autoptr (CkptPlan)
      plan = ckpt_plan_new (ckpt_export_get_tree (self->result), &options, cancellable, error);
  guint n_notes;
  const char *const *notes;

  if (plan == NULL)
    return FALSE;
  self->n_bytes = ckpt_plan_get_size (plan);
  notes = ckpt_plan_get_notes (plan, &n_notes);
  for (guint i = 0; i < n_notes; i++)
    g_ptr_array_add (self->notes, g_strdup (notes[i]));
  return TRUE;
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  g_autoptr (StateroomExport) self = g_new0 (StateroomExport, 1);
  GError *error = NULL;

  self->notes = g_ptr_array_new_with_free_func (g_free);
  self->n_bytes_before = ckpt_source_get_size (ckpt_tree_get_source (job->tree));
  self->result = ckpt_export_new (job->tree, &job->options, cancellable, &error);
  if (self->result == NULL || !measure (self, cancellable, &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&self), (GDestroyNotify) stateroom_export_free);
}

/**
 * stateroom_export_make_async:
 * @editor: what edits the file
 * @options: what is wanted; copied
 * @cancellable: (nullable): to stop
 * @callback: called on this thread
 *
 * Finds out what an export of the file would come to.
 */
void
stateroom_export_make_async (StateroomEditor *editor,
                             const CkptExportOptions *options,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->tree = ckpt_tree_ref (ckpt_document_get_tree (stateroom_editor_get_document (editor)));
  job->options = *options;
  g_task_set_name (task, "what an export would be");
  g_task_set_task_data (task, job, free_job);
  stateroom_editor_run (editor, task, run_in_thread);
}

/**
 * stateroom_export_make_finish:
 *
 * Returns: (transfer full): what it would come to, or %NULL with the errors of ckpt_export_new() and ckpt_plan_new()
 */
StateroomExport *
stateroom_export_make_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * stateroom_export_free:
 * @self: (transfer full): an export
 */
void
stateroom_export_free (StateroomExport *self)
{
  g_clear_pointer (&self->result, ckpt_export_free);
  g_ptr_array_unref (self->notes);
  g_free (self);
}
