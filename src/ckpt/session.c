/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session.h"

#include <string.h>

#include "messages.h"
#include "progress.h"

static void
write_error (Session *self, const GError *error)
{
  g_autoptr (yyjson_mut_doc) doc = yyjson_mut_doc_new (NULL);

  json_stream_value (self->json, "error", json_error (doc, error));
}

static void
write_warnings (Session *self, CkptTree *tree)
{
  guint n = ckpt_tree_get_n_warnings (tree);

  json_stream_begin_array (self->json, "warnings");
  for (guint i = 0; i < n; i++)
    {
      const CkptWarning *warning = ckpt_tree_get_warning (tree, i);
      g_autoptr (yyjson_mut_doc) doc = yyjson_mut_doc_new (NULL);
      yyjson_mut_val *object = yyjson_mut_obj (doc);

      json_add_text (doc, object, "message", warning->message);
      json_add_text (doc, object, "path", warning->path);
      json_add_place (doc, object, &warning->place);
      yyjson_mut_obj_add_uint (doc, object, "count", MAX (warning->count, 1));
      json_stream_value (self->json, NULL, object);
    }
  json_stream_end (self->json);
}

static void
tell_warnings (Session *self, CkptTree *tree)
{
  guint n = ckpt_tree_get_n_warnings (tree);

  for (guint i = 0; i < n; i++)
    message_warning (self->file, ckpt_tree_get_warning (tree, i));
}

static CkptTree *
load (const char *file, GError **error)
{
  g_autoptr (Progress) progress = progress_new (file);

  return ckpt_load (file, progress_tell, progress, NULL, error);
}

static gboolean
show_file (Session *self, const SessionSpec *spec, gpointer user_data, GError **error)
{
  g_autoptr (CkptTree) tree = load (self->file, error);
  gboolean is_done;

  if (tree == NULL)
    {
      if (spec->show_failed != NULL)
        spec->show_failed (self, user_data);
      return FALSE;
    }

  is_done = spec->show (self, tree, user_data, error);
  if (self->json != NULL)
    write_warnings (self, tree);
  output_flush (self->output, NULL);
  tell_warnings (self, tree);
  return is_done;
}

/* Shows one file, or says why not: the others are shown all the same. */
static gboolean
run_file (Session *self, const SessionSpec *spec, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (self->json != NULL)
    {
      g_autoptr (yyjson_mut_doc) doc = yyjson_mut_doc_new (NULL);

      json_stream_begin_object (self->json, NULL);
      json_stream_value (self->json, "file", json_text (doc, self->file, strlen (self->file)));
    }

  if (!show_file (self, spec, user_data, &error))
    {
      if (self->json != NULL)
        write_error (self, error);
      output_flush (self->output, NULL);
      message_error (self->file, error);
    }

  if (self->json != NULL)
    json_stream_end (self->json);
  return error == NULL;
}

/**
 * session_print_name:
 *
 * Prints the name of the file before what is in it.
 */
void
session_print_name (Session *self)
{
  g_autofree char *name = ckpt_text_escape (self->file, strlen (self->file), 0);

  output_printf (self->output, "%s%s:\n", self->n_headed > 0 ? "\n" : "", name);
  self->n_headed++;
}

/**
 * session_print_heading:
 *
 * Prints the name of the file before what is in it, if there are several files.
 */
void
session_print_heading (Session *self)
{
  if (self->n_files > 1)
    session_print_name (self);
}

/**
 * session_run:
 * @spec: what is done with each file
 * @wants_json: whether to write `{"schema": ..., "files": [...]}` instead of text
 * @files: (array length=n_files) (element-type filename): the files to show
 *
 * Shows files one after the other, with their warnings and errors.
 *
 * Returns: EXIT_COULD_NOT if one of them, or the output, failed
 */
ExitStatus
session_run (const SessionSpec *spec, gboolean wants_json, char **files, guint n_files, gpointer user_data)
{
  g_autoptr (Output) output = output_new_stdout ();
  g_autoptr (JsonStream) json = wants_json ? json_stream_new (output) : NULL;
  g_autoptr (GError) error = NULL;
  Session self = { .output = output, .json = json, .n_files = n_files };
  ExitStatus status = EXIT_DONE;

  if (json != NULL)
    {
      g_autoptr (yyjson_mut_doc) doc = yyjson_mut_doc_new (NULL);

      json_stream_begin_object (json, NULL);
      json_stream_value (json, "schema", yyjson_mut_str (doc, spec->schema));
      json_stream_begin_array (json, "files");
    }

  for (guint i = 0; i < n_files && !output_has_failed (output); i++)
    {
      self.file = files[i];
      if (!run_file (&self, spec, user_data))
        status = EXIT_COULD_NOT;
    }

  if (json != NULL)
    {
      json_stream_end (json);
      json_stream_end (json);
    }

  if (!output_flush (output, &error))
    {
      message_output_error (error);
      status = EXIT_COULD_NOT;
    }

  return status;
}
