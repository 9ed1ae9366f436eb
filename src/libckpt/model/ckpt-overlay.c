/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-overlay.h"

#include <string.h>

/* A tree of pages with eight bits of the id at each of four levels. A page that only one map refers to is changed where it is; one that
 * several share is copied first. */
#define BITS     8u
#define PER_PAGE (1u << BITS)
#define N_LEVELS 4u

typedef struct _Page Page;

/**
 * Page:
 * @pages: of the upper levels: those below, or %NULL
 * @contents: of the last level: 0 for a value that has its own content; no value gets that of value 0, which a file brings
 */
struct _Page
{
  gatomicrefcount ref_count;
  union
  {
    Page *pages[PER_PAGE];
    CkptNodeId contents[PER_PAGE];
  };
};

struct _CkptOverlay
{
  Page *root;
};

static gsize
get_page_size (guint level)
{
  const Page *page = NULL;

  return G_STRUCT_OFFSET (Page, pages) + (level == N_LEVELS - 1 ? sizeof page->contents : sizeof page->pages);
}

static guint
get_slot (CkptNodeId node, guint level)
{
  return node >> BITS * (N_LEVELS - 1 - level) & (PER_PAGE - 1);
}

static Page *
page_new (guint level)
{
  Page *page = g_malloc0 (get_page_size (level));

  g_atomic_ref_count_init (&page->ref_count);
  return page;
}

/* The depth is that of the levels, four. */
static void
page_unref (Page *page, guint level)
{
  if (page == NULL || !g_atomic_ref_count_dec (&page->ref_count))
    return;

  for (guint i = 0; level < N_LEVELS - 1 && i < PER_PAGE; i++)
    page_unref (page->pages[i], level + 1);
  g_free (page);
}

static Page *
page_copy (const Page *page, guint level)
{
  Page *copy = g_memdup2 (page, get_page_size (level));

  g_atomic_ref_count_init (&copy->ref_count);
  for (guint i = 0; level < N_LEVELS - 1 && i < PER_PAGE; i++)
    if (copy->pages[i] != NULL)
      g_atomic_ref_count_inc (&copy->pages[i]->ref_count);
  return copy;
}

/* Makes *@slot a page that nobody else refers to. */
static void
own_page (Page **slot, guint level)
{
  Page *page = *slot;

  if (page == NULL)
    {
      *slot = page_new (level);
    }
  else if (!g_atomic_ref_count_compare (&page->ref_count, 1))
    {
      *slot = page_copy (page, level);
      page_unref (page, level);
    }
}

/**
 * ckpt_overlay_new:
 *
 * Returns: (transfer full): a map that changes nothing
 */
CkptOverlay *
ckpt_overlay_new (void)
{
  return g_new0 (CkptOverlay, 1);
}

/**
 * ckpt_overlay_copy:
 * @self: a map
 *
 * Takes the same time and memory whatever the size of the map.
 *
 * Returns: (transfer full): a map that is the same, and can be changed without changing @self
 */
CkptOverlay *
ckpt_overlay_copy (const CkptOverlay *self)
{
  CkptOverlay *copy = ckpt_overlay_new ();

  copy->root = self->root;
  if (copy->root != NULL)
    g_atomic_ref_count_inc (&copy->root->ref_count);
  return copy;
}

/**
 * ckpt_overlay_free:
 * @self: (transfer full): a map
 */
void
ckpt_overlay_free (CkptOverlay *self)
{
  page_unref (self->root, 0);
  g_free (self);
}

/**
 * ckpt_overlay_set:
 * @self: a map
 * @node: a value
 * @content: the value whose content it has from now on; not 0
 */
void
ckpt_overlay_set (CkptOverlay *self, CkptNodeId node, CkptNodeId content)
{
  Page **slot = &self->root;

  g_return_if_fail (content != 0 && content != CKPT_NO_NODE);

  for (guint level = 0; level < N_LEVELS - 1; level++)
    {
      own_page (slot, level);
      slot = &(*slot)->pages[get_slot (node, level)];
    }
  own_page (slot, N_LEVELS - 1);
  (*slot)->contents[get_slot (node, N_LEVELS - 1)] = content;
}

static CkptNodeId
get_once (const CkptOverlay *self, CkptNodeId node)
{
  const Page *page = self->root;

  for (guint level = 0; page != NULL && level < N_LEVELS - 1; level++)
    page = page->pages[get_slot (node, level)];
  return page != NULL ? page->contents[get_slot (node, N_LEVELS - 1)] : 0;
}

/**
 * ckpt_overlay_get:
 * @self: a map
 * @node: a value
 *
 * Returns: the value whose content it has: @node itself where nothing was changed
 */
CkptNodeId
ckpt_overlay_get (const CkptOverlay *self, CkptNodeId node)
{
  CkptNodeId content;

  while ((content = get_once (self, node)) != 0)
    node = content;
  return node;
}
