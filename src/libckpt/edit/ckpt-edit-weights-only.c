/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-plain.h"
#include "edit/ckpt-put-state-dict.h"
#include "edit/ckpt-verbs.h"

#include "analysis/ckpt-weights-only.h"
#include "model/ckpt-path.h"
#include "model/ckpt-tree-data.h"
#include "pickle/ckpt-opcodes.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* In the place of what nothing can stand for. */
#define LEFT_OUT (CKPT_NO_NODE - 1)

/**
 * Change:
 * @results: (element-type CkptNodeId CkptNodeId): what each value that was looked at becomes, plus 1; itself, mostly
 * @left: (element-type CkptNodeId): raw containers and objects whose parts are still to be looked at
 * @paths: (element-type CkptNodeId utf8): where refused values are, found before anything changes
 * @n_left_out: how many values go
 * @n_former: values before anything was added: what was added is known to be taken
 */
typedef struct
{
  CkptDraft *draft;
  CkptTree *tree;
  CkptNodes *nodes;
  CkptEffect *effect;
  GHashTable *results;
  GArray *left;
  GHashTable *paths;
  guint n_left_out;
  guint32 n_former;
  GError **error;
} Change;

static gboolean
has_failed (Change *self)
{
  return *self->error != NULL;
}

static gboolean
is_refused (CkptTree *tree, CkptNodeId node)
{
  CkptNodeId callable;

  if (ckpt_weights_only_check (tree, node) != CKPT_REFUSAL_NONE)
    return TRUE;
  if (ckpt_nodes_get_kind (tree->nodes, node) != CKPT_KIND_OBJECT)
    return FALSE;
  callable = ckpt_nodes_get_slot (tree->nodes, node, CKPT_SLOT_CALLABLE);
  return callable != CKPT_NO_NODE && ckpt_weights_only_check (tree, callable) != CKPT_REFUSAL_NONE;
}

static void
later (Change *self, CkptNodeId node)
{
  if (node == CKPT_NO_NODE)
    return;

  switch ((int) ckpt_nodes_get_kind (self->nodes, node))
    {
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_SET:
    case CKPT_KIND_DICT:
    case CKPT_KIND_OBJECT:
      g_array_append_val (self->left, node);
      break;
    default: /* a persistent id that is taken names a storage, and that is all right */
      break;
    }
}

/* torch.float is torch.float32, but not by that name on the list. */
static CkptNodeId
change_global (Change *self, CkptNodeId node)
{
  const CkptGlobal *global = ckpt_tree_peek_global (self->tree, node);

  if (global == NULL)
    return LEFT_OUT;
  if (global->name == CKPT_NAME_DTYPE && global->dtype != CKPT_DTYPE_UNKNOWN)
    return ckpt_draft_add_global (self->draft, "torch", ckpt_dtype_get_name (global->dtype), self->error);
  return ckpt_draft_add_string (self->draft, global->full_name, -1, self->error);
}

/* _rebuild_from_type_v2(function, class, arguments, state) without the class: the plain tensor that the function makes. */
static CkptNodeId
change_subclass (Change *self, CkptNodeId node)
{
  CkptNodeId function = ckpt_plain_get_argument (self->draft, node, 0);
  CkptNodeId args = ckpt_plain_get_argument (self->draft, node, 2);
  const CkptGlobal *global = ckpt_tree_peek_global (self->tree, function);

  if (global == NULL || global->name == CKPT_NAME_REBUILD_WRAPPER_SUBCLASS ||
      is_refused (self->tree, function) || args == CKPT_NO_NODE)
    return LEFT_OUT;
  return ckpt_draft_add_call (self->draft, function, args, self->error);
}

/* _rebuild_sparse_tensor() takes what its former function for this layout took. */
static CkptNodeId
change_csr (Change *self, CkptNodeId node)
{
  return ckpt_draft_add_call (
      self->draft, ckpt_draft_add_global (self->draft, "torch._utils", "_rebuild_sparse_tensor", self->error),
      ckpt_nodes_get_slot (self->nodes, node, CKPT_SLOT_ARGS), self->error);
}

