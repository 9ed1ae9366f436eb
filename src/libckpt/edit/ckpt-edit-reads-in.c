/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-older.h"
#include "edit/ckpt-reads-in.h"
#include "edit/ckpt-verbs.h"

#include "analysis/ckpt-module.h"
#include "model/ckpt-draft.h"
#include "model/ckpt-path.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
change_tensors (CkptDraft *draft,
                guint release,
                CkptEffect *effect,
                GCancellable *cancellable,
                GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  guint n = ckpt_tree_get_n_tensors (tree);
  g_autoptr (GHashTable) problems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer problem, count;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *why = NULL;
      gboolean is_changed = FALSE;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (!ckpt_tree_has_tensor (tree, i))
        continue;
      if (!ckpt_older_change_tensor (draft, i, release, &is_changed, &why, error))
        return FALSE;
      if (is_changed)
        {
          effect->n++;
          ckpt_effect_touch (effect, ckpt_tree_get_tensor (tree, i)->node);
        }
      if (why != NULL)
        {
          gsize n_same = GPOINTER_TO_SIZE (g_hash_table_lookup (problems, why));

          g_hash_table_insert (problems, g_steal_pointer (&why), GSIZE_TO_POINTER (n_same + 1));
        }
    }

  g_hash_table_iter_init (&iter, problems);
  while (g_hash_table_iter_next (&iter, &problem, &count))
    ckpt_effect_note (effect,
                      ngettext ("%u tensor cannot be written for it: %s.",
                                "%u tensors cannot be written for it: %s.", (guint) GPOINTER_TO_SIZE (count)),
                      (guint) GPOINTER_TO_SIZE (count), (const char *) problem);
  return TRUE;
}

static gboolean
take_object (CkptTree *tree,
             const CkptPath *path,
             guint depth,
             const CkptChild *child,
             gboolean is_repeat,
             gpointer user_data)
{
  GArray *objects = user_data;

  if (!is_repeat && ckpt_nodes_get_kind (ckpt_tree_get_nodes (tree), child->node) == CKPT_KIND_OBJECT &&
      ckpt_tree_get_node_tensor (tree, child->node) == NULL)
    g_array_append_val (objects, child->node);
  return TRUE;
}

static gboolean
change_objects (CkptDraft *draft, CkptEffect *effect, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  g_autoptr (GArray) objects = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  guint n_modules = 0;

  ckpt_tree_walk (tree, ckpt_tree_get_root (tree), take_object, objects);
  for (guint i = 0; i < objects->len; i++)
    {
      CkptNodeId object = g_array_index (objects, CkptNodeId, i);
      gboolean is_changed = FALSE;

      n_modules += ckpt_module_check (tree, object);
      if (!ckpt_older_change_name (draft, object, &is_changed, error))
        return FALSE;
      if (is_changed)
        {
          effect->n++;
          ckpt_effect_touch (effect, object);
        }
    }
  if (n_modules > 0)
    ckpt_effect_note (
        effect,
        ngettext (
            "%u pickled module may not work there, as classes change from release to release; its state dict does.",
            "%u pickled modules may not work there, as classes change from release to release; their state dicts do.",
            n_modules),
        n_modules);
  return TRUE;
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  CkptReadsIn reads_in;
  guint release;

  if (!ckpt_reads_in_from_name (ckpt_words_get (words, 0), &reads_in))
    return ckpt_error_set (
        error, CKPT_ERROR_INVALID_EDIT, "no-such-version",
        _ ("Files can be made for “any” current PyTorch, for “1.6” and newer, or for “1.5” and older."));
  if (reads_in == CKPT_READS_IN_ANY)
    {
      ckpt_effect_set_title (effect, _ ("Make it for any current PyTorch"));
      return TRUE;
    }

  release = reads_in == CKPT_READS_IN_1_6 ? 106 : 105;
  if (!change_tensors (draft, release, effect, cancellable, error) || !change_objects (draft, effect, error))
    return FALSE;
  ckpt_effect_set_title (effect, reads_in == CKPT_READS_IN_1_6 ? _ ("Make it for PyTorch 1.6 and newer")
                                                               : _ ("Make it for PyTorch 1.5 and older"));
  return TRUE;
}

const CkptVerb ckpt_verb_reads_in = {
  .name = "reads-in",
  .usage = "any|1.6|1.5",
  .summary = N_ ("Rewrite what older releases of PyTorch do not know, and tell what they cannot have"),
  .min_words = 1,
  .max_words = 1,
  .apply = apply,
};
