/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-save.h"

#include "formats/ckpt-verify.h"

#include <string.h>
#include <sys/stat.h>

typedef struct
{
  CkptPlan *plan;
  CkptOutput *output;
  CkptWriter *writer;
  GCancellable *cancellable;
  CkptSaveReport report;
  gint64 began; /* the part that is being timed */
} Saving;

static void
saving_clear (Saving *self)
{
  g_clear_pointer (&self->writer, ckpt_writer_free);
  g_clear_pointer (&self->output, ckpt_output_free);
  g_clear_pointer (&self->plan, ckpt_plan_free);
  ckpt_save_report_clear (&self->report);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Saving, saving_clear)

/* Seconds since the last call. */
static double
end_part (Saving *self)
{
  gint64 now = g_get_monotonic_time ();
  double seconds = (now - self->began) / (double) G_USEC_PER_SEC;

  self->began = now;
  return seconds;
}

/* Whether saving to @path means to replace the file that was opened, by its name or by another one. */
static gboolean
is_replaced (CkptSource *source, const char *path)
{
  g_autofree char *target = g_canonicalize_filename (path, NULL);
  g_autofree char *origin = g_canonicalize_filename (ckpt_source_get_path (source), NULL);
  const CkptIdentity *identity = ckpt_source_get_identity (source);
  struct stat status;

  if (strcmp (target, origin) == 0)
    return TRUE;
  return stat (path, &status) == 0 && (guint64) status.st_dev == identity->dev &&
         (guint64) status.st_ino == identity->ino;
}

/* PyTorch names the folder in a zip after the file: PyTorchStreamWriter of caffe2/serialize/inline_container.cc; torch.save() does not
 * tell it a name that is not plain ASCII. */
static char *
dup_folder (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  char *dot = strrchr (name, '.');

  if (!g_str_is_ascii (name) || strchr (name, '\\') != NULL || dot == name)
    return NULL;
  if (dot != NULL)
    *dot = '\0';
  return name[0] != '\0' ? g_steal_pointer (&name) : NULL;
}

static gboolean
make_plan (Saving *self, CkptTree *tree, const char *path, const CkptWriteOptions *options, GError **error)
{
  g_autofree char *folder = dup_folder (path);
  CkptWriteOptions named = *options;

  if (named.folder == NULL)
    named.folder = folder;
  self->plan = ckpt_plan_new (tree, &named, self->cancellable, error);
  return self->plan != NULL;
}

static gboolean
open_output (Saving *self,
             const char *path,
             const CkptSaveOptions *options,
             CkptProgressFunc progress,
             gpointer progress_data,
             GError **error)
{
  CkptSource *source = ckpt_tree_get_source (self->plan->tree);
  const CkptOutputOptions output = {
    .flags = options->flags,
    .replaced = is_replaced (source, path) ? source : NULL,
    .size = self->plan->size,
    .origin = source,
    .n_copied = self->plan->n_copied,
    .progress = progress,
    .progress_data = progress_data,
    .cancellable = self->cancellable,
  };

  self->output = ckpt_output_open (path, &output, error);
  return self->output != NULL;
}

static gboolean
write_file (Saving *self, GError **error)
{
  guint block = ckpt_output_get_clone_block (self->output);

  if (block != 0 && !ckpt_plan_align (self->plan, block, error))
    return FALSE;

  self->writer = ckpt_writer_new (self->output);
  if (!ckpt_plan_write (self->plan, self->writer, error))
    return FALSE;

  self->report.write_seconds = end_part (self);
  self->report.n_bytes = self->plan->size;
  ckpt_output_get_counts (self->output, &self->report.counts);
  return TRUE;
}

static gboolean
verify_file (Saving *self, GError **error)
{
  g_autoptr (CkptSource) file = ckpt_output_open_source (self->output, error);
  CkptSourceCounts counts;
  const CkptRun *runs;
  guint n_runs;

  if (file == NULL)
    return FALSE;

  runs = ckpt_writer_get_runs (self->writer, &n_runs);
  if (!ckpt_verify_file (self->plan, file, runs, n_runs, self->cancellable, error))
    return FALSE;

  ckpt_source_get_counts (file, &counts);
  self->report.n_verified = counts.n_bytes;
  self->report.verify_seconds = end_part (self);
  return TRUE;
}

static void
add_notes (GPtrArray *notes, const char *const *added, guint n)
{
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (notes, g_strdup (added[i]));
}

