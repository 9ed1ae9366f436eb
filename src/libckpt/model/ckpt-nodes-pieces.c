/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-nodes-private.h"

#include <string.h>

/* Long containers of versions: a table of pieces, each a list of at most NODES_PER_PIECE children. Versions share the pieces that are the same. */

/**
 * Piece:
 * @list: a list that holds its children
 * @end: children of the container up to the end of it
 */
typedef struct
{
  CkptNodeId list;
  guint32 end;
} Piece;

G_STATIC_ASSERT (sizeof (Piece) == 2 * sizeof (CkptNodeId));

#define WORDS_PER_PIECE 2u

static Piece *
get_pieces (const CkptNodes *self, const CkptNode *node)
{
  return (Piece *) (gpointer) ckpt_nodes_children_at (self, node->children.first);
}

static guint32
get_n_pieces (const CkptNode *node)
{
  return node->children.room_or_tag;
}

static guint32
get_begin (const Piece *pieces, guint32 i)
{
  return i > 0 ? pieces[i - 1].end : 0;
}

/* The piece that child @index is in; the last one for what comes after all. */
static guint32
find_piece (const Piece *pieces, guint32 n_pieces, guint32 index)
{
  guint32 low = 0;
  guint32 high = n_pieces - 1;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;

      if (index < pieces[middle].end)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

CkptNodeId
ckpt_nodes_get_chunked (const CkptNodes *self, const CkptNode *node, guint32 index)
{
  const Piece *pieces = get_pieces (self, node);
  guint32 i = find_piece (pieces, get_n_pieces (node), index);

  return ckpt_nodes_children_at (
      self, ckpt_node_at (self, pieces[i].list)->children.first)[index - get_begin (pieces, i)];
}

/* Room for pieces comes in powers of two, so that it need not be kept. */
static guint32
get_room (guint32 n_pieces)
{
  return n_pieces > 1 ? 1u << g_bit_storage (n_pieces - 1) : 1;
}

static gboolean
take_table (CkptNodes *self, guint32 n_pieces, guint32 *first, GError **error)
{
  return ckpt_nodes_take_children (self, WORDS_PER_PIECE * get_room (n_pieces), first, error);
}

gboolean
ckpt_nodes_copy_pieces (CkptNodes *self, CkptNode *node, GError **error)
{
  const Piece *pieces = get_pieces (self, node);

  if (!take_table (self, get_n_pieces (node), &node->children.first, error))
    return FALSE;

  memcpy (get_pieces (self, node), pieces, get_n_pieces (node) * sizeof (Piece));
  return TRUE;
}

/* Cuts a row into pieces that lie where the row lies. */
static gboolean
cut_row (CkptNodes *self, CkptNode *node, GError **error)
{
  guint32 n_pieces = MAX ((node->count + NODES_PER_PIECE - 1) / NODES_PER_PIECE, 1);
  guint32 first;
  Piece *pieces;

  if (!take_table (self, n_pieces, &first, error))
    return FALSE;

  pieces = (Piece *) (gpointer) ckpt_nodes_children_at (self, first);
  for (guint32 i = 0; i < n_pieces; i++)
    {
      guint32 begin = i * NODES_PER_PIECE;
      CkptNode list = { .kind = CKPT_KIND_LIST, .count = MIN (NODES_PER_PIECE, node->count - begin) };

      list.children.first = node->children.first +
                            begin; /* without room: a piece of a row is never changed where it is */
      pieces[i].end = begin + list.count;
      pieces[i].list = ckpt_nodes_add_node (self, &list, error);
      if (pieces[i].list == CKPT_NO_NODE)
        return FALSE;
    }

  node->children.first = first;
  node->children.room_or_tag = n_pieces;
  node->flags |= CKPT_NODE_CHUNKED;
  return TRUE;
}

/* The container as one that only this version has, in pieces. A row is not copied for it. */
static CkptNode *
own_container (CkptNodes *self, CkptNodeId container, GError **error)
{
  CkptNodeId content = ckpt_nodes_get_content (self, container);
  CkptNode node = *ckpt_node_at (self, content);
  CkptNodeId copy;

  if ((node.flags & CKPT_NODE_CHUNKED) != 0)
    return ckpt_nodes_own (self, container, error);

  if (!cut_row (self, &node, error))
    return NULL;
  if (content >= self->first_new)
    {
      *ckpt_node_at (self, content) = node;
      return ckpt_node_at (self, content);
    }

  copy = ckpt_nodes_add_node (self, &node, error);
  if (copy == CKPT_NO_NODE)
    return NULL;
  ckpt_nodes_replace (self, content, copy);
  return ckpt_node_at (self, copy);
}

/* Piece @i with room for all that a piece may hold, in a list that only this version has. */
static CkptNodeId *
own_piece (CkptNodes *self, Piece *pieces, guint32 i, GError **error)
{
  const CkptNode *old = ckpt_node_at (self, pieces[i].list);
  CkptNode list = { .kind = CKPT_KIND_LIST, .count = old->count };
  CkptNodeId id;

  if (pieces[i].list >= self->first_new && old->children.room_or_tag == NODES_PER_PIECE)
    return ckpt_nodes_children_at (self, old->children.first);

  if (!ckpt_nodes_take_children (self, NODES_PER_PIECE, &list.children.first, error))
    return NULL;
  list.children.room_or_tag = NODES_PER_PIECE;
  if (list.count > 0)
    memcpy (ckpt_nodes_children_at (self, list.children.first),
            ckpt_nodes_children_at (self, old->children.first), list.count * sizeof (CkptNodeId));
  id = ckpt_nodes_add_node (self, &list, error);
  if (id == CKPT_NO_NODE)
    return NULL;

  pieces[i].list = id;
  return ckpt_nodes_children_at (self, list.children.first);
}

/* Piece @i has a new number of children. */
static void
set_count (CkptNodes *self, CkptNode *node, guint32 i, guint32 n)
{
  Piece *pieces = get_pieces (self, node);
  CkptNode *list = ckpt_node_at (self, pieces[i].list);
  gint64 change = (gint64) n - list->count;

  list->count = n;
  for (guint32 j = i; j < get_n_pieces (node); j++)
    pieces[j].end += change;
  node->count += change;
}

/* An empty piece goes, unless it is the last one left. */
static void
drop_piece (CkptNodes *self, CkptNode *node, guint32 i)
{
  Piece *pieces = get_pieces (self, node);
  guint32 n = get_n_pieces (node);

  if (n == 1)
    return;

  memmove (pieces + i, pieces + i + 1, (n - i - 1) * sizeof (Piece));
  node->children.room_or_tag = n - 1;
}

static gboolean
remove_children (CkptNodes *self, CkptNode *node, guint32 at, guint32 n, GError **error)
{
  while (n > 0)
    {
      Piece *pieces = get_pieces (self, node);
      guint32 i = find_piece (pieces, get_n_pieces (node), at);
      guint32 from = at - get_begin (pieces, i);
      guint32 n_here = MIN (n, pieces[i].end - at);
      guint32 n_left = pieces[i].end - get_begin (pieces, i) - n_here;
      CkptNodeId *children = own_piece (self, pieces, i, error);

      if (children == NULL)
        return FALSE;

      memmove (children + from, children + from + n_here, (n_left - from) * sizeof (CkptNodeId));
      set_count (self, node, i, n_left);
      if (n_left == 0)
        drop_piece (self, node, i);
      n -= n_here;
    }
  return TRUE;
}

/* Makes room in the table for one more piece, after piece @i. */
static Piece *
widen_table (CkptNodes *self, CkptNode *node, guint32 i, GError **error)
{
  guint32 n = get_n_pieces (node);
  Piece *pieces = get_pieces (self, node);

  if (n == get_room (n))
    {
      guint32 first;

      if (!take_table (self, n + 1, &first, error))
        return NULL;
      memcpy (ckpt_nodes_children_at (self, first), pieces, n * sizeof (Piece));
      node->children.first = first;
      pieces = get_pieces (self, node);
    }

  memmove (pieces + i + 2, pieces + i + 1, (n - i - 1) * sizeof (Piece));
  node->children.room_or_tag = n + 1;
  return pieces;
}

/* Moves the second half of a full piece to a new one after it. */
static gboolean
split_piece (CkptNodes *self, CkptNode *node, guint32 i, GError **error)
{
  Piece *pieces = widen_table (self, node, i, error);
  const guint32 n_half = NODES_PER_PIECE / 2;
  CkptNode half = { .kind = CKPT_KIND_LIST };
  CkptNode *list;

  if (pieces == NULL)
    return FALSE;

  list = ckpt_node_at (self, pieces[i].list);
  half.count = list->count - n_half;
  half.children.first = list->children.first + n_half; /* without room, as above */
  pieces[i + 1].list = ckpt_nodes_add_node (self, &half, error);
  pieces[i + 1].end = pieces[i].end;
  pieces[i].end -= half.count;
  list->count = n_half;
  list->children.room_or_tag = 0;
  return pieces[i + 1].list != CKPT_NO_NODE;
}

static gboolean
insert_children (CkptNodes *self,
                 CkptNode *node,
                 guint32 at,
                 const CkptNodeId *added,
                 guint32 n,
                 GError **error)
{
  while (n > 0)
    {
      Piece *pieces = get_pieces (self, node);
      guint32 i = find_piece (pieces, get_n_pieces (node), at);
      guint32 from = at - get_begin (pieces, i);
      guint32 n_old = pieces[i].end - get_begin (pieces, i);
      guint32 n_here = MIN (n, NODES_PER_PIECE - n_old);
      CkptNodeId *children = own_piece (self, pieces, i, error);

      if (children == NULL)
        return FALSE;
      if (n_here == 0)
        {
          if (!split_piece (self, node, i, error))
            return FALSE;
          continue;
        }

      memmove (children + from + n_here, children + from, (n_old - from) * sizeof (CkptNodeId));
      memcpy (children + from, added, n_here * sizeof (CkptNodeId));
      set_count (self, node, i, n_old + n_here);
      at += n_here;
      added += n_here;
      n -= n_here;
    }
  return TRUE;
}

/* What takes the place of what goes is written over it: this is how keys are renamed. */
static gboolean
put_children (CkptNodes *self, CkptNode *node, guint32 at, const CkptNodeId *put, guint32 n, GError **error)
{
  while (n > 0)
    {
      Piece *pieces = get_pieces (self, node);
      guint32 i = find_piece (pieces, get_n_pieces (node), at);
      guint32 n_here = MIN (n, pieces[i].end - at);
      CkptNodeId *children = own_piece (self, pieces, i, error);

      if (children == NULL)
        return FALSE;

      memcpy (children + at - get_begin (pieces, i), put, n_here * sizeof (CkptNodeId));
      at += n_here;
      put += n_here;
      n -= n_here;
    }
  return TRUE;
}

gboolean
ckpt_nodes_splice_chunked (CkptNodes *self,
                           CkptNodeId container,
                           guint32 at,
                           guint32 n_removed,
                           const CkptNodeId *added,
                           guint32 n_added,
                           GError **error)
{
  guint32 n_put = MIN (n_removed, n_added);
  CkptNode *node = own_container (self, container, error);

  return node != NULL && put_children (self, node, at, added, n_put, error) &&
         remove_children (self, node, at + n_put, n_removed - n_put, error) &&
         (n_added == n_put ||
          insert_children (self, node, at + n_put, added + n_put, n_added - n_put, error));
}
