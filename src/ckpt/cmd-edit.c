/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "changes.h"
#include "command.h"
#include "edit-words.h"
#include "messages.h"
#include "paths.h"
#include "result.h"

typedef struct
{
  Result result;
  GPtrArray *edits;
} Edit;

/* Where the result goes. Without a place for it, a dry run still says what it would be. */
static char *
find_path (const Result *self, Session *session, CkptTree *tree, GError **error)
{
  g_autofree char *name = ckpt_result_name_new (session->file, "edited", self->write.container);
  g_autofree char *path = result_dup_path (self, session->file,
                                           self->dry_run && self->to == NULL ? name : NULL, error);

  return path != NULL && result_check_path (self, tree, path, error) ? g_steal_pointer (&path) : NULL;
}

static gboolean
edit_file (Session *session, CkptTree *tree, gpointer user_data, GError **error)
{
  Edit *self = user_data;
  Result result = self->result;
  g_auto (Changes) changes = { 0 };
  g_autoptr (CkptTree) edited = NULL;
  g_autofree char *path = NULL;

  if (result.format == NULL)
    result.write.container = ckpt_tree_get_container (tree);
  path = find_path (&result, session, tree, error);
  if (path == NULL)
    return FALSE;

  changes_init (&changes);
  edited = changes_apply (&changes, self->edits, tree, error);
  if (edited == NULL)
    return FALSE;

  if (session->json != NULL)
    changes_to_json (&changes, session->json);
  else
    {
      session_print_heading (session);
      changes_print (&changes, result.dry_run, session->output);
    }
  return result_write (&result, session, edited, tree, path, error);
}

static ExitStatus
run (const Command *command, Edit *self, const GOptionEntry *entries, int argc, char **argv)
{
  static const SessionSpec spec = { "ckpt.edit.1", edit_file };
  g_autofree char *help = edit_words_help (_ (paths_help));
  ExitStatus status;
  g_auto (GStrv) words = command_parse (command, entries, help, argc, argv, &status);
  gboolean is_given;
  guint n_files;

  if (words == NULL)
    return status;

  n_files = result_count_inputs (&self->result, words);
  if (n_files == 0 || !result_read_format (&self->result, &self->result.write.container, &is_given))
    return EXIT_COULD_NOT;
  if (self->edits->len == 0 && !is_given)
    return command_misuse (_ ("An edit is missing"));

  self->result.write.leaves_out = self->result.leaves_out;
  return session_run (&spec, self->result.wants_json, words, n_files, self);
}

/**
 * cmd_edit:
 *
 * Changes checkpoints: the results are files of their own unless the options say otherwise.
 */
ExitStatus
cmd_edit (const Command *self, int argc, char **argv)
{
  g_autoptr (GPtrArray) left = g_ptr_array_new ();
  g_autoptr (GPtrArray) edits = NULL;
  g_autoptr (GError) error = NULL;
  Edit edit = { 0 };
  char *line = NULL, *recipe = NULL; /* edit_words_take() takes both; here they are for the help */
  const GOptionEntry entries[] = {
    { "edit", 'e', 0, G_OPTION_ARG_STRING, &line, N_ ("Do the edit that a line of a recipe says"),
      N_ ("LINE") },
    { "recipe", 'r', 0, G_OPTION_ARG_FILENAME, &recipe, N_ ("Do the edits in a file, one a line"),
      N_ ("FILE") },
    { "in-place", 'i', 0, G_OPTION_ARG_NONE, &edit.result.in_place,
      N_ ("Replace the checkpoint by the result"), NULL },
    RESULT_ENTRIES (&edit.result),
    { NULL },
  };
  ExitStatus status;

  edits = edit_words_take (entries, argc, argv, left, &error);
  if (edits == NULL)
    {
      message_error (NULL, error);
      return EXIT_COULD_NOT;
    }

  edit.edits = edits;
  g_ptr_array_add (left, NULL);
  status = run (self, &edit, entries, (int) left->len - 1, (char **) left->pdata);
  result_clear (&edit.result);
  g_free (line);
  g_free (recipe);
  return status;
}
