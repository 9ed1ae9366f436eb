/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "analysis/ckpt-wrappers.h"

#include "analysis/ckpt-module.h"
#include "model/ckpt-path.h"

#include <string.h>

#define AVERAGED "n_averaged"

/* What may be in front of keys again and again. */
#define FRONT "module"

/* torch/_dynamo/eval_frame.py, torch/distributed/fsdp and torch/distributed/algorithms/_checkpoint name their only child so; Lightning Fabric
 * does likewise. No model of anybody has such names, so they mean the same wherever they stand. */
static const char *const anywhere[] = {
  "_orig_mod", "_fsdp_wrapped_module", "_fpw_module", "_checkpoint_wrapped_module", "_forward_module", NULL,
};
#define N_ANYWHERE (G_N_ELEMENTS (anywhere) - 1)

/**
 * ckpt_wrapper_is_anywhere:
 * @name: a component of keys
 *
 * Returns: whether it is a wrapper's wherever it stands, not only at the front
 */
gboolean
ckpt_wrapper_is_anywhere (const char *name)
{
  for (gsize i = 0; i < N_ANYWHERE; i++)
    if (strcmp (name, anywhere[i]) == 0)
      return TRUE;
  return FALSE;
}

/**
 * ckpt_wrappers_peek_key:
 * @tree: a tree
 * @child: a child of a dict
 *
 * Returns: (transfer none) (nullable): its key
 */
const char *
ckpt_wrappers_peek_key (CkptTree *tree, const CkptChild *child)
{
  guint64 full_length;
  gsize length;
  const char *key;

  if (child->kind != CKPT_STEP_KEY || ckpt_tree_get_kind (tree, child->key) != CKPT_KIND_STRING)
    return NULL;

  key = ckpt_tree_peek_text (tree, child->key, &length, &full_length);
  return length == full_length && strlen (key) == length ? key : NULL;
}

/**
 * ckpt_wrappers_find_metadata:
 * @tree: a tree
 * @dict: a state dict
 * @i: (out) (optional): its number, as ckpt_tree_get_child() takes it
 * @metadata: (out): the dict `_metadata`, which is an attribute of @dict
 *
 * Returns: %FALSE if it has none
 */
gboolean
ckpt_wrappers_find_metadata (CkptTree *tree, CkptNodeId dict, guint32 *i, CkptNodeId *metadata)
{
  /* Attributes are after the pairs. */
  for (guint32 number = ckpt_tree_get_n_children (tree, dict); number > 0; number--)
    {
      CkptChild child;
      gsize length;

      ckpt_tree_get_child (tree, dict, number - 1, &child);
      if (child.kind == CKPT_STEP_KEY)
        return FALSE;
      if (child.kind != CKPT_STEP_ATTRIBUTE || ckpt_tree_get_kind (tree, child.key) != CKPT_KIND_STRING ||
          strcmp (ckpt_tree_peek_text (tree, child.key, &length, NULL), "_metadata") != 0 ||
          ckpt_tree_get_kind (tree, child.node) != CKPT_KIND_DICT)
        continue;
      if (i != NULL)
        *i = number - 1;
      *metadata = child.node;
      return TRUE;
    }
  return FALSE;
}

