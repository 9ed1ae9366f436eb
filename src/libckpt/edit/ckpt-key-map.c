/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-key-map.h"

#include "analysis/ckpt-wrappers.h"
#include "model/ckpt-path.h"
#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_SHOWN_KEYS  5
#define MAX_SHOWN_CHARS 60

typedef struct
{
  CkptNodeId dict;
  guint32 i;
  char *key;
} Renaming;

struct _CkptKeyMap
{
  CkptDraft *draft;
  CkptTree *tree;
  GArray *renamings;   /* of Renaming; those of one dict follow one another */
  GHashTable *names;   /* new names by old ones; NULL for what is no longer one name */
  GHashTable *visited; /* lists whose names follow */
  guint n_followers;
};

static void
clear_renaming (gpointer data)
{
  g_free (((Renaming *) data)->key);
}

/**
 * ckpt_key_map_new:
 * @draft: a draft
 *
 * Returns: (transfer full): a map without renamings
 */
CkptKeyMap *
ckpt_key_map_new (CkptDraft *draft)
{
  CkptKeyMap *self = g_new0 (CkptKeyMap, 1);

  self->draft = draft;
  self->tree = ckpt_draft_get_tree (draft);
  self->renamings = g_array_new (FALSE, FALSE, sizeof (Renaming));
  g_array_set_clear_func (self->renamings, clear_renaming);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->visited = g_hash_table_new (NULL, NULL);
  return self;
}

/**
 * ckpt_key_map_free:
 * @self: (transfer full): a map
 */
void
ckpt_key_map_free (CkptKeyMap *self)
{
  g_array_unref (self->renamings);
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->visited);
  g_free (self);
}

/**
 * ckpt_key_map_add:
 * @self: a map
 * @dict: a state dict; all its renamings are added one after the other
 * @i: number of the child, as in ckpt_tree_get_child()
 * @key: its new key
 */
void
ckpt_key_map_add (CkptKeyMap *self, CkptNodeId dict, guint32 i, const char *key)
{
  Renaming renaming = { dict, i, g_strdup (key) };

  g_array_append_val (self->renamings, renaming);
}

/**
 * ckpt_key_map_get_n:
 * @self: a map
 *
 * Returns: how many keys get another name
 */
guint
ckpt_key_map_get_n (CkptKeyMap *self)
{
  return self->renamings->len;
}

/* Notes @key as one that a dict has; a second one is listed. */
static void
take_key (GHashTable *keys, GHashTable *twice, const char *key)
{
  if (!g_hash_table_add (keys, g_strdup (key)))
    g_hash_table_add (twice, g_strdup (key));
}

/* Adds the keys of one dict that would be there twice. Returns the first renaming of the next dict. */
static guint
check_dict (CkptKeyMap *self, guint first, GHashTable *twice)
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) renamed = g_hash_table_new (NULL, NULL);
  CkptNodeId dict = g_array_index (self->renamings, Renaming, first).dict;
  guint32 n = ckpt_tree_get_n_children (self->tree, dict);
  guint at;

  for (at = first; at < self->renamings->len; at++)
    {
      const Renaming *renaming = &g_array_index (self->renamings, Renaming, at);

      if (renaming->dict != dict)
        break;
      g_hash_table_add (renamed, GUINT_TO_POINTER (renaming->i));
      take_key (keys, twice, renaming->key);
    }
  for (guint32 i = 0; i < n; i++)
    {
      const char *key;
      CkptChild child;

      ckpt_tree_get_child (self->tree, dict, i, &child);
      key = ckpt_wrappers_peek_key (self->tree, &child);
      if (key != NULL && !g_hash_table_contains (renamed, GUINT_TO_POINTER (i)))
        take_key (keys, twice, key);
    }
  return at;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
set_collision (GHashTable *twice, GError **error)
{
  g_autoptr (GPtrArray) keys = g_hash_table_get_keys_as_ptr_array (twice);
  g_autoptr (GString) list = g_string_new (NULL);

  g_ptr_array_sort (keys, compare_texts);
  for (guint i = 0; i < MIN (keys->len, MAX_SHOWN_KEYS); i++)
    {
      g_autofree char *shown = ckpt_text_escape (keys->pdata[i], strlen (keys->pdata[i]), MAX_SHOWN_CHARS);

      g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", shown);
    }
  if (keys->len > MAX_SHOWN_KEYS)
    g_string_append (list, ", …");
  return ckpt_error_set (
      error, CKPT_ERROR_INVALID_EDIT, "key-collision",
      ngettext ("%u key would be there twice: %s.", "%u keys would be there twice: %s.", keys->len),
      keys->len, list->str);
}

static gboolean
check_collisions (CkptKeyMap *self, GError **error)
{
  g_autoptr (GHashTable) twice = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->renamings->len;)
    i = check_dict (self, i, twice);
  return g_hash_table_size (twice) == 0 || set_collision (twice, error);
}

/* One name that becomes two, in two dicts, is followed by none. */
static void
keep_name (CkptKeyMap *self, const char *from, const char *to)
{
  const char *known = g_hash_table_lookup (self->names, from);

  if (g_hash_table_contains (self->names, from) && g_strcmp0 (known, to) != 0)
    to = NULL;
  g_hash_table_insert (self->names, g_strdup (from), g_strdup (to));
}

