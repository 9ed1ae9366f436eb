/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-tensor-list.h"

#include <string.h>

#include "stateroom-format.h"

struct _StateroomTensorList
{
  gatomicrefcount ref_count;
  CkptTree *tree;
  GArray *entries; /* of StateroomTensorEntry */
  GArray *tensors; /* the number of each */
};

/* What to look through. */
typedef struct
{
  CkptTree *tree;
  CkptPath *path;   /* of the value that @children are of */
  GArray *children; /* of CkptChild; none: all that is under the value */
  guint32 offset;   /* byte of their keys where their names begin */
} Job;

typedef struct
{
  StateroomTensorList *list;
  CkptPath *path; /* to where the walk begins */
  const Job *job;
  const CkptChild *first; /* the child that the walk began at, if it is one of some */
  GCancellable *cancellable;
} Walk;

static void
clear_entry (gpointer data)
{
  StateroomTensorEntry *entry = data;

  g_free (entry->name);
  g_free (entry->sort_key);
  g_free (entry->path);
}

static StateroomTensorList *
list_new (CkptTree *tree)
{
  StateroomTensorList *self = g_new0 (StateroomTensorList, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->tree = ckpt_tree_ref (tree);
  self->entries = g_array_new (FALSE, FALSE, sizeof (StateroomTensorEntry));
  self->tensors = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_array_set_clear_func (self->entries, clear_entry);
  return self;
}

/* The key of a child from the offset on. */
static char *
dup_first_label (const Walk *walk)
{
  CkptTree *tree = walk->job->tree;
  const char *text = NULL;
  gsize length = 0;
  guint64 full_length = 0;

  if (walk->first->kind == CKPT_STEP_KEY && ckpt_tree_get_kind (tree, walk->first->key) == CKPT_KIND_STRING)
    text = ckpt_tree_peek_text (tree, walk->first->key, &length, &full_length);
  if (text == NULL || full_length != length || walk->job->offset >= length)
    return ckpt_path_step_to_label (tree, walk->first);
  return ckpt_text_escape (text + walk->job->offset, length - walk->job->offset, STATEROOM_MAX_LABEL);
}

static char *
dup_name (const Walk *walk, const CkptPath *path)
{
  GString *name = g_string_new (NULL);
  char *text, *label;

  if (walk->first != NULL)
    {
      g_autofree char *first = dup_first_label (walk);

      g_string_append (name, first);
    }
  for (guint i = 0; i < ckpt_path_get_length (path); i++)
    {
      g_autofree char *step = ckpt_path_step_to_label (walk->job->tree, ckpt_path_get_step (path, i));

      g_string_append_printf (name, name->len > 0 ? "/%s" : "%s", step);
    }
  if (name->len == 0)
    g_string_append_c (name, '.');
  text = g_string_free_and_steal (name);
  label = stateroom_format_label (text);
  g_free (text);
  return label;
}

static char *
dup_path_text (const Walk *walk, const CkptPath *path)
{
  g_autoptr (CkptPath) whole = ckpt_path_copy (walk->path);

  for (guint i = 0; i < ckpt_path_get_length (path); i++)
    ckpt_path_push (whole, ckpt_path_get_step (path, i));
  return ckpt_path_to_string (whole, walk->job->tree);
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
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, child->node);
  StateroomTensorEntry entry = { 0 };

  if (g_cancellable_is_cancelled (walk->cancellable))
    return FALSE;
  if (tensor == NULL)
    return TRUE;
  entry.tensor = tensor->index;
  entry.name = dup_name (walk, path);
  entry.sort_key = g_utf8_collate_key_for_filename (entry.name, -1);
  entry.path = dup_path_text (walk, path);
  g_array_append_val (walk->list->entries, entry);
  g_array_append_val (walk->list->tensors, tensor->index);
  /* What a tensor without values of its own is made of. */
  return ckpt_tensor_get_unreadable (tree, tensor) != NULL;
}

