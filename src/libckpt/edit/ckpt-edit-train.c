/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-choose.h"
#include "edit/ckpt-verbs.h"

#include "analysis/ckpt-module.h"
#include "model/ckpt-draft.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Sets `training` of a module that says otherwise. */
static gboolean
set_mode (CkptDraft *draft, CkptNodeId module, gboolean is_training, CkptEffect *effect, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  guint32 n = ckpt_tree_get_n_children (tree, module);
  gboolean was_training;
  CkptNodeId value;

  if (!ckpt_module_get_training (tree, module, &was_training) || was_training == is_training)
    return TRUE;

  value = ckpt_draft_add_bool (draft, is_training, error);
  for (guint32 i = 0; value != CKPT_NO_NODE && i < n; i++)
    {
      CkptChild child;
      gsize length;

      ckpt_tree_get_child (tree, module, i, &child);
      if (child.kind != CKPT_STEP_ATTRIBUTE || ckpt_tree_get_kind (tree, child.key) != CKPT_KIND_STRING ||
          strcmp (ckpt_tree_peek_text (tree, child.key, &length, NULL), "training") != 0)
        continue;
      ckpt_effect_touch (effect, module);
      effect->n++;
      return ckpt_draft_put_child (draft, module, i, value, error);
    }
  return value != CKPT_NO_NODE;
}

static gboolean
set_all (CkptDraft *draft, const CkptWords *words, gboolean is_training, CkptEffect *effect, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  g_autoptr (GArray) nodes = ckpt_choose_nodes (words, tree, error);

  for (guint i = 0; nodes != NULL && i < nodes->len; i++)
    {
      g_autoptr (GArray) modules = ckpt_module_list_all (tree, g_array_index (nodes, CkptNodeId, i));

      for (guint j = 0; j < modules->len; j++)
        if (!set_mode (draft, g_array_index (modules, CkptNodeId, j), is_training, effect, error))
          return FALSE;
    }
  return nodes != NULL;
}

static gboolean
apply_train (CkptDraft *draft,
             const CkptWords *words,
             CkptEffect *effect,
             GCancellable *cancellable,
             GError **error)
{
  if (!set_all (draft, words, TRUE, effect, error))
    return FALSE;
  ckpt_effect_set_title (effect,
                         ngettext ("Set %u module to train", "Set %u modules to train", (guint) effect->n),
                         (guint) effect->n);
  return TRUE;
}

static gboolean
apply_eval (CkptDraft *draft,
            const CkptWords *words,
            CkptEffect *effect,
            GCancellable *cancellable,
            GError **error)
{
  if (!set_all (draft, words, FALSE, effect, error))
    return FALSE;
  ckpt_effect_set_title (effect,
                         ngettext ("Set %u module to eval", "Set %u modules to eval", (guint) effect->n),
                         (guint) effect->n);
  return TRUE;
}

const CkptVerb ckpt_verb_train = {
  .name = "train",
  .usage = "[PATH...]",
  .summary = N_ ("Set pickled modules and all modules in them to training mode"),
  .max_words = G_MAXUINT,
  .apply = apply_train,
};

const CkptVerb ckpt_verb_eval = {
  .name = "eval",
  .usage = "[PATH...]",
  .summary = N_ ("Set pickled modules and all modules in them to evaluation mode"),
  .max_words = G_MAXUINT,
  .apply = apply_eval,
};
