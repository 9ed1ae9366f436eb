/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-draft-private.h"

#include <glib/gi18n-lib.h>

/**
 * ckpt_draft_new:
 * @tree: what to begin with; it does not change
 *
 * A draft is for one thread. Several may be made at once, of the same version too, by any threads: what they add is kept apart. It is cheaper to finish or free
 * one before the next is made, as then they share what they add to.
 *
 * Returns: (transfer full): a draft of its next version
 */
CkptDraft *
ckpt_draft_new (CkptTree *tree)
{
  CkptDraft *self = g_new0 (CkptDraft, 1);

  self->tree = ckpt_tree_new_version (tree);
  self->first = ckpt_nodes_get_n (self->tree->nodes);
  self->touched = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  self->location_node = CKPT_NO_NODE;
  return self;
}

/**
 * ckpt_draft_free:
 * @self: (transfer full): a draft; what was finished lives on
 */
void
ckpt_draft_free (CkptDraft *self)
{
  ckpt_draft_groups_clear (&self->wrappers);
  ckpt_draft_groups_clear (&self->ids);
  ckpt_draft_groups_clear (&self->views);
  g_array_unref (self->touched);
  if (self->tree != NULL)
    ckpt_tree_give_back (self->tree);
  g_clear_pointer (&self->tree, ckpt_tree_unref);
  g_free (self);
}

/**
 * ckpt_draft_get_tree:
 * @self: a draft
 *
 * Returns: (transfer none): the tree as changed so far; what was added since is recognised by ckpt_draft_recognise()
 */
CkptTree *
ckpt_draft_get_tree (CkptDraft *self)
{
  return self->tree;
}

/**
 * ckpt_draft_get_nodes:
 * @self: a draft
 *
 * Returns: (transfer none): its raw values
 */
CkptNodes *
ckpt_draft_get_nodes (CkptDraft *self)
{
  return self->tree->nodes;
}

/* What was recognised is at the value that holds its content; the tree knows it by the one that others refer to. */
static gboolean
name_touched (CkptDraft *self, GError **error)
{
  for (guint i = 0; i < self->touched->len; i++)
    {
      CkptNodeId node = g_array_index (self->touched, CkptNodeId, i);
      const CkptTensor *known = ckpt_tree_get_node_tensor (self->tree, node);
      CkptTensor *tensor;

      if (known == NULL || known->node == node)
        continue;

      tensor = ckpt_chunks_edit (self->tree->tensors, known->index, error);
      if (tensor == NULL)
        return FALSE;
      tensor->node = node;
    }
  g_array_set_size (self->touched, 0);
  return TRUE;
}

/**
 * ckpt_draft_recognise:
 * @self: a draft
 * @error: return location
 *
 * Finds out what the values that were added so far stand for.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_draft_recognise (CkptDraft *self, GError **error)
{
  return ckpt_draft_move_made (self, error) && ckpt_tree_recognise_new (self->tree, self->first, error) &&
         name_touched (self, error);
}

/**
 * ckpt_draft_finish:
 * @self: a draft; of no use afterwards
 * @error: return location
 *
 * Returns: (transfer full): the new version; %NULL with %CKPT_ERROR_LIMIT
 */
CkptTree *
ckpt_draft_finish (CkptDraft *self, GError **error)
{
  if (!ckpt_draft_recognise (self, error))
    return NULL;

  if (self->tree->is_short_of_memory)
    {
      ckpt_error_set (error, CKPT_ERROR_LIMIT, "values-memory",
                      _ ("There is not enough memory for this change."));
      return NULL;
    }

  /* What was asked on the way was true of another tree. */
  g_clear_pointer (&self->tree->reach, ckpt_reach_free);
  ckpt_nodes_seal (self->tree->nodes);
  ckpt_tree_give_back (self->tree);
  return g_steal_pointer (&self->tree);
}

/**
 * ckpt_draft_replace:
 * @self: a draft
 * @node: a value that is an object of its own: a container, call or persistent id, but none of the plain values that a file shares, such as None, a number or
 *   a text, which are to be set in what holds them
 * @with: a value
 *
 * Whatever held @node holds @with from now on; the two are one object.
 */
