/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-arena.h"

#include "io/ckpt-alloc.h"

#define PIECE_SIZE ((guint64) 256 << 10)
#define ALIGNMENT  ((guint64) 8)

struct _CkptArena
{
  CkptNodes *budget;
  GPtrArray *pieces;
  guint8 *at; /* what is free of the last piece */
  guint64 n_left;
};

/**
 * ckpt_arena_new:
 * @budget: (transfer none): the nodes whose budget the memory counts in; must outlive the arena
 *
 * Returns: (transfer full): an arena
 */
CkptArena *
ckpt_arena_new (CkptNodes *budget)
{
  CkptArena *self = g_new0 (CkptArena, 1);

  self->budget = budget;
  self->pieces = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * ckpt_arena_free:
 * @self: (transfer full): an arena
 */
void
ckpt_arena_free (CkptArena *self)
{
  g_ptr_array_unref (self->pieces);
  g_free (self);
}

static guint8 *
add_piece (CkptArena *self, guint64 n_bytes, GError **error)
{
  guint8 *piece;

  if (!ckpt_nodes_charge (self->budget, n_bytes, error))
    return NULL;

  piece = ckpt_try_malloc (n_bytes, error);
  if (piece != NULL)
    g_ptr_array_add (self->pieces, piece);
  return piece;
}

/**
 * ckpt_arena_alloc:
 * @self: an arena
 * @n_bytes: bytes wanted
 * @error: return location
 *
 * Returns: (transfer none): memory for any type of at most 8 bytes, not cleared; %NULL with %CKPT_ERROR_LIMIT
 */
gpointer
ckpt_arena_alloc (CkptArena *self, guint64 n_bytes, GError **error)
{
  guint64 n_rounded;
  gpointer memory;

  if (__builtin_add_overflow (n_bytes, ALIGNMENT - 1, &n_rounded))
    n_rounded = G_MAXUINT64;
  n_rounded &= ~(ALIGNMENT - 1);

  if (n_rounded > PIECE_SIZE / 4)
    return add_piece (self, n_rounded, error);

  if (n_rounded > self->n_left)
    {
      guint8 *piece = add_piece (self, PIECE_SIZE, error);

      if (piece == NULL)
        return NULL;
      self->at = piece;
      self->n_left = PIECE_SIZE;
    }

  memory = self->at;
  self->at += n_rounded;
  self->n_left -= n_rounded;
  return memory;
}
