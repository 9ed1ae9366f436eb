/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-key-map.h"
#include "edit/ckpt-verbs.h"

#include "analysis/ckpt-wrappers.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define AVERAGED "n_averaged"
#define MODULE   "module"

typedef struct
{
  CkptDraft *draft;
  CkptTree *tree;
  CkptEffect *effect;
  CkptKeyMap *map;
  gboolean is_partial;
  GPtrArray *given; /* (nullable): of char *: the components that were asked for */
  GArray *dicts;    /* of Dict */
} Unwrap;

/* A state dict and what is stripped from its keys. */
typedef struct
{
  CkptNodeId node;
  GPtrArray *names; /* of char *, ends with NULL */
  guint n_keys;
  guint n_others;
  gboolean drops_averaged;
} Dict;

static void
clear_dict (gpointer data)
{
  g_ptr_array_unref (((Dict *) data)->names);
}

/* "module." and "model._orig_mod" are what people type. */
static GPtrArray *
list_given (const CkptWords *words)
{
  GPtrArray *given;

  if (ckpt_words_get_n (words) == 0)
    return NULL;

  given = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < ckpt_words_get_n (words); i++)
    {
      g_auto (GStrv) parts = g_strsplit (ckpt_words_get (words, i), ".", -1);

      for (guint j = 0; parts[j] != NULL; j++)
        if (parts[j][0] != '\0')
          g_ptr_array_add (given, g_strdup (parts[j]));
    }
  return given;
}

static gboolean
has_name (GPtrArray *names, const char *name)
{
  for (guint i = 0; i < names->len; i++)
    if (g_strcmp0 (names->pdata[i], name) == 0)
      return TRUE;
  return FALSE;
}

/* What to strip from the keys of a dict: what was asked for, or what can only be a wrapper's. */
static void
choose_names (Unwrap *self, Dict *dict, gboolean *is_whole)
{
  g_autoptr (GArray) wrappers = ckpt_wrappers_find (self->tree, dict->node);

  dict->names = g_ptr_array_new_with_free_func (g_free);
  *is_whole = FALSE;
  for (guint i = 0; i < wrappers->len; i++)
    {
      const CkptWrapper *wrapper = &g_array_index (wrappers, CkptWrapper, i);

      if (self->given == NULL && wrapper->is_suggested)
        g_ptr_array_add (dict->names, g_strdup (wrapper->name));
      *is_whole |= wrapper->is_suggested && strcmp (wrapper->name, MODULE) == 0;
    }
  for (guint i = 0; self->given != NULL && i < self->given->len; i++)
    g_ptr_array_add (dict->names, g_strdup (self->given->pdata[i]));
  dict->drops_averaged = *is_whole && has_name (dict->names, MODULE);
  g_ptr_array_add (dict->names, NULL);
}

static void
add_keys (Unwrap *self, Dict *dict)
{
  guint32 n = ckpt_tree_get_n_children (self->tree, dict->node);

  for (guint32 i = 0; i < n; i++)
    {
      g_autofree char *stripped = NULL;
      const char *key;
      CkptChild child;

      ckpt_tree_get_child (self->tree, dict->node, i, &child);
      if (child.kind != CKPT_STEP_KEY)
        break;
      key = ckpt_wrappers_peek_key (self->tree, &child);
      if (key == NULL || strcmp (key, AVERAGED) == 0)
        continue;
      stripped = ckpt_wrappers_strip (key, FALSE, (const char *const *) dict->names->pdata);
      if (strcmp (stripped, key) != 0)
        {
          ckpt_key_map_add (self->map, dict->node, i, stripped);
          dict->n_keys++;
        }
      else
        {
          dict->n_others++;
        }
    }
}

/* Components that can be anywhere are only in some keys where layers were wrapped one by one. */
static gboolean
has_front (const Dict *dict)
{
  for (guint i = 0; dict->names->pdata[i] != NULL; i++)
    if (!ckpt_wrapper_is_anywhere (dict->names->pdata[i]))
      return TRUE;
  return FALSE;
}

static gboolean
check_partial (Unwrap *self, const Dict *dict, gboolean is_whole, GError **error)
{
  if (dict->n_keys == 0 || dict->n_others == 0 || !has_front (dict))
    return TRUE;

  if (!self->is_partial && !is_whole)
    return ckpt_error_set (
        error, CKPT_ERROR_INVALID_EDIT, "unwrap-partial",
        _ ("%u keys carry it, %u do not. With --partial it is stripped from those that do."), dict->n_keys,
        dict->n_others);
  ckpt_effect_note (self->effect, _ ("%u keys carry it, %u do not."), dict->n_keys, dict->n_others);
  return TRUE;
}

