/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result.h"

#include <string.h>
#include <sys/stat.h>

#include <glib/gi18n.h>

#include "changes.h"
#include "interrupt.h"
#include "progress.h"

static const struct
{
  const char *name;
  CkptContainer container;
} formats[] = {
  { "zip", CKPT_CONTAINER_TORCH_ZIP },
  { "legacy", CKPT_CONTAINER_TORCH_LEGACY },
  { "safetensors", CKPT_CONTAINER_SAFETENSORS },
};

/**
 * result_clear:
 *
 * Frees what the options hold.
 */
void
result_clear (Result *self)
{
  g_clear_pointer (&self->to, g_free);
  g_clear_pointer (&self->format, g_free);
}

/**
 * result_read_format:
 * @container: (out): what `--format` names
 * @is_given: (out): whether it was given
 *
 * Returns: FALSE if `--format` names none; that was said
 */
gboolean
result_read_format (const Result *self, CkptContainer *container, gboolean *is_given)
{
  *is_given = self->format != NULL;
  for (gsize i = 0; self->format != NULL && i < G_N_ELEMENTS (formats); i++)
    if (strcmp (self->format, formats[i].name) == 0)
      {
        *container = formats[i].container;
        return TRUE;
      }
  if (self->format == NULL)
    return TRUE;

  command_misuse (_ ("The formats are zip, legacy and safetensors"));
  return FALSE;
}

/**
 * result_count_inputs:
 * @words: (array zero-terminated=1): what is no option: checkpoints, and where the result goes if there are two words and no option says
 *   where
 *
 * Returns: how many checkpoints there are; 0 if the words make no sense, which was said
 */
guint
result_count_inputs (Result *self, char **words)
{
  guint n = g_strv_length (words);

  if (n == 0)
    command_misuse (_ ("A file is missing"));
  else if (self->to != NULL && self->in_place)
    command_misuse (_ ("--to and --in-place cannot be given together"));
  else if (self->to != NULL || self->in_place || n == 1)
    return n;
  else if (n > 2)
    command_misuse (_ ("Results of several files need --to"));
  else
    {
      self->output = words[1];
      return 1;
    }
  return 0;
}

/**
 * result_dup_path:
 * @input: (type filename): a checkpoint
 * @name: (nullable) (type filename): where its result goes if no option says so
 *
 * Returns: (transfer full) (nullable) (type filename): where the result goes; NULL with an error if that is not known
 */
char *
result_dup_path (const Result *self, const char *input, const char *name, GError **error)
{
  g_autofree char *base = g_path_get_basename (name != NULL ? name : input);

  if (self->in_place)
    return g_strdup (input);
  if (self->to != NULL)
    return g_build_filename (self->to, base, NULL);
  if (self->output != NULL)
    return g_strdup (self->output);
  if (name != NULL)
    return g_strdup (name);
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                       _ ("Where should the result go? Give a second file, --to or --in-place"));
  return NULL;
}

/**
 * result_check_path:
 * @former: what is in the checkpoint
 * @path: (type filename): where its result goes
 *
 * Looks before anything is done: the file that is read stays as it is unless that was asked for, and so does any other.
 *
 * Returns: FALSE with an error if the result may not go there
 */
gboolean
result_check_path (const Result *self, CkptTree *former, const char *path, GError **error)
{
  const CkptIdentity *identity = ckpt_source_get_identity (ckpt_tree_get_source (former));
  g_autofree char *shown = ckpt_text_escape (path, strlen (path), 0);
  struct stat info;

  if (self->in_place || stat (path, &info) < 0)
    return TRUE;

  if (info.st_dev == identity->dev && info.st_ino == identity->ino)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                         _ ("This would overwrite the checkpoint itself; give another name, or --in-place"));
  else if (!self->force && !self->dry_run)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, _ ("%s is there already; --force replaces it"), shown);
  else
    return TRUE;
  return FALSE;
}

static CkptOutputFlags
get_flags (const Result *self)
{
  CkptOutputFlags flags = self->in_place || self->force ? CKPT_OUTPUT_DEFAULT : CKPT_OUTPUT_NEW;

  if (self->force)
    flags |= CKPT_OUTPUT_REPLACE_LINKED | CKPT_OUTPUT_REPLACE_READ_ONLY | CKPT_OUTPUT_REPLACE_FOREIGN;
  if (self->backup)
    flags |= CKPT_OUTPUT_KEEP_BACKUP;
  return flags;
}

/* What a person has to agree to, --force does. */
static void
add_hint (const Result *self, GError *error)
{
  char *message;

  if (self->force || ckpt_output_get_consent (error) == 0)
    return;
  message = g_strdup_printf (_ ("%s (--force replaces it all the same)"), error->message);
  g_free (error->message);
  error->message = message;
}

