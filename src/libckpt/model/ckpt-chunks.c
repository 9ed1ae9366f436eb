/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-chunks.h"

#include "io/ckpt-alloc.h"

#include <string.h>

/* Few enough that a change of one item in a fork copies little. */
#define ITEMS_PER_CHUNK 256u

/**
 * Chunk:
 * @ref_count: arrays that have it
 * @items: the items
 */
typedef struct
{
  gatomicrefcount ref_count;
  _Alignas (8) guint8 items[];
} Chunk;

struct _CkptChunks
{
  CkptNodes *budget;
  gsize item_size;
  GPtrArray *chunks; /* of Chunk */
  guint n;
};

static void
chunk_unref (gpointer data)
{
  Chunk *chunk = data;

  if (g_atomic_ref_count_dec (&chunk->ref_count))
    g_free (chunk);
}

/* A chunk with @from in it, or with zeros. */
static Chunk *
chunk_new (CkptChunks *self, const Chunk *from, GError **error)
{
  gsize n_bytes = ITEMS_PER_CHUNK * self->item_size;
  Chunk *chunk;

  if (!ckpt_nodes_charge (self->budget, n_bytes, error))
    return NULL;
  chunk = ckpt_try_malloc (sizeof (Chunk) + n_bytes, error);
  if (chunk == NULL)
    return NULL;

  g_atomic_ref_count_init (&chunk->ref_count);
  if (from != NULL)
    memcpy (chunk->items, from->items, n_bytes);
  else
    memset (chunk->items, 0, n_bytes);
  return chunk;
}

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
  self->chunks = g_ptr_array_new_with_free_func (chunk_unref);
  return self;
}

/**
 * ckpt_chunks_fork:
 * @self: an array that does not change any more
 * @budget: (transfer none): as in ckpt_chunks_new()
 *
 * Returns: (transfer full): an array with the same items, to be changed without changing @self; what is not changed is shared
 */
CkptChunks *
ckpt_chunks_fork (CkptChunks *self, CkptNodes *budget)
{
  CkptChunks *fork = ckpt_chunks_new (budget, self->item_size);

  for (guint i = 0; i < self->chunks->len; i++)
    {
      Chunk *chunk = self->chunks->pdata[i];

      g_atomic_ref_count_inc (&chunk->ref_count);
      g_ptr_array_add (fork->chunks, chunk);
    }
  fork->n = self->n;
  return fork;
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
  Chunk *chunk;

  g_return_val_if_fail (index < self->n, NULL);

  chunk = self->chunks->pdata[index / ITEMS_PER_CHUNK];
  return chunk->items + index % ITEMS_PER_CHUNK * self->item_size;
}

/**
 * ckpt_chunks_edit:
 * @self: an array
 * @index: which item
 * @error: return location
 *
 * Returns: (transfer none): the item, to be changed: where a fork shares it, one of its own; %NULL with %CKPT_ERROR_LIMIT
 */
gpointer
ckpt_chunks_edit (CkptChunks *self, guint index, GError **error)
{
  gpointer *slot = &self->chunks->pdata[index / ITEMS_PER_CHUNK];
  Chunk *chunk = *slot;

  g_return_val_if_fail (index < self->n, NULL);

  if (!g_atomic_ref_count_compare (&chunk->ref_count, 1))
    {
      Chunk *copy = chunk_new (self, chunk, error);

      if (copy == NULL)
        return NULL;
      chunk_unref (chunk);
      *slot = copy;
    }
  return ckpt_chunks_get (self, index);
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
  gpointer item;

  if (self->n == self->chunks->len * ITEMS_PER_CHUNK)
    {
      Chunk *chunk = chunk_new (self, NULL, error);

      if (chunk == NULL)
        return NULL;
      g_ptr_array_add (self->chunks, chunk);
    }

  self->n++;
  item = ckpt_chunks_edit (self, self->n - 1, error);
  if (item == NULL)
    self->n--;
  else
    memset (item, 0, self->item_size); /* another fork may have used it */
  return item;
}
