/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-survey-plan.h"

/* File systems that GIO does not call remote, but whose bytes come over a network, or may. */
static const char *const remote_types[] = { "fuse", "ceph",  "lustre", "gpfs",      "beegfs", "afs",
                                            "coda", "ocfs2", "gfs2",   "glusterfs", "panfs",  "nfs",
                                            "nfs4", "cifs",  "smb2",   NULL };

/* Where it cannot be told, the file is not read unasked. */
static gboolean
is_local (CkptTree *tree)
{
  g_autoptr (GFile) file = g_file_new_for_path (ckpt_source_get_path (ckpt_tree_get_source (tree)));
  g_autoptr (GFileInfo) info = g_file_query_filesystem_info (
      file, G_FILE_ATTRIBUTE_FILESYSTEM_REMOTE "," G_FILE_ATTRIBUTE_FILESYSTEM_TYPE, NULL, NULL);
  const char *type;

  if (info == NULL || g_file_info_get_attribute_boolean (info, G_FILE_ATTRIBUTE_FILESYSTEM_REMOTE))
    return FALSE;
  type = g_file_info_get_attribute_string (info, G_FILE_ATTRIBUTE_FILESYSTEM_TYPE);
  return type == NULL || !g_strv_contains (remote_types, type);
}

static void
plan_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  CkptSurvey *survey = task_data;
  CkptTree *tree = ckpt_survey_get_tree (survey);
  StateroomSurveyPlan *self = g_new0 (StateroomSurveyPlan, 1);

  self->tensors = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint32 i = 0; i < ckpt_tree_get_n_tensors (tree); i++)
    if (ckpt_tree_has_tensor (tree, i) &&
        ckpt_tensor_get_unreadable (tree, ckpt_tree_get_tensor (tree, i)) == NULL)
      g_array_append_val (self->tensors, i);
  self->n_bytes = ckpt_survey_get_bytes (survey, (const guint32 *) (void *) self->tensors->data,
                                         self->tensors->len);
  self->is_local = is_local (tree);
  g_task_return_pointer (task, self, (GDestroyNotify) stateroom_survey_plan_free);
}

/**
 * stateroom_survey_plan_async:
 * @survey: of a file
 * @cancellable: (nullable): to stop, even while the file system does not answer
 * @callback: called on this thread
 *
 * Finds out what the statistics of the whole file take.
 */
void
stateroom_survey_plan_async (StateroomSurvey *survey,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_name (task, "plan of the statistics");
  g_task_set_return_on_cancel (task, TRUE);
  g_task_set_task_data (task, ckpt_survey_ref (stateroom_survey_get_survey (survey)),
                        (GDestroyNotify) ckpt_survey_unref);
  g_task_run_in_thread (task, plan_in_thread);
}

/**
 * stateroom_survey_plan_finish:
 *
 * Returns: (transfer full) (nullable): the plan, or %NULL if that was cancelled
 */
StateroomSurveyPlan *
stateroom_survey_plan_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/**
 * stateroom_survey_plan_free:
 * @self: (transfer full): a plan
 */
void
stateroom_survey_plan_free (StateroomSurveyPlan *self)
{
  g_array_unref (self->tensors);
  g_free (self);
}
