/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-put-state-dict.h"

#include "analysis/ckpt-module.h"
#include "analysis/ckpt-state-dict.h"
#include "edit/ckpt-key-map.h"

#include <string.h>

/* Argument of _rebuild_tensor_v2() and _v3(). */
#define REQUIRES_GRAD 4

typedef struct
{
  CkptDraft *draft;
  CkptTree *tree;
  GHashTable *used; /* tensors that are in the state dict already */
} Maker;

static gboolean
is_strided_call (CkptTree *tree, CkptNodeId node, guint32 *n_args)
{
  CkptNodes *nodes = ckpt_tree_get_nodes (tree);
  CkptNodeId callable = ckpt_nodes_get_slot (nodes, node, CKPT_SLOT_CALLABLE);
  CkptNodeId args = ckpt_nodes_get_slot (nodes, node, CKPT_SLOT_ARGS);

  if (callable == CKPT_NO_NODE || args == CKPT_NO_NODE ||
      ckpt_nodes_get_kind (nodes, args) != CKPT_KIND_TUPLE)
    return FALSE;
  *n_args = ckpt_nodes_get_length (nodes, args);
  return *n_args > REQUIRES_GRAD &&
         (ckpt_nodes_is_global (nodes, callable, "torch._utils", "_rebuild_tensor_v2") ||
          ckpt_nodes_is_global (nodes, callable, "torch._utils", "_rebuild_tensor_v3"));
}

/* detach() gives a tensor that needs no gradient. */
static CkptNodeId
make_detached (Maker *self, CkptNodeId node, GError **error)
{
  CkptNodes *nodes = ckpt_draft_get_nodes (self->draft);
  CkptNodeId copy = ckpt_draft_copy (self->draft, node, error);
  CkptNodeId args, no;
  guint32 n_args;

  if (copy == CKPT_NO_NODE || !is_strided_call (self->tree, node, &n_args))
    return copy;

  no = ckpt_draft_add_bool (self->draft, FALSE, error);
  args = no != CKPT_NO_NODE
             ? ckpt_draft_copy (self->draft, ckpt_nodes_get_slot (nodes, node, CKPT_SLOT_ARGS), error)
             : CKPT_NO_NODE;
  if (args == CKPT_NO_NODE || !ckpt_draft_set_child (self->draft, args, REQUIRES_GRAD, no, error) ||
      !ckpt_draft_set_slot (self->draft, copy, CKPT_SLOT_ARGS, args, error))
    return CKPT_NO_NODE;
  return copy;
}

/* A tensor that two modules share is two tensors of one storage in a state dict, as detach() makes a new one each time. */
static CkptNodeId
get_tensor (Maker *self, const CkptStateEntry *entry, GError **error)
{
  CkptNodeId node = ckpt_state_entry_get_tensor (entry, self->tree);
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (self->tree, node);
  gboolean is_used = !g_hash_table_add (self->used, GUINT_TO_POINTER (node));

  if (tensor == NULL)
    return node;
  if ((tensor->flags & CKPT_TENSOR_REQUIRES_GRAD) && (tensor->flags & CKPT_TENSOR_PARAMETER) == 0)
    return make_detached (self, node, error);
  return is_used ? ckpt_draft_copy (self->draft, node, error) : node;
}

static gboolean
add_pair (Maker *self, GArray *pairs, const char *key, CkptNodeId value, GError **error)
{
  CkptNodeId node = value != CKPT_NO_NODE ? ckpt_draft_add_string (self->draft, key, -1, error)
                                          : CKPT_NO_NODE;

  if (node == CKPT_NO_NODE)
    return FALSE;
  g_array_append_val (pairs, node);
  g_array_append_val (pairs, value);
  return TRUE;
}

static CkptNodeId
make_dict (Maker *self, GArray *pairs, GError **error)
{
  return ckpt_draft_add_ordered_dict (self->draft, (const CkptNodeId *) (gpointer) pairs->data, pairs->len,
                                      error);
}

/* `_metadata` has an entry for each module whose version is known. */
static gboolean
add_metadata (Maker *self, CkptNodeId dict, CkptStateDict *state_dict, GError **error)
{
  g_autoptr (GArray) pairs = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  g_autoptr (GArray) state = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  CkptNodeId node;
  guint version;

  for (guint i = 0; i < state_dict->modules->len; i++)
    {
      const CkptStateModule *module = &g_array_index (state_dict->modules, CkptStateModule, i);

      if (ckpt_state_module_get_version (module, &version) &&
          !add_pair (self, pairs, module->path, ckpt_metadata_add_version (self->draft, version, error),
                     error))
        return FALSE;
    }
  if (pairs->len == 0)
    return TRUE;
  if (!add_pair (self, state, "_metadata", make_dict (self, pairs, error), error))
    return FALSE;
  node = ckpt_draft_add_dict (self->draft, (const CkptNodeId *) (gpointer) state->data, state->len, error);
  return node != CKPT_NO_NODE && ckpt_draft_set_slot (self->draft, dict, CKPT_SLOT_STATE, node, error);
}

static CkptNodeId
make_state_dict (Maker *self, CkptStateDict *state_dict, GError **error)
{
  g_autoptr (GArray) pairs = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  CkptNodeId dict;

  for (guint i = 0; i < state_dict->entries->len; i++)
    {
      const CkptStateEntry *entry = &g_array_index (state_dict->entries, CkptStateEntry, i);

      if (!add_pair (self, pairs, entry->key, get_tensor (self, entry, error), error))
        return CKPT_NO_NODE;
    }
  dict = make_dict (self, pairs, error);
  return dict != CKPT_NO_NODE && add_metadata (self, dict, state_dict, error) ? dict : CKPT_NO_NODE;
}

static gboolean
put (CkptDraft *draft, CkptNodeId module, CkptEffect *effect, GError **error)
{
  g_autoptr (CkptStateDict) state_dict = ckpt_state_dict_new (ckpt_draft_get_tree (draft), module, error);
  g_autoptr (GHashTable) used = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) doubts = NULL;
  Maker maker = { draft, ckpt_draft_get_tree (draft), used };
  CkptNodeId dict;

  if (state_dict == NULL)
    return FALSE;
  dict = make_state_dict (&maker, state_dict, error);
  if (dict == CKPT_NO_NODE)
    return FALSE;

  ckpt_draft_replace (draft, module, dict);
  doubts = ckpt_state_dict_list_doubts (state_dict);
  for (guint i = 0; i < doubts->len; i++)
    ckpt_effect_note (effect, "%s", (const char *) doubts->pdata[i]);
  ckpt_effect_touch (effect, module);
  effect->n += MAX (state_dict->entries->len, 1);
  return TRUE;
}

/**
 * ckpt_put_state_dicts:
 * @draft: a draft
 * @from: where to look
 * @effect: gets the keys counted, and what is not certain as notes
 * @n_modules: (inout): counts the modules
 * @error: return location
 *
 * Returns: %FALSE with the errors of ckpt_state_dict_new()
 */
gboolean
ckpt_put_state_dicts (CkptDraft *draft, CkptNodeId from, CkptEffect *effect, guint *n_modules, GError **error)
{
  g_autoptr (GArray) modules = ckpt_module_list (ckpt_draft_get_tree (draft), from);

  for (guint i = 0; i < modules->len; i++)
    if (!put (draft, g_array_index (modules, CkptNodeId, i), effect, error))
      return FALSE;
  *n_modules += modules->len;
  return TRUE;
}
