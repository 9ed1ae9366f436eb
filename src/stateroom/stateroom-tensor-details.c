/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-tensor-details.h"

/* Paths that are kept; the others are only counted. */
#define MAX_PATHS 20

typedef struct
{
  CkptTree *tree;
  const CkptTensor *tensor;
  char *path_text;
} Job;

typedef struct
{
  const Job *job;
  StateroomTensorDetails *details;
  GCancellable *cancellable;
} Walk;

static void
free_job (gpointer data)
{
  Job *job = data;

  ckpt_tree_unref (job->tree);
  g_free (job->path_text);
  g_free (job);
}

static void
add_path (GPtrArray *paths, guint *n_paths, char *path)
{
  (*n_paths)++;
  if (paths->len < MAX_PATHS)
    g_ptr_array_add (paths, path);
  else
    g_free (path);
}

static gboolean
visit (CkptTree *tree,
       const CkptPath *path,
       guint depth,
       const CkptChild *child,
       gboolean is_repeat,
       gpointer user_data)
{
  Walk *walk = user_data;
  StateroomTensorDetails *details = walk->details;
  const CkptTensor *own = walk->job->tensor;
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, child->node);
  g_autofree char *text = NULL;

  if (g_cancellable_is_cancelled (walk->cancellable))
    return FALSE;
  if (tensor == NULL || tensor->storage != own->storage)
    return tensor == NULL;

  text = ckpt_path_to_string (path, tree);
  if (g_str_equal (text, walk->job->path_text))
    return FALSE;
  if (ckpt_tree_get_first_tied (tree, tensor) == ckpt_tree_get_first_tied (tree, own))
    add_path (details->same, &details->n_same, g_steal_pointer (&text));
  else
    add_path (details->sharing, &details->n_sharing, g_steal_pointer (&text));
  return FALSE;
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  StateroomTensorDetails *details = g_new0 (StateroomTensorDetails, 1);
  Walk walk = { job, details, cancellable };

  details->same = g_ptr_array_new_with_free_func (g_free);
  details->sharing = g_ptr_array_new_with_free_func (g_free);
  if (job->tensor->storage != CKPT_NO_STORAGE)
    ckpt_tree_walk (job->tree, ckpt_tree_get_root (job->tree), visit, &walk);
  g_task_return_pointer (task, details, (GDestroyNotify) stateroom_tensor_details_free);
}

/**
 * stateroom_tensor_details_load_async:
 * @path: where it was met
 * @tensor: a tensor of @tree
 * @cancellable: (nullable): to stop
 * @callback: called on this thread
 *
 * Finds the details in a thread.
 */
void
stateroom_tensor_details_load_async (CkptTree *tree,
                                     const CkptPath *path,
                                     const CkptTensor *tensor,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->tree = ckpt_tree_ref (tree);
  job->tensor = tensor;
  job->path_text = ckpt_path_to_string (path, tree);
  g_task_set_name (task, "details of a tensor");
  g_task_set_task_data (task, job, free_job);
  g_task_run_in_thread (task, run_in_thread);
}

/**
 * stateroom_tensor_details_load_finish:
 *
 * Returns: (transfer full): the details; %NULL with @error set if it was cancelled
 */
StateroomTensorDetails *
stateroom_tensor_details_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * stateroom_tensor_details_free:
 * @self: (transfer full): details
 */
void
stateroom_tensor_details_free (StateroomTensorDetails *self)
{
  g_ptr_array_unref (self->same);
  g_ptr_array_unref (self->sharing);
  g_free (self);
}
