/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-key-map.h"

#include "analysis/ckpt-wrappers.h"

#include <string.h>

/**
 * ckpt_metadata_add_version:
 * @draft: a draft
 * @version: `_version` of a class
 * @error: return location
 *
 * Returns: what `_metadata` has for a module of that class; %CKPT_NO_NODE with %CKPT_ERROR_LIMIT
 */
CkptNodeId
ckpt_metadata_add_version (CkptDraft *draft, guint version, GError **error)
{
  CkptNodeId pair[2];

  pair[0] = ckpt_draft_add_string (draft, "version", -1, error);
  pair[1] = pair[0] != CKPT_NO_NODE ? ckpt_draft_add_int (draft, version, error) : CKPT_NO_NODE;
  return pair[1] != CKPT_NO_NODE ? ckpt_draft_add_dict (draft, pair, 2, error) : CKPT_NO_NODE;
}

typedef struct
{
  CkptDraft *draft;
  GArray *pairs;     /* of CkptNodeId: keys and values */
  GHashTable *known; /* numbers of pairs, by path */
} NewMetadata;

/* What comes later takes the place of the former: a wrapper's entry comes before that of what it wraps. */
static gboolean
add_pair (NewMetadata *self, const char *path, CkptNodeId value, GError **error)
{
  CkptNodeId key;
  gpointer number;

  if (g_hash_table_lookup_extended (self->known, path, NULL, &number))
    {
      g_array_index (self->pairs, CkptNodeId, GPOINTER_TO_UINT (number) + 1) = value;
      return TRUE;
    }

  key = ckpt_draft_add_string (self->draft, path, -1, error);
  if (key == CKPT_NO_NODE)
    return FALSE;
  g_hash_table_insert (self->known, g_strdup (path), GUINT_TO_POINTER (self->pairs->len));
  g_array_append_val (self->pairs, key);
  g_array_append_val (self->pairs, value);
  return TRUE;
}

static gboolean
add_before (NewMetadata *self, const char *const *before, GError **error)
{
  for (guint i = 0; before != NULL && before[i] != NULL; i++)
    {
      CkptNodeId value = ckpt_metadata_add_version (self->draft, 1, error);

      if (value == CKPT_NO_NODE || !add_pair (self, before[i], value, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * ckpt_metadata_map:
 * @draft: a draft
 * @dict: a state dict
 * @before: (nullable) (array zero-terminated=1): paths of wrappers that are new
 * @func: gives new paths
 * @user_data: for @func
 * @n_changed: (out): how many paths are others now
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_metadata_map (CkptDraft *draft,
                   CkptNodeId dict,
                   const char *const *before,
                   CkptMetadataFunc func,
                   gpointer user_data,
                   guint *n_changed,
                   GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  g_autoptr (GArray) pairs = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  NewMetadata new = { draft, pairs, known };
  CkptNodeId metadata;
  guint32 number, n;

  *n_changed = 0;
  if (!ckpt_wrappers_find_metadata (tree, dict, &number, &metadata))
    return TRUE;
  if (!add_before (&new, before, error))
    return FALSE;

  n = ckpt_tree_get_n_children (tree, metadata);
  for (guint32 i = 0; i < n; i++)
    {
      g_autofree char *path = NULL;
      const char *former;
      CkptChild child;

      ckpt_tree_get_child (tree, metadata, i, &child);
      former = ckpt_wrappers_peek_key (tree, &child);
      if (former == NULL)
        continue; /* load_state_dict() looks for names only */
      path = func (former, user_data);
      *n_changed += g_strcmp0 (path, former) != 0;
      if (path != NULL && !add_pair (&new, path, child.node, error))
        return FALSE;
    }
  if (*n_changed == 0)
    return TRUE;

  metadata = ckpt_draft_add_ordered_dict (draft, (const CkptNodeId *) (gpointer) pairs->data, pairs->len,
                                          error);
  return metadata != CKPT_NO_NODE && ckpt_draft_put_child (draft, dict, number, metadata, error);
}
