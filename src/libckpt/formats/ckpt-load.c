/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-load.h"

#include "formats/ckpt-format.h"

/* Reads the first bytes of the file, which decide its format. */
static gboolean
read_head (CkptSource *source, guint8 *head, gsize *length, GError **error)
{
  *length = MIN (ckpt_source_get_size (source), CKPT_PROBE_SIZE);
  return ckpt_source_read (source, 0, head, *length, error);
}

static const CkptFormat *
find_format (CkptSource *source, GError **error)
{
  const CkptFormat *format;
  guint8 head[CKPT_PROBE_SIZE];
  gsize length;

  if (!read_head (source, head, &length, error))
    return NULL;

  format = ckpt_format_find (head, length, ckpt_source_get_size (source));
  if (format == NULL)
    ckpt_format_explain (source, head, length, error);
  return format;
}

/* Opens the file and finds out what it is. */
static const CkptFormat *
open_file (const char *path, CkptSource **source, GError **error)
{
  g_autoptr (CkptSource) opened = ckpt_source_open (path, error);
  const CkptFormat *format = opened != NULL ? find_format (opened, error) : NULL;

  if (format != NULL)
    *source = g_steal_pointer (&opened);
  return format;
}

/* Reads the file into a tree, which keeps its archive. */
static CkptTree *
load_format (CkptLoader *loader, const CkptFormat *format, GError **error)
{
  g_autoptr (CkptTree) tree = ckpt_tree_new (loader->archive);

  loader->tree = tree;
  loader->nodes = ckpt_tree_get_nodes (tree);
  loader->warnings = ckpt_tree_get_warnings (tree);

  if (!format->load (loader, error) || !ckpt_tree_finish (tree, error))
    return NULL;

  return g_steal_pointer (&tree);
}

/**
 * ckpt_load:
 * @path: (type filename): a file
 * @progress: (nullable) (scope call): told how far it is, on the calling thread
 * @cancellable: (nullable): stops it
 *
 * Opens a checkpoint and reads its tree. Nothing in the file is run, and no tensor bytes are read. May be called on any thread.
 *
 * Returns: (transfer full): the tree, or NULL with CKPT_ERROR, a G_FILE_ERROR or G_IO_ERROR of the system, or G_IO_ERROR_CANCELLED
 */
CkptTree *
ckpt_load (const char *path,
           CkptProgressFunc progress,
           gpointer progress_data,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (CkptSource) source = NULL;
  g_autoptr (CkptArchive) archive = NULL;
  const CkptFormat *format;
  CkptLoader loader = {
    .progress = progress,
    .progress_data = progress_data,
    .cancellable = cancellable,
  };

  g_return_val_if_fail (path != NULL, NULL);

  format = open_file (path, &source, error);
  if (format == NULL)
    return NULL;

  archive = ckpt_archive_new (source);
  loader.source = source;
  loader.archive = archive;
  return load_format (&loader, format, error);
}

/**
 * ckpt_load_source:
 * @source: an open file
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * As ckpt_load(), of a file that may have no name yet.
 *
 * Returns: (transfer full): the tree, or NULL with the errors of ckpt_load()
 */
CkptTree *
ckpt_load_source (CkptSource *source, GCancellable *cancellable, GError **error)
{
  g_autoptr (CkptArchive) archive = NULL;
  const CkptFormat *format = find_format (source, error);
  CkptLoader loader = { .source = source, .cancellable = cancellable };

  if (format == NULL)
    return NULL;

  archive = ckpt_archive_new (source);
  loader.archive = archive;
  return load_format (&loader, format, error);
}

/**
 * ckpt_load_records:
 * @path: (type filename): a file
 *
 * Finds what records a file has, even where ckpt_load() fails because of what is in them.
 *
 * Returns: (transfer full): the records, at least one; or NULL with the error of ckpt_load() if not even they can be told
 */
CkptArchive *
ckpt_load_records (const char *path, GError **error)
{
  g_autoptr (CkptSource) source = NULL;
  g_autoptr (CkptArchive) archive = NULL;
  g_autoptr (CkptTree) tree = NULL;
  g_autoptr (GError) cause = NULL;
  const CkptFormat *format;
  CkptLoader loader = { 0 };

  g_return_val_if_fail (path != NULL, NULL);

  format = open_file (path, &source, error);
  if (format == NULL)
    return NULL;

  archive = ckpt_archive_new (source);
  loader.source = source;
  loader.archive = archive;
  tree = load_format (&loader, format, &cause);
  if (tree != NULL || ckpt_archive_get_n (archive) > 0)
    return g_steal_pointer (&archive);

  g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

typedef struct
{
  char *path;
  CkptProgressFunc progress;
  gpointer progress_data;
} LoadJob;

static void
load_job_free (LoadJob *job)
{
  g_free (job->path);
  g_free (job);
}

static void
load_in_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  LoadJob *job = task_data;
  g_autoptr (GError) error = NULL;
  CkptTree *tree;

  tree = ckpt_load (job->path, job->progress, job->progress_data, cancellable, &error);
  if (tree == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, tree, (GDestroyNotify) ckpt_tree_unref);
}

/**
 * ckpt_load_async:
 * @path: (type filename): a file
 * @progress: (nullable) (scope async): told how far it is, on the worker's thread
 * @cancellable: (nullable): stops it; the callback then comes at once, even if the worker is stuck in a read
 * @callback: called on the caller's main context
 *
 * As ckpt_load(), on a worker thread.
 */
void
ckpt_load_async (const char *path,
                 CkptProgressFunc progress,
                 gpointer progress_data,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  LoadJob *job;

  g_return_if_fail (path != NULL);

  job = g_new0 (LoadJob, 1);
  job->path = g_strdup (path);
  job->progress = progress;
  job->progress_data = progress_data;

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_static_name (task, "ckpt_load_async");
  g_task_set_task_data (task, job, (GDestroyNotify) load_job_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, load_in_thread);
}

/**
 * ckpt_load_finish:
 *
 * Returns: (transfer full): the tree, or NULL with the errors of ckpt_load()
 */
CkptTree *
ckpt_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
