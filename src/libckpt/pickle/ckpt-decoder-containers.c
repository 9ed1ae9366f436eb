/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-decoder-private.h"

#include <glib/gi18n-lib.h>

#include "model/ckpt-text.h"

static CkptKind
get_made_kind (guint8 opcode)
{
  switch (opcode)
    {
    case CKPT_OP_LIST:
    case CKPT_OP_EMPTY_LIST:
      return CKPT_KIND_LIST;
    case CKPT_OP_DICT:
    case CKPT_OP_EMPTY_DICT:
      return CKPT_KIND_DICT;
    case CKPT_OP_EMPTY_SET:
      return CKPT_KIND_SET;
    case CKPT_OP_FROZENSET:
      return CKPT_KIND_FROZENSET;
    default:
      return CKPT_KIND_TUPLE;
    }
}

/* Warns of members of a set, or every second value of a dict, that Python cannot hash. */
static void
check_keys (CkptDecoder *self, const CkptNodeId *values, guint32 n_values, guint32 step)
{
  for (guint32 i = 0; i < n_values; i += step)
    switch (ckpt_nodes_get_kind (self->nodes, values[i]))
      {
      case CKPT_KIND_LIST:
      case CKPT_KIND_DICT:
      case CKPT_KIND_SET:
      case CKPT_KIND_BYTEARRAY:
        ckpt_decoder_locate (
            self,
            ckpt_warnings_add (self->warnings, "unhashable-key", CKPT_DECODER_HERE (self),
                               _ ("A key is of a kind that cannot be one; Python cannot load it.")),
            values[i]);
        break;
      default:
        break;
      }
}

static gboolean
check_even (CkptDecoder *self, guint32 n_values, GError **error)
{
  g_autofree char *position = NULL;

  if (n_values % 2 == 0)
    return TRUE;
  position = ckpt_text_count (self->in.position);
  return ckpt_decoder_fail (self, error, CKPT_ERROR_MALFORMED, "pickle-items", self->in.position,
                            _ ("The list of values is damaged: %s at byte %s has a key without a value."),
                            self->in.info->name, position);
}

static CkptNodeId
add_container (CkptDecoder *self, const CkptNodeId *values, guint32 n_values, GError **error)
{
  return ckpt_nodes_add_container (self->nodes, get_made_kind (self->in.opcode), self->in.opcode,
                                   self->in.position, values, n_values, error);
}

gboolean
ckpt_decode_empty (CkptDecoder *self, GError **error)
{
  return ckpt_decoder_push (self, add_container (self, NULL, 0, error), error);
}

/* TUPLE, LIST, FROZENSET: of all values above the mark. */
gboolean
ckpt_decode_collect (CkptDecoder *self, GError **error)
{
  guint32 first = 0, n_values = 0;

  if (!ckpt_decoder_pop_mark (self, &first, &n_values, error))
    return FALSE;
  if (self->in.opcode == CKPT_OP_FROZENSET)
    check_keys (self, self->stack.values + first, n_values, 1);
  self->stack.n_values = first;
  return ckpt_decoder_push (self, add_container (self, self->stack.values + first, n_values, error), error);
}

gboolean
ckpt_decode_dict (CkptDecoder *self, GError **error)
{
  guint32 first = 0, n_values = 0;

  if (!ckpt_decoder_pop_mark (self, &first, &n_values, error) || !check_even (self, n_values, error))
    return FALSE;
  check_keys (self, self->stack.values + first, n_values, 2);
  self->stack.n_values = first;
  return ckpt_decoder_push (self, add_container (self, self->stack.values + first, n_values, error), error);
}

gboolean
ckpt_decode_tuple123 (CkptDecoder *self, GError **error)
{
  guint32 n_values = self->in.opcode - CKPT_OP_TUPLE1 + 1;

  if (!ckpt_decoder_need (self, n_values, error))
    return FALSE;
  self->stack.n_values -= n_values;
  return ckpt_decoder_push (
      self, add_container (self, self->stack.values + self->stack.n_values, n_values, error), error);
}

/* The container within an object that items of @kind go to, made when it is first wanted. */
static CkptNodeId
get_items (CkptDecoder *self, CkptNodeId object, CkptKind kind, GError **error)
{
  CkptSlot slot = kind == CKPT_KIND_DICT ? CKPT_SLOT_DICT_ITEMS : CKPT_SLOT_LIST_ITEMS;
  CkptNodeId items = ckpt_nodes_get_slot (self->nodes, object, slot);

  if (items != CKPT_NO_NODE)
    return items;
  items = ckpt_nodes_add_container (self->nodes, kind, 0, self->in.position, NULL, 0, error);
  if (items == CKPT_NO_NODE)
    return CKPT_NO_NODE;
  ckpt_nodes_set_child (self->nodes, object, slot, items);
  if (ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_STATE) != CKPT_NO_NODE)
    ckpt_nodes_set_flag (self->nodes, object, CKPT_NODE_STATE_FIRST);
  return items;
}

