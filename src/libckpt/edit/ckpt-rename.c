/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-rename.h"

#include "edit/ckpt-key-map.h"

#include "analysis/ckpt-wrappers.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What becomes of the modules whose parameters get other names: path -> path, or "\n" where its keys do not agree. */
typedef struct
{
  GHashTable *paths;
} Modules;

static void
modules_add (Modules *self, const char *from, gsize from_length, const char *to, gsize to_length)
{
  g_autofree char *path = g_strndup (from, from_length);
  g_autofree char *with = g_strndup (to, to_length);
  const char *known = g_hash_table_lookup (self->paths, path);

  if (known != NULL && strcmp (known, with) != 0)
    g_hash_table_insert (self->paths, g_steal_pointer (&path), g_strdup ("\n"));
  else if (known == NULL)
    g_hash_table_insert (self->paths, g_steal_pointer (&path), g_steal_pointer (&with));
}

/* The place of the last dot before @end, or 0. */
static gsize
find_dot (const char *key, gsize end)
{
  while (end > 0 && key[end - 1] != '.')
    end--;
  return end > 0 ? end - 1 : 0;
}

/* As long as what both keys end with is the same, what comes before it are names of one module. */
static void
modules_add_key (Modules *self, const char *from, const char *to)
{
  gsize from_end = strlen (from), to_end = strlen (to);

  while (from_end > 0 && to_end > 0)
    {
      gsize from_dot = find_dot (from, from_end), to_dot = find_dot (to, to_end);

      if (from_end - from_dot != to_end - to_dot && (from_dot > 0 && to_dot > 0))
        return;
      if (from_dot == 0 || to_dot == 0 || strncmp (from + from_dot, to + to_dot, from_end - from_dot) != 0)
        return;
      modules_add (self, from, from_dot, to, to_dot);
      from_end = from_dot;
      to_end = to_dot;
    }
}

/* A module without keys of its own follows the one that it is in. */
static char *
map_path (const char *path, gpointer user_data)
{
  Modules *self = user_data;
  gsize end = strlen (path);

  while (end > 0)
    {
      g_autofree char *part = g_strndup (path, end);
      const char *to = g_hash_table_lookup (self->paths, part);

      if (to != NULL)
        return strcmp (to, "\n") == 0 ? g_strdup (path) : g_strconcat (to, path + end, NULL);
      end = find_dot (path, end);
    }
  return g_strdup (path);
}

static gboolean
add_key (CkptKeyMap *map,
         CkptTree *tree,
         CkptNodeId dict,
         guint32 i,
         CkptRenameFunc func,
         gpointer user_data,
         Modules *modules,
         GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *with = NULL;
  const char *key;
  CkptChild child;

  ckpt_tree_get_child (tree, dict, i, &child);
  key = child.kind == CKPT_STEP_KEY ? ckpt_wrappers_peek_key (tree, &child) : NULL;
  if (key == NULL)
    return TRUE;
  with = func (key, user_data, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  modules_add_key (modules, key, with != NULL ? with : key);
  if (with != NULL && strcmp (with, key) != 0)
    ckpt_key_map_add (map, dict, i, with);
  return TRUE;
}

static gboolean
add_dict (CkptKeyMap *map,
          CkptTree *tree,
          CkptNodeId dict,
          CkptRenameFunc func,
          gpointer user_data,
          Modules *modules,
          GError **error)
{
  guint32 n = ckpt_tree_get_n_children (tree, dict);

  for (guint32 i = 0; i < n; i++)
    if (!add_key (map, tree, dict, i, func, user_data, modules, error))
      return FALSE;
  return TRUE;
}

static gboolean
has_metadata (CkptTree *tree, CkptNodeId dict)
{
  CkptNodeId metadata;
  guint32 i;

  return ckpt_wrappers_find_metadata (tree, dict, &i, &metadata);
}

/**
 * ckpt_rename_keys:
 * @draft: a draft
 * @dicts: (element-type CkptNodeId): dicts, each once
 * @func: gives new names
 * @user_data: for @func
 * @effect: gets the count, the changes and the touched values
 * @error: return location
 *
 * A path of `_metadata` changes where all keys of that module change in the same way.
 *
 * Returns: %FALSE with %CKPT_ERROR_INVALID_EDIT where a dict would have a key twice, with %CKPT_ERROR_LIMIT, or the error of @func
 */
gboolean
ckpt_rename_keys (CkptDraft *draft,
                  const GArray *dicts,
                  CkptRenameFunc func,
                  gpointer user_data,
                  CkptEffect *effect,
                  GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  g_autoptr (CkptKeyMap) map = ckpt_key_map_new (draft);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);

  for (guint i = 0; i < dicts->len; i++)
    {
      Modules modules = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free) };

      g_ptr_array_add (all, modules.paths);
      if (!add_dict (map, tree, g_array_index (dicts, CkptNodeId, i), func, user_data, &modules, error))
        return FALSE;
    }
  if (!ckpt_key_map_apply (map, effect, error))
    return FALSE;
  for (guint i = 0; i < dicts->len && effect->n > 0; i++)
    {
      CkptNodeId dict = g_array_index (dicts, CkptNodeId, i);
      Modules modules = { all->pdata[i] };
      guint n_changed;

      if (has_metadata (tree, dict) &&
          !ckpt_metadata_map (draft, dict, NULL, map_path, &modules, &n_changed, error))
        return FALSE;
    }
  return TRUE;
}

static GArray *
list_dicts (const CkptWords *words, CkptTree *tree, GError **error)
{
  g_autoptr (GArray) under = ckpt_words_list_under (words, tree, error);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  GArray *all;

  if (under == NULL)
    return NULL;
  all = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  for (guint i = 0; i < under->len; i++)
    {
      g_autoptr (GArray) dicts = ckpt_wrappers_list_dicts (tree, g_array_index (under, CkptNodeId, i));

      for (guint j = 0; j < dicts->len; j++)
        if (g_hash_table_add (seen, GUINT_TO_POINTER (g_array_index (dicts, CkptNodeId, j))))
          g_array_append_val (all, g_array_index (dicts, CkptNodeId, j));
    }
  return all;
}

/**
 * ckpt_rename_under:
 * @draft: a draft
 * @words: words of a verb that has the option `under=`
 * @func: gives new names
 * @user_data: for @func
 * @effect: gets title, count, changes and touched values
 * @error: return location
 *
 * Returns: %FALSE as ckpt_rename_keys(), or with %CKPT_ERROR_NO_SUCH_PATH
 */
gboolean
ckpt_rename_under (CkptDraft *draft,
                   const CkptWords *words,
                   CkptRenameFunc func,
                   gpointer user_data,
                   CkptEffect *effect,
                   GError **error)
{
  g_autoptr (GArray) dicts = list_dicts (words, ckpt_draft_get_tree (draft), error);

  if (dicts == NULL || !ckpt_rename_keys (draft, dicts, func, user_data, effect, error))
    return FALSE;
  ckpt_effect_set_title (effect, ngettext ("Rename %u key", "Rename %u keys", (guint) effect->n),
                         (guint) effect->n);
  return TRUE;
}
