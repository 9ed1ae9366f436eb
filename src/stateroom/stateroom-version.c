/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-version.h"

typedef struct
{
  CkptTree *tree;
  CkptItemFlags flags;
  StateroomSurveyShared *older; /* NULL if there are no statistics to take over */
} Job;

static void
free_job (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->older, stateroom_survey_shared_unref);
  ckpt_tree_unref (job->tree);
  g_free (job);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr (CkptOutline) outline = ckpt_outline_new (job->tree);
  StateroomVersion *self = g_new0 (StateroomVersion, 1);

  self->root = ckpt_item_new (outline, job->flags);
  ckpt_item_prepare (self->root);
  self->survey = stateroom_survey_new_after (job->tree, job->older);
  g_task_return_pointer (task, self, (GDestroyNotify) stateroom_version_free);
}

/**
 * stateroom_version_make_async:
 * @tree: a file after an edit
 * @flags: how its keys will be shown
 * @older: (nullable): statistics of it before the edit
 * @cancellable: (nullable): to stop
 * @callback: called on this thread
 *
 * Finds out what the page shows at first, in a thread.
 */
void
stateroom_version_make_async (CkptTree *tree,
                              CkptItemFlags flags,
                              StateroomSurvey *older,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->tree = ckpt_tree_ref (tree);
  job->flags = flags;
  if (older != NULL)
    job->older = stateroom_survey_share (older);
  g_task_set_name (task, "rows after an edit");
  g_task_set_task_data (task, job, free_job);
  g_task_run_in_thread (task, run_in_thread);
}

/**
 * stateroom_version_make_finish:
 *
 * Returns: (transfer full): what to show, or %NULL with @error set if that was cancelled
 */
StateroomVersion *
stateroom_version_make_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * stateroom_version_free:
 * @self: (transfer full): what was to be shown
 */
void
stateroom_version_free (StateroomVersion *self)
{
  g_clear_object (&self->root);
  g_clear_object (&self->survey);
  g_free (self);
}
