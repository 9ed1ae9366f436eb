/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-decoder-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "io/ckpt-alloc.h"
#include "io/ckpt-limits.h"

/* A value whose children are being looked at: on the path from the root, and so no deeper than itself. */
#define ON_PATH G_MAXUINT16
/* A value without children, once it was met. */
#define LEAF (G_MAXUINT16 - 1)

G_STATIC_ASSERT (CKPT_LIMIT_DEPTH < LEAF);

typedef struct
{
  CkptNodeId node;
  guint32 n_done; /* children */
  guint16 below;  /* levels below it, as far as is known */
} Step;

typedef struct
{
  const CkptNodes *nodes;
  CkptNodeId first;
  guint16 *heights; /* of the values from @first on: levels of containers, 0 if it was not met yet */
  Step *path;
  guint32 n_path;
} Walk;

static gboolean
set_too_deep (GError **error)
{
  return ckpt_error_set (error, CKPT_ERROR_LIMIT, "pickle-depth",
                         _ ("The values in this file are nested more than %u levels deep."),
                         CKPT_LIMIT_DEPTH);
}

static guint16 *
height_of (Walk *walk, CkptNodeId node)
{
  return &walk->heights[node - walk->first];
}

static gboolean
enter (Walk *walk, CkptNodeId node, GError **error)
{
  if (walk->n_path == CKPT_LIMIT_DEPTH)
    return set_too_deep (error);
  *height_of (walk, node) = ON_PATH;
  walk->path[walk->n_path++] = (Step) { .node = node };
  return TRUE;
}

static gboolean
is_leaf (Walk *walk, CkptNodeId node)
{
  guint32 n_children;

  ckpt_nodes_get_children (walk->nodes, node, &n_children);
  return n_children == 0;
}

/* The next child of the last value of the path that was not met before; of the others their height is taken into account. */
static CkptNodeId
next_child (Walk *walk, Step *step)
{
  guint32 n_children;
  const CkptNodeId *children = ckpt_nodes_get_children (walk->nodes, step->node, &n_children);

  while (step->n_done < n_children)
    {
      CkptNodeId child = children[step->n_done++];
      guint16 *height;

      if (child == CKPT_NO_NODE || child < walk->first)
        continue;
      height = height_of (walk, child);
      if (*height == 0 && !is_leaf (walk, child))
        return child;
      if (*height == 0)
        *height = LEAF;
      else if (*height < LEAF)
        step->below = MAX (step->below, *height);
    }
  return CKPT_NO_NODE;
}

static void
leave (Walk *walk)
{
  const Step *step = &walk->path[--walk->n_path];
  guint16 height = step->below + 1;

  *height_of (walk, step->node) = height;
  if (walk->n_path > 0)
    walk->path[walk->n_path - 1].below = MAX (walk->path[walk->n_path - 1].below, height);
}

/* Each value is entered once, so the time is that of reading the children of each once. */
static gboolean
walk_from (Walk *walk, CkptNodeId root, GError **error)
{
  if (root >= walk->first && !enter (walk, root, error))
    return FALSE;
  while (walk->n_path > 0)
    {
      Step *step = &walk->path[walk->n_path - 1];
      CkptNodeId child = next_child (walk, step);

      if (walk->n_path + step->below > CKPT_LIMIT_DEPTH)
        return set_too_deep (error);
      if (child == CKPT_NO_NODE)
        leave (walk);
      else if (!enter (walk, child, error))
        return FALSE;
    }
  return TRUE;
}

/* Of the values that STOP left behind, those that the result does not hold. What has no PUT can be a node that is shared by
 * equal values, and is not the same value then. */
static guint32
count_unused (Walk *walk, const CkptNodeId *left, guint32 n_left)
{
  guint32 n_used = 0;

  for (guint32 i = 0; i < n_left; i++)
    n_used += (ckpt_nodes_get_flags (walk->nodes, left[i]) & CKPT_NODE_PUT) != 0 &&
              *height_of (walk, left[i]) != 0;
  return n_left - n_used;
}

gboolean
ckpt_decoder_check_depth (CkptDecoder *self, CkptNodeId first, guint32 *n_unused, GError **error)
{
  const CkptNodeId root = ckpt_stack_peek (&self->stack, 0);
  const guint32 n_left = self->stack.n_values - 1;
  const guint64 n_bytes = (guint64) (ckpt_nodes_get_n (self->nodes) - first) * sizeof (guint16);
  g_autofree guint16 *heights = NULL;
  g_autofree Step *path = NULL;
  Walk walk = { .nodes = self->nodes, .first = first };
  gboolean is_fine;

  /* So few cannot be nested too deep. */
  *n_unused = 0;
  if (n_left == 0 && ckpt_nodes_get_n (self->nodes) - first <= CKPT_LIMIT_DEPTH)
    return TRUE;
  if (!ckpt_nodes_charge (self->nodes, n_bytes, error))
    return FALSE;
  heights = ckpt_try_malloc (n_bytes, error);
  path = heights != NULL ? ckpt_try_malloc (CKPT_LIMIT_DEPTH * sizeof (Step), error) : NULL;
  is_fine = path != NULL;
  if (is_fine)
    {
      memset (heights, 0, n_bytes);
      walk.heights = heights;
      walk.path = path;
      is_fine = walk_from (&walk, root, error);
    }
  if (is_fine)
    *n_unused = count_unused (&walk, self->stack.values, n_left);
  ckpt_nodes_uncharge (self->nodes, n_bytes);
  return is_fine;
}
