/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-nodes-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "io/ckpt-limits.h"
#include "pickle/ckpt-opcodes.h"

/**
 * ckpt_nodes_new:
 *
 * Returns: (transfer full): a store without any value
 */
CkptNodes *
ckpt_nodes_new (void)
{
  CkptNodes *self = g_new0 (CkptNodes, 1);

  self->store = self;
  self->n_base_children = G_MAXUINT32;
  self->none = self->bools[0] = self->bools[1] = self->empty_tuple = CKPT_NO_NODE;
  for (guint i = 0; i < G_N_ELEMENTS (self->small_ints); i++)
    self->small_ints[i] = CKPT_NO_NODE;
  return self;
}

/**
 * ckpt_nodes_free:
 * @self: (transfer full): a store of values, or a version; a store must outlive its versions
 */
void
ckpt_nodes_free (CkptNodes *self)
{
  if (ckpt_nodes_is_version (self))
    {
      ckpt_overlay_free (self->overlay);
      ckpt_nodes_release_store (self->store);
    }
  else
    {
      ckpt_nodes_free_memory (self);
    }
  g_free (self);
}

CkptNodeId
ckpt_nodes_add_node (CkptNodes *self, const CkptNode *node, GError **error)
{
  CkptNodes *store = self->store;

  if (store->n >= CKPT_LIMIT_NODES)
    {
      ckpt_error_set (error, CKPT_ERROR_LIMIT, "too-many-values",
                      _ ("This file holds more than %u values, the most that are read."), CKPT_LIMIT_NODES);
      return CKPT_NO_NODE;
    }
  if (store->n == store->n_chunks * NODES_PER_CHUNK && !ckpt_nodes_add_chunk (store, error))
    return CKPT_NO_NODE;
  store->chunks[store->n / NODES_PER_CHUNK][store->n % NODES_PER_CHUNK] = *node;
  return store->n++;
}

/* Gives the node in *@slot, which is made from @node when it is first wanted. */
static CkptNodeId
add_shared (CkptNodes *self, CkptNodeId *slot, const CkptNode *node, GError **error)
{
  if (*slot == CKPT_NO_NODE)
    *slot = ckpt_nodes_add_node (self, node, error);
  return *slot;
}

/**
 * ckpt_nodes_add_none:
 * @self: a store of values
 * @error: return location
 *
 * Returns: the node of None, the same each time; %CKPT_NO_NODE with %CKPT_ERROR_LIMIT when the budget is used up
 */
CkptNodeId
ckpt_nodes_add_none (CkptNodes *self, GError **error)
{
  const CkptNode node = { .kind = CKPT_KIND_NONE, .opcode = CKPT_OP_NONE };

  return add_shared (self, &self->store->none, &node, error);
}

/**
 * ckpt_nodes_add_bool:
 * @self: a store of values
 * @value: true or false
 * @error: return location
 *
 * Returns: the node of that value, the same each time; %CKPT_NO_NODE with %CKPT_ERROR_LIMIT when the budget is used up
 */
CkptNodeId
ckpt_nodes_add_bool (CkptNodes *self, gboolean value, GError **error)
{
  const CkptNode node = { .kind = CKPT_KIND_BOOL,
                          .opcode = value ? CKPT_OP_NEWTRUE : CKPT_OP_NEWFALSE,
                          .integer = value != FALSE };

  return add_shared (self, &self->store->bools[value != FALSE], &node, error);
}

/**
 * ckpt_nodes_add_int:
 * @self: a store of values
 * @value: an int
 * @opcode: how it was written
 * @error: return location
 *
 * Returns: its node, shared by those that BININT1 wrote; %CKPT_NO_NODE with %CKPT_ERROR_LIMIT when the budget is used up
 */
CkptNodeId
ckpt_nodes_add_int (CkptNodes *self, gint64 value, guint8 opcode, GError **error)
{
  const CkptNode node = { .kind = CKPT_KIND_INT, .opcode = opcode, .integer = value };

  if (opcode == CKPT_OP_BININT1 && value >= 0 && value < (gint64) G_N_ELEMENTS (self->small_ints))
    return add_shared (self, &self->store->small_ints[value], &node, error);
  return ckpt_nodes_add_node (self, &node, error);
}

/**
 * ckpt_nodes_add_float:
 * @self: a store of values
 * @value: a float
 * @opcode: how it was written
 * @error: return location
 *
 * Returns: its node; %CKPT_NO_NODE with %CKPT_ERROR_LIMIT when the budget is used up
 */
