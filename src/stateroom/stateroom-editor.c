/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-editor.h"

struct _StateroomEditor
{
  GObject parent_instance;

  CkptDocument *document;
  GQueue waiting; /* of GTask: what was asked for */
  GTask *running; /* what a thread works on; NULL if nothing */
};

#define WORK_KEY "stateroom-work"

/* Other work that must not go on together with an edit. */
typedef struct
{
  GTaskThreadFunc func;
} Work;

/**
 * Job:
 * @edit: what to do
 * @tree: what to do it to; taken from the document when the job begins
 * @is_preview: whether the document stays as it is
 * @preview: (nullable): what came out
 * @result: (nullable): likewise
 * @error: (nullable): or why nothing did
 */
typedef struct
{
  CkptEdit *edit;
  CkptTree *tree;
  gboolean is_preview;
  StateroomPreview *preview;
  CkptTree *result;
  GError *error;
} Job;

static void run_next (StateroomEditor *self);

G_DEFINE_FINAL_TYPE (StateroomEditor, stateroom_editor, G_TYPE_OBJECT)

static void
clear_result (Job *job)
{
  g_clear_pointer (&job->preview, stateroom_preview_free);
  g_clear_pointer (&job->result, ckpt_tree_unref);
  g_clear_pointer (&job->tree, ckpt_tree_unref);
  g_clear_error (&job->error);
}

static void
free_job (gpointer data)
{
  Job *job = data;

  clear_result (job);
  g_clear_pointer (&job->edit, ckpt_edit_unref);
  g_free (job);
}

static void
stateroom_editor_dispose (GObject *object)
{
  StateroomEditor *self = STATEROOM_EDITOR (object);

  g_clear_object (&self->document);
  G_OBJECT_CLASS (stateroom_editor_parent_class)->dispose (object);
}

static void
stateroom_editor_class_init (StateroomEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = stateroom_editor_dispose;
}

static void
stateroom_editor_init (StateroomEditor *self)
{
  g_queue_init (&self->waiting);
}

/**
 * stateroom_editor_new:
 * @document: a document
 *
 * Returns: (transfer full): what edits it
 */
StateroomEditor *
stateroom_editor_new (CkptDocument *document)
{
  StateroomEditor *self = g_object_new (STATEROOM_TYPE_EDITOR, NULL);

  self->document = g_object_ref (document);
  return self;
}

/**
 * stateroom_editor_get_document:
 *
 * Returns: (transfer none): what is edited
 */
CkptDocument *
stateroom_editor_get_document (StateroomEditor *self)
{
  g_return_val_if_fail (STATEROOM_IS_EDITOR (self), NULL);

  return self->document;
}

/**
 * stateroom_editor_is_busy:
 *
 * Returns: whether something that was asked for is not done
 */
gboolean
stateroom_editor_is_busy (StateroomEditor *self)
{
  g_return_val_if_fail (STATEROOM_IS_EDITOR (self), FALSE);

  return self->running != NULL || !g_queue_is_empty (&self->waiting);
}

/**
 * stateroom_preview_free:
 * @self: (transfer full): a preview
 */
void
stateroom_preview_free (StateroomPreview *self)
{
  g_clear_pointer (&self->effect, ckpt_effect_free);
  g_free (self);
}

static Work *
get_work (GTask *asked)
{
  return g_object_get_data (G_OBJECT (asked), WORK_KEY);
}

/* The other work returns what it finds by itself. */
static void
work_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GTask *asked = task_data;

  get_work (asked)->func (asked, source, g_task_get_task_data (asked), cancellable);
  g_task_return_boolean (task, TRUE);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr (CkptEffect) effect = ckpt_effect_new ();

  job->result = ckpt_edit_apply (job->edit, job->tree, effect, cancellable, &job->error);
  if (job->result != NULL)
    {
      job->preview = g_new0 (StateroomPreview, 1);
      job->preview->n_bytes = ckpt_effect_get_bytes (effect);
      job->preview->effect = g_steal_pointer (&effect);
    }
  g_task_return_boolean (task, TRUE);
}

