/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-decoder-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "io/ckpt-alloc.h"
#include "io/ckpt-limits.h"

/* A value whose children are being looked at: on the path from the root, and so no deeper than itself. */
#define ON_PATH G_MAXUINT16

G_STATIC_ASSERT (CKPT_LIMIT_DEPTH < ON_PATH);

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
  guint16 *heights; /* of the values from @first on: levels of containers, 0 if not known yet */
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

/* Whether @node is a container with something in it, of this pickle. */
static gboolean
has_levels (Walk *walk, CkptNodeId node)
{
  guint32 n_children = 0;

  if (node == CKPT_NO_NODE || node < walk->first)
    return FALSE;
  ckpt_nodes_get_children (walk->nodes, node, &n_children);
  return n_children > 0;
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

/* The next child of the last value of the path whose height is not known; what is known is taken into account. */
static CkptNodeId
next_child (Walk *walk, Step *step)
{
  guint32 n_children;
  const CkptNodeId *children = ckpt_nodes_get_children (walk->nodes, step->node, &n_children);

  while (step->n_done < n_children)
    {
      CkptNodeId child = children[step->n_done++];
      guint16 height;

      if (!has_levels (walk, child))
        continue;
      height = *height_of (walk, child);
      if (height == 0)
        return child;
      if (height != ON_PATH)
        step->below = MAX (step->below, height);
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
  if (has_levels (walk, root) && !enter (walk, root, error))
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

gboolean
ckpt_decoder_check_depth (CkptNodes *nodes, CkptNodeId first, CkptNodeId root, GError **error)
{
  guint64 n_bytes = (guint64) (ckpt_nodes_get_n (nodes) - first) * sizeof (guint16);
  g_autofree guint16 *heights = NULL;
  g_autofree Step *path = NULL;
  Walk walk = { .nodes = nodes, .first = first };
  gboolean is_fine;

  /* So few cannot be nested too deep. */
  if (ckpt_nodes_get_n (nodes) - first <= CKPT_LIMIT_DEPTH)
    return TRUE;
  if (!ckpt_nodes_charge (nodes, n_bytes, error))
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
  ckpt_nodes_uncharge (nodes, n_bytes);
  return is_fine;
}
