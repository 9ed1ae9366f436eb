/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-nodes-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "io/ckpt-alloc.h"
#include "io/ckpt-limits.h"

#define TEXT_CHUNK_BYTES ((guint64) 256 << 10)
/* A text over this has a chunk of its own, so that little of a common chunk stays unused. */
#define TEXT_OWN_CHUNK (TEXT_CHUNK_BYTES / 4)
#define FIRST_CHILDREN 1024u

/**
 * ckpt_nodes_charge:
 * @self: a store of values
 * @n_bytes: bytes of memory
 * @error: return location
 *
 * Counts memory that is kept beside the values, such as the decoder's memo and stack, as if it were theirs.
 *
 * Returns: whether that is within the budget; otherwise nothing is counted and %CKPT_ERROR_LIMIT is set
 */
gboolean
ckpt_nodes_charge (CkptNodes *self, guint64 n_bytes, GError **error)
{
  CkptNodes *store = self->store;

  if (n_bytes > CKPT_LIMIT_NODE_MEMORY - store->memory)
    return ckpt_error_set (error, CKPT_ERROR_LIMIT, "values-memory",
                           _ ("The values in this file need more than %" G_GUINT64_FORMAT " MiB of memory."),
                           CKPT_LIMIT_NODE_MEMORY >> 20);
  store->memory += n_bytes;
  return TRUE;
}

/**
 * ckpt_nodes_uncharge:
 * @self: a store of values
 * @n_bytes: bytes of memory that were charged
 *
 * Takes back what ckpt_nodes_charge() counted, when that memory is freed.
 */
void
ckpt_nodes_uncharge (CkptNodes *self, guint64 n_bytes)
{
  g_return_if_fail (n_bytes <= self->store->memory);

  self->store->memory -= n_bytes;
}

gboolean
ckpt_nodes_grow (CkptNodes *self, gpointer *memory, guint64 old_bytes, guint64 new_bytes, GError **error)
{
  gpointer grown;

  if (!ckpt_nodes_charge (self, new_bytes - old_bytes, error))
    return FALSE;
  grown = ckpt_try_realloc (*memory, new_bytes, error);
  if (grown == NULL)
    {
      ckpt_nodes_uncharge (self, new_bytes - old_bytes);
      return FALSE;
    }
  *memory = grown;
  return TRUE;
}

/* The table of a store of versions has room for all chunks that there can be: another thread may be reading it. */
gboolean
ckpt_nodes_add_chunk (CkptNodes *self, GError **error)
{
  gpointer table = self->chunks;
  gpointer chunk = NULL;

  if (self->n_base_children == G_MAXUINT32)
    {
      if (!ckpt_nodes_grow (self, &table, self->n_chunks * sizeof (CkptNode *),
                            (self->n_chunks + 1) * sizeof (CkptNode *), error))
        return FALSE;
      self->chunks = table;
    }
  if (!ckpt_nodes_grow (self, &chunk, 0, NODES_PER_CHUNK * sizeof (CkptNode), error))
    return FALSE;
  self->chunks[self->n_chunks++] = chunk;
  return TRUE;
}

/* Makes a chunk of the text pool; gives its number. */
static gboolean
add_text_chunk (CkptNodes *self, gsize size, guint32 *chunk, GError **error)
{
  gpointer table = self->texts;
  gpointer text = NULL;

  if (self->n_texts == self->n_texts_allocated && self->n_base_children != G_MAXUINT32)
    return ckpt_nodes_charge (self, G_MAXUINT64, error);

  if (self->n_texts == self->n_texts_allocated)
    {
      guint32 n_wanted = MAX (self->n_texts_allocated * 2, 8);

      if (!ckpt_nodes_grow (self, &table, self->n_texts_allocated * sizeof (char *),
                            n_wanted * sizeof (char *), error))
        return FALSE;
      self->texts = table;
      self->n_texts_allocated = n_wanted;
    }
  if (!ckpt_nodes_grow (self, &text, 0, size, error))
    return FALSE;
  *chunk = self->n_texts;
  self->texts[self->n_texts++] = text;
  return TRUE;
}

gboolean
ckpt_nodes_take_text (CkptNodes *self, gsize size, guint64 *place, GError **error)
{
  guint32 chunk;

  self = self->store;
  if (size > TEXT_OWN_CHUNK)
    {
      if (!add_text_chunk (self, size, &chunk, error))
        return FALSE;
      *place = (guint64) chunk << 32;
      return TRUE;
    }
  if (self->open_size - self->open_used < size)
    {
      if (!add_text_chunk (self, TEXT_CHUNK_BYTES, &chunk, error))
        return FALSE;
      self->open_text = chunk;
      self->open_used = 0;
      self->open_size = TEXT_CHUNK_BYTES;
    }
  *place = ((guint64) self->open_text << 32) | self->open_used;
  self->open_used += size;
  return TRUE;
}

gboolean
ckpt_nodes_reserve_children (CkptNodes *self, guint32 n_more, GError **error)
{
  guint64 n_needed = (guint64) self->n_children + n_more;
  guint64 n_old = self->n_children_allocated;
  guint64 n_wanted = MAX (n_old + n_old / 2, FIRST_CHILDREN);
  gpointer children = self->children;

  if (n_needed <= n_old)
    return TRUE;
  n_wanted = MAX (n_wanted, n_needed);
  if ((n_wanted - n_old) * sizeof (CkptNodeId) > CKPT_LIMIT_NODE_MEMORY - self->memory)
    n_wanted = n_needed;
  if (!ckpt_nodes_grow (self, &children, n_old * sizeof (CkptNodeId), n_wanted * sizeof (CkptNodeId), error))
    return FALSE;
  self->children = children;
  self->n_children_allocated = n_wanted;
  return TRUE;
}

gboolean
ckpt_nodes_take_children (CkptNodes *self, guint32 n, guint32 *first, GError **error)
{
  CkptNodes *store = self->store;

  if (store->n_base_children != G_MAXUINT32)
    return ckpt_nodes_take_page (store, n, first, error);

  if (!ckpt_nodes_reserve_children (store, n, error))
    return FALSE;

  *first = store->n_children;
  store->n_children += n;
  return TRUE;
}

gboolean
ckpt_nodes_widen (CkptNodes *self, CkptNode *node, guint32 n_wanted, GError **error)
{
  guint32 room = node->children.room_or_tag;
  guint32 n_room = MAX (n_wanted, room <= G_MAXUINT32 / 2 ? room * 2 : G_MAXUINT32);

  guint32 first;

  if (!ckpt_nodes_is_version (self) && room > 0 && node->children.first + room == self->n_children)
    {
      if (!ckpt_nodes_reserve_children (self, n_wanted - room, error))
        return FALSE;
      self->n_children += n_wanted - room;
      node->children.room_or_tag = n_wanted;
      return TRUE;
    }
  if (!ckpt_nodes_take_children (self, n_room, &first, error))
    return FALSE;
  if (node->count > 0)
    memcpy (ckpt_nodes_children_at (self, first), ckpt_nodes_children_at (self, node->children.first),
            node->count * sizeof (CkptNodeId));
  node->children.first = first;
  node->children.room_or_tag = n_room;
  return TRUE;
}
