/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-choose.h"
#include "edit/ckpt-verbs.h"

#include "analysis/ckpt-module.h"
#include "model/ckpt-draft.h"
#include "model/ckpt-path.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What wraps exactly one module, and the name of that module in `_modules`: torch/nn/parallel and torch/_dynamo/eval_frame.py. */
static const struct
{
  const char *class_name;
  const char *child;
} wrappers[] = {
  { "torch.nn.parallel.data_parallel.DataParallel", "module" },
  { "torch.nn.parallel.distributed.DistributedDataParallel", "module" },
  { "torch._dynamo.eval_frame.OptimizedModule", "_orig_mod" },
};

/* The module in a wrapper; CKPT_NO_NODE if @node is none. */
static CkptNodeId
get_wrapped (CkptTree *tree, CkptNodeId node)
{
  CkptNodeId inner = ckpt_module_get_compiled (tree, node);
  const char *class_name;

  if (inner != CKPT_NO_NODE || !ckpt_module_check (tree, node))
    return inner;

  class_name = ckpt_tree_get_class_name (tree, node);
  for (gsize i = 0; i < G_N_ELEMENTS (wrappers); i++)
    {
      if (g_strcmp0 (class_name, wrappers[i].class_name) != 0)
        continue;
      inner = ckpt_tree_get_key (tree, ckpt_module_get_dict (tree, node, "_modules"), wrappers[i].child);
      return inner != CKPT_NO_NODE && ckpt_module_check (tree, inner) ? inner : CKPT_NO_NODE;
    }
  return CKPT_NO_NODE;
}

/* Wrappers of wrappers go at once. One that wraps itself stays. */
static CkptNodeId
get_innermost (CkptTree *tree, CkptNodeId node)
{
  g_autoptr (GHashTable) met = g_hash_table_new (NULL, NULL);
  CkptNodeId inner = CKPT_NO_NODE;

  for (CkptNodeId next = node; next != CKPT_NO_NODE; next = get_wrapped (tree, next))
    {
      if (!g_hash_table_add (met, GUINT_TO_POINTER (next)))
        return CKPT_NO_NODE;
      inner = next;
    }
  return inner != node ? inner : CKPT_NO_NODE;
}

typedef struct
{
  CkptEffect *effect;
  GHashTable *inner; /* by wrapper */
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
  CkptNodeId inner = is_repeat ? CKPT_NO_NODE : get_innermost (tree, child->node);
  g_autofree char *text = NULL;

  if (inner == CKPT_NO_NODE || g_hash_table_contains (self->inner, GUINT_TO_POINTER (child->node)))
    return TRUE;

  g_hash_table_insert (self->inner, GUINT_TO_POINTER (child->node), GUINT_TO_POINTER (inner));
  text = ckpt_path_to_string (path, tree);
  ckpt_effect_change (self->effect, text, ckpt_tree_get_class_name (tree, inner));
  return TRUE;
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  g_autoptr (GArray) nodes = ckpt_choose_nodes (words, tree, error);
  g_autoptr (GHashTable) inner = g_hash_table_new (NULL, NULL);
  Search search = { effect, inner };
  GHashTableIter iter;
  gpointer wrapper, with;

  if (nodes == NULL)
    return FALSE;

  for (guint i = 0; i < nodes->len; i++)
    ckpt_tree_walk (tree, g_array_index (nodes, CkptNodeId, i), take, &search);

  g_hash_table_iter_init (&iter, inner);
  while (g_hash_table_iter_next (&iter, &wrapper, &with))
    {
      ckpt_draft_replace (draft, GPOINTER_TO_UINT (wrapper), GPOINTER_TO_UINT (with));
      ckpt_effect_touch (effect, GPOINTER_TO_UINT (wrapper));
      effect->n++;
    }
  ckpt_effect_set_title (effect, ngettext ("Unwrap %u module", "Unwrap %u modules", (guint) effect->n),
                         (guint) effect->n);
  return TRUE;
}

const CkptVerb ckpt_verb_unwrap_object = {
  .name = "unwrap-object",
  .usage = "[PATH...]",
  .summary = N_ (
      "Replace pickled DataParallel, DistributedDataParallel and compiled modules by the modules in them"),
  .max_words = G_MAXUINT,
  .apply = apply,
};
