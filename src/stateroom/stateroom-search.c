/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-search.h"

#include <string.h>

/* What a worker looks for. */
typedef struct
{
  CkptTree *tree;
  StateroomSearchKind kind;
  char *text;         /* all that was typed */
  CkptQuery *query;   /* its terms, and what is left */
  GStrv words;        /* of a text, casefolded */
  GPtrArray *columns; /* CkptQuery: what finds each word in the columns of a tensor */
  GRegex *regex;
  GCancellable *cancellable;
  GString *path;   /* labels joined by "/", casefolded for a text */
  GArray *lengths; /* gsize: of the path at each depth */
  StateroomFound *found;
} Search;

static void
search_free (gpointer data)
{
  Search *self = data;

  ckpt_tree_unref (self->tree);
  g_free (self->text);
  g_clear_pointer (&self->query, ckpt_query_free);
  g_strfreev (self->words);
  g_ptr_array_unref (self->columns);
  g_clear_pointer (&self->regex, g_regex_unref);
  g_string_free (self->path, TRUE);
  g_array_unref (self->lengths);
  g_clear_pointer (&self->found, stateroom_found_free);
  g_free (self);
}

static StateroomFound *
found_new (void)
{
  StateroomFound *self = g_new0 (StateroomFound, 1);

  self->paths = g_ptr_array_new_with_free_func ((GDestroyNotify) ckpt_path_free);
  return self;
}

/**
 * stateroom_found_free:
 */
void
stateroom_found_free (StateroomFound *self)
{
  g_ptr_array_unref (self->paths);
  g_free (self);
}

static void
add_found (Search *self, const CkptPath *path)
{
  if (self->found->n_found++ < STATEROOM_SEARCH_MAX)
    g_ptr_array_add (self->found->paths, ckpt_path_copy (path));
}

/* Puts the label of @child at the end of the path; returns where it begins. */
static gsize
push_label (Search *self, guint depth, const CkptChild *child)
{
  g_autofree char *label = ckpt_path_step_to_label (self->tree, child);
  gsize begin, length;

  g_array_set_size (self->lengths, depth);
  begin = depth > 1 ? g_array_index (self->lengths, gsize, depth - 1) : 0;
  g_string_truncate (self->path, begin);
  if (begin > 0)
    {
      g_string_append_c (self->path, '/');
      begin++;
    }
  if (self->kind == STATEROOM_SEARCH_TEXT)
    {
      g_autofree char *folded = g_utf8_casefold (label, -1);

      g_string_append (self->path, folded);
    }
  else
    g_string_append (self->path, label);
  length = self->path->len;
  g_array_append_val (self->lengths, length);
  return begin;
}

/* A short value, or nothing for what has no text of its own. */
static char *
dup_value (Search *self, CkptNodeId node)
{
  if (ckpt_tree_get_node_tensor (self->tree, node) != NULL || ckpt_tree_get_n_children (self->tree, node) > 0)
    return NULL;
  return ckpt_tree_describe (self->tree, node);
}

/* Whether a word is in the last key, in the value, or what another column shows. */
static gboolean
is_own_word (Search *self, guint i, const char *last_key, const char *value, CkptNodeId node)
{
  return strstr (last_key, self->words[i]) != NULL || strstr (value, self->words[i]) != NULL ||
         ckpt_query_matches (g_ptr_array_index (self->columns, i), self->tree, node);
}

/* All words occur in the path or the row, and one of them in the row itself, unless terms choose among what is under a key: else all
 * that is under it would be found with it. */
static gboolean
matches_words (Search *self, const char *last_key, CkptNodeId node)
{
  g_autofree char *value = dup_value (self, node);
  g_autofree char *folded = value != NULL ? g_utf8_casefold (value, -1) : g_strdup ("");
  gboolean is_own = ckpt_query_has_terms (self->query);

  for (guint i = 0; self->words[i] != NULL; i++)
    {
      gboolean in_own = is_own_word (self, i, last_key, folded, node);

      if (!in_own && strstr (self->path->str, self->words[i]) == NULL)
        return FALSE;
      is_own |= in_own;
    }
  return is_own;
}

static gboolean
matches (Search *self, gsize last_key, CkptNodeId node)
{
  if (!ckpt_query_matches (self->query, self->tree, node))
    return FALSE;
  if (self->regex != NULL)
    return g_regex_match (self->regex, self->path->str + last_key, G_REGEX_MATCH_DEFAULT, NULL);
  return self->words == NULL || matches_words (self, self->path->str + last_key, node);
}

