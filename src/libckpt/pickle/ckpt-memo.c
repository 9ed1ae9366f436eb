/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-memo.h"

#include <string.h>

#include "io/ckpt-alloc.h"
#include "io/ckpt-hash.h"

#define FIRST_DENSE 256u
/* What an entry of a GHashTable may cost while the table grows. */
#define WILD_BYTES 48u

struct _CkptMemo
{
  CkptNodes *nodes; /* what the memory is charged to */
  CkptNodeId *dense;
  guint32 n_dense; /* allocated */
  guint32 n_used;
  GHashTable *wild; /* index -> node, where the array does not reach */
};

static guint
index_hash (gconstpointer index)
{
  return ckpt_hash_bytes (&index, sizeof index);
}

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
  guint n_wild = self->wild != NULL ? g_hash_table_size (self->wild) : 0;

  ckpt_nodes_uncharge (self->nodes, self->n_dense * sizeof (CkptNodeId) + (guint64) n_wild * WILD_BYTES);
  g_clear_pointer (&self->wild, g_hash_table_unref);
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

static gboolean
put_wild (CkptMemo *self, guint32 index, CkptNodeId node, GError **error)
{
  if (self->wild == NULL)
    self->wild = g_hash_table_new (index_hash, NULL);
  if (!g_hash_table_contains (self->wild, GUINT_TO_POINTER (index)))
    {
      if (!ckpt_nodes_charge (self->nodes, WILD_BYTES, error))
        return FALSE;
      self->n_used++;
    }
  g_hash_table_insert (self->wild, GUINT_TO_POINTER (index), GUINT_TO_POINTER (node));
  return TRUE;
}

static CkptNodeId
get_wild (CkptMemo *self, guint32 index)
{
  gpointer node;

  if (self->wild == NULL || !g_hash_table_lookup_extended (self->wild, GUINT_TO_POINTER (index), NULL, &node))
    return CKPT_NO_NODE;
  return GPOINTER_TO_UINT (node);
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
