/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "listing.h"

#include <string.h>

#include <glib/gi18n.h>

#include "sharing.h"
#include "values.h"

typedef struct
{
  Sharing *sharing; /* NULL until something shared is met, where everything is walked */
  CkptPath *path;   /* from the root to where the walk is */
  guint base;       /* steps from the root to where it began */
  ListingFlags flags;
  ListingFunc func;
  gpointer user_data;
  gboolean is_stopped;
} Listing;

static void
tell (Listing *self, CkptTree *tree, const CkptPath *path, CkptNodeId node, gboolean is_repeat)
{
  g_autofree char *text = ckpt_path_to_string (path, tree);
  Item item = {
    .tree = tree,
    .path = path,
    .text = text,
    .node = node,
    .kind = ckpt_tree_get_kind (tree, node),
    .tensor = ckpt_tree_get_node_tensor (tree, node),
    .storage = ckpt_tree_get_node_storage (tree, node),
    .same_as = NULL,
  };

  if (self->sharing == NULL && is_repeat && sharing_is_worth_telling (tree, node))
    self->sharing = sharing_new (tree);
  if (self->sharing != NULL)
    item.same_as = sharing_get_first (self->sharing, node, text);

  if (!self->func (&item, self->user_data))
    self->is_stopped = TRUE;
}

/* A set is listed itself, so that one sees that it is no list. */
static gboolean
is_set (CkptKind kind)
{
  return kind == CKPT_KIND_SET || kind == CKPT_KIND_FROZENSET;
}

/* Whether a value has a line of its own. */
static gboolean
is_shown (Listing *self, CkptTree *tree, CkptNodeId node, CkptKind kind, gboolean is_repeat)
{
  if ((self->flags & LISTING_TENSORS) != 0)
    return kind == CKPT_KIND_TENSOR;
  if ((self->flags & LISTING_CONTAINERS) != 0 || !kind_is_container (kind))
    return TRUE;
  return is_repeat || is_set (kind) || ckpt_tree_get_n_children (tree, node) == 0;
}

static gboolean
is_private (CkptTree *tree, const CkptChild *step)
{
  const char *name;
  gsize length;

  if (step->kind != CKPT_STEP_ATTRIBUTE || ckpt_tree_get_kind (tree, step->key) != CKPT_KIND_STRING)
    return FALSE;

  name = ckpt_tree_peek_text (tree, step->key, &length, NULL);
  return length > 0 && name[0] == '_';
}

/* What few want to see: attributes of a dict, as a state dict has `_metadata`, and the many private ones of a module that are
 * empty. */
static gboolean
is_passed_over (CkptTree *tree, const CkptPath *path)
{
  guint length = ckpt_path_get_length (path);
  const CkptChild *last = length > 0 ? ckpt_path_get_step (path, length - 1) : NULL;
  CkptNodeId parent;
  CkptKind kind;

  if (last == NULL || last->kind != CKPT_STEP_ATTRIBUTE)
    return FALSE;

  parent = length > 1 ? ckpt_path_get_step (path, length - 2)->node : ckpt_tree_get_root (tree);
  if (kind_is_container (ckpt_tree_get_kind (tree, parent)))
    return TRUE;

  kind = ckpt_tree_get_kind (tree, last->node);
  return is_private (tree, last) &&
         (kind == CKPT_KIND_NONE ||
          (kind_is_container (kind) && ckpt_tree_get_n_children (tree, last->node) == 0));
}

/* Whether what is inside a value is listed too. */
static gboolean
is_opened (Listing *self, CkptTree *tree, CkptNodeId node, CkptKind kind)
{
  g_autofree char *call = NULL;

  if ((self->flags & LISTING_CONTAINERS) != 0)
    return TRUE;
  if (kind == CKPT_KIND_TENSOR || kind == CKPT_KIND_STORAGE)
    return FALSE;
  if (kind != CKPT_KIND_OBJECT)
    return TRUE;

  call = value_dup_call (tree, node);
  return call == NULL;
}

static void
follow (Listing *self, guint depth, const CkptChild *child)
{
  if (depth == 0)
    return;
  while (ckpt_path_get_length (self->path) >= self->base + depth)
    ckpt_path_pop (self->path);
  ckpt_path_push (self->path, child);
}

static gboolean
on_value (CkptTree *tree,
          const CkptPath *path,
          guint depth,
          const CkptChild *child,
          gboolean is_repeat,
          gpointer user_data)
{
  Listing *self = user_data;
  CkptKind kind = ckpt_tree_get_kind (tree, child->node);

  if (self->is_stopped)
    return FALSE;

  follow (self, depth, child);
  if (depth > 0 && (self->flags & LISTING_CONTAINERS) == 0 && is_passed_over (tree, self->path))
    return FALSE;
  if (is_shown (self, tree, child->node, kind, is_repeat))
    tell (self, tree, self->path, child->node, is_repeat);
  return is_opened (self, tree, child->node, kind);
}