static gboolean
commit (Saving *self, GError **error)
{
  CkptOutputNotes flags;
  const char *const *planned;
  g_auto (GStrv) notes = NULL;
  guint n;

  if (!ckpt_output_commit (self->output, &flags, error))
    return FALSE;

  self->report.commit_seconds = end_part (self);
  self->report.notes = g_ptr_array_new_with_free_func (g_free);
  planned = ckpt_plan_get_notes (self->plan, &n);
  add_notes (self->report.notes, planned, n);
  notes = ckpt_output_list_notes (flags);
  add_notes (self->report.notes, (const char *const *) notes, g_strv_length (notes));
  return TRUE;
}

/**
 * ckpt_save:
 * @tree: a tree, or a version of one that edits made
 * @path: (type filename): where to; may be the file that the tree was read from
 * @options: how
 * @progress: (nullable) (scope call): told how much is written, on the calling thread
 * @progress_data: for @progress
 * @cancellable: (nullable): stops it, until the new file is put in its place
 * @report: (out) (optional): what it came to, to be cleared
 * @error: return location
 *
 * Writes a checkpoint beside its place, reads it back, and puts it there in one step: until then, and if anything fails, what was there
 * before stays as it was. May be called on any thread.
 *
 * Returns: FALSE with the errors of ckpt_plan_new(), ckpt_output_open() and ckpt_output_commit(), %CKPT_ERROR_SAVE if the new file was
 *   not what it should be, or an error of reading values
 */
gboolean
ckpt_save (CkptTree *tree,
           const char *path,
           const CkptSaveOptions *options,
           CkptProgressFunc progress,
           gpointer progress_data,
           GCancellable *cancellable,
           CkptSaveReport *report,
           GError **error)
{
  g_auto (Saving) self = { .cancellable = cancellable, .began = g_get_monotonic_time () };

  g_return_val_if_fail (tree != NULL && path != NULL && options != NULL, FALSE);

  if (!make_plan (&self, tree, path, &options->write, error) ||
      !open_output (&self, path, options, progress, progress_data, error) || !write_file (&self, error) ||
      !verify_file (&self, error) || !commit (&self, error))
    return FALSE;

  if (report != NULL)
    {
      *report = self.report;
      self.report.notes = NULL;
    }
  return TRUE;
}

/**
 * ckpt_save_report_clear:
 * @report: a report
 *
 * Frees what it holds.
 */
void
ckpt_save_report_clear (CkptSaveReport *report)
{
  g_clear_pointer (&report->notes, g_ptr_array_unref);
}

typedef struct
{
  CkptTree *tree;
  char *path;
  char *folder;
  CkptSaveOptions options;
  CkptProgressFunc progress;
  gpointer progress_data;
  CkptSaveReport report;
} SaveJob;

static void
save_job_free (SaveJob *job)
{
  ckpt_save_report_clear (&job->report);
  ckpt_tree_unref (job->tree);
  g_free (job->path);
  g_free (job->folder);
  g_free (job);
}

static void
save_in_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  SaveJob *job = task_data;
  GError *error = NULL;

  if (ckpt_save (job->tree, job->path, &job->options, job->progress, job->progress_data, cancellable,
                 &job->report, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * ckpt_save_async:
 * @tree: a tree, which must not be changed any more
 * @path: (type filename): where to
 * @options: how
 * @progress: (nullable) (scope async): told how much is written, on the worker's thread
 * @progress_data: for @progress
 * @cancellable: (nullable): stops it
 * @callback: called on the caller's main context, after the worker is through with the file in any case
 * @user_data: for @callback
 *
 * As ckpt_save(), on a worker thread.
 */
void
ckpt_save_async (CkptTree *tree,
                 const char *path,
                 const CkptSaveOptions *options,
                 CkptProgressFunc progress,
                 gpointer progress_data,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  SaveJob *job;

  g_return_if_fail (tree != NULL && path != NULL && options != NULL);

  job = g_new0 (SaveJob, 1);
  job->tree = ckpt_tree_ref (tree);
  job->path = g_strdup (path);
  job->options = *options;
  job->options.write.folder = job->folder = g_strdup (options->write.folder);
  job->progress = progress;
  job->progress_data = progress_data;

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_static_name (task, "ckpt_save_async");
  g_task_set_task_data (task, job, (GDestroyNotify) save_job_free);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, save_in_thread);
}

/**
 * ckpt_save_finish:
 * @result: what the callback was given
 * @report: (out) (optional): what it came to, to be cleared
 * @error: return location
 *
 * Returns: FALSE with the errors of ckpt_save(). A saving that was cancelled too late succeeds.
 */
gboolean
ckpt_save_finish (GAsyncResult *result, CkptSaveReport *report, GError **error)
{
  SaveJob *job;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  job = g_task_get_task_data (G_TASK (result));
  if (report != NULL)
    {
      *report = job->report;
      job->report.notes = NULL;
    }
  return TRUE;
}