static gboolean
visit (CkptTree *tree,
       const CkptPath *path,
       guint depth,
       const CkptChild *child,
       gboolean is_repeat,
       gpointer user_data)
{
  Search *self = user_data;
  gsize last_key;

  if (g_cancellable_is_cancelled (self->cancellable))
    return FALSE;
  if (depth == 0)
    {
      g_array_set_size (self->lengths, 1);
      return TRUE;
    }
  last_key = push_label (self, depth, child);
  if (self->regex != NULL && strchr (ckpt_query_get_text (self->query), '/') != NULL)
    last_key = 0;
  if (matches (self, last_key, child->node))
    add_found (self, path);
  return TRUE;
}

/* A pattern without a slash is for the last key alone, wherever it stands. */
static gboolean
find_glob (Search *self, const char *text, GError **error)
{
  g_autofree char *pattern = NULL;
  g_autoptr (GPtrArray) paths = NULL;
  g_autoptr (GError) local_error = NULL;

  if (strchr (text, '/') == NULL && text[0] != '[')
    pattern = g_strconcat ("**/", text, NULL);
  paths = ckpt_tree_match (self->tree, pattern != NULL ? pattern : text, &local_error);
  if (paths == NULL)
    {
      /* That there is nothing is no error here. */
      if (g_strcmp0 (ckpt_error_get_code (local_error), "no-such-path") == 0)
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  for (guint i = 0; i < paths->len; i++)
    if (ckpt_query_matches (self->query, self->tree,
                            ckpt_path_get_node (g_ptr_array_index (paths, i), self->tree)))
      add_found (self, g_ptr_array_index (paths, i));
  return TRUE;
}

static void
split_words (Search *self, const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_auto (GStrv) parts = g_strsplit_set (folded, " \t", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (gsize i = 0; parts[i] != NULL; i++)
    if (parts[i][0] != '\0')
      {
        g_strv_builder_add (words, parts[i]);
        g_ptr_array_add (self->columns, ckpt_query_new_for_word (parts[i]));
      }
  self->words = g_strv_builder_end (words);
}

static gboolean
find (Search *self, GError **error)
{
  const char *text;

  self->query = ckpt_query_new (self->text, error);
  if (self->query == NULL)
    return FALSE;
  text = ckpt_query_get_text (self->query);
  if (text[0] != '\0' && self->kind == STATEROOM_SEARCH_GLOB)
    return find_glob (self, text, error);
  if (text[0] != '\0' && self->kind == STATEROOM_SEARCH_REGEX)
    {
      self->regex = g_regex_new (text, G_REGEX_OPTIMIZE, G_REGEX_MATCH_DEFAULT, error);
      if (self->regex == NULL)
        return FALSE;
    }
  else if (text[0] != '\0')
    split_words (self, text);
  ckpt_tree_walk (self->tree, ckpt_tree_get_root (self->tree), visit, self);
  return TRUE;
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Search *self = task_data;
  GError *error = NULL;

  self->cancellable = cancellable;
  self->found = found_new ();
  if (!find (self, &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&self->found), (GDestroyNotify) stateroom_found_free);
}

/**
 * stateroom_search_async:
 * @tree: where to search
 * @kind: what @text is
 * @text: words, a glob, or a regular expression; and terms, such as dtype:float16
 * @cancellable: (nullable): ends the search early
 * @callback: called with the result
 *
 * Searches keys in a thread; with words also the values of scalars and texts, and the shapes, dtypes and devices of tensors.
 */
void
stateroom_search_async (CkptTree *tree,
                        StateroomSearchKind kind,
                        const char *text,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Search *self = g_new0 (Search, 1);

  self->tree = ckpt_tree_ref (tree);
  self->kind = kind;
  self->text = g_strdup (text);
  self->path = g_string_new (NULL);
  self->lengths = g_array_new (FALSE, TRUE, sizeof (gsize));
  self->columns = g_ptr_array_new_with_free_func ((GDestroyNotify) ckpt_query_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_set_task_data (task, self, search_free);
  g_task_run_in_thread (task, run_in_thread);
}

/**
 * stateroom_search_finish:
 *
 * Returns: (transfer full): what was found, or %NULL with @error set: cancelled, or @text is no such pattern
 */
StateroomFound *
stateroom_search_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