CkptNodeId
ckpt_nodes_add_float (CkptNodes *self, double value, guint8 opcode, GError **error)
{
  const CkptNode node = { .kind = CKPT_KIND_FLOAT, .opcode = opcode, .real = value };

  return ckpt_nodes_add_node (self, &node, error);
}

/**
 * ckpt_nodes_add_text:
 * @self: a store of values
 * @kind: a kind that has a text; %CKPT_KIND_INT for one beyond 64 bits
 * @flags: what the text is
 * @opcode: how it was written
 * @text: (array length=length): its bytes, which may hold NUL; not of this store
 * @length: bytes
 * @error: return location
 *
 * Returns: its node; %CKPT_NO_NODE with %CKPT_ERROR_LIMIT when the budget is used up
 */
CkptNodeId
ckpt_nodes_add_text (CkptNodes *self,
                     CkptKind kind,
                     CkptNodeFlags flags,
                     guint8 opcode,
                     const void *text,
                     gsize length,
                     GError **error)
{
  CkptNode node = { .kind = kind, .flags = flags, .opcode = opcode };

  if (length >= CKPT_LIMIT_NODE_MEMORY)
    {
      ckpt_nodes_charge (self, length, error);
      return CKPT_NO_NODE;
    }
  if (!ckpt_nodes_take_text (self, length + 1, &node.text, error))
    return CKPT_NO_NODE;
  node.count = length;
  if (length > 0)
    memcpy (ckpt_nodes_text_at (self, node.text), text, length);
  ckpt_nodes_text_at (self, node.text)[length] = '\0';
  return ckpt_nodes_add_node (self, &node, error);
}

/**
 * ckpt_nodes_add_long_text:
 * @self: a store of values
 * @kind: a kind that has a text
 * @flags: what the text is; %CKPT_NODE_LONG is added
 * @opcode: how it was written
 * @prefix: (array length=prefix_length): its first bytes
 * @prefix_length: how many of them are kept
 * @length: bytes of the whole text
 * @record: the record of the archive that it stands in
 * @position: byte of the record where it begins
 * @error: return location
 *
 * Returns: its node; %CKPT_NO_NODE with %CKPT_ERROR_LIMIT when the budget is used up
 */
CkptNodeId
ckpt_nodes_add_long_text (CkptNodes *self,
                          CkptKind kind,
                          CkptNodeFlags flags,
                          guint8 opcode,
                          const void *prefix,
                          gsize prefix_length,
                          guint64 length,
                          guint32 record,
                          guint64 position,
                          GError **error)
{
  const CkptLongText head = { .length = length, .record = record };
  CkptNode node = { .kind = kind, .flags = flags | CKPT_NODE_LONG, .opcode = opcode, .position = position };

  g_return_val_if_fail (prefix_length <= length && prefix_length <= CKPT_LIMIT_INLINE_TEXT, CKPT_NO_NODE);

  if (!ckpt_nodes_take_text (self, sizeof head + prefix_length + 1, &node.text, error))
    return CKPT_NO_NODE;
  memcpy (ckpt_nodes_text_at (self, node.text), &head, sizeof head);
  node.text += sizeof head;
  node.count = prefix_length;
  if (prefix_length > 0)
    memcpy (ckpt_nodes_text_at (self, node.text), prefix, prefix_length);
  ckpt_nodes_text_at (self, node.text)[prefix_length] = '\0';
  return ckpt_nodes_add_node (self, &node, error);
}

/**
 * ckpt_nodes_add_container:
 * @self: a store of values
 * @kind: a kind that has children
 * @opcode: how it was written, or 0 for what the file implies only
 * @position: byte of the pickle where that opcode stands
 * @children: (array length=n_children) (nullable): what it holds; not of this store
 * @n_children: how many
 * @error: return location
 *
 * Returns: its node; %CKPT_NO_NODE with %CKPT_ERROR_LIMIT when the budget is used up
 */
CkptNodeId
ckpt_nodes_add_container (CkptNodes *self,
                          CkptKind kind,
                          guint8 opcode,
                          guint64 position,
                          const CkptNodeId *children,
                          guint32 n_children,
                          GError **error)
{
  CkptNode node = { .kind = kind, .opcode = opcode, .position = position };

  g_return_val_if_fail (ckpt_node_has_children (&node), CKPT_NO_NODE);
  g_return_val_if_fail (kind != CKPT_KIND_OBJECT || n_children == CKPT_N_SLOTS, CKPT_NO_NODE);
  g_return_val_if_fail (kind != CKPT_KIND_PERSISTENT_ID || n_children == 1, CKPT_NO_NODE);

  if (opcode == CKPT_OP_EMPTY_TUPLE && n_children == 0)
    return add_shared (self, &self->store->empty_tuple, &node, error);
  if (n_children > 0)
    {
      if (!ckpt_nodes_take_children (self, n_children, &node.children.first, error))
        return CKPT_NO_NODE;
      memcpy (ckpt_nodes_children_at (self, node.children.first), children, n_children * sizeof (CkptNodeId));
      node.count = n_children;
      node.children.room_or_tag = ckpt_node_has_tag (&node) ? 0 : n_children;
    }
  return ckpt_nodes_add_node (self, &node, error);
}

