/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-spot.h"
#include "edit/ckpt-verbs.h"

#include "analysis/ckpt-module.h"
#include "analysis/ckpt-optimizers.h"
#include "model/ckpt-draft.h"
#include "model/ckpt-path.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  CkptEffect *effect;
  GArray *spots; /* of CkptSpot, in the order of the file */
} Search;

static gboolean
take (CkptTree *tree,
      const CkptPath *path,
      guint depth,
      const CkptChild *child,
      gboolean is_repeat,
      gpointer user_data)
{
  Search *self = user_data;
  g_autofree char *text = NULL;
  CkptSpot spot;

  if (depth == 0)
    return !ckpt_module_check (tree, child->node);
  if (child->kind != CKPT_STEP_KEY || !ckpt_optimizers_check_child (tree, child))
    return !ckpt_module_check (tree, child->node);

  if (ckpt_spot_init (&spot, tree, ckpt_tree_get_root (tree), path))
    {
      text = ckpt_path_to_string (path, tree);
      ckpt_effect_change (self->effect, text, NULL);
      g_array_append_val (self->spots, spot);
    }
  return FALSE;
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  g_autoptr (GArray) spots = g_array_new (FALSE, FALSE, sizeof (CkptSpot));
  Search search = { effect, spots };

  if (ckpt_optimizers_check (tree, ckpt_tree_get_root (tree)))
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "only-optimizer",
                           _ ("There is nothing but the state of an optimizer in this file."));

  ckpt_tree_walk (tree, ckpt_tree_get_root (tree), take, &search);
  /* From the last on, so that the numbers of the others stay right. */
  for (guint i = spots->len; i > 0; i--)
    {
      const CkptSpot *spot = &g_array_index (spots, CkptSpot, i - 1);

      if (!ckpt_draft_remove_child (draft, spot->parent, spot->i, error))
        return FALSE;
      ckpt_effect_touch (effect, spot->parent);
      effect->n++;
    }
  ckpt_effect_set_title (effect, ngettext ("Remove the optimizer", "Remove %u optimizers", (guint) effect->n),
                         (guint) effect->n);
  return TRUE;
}

const CkptVerb ckpt_verb_remove_optimizer = {
  .name = "remove-optimizer",
  .usage = "",
  .summary = N_ ("Remove the states of optimizers, which only training on needs"),
  .apply = apply,
};