static gboolean
add_dict (Unwrap *self, CkptNodeId node, GError **error)
{
  Dict dict = { node };
  gboolean is_whole;

  choose_names (self, &dict, &is_whole);
  add_keys (self, &dict);
  g_array_append_val (self->dicts, dict);
  return check_partial (self, &dict, is_whole, error);
}

static char *
strip_path (const char *path, gpointer user_data)
{
  return ckpt_wrappers_strip (path, TRUE, user_data);
}

/* The counter of AveragedModel is no key of the model that it wraps. */
static gboolean
drop_averaged (Unwrap *self, const Dict *dict, GError **error)
{
  guint32 n = dict->drops_averaged ? ckpt_tree_get_n_children (self->tree, dict->node) : 0;

  for (guint32 i = 0; i < n; i++)
    {
      CkptChild child;

      ckpt_tree_get_child (self->tree, dict->node, i, &child);
      if (g_strcmp0 (ckpt_wrappers_peek_key (self->tree, &child), AVERAGED) != 0)
        continue;
      ckpt_effect_change (self->effect, AVERAGED, NULL);
      ckpt_effect_note (self->effect,
                        _ ("n_averaged goes: it belongs to AveragedModel, not to the model in it."));
      return ckpt_draft_remove_child (self->draft, dict->node, i, error);
    }
  return TRUE;
}

static gboolean
finish_dict (Unwrap *self, const Dict *dict, GError **error)
{
  guint n_paths = 0;

  if (dict->names->len == 1)
    return TRUE;
  if ((dict->n_keys > 0 || !has_front (dict)) &&
      !ckpt_metadata_map (self->draft, dict->node, NULL, strip_path, dict->names->pdata, &n_paths, error))
    return FALSE;
  if (dict->n_keys == 0 && n_paths > 0)
    {
      self->effect->n += n_paths;
      ckpt_effect_touch (self->effect, dict->node);
    }
  return dict->n_keys == 0 || drop_averaged (self, dict, error);
}

static gboolean
add_dicts (Unwrap *self, const CkptWords *words, GError **error)
{
  g_autoptr (GArray) under = ckpt_words_list_under (words, self->tree, error);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; under != NULL && i < under->len; i++)
    {
      g_autoptr (GArray) dicts = ckpt_wrappers_list_dicts (self->tree, g_array_index (under, CkptNodeId, i));

      for (guint j = 0; j < dicts->len; j++)
        {
          CkptNodeId node = g_array_index (dicts, CkptNodeId, j);

          if (g_hash_table_add (seen, GUINT_TO_POINTER (node)) && !add_dict (self, node, error))
            return FALSE;
        }
    }
  return under != NULL;
}

static gboolean
unwrap (Unwrap *self, const CkptWords *words, GError **error)
{
  if (!add_dicts (self, words, error) || !ckpt_key_map_apply (self->map, self->effect, error))
    return FALSE;
  for (guint i = 0; i < self->dicts->len; i++)
    if (!finish_dict (self, &g_array_index (self->dicts, Dict, i), error))
      return FALSE;
  ckpt_effect_set_title (self->effect, ngettext ("Unwrap %u key", "Unwrap %u keys", (guint) self->effect->n),
                         (guint) self->effect->n);
  return TRUE;
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  g_autoptr (CkptKeyMap) map = ckpt_key_map_new (draft);
  g_autoptr (GPtrArray) given = list_given (words);
  g_autoptr (GArray) dicts = g_array_new (FALSE, FALSE, sizeof (Dict));
  Unwrap self = {
    draft, ckpt_draft_get_tree (draft), effect, map, ckpt_words_has_option (words, "partial"), given, dicts,
  };

  g_array_set_clear_func (dicts, clear_dict);
  return unwrap (&self, words, error);
}

const CkptVerb ckpt_verb_unwrap = {
  .name = "unwrap",
  .usage = "[PREFIX...] [--under=PATH] [--partial]",
  .summary = N_ ("Strip what wrappers put into keys: module., _orig_mod and the like, or the given names"),
  .options = "under= partial",
  .max_words = G_MAXUINT,
  .apply = apply,
};
