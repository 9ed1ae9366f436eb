/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-key-map.h"
#include "edit/ckpt-verbs.h"

#include "analysis/ckpt-wrappers.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  CkptDraft *draft;
  CkptTree *tree;
  CkptKeyMap *map;
  char *prefix;   /* ends with a dot */
  GStrv wrappers; /* the paths of the modules that are wrapped around: "", and of "a.b." also "a" */
} Prefix;

static void
add_keys (Prefix *self, CkptNodeId dict)
{
  guint32 n = ckpt_tree_get_n_children (self->tree, dict);

  for (guint32 i = 0; i < n; i++)
    {
      g_autofree char *with = NULL;
      const char *key;
      CkptChild child;

      ckpt_tree_get_child (self->tree, dict, i, &child);
      if (child.kind != CKPT_STEP_KEY)
        break;
      key = ckpt_wrappers_peek_key (self->tree, &child);
      if (key == NULL)
        continue;
      with = g_strconcat (self->prefix, key, NULL);
      ckpt_key_map_add (self->map, dict, i, with);
    }
}

static char *
add_to_path (const char *path, gpointer user_data)
{
  const char *prefix = user_data;

  if (path[0] == '\0')
    return g_strndup (prefix, strlen (prefix) - 1);
  return g_strconcat (prefix, path, NULL);
}

/* Without --under, only what can hardly be anything but a state dict. */
static GArray *
list_dicts (CkptTree *tree, const CkptWords *words, GError **error)
{
  g_autoptr (GArray) under = ckpt_words_list_under (words, tree, error);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  GArray *chosen;

  if (under == NULL)
    return NULL;

  chosen = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  for (guint i = 0; i < under->len; i++)
    {
      CkptNodeId from = g_array_index (under, CkptNodeId, i);
      g_autoptr (GArray) dicts = ckpt_wrappers_list_dicts (tree, from);

      for (guint j = 0; j < dicts->len; j++)
        {
          CkptNodeId dict = g_array_index (dicts, CkptNodeId, j);
          gboolean is_named = dict == from && ckpt_words_get_option (words, "under") != NULL;

          if ((is_named || ckpt_wrappers_check_dict (tree, dict)) &&
              g_hash_table_add (seen, GUINT_TO_POINTER (dict)))
            g_array_append_val (chosen, dict);
        }
    }
  return chosen;
}

static gboolean
add_prefix (Prefix *self, const CkptWords *words, CkptEffect *effect, GError **error)
{
  g_autoptr (GArray) dicts = list_dicts (self->tree, words, error);
  guint n_paths;

  if (dicts == NULL)
    return FALSE;

  for (guint i = 0; i < dicts->len; i++)
    add_keys (self, g_array_index (dicts, CkptNodeId, i));
  if (!ckpt_key_map_apply (self->map, effect, error))
    return FALSE;
  for (guint i = 0; i < dicts->len; i++)
    if (!ckpt_metadata_map (self->draft, g_array_index (dicts, CkptNodeId, i),
                            (const char *const *) self->wrappers, add_to_path, self->prefix, &n_paths, error))
      return FALSE;
  ckpt_effect_set_title (effect,
                         ngettext ("Add a prefix to %u key", "Add a prefix to %u keys", (guint) effect->n),
                         (guint) effect->n);
  return TRUE;
}

static GStrv
list_wrappers (const char *prefix)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  g_strv_builder_add (paths, "");
  for (const char *dot = strchr (prefix, '.'); dot != NULL && dot[1] != '\0'; dot = strchr (dot + 1, '.'))
    g_strv_builder_take (paths, g_strndup (prefix, dot - prefix));
  return g_strv_builder_end (paths);
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  const char *text = ckpt_words_get (words, 0);
  g_autoptr (CkptKeyMap) map = ckpt_key_map_new (draft);
  g_autofree char *prefix = g_strconcat (text, g_str_has_suffix (text, ".") ? "" : ".", NULL);
  g_auto (GStrv) wrappers = list_wrappers (prefix);
  Prefix self = { draft, ckpt_draft_get_tree (draft), map, prefix, wrappers };

  if (prefix[0] == '.' || strstr (prefix, "..") != NULL || !g_utf8_validate (prefix, -1, NULL))
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "bad-prefix",
                           _ ("A prefix is names joined by dots."));
  return add_prefix (&self, words, effect, error);
}

const CkptVerb ckpt_verb_prefix = {
  .name = "prefix",
  .usage = "TEXT [--under=PATH]",
  .summary = N_ ("Put a name in front of the keys of state dicts, as a module that wraps another does"),
  .options = "under=",
  .min_words = 1,
  .max_words = 1,
  .apply = apply,
};
