/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-nodes-private.h"

#include <string.h>

/**
 * ckpt_nodes_get_n:
 * @self: a store of values
 *
 * Returns: how many there are; their ids are the numbers below it
 */
guint32
ckpt_nodes_get_n (const CkptNodes *self)
{
  return self->store->n;
}

/**
 * ckpt_nodes_get_memory:
 * @self: a store of values
 *
 * Returns: bytes of memory that count in the budget
 */
guint64
ckpt_nodes_get_memory (const CkptNodes *self)
{
  return self->store->memory;
}

/**
 * ckpt_nodes_get_kind:
 * @self: a store of values
 * @node: a value
 *
 * Returns: what it is in the pickle
 */
CkptKind
ckpt_nodes_get_kind (const CkptNodes *self, CkptNodeId node)
{
  return ckpt_node_at (self, node)->kind;
}

/**
 * ckpt_nodes_get_flags:
 * @self: a store of values
 * @node: a value
 *
 * Returns: what is noted with it
 */
CkptNodeFlags
ckpt_nodes_get_flags (const CkptNodes *self, CkptNodeId node)
{
  return ckpt_node_at (self, node)->flags;
}

/**
 * ckpt_nodes_get_opcode:
 * @self: a store of values
 * @node: a value
 *
 * Returns: the opcode that made it; 0 for what the file implies only
 */
guint8
ckpt_nodes_get_opcode (const CkptNodes *self, CkptNodeId node)
{
  return ckpt_node_at (self, node)->opcode;
}

/**
 * ckpt_nodes_get_int:
 * @self: a store of values
 * @node: an int of at most 64 bits, or a bool
 *
 * Returns: its value
 */
gint64
ckpt_nodes_get_int (const CkptNodes *self, CkptNodeId node)
{
  const CkptNode *at = ckpt_node_at (self, node);

  g_return_val_if_fail (at->kind == CKPT_KIND_INT || at->kind == CKPT_KIND_BOOL, 0);
  g_return_val_if_fail ((at->flags & (CKPT_NODE_BIG_INT | CKPT_NODE_DECIMAL)) == 0, 0);

  return at->integer;
}

/**
 * ckpt_nodes_get_float:
 * @self: a store of values
 * @node: a float
 *
 * Returns: its value
 */
double
ckpt_nodes_get_float (const CkptNodes *self, CkptNodeId node)
{
  const CkptNode *at = ckpt_node_at (self, node);

  g_return_val_if_fail (at->kind == CKPT_KIND_FLOAT, 0);

  return at->real;
}

static inline gboolean
has_text (const CkptNode *node)
{
  switch (node->kind)
    {
    case CKPT_KIND_STRING:
    case CKPT_KIND_BYTES:
    case CKPT_KIND_BYTEARRAY:
    case CKPT_KIND_GLOBAL:
      return TRUE;
    case CKPT_KIND_INT:
      return (node->flags & (CKPT_NODE_BIG_INT | CKPT_NODE_DECIMAL)) != 0;
    default:
      return FALSE;
    }
}

/**
 * ckpt_nodes_get_text:
 * @self: a store of values
 * @node: a value with a text
 * @length: (out) (optional): bytes that are in memory, without the NUL after them
 *
 * Gives the text of a value, or of a long one (%CKPT_NODE_LONG) its first bytes.
 *
 * Returns: (transfer none): the text
 */
const char *
ckpt_nodes_get_text (const CkptNodes *self, CkptNodeId node, gsize *length)
{
  const CkptNode *at = ckpt_node_at (self, node);

  g_return_val_if_fail (has_text (at), NULL);

  if (length != NULL)
    *length = at->count;
  return ckpt_nodes_text_at (self, at->text);
}

static CkptLongText
get_head (const CkptNodes *self, const CkptNode *node)
{
  CkptLongText head;

  memcpy (&head, ckpt_nodes_text_at (self, node->text) - sizeof head, sizeof head);
  return head;
}

/**
 * ckpt_nodes_get_length:
 * @self: a store of values
 * @node: a value with a text or with children
 *
 * Returns: bytes of the whole text, or how many children there are
 */
guint64
ckpt_nodes_get_length (const CkptNodes *self, CkptNodeId node)
{
  const CkptNode *at = ckpt_node_at (self, node);

  g_return_val_if_fail (has_text (at) || ckpt_node_has_children (at), 0);

  return (at->flags & CKPT_NODE_LONG) != 0 ? get_head (self, at).length : at->count;
}

/**
 * ckpt_nodes_get_long_place:
 * @self: a store of values
 * @node: a value
 * @record: (out): the record that its text stands in
 * @position: (out): byte of the record where it begins
 *
 * Returns: whether @node has a long text, of which only the first bytes are in memory
 */
