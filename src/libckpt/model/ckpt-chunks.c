/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-chunks.h"

#include "io/ckpt-alloc.h"

#include <string.h>

#define ITEMS_PER_CHUNK 1024u

struct _CkptChunks
{
  CkptNodes *budget;
  gsize item_size;
  GPtrArray *chunks;
  guint n;
};

/**
 * ckpt_chunks_new:
 * @budget: (transfer none): the nodes whose budget the memory counts in; must outlive the array
 * @item_size: bytes of an item
 *
 * Returns: (transfer full): an empty array
 */
CkptChunks *
ckpt_chunks_new (CkptNodes *budget, gsize item_size)
{
  CkptChunks *self = g_new0 (CkptChunks, 1);

  self->budget = budget;
  self->item_size = item_size;
  self->chunks = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * ckpt_chunks_free:
 * @self: (transfer full): an array
 */
void
ckpt_chunks_free (CkptChunks *self)
{
  g_ptr_array_unref (self->chunks);
  g_free (self);
}

/**
 * ckpt_chunks_get_n:
 * @self: an array
 *
 * Returns: items in it
 */
guint
ckpt_chunks_get_n (CkptChunks *self)
{
  return self->n;
}

/**
 * ckpt_chunks_get:
 * @self: an array
 * @index: which item
 *
 * Returns: (transfer none): the item, which stays where it is
 */
gpointer
ckpt_chunks_get (CkptChunks *self, guint index)
{
  guint8 *chunk;

  g_return_val_if_fail (index < self->n, NULL);

  chunk = self->chunks->pdata[index / ITEMS_PER_CHUNK];
  return chunk + index % ITEMS_PER_CHUNK * self->item_size;
}

/**
 * ckpt_chunks_add:
 * @self: an array
 * @error: return location
 *
 * Returns: (transfer none): a new item at the end, all zeros; %NULL with %CKPT_ERROR_LIMIT
 */
gpointer
ckpt_chunks_add (CkptChunks *self, GError **error)
{
  if (self->n == self->chunks->len * ITEMS_PER_CHUNK)
    {
      gsize n_bytes = ITEMS_PER_CHUNK * self->item_size;
      gpointer chunk;

      if (!ckpt_nodes_charge (self->budget, n_bytes, error))
        return NULL;
      chunk = ckpt_try_malloc (n_bytes, error);
      if (chunk == NULL)
        return NULL;
      memset (chunk, 0, n_bytes);
      g_ptr_array_add (self->chunks, chunk);
    }

  self->n++;
  return ckpt_chunks_get (self, self->n - 1);
}
