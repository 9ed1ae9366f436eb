/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-nodes.h"
#include "model/ckpt-overlay.h"

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

/* Children of one piece of a long container, at most. */
#define NODES_PER_PIECE 256u

/* Children that edits bring stand in pages of their own, so that those of the file never move while another thread reads them. */
#define CHILD_PAGE_BITS 16u
#define CHILD_PAGE      (1u << CHILD_PAGE_BITS)

/**
 * CkptNodes:
 * @store: what new values are added to: itself, or what all versions of a tree share; its tables never move
 * @overlay: (nullable): of a version: which values have the content of which others
 * @first_new: of a version that is being made: values from here on came with it, and are in no earlier version
 * @n_base_children: children below this are in @children, the others in @pages
 *
 * The values of a file, or a version of them: then all tables but the overlay are those of the store.
 */
struct _CkptNodes
{
  CkptNodes *store;
  CkptOverlay *overlay;
  guint32 first_new;
  gatomicrefcount ref_count; /* of a store of versions: how many there are */

  CkptNode **chunks;
  guint32 n;
  guint32 n_chunks;
  guint32 n_base_chunks; /* of a store of versions: chunks before it belong to the file's values */

  CkptNodeId **pages;
  guint32 n_pages;
  guint32 page_used; /* children taken of the last page */
  guint32 n_base_children;
  GPtrArray *owned; /* of a store of versions: memory of the pages */

  CkptNodeId *children;
  guint32 n_children;
  guint32 n_children_allocated;

  char **texts;
  guint32 n_texts;
  guint32 n_texts_allocated;
  guint32 n_base_texts;
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
  if (self->overlay != NULL)
    id = ckpt_overlay_get (self->overlay, id);
  g_assert (id < self->store->n);
  return &self->chunks[id / NODES_PER_CHUNK][id % NODES_PER_CHUNK];
}

static inline gboolean
ckpt_nodes_is_version (const CkptNodes *self)
{
  return self->store != self;
}

static inline CkptNodeId *
ckpt_nodes_children_at (const CkptNodes *self,
                        guint32          first)
{
  if (first < self->n_base_children)
    return self->children + first;

  first -= self->n_base_children;
  return self->pages[first >> CHILD_PAGE_BITS] + (first & (CHILD_PAGE - 1));
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
/* The one place where a value comes to be. */
CkptNodeId ckpt_nodes_add_node       (CkptNodes      *self,
                                      const CkptNode *node,
                                      GError        **error);
/* Makes room for @n_more children at the end of the array of a file's values. */
gboolean ckpt_nodes_reserve_children (CkptNodes *self,
                                      guint32    n_more,
                                      GError   **error);
/* Takes room for @n children; gives where it begins. */
gboolean ckpt_nodes_take_children    (CkptNodes *self,
                                      guint32    n,
                                      guint32   *first,
                                      GError   **error);
/* The same for a store of versions. */
gboolean ckpt_nodes_take_page        (CkptNodes *self,
                                      guint32    n,
                                      guint32   *first,
                                      GError   **error);
/* Child @index of a container in pieces. */
CkptNodeId ckpt_nodes_get_chunked    (const CkptNodes *self,
                                      const CkptNode  *node,
                                      guint32          index);
gboolean ckpt_nodes_splice_chunked   (CkptNodes        *self,
                                      CkptNodeId        container,
                                      guint32           at,
                                      guint32           n_removed,
                                      const CkptNodeId *added,
                                      guint32           n_added,
                                      GError          **error);
/* Gives @node a table of pieces of its own, the same as before. */
gboolean ckpt_nodes_copy_pieces      (CkptNodes        *self,
                                      CkptNode         *node,
                                      GError          **error);
/* Makes the content of @container one that only this version has, and gives it; NULL with an error. */
CkptNode *ckpt_nodes_own             (CkptNodes *self,
                                      CkptNodeId container,
                                      GError   **error);
void     ckpt_nodes_free_memory      (CkptNodes *self);
void     ckpt_nodes_release_store    (CkptNodes *self);
/* Gives the range of @node room for @n_wanted children: in place if it is the last one, else by moving it to the end. */
gboolean ckpt_nodes_widen            (CkptNodes *self,
                                      CkptNode  *node,
                                      guint32    n_wanted,
                                      GError   **error);

G_END_DECLS