gboolean
ckpt_nodes_get_long_place (const CkptNodes *self, CkptNodeId node, guint32 *record, guint64 *position)
{
  const CkptNode *at = ckpt_node_at (self, node);

  if ((at->flags & CKPT_NODE_LONG) == 0)
    return FALSE;
  *record = get_head (self, at).record;
  *position = at->position;
  return TRUE;
}

/**
 * ckpt_nodes_get_children:
 * @self: a store of values
 * @node: a value
 * @n_children: (out): how many it holds; 0 for what is no container
 *
 * Returns: (transfer none) (array length=n_children): what it holds, until a value is added or put into a container
 */
const CkptNodeId *
ckpt_nodes_get_children (const CkptNodes *self, CkptNodeId node, guint32 *n_children)
{
  const CkptNode *at = ckpt_node_at (self, node);

  if (!ckpt_node_has_children (at) || at->count == 0)
    {
      *n_children = 0;
      return NULL;
    }
  *n_children = at->count;
  g_return_val_if_fail ((at->flags & CKPT_NODE_CHUNKED) == 0, NULL);

  return ckpt_nodes_children_at (self, at->children.first);
}

/**
 * ckpt_nodes_get_child:
 * @self: a store of values
 * @node: a container
 * @index: which child, below ckpt_nodes_get_length()
 *
 * Returns: that child
 */
CkptNodeId
ckpt_nodes_get_child (const CkptNodes *self, CkptNodeId node, guint32 index)
{
  const CkptNode *at = ckpt_node_at (self, node);

  g_return_val_if_fail (ckpt_node_has_children (at) && index < at->count, CKPT_NO_NODE);

  if ((at->flags & CKPT_NODE_CHUNKED) != 0)
    return ckpt_nodes_get_chunked (self, at, index);
  return ckpt_nodes_children_at (self, at->children.first)[index];
}

/**
 * ckpt_nodes_get_content:
 * @self: a store of values
 * @node: a value
 *
 * Returns: the value whose content it has: itself, unless an edit changed it
 */
CkptNodeId
ckpt_nodes_get_content (const CkptNodes *self, CkptNodeId node)
{
  return self->overlay != NULL ? ckpt_overlay_get (self->overlay, node) : node;
}

/**
 * ckpt_nodes_get_slot:
 * @self: a store of values
 * @object: an object
 * @slot: which of its parts
 *
 * Returns: that part, or %CKPT_NO_NODE
 */
CkptNodeId
ckpt_nodes_get_slot (const CkptNodes *self, CkptNodeId object, CkptSlot slot)
{
  const CkptNode *at = ckpt_node_at (self, object);

  g_return_val_if_fail (at->kind == CKPT_KIND_OBJECT && slot < CKPT_N_SLOTS, CKPT_NO_NODE);

  return ckpt_nodes_children_at (self, at->children.first)[slot];
}

/**
 * ckpt_nodes_get_position:
 * @self: a store of values
 * @node: an object or container
 *
 * Returns: byte of the pickle where the opcode that made it stands; 0 for other values
 */
guint64
ckpt_nodes_get_position (const CkptNodes *self, CkptNodeId node)
{
  const CkptNode *at = ckpt_node_at (self, node);

  return ckpt_node_has_children (at) ? at->position : 0;
}

/**
 * ckpt_nodes_get_tag:
 * @self: a store of values
 * @node: a value
 *
 * Returns: the number that is kept with it, 0 if there is none
 */
guint32
ckpt_nodes_get_tag (const CkptNodes *self, CkptNodeId node)
{
  const CkptNode *at = ckpt_node_at (self, node);

  return ckpt_node_has_tag (at) ? at->children.room_or_tag : 0;
}

/**
 * ckpt_nodes_is_global:
 * @self: a store of values
 * @node: a value, or %CKPT_NO_NODE
 * @module: a module
 * @name: what it holds
 *
 * Returns: whether @node names that class or function, as the file spells it
 */
gboolean
ckpt_nodes_is_global (const CkptNodes *self, CkptNodeId node, const char *module, const char *name)
{
  gsize module_length = strlen (module);
  gsize name_length = strlen (name);
  const CkptNode *at;
  const char *text;

  if (node == CKPT_NO_NODE)
    return FALSE;
  at = ckpt_node_at (self, node);
  if (at->kind != CKPT_KIND_GLOBAL || at->count != module_length + 1 + name_length)
    return FALSE;
  text = ckpt_nodes_text_at (self, at->text);
  return memcmp (text, module, module_length) == 0 && text[module_length] == '\n' &&
         memcmp (text + module_length + 1, name, name_length) == 0;
}
