/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-key-word.h"
#include "edit/ckpt-retarget.h"
#include "edit/ckpt-verbs.h"

#include <glib/gi18n-lib.h>

/* The pairs and items of an object are in containers of their own, which its copy must not share. */
static CkptNodeId
copy_container (CkptDraft *draft, CkptNodeId node, GError **error)
{
  static const CkptSlot held[] = { CKPT_SLOT_DICT_ITEMS, CKPT_SLOT_LIST_ITEMS };
  CkptNodes *nodes = ckpt_draft_get_nodes (draft);
  CkptNodeId copy = ckpt_draft_copy (draft, node, error);

  for (guint i = 0; i < G_N_ELEMENTS (held) && copy != CKPT_NO_NODE; i++)
    {
      CkptNodeId items = ckpt_nodes_get_kind (nodes, copy) == CKPT_KIND_OBJECT
                             ? ckpt_nodes_get_slot (nodes, copy, held[i])
                             : CKPT_NO_NODE;

      if (items == CKPT_NO_NODE)
        continue;
      items = ckpt_draft_copy (draft, items, error);
      if (items == CKPT_NO_NODE || !ckpt_draft_set_slot (draft, copy, held[i], items, error))
        return CKPT_NO_NODE;
    }
  return copy;
}

/* A tensor that is tied to the other; a container with the same content; or, where neither can be, the same object. */
static CkptNodeId
copy_value (CkptDraft *draft, CkptNodeId node, GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, node);
  g_autoptr (GError) local_error = NULL;
  CkptNodeId copy = node;

  if (tensor != NULL)
    copy = ckpt_retarget_copy (draft, tensor, &local_error);
  else if (ckpt_tree_get_kind (tree, node) == CKPT_KIND_LIST ||
           ckpt_tree_get_kind (tree, node) == CKPT_KIND_DICT)
    copy = copy_container (draft, node, &local_error);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (copy == CKPT_NO_NODE)
    return node;
  return copy;
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  CkptNodeId key, copy;
  CkptSpot spot;

  if (!ckpt_key_word_find (words, 0, tree, &spot, error))
    return FALSE;
  if (spot.child.kind != CKPT_STEP_KEY)
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "no-key",
                           _ ("Only what has a key in a dict can be put there again."));
  key = ckpt_key_word_add (draft, spot.parent, CKPT_STEP_KEY, spot.child.key, ckpt_words_get (words, 1),
                           error);
  copy = key != CKPT_NO_NODE ? copy_value (draft, spot.child.node, error) : CKPT_NO_NODE;
  if (copy == CKPT_NO_NODE || !ckpt_draft_insert_pair (draft, spot.parent, spot.i + 1, key, copy, error))
    return FALSE;
  effect->n = 1;
  ckpt_effect_touch (effect, copy);
  ckpt_effect_set_title (effect, "%s", _ ("Duplicate a value"));
  return TRUE;
}

const CkptVerb ckpt_verb_duplicate = {
  .name = "duplicate",
  .usage = "PATH NEW-KEY",
  .summary = N_ ("Put a value under another key too; tensors share their values"),
  .min_words = 2,
  .max_words = 2,
  .apply = apply,
};