void
ckpt_draft_replace (CkptDraft *self, CkptNodeId node, CkptNodeId with)
{
  ckpt_nodes_replace (self->tree->nodes, node, with);
  if (ckpt_nodes_get_content (self->tree->nodes, with) == with && with >= self->first)
    g_array_append_val (self->touched, node);
}

/**
 * ckpt_draft_set_child:
 * @self: a draft
 * @container: a raw container
 * @position: which of its raw children
 * @child: what to hold there
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_draft_set_child (CkptDraft *self,
                      CkptNodeId container,
                      guint32 position,
                      CkptNodeId child,
                      GError **error)
{
  if (child == CKPT_NO_NODE && ckpt_nodes_get_kind (self->tree->nodes, container) != CKPT_KIND_OBJECT)
    return FALSE;
  return ckpt_nodes_put_child (self->tree->nodes, container, position, child, error);
}

/**
 * ckpt_draft_splice:
 * @self: a draft
 * @container: a raw list, tuple, dict or set, but not the empty tuple
 * @at: which of its raw children to begin with
 * @n_removed: how many go
 * @added: (array length=n_added) (nullable): what comes in their place
 * @n_added: how many
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_draft_splice (CkptDraft *self,
                   CkptNodeId container,
                   guint32 at,
                   guint32 n_removed,
                   const CkptNodeId *added,
                   guint32 n_added,
                   GError **error)
{
  return ckpt_nodes_splice (self->tree->nodes, container, at, n_removed, added, n_added, error);
}

/* Whether a raw value stands for what a call or a persistent id makes. */
static gboolean
is_made (CkptDraft *self, CkptNodeId node)
{
  CkptKind kind = ckpt_nodes_get_kind (self->tree->nodes, node);

  return kind == CKPT_KIND_OBJECT || kind == CKPT_KIND_PERSISTENT_ID;
}

