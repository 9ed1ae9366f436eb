/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib/gi18n.h>

#include "command.h"
#include "item-json.h"
#include "listing.h"
#include "paths.h"
#include "save.h"
#include "session.h"
#include "show.h"
#include "tensor-json.h"
#include "values.h"

typedef struct
{
  const char *path;
  const char *target;
} Get;

typedef struct
{
  Session *session;
  guint base; /* steps to the value whose contents are listed */
  guint64 budget;
} Contents;

static gboolean
add_content (const Item *item, gpointer user_data)
{
  Contents *self = user_data;
  g_autoptr (yyjson_mut_doc) doc = yyjson_mut_doc_new (NULL);

  if (ckpt_path_get_length (item->path) > self->base)
    json_stream_value (self->session->json, NULL, item_to_json (doc, item, &self->budget));
  return !output_has_failed (self->session->output);
}

/* The members of the file's object that describe the value, but not the whole of it. */
static gboolean
add_description (const Item *item, gpointer user_data)
{
  Session *session = user_data;
  g_autoptr (yyjson_mut_doc) doc = yyjson_mut_doc_new (NULL);
  guint64 budget = 0;
  yyjson_mut_val *object = item_to_json (doc, item, &budget);

  if (kind_has_text (item->kind))
    {
      yyjson_mut_obj_remove_key (object, "truncated");
      yyjson_mut_obj_remove_key (object, "value");
    }
  json_stream_members (session->json, object);
  return TRUE;
}

static gboolean
write_text (Session *session, CkptTree *tree, CkptNodeId node, GError **error)
{
  g_autoptr (yyjson_mut_doc) doc = yyjson_mut_doc_new (NULL);
  g_autoptr (GBytes) text = ckpt_tree_dup_text (tree, node, error);

  if (text == NULL)
    return FALSE;

  json_stream_value (session->json, "value",
                     text_to_json (doc, ckpt_tree_get_kind (tree, node), g_bytes_get_data (text, NULL),
                                   g_bytes_get_size (text)));
  return TRUE;
}

static gboolean
write_tensor (Session *session, CkptTree *tree, const CkptTensor *tensor, GError **error)
{
  if (!save_check (tree, tensor, error))
    return FALSE;

  json_stream_begin_raw (session->json, "value");
  return tensor_json_write (session->output, tree, tensor, error);
}

static gboolean
get_json (Session *session, CkptTree *tree, const CkptPath *path, GError **error)
{
  CkptNodeId node = ckpt_path_get_node (path, tree);
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, node);
  Contents contents = { session, ckpt_path_get_length (path), ONLY_BUDGET };

  listing_item (tree, path, add_description, session);
  if (tensor != NULL)
    return write_tensor (session, tree, tensor, error);
  if (kind_has_text (ckpt_tree_get_kind (tree, node)))
    return write_text (session, tree, node, error);
  if (kind_is_plain (ckpt_tree_get_kind (tree, node)))
    return TRUE;

  json_stream_begin_array (session->json, "items");
  listing_run (tree, path, LISTING_CONTAINERS, add_content, &contents);
  json_stream_end (session->json);
  return TRUE;
}

static gboolean
get_from_file (Session *session, CkptTree *tree, gpointer user_data, GError **error)
{
  Get *self = user_data;
  g_autoptr (CkptPath) path = ckpt_path_resolve (tree, self->path, error);

  if (path == NULL)
    return FALSE;
  if (self->target != NULL)
    return save_value (tree, path, self->target, error);
  if (session->json != NULL)
    return get_json (session, tree, path, error);

  session_print_heading (session);
  return show_value (session->output, tree, path, error);
}

/* Whether the words go together; says what is wrong if not. */
static gboolean
check_words (char **words, const char *target, gboolean wants_json)
{
  guint n = g_strv_length (words);

  if (n == 0)
    command_misuse (_ ("A file and a path are missing"));
  else if (n == 1)
    command_misuse (_ ("A path is missing"));
  else if (target != NULL && wants_json)
    command_misuse (_ ("The options --json and -o do not go together"));
  else if (target != NULL && n > 2)
    command_misuse (_ ("The option -o takes one checkpoint only"));
  else if (target != NULL && save_format_from_name (target) == SAVE_UNKNOWN)
    command_misuse (_ ("The option -o writes a file that ends with .npy or .csv"));
  else
    return TRUE;
  return FALSE;
}

/**
 * cmd_get:
 *
 * Prints one value, or writes it to a file.
 */
ExitStatus
cmd_get (const Command *self, int argc, char **argv)
{
  static const SessionSpec spec = { "ckpt.get.1", get_from_file };
  gboolean wants_json = FALSE;
  g_autofree char *target = NULL;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &target,
      N_ ("Write all of it to a file that ends with .npy or .csv"), N_ ("FILE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &wants_json, N_ ("Write all of it as JSON"), NULL },
    { NULL },
  };
  ExitStatus status;
  g_auto (GStrv) words = command_parse (self, entries, _ (paths_help), argc, argv, &status);
  guint n_files;
  Get get = { NULL, NULL };

  if (words == NULL)
    return status;
  if (!check_words (words, target, wants_json))
    return EXIT_COULD_NOT;

  n_files = g_strv_length (words) - 1;
  get.path = words[n_files];
  get.target = target;
  return session_run (&spec, wants_json, words, n_files, &get);
}