/* A call that is taken can have an argument that is not: the class of a tensor, or an array of NumPy. */
static gboolean
is_tensor_refused (Change *self, CkptNodeId node, CkptName name)
{
  CkptNodeId argument;

  if (is_refused (self->tree, node))
    return TRUE;
  switch ((int) name)
    {
    case CKPT_NAME_REBUILD_FROM_TYPE:
      argument = ckpt_plain_get_argument (self->draft, node, 1);
      break;
    case CKPT_NAME_REBUILD_PARAMETER:
    case CKPT_NAME_REBUILD_PARAMETER_WITH_STATE:
    case CKPT_NAME_REBUILD_WRAPPER_SUBCLASS:
    case CKPT_NAME_REBUILD_DEVICE_TENSOR_FROM_NUMPY:
      argument = ckpt_plain_get_argument (self->draft, node, 0);
      break;
    default:
      return FALSE;
    }
  return argument != CKPT_NO_NODE && is_refused (self->tree, argument);
}

static CkptNodeId
change_tensor (Change *self, CkptNodeId node)
{
  CkptNodeId callable = ckpt_nodes_get_kind (self->nodes, node) == CKPT_KIND_OBJECT
                            ? ckpt_nodes_get_slot (self->nodes, node, CKPT_SLOT_CALLABLE)
                            : CKPT_NO_NODE;
  const CkptGlobal *global = ckpt_tree_peek_global (self->tree, callable);
  CkptName name = global != NULL ? global->name : CKPT_NAME_UNKNOWN;
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (self->tree, node);

  if (!is_tensor_refused (self, node, name))
    return node;
  switch ((int) name)
    {
    case CKPT_NAME_REBUILD_FROM_TYPE:
      return change_subclass (self, node);
    case CKPT_NAME_REBUILD_SPARSE_CSR_TENSOR:
      return change_csr (self, node);
    case CKPT_NAME_PARAMETER:
      if (tensor->inner != CKPT_NO_TENSOR &&
          !is_refused (self->tree, ckpt_tree_get_tensor (self->tree, tensor->inner)->node))
        return ckpt_tree_get_tensor (self->tree, tensor->inner)->node;
      return LEFT_OUT;
    default:
      return LEFT_OUT;
    }
}

static CkptNodeId
change_refused (Change *self, CkptNodeId node)
{
  CkptNodeId plain;

  switch ((int) ckpt_nodes_get_kind (self->nodes, node))
    {
    case CKPT_KIND_GLOBAL:
      return change_global (self, node);
    case CKPT_KIND_OBJECT:
    case CKPT_KIND_FROZENSET:
    case CKPT_KIND_BYTES:
      plain = ckpt_plain_make (self->draft, node, self->error);
      return plain != CKPT_NO_NODE ? plain : LEFT_OUT;
    default:
      return LEFT_OUT;
    }
}

static void
list_change (Change *self, CkptNodeId node, CkptNodeId with)
{
  const char *path = g_hash_table_lookup (self->paths, GUINT_TO_POINTER (node));
  g_autofree char *text = NULL;

  self->effect->n++;
  self->n_left_out += with == LEFT_OUT;
  if (path == NULL)
    return;
  if (with != LEFT_OUT)
    text = ckpt_tree_get_kind (self->tree, with) == CKPT_KIND_OBJECT
               ? g_strdup (ckpt_kind_get_name (CKPT_KIND_OBJECT))
               : ckpt_tree_describe (self->tree, with);
  ckpt_effect_change (self->effect, path, text);
}

static CkptNodeId
change_once (Change *self, CkptNodeId node)
{
  if (node >= self->n_former)
    return node;
  if (ckpt_tree_get_node_tensor (self->tree, node) != NULL)
    return change_tensor (self, node);
  return is_refused (self->tree, node) ? change_refused (self, node) : node;
}