/* What was asked for is done, or cannot be. FALSE if the document has changed meanwhile, so that it must be done anew. */
static gboolean
settle (StateroomEditor *self, GTask *asked)
{
  Job *job = g_task_get_task_data (asked);

  if (get_work (asked) != NULL)
    return TRUE;
  if (job->error != NULL)
    g_task_return_error (asked, g_steal_pointer (&job->error));
  else if (job->is_preview)
    g_task_return_pointer (asked, g_steal_pointer (&job->preview), (GDestroyNotify) stateroom_preview_free);
  else if (g_task_return_error_if_cancelled (asked))
    return TRUE;
  else if (job->tree != ckpt_document_get_tree (self->document))
    return FALSE;
  else if (ckpt_document_add (self->document, job->edit, job->tree, job->result, job->preview->effect,
                              &job->error))
    {
      job->preview->effect = NULL;
      g_task_return_boolean (asked, TRUE);
    }
  else
    g_task_return_error (asked, g_steal_pointer (&job->error));
  return TRUE;
}

static void
on_run (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomEditor) self = g_object_ref (STATEROOM_EDITOR (source));
  g_autoptr (GTask) asked = g_steal_pointer (&self->running);

  if (!settle (self, asked))
    {
      clear_result (g_task_get_task_data (asked));
      g_queue_push_head (&self->waiting, g_steal_pointer (&asked));
    }
  run_next (self);
}

/* In a thread that is not left before it ends: two edits of a document must not be made at once. */
static void
run (StateroomEditor *self, GTask *asked)
{
  g_autoptr (GTask) task = g_task_new (self, g_task_get_cancellable (asked), on_run, NULL);
  Job *job;

  g_task_set_check_cancellable (task, FALSE);
  if (get_work (asked) != NULL)
    {
      g_task_set_task_data (task, asked, NULL);
      g_task_run_in_thread (task, work_in_thread);
      return;
    }
  job = g_task_get_task_data (asked);
  job->tree = ckpt_tree_ref (ckpt_document_get_tree (self->document));
  g_task_set_task_data (task, job, NULL);
  g_task_run_in_thread (task, run_in_thread);
}

static void
run_next (StateroomEditor *self)
{
  while (self->running == NULL && !g_queue_is_empty (&self->waiting))
    {
      g_autoptr (GTask) asked = g_queue_pop_head (&self->waiting);

      if (!g_task_return_error_if_cancelled (asked))
        self->running = g_steal_pointer (&asked);
    }
  if (self->running != NULL)
    run (self, self->running);
}

static void
ask (StateroomEditor *self,
     CkptEdit *edit,
     gboolean is_preview,
     GCancellable *cancellable,
     GAsyncReadyCallback callback,
     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  g_task_set_task_data (task, job, free_job);
  job->is_preview = is_preview;
  job->edit = ckpt_edit_ref (edit);
  g_queue_push_tail (&self->waiting, g_steal_pointer (&task));
  if (self->running == NULL)
    run_next (self);
}

/**
 * stateroom_editor_preview_async:
 * @edit: what to do
 * @cancellable: (nullable): to stop
 * @callback: called on this thread
 *
 * Finds out what an edit would do.
 */
void
stateroom_editor_preview_async (StateroomEditor *self,
                                CkptEdit *edit,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (STATEROOM_IS_EDITOR (self));
  g_return_if_fail (edit != NULL);

  ask (self, edit, TRUE, cancellable, callback, user_data);
}

/**
 * stateroom_editor_preview_finish:
 *
 * Returns: (transfer full): what the edit would do, or %NULL with the errors of ckpt_edit_apply()
 */
StateroomPreview *
stateroom_editor_preview_finish (StateroomEditor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * stateroom_editor_apply_async:
 * @edit: what to do
 * @cancellable: (nullable): to stop
 * @callback: called on this thread
 *
 * Does an edit, after those that were asked for before.
 */
void
stateroom_editor_apply_async (StateroomEditor *self,
                              CkptEdit *edit,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (STATEROOM_IS_EDITOR (self));
  g_return_if_fail (edit != NULL);

  ask (self, edit, FALSE, cancellable, callback, user_data);
}

/**
 * stateroom_editor_apply_finish:
 *
 * Returns: whether the document was changed, or there was nothing to change; else @error is one of ckpt_edit_apply()
 */
gboolean
stateroom_editor_apply_finish (StateroomEditor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * stateroom_editor_run:
 * @task: what returns the result, from the thread
 * @func: what to do in a thread
 *
 * Does something else that makes a tree of the document's tree, when no edit is being made. Edits wait until it is done.
 */
void
stateroom_editor_run (StateroomEditor *self, GTask *task, GTaskThreadFunc func)
{
  Work *work = g_new0 (Work, 1);

  g_return_if_fail (STATEROOM_IS_EDITOR (self));

  work->func = func;
  g_object_set_data_full (G_OBJECT (task), WORK_KEY, work, g_free);
  g_queue_push_tail (&self->waiting, g_object_ref (task));
  if (self->running == NULL)
    run_next (self);
}