/* Notes whether the last batch of a list or dict, that @n_added values came with, is what Python's C pickler writes for an iterator only.
 * For a list, that is an APPEND after a full batch; for a dict, a SETITEM there, and a full batch that no empty one follows. */
static void
note_batch (CkptDecoder *self, CkptNodeId target, guint32 n_added)
{
  gboolean is_single = self->in.opcode == CKPT_OP_APPEND || self->in.opcode == CKPT_OP_SETITEM;
  gboolean is_dict = ckpt_nodes_get_kind (self->nodes, target) == CKPT_KIND_DICT;
  guint64 n_items = ckpt_nodes_get_length (self->nodes, target) / (is_dict ? 2 : 1);

  if (is_single ? n_items > 1 && n_items % CKPT_PICKLE_BATCH == 1
                : is_dict && n_added > 0 && n_items % CKPT_PICKLE_BATCH == 0)
    ckpt_nodes_set_flag (self->nodes, target, CKPT_NODE_ITERATED);
  else
    ckpt_nodes_clear_flag (self->nodes, target, CKPT_NODE_ITERATED);
}

/* Puts the values from index @first of the stack on into the value below them, which is to be of @kind, and drops them. */
static gboolean
put_in (CkptDecoder *self, guint32 first, CkptKind kind, GError **error)
{
  const CkptNodeId *values = self->stack.values + first;
  guint32 n_values = self->stack.n_values - first;
  CkptNodeId target = values[-1];
  CkptKind target_kind = ckpt_nodes_get_kind (self->nodes, target);

  self->stack.n_values = first;
  if (target_kind == kind)
    {
      if (!ckpt_nodes_append (self->nodes, target, values, n_values, error))
        return FALSE;
      note_batch (self, target, n_values);
      return TRUE;
    }
  if (n_values == 0)
    return TRUE;
  if (target_kind != CKPT_KIND_OBJECT)
    {
      ckpt_decoder_locate (
          self,
          ckpt_warnings_add (self->warnings, "odd-target", CKPT_DECODER_HERE (self),
                             _ ("Items are put into a value that cannot hold them; they are left out.")),
          target);
      return TRUE;
    }
  target = get_items (self, target, kind == CKPT_KIND_DICT ? CKPT_KIND_DICT : CKPT_KIND_LIST, error);
  return target != CKPT_NO_NODE && ckpt_nodes_append (self->nodes, target, values, n_values, error);
}

gboolean
ckpt_decode_append (CkptDecoder *self, GError **error)
{
  return ckpt_decoder_need (self, 2, error) && put_in (self, self->stack.n_values - 1, CKPT_KIND_LIST, error);
}

/* APPENDS and ADDITEMS. */
gboolean
ckpt_decode_appends (CkptDecoder *self, GError **error)
{
  gboolean is_set = self->in.opcode == CKPT_OP_ADDITEMS;
  guint32 first = 0, n_values = 0;

  if (!ckpt_decoder_pop_mark (self, &first, &n_values, error) ||
      !ckpt_decoder_need (self, n_values + 1, error))
    return FALSE;
  if (is_set)
    check_keys (self, self->stack.values + first, n_values, 1);
  return put_in (self, first, is_set ? CKPT_KIND_SET : CKPT_KIND_LIST, error);
}

gboolean
ckpt_decode_setitem (CkptDecoder *self, GError **error)
{
  if (!ckpt_decoder_need (self, 3, error))
    return FALSE;
  check_keys (self, self->stack.values + self->stack.n_values - 2, 2, 2);
  return put_in (self, self->stack.n_values - 2, CKPT_KIND_DICT, error);
}

gboolean
ckpt_decode_setitems (CkptDecoder *self, GError **error)
{
  guint32 first = 0, n_values = 0;

  if (!ckpt_decoder_pop_mark (self, &first, &n_values, error) ||
      !ckpt_decoder_need (self, n_values + 1, error) || !check_even (self, n_values, error))
    return FALSE;
  check_keys (self, self->stack.values + first, n_values, 2);
  return put_in (self, first, CKPT_KIND_DICT, error);
}