static gboolean
save (const Result *self, CkptTree *tree, const char *path, CkptSaveReport *report, GError **error)
{
  const CkptSaveOptions options = { self->write, get_flags (self) };
  g_autoptr (Progress) progress = progress_new (path);
  g_autoptr (GError) local_error = NULL;

  if (interrupt_save (tree, path, &options, progress_tell_bytes, progress, report, &local_error))
    return TRUE;

  add_hint (self, local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
measure (const Result *self, CkptTree *tree, CkptSaveReport *report, GError **error)
{
  g_autoptr (CkptPlan) plan = ckpt_plan_new (tree, &self->write, NULL, error);
  const char *const *notes;
  guint n;

  if (plan == NULL)
    return FALSE;

  report->n_bytes = ckpt_plan_get_size (plan);
  report->notes = g_ptr_array_new_with_free_func (g_free);
  notes = ckpt_plan_get_notes (plan, &n);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (report->notes, g_strdup (notes[i]));
  return TRUE;
}

/* What came of it, to be told. */
typedef struct
{
  const char *path;
  guint64 former; /* bytes of the checkpoint */
  gboolean is_kept;
  CkptSaveReport report;
  GPtrArray *notes;
} Outcome;

static gpointer
copy_note (gconstpointer note, G_GNUC_UNUSED gpointer user_data)
{
  return g_strdup (note);
}

/* What is known before it is written, and what saving found. */
static GPtrArray *
join_notes (const Result *self, const CkptSaveReport *report)
{
  GPtrArray *notes = g_ptr_array_new_with_free_func (g_free);

  if (self->notes != NULL)
    g_ptr_array_extend (notes, self->notes, copy_note, NULL);
  g_ptr_array_extend (notes, report->notes, copy_note, NULL);
  return notes;
}

static void
print_outcome (const Result *self, const Outcome *outcome, Output *output)
{
  g_autofree char *shown = ckpt_text_escape (outcome->path, strlen (outcome->path), 0);
  g_autofree char *size = ckpt_text_bytes (outcome->report.n_bytes);
  g_autofree char *before = ckpt_text_bytes (outcome->former);

  for (guint i = 0; i < outcome->notes->len; i++)
    output_printf (output, "%s\n", (const char *) outcome->notes->pdata[i]);
  if (outcome->is_kept)
    output_printf (output, _ ("%s stays as it is\n"), shown);
  else if (self->dry_run)
    output_printf (output, _ ("%s would have %s (before: %s)\n"), shown, size, before);
  else
    output_printf (output, _ ("%s: %s (before: %s)\n"), shown, size, before);
}

static void
write_outcome (const Result *self, const Outcome *outcome, JsonStream *json)
{
  g_autoptr (yyjson_mut_doc) doc = yyjson_mut_doc_new (NULL);
  yyjson_mut_val *object = yyjson_mut_obj (doc);

  json_add_text (doc, object, "output", outcome->path);
  yyjson_mut_obj_add_bool (doc, object, "written", !self->dry_run && !outcome->is_kept);
  yyjson_mut_obj_add_uint (doc, object, "size_before", outcome->former);
  yyjson_mut_obj_add_uint (doc, object, "size_after", outcome->report.n_bytes);
  yyjson_mut_obj_add_val (doc, object, "notes", changes_list_notes (doc, outcome->notes));
  json_stream_members (json, object);
}

/**
 * result_write:
 * @tree: what to write
 * @former: what is in the checkpoint that it comes from
 * @path: (type filename): where it goes
 *
 * Writes a result, or with `--dry-run` works out what it would be, and tells of it. What is the same already is not written over itself.
 *
 * Returns: FALSE with an error; what was at @path is then still there
 */
gboolean
result_write (const Result *self,
              Session *session,
              CkptTree *tree,
              CkptTree *former,
              const char *path,
              GError **error)
{
  Outcome outcome = {
    .path = path,
    .former = ckpt_source_get_size (ckpt_tree_get_source (former)),
    .is_kept = self->in_place && tree == former && ckpt_tree_get_container (former) == self->write.container,
  };
  gboolean is_done = self->dry_run || outcome.is_kept ? measure (self, tree, &outcome.report, error)
                                                      : save (self, tree, path, &outcome.report, error);

  if (!is_done)
    return FALSE;

  outcome.notes = join_notes (self, &outcome.report);
  if (session->json != NULL)
    write_outcome (self, &outcome, session->json);
  else
    print_outcome (self, &outcome, session->output);
  g_ptr_array_unref (outcome.notes);
  ckpt_save_report_clear (&outcome.report);
  return TRUE;
}
