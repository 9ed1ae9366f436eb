/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-nodes.h"

G_BEGIN_DECLS

/* How CkptNodes keeps values, for its own files. */

#define NODES_PER_CHUNK (1u << 14)

typedef struct
{
  guint8 kind;
  guint8 flags;
  guint8 opcode;
  guint8 unused;
  guint32 count; /* bytes of text in the pool, or children */
  union
  {
    gint64 integer;
    double real;
    guint64 text; /* chunk << 32 | byte */
    struct
    {
      guint32 first;       /* index of the first child */
      guint32 room_or_tag; /* children that fit in the range; the tag of an object or persistent id, whose number is fixed */
    } children;
  };
  guint64 position; /* of a long text: where it stands in its record */
} CkptNode;

G_STATIC_ASSERT (sizeof (CkptNode) == 24);

/* Stands in the pool right before the prefix of a long text. */
typedef struct
{
  guint64 length;
  guint32 record;
  guint32 unused;
} CkptLongText;

struct _CkptNodes
{
  CkptNode **chunks;
  guint32 n;
  guint32 n_chunks;

  CkptNodeId *children;
  guint32 n_children;
  guint32 n_children_allocated;

  char **texts;
  guint32 n_texts;
  guint32 n_texts_allocated;
  guint32 open_text; /* the chunk that still has room, if n_texts > 0 */
  gsize open_used;
  gsize open_size;

  guint64 memory;

  /* Values that are everywhere and look the same: one node each. */
  CkptNodeId none;
  CkptNodeId bools[2];
  CkptNodeId empty_tuple;
  CkptNodeId small_ints[256];
};

static inline CkptNode *
ckpt_node_at (const CkptNodes *self,
              CkptNodeId       id)
{
  g_assert (id < self->n);
  return &self->chunks[id / NODES_PER_CHUNK][id % NODES_PER_CHUNK];
}

static inline gboolean
ckpt_node_has_children (const CkptNode *node)
{
  switch (node->kind)
    {
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_DICT:
    case CKPT_KIND_SET:
    case CKPT_KIND_FROZENSET:
    case CKPT_KIND_OBJECT:
    case CKPT_KIND_PERSISTENT_ID:
      return TRUE;
    default:
      return FALSE;
    }
}

static inline gboolean
ckpt_node_has_tag (const CkptNode *node)
{
  return node->kind == CKPT_KIND_OBJECT || node->kind == CKPT_KIND_PERSISTENT_ID;
}

static inline char *
ckpt_nodes_text_at (const CkptNodes *self,
                    guint64          place)
{
  return self->texts[place >> 32] + (place & G_MAXUINT32);
}

/* Grows *@memory from @old_bytes to @new_bytes within the budget. */
gboolean ckpt_nodes_grow             (CkptNodes *self,
                                      gpointer  *memory,
                                      guint64    old_bytes,
                                      guint64    new_bytes,
                                      GError   **error);
/* Makes room for one more node. */
gboolean ckpt_nodes_add_chunk        (CkptNodes *self,
                                      GError   **error);
/* Takes @size bytes of the text pool. */
gboolean ckpt_nodes_take_text        (CkptNodes *self,
                                      gsize      size,
                                      guint64   *place,
                                      GError   **error);
/* Makes room for @n_more children at the end of the array. */
gboolean ckpt_nodes_reserve_children (CkptNodes *self,
                                      guint32    n_more,
                                      GError   **error);
/* Gives the range of @node room for @n_wanted children: in place if it is the last one, else by moving it to the end. */
gboolean ckpt_nodes_widen            (CkptNodes *self,
                                      CkptNode  *node,
                                      guint32    n_wanted,
                                      GError   **error);

G_END_DECLS
