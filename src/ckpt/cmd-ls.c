/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/stat.h>

#include <glib/gi18n.h>

#include "command.h"
#include "item-json.h"
#include "item-text.h"
#include "listing.h"
#include "messages.h"
#include "paths.h"
#include "session.h"
#include "table.h"
#include "values.h"

typedef struct
{
  Session *session;
  Table *table;
  const char *pattern;
  CkptQuery *query; /* NULL: all are listed */
  ListingFlags flags;
  gboolean exact;
  gboolean is_headed; /* whether the name of the file was printed */
  guint64 budget;
} Ls;

static gboolean
is_asked_for (const Ls *self, const Item *item)
{
  return self->query == NULL || ckpt_query_matches (self->query, item->tree, item->node);
}

static gboolean
add_row (const Item *item, gpointer user_data)
{
  Ls *self = user_data;

  if (!is_asked_for (self, item))
    return TRUE;
  if (!self->is_headed)
    session_print_heading (self->session);
  self->is_headed = TRUE;
  item_add_row (item, item->text, self->exact, &self->budget, self->table);
  return !output_has_failed (self->session->output);
}

static gboolean
add_json (const Item *item, gpointer user_data)
{
  Ls *self = user_data;
  g_autoptr (yyjson_mut_doc) doc = NULL;

  if (!is_asked_for (self, item))
    return TRUE;
  doc = yyjson_mut_doc_new (NULL);
  json_stream_value (self->session->json, NULL, item_to_json (doc, item, &self->budget));
  return !output_has_failed (self->session->output);
}

static gboolean
list (Ls *self, CkptTree *tree, ListingFunc func, GError **error)
{
  g_autoptr (CkptPath) root = NULL;

  if (self->pattern != NULL)
    return listing_match (tree, self->pattern, self->flags, func, self, error);

  root = ckpt_path_new ();
  listing_run (tree, root, self->flags, func, self);
  return TRUE;
}

static gboolean
list_json (Ls *self, CkptTree *tree, GError **error)
{
  gboolean is_done;

  json_stream_begin_array (self->session->json, "values");
  is_done = list (self, tree, add_json, error);
  json_stream_end (self->session->json);
  return is_done;
}

static gboolean
list_text (Ls *self, CkptTree *tree, GError **error)
{
  g_autoptr (Table) table = table_new (self->session->output, ITEM_N_COLUMNS, "");

  self->table = table;
  if (!list (self, tree, add_row, error))
    return FALSE;

  table_print (table);
  return TRUE;
}

static gboolean
list_file (Session *session, CkptTree *tree, gpointer user_data, GError **error)
{
  Ls *self = user_data;

  self->session = session;
  self->budget = ONLY_BUDGET;
  self->is_headed = FALSE;
  if (session->json != NULL)
    return list_json (self, tree, error);

  return list_text (self, tree, error);
}

static gboolean
is_file (const char *word)
{
  struct stat info;

  return lstat (word, &info) == 0;
}

/* The last word is a pattern if it is no file and something else precedes it. */
static guint
take_pattern (char **words, const char **pattern)
{
  guint n = g_strv_length (words);

  if (*pattern != NULL || n < 2 || is_file (words[n - 1]))
    return n;

  *pattern = words[n - 1];
  return n - 1;
}

/* Reads what --where asks. FALSE if it makes no sense, which is then said. */
static gboolean
parse_where (const char *where, CkptQuery **query)
{
  g_autoptr (GError) error = NULL;

  *query = where != NULL ? ckpt_query_new (where, &error) : NULL;
  if (error != NULL)
    {
      message_error (NULL, error);
      return FALSE;
    }
  if (*query == NULL || ckpt_query_get_text (*query)[0] == '\0')
    return TRUE;
  command_misuse (_ ("“%s” is no term of --where, such as dtype:float16 or size:>1MB; keys are for GLOB"),
                  ckpt_query_get_text (*query));
  g_clear_pointer (query, ckpt_query_free);
  return FALSE;
}

/**
 * cmd_ls:
 *
 * Lists values, one a line.
 */
ExitStatus
cmd_ls (const Command *self, int argc, char **argv)
{
  static const SessionSpec spec = { "ckpt.ls.1", list_file };
  gboolean all = FALSE, tensors = FALSE, exact = FALSE, wants_json = FALSE;
  g_autofree char *keys = NULL, *where = NULL;
  g_autoptr (CkptQuery) query = NULL;
  const GOptionEntry entries[] = {
    { "all", 'a', 0, G_OPTION_ARG_NONE, &all, N_ ("List containers too, and what is inside tensors"), NULL },
    { "tensors", 't', 0, G_OPTION_ARG_NONE, &tensors, N_ ("List tensors only"), NULL },
    { "bytes", 'b', 0, G_OPTION_ARG_NONE, &exact, N_ ("Give sizes in bytes"), NULL },
    { "keys", 'k', 0, G_OPTION_ARG_FILENAME, &keys,
      N_ ("List what matches GLOB; the last word is then a file"), N_ ("GLOB") },
    { "where", 'w', 0, G_OPTION_ARG_STRING, &where,
      N_ ("List what is as TERMS say: 'dtype:float16 size:>1MB'"), N_ ("TERMS") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &wants_json, N_ ("Write JSON"), NULL },
    { NULL },
  };
  ExitStatus status;
  g_auto (GStrv) words = command_parse (self, entries, _ (paths_help), argc, argv, &status);
  const char *pattern = keys;
  guint n_files;
  Ls ls = { 0 };

  if (words == NULL)
    return status;

  n_files = take_pattern (words, &pattern);
  if (n_files == 0)
    return command_misuse (_ ("A file is missing"));
  if (!parse_where (where, &query))
    return EXIT_COULD_NOT;

  ls.query = query;
  ls.pattern = pattern;
  ls.exact = exact;
  ls.flags = (all ? LISTING_CONTAINERS : 0) | (tensors ? LISTING_TENSORS : 0);
  return session_run (&spec, wants_json, words, n_files, &ls);
}
