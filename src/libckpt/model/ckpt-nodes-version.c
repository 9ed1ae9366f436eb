/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-nodes-private.h"

#include <string.h>

#include "io/ckpt-alloc.h"
#include "io/ckpt-limits.h"

/* Versions of the values of a file. All versions of one document add to one store, whose tables have room for all that there can ever be, so
 * that nothing moves while another thread reads an earlier version; what is added, no earlier version refers to. */

#define MAX_CHUNKS (CKPT_LIMIT_NODES / NODES_PER_CHUNK + 1)
#define MAX_TEXTS  (1u << 16)
#define MAX_PAGES  (1u << 14)

void
ckpt_nodes_free_memory (CkptNodes *self)
{
  for (guint32 i = self->n_base_chunks; i < self->n_chunks; i++)
    g_free (self->chunks[i]);
  for (guint32 i = self->n_base_texts; i < self->n_texts; i++)
    g_free (self->texts[i]);
  g_free (self->chunks);
  g_free (self->texts);
  if (self->owned != NULL)
    {
      g_ptr_array_unref (self->owned);
      g_free (self->pages);
    }
  else
    {
      g_free (self->children);
    }
}

/* Takes over what a store knows of itself, but not what it owns. */
static void
copy_tables (CkptNodes *self, const CkptNodes *from)
{
  CkptNodes copy = *from;

  copy.store = self->store;
  copy.overlay = self->overlay;
  copy.first_new = self->first_new;
  copy.ref_count = self->ref_count;
  copy.owned = self->owned;
  *self = copy;
}

/* A store that begins with the values that @from sees, and shares their memory. What its own store has got since is not looked at: another thread may
 * be adding to it. */
static CkptNodes *
store_new (const CkptNodes *from)
{
  CkptNodes *self = g_new0 (CkptNodes, 1);
  guint32 n_used = from->n % NODES_PER_CHUNK;

  self->store = self;
  g_atomic_ref_count_init (&self->ref_count);
  self->owned = g_ptr_array_new_with_free_func (g_free);
  copy_tables (self, from);

  self->chunks = g_new0 (CkptNode *, MAX_CHUNKS);
  if (from->n_chunks > 0)
    memcpy (self->chunks, from->chunks, from->n_chunks * sizeof (CkptNode *));
  self->n_base_chunks = self->n_chunks = from->n / NODES_PER_CHUNK;
  if (n_used > 0)
    {
      self->chunks[self->n_chunks] = g_malloc (NODES_PER_CHUNK * sizeof (CkptNode));
      memcpy (self->chunks[self->n_chunks++], from->chunks[from->n / NODES_PER_CHUNK],
              n_used * sizeof (CkptNode));
    }

  self->texts = g_new0 (char *, from->n_texts + MAX_TEXTS);
  if (from->n_texts > 0)
    memcpy (self->texts, from->texts, from->n_texts * sizeof (char *));
  self->n_base_texts = from->n_texts;
  self->n_texts_allocated = from->n_texts + MAX_TEXTS;
  self->open_size = self->open_used = 0;

  self->pages = g_new0 (CkptNodeId *, MAX_PAGES);
  if (from->n_pages > 0)
    memcpy (self->pages, from->pages, from->n_pages * sizeof (CkptNodeId *));
  if (from->n_base_children == G_MAXUINT32)
    self->n_base_children = from->n_children;
  self->page_used = CHILD_PAGE;
  return self;
}

/**
 * ckpt_nodes_new_version:
 * @from: the values of a file, or a version of them that is sealed; what its store was made from must outlive the new version
 * @with_own_store: whether to add to a store of its own: where another draft may be adding to that of @from
 *
 * Returns: (transfer full): a version that is the same as @from, to be changed by one thread before others read it
 */
CkptNodes *
ckpt_nodes_new_version (CkptNodes *from, gboolean with_own_store)
{
  CkptNodes *self = g_new0 (CkptNodes, 1);

  if (ckpt_nodes_is_version (from) && !with_own_store)
    {
      self->store = from->store;
      g_atomic_ref_count_inc (&self->store->ref_count);
    }
  else
    {
      self->store = store_new (from);
    }

  self->first_new = self->store->n;
  self->overlay = from->overlay != NULL ? ckpt_overlay_copy (from->overlay) : ckpt_overlay_new ();
  copy_tables (self, self->store);
  return self;
}