static void
walk_from (Listing *self, CkptTree *tree, const CkptPath *from)
{
  g_clear_pointer (&self->path, ckpt_path_free);
  self->path = ckpt_path_copy (from);
  self->base = ckpt_path_get_length (from);
  ckpt_tree_walk (tree, ckpt_path_get_node (from, tree), on_value, self);
}

/* Whether @path names something inside what @outer names. */
static gboolean
is_inside (const char *path, const char *outer)
{
  gsize length;

  if (strcmp (outer, ".") == 0)
    return TRUE;

  length = strlen (outer);
  return strncmp (path, outer, length) == 0 &&
         (path[length] == '[' || path[length] == '.' || path[length] == '\0');
}

/* Matches come in file order, so those inside another one follow it. The only match is what was asked for. */
static void
walk_matches (Listing *self, CkptTree *tree, GPtrArray *matches)
{
  g_autofree char *last = NULL;

  for (guint i = 0; i < matches->len && !self->is_stopped; i++)
    {
      const CkptPath *match = matches->pdata[i];
      g_autofree char *text = ckpt_path_to_string (match, tree);

      if (last != NULL && is_inside (text, last))
        continue;
      if (matches->len > 1 && (self->flags & LISTING_CONTAINERS) == 0 && is_passed_over (tree, match))
        continue;

      walk_from (self, tree, match);
      g_free (last);
      last = g_steal_pointer (&text);
    }
}

/**
 * item_is_scalar:
 *
 * Returns: whether it is a number, a text, or a tensor of one element, as an epoch or a loss may be
 */
gboolean
item_is_scalar (const Item *item)
{
  guint length = ckpt_path_get_length (item->path);

  if (length > 0 && is_private (item->tree, ckpt_path_get_step (item->path, length - 1)))
    return FALSE;
  if (item->tensor != NULL)
    return item->tensor->numel == 1;
  return kind_is_plain (item->kind) && item->kind != CKPT_KIND_GLOBAL && item->kind != CKPT_KIND_BYTES &&
         item->kind != CKPT_KIND_BYTEARRAY;
}

/**
 * listing_run:
 * @from: the way to the value to begin with
 * @func: called for each value, in file order
 *
 * Lists a value and what is in it: what is in containers rather than the containers, unless they are empty; objects, and what is
 * in them.
 */
void
listing_run (CkptTree *tree, const CkptPath *from, ListingFlags flags, ListingFunc func, gpointer user_data)
{
  Listing self = { .flags = flags, .func = func, .user_data = user_data };

  if (ckpt_path_get_length (from) > 0 || sharing_has_ties (tree))
    self.sharing = sharing_new (tree);
  walk_from (&self, tree, from);
  g_clear_pointer (&self.path, ckpt_path_free);
  g_clear_pointer (&self.sharing, sharing_free);
}

/**
 * listing_match:
 * @pattern: a path or a glob
 * @func: called for each value, in file order
 *
 * Lists what the pattern matches, and what is in that, as listing_run() does.
 *
 * Returns: FALSE with CKPT_ERROR_NO_SUCH_PATH if nothing matches
 */
gboolean
listing_match (CkptTree *tree,
               const char *pattern,
               ListingFlags flags,
               ListingFunc func,
               gpointer user_data,
               GError **error)
{
  g_autoptr (GPtrArray) matches = ckpt_tree_match (tree, pattern, error);
  Listing self = { .flags = flags, .func = func, .user_data = user_data };

  if (matches == NULL)
    return FALSE;

  self.sharing = sharing_new (tree);
  walk_matches (&self, tree, matches);
  g_clear_pointer (&self.path, ckpt_path_free);
  g_clear_pointer (&self.sharing, sharing_free);
  return TRUE;
}

/**
 * listing_item:
 * @path: the way to a value
 *
 * Calls @func for that one value.
 */
void
listing_item (CkptTree *tree, const CkptPath *path, ListingFunc func, gpointer user_data)
{
  Listing self = { .sharing = sharing_new (tree), .func = func, .user_data = user_data };

  tell (&self, tree, path, ckpt_path_get_node (path, tree), FALSE);
  g_clear_pointer (&self.sharing, sharing_free);
}

/**
 * listing_children:
 * @path: the way to a value
 * @max: calls @func for at most so many
 *
 * Calls @func for what is directly in that value.
 */
void
listing_children (CkptTree *tree, const CkptPath *path, guint32 max, ListingFunc func, gpointer user_data)
{
  g_autoptr (CkptPath) place = ckpt_path_copy (path);
  CkptNodeId node = ckpt_path_get_node (path, tree);
  guint32 n = MIN (ckpt_tree_get_n_children (tree, node), max);
  Listing self = { .sharing = sharing_new (tree), .func = func, .user_data = user_data };

  for (guint32 i = 0; i < n && !self.is_stopped; i++)
    {
      CkptChild child;

      ckpt_tree_get_child (tree, node, i, &child);
      ckpt_path_push (place, &child);
      tell (&self, tree, place, child.node, FALSE);
      ckpt_path_pop (place);
    }
  g_clear_pointer (&self.sharing, sharing_free);
}