/**
 * ckpt_nodes_append:
 * @self: a store of values
 * @container: a container, but no object or persistent id
 * @children: (array length=n_children): what to put in; not of this store
 * @n_children: how many
 * @error: return location
 *
 * Puts values at the end of a container. What ckpt_nodes_get_children() gave before is no longer valid.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT when the budget is used up
 */
gboolean
ckpt_nodes_append (CkptNodes *self,
                   CkptNodeId container,
                   const CkptNodeId *children,
                   guint32 n_children,
                   GError **error)
{
  CkptNode *node = ckpt_node_at (self, container);
  guint32 n_wanted;

  g_return_val_if_fail (ckpt_node_has_children (node) && !ckpt_node_has_tag (node) &&
                            container != self->store->empty_tuple,
                        FALSE);

  if (n_children == 0)
    return TRUE;
  if (__builtin_add_overflow (node->count, n_children, &n_wanted))
    return ckpt_nodes_charge (self, G_MAXUINT64, error);
  if (n_wanted > node->children.room_or_tag && !ckpt_nodes_widen (self, node, n_wanted, error))
    return FALSE;
  memcpy (ckpt_nodes_children_at (self, node->children.first) + node->count, children,
          n_children * sizeof (CkptNodeId));
  node->count = n_wanted;
  return TRUE;
}

/**
 * ckpt_nodes_set_child:
 * @self: a store of values
 * @container: a container
 * @index: which child
 * @child: the value to hold there
 */
void
ckpt_nodes_set_child (CkptNodes *self, CkptNodeId container, guint32 index, CkptNodeId child)
{
  const CkptNode *node = ckpt_node_at (self, container);

  g_return_if_fail (ckpt_node_has_children (node) && index < node->count);

  ckpt_nodes_children_at (self, node->children.first)[index] = child;
}

/**
 * ckpt_nodes_truncate:
 * @self: a store of values
 * @container: a container, but no object or persistent id
 * @n_children: how many children to leave
 */
void
ckpt_nodes_truncate (CkptNodes *self, CkptNodeId container, guint32 n_children)
{
  CkptNode *node = ckpt_node_at (self, container);

  g_return_if_fail (ckpt_node_has_children (node) && !ckpt_node_has_tag (node) && n_children <= node->count);

  node->count = n_children;
}

static gboolean
is_shared (const CkptNodes *self, CkptNodeId id)
{
  const CkptNode *node = ckpt_node_at (self, id);

  switch (node->kind)
    {
    case CKPT_KIND_NONE:
    case CKPT_KIND_BOOL:
      return TRUE;
    case CKPT_KIND_INT:
      return node->opcode == CKPT_OP_BININT1;
    case CKPT_KIND_TUPLE:
      return id == self->store->empty_tuple;
    default:
      return FALSE;
    }
}

/**
 * ckpt_nodes_set_flag:
 * @self: a store of values
 * @node: a value
 * @flag: what to note; nothing is noted with values that are shared, such as None
 */
void
ckpt_nodes_set_flag (CkptNodes *self, CkptNodeId node, CkptNodeFlags flag)
{
  if (!is_shared (self, node))
    ckpt_node_at (self, node)->flags |= flag;
}

/**
 * ckpt_nodes_clear_flag:
 * @self: a store of values
 * @node: a value
 * @flag: what is no longer so
 */
void
ckpt_nodes_clear_flag (CkptNodes *self, CkptNodeId node, CkptNodeFlags flag)
{
  if (!is_shared (self, node))
    ckpt_node_at (self, node)->flags &= ~flag;
}

/**
 * ckpt_nodes_set_tag:
 * @self: a store of values
 * @node: an object or persistent id
 * @tag: a number to keep with it
 */
void
ckpt_nodes_set_tag (CkptNodes *self, CkptNodeId node, guint32 tag)
{
  CkptNode *at = ckpt_node_at (self, node);

  g_return_if_fail (ckpt_node_has_tag (at));

  at->children.room_or_tag = tag;
}