/**
 * ckpt_nodes_seal:
 * @self: a version that is done
 *
 * Notes what it has come to be, so that another thread can go on from here while this one adds to the same store.
 */
void
ckpt_nodes_seal (CkptNodes *self)
{
  copy_tables (self, self->store);
  self->first_new = self->n;
}

void
ckpt_nodes_release_store (CkptNodes *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  ckpt_nodes_free_memory (self);
  g_free (self);
}

static gboolean
add_pages (CkptNodes *self, guint32 n, GError **error)
{
  gpointer memory = NULL;

  if (n > MAX_PAGES - self->n_pages)
    return ckpt_nodes_charge (self, G_MAXUINT64, error);
  if (!ckpt_nodes_grow (self, &memory, 0, (guint64) n * CHILD_PAGE * sizeof (CkptNodeId), error))
    return FALSE;

  g_ptr_array_add (self->owned, memory);
  for (guint32 i = 0; i < n; i++)
    self->pages[self->n_pages++] = (CkptNodeId *) memory + (gsize) i * CHILD_PAGE;
  return TRUE;
}

/* A range over a page long gets pages that lie in a row. */
gboolean
ckpt_nodes_take_page (CkptNodes *self, guint32 n, guint32 *first, GError **error)
{
  if (self->n_pages == 0 || n > CHILD_PAGE - self->page_used)
    {
      guint32 n_pages = MAX (n / CHILD_PAGE + (n % CHILD_PAGE != 0), 1);

      if (!add_pages (self, n_pages, error))
        return FALSE;
      *first = self->n_base_children + (self->n_pages - n_pages) * CHILD_PAGE;
      self->page_used = n_pages > 1 ? CHILD_PAGE : n;
      return TRUE;
    }

  *first = self->n_base_children + (self->n_pages - 1) * CHILD_PAGE + self->page_used;
  self->page_used += n;
  return TRUE;
}

static gboolean
is_new (const CkptNodes *self, CkptNodeId content)
{
  return content >= self->first_new;
}

/**
 * ckpt_nodes_copy:
 * @self: a version that is being made
 * @node: a value
 * @error: return location
 *
 * Returns: a new value with the same content, children and tag; %CKPT_NO_NODE with %CKPT_ERROR_LIMIT
 */
CkptNodeId
ckpt_nodes_copy (CkptNodes *self, CkptNodeId node, GError **error)
{
  CkptNode copy = *ckpt_node_at (self, node);

  if ((copy.flags & CKPT_NODE_CHUNKED) != 0)
    {
      if (!ckpt_nodes_copy_pieces (self, &copy, error))
        return CKPT_NO_NODE;
    }
  else if (ckpt_node_has_children (&copy) && copy.count > 0)
    {
      const CkptNodeId *children = ckpt_nodes_children_at (self, copy.children.first);

      if (!ckpt_nodes_take_children (self, copy.count, &copy.children.first, error))
        return CKPT_NO_NODE;
      memcpy (ckpt_nodes_children_at (self, copy.children.first), children, copy.count * sizeof (CkptNodeId));
      if (!ckpt_node_has_tag (&copy))
        copy.children.room_or_tag = copy.count;
    }
  return ckpt_nodes_add_node (self, &copy, error);
}

/**
 * ckpt_nodes_replace:
 * @self: a version that is being made
 * @node: a value
 * @with: a value
 *
 * Gives @node the content of @with: whatever held @node now holds that, and the two are one object. Nothing happens if they are already.
 */
void
ckpt_nodes_replace (CkptNodes *self, CkptNodeId node, CkptNodeId with)
{
  CkptNodeId old_content = ckpt_overlay_get (self->overlay, node);
  CkptNodeId content = ckpt_overlay_get (self->overlay, with);

  g_return_if_fail (ckpt_nodes_is_version (self));

  if (old_content != content)
    ckpt_overlay_set (self->overlay, old_content, content);
}

