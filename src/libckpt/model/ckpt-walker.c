/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-walker.h"

typedef struct
{
  CkptNodeId node;
  guint32 i;
  guint32 n;
} Frame;

struct _CkptWalker
{
  CkptTree *tree;
  CkptPath *path;
  GArray *frames;     /* of Frame: the values that were gone into */
  CkptNodeId current; /* the value given last */
};

static void
push_frame (CkptWalker *self, CkptNodeId node)
{
  Frame frame = { node, 0, ckpt_tree_get_n_children (self->tree, node) };

  g_array_append_val (self->frames, frame);
}

/**
 * ckpt_walker_new:
 * @tree: a tree; must outlive the walker
 * @from: the value whose children to go through
 *
 * Returns: (transfer full): a walker that has gone into @from
 */
CkptWalker *
ckpt_walker_new (CkptTree *tree, CkptNodeId from)
{
  CkptWalker *self = g_new0 (CkptWalker, 1);

  self->tree = tree;
  self->path = ckpt_path_new ();
  self->frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  push_frame (self, from);
  return self;
}

/**
 * ckpt_walker_free:
 * @self: (transfer full): a walker
 */
void
ckpt_walker_free (CkptWalker *self)
{
  g_array_unref (self->frames);
  ckpt_path_free (self->path);
  g_free (self);
}

/**
 * ckpt_walker_next:
 * @self: a walker
 * @child: (out): the next child of the innermost value that was gone into; of the one around it when that has no more
 *
 * Returns: %FALSE when there is no more
 */
gboolean
ckpt_walker_next (CkptWalker *self, CkptChild *child)
{
  /* The child that was given last is still on the path if it was not gone into. */
  if (ckpt_path_get_length (self->path) == self->frames->len)
    ckpt_path_pop (self->path);

  while (self->frames->len > 0)
    {
      Frame *frame = &g_array_index (self->frames, Frame, self->frames->len - 1);

      if (frame->i < frame->n)
        {
          ckpt_tree_get_child (self->tree, frame->node, frame->i, child);
          frame->i++;
          self->current = child->node;
          ckpt_path_push (self->path, child);
          return TRUE;
        }

      g_array_set_size (self->frames, self->frames->len - 1);
      if (self->frames->len > 0)
        ckpt_path_pop (self->path);
    }
  return FALSE;
}

/**
 * ckpt_walker_enter:
 * @self: a walker that has just given a child
 *
 * Goes into that child.
 */
void
ckpt_walker_enter (CkptWalker *self)
{
  push_frame (self, self->current);
}

/**
 * ckpt_walker_get_path:
 * @self: a walker that has just given a child
 *
 * Returns: (transfer none): the way from where it began to that child, valid until the next one
 */
const CkptPath *
ckpt_walker_get_path (CkptWalker *self)
{
  return self->path;
}