/* What a value becomes: an object can hold another that is refused, which then is what it becomes: an enum of an enum. */
static CkptNodeId
change (Change *self, CkptNodeId node)
{
  gpointer known = g_hash_table_lookup (self->results, GUINT_TO_POINTER (node));
  CkptNodeId with = node;

  if (known != NULL)
    return GPOINTER_TO_UINT (known) - 1;

  for (guint i = 0; i < 100 && with != LEFT_OUT; i++)
    {
      CkptNodeId next = change_once (self, with);

      if (has_failed (self) || next == CKPT_NO_NODE)
        return CKPT_NO_NODE;
      if (next == with)
        break;
      with = next;
    }
  if (with != node)
    list_change (self, node, with);
  g_hash_table_insert (self->results, GUINT_TO_POINTER (node), GUINT_TO_POINTER (with + 1));
  if (with != LEFT_OUT && (with == node || !g_hash_table_contains (self->results, GUINT_TO_POINTER (with))))
    later (self, with);
  return with;
}

static gboolean
can_be_key (CkptTree *tree, CkptNodeId node)
{
  switch ((int) ckpt_tree_get_kind (tree, node))
    {
    case CKPT_KIND_LIST:
    case CKPT_KIND_DICT:
    case CKPT_KIND_SET:
    case CKPT_KIND_BYTEARRAY:
      return FALSE;
    default:
      return TRUE;
    }
}