CkptNode *
ckpt_nodes_own (CkptNodes *self, CkptNodeId container, GError **error)
{
  CkptNodeId content = ckpt_overlay_get (self->overlay, container);

  if (!is_new (self, content))
    {
      CkptNodeId copy = ckpt_nodes_copy (self, content, error);

      if (copy == CKPT_NO_NODE)
        return NULL;
      ckpt_overlay_set (self->overlay, content, copy);
      content = copy;
    }
  return ckpt_node_at (self, content);
}

/**
 * ckpt_nodes_put_child:
 * @self: a version that is being made
 * @container: a container
 * @index: which child
 * @child: the value to hold there
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_nodes_put_child (CkptNodes *self, CkptNodeId container, guint32 index, CkptNodeId child, GError **error)
{
  CkptNode *node;

  g_return_val_if_fail (index < ckpt_nodes_get_length (self, container), FALSE);

  if (!ckpt_node_has_tag (ckpt_node_at (self, container)))
    return ckpt_nodes_splice (self, container, index, 1, &child, 1, error);

  node = ckpt_nodes_own (self, container, error);
  if (node == NULL)
    return FALSE;

  ckpt_nodes_children_at (self, node->children.first)[index] = child;
  return TRUE;
}

/* Few children: all in a row. */
static gboolean
splice_row (CkptNodes *self,
            CkptNodeId container,
            guint32 at,
            guint32 n_removed,
            const CkptNodeId *added,
            guint32 n_added,
            GError **error)
{
  CkptNode *node = ckpt_nodes_own (self, container, error);
  guint32 n_after;
  guint32 n_wanted;
  CkptNodeId *children;

  if (node == NULL)
    return FALSE;

  n_after = node->count - at - n_removed;
  n_wanted = at + n_added + n_after;
  if (n_wanted > node->children.room_or_tag && !ckpt_nodes_widen (self, node, n_wanted, error))
    return FALSE;

  if (n_wanted > 0)
    {
      children = ckpt_nodes_children_at (self, node->children.first);
      memmove (children + at + n_added, children + at + n_removed, n_after * sizeof (CkptNodeId));
      if (n_added > 0)
        memcpy (children + at, added, n_added * sizeof (CkptNodeId));
    }
  node->count = n_wanted;
  return TRUE;
}

static gboolean
is_long (const CkptNodes *self, CkptNodeId container, guint32 n_added)
{
  const CkptNode *node = ckpt_node_at (self, container);

  return (node->flags & CKPT_NODE_CHUNKED) != 0 ||
         (node->kind != CKPT_KIND_TUPLE && (guint64) node->count + n_added > NODES_PER_PIECE);
}

/**
 * ckpt_nodes_splice:
 * @self: a version that is being made
 * @container: a list, tuple, dict or set
 * @at: where to begin
 * @n_removed: how many of its children go, from @at on
 * @added: (array length=n_added) (nullable): what comes in their place; not of this store
 * @n_added: how many
 * @error: return location
 *
 * Changes a container wherever it is held. Its children, where they are many, are in pieces from then on, so that this takes little time and memory.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_nodes_splice (CkptNodes *self,
                   CkptNodeId container,
                   guint32 at,
                   guint32 n_removed,
                   const CkptNodeId *added,
                   guint32 n_added,
                   GError **error)
{
  guint64 length = ckpt_nodes_get_length (self, container);

  g_return_val_if_fail (ckpt_nodes_is_version (self) && at <= length && n_removed <= length - at, FALSE);
  g_return_val_if_fail (container != self->store->empty_tuple, FALSE); /* it is everywhere */

  if (length - n_removed + n_added >= G_MAXUINT32)
    return ckpt_nodes_charge (self, G_MAXUINT64, error);
  if (is_long (self, container, n_added))
    return ckpt_nodes_splice_chunked (self, container, at, n_removed, added, n_added, error);
  return splice_row (self, container, at, n_removed, added, n_added, error);
}
