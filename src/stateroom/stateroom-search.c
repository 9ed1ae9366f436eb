/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-search.h"

#include <string.h>

/* What a worker looks for. */
typedef struct
{
  CkptTree *tree;
  StateroomSearchKind kind;
  char *text;
  GStrv words; /* of a text, casefolded */
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
  g_strfreev (self->words);
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

/* All words occur in the path or the value, and one of them in the last key or the value: else all that is under a key
 * would be found with it. */
static gboolean
matches_words (Search *self, gsize last_key, CkptNodeId node)
{
  g_autofree char *value = dup_value (self, node);
  g_autofree char *folded = value != NULL ? g_utf8_casefold (value, -1) : g_strdup ("");
  gboolean is_own = FALSE;

  for (gsize i = 0; self->words[i] != NULL; i++)
    {
      gboolean in_own;

      if (self->words[i][0] == '\0')
        continue;
      in_own = strstr (self->path->str + last_key, self->words[i]) != NULL ||
               strstr (folded, self->words[i]) != NULL;
      if (!in_own && strstr (self->path->str, self->words[i]) == NULL)
        return FALSE;
      is_own |= in_own;
    }
  return is_own;
}

static gboolean
matches (Search *self, gsize last_key, CkptNodeId node)
{
  if (self->kind == STATEROOM_SEARCH_TEXT)
    return matches_words (self, last_key, node);
  if (strchr (self->text, '/') != NULL)
    last_key = 0;
  return g_regex_match (self->regex, self->path->str + last_key, G_REGEX_MATCH_DEFAULT, NULL);
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
  if (matches (self, last_key, child->node))
    add_found (self, path);
  return TRUE;
}

/* A pattern without a slash is for the last key alone, wherever it stands. */
static gboolean
find_glob (Search *self, GError **error)
{
  g_autofree char *pattern = NULL;
  g_autoptr (GPtrArray) paths = NULL;

  if (strchr (self->text, '/') == NULL && self->text[0] != '[')
    pattern = g_strconcat ("**/", self->text, NULL);
  paths = ckpt_tree_match (self->tree, pattern != NULL ? pattern : self->text, error);
  if (paths == NULL)
    return FALSE;
  for (guint i = 0; i < paths->len; i++)
    add_found (self, g_ptr_array_index (paths, i));
  return TRUE;
}

static gboolean
find (Search *self, GError **error)
{
  if (self->kind == STATEROOM_SEARCH_GLOB)
    return find_glob (self, error);
  if (self->kind == STATEROOM_SEARCH_REGEX)
    {
      self->regex = g_regex_new (self->text, G_REGEX_OPTIMIZE, G_REGEX_MATCH_DEFAULT, error);
      if (self->regex == NULL)
        return FALSE;
    }
  else
    {
      g_autofree char *folded = g_utf8_casefold (self->text, -1);

      self->words = g_strsplit_set (g_strstrip (folded), " \t", -1);
    }
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
 * @text: words, a glob, or a regular expression
 * @cancellable: (nullable): ends the search early
 * @callback: called with the result
 *
 * Searches keys, and with words also the values of scalars and texts, in a thread.
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
