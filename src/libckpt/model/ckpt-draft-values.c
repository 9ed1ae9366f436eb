/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-draft-private.h"

#include "pickle/ckpt-opcodes.h"

#include <string.h>

/* New values, with the opcodes and memo marks of CPython's pickler at protocol 2 (Modules/_pickle.c). */

static CkptNodeId
mark (CkptDraft *self, CkptNodeId node)
{
  if (node != CKPT_NO_NODE)
    ckpt_nodes_set_flag (self->tree->nodes, node, CKPT_NODE_PUT);
  return node;
}

/**
 * ckpt_draft_add_none:
 * @self: a draft
 * @error: return location
 *
 * Returns: None; %CKPT_NO_NODE with %CKPT_ERROR_LIMIT, as all functions of this file
 */
CkptNodeId
ckpt_draft_add_none (CkptDraft *self, GError **error)
{
  return ckpt_nodes_add_none (self->tree->nodes, error);
}

/**
 * ckpt_draft_add_bool:
 * @self: a draft
 * @value: true or false
 * @error: return location
 *
 * Returns: that value
 */
CkptNodeId
ckpt_draft_add_bool (CkptDraft *self, gboolean value, GError **error)
{
  return ckpt_nodes_add_bool (self->tree->nodes, value, error);
}

static guint8
get_int_opcode (gint64 value)
{
  if (value >= 0 && value <= G_MAXUINT8)
    return CKPT_OP_BININT1;
  if (value >= 0 && value <= G_MAXUINT16)
    return CKPT_OP_BININT2;
  return value >= G_MININT32 && value <= G_MAXINT32 ? CKPT_OP_BININT : CKPT_OP_LONG1;
}

/**
 * ckpt_draft_add_int:
 * @self: a draft
 * @value: a number
 * @error: return location
 *
 * Returns: that number as an int
 */
CkptNodeId
ckpt_draft_add_int (CkptDraft *self, gint64 value, GError **error)
{
  return ckpt_nodes_add_int (self->tree->nodes, value, get_int_opcode (value), error);
}

/**
 * ckpt_draft_add_float:
 * @self: a draft
 * @value: a number
 * @error: return location
 *
 * Returns: that number as a float
 */
CkptNodeId
ckpt_draft_add_float (CkptDraft *self, double value, GError **error)
{
  return ckpt_nodes_add_float (self->tree->nodes, value, CKPT_OP_BINFLOAT, error);
}

/**
 * ckpt_draft_add_string:
 * @self: a draft
 * @text: (array length=length): UTF-8
 * @length: bytes, or -1 if a NUL ends it
 * @error: return location
 *
 * Returns: that text as a str
 */
CkptNodeId
ckpt_draft_add_string (CkptDraft *self, const char *text, gssize length, GError **error)
{
  return mark (self, ckpt_nodes_add_text (self->tree->nodes, CKPT_KIND_STRING, 0, CKPT_OP_BINUNICODE, text,
                                          length < 0 ? strlen (text) : (gsize) length, error));
}

/**
 * ckpt_draft_add_tuple:
 * @self: a draft
 * @items: (array length=n) (nullable): what it holds
 * @n: how many
 * @error: return location
 *
 * Returns: a tuple
 */
CkptNodeId
ckpt_draft_add_tuple (CkptDraft *self, const CkptNodeId *items, guint32 n, GError **error)
{
  static const guint8 opcodes[] = { CKPT_OP_EMPTY_TUPLE, CKPT_OP_TUPLE1, CKPT_OP_TUPLE2, CKPT_OP_TUPLE3 };
  guint8 opcode = n < G_N_ELEMENTS (opcodes) ? opcodes[n] : CKPT_OP_TUPLE;

  return mark (self,
               ckpt_nodes_add_container (self->tree->nodes, CKPT_KIND_TUPLE, opcode, 0, items, n, error));
}

/**
 * ckpt_draft_add_list:
 * @self: a draft
 * @items: (array length=n) (nullable): what it holds
 * @n: how many
 * @error: return location
 *
 * Returns: a list
 */
CkptNodeId
ckpt_draft_add_list (CkptDraft *self, const CkptNodeId *items, guint32 n, GError **error)
{
  return mark (self, ckpt_nodes_add_container (self->tree->nodes, CKPT_KIND_LIST, CKPT_OP_EMPTY_LIST, 0,
                                               items, n, error));
}

/**
 * ckpt_draft_add_dict:
 * @self: a draft
 * @pairs: (array length=n) (nullable): key, value, key, value and so on; the keys are all different
 * @n: keys and values
 * @error: return location
 *
 * Returns: a dict
 */
CkptNodeId
ckpt_draft_add_dict (CkptDraft *self, const CkptNodeId *pairs, guint32 n, GError **error)
{
  return mark (self, ckpt_nodes_add_container (self->tree->nodes, CKPT_KIND_DICT, CKPT_OP_EMPTY_DICT, 0,
                                               pairs, n, error));
}

