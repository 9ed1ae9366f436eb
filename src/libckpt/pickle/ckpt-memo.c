/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-memo.h"

#include <string.h>

#include "io/ckpt-alloc.h"
#include "io/ckpt-hash.h"

#define FIRST_DENSE 256u
#define FIRST_WILD  16u

typedef struct
{
  guint32 index;
  CkptNodeId node; /* CKPT_NO_NODE where the place is free */
} Entry;

struct _CkptMemo
{
  CkptNodes *nodes; /* what the memory is charged to */
  CkptNodeId *dense;
  guint32 n_dense; /* allocated */
  guint32 n_used;  /* indices, dense and wild */
  /* Where the array does not reach: a hash table, at most half full, of a power of two of places. */
  Entry *wild;
  guint32 n_wild;
  guint32 n_wild_used;
};

/**
 * ckpt_memo_new:
 * @nodes: the values, whose budget pays for the memo; must outlive it
 *
 * Returns: (transfer full): an empty memo
 */
CkptMemo *
ckpt_memo_new (CkptNodes *nodes)
{
  CkptMemo *self = g_new0 (CkptMemo, 1);

  self->nodes = nodes;
  return self;
}

/**
 * ckpt_memo_free:
 * @self: (transfer full): a memo
 */
void
ckpt_memo_free (CkptMemo *self)
{
  ckpt_nodes_uncharge (self->nodes, self->n_dense * sizeof (CkptNodeId) + self->n_wild * sizeof (Entry));
  g_free (self->wild);
  g_free (self->dense);
  g_free (self);
}

static gboolean
reaches (CkptMemo *self, guint32 index)
{
  return index < self->n_dense;
}

/* Makes the array reach @index, if the indices so far are dense enough for that. */
static gboolean
grow (CkptMemo *self, guint32 index, GError **error)
{
  guint64 n_wanted = MAX ((guint64) self->n_dense * 2, FIRST_DENSE);
  CkptNodeId *dense;

  if (index >= n_wanted || self->n_used < self->n_dense / 2)
    return TRUE;
  if (!ckpt_nodes_charge (self->nodes, (n_wanted - self->n_dense) * sizeof (CkptNodeId), error))
    return FALSE;
  dense = ckpt_try_realloc (self->dense, n_wanted * sizeof (CkptNodeId), error);
  if (dense == NULL)
    {
      ckpt_nodes_uncharge (self->nodes, (n_wanted - self->n_dense) * sizeof (CkptNodeId));
      return FALSE;
    }
  memset (dense + self->n_dense, 0xff, (n_wanted - self->n_dense) * sizeof (CkptNodeId));
  self->dense = dense;
  self->n_dense = n_wanted;
  return TRUE;
}

/* The place of @index in a table, or the free one where it would go. The hash is keyed, so that no file can make them clash. */
static Entry *
find_wild (Entry *wild, guint32 n_wild, guint32 index)
{
  guint32 i = ckpt_hash_bytes (&index, sizeof index) % n_wild;

  while (wild[i].node != CKPT_NO_NODE && wild[i].index != index)
    i = (i + 1) % n_wild;
  return &wild[i];
}

static gboolean
grow_wild (CkptMemo *self, GError **error)
{
  guint32 n_wanted = MAX (self->n_wild * 2, FIRST_WILD);
  Entry *wild;

  if (!ckpt_nodes_charge (self->nodes, n_wanted * sizeof (Entry), error))
    return FALSE;
  wild = ckpt_try_malloc (n_wanted * sizeof (Entry), error);
  if (wild == NULL)
    {
      ckpt_nodes_uncharge (self->nodes, n_wanted * sizeof (Entry));
      return FALSE;
    }
  memset (wild, 0xff, n_wanted * sizeof (Entry));
  for (guint32 i = 0; i < self->n_wild; i++)
    if (self->wild[i].node != CKPT_NO_NODE)
      *find_wild (wild, n_wanted, self->wild[i].index) = self->wild[i];
  g_free (self->wild);
  ckpt_nodes_uncharge (self->nodes, self->n_wild * sizeof (Entry));
  self->wild = wild;
  self->n_wild = n_wanted;
  return TRUE;
}

static gboolean
put_wild (CkptMemo *self, guint32 index, CkptNodeId node, GError **error)
{
  Entry *entry;

  if (self->n_wild_used >= self->n_wild / 2 && !grow_wild (self, error))
    return FALSE;
  entry = find_wild (self->wild, self->n_wild, index);
  if (entry->node == CKPT_NO_NODE)
    {
      self->n_wild_used++;
      self->n_used++;
    }
  *entry = (Entry) { .index = index, .node = node };
  return TRUE;
}

static CkptNodeId
get_wild (CkptMemo *self, guint32 index)
{
  return self->n_wild > 0 ? find_wild (self->wild, self->n_wild, index)->node : CKPT_NO_NODE;
}

/**
 * ckpt_memo_put:
 * @self: a memo
 * @index: where to store
 * @node: a value
 * @error: return location
 *
 * Stores a value, in place of what was stored there.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT when the budget is used up
 */
gboolean
ckpt_memo_put (CkptMemo *self, guint32 index, CkptNodeId node, GError **error)
{
  if (!reaches (self, index) && !grow (self, index, error))
    return FALSE;
  if (!reaches (self, index))
    return put_wild (self, index, node, error);
  if (self->dense[index] == CKPT_NO_NODE && get_wild (self, index) == CKPT_NO_NODE)
    self->n_used++;
  self->dense[index] = node;
  return TRUE;
}

/**
 * ckpt_memo_get:
 * @self: a memo
 * @index: where to look
 *
 * Returns: the value that was stored there last, or %CKPT_NO_NODE
 */
CkptNodeId
ckpt_memo_get (CkptMemo *self, guint32 index)
{
  /* An index may have been wild before the array grew to it. */
  if (reaches (self, index) && self->dense[index] != CKPT_NO_NODE)
    return self->dense[index];
  return get_wild (self, index);
}

/**
 * ckpt_memo_get_n:
 * @self: a memo
 *
 * Returns: how many indices are in use: where MEMOIZE stores next
 */
guint32
ckpt_memo_get_n (CkptMemo *self)
{
  return self->n_used;
}
