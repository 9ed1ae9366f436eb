/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-verbs.h"

#include "analysis/ckpt-optimizers.h"
#include "model/ckpt-draft.h"
#include "model/ckpt-path.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Where timm, torchvision, ultralytics, mmengine, BasicSR and others keep the moving average of the weights. */
static const char *const keys[] = {
  "state_dict_ema",       "model_ema",  "ema",         "ema_state_dict", "ema_model",
  "ema_model_state_dict", "params_ema", "ema_weights", "averaged_model",
};

static gboolean
holds_tensor (CkptTree *tree,
              const CkptPath *path,
              guint depth,
              const CkptChild *child,
              gboolean is_repeat,
              gpointer user_data)
{
  gboolean *found = user_data;

  *found |= ckpt_tree_get_node_tensor (tree, child->node) != NULL;
  return !*found;
}

static gboolean
has_tensors (CkptTree *tree, CkptNodeId node)
{
  gboolean found = FALSE;

  ckpt_tree_walk (tree, node, holds_tensor, &found);
  return found;
}

static gboolean
is_ema (CkptTree *tree, const CkptChild *child)
{
  const char *key;
  gsize length;

  if (child->kind != CKPT_STEP_KEY || ckpt_tree_get_kind (tree, child->key) != CKPT_KIND_STRING)
    return FALSE;
  key = ckpt_tree_peek_text (tree, child->key, &length, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (key, keys[i]) == 0)
      return ckpt_tree_get_kind (tree, child->node) != CKPT_KIND_TENSOR && has_tensors (tree, child->node);
  return FALSE;
}

static gboolean
has_ema (CkptTree *tree)
{
  CkptNodeId root = ckpt_tree_get_root (tree);
  guint32 n = ckpt_tree_get_kind (tree, root) == CKPT_KIND_DICT ? ckpt_tree_get_n_children (tree, root) : 0;

  for (guint32 i = 0; i < n; i++)
    {
      CkptChild child;

      ckpt_tree_get_child (tree, root, i, &child);
      if (is_ema (tree, &child))
        return TRUE;
    }
  return FALSE;
}

/* A single tensor is a figure such as a loss, no weights. */
static gboolean
goes (CkptTree *tree, const CkptChild *child)
{
  return child->kind == CKPT_STEP_KEY && !is_ema (tree, child) &&
         (ckpt_optimizers_check_child (tree, child) ||
          (ckpt_tree_get_node_tensor (tree, child->node) == NULL && has_tensors (tree, child->node)));
}

static void
note_change (CkptEffect *effect, CkptTree *tree, const CkptChild *child)
{
  g_autoptr (CkptPath) path = ckpt_path_new ();
  g_autofree char *text = NULL;

  ckpt_path_push (path, child);
  text = ckpt_path_to_string (path, tree);
  ckpt_effect_change (effect, text, NULL);
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  CkptNodeId root = ckpt_tree_get_root (tree);

  if (!has_ema (tree))
    return ckpt_error_set (
        error, CKPT_ERROR_INVALID_EDIT, "no-ema",
        _ ("There are no averaged weights at a key such as “ema” or “state_dict_ema” in this file."));

  for (guint32 i = ckpt_tree_get_n_children (tree, root); i > 0; i--)
    {
      CkptChild child;

      ckpt_tree_get_child (tree, root, i - 1, &child);
      if (!goes (tree, &child))
        continue;
      note_change (effect, tree, &child);
      if (!ckpt_draft_remove_child (draft, root, i - 1, error))
        return FALSE;
      effect->n++;
    }
  if (effect->n > 0)
    ckpt_effect_touch (effect, root);
  ckpt_effect_set_title (effect, _ ("Keep only the averaged weights"));
  return TRUE;
}

const CkptVerb ckpt_verb_keep_ema = {
  .name = "keep-ema",
  .usage = "",
  .summary = N_ ("Keep only the moving average of the weights (EMA); numbers and texts stay"),
  .apply = apply,
};