/**
 * ckpt_draft_add_global:
 * @self: a draft
 * @module: a module, by the name that protocol 2 has for it: `__builtin__`, not `builtins`
 * @name: a class or function in it
 * @error: return location
 *
 * Returns: that class or function
 */
CkptNodeId
ckpt_draft_add_global (CkptDraft *self, const char *module, const char *name, GError **error)
{
  g_autofree char *text = g_strconcat (module, "\n", name, NULL);

  return mark (self, ckpt_nodes_add_text (self->tree->nodes, CKPT_KIND_GLOBAL, 0, CKPT_OP_GLOBAL, text,
                                          strlen (text), error));
}

/**
 * ckpt_draft_add_call:
 * @self: a draft
 * @callable: what is called
 * @args: a tuple
 * @error: return location
 *
 * Returns: the object that the call makes
 */
CkptNodeId
ckpt_draft_add_call (CkptDraft *self, CkptNodeId callable, CkptNodeId args, GError **error)
{
  CkptNodeId slots[CKPT_N_SLOTS];

  if (callable == CKPT_NO_NODE || args == CKPT_NO_NODE)
    return CKPT_NO_NODE;

  for (guint i = 0; i < CKPT_N_SLOTS; i++)
    slots[i] = CKPT_NO_NODE;
  slots[CKPT_SLOT_CALLABLE] = callable;
  slots[CKPT_SLOT_ARGS] = args;
  return mark (self, ckpt_nodes_add_container (self->tree->nodes, CKPT_KIND_OBJECT, CKPT_OP_REDUCE, 0, slots,
                                               CKPT_N_SLOTS, error));
}

/**
 * ckpt_draft_add_ordered_dict:
 * @self: a draft
 * @pairs: (array length=n) (nullable): as in ckpt_draft_add_dict()
 * @n: keys and values
 * @error: return location
 *
 * Returns: a collections.OrderedDict
 */
CkptNodeId
ckpt_draft_add_ordered_dict (CkptDraft *self, const CkptNodeId *pairs, guint32 n, GError **error)
{
  CkptNodes *nodes = self->tree->nodes;
  CkptNodeId class_node = ckpt_draft_add_global (self, "collections", "OrderedDict", error);
  CkptNodeId args = class_node != CKPT_NO_NODE ? ckpt_draft_add_tuple (self, NULL, 0, error) : CKPT_NO_NODE;
  CkptNodeId dict = ckpt_draft_add_call (self, class_node, args, error);
  CkptNodeId items;

  if (dict == CKPT_NO_NODE || n == 0)
    return dict;

  items = ckpt_nodes_add_container (nodes, CKPT_KIND_DICT, 0, 0, pairs, n, error);
  if (items == CKPT_NO_NODE)
    return CKPT_NO_NODE;

  ckpt_nodes_set_flag (nodes, items, CKPT_NODE_ITERATED);
  ckpt_nodes_set_child (nodes, dict, CKPT_SLOT_DICT_ITEMS, items);
  return dict;
}

/* Bytes as the text that has the same numbers as characters. */
static char *
to_latin1_text (const guint8 *bytes, gsize length)
{
  GString *text = g_string_sized_new (length + length / 2);

  for (gsize i = 0; i < length; i++)
    g_string_append_unichar (text, bytes[i]);
  return g_string_free (text, FALSE);
}

/**
 * ckpt_draft_add_bytes:
 * @self: a draft
 * @bytes: (array length=length): what they are
 * @length: how many
 * @error: return location
 *
 * Returns: bytes, as protocol 2 has them: `_codecs.encode(text, "latin1")`, or `bytes()` for none
 */
CkptNodeId
ckpt_draft_add_bytes (CkptDraft *self, const void *bytes, gsize length, GError **error)
{
  g_autofree char *text = to_latin1_text (bytes, length);
  CkptNodeId args[2];
  gsize text_length = 0;

  if (length == 0)
    return ckpt_draft_add_call (self, ckpt_draft_add_global (self, "__builtin__", "bytes", error),
                                ckpt_draft_add_tuple (self, NULL, 0, error), error);

  for (gsize i = 0; i < length; i++)
    text_length += ((const guint8 *) bytes)[i] < 0x80 ? 1 : 2;
  args[0] = ckpt_draft_add_string (self, text, text_length, error);
  args[1] = args[0] != CKPT_NO_NODE ? ckpt_draft_add_string (self, "latin1", -1, error) : CKPT_NO_NODE;
  if (args[1] == CKPT_NO_NODE)
    return CKPT_NO_NODE;

  return ckpt_draft_add_call (self, ckpt_draft_add_global (self, "_codecs", "encode", error),
                              ckpt_draft_add_tuple (self, args, 2, error), error);
}

/**
 * ckpt_draft_copy:
 * @self: a draft
 * @node: a value
 * @error: return location
 *
 * Returns: a new value with the same content and the same children, that stands for the same. What is a tensor is still that tensor, at another place
 */
CkptNodeId
ckpt_draft_copy (CkptDraft *self, CkptNodeId node, GError **error)
{
  return ckpt_nodes_copy (self->tree->nodes, node, error);
}
