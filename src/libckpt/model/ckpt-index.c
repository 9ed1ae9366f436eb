/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-index.h"

#include "io/ckpt-alloc.h"

#include <string.h>

#define FIRST_SIZE 64u

typedef struct
{
  guint32 hash;
  guint32 number_plus_1; /* 0: free */
} Slot;

struct _CkptIndex
{
  Slot *slots;
  guint32 size; /* a power of two */
  guint32 n;
};

/**
 * ckpt_index_new:
 *
 * Returns: (transfer full): an empty index
 */
CkptIndex *
ckpt_index_new (void)
{
  return g_new0 (CkptIndex, 1);
}

/**
 * ckpt_index_free:
 * @self: (transfer full): an index
 */
void
ckpt_index_free (CkptIndex *self)
{
  g_free (self->slots);
  g_free (self);
}

/**
 * ckpt_index_find:
 * @self: an index
 * @hash: hash of what is looked for
 * @is_equal: (scope call): tells whether a number stands for it
 * @key: handed to @is_equal
 * @number: (out): the number
 *
 * Returns: whether there is one
 */
gboolean
ckpt_index_find (const CkptIndex *self,
                 guint32 hash,
                 CkptIndexFunc is_equal,
                 gconstpointer key,
                 gpointer user_data,
                 guint32 *number)
{
  if (self->n == 0)
    return FALSE;

  for (guint32 i = hash & (self->size - 1); self->slots[i].number_plus_1 != 0; i = (i + 1) & (self->size - 1))
    if (self->slots[i].hash == hash && is_equal (self->slots[i].number_plus_1 - 1, key, user_data))
      {
        *number = self->slots[i].number_plus_1 - 1;
        return TRUE;
      }
  return FALSE;
}

static void
insert (CkptIndex *self, Slot slot)
{
  guint32 i = slot.hash & (self->size - 1);

  while (self->slots[i].number_plus_1 != 0)
    i = (i + 1) & (self->size - 1);
  self->slots[i] = slot;
}

static gboolean
grow (CkptIndex *self, GError **error)
{
  g_autofree Slot *old = self->slots;
  guint32 old_size = self->size;
  guint32 new_size = old_size == 0 ? FIRST_SIZE : old_size * 2;
  Slot *slots = ckpt_try_malloc ((guint64) new_size * sizeof (Slot), error);

  if (slots == NULL)
    {
      old = NULL;
      return FALSE;
    }

  memset (slots, 0, new_size * sizeof (Slot));
  self->slots = slots;
  self->size = new_size;
  for (guint32 i = 0; i < old_size; i++)
    if (old[i].number_plus_1 != 0)
      insert (self, old[i]);
  return TRUE;
}

/**
 * ckpt_index_add:
 * @self: an index
 * @hash: hash of what @number stands for
 * @number: a number that is not in the index, below 2^32 - 1; there are at most 2^30
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_index_add (CkptIndex *self, guint32 hash, guint32 number, GError **error)
{
  if (self->n >= self->size / 4 * 3 && !grow (self, error))
    return FALSE;

  insert (self, (Slot) { hash, number + 1 });
  self->n++;
  return TRUE;
}