/**
 * ckpt_draft_touch:
 * @self: a draft
 * @object: a raw object or persistent id
 * @error: return location
 *
 * Says that what @object is made with was changed, so that it may stand for something else. A tensor gets a new number.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_draft_touch (CkptDraft *self, CkptNodeId object, GError **error)
{
  CkptNodes *nodes = self->tree->nodes;
  CkptNodeId content = ckpt_nodes_get_content (nodes, object);
  CkptNodeId copy;

  g_return_val_if_fail (is_made (self, object), FALSE);

  if (content < self->first)
    {
      copy = ckpt_nodes_copy (nodes, content, error);
      if (copy == CKPT_NO_NODE)
        return FALSE;
      ckpt_nodes_replace (nodes, content, copy);
    }

  ckpt_nodes_set_tag (nodes, object, 0);
  g_array_append_val (self->touched, object);
  return TRUE;
}

/**
 * ckpt_draft_set_slot:
 * @self: a draft
 * @object: a raw object
 * @slot: which part of it
 * @node: the value to hold there, or %CKPT_NO_NODE
 * @error: return location
 *
 * Where @slot says how the object is made, it is recognised anew.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_draft_set_slot (CkptDraft *self, CkptNodeId object, CkptSlot slot, CkptNodeId node, GError **error)
{
  return ckpt_nodes_put_child (self->tree->nodes, object, slot, node, error) &&
         (slot == CKPT_SLOT_DICT_ITEMS || slot == CKPT_SLOT_LIST_ITEMS ||
          ckpt_draft_touch (self, object, error));
}

/**
 * ckpt_draft_remove_child:
 * @self: a draft
 * @node: a value
 * @i: which of its children, as in ckpt_tree_get_child(): a key with its value, an item, or an attribute
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_INVALID_EDIT for what cannot be without, such as an argument, or with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_draft_remove_child (CkptDraft *self, CkptNodeId node, guint32 i, GError **error)
{
  CkptChildPlace place;

  ckpt_tree_find_child_place (self->tree, node, i, &place);
  switch (place.kind)
    {
    case CKPT_STEP_KEY:
    case CKPT_STEP_INDEX:
    case CKPT_STEP_ATTRIBUTE:
    case CKPT_STEP_ITEM:
    case CKPT_STEP_KEYWORD:
      return ckpt_draft_splice (self, place.container, place.position + 1 - place.stride, place.stride, NULL,
                                0, error);
    case CKPT_STEP_STATE:
    case CKPT_STEP_ARGUMENT:
    default:
      return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "not-removable",
                             _ ("This is what an object is made with; the object cannot be without it."));
    }
}

/**
 * ckpt_draft_put_child:
 * @self: a draft
 * @node: a value
 * @i: which of its children, as in ckpt_tree_get_child()
 * @child: the value to be there instead
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_draft_put_child (CkptDraft *self, CkptNodeId node, guint32 i, CkptNodeId child, GError **error)
{
  CkptChildPlace place;

  ckpt_tree_find_child_place (self->tree, node, i, &place);
  if (!ckpt_draft_set_child (self, place.container, place.position, child, error))
    return FALSE;

  node = ckpt_tree_resolve (self->tree, node);
  return place.kind != CKPT_STEP_ARGUMENT || !is_made (self, node) || ckpt_draft_touch (self, node, error);
}

/**
 * ckpt_draft_rename_child:
 * @self: a draft
 * @node: a value
 * @i: which of its children, as in ckpt_tree_get_child(): one with a key, or an attribute
 * @key: the key to have instead; no other child may have it
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_INVALID_EDIT if the child has no key, or with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_draft_rename_child (CkptDraft *self, CkptNodeId node, guint32 i, CkptNodeId key, GError **error)
{
  CkptChildPlace place;

  ckpt_tree_find_child_place (self->tree, node, i, &place);
  if (place.stride != 2)
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "no-key",
                           _ ("An item of a list has no name to change."));

  return ckpt_draft_set_child (self, place.container, place.position - 1, key, error);
}

/* The raw dict that pairs of @node are put into; made if there is none yet. */
static CkptNodeId
get_pairs (CkptDraft *self, CkptNodeId node, GError **error)
{
  CkptNodes *nodes = self->tree->nodes;
  CkptNodeId items;

  node = ckpt_tree_resolve (self->tree, node);
  if (ckpt_nodes_get_kind (nodes, node) == CKPT_KIND_DICT)
    return node;

  if (ckpt_nodes_get_kind (nodes, node) != CKPT_KIND_OBJECT)
    {
      ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "no-dict", _ ("Keys can only be put into a dict."));
      return CKPT_NO_NODE;
    }

  items = ckpt_nodes_get_slot (nodes, node, CKPT_SLOT_DICT_ITEMS);
  if (items != CKPT_NO_NODE)
    return items;

  items = ckpt_nodes_add_container (nodes, CKPT_KIND_DICT, 0, 0, NULL, 0, error);
  if (items == CKPT_NO_NODE || !ckpt_draft_set_slot (self, node, CKPT_SLOT_DICT_ITEMS, items, error))
    return CKPT_NO_NODE;

  ckpt_nodes_set_flag (nodes, items, CKPT_NODE_ITERATED);
  return items;
}

/**
 * ckpt_draft_insert_pair:
 * @self: a draft
 * @dict: a dict, or an object that has keys
 * @at: number of the key to put it before; %G_MAXUINT32 for the end
 * @key: a key that @dict does not have
 * @value: its value
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_INVALID_EDIT if @dict can have no keys, or with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_draft_insert_pair (CkptDraft *self,
                        CkptNodeId dict,
                        guint32 at,
                        CkptNodeId key,
                        CkptNodeId value,
                        GError **error)
{
  const CkptNodeId pair[2] = { key, value };
  CkptChildPlace place = { .container = CKPT_NO_NODE };

  if (at < ckpt_tree_count_children (self->tree, dict, CKPT_STEP_KEY))
    {
      ckpt_tree_find_child_place (self->tree, dict, at, &place);
      place.position--;
    }
  else
    {
      place.container = get_pairs (self, dict, error);
      if (place.container == CKPT_NO_NODE)
        return FALSE;
      place.position = ckpt_nodes_get_length (self->tree->nodes, place.container);
    }
  return ckpt_draft_splice (self, place.container, place.position, 0, pair, 2, error);
}