static gboolean
rename_key (CkptKeyMap *self, const Renaming *renaming, CkptEffect *effect, GError **error)
{
  CkptNodeId key = ckpt_draft_add_string (self->draft, renaming->key, -1, error);
  const char *former;
  CkptChild child;

  if (key == CKPT_NO_NODE)
    return FALSE;

  ckpt_tree_get_child (self->tree, renaming->dict, renaming->i, &child);
  former = ckpt_wrappers_peek_key (self->tree, &child);
  if (former != NULL)
    {
      keep_name (self, former, renaming->key);
      ckpt_effect_change (effect, former, renaming->key);
    }
  ckpt_effect_touch (effect, child.node);
  effect->n++;
  return ckpt_draft_rename_child (self->draft, renaming->dict, renaming->i, key, error);
}

/* The name that a text becomes, or NULL. */
static const char *
find_name (CkptKeyMap *self, CkptNodeId text)
{
  gsize length;

  if (text == CKPT_NO_NODE || ckpt_tree_get_kind (self->tree, text) != CKPT_KIND_STRING)
    return NULL;
  return g_hash_table_lookup (self->names, ckpt_tree_peek_text (self->tree, text, &length, NULL));
}

/* The names that are items of a list, or keys of a dict. */
static gboolean
follow (CkptKeyMap *self, CkptNodeId container, GError **error)
{
  guint32 n = container != CKPT_NO_NODE ? ckpt_tree_get_n_children (self->tree, container) : 0;

  if (n == 0 || !g_hash_table_add (self->visited, GUINT_TO_POINTER (container)))
    return TRUE;

  for (guint32 i = 0; i < n; i++)
    {
      CkptNodeId with;
      CkptChild child;
      const char *name;

      ckpt_tree_get_child (self->tree, container, i, &child);
      name = find_name (self, child.kind == CKPT_STEP_KEY ? child.key : child.node);
      if (name == NULL || (child.kind != CKPT_STEP_KEY && child.kind != CKPT_STEP_INDEX))
        continue;

      with = ckpt_draft_add_string (self->draft, name, -1, error);
      if (with == CKPT_NO_NODE ||
          !(child.kind == CKPT_STEP_KEY ? ckpt_draft_rename_child (self->draft, container, i, with, error)
                                        : ckpt_draft_put_child (self->draft, container, i, with, error)))
        return FALSE;
      self->n_followers++;
    }
  return TRUE;
}

static gboolean
take_optimizer (CkptTree *tree,
                const CkptPath *path,
                guint depth,
                const CkptChild *child,
                gboolean is_repeat,
                gpointer user_data)
{
  GArray *optimizers = user_data;

  if (ckpt_tree_get_kind (tree, child->node) != CKPT_KIND_DICT)
    return TRUE;
  if (!is_repeat && ckpt_tree_get_n_children (tree, child->node) < 100 &&
      ckpt_tree_get_key (tree, child->node, "param_groups") != CKPT_NO_NODE)
    g_array_append_val (optimizers, child->node);
  return TRUE;
}

/* torch/optim/optimizer.py: a group has the names of its parameters where those were given; FSDP writes names instead of numbers. */
static gboolean
follow_in_optimizer (CkptKeyMap *self, CkptNodeId optimizer, GError **error)
{
  CkptNodeId groups = ckpt_tree_get_key (self->tree, optimizer, "param_groups");
  guint32 n = ckpt_tree_get_n_children (self->tree, groups);

  for (guint32 i = 0; i < n; i++)
    {
      CkptChild group;

      ckpt_tree_get_child (self->tree, groups, i, &group);
      if (ckpt_tree_get_kind (self->tree, group.node) != CKPT_KIND_DICT)
        continue;
      if (!follow (self, ckpt_tree_get_key (self->tree, group.node, "param_names"), error) ||
          !follow (self, ckpt_tree_get_key (self->tree, group.node, "params"), error))
        return FALSE;
    }
  return follow (self, ckpt_tree_get_key (self->tree, optimizer, "state"), error);
}

static gboolean
follow_all (CkptKeyMap *self, CkptEffect *effect, GError **error)
{
  g_autoptr (GArray) optimizers = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));

  ckpt_tree_walk (self->tree, ckpt_tree_get_root (self->tree), take_optimizer, optimizers);
  for (guint i = 0; i < optimizers->len; i++)
    if (!follow_in_optimizer (self, g_array_index (optimizers, CkptNodeId, i), error))
      return FALSE;
  if (self->n_followers > 0)
    ckpt_effect_note (
        effect,
        ngettext ("%u name in an optimizer follows.", "%u names in optimizers follow.", self->n_followers),
        self->n_followers);
  return TRUE;
}

/**
 * ckpt_key_map_apply:
 * @self: a map
 * @effect: gets the count, the changes and the touched values
 * @error: return location
 *
 * Renames all keys. Names of parameters in optimizers follow.
 *
 * Returns: %FALSE with %CKPT_ERROR_INVALID_EDIT if a dict would have a key twice: then nothing was changed; or with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_key_map_apply (CkptKeyMap *self, CkptEffect *effect, GError **error)
{
  if (!check_collisions (self, error))
    return FALSE;
  for (guint i = 0; i < self->renamings->len; i++)
    if (!rename_key (self, &g_array_index (self->renamings, Renaming, i), effect, error))
      return FALSE;
  return self->renamings->len == 0 || follow_all (self, effect, error);
}
