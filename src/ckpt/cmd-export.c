/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib/gi18n.h>

#include "changes.h"
#include "command.h"
#include "info-json.h"
#include "result.h"

typedef struct
{
  Result result;
  CkptExportOptions options;
} Export;

static void
print_lines (const char *text, Output *output)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    output_printf (output, **line != '\0' ? "  %s\n" : "%s\n", *line);
}

static void
tell (Session *session, CkptExport *export, gboolean in_full)
{
  const Changes changes = { ckpt_export_get_edits (export), ckpt_export_get_effects (export) };

  if (session->json != NULL)
    {
      changes_to_json (&changes, session->json);
      return;
    }

  session_print_heading (session);
  changes_print (&changes, in_full, session->output);
}

static void
tell_code (Session *session, CkptExport *export, const char *path)
{
  g_autofree char *code = ckpt_export_dup_code (export, path);
  g_autoptr (yyjson_mut_doc) doc = NULL;
  yyjson_mut_val *object;

  if (session->json == NULL)
    {
      print_lines (g_strchomp (code), session->output);
      return;
    }
  doc = yyjson_mut_doc_new (NULL);
  object = yyjson_mut_obj (doc);
  json_add_text (doc, object, "container", info_json_get_container (ckpt_export_get_container (export)));
  json_add_text (doc, object, "code", code);
  json_stream_members (session->json, object);
}

static gboolean
export_file (Session *session, CkptTree *tree, gpointer user_data, GError **error)
{
  Export *self = user_data;
  g_autoptr (CkptExport) export = ckpt_export_new (tree, &self->options, NULL, error);
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  if (export == NULL)
    return FALSE;

  name = ckpt_export_dup_name (export, session->file);
  path = result_dup_path (&self->result, session->file, name, error);
  if (path == NULL || !result_check_path (&self->result, tree, path, error))
    return FALSE;

  tell (session, export, self->result.dry_run);
  self->result.notes = ckpt_export_get_notes (export);
  self->result.write.container = ckpt_export_get_container (export);
  if (!result_write (&self->result, session, ckpt_export_get_tree (export), tree, path, error))
    return FALSE;
  tell_code (session, export, path);
  return TRUE;
}

/* Exactly one preset. FALSE if it is not so, which was said. */
static gboolean
read_options (Export *self, gboolean cpu, gboolean share, const char *reads_in)
{
  if (cpu == share)
    {
      command_misuse (_ ("Give either --cpu or --share"));
      return FALSE;
    }
  if (reads_in != NULL && !ckpt_reads_in_from_name (reads_in, &self->options.reads_in))
    {
      command_misuse (_ ("--reads-in takes any, 1.6 or 1.5"));
      return FALSE;
    }
  self->options.preset = cpu ? CKPT_EXPORT_CPU : CKPT_EXPORT_SHARE;
  self->options.leaves_out = self->result.write.leaves_out = self->result.leaves_out;
  return result_read_format (&self->result, &self->options.container, &self->options.has_container);
}

/**
 * cmd_export:
 *
 * Makes copies of checkpoints that load elsewhere.
 */
ExitStatus
cmd_export (const Command *self, int argc, char **argv)
{
  static const SessionSpec spec = { "ckpt.export.1", export_file };
  Export export = { 0 };
  gboolean cpu = FALSE, share = FALSE;
  g_autofree char *reads_in = NULL;
  const GOptionEntry entries[] = {
    { "cpu", 'c', 0, G_OPTION_ARG_NONE, &cpu, N_ ("Keep the content, and move all of it to the CPU"), NULL },
    { "share", 's', 0, G_OPTION_ARG_NONE, &share,
      N_ ("Keep the weights: no wrappers, optimizer or unused bytes"), NULL },
    { "reads-in", 0, 0, G_OPTION_ARG_STRING, &reads_in, N_ ("Let PyTorch any, 1.6 or 1.5 load it"),
      N_ ("VERSION") },
    RESULT_ENTRIES (&export.result),
    { NULL },
  };
  ExitStatus status;
  g_auto (GStrv) words = command_parse (self, entries, NULL, argc, argv, &status);
  guint n_files;

  if (words != NULL)
    {
      n_files = result_count_inputs (&export.result, words);
      if (n_files == 0 || !read_options (&export, cpu, share, reads_in))
        status = EXIT_COULD_NOT;
      else
        status = session_run (&spec, export.result.wants_json, words, n_files, &export);
    }
  result_clear (&export.result);
  return status;
}
