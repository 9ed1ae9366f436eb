/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-untie.h"

#include "edit/ckpt-retarget.h"
#include "edit/ckpt-spot.h"

/* Places of tensors. */
typedef struct
{
  CkptTree *tree;
  const CkptPath *base;
  CkptNodeId from;
  GHashTable *n_places; /* node -> in how many places it is */
  GArray *spots;        /* of CkptSpot; NULL while places are only counted */
} Places;

static void
add_spot (Places *self, const CkptPath *path)
{
  CkptSpot spot;

  if (ckpt_path_get_length (path) > 0
          ? ckpt_spot_init (&spot, self->tree, self->from, path)
          : ckpt_spot_init (&spot, self->tree, ckpt_tree_get_root (self->tree), self->base))
    g_array_append_val (self->spots, spot);
}

static gboolean
on_value (CkptTree *tree,
          const CkptPath *path,
          guint depth,
          const CkptChild *child,
          gboolean is_repeat,
          gpointer user_data)
{
  Places *self = user_data;
  gpointer key = GUINT_TO_POINTER (child->node);

  if (ckpt_tree_get_node_tensor (tree, child->node) == NULL)
    return TRUE;
  if (self->spots == NULL)
    g_hash_table_insert (self->n_places, key,
                         GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (self->n_places, key)) + 1));
  else if (GPOINTER_TO_UINT (g_hash_table_lookup (self->n_places, key)) > 1)
    add_spot (self, path);
  return TRUE;
}

static gboolean
find_places (Places *self, const CkptWords *words, GError **error)
{
  g_autoptr (GPtrArray) paths = ckpt_words_get_n (words) > 0
                                    ? ckpt_words_match_all (words, 0, self->tree, error)
                                    : ckpt_tree_match (self->tree, ".", error);

  if (paths == NULL)
    return FALSE;
  ckpt_tree_walk (self->tree, ckpt_tree_get_root (self->tree), on_value, self);
  self->spots = g_array_new (FALSE, FALSE, sizeof (CkptSpot));
  for (guint i = 0; i < paths->len; i++)
    {
      self->base = paths->pdata[i];
      self->from = ckpt_path_get_node (self->base, self->tree);
      ckpt_tree_walk (self->tree, self->from, on_value, self);
    }
  return TRUE;
}

/* The last place of an object keeps it. */
static gboolean
untie (Places *self, CkptDraft *draft, guint *n_left, GError **error)
{
  for (guint i = self->spots->len; i > 0; i--)
    {
      const CkptSpot *spot = &g_array_index (self->spots, CkptSpot, i - 1);
      gpointer key = GUINT_TO_POINTER (spot->child.node);
      guint n_places = GPOINTER_TO_UINT (g_hash_table_lookup (self->n_places, key));
      g_autoptr (GError) local_error = NULL;
      CkptNodeId copy;

      if (n_places < 2)
        continue;
      copy = ckpt_retarget_copy (draft, ckpt_tree_get_node_tensor (self->tree, spot->child.node),
                                 &local_error);
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      *n_left += copy == CKPT_NO_NODE;
      if (copy == CKPT_NO_NODE)
        continue;
      g_hash_table_insert (self->n_places, key, GUINT_TO_POINTER (n_places - 1));
      if (!ckpt_draft_put_child (draft, spot->parent, spot->i, copy, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * ckpt_untie_objects:
 * @draft: a draft
 * @words: paths; all of the tree if there are none
 * @n_left: (inout): what cannot be told apart is added here
 * @error: return location
 *
 * They still share their storage afterwards.
 *
 * Returns: %FALSE with %CKPT_ERROR_NO_SUCH_PATH or %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_untie_objects (CkptDraft *draft, const CkptWords *words, guint *n_left, GError **error)
{
  g_autoptr (GHashTable) n_places = g_hash_table_new (NULL, NULL);
  Places self = { .tree = ckpt_draft_get_tree (draft), .n_places = n_places };
  gboolean is_done = find_places (&self, words, error) && untie (&self, draft, n_left, error) &&
                     ckpt_draft_recognise (draft, error);

  g_clear_pointer (&self.spots, g_array_unref);
  return is_done;
}
