/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-drop.h"
#include "edit/ckpt-verbs.h"

#include <glib/gi18n-lib.h>

/**
 * Keep:
 * @ways: values on the way to what is kept -> set of the values to go on with
 * @kept: values that are kept whole
 */
typedef struct
{
  CkptTree *tree;
  GHashTable *ways;
  GHashTable *kept;
} Keep;

static void
add_step (Keep *self, CkptNodeId parent, CkptNodeId child)
{
  GHashTable *children = g_hash_table_lookup (self->ways, GUINT_TO_POINTER (parent));

  if (children == NULL)
    {
      children = g_hash_table_new (NULL, NULL);
      g_hash_table_insert (self->ways, GUINT_TO_POINTER (parent), children);
    }
  g_hash_table_add (children, GUINT_TO_POINTER (child));
}

static void
add_path (Keep *self, const CkptPath *path)
{
  CkptNodeId node = ckpt_tree_get_root (self->tree);

  for (guint i = 0; i < ckpt_path_get_length (path); i++)
    {
      CkptNodeId child = ckpt_path_get_step (path, i)->node;

      add_step (self, node, child);
      node = child;
    }
  g_hash_table_add (self->kept, GUINT_TO_POINTER (node));
}

/* The keys of one dict that lead to nothing that is kept. Items of a list, and attributes, stay. */
static void
add_others (Keep *self, CkptNodeId parent, GHashTable *children, GArray *spots)
{
  guint32 n = ckpt_tree_get_n_children (self->tree, parent);

  if (g_hash_table_contains (self->kept, GUINT_TO_POINTER (parent)))
    return;
  for (guint32 i = 0; i < n; i++)
    {
      CkptSpot spot = { .parent = parent, .i = i };

      ckpt_tree_get_child (self->tree, parent, i, &spot.child);
      if (spot.child.kind == CKPT_STEP_KEY &&
          !g_hash_table_contains (children, GUINT_TO_POINTER (spot.child.node)))
        g_array_append_val (spots, spot);
    }
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  g_autoptr (GHashTable) ways = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_hash_table_unref);
  g_autoptr (GHashTable) kept = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) spots = g_array_new (FALSE, FALSE, sizeof (CkptSpot));
  Keep self = { ckpt_draft_get_tree (draft), ways, kept };
  g_autoptr (GPtrArray) paths = ckpt_words_match_all (words, 0, self.tree, error);
  GHashTableIter iter;
  gpointer parent, children;

  if (paths == NULL)
    return FALSE;
  for (guint i = 0; i < paths->len; i++)
    add_path (&self, paths->pdata[i]);
  g_hash_table_iter_init (&iter, ways);
  while (g_hash_table_iter_next (&iter, &parent, &children))
    add_others (&self, GPOINTER_TO_UINT (parent), children, spots);
  return ckpt_drop_spots (draft, spots, effect, error);
}

const CkptVerb ckpt_verb_keep = {
  .name = "keep",
  .usage = "PATH...",
  .summary = N_ ("Leave out all other keys"),
  .min_words = 1,
  .max_words = G_MAXUINT,
  .apply = apply,
};