/* Whether @parts, without the last @n_leaf, have the component where it counts. */
static gboolean
has_component (GStrv parts, guint n_leaf, const char *name)
{
  guint n = g_strv_length (parts);

  if (n <= n_leaf)
    return FALSE;
  if (!ckpt_wrapper_is_anywhere (name))
    return strcmp (parts[0], name) == 0;
  for (guint i = 0; i < n - n_leaf; i++)
    if (strcmp (parts[i], name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
key_has (const char *key, guint n_leaf, const char *name)
{
  g_auto (GStrv) parts = NULL;

  if (strstr (key, name) == NULL)
    return FALSE;
  parts = g_strsplit (key, ".", -1);
  return has_component (parts, n_leaf, name);
}

/* Whether one of the pairs is a tensor; with @with_dot, at a key with a dot. */
static gboolean
holds_tensors (CkptTree *tree, CkptNodeId dict, gboolean with_dot)
{
  guint32 n = ckpt_tree_get_n_children (tree, dict);

  for (guint32 i = 0; i < n; i++)
    {
      CkptChild child;
      const char *key;

      ckpt_tree_get_child (tree, dict, i, &child);
      if (child.kind != CKPT_STEP_KEY)
        break;
      key = ckpt_wrappers_peek_key (tree, &child);
      if (key != NULL && ckpt_tree_get_node_tensor (tree, child.node) != NULL &&
          (!with_dot || strchr (key, '.') != NULL))
        return TRUE;
    }
  return FALSE;
}

/**
 * ckpt_wrappers_check_dict:
 * @tree: a tree
 * @dict: a dict
 *
 * Returns: whether it is like what state_dict() gives, and not only a dict with tensors
 */
gboolean
ckpt_wrappers_check_dict (CkptTree *tree, CkptNodeId dict)
{
  CkptNodeId metadata;

  return ckpt_wrappers_find_metadata (tree, dict, NULL, &metadata) || holds_tensors (tree, dict, TRUE);
}

static gboolean
take_dict (CkptTree *tree,
           const CkptPath *path,
           guint depth,
           const CkptChild *child,
           gboolean is_repeat,
           gpointer user_data)
{
  GArray *dicts = user_data;
  CkptNodeId node = child->node;

  if (is_repeat || ckpt_module_check (tree, node))
    return FALSE;
  if (ckpt_tree_get_kind (tree, node) == CKPT_KIND_DICT && holds_tensors (tree, node, FALSE))
    g_array_append_val (dicts, node);
  return TRUE;
}

/**
 * ckpt_wrappers_list_dicts:
 * @tree: a tree
 * @from: where to look
 *
 * Returns: (transfer full) (element-type CkptNodeId): the dicts there that could be state dicts, each once
 */
GArray *
ckpt_wrappers_list_dicts (CkptTree *tree, CkptNodeId from)
{
  GArray *dicts = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));

  ckpt_tree_walk (tree, from, take_dict, dicts);
  return dicts;
}

typedef struct
{
  guint64 n_keys;
  GHashTable *fronts; /* how many keys begin with each component */
  guint64 n_anywhere[N_ANYWHERE];
  guint64 n_tensors;
  guint64 n_front_tensors; /* that begin with "module." */
} Counts;

static void
count_key (Counts *self, const char *key, gboolean is_tensor)
{
  g_autofree char *stripped = NULL;
  gboolean has_any = FALSE;
  const char *dot;

  if (strcmp (key, AVERAGED) == 0)
    return;

  self->n_keys++;
  self->n_tensors += is_tensor;
  for (gsize i = 0; i < N_ANYWHERE; i++)
    if (key_has (key, 1, anywhere[i]))
      {
        self->n_anywhere[i]++;
        has_any = TRUE;
      }
  if (has_any)
    key = stripped = ckpt_wrappers_strip (key, FALSE,
                                          anywhere); /* "_orig_mod.module.weight" begins with "module" */
  dot = strchr (key, '.');
  if (dot != NULL && dot > key)
    {
      g_autofree char *front = g_strndup (key, dot - key);
      gsize n = GPOINTER_TO_SIZE (g_hash_table_lookup (self->fronts, front));

      self->n_front_tensors += is_tensor && strcmp (front, FRONT) == 0;
      g_hash_table_insert (self->fronts, g_steal_pointer (&front), GSIZE_TO_POINTER (n + 1));
    }
}

static void
count_keys (Counts *self, CkptTree *tree, CkptNodeId dict)
{
  guint32 n = ckpt_tree_get_n_children (tree, dict);

  for (guint32 i = 0; i < n; i++)
    {
      const char *key;
      CkptChild child;

      ckpt_tree_get_child (tree, dict, i, &child);
      if (child.kind != CKPT_STEP_KEY)
        break;
      key = ckpt_wrappers_peek_key (tree, &child);
      if (key != NULL)
        count_key (self, key, ckpt_tree_get_node_tensor (tree, child.node) != NULL);
    }
}

static guint64
count_paths (CkptTree *tree, CkptNodeId metadata, const char *name)
{
  guint32 n = metadata != CKPT_NO_NODE ? ckpt_tree_get_n_children (tree, metadata) : 0;
  guint64 n_paths = 0;

  for (guint32 i = 0; i < n; i++)
    {
      const char *path;
      CkptChild child;

      ckpt_tree_get_child (tree, metadata, i, &child);
      path = ckpt_wrappers_peek_key (tree, &child);
      n_paths += path != NULL && key_has (path, 0, name);
    }
  return n_paths;
}

static void
add (GArray *wrappers,
     const char *name,
     gboolean is_suggested,
     const Counts *counts,
     guint64 n_keys,
     guint64 n_paths)
{
  CkptWrapper wrapper = { g_strdup (name), is_suggested, n_keys, counts->n_keys - n_keys, n_paths };

  g_array_append_val (wrappers, wrapper);
}

/* Names of users are offered where all keys begin with them. */
static void
add_front_of_users (GArray *wrappers, const Counts *counts)
{
  GHashTableIter iter;
  gpointer front, n;

  g_hash_table_iter_init (&iter, counts->fronts);
  while (g_hash_table_iter_next (&iter, &front, &n))
    if (GPOINTER_TO_SIZE (n) == counts->n_keys && strcmp (front, FRONT) != 0 &&
        !ckpt_wrapper_is_anywhere (front))
      add (wrappers, front, FALSE, counts, counts->n_keys, 0);
}

static void
clear_wrapper (gpointer data)
{
  g_free (((CkptWrapper *) data)->name);
}

/**
 * ckpt_wrappers_find:
 * @tree: a tree
 * @dict: a state dict
 *
 * "module" is suggested where the keys of all tensors begin with it, as DataParallel, DistributedDataParallel and AveragedModel write them;
 * the names of other wrappers wherever they are a whole component.
 *
 * Returns: (transfer full) (element-type CkptWrapper): what could be stripped
 */
GArray *
ckpt_wrappers_find (CkptTree *tree, CkptNodeId dict)
{
  GArray *wrappers = g_array_new (FALSE, FALSE, sizeof (CkptWrapper));
  g_autoptr (GHashTable) fronts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Counts counts = { .fronts = fronts };
  CkptNodeId metadata = CKPT_NO_NODE;
  guint64 n_front;

  g_array_set_clear_func (wrappers, clear_wrapper);
  ckpt_wrappers_find_metadata (tree, dict, NULL, &metadata);
  count_keys (&counts, tree, dict);
  n_front = GPOINTER_TO_SIZE (g_hash_table_lookup (fronts, FRONT));
  for (gsize i = 0; i < N_ANYWHERE; i++)
    {
      guint64 n_paths = count_paths (tree, metadata, anywhere[i]);

      if (counts.n_anywhere[i] > 0 || n_paths > 0)
        add (wrappers, anywhere[i], TRUE, &counts, counts.n_anywhere[i], n_paths);
    }
  if (n_front > 0)
    add (wrappers, FRONT, counts.n_front_tensors == counts.n_tensors, &counts, n_front,
         count_paths (tree, metadata, FRONT));
  if (counts.n_keys > 0)
    add_front_of_users (wrappers, &counts);
  return wrappers;
}

static void
remove_anywhere (GPtrArray *parts, guint n_leaf, const char *name)
{
  for (guint i = 0; i + n_leaf < parts->len;)
    if (strcmp (parts->pdata[i], name) == 0)
      g_ptr_array_remove_index (parts, i);
    else
      i++;
}

static void
remove_front (GPtrArray *parts, guint n_leaf, const char *name)
{
  while (parts->len > n_leaf && strcmp (parts->pdata[0], name) == 0)
    {
      g_ptr_array_remove_index (parts, 0);
      if (strcmp (name, FRONT) != 0) /* a name of a user can be a real name the second time */
        return;
    }
}

/**
 * ckpt_wrappers_strip:
 * @key: a key of a state dict, or a path of `_metadata`
 * @is_path: whether it is the latter: then no last component is left untouched
 * @names: (array zero-terminated=1): components; "module" goes from the front as often as it stands there, other names of the front once,
 *   those of wrappers that can be anywhere from everywhere
 *
 * Returns: (transfer full): what is left
 */
char *
ckpt_wrappers_strip (const char *key, gboolean is_path, const char *const *names)
{
  g_auto (GStrv) split = g_strsplit (key, ".", -1);
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  guint n_leaf = is_path ? 0 : 1;

  for (guint i = 0; split[i] != NULL; i++)
    g_ptr_array_add (parts, split[i]);
  for (guint i = 0; names[i] != NULL; i++)
    if (ckpt_wrapper_is_anywhere (names[i]))
      remove_anywhere (parts, n_leaf, names[i]);
  for (guint i = 0; names[i] != NULL; i++)
    if (!ckpt_wrapper_is_anywhere (names[i]))
      remove_front (parts, n_leaf, names[i]);
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (".", (GStrv) parts->pdata);
}