/* Items of a list keep their numbers: None stands for one that goes. */
static gboolean
change_items (Change *self, CkptNodeId container)
{
  gboolean is_set = ckpt_nodes_get_kind (self->nodes, container) == CKPT_KIND_SET;

  for (guint32 i = ckpt_nodes_get_length (self->nodes, container); i > 0; i--)
    {
      CkptNodeId item = ckpt_nodes_get_child (self->nodes, container, i - 1);
      CkptNodeId with = change (self, item);

      if (with == CKPT_NO_NODE)
        return FALSE;
      if (is_set && (with == LEFT_OUT || !can_be_key (self->tree, with)))
        {
          if (!ckpt_draft_splice (self->draft, container, i - 1, 1, NULL, 0, self->error))
            return FALSE;
          continue;
        }
      if (with == LEFT_OUT)
        with = ckpt_draft_add_none (self->draft, self->error);
      if (with == CKPT_NO_NODE ||
          (with != item && !ckpt_draft_set_child (self->draft, container, i - 1, with, self->error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
change_pair (Change *self, CkptNodeId dict, guint32 position)
{
  CkptNodeId pair[2], with[2];

  for (guint i = 0; i < 2; i++)
    {
      pair[i] = ckpt_nodes_get_child (self->nodes, dict, position + i);
      with[i] = change (self, pair[i]);
      if (with[i] == CKPT_NO_NODE)
        return FALSE;
    }
  if (with[0] == LEFT_OUT || with[1] == LEFT_OUT || !can_be_key (self->tree, with[0]))
    return ckpt_draft_splice (self->draft, dict, position, 2, NULL, 0, self->error);

  for (guint i = 0; i < 2; i++)
    if (with[i] != pair[i] && !ckpt_draft_set_child (self->draft, dict, position + i, with[i], self->error))
      return FALSE;
  return TRUE;
}

static gboolean
change_pairs (Change *self, CkptNodeId dict)
{
  for (guint32 i = ckpt_nodes_get_length (self->nodes, dict) / 2; i > 0; i--)
    if (!change_pair (self, dict, 2 * (i - 1)))
      return FALSE;
  return TRUE;
}

/* What an object that is taken is made of. */
static gboolean
change_parts (Change *self, CkptNodeId object)
{
  CkptNodeId state = ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_STATE);
  CkptNodeId with;

  later (self, ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_ARGS));
  later (self, ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_DICT_ITEMS));
  if (state == CKPT_NO_NODE)
    return TRUE;
  with = change (self, state);
  if (with == CKPT_NO_NODE)
    return FALSE;
  return with == state || ckpt_draft_set_slot (self->draft, object, CKPT_SLOT_STATE,
                                               with == LEFT_OUT ? CKPT_NO_NODE : with, self->error);
}

static gboolean
look_inside (Change *self, CkptNodeId node)
{
  switch ((int) ckpt_nodes_get_kind (self->nodes, node))
    {
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_SET:
      return change_items (self, node);
    case CKPT_KIND_DICT:
      return change_pairs (self, node);
    case CKPT_KIND_OBJECT:
      return change_parts (self, node);
    default:
      return TRUE;
    }
}

static gboolean
take_path (CkptTree *tree,
           const CkptPath *path,
           guint depth,
           const CkptChild *child,
           gboolean is_repeat,
           gpointer user_data)
{
  GHashTable *paths = user_data;

  if (!is_repeat && g_hash_table_size (paths) < CKPT_EFFECT_MAX_LISTED && is_refused (tree, child->node) &&
      !g_hash_table_contains (paths, GUINT_TO_POINTER (child->node)))
    g_hash_table_insert (paths, GUINT_TO_POINTER (child->node), ckpt_path_to_string (path, tree));
  return TRUE;
}

static gboolean
change_all (Change *self)
{
  CkptNodeId root = ckpt_tree_get_root (self->tree);
  g_autoptr (GHashTable) done = g_hash_table_new (NULL, NULL);
  CkptNodeId with;

  self->n_former = ckpt_nodes_get_n (self->nodes);
  ckpt_tree_walk (self->tree, root, take_path, self->paths);
  with = change (self, root);
  if (with == CKPT_NO_NODE)
    return FALSE;
  if (with == LEFT_OUT)
    return ckpt_error_set (self->error, CKPT_ERROR_INVALID_EDIT, "nothing-left",
                           _ ("Nothing in this file can be loaded with weights_only."));
  while (self->left->len > 0)
    {
      CkptNodeId node = g_array_index (self->left, CkptNodeId, self->left->len - 1);

      g_array_set_size (self->left, self->left->len - 1);
      if (g_hash_table_add (done, GUINT_TO_POINTER (node)) && !look_inside (self, node))
        return FALSE;
    }
  if (with != root)
    ckpt_draft_replace (self->draft, root, with);
  return TRUE;
}

static void
note (Change *self, guint n_modules)
{
  guint n_plain = self->effect->n > self->n_left_out ? (guint) self->effect->n - self->n_left_out : 0;

  if (n_plain > 0 && n_modules == 0)
    ckpt_effect_note (self->effect,
                      ngettext ("%u value becomes a plain one.", "%u values become plain ones.", n_plain),
                      n_plain);
  if (self->n_left_out > 0)
    ckpt_effect_note (self->effect,
                      ngettext ("%u value is left out: nothing plain can stand for it.",
                                "%u values are left out: nothing plain can stand for them.",
                                self->n_left_out),
                      self->n_left_out);
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  g_autoptr (GHashTable) results = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  g_autoptr (GHashTable) paths = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (GError) problem = NULL;
  CkptTree *tree = ckpt_draft_get_tree (draft);
  Change self = { draft, tree, ckpt_draft_get_nodes (draft), effect, results, left, paths, 0, 0, &problem };
  guint n_modules = 0;

  /* A module is more than the dict of its attributes. */
  if (!ckpt_put_state_dicts (draft, ckpt_tree_get_root (tree), effect, &n_modules, error) ||
      (n_modules > 0 && !ckpt_draft_recognise (draft, error)))
    return FALSE;
  if (!change_all (&self))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  note (&self, n_modules);
  ckpt_effect_set_title (effect, _ ("Make it loadable with weights_only"));
  return TRUE;
}

const CkptVerb ckpt_verb_weights_only = {
  .name = "weights-only",
  .usage = "",
  .summary = N_ ("Replace what torch.load(weights_only=True) refuses by plain values, or leave it out"),
  .apply = apply,
};