static void
walk_children (Walk *walk)
{
  const GArray *children = walk->job->children;

  for (guint i = 0; i < children->len && !g_cancellable_is_cancelled (walk->cancellable); i++)
    {
      walk->first = &g_array_index (children, CkptChild, i);
      ckpt_path_push (walk->path, walk->first);
      ckpt_tree_walk (walk->job->tree, walk->first->node, visit, walk);
      ckpt_path_pop (walk->path);
    }
}

static void
load_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  g_autoptr (CkptPath) path = ckpt_path_copy (job->path);
  StateroomTensorList *list = list_new (job->tree);
  Walk walk = { list, path, job, NULL, cancellable };

  if (job->children->len > 0)
    walk_children (&walk);
  else
    ckpt_tree_walk (job->tree, ckpt_path_get_node (path, job->tree), visit, &walk);
  g_task_return_pointer (task, list, (GDestroyNotify) stateroom_tensor_list_unref);
}

static void
free_job (gpointer data)
{
  Job *job = data;

  ckpt_tree_unref (job->tree);
  ckpt_path_free (job->path);
  g_array_unref (job->children);
  g_free (job);
}

static void
start (Job *job, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_name (task, "list of tensors");
  g_task_set_task_data (task, job, free_job);
  g_task_run_in_thread (task, load_in_thread);
}

/**
 * stateroom_tensor_list_load_async:
 * @item: a row of the tree of keys
 * @cancellable: (nullable): to stop
 * @callback: called on this thread
 *
 * Lists the tensors under a row.
 */
void
stateroom_tensor_list_load_async (CkptItem *item,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->tree = ckpt_tree_ref (ckpt_item_get_tree (item));
  job->path = ckpt_item_dup_path (item);
  job->children = ckpt_item_list_children (item, &job->offset);
  start (job, cancellable, callback, user_data);
}

/**
 * stateroom_tensor_list_load_path_async:
 * @tree: a file
 * @path: of a value in it
 * @cancellable: (nullable): to stop
 * @callback: called on this thread
 *
 * Lists the tensors under a value.
 */
void
stateroom_tensor_list_load_path_async (CkptTree *tree,
                                       const CkptPath *path,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->tree = ckpt_tree_ref (tree);
  job->path = ckpt_path_copy (path);
  job->children = g_array_new (FALSE, FALSE, sizeof (CkptChild));
  start (job, cancellable, callback, user_data);
}

/**
 * stateroom_tensor_list_load_finish:
 *
 * Returns: (transfer full) (nullable): the list, or %NULL if that was cancelled
 */
StateroomTensorList *
stateroom_tensor_list_load_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/**
 * stateroom_tensor_list_ref:
 *
 * Returns: (transfer full): the same list
 */
StateroomTensorList *
stateroom_tensor_list_ref (StateroomTensorList *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * stateroom_tensor_list_unref:
 * @self: (transfer full): a list
 */
void
stateroom_tensor_list_unref (StateroomTensorList *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->entries);
  g_array_unref (self->tensors);
  ckpt_tree_unref (self->tree);
  g_free (self);
}

/**
 * stateroom_tensor_list_get_tree:
 *
 * Returns: (transfer none): the file
 */
CkptTree *
stateroom_tensor_list_get_tree (StateroomTensorList *self)
{
  return self->tree;
}

/**
 * stateroom_tensor_list_get_n:
 *
 * Returns: how many places of tensors there are
 */
guint
stateroom_tensor_list_get_n (StateroomTensorList *self)
{
  return self->entries->len;
}

/**
 * stateroom_tensor_list_get:
 * @i: number of a place
 *
 * Returns: (transfer none): what is there
 */
const StateroomTensorEntry *
stateroom_tensor_list_get (StateroomTensorList *self, guint i)
{
  return &g_array_index (self->entries, StateroomTensorEntry, i);
}

/**
 * stateroom_tensor_list_get_tensors:
 *
 * Returns: (transfer none) (array): the number of the tensor at each place
 */
const guint32 *
stateroom_tensor_list_get_tensors (StateroomTensorList *self)
{
  return (const guint32 *) (void *) self->tensors->data;
}
