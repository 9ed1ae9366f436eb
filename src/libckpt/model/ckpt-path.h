/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/* A list of steps from the root to a value, with one text form: Python subscripts, `["model"]["conv1.weight"]`, `["args"].lr`. */
typedef struct _CkptPath CkptPath;

/**
 * CkptWalkFunc:
 * @depth: steps from the root; the root has 0
 * @path: the way to it; valid during the call
 * @child: how it hangs in its parent; of the root only @node is set
 * @is_repeat: whether the value was met before on the walk (its children are then passed over)
 *
 * Returns: TRUE to go into its children
 */
typedef gboolean (*CkptWalkFunc) (CkptTree        *tree,
                                  const CkptPath  *path,
                                  guint            depth,
                                  const CkptChild *child,
                                  gboolean         is_repeat,
                                  gpointer         user_data);

CKPT_EXPORT CkptPath  *ckpt_path_new       (void);
CKPT_EXPORT CkptPath  *ckpt_path_copy      (const CkptPath *self);
CKPT_EXPORT void       ckpt_path_free      (CkptPath       *self);
CKPT_EXPORT guint      ckpt_path_get_length (const CkptPath *self);
CKPT_EXPORT const CkptChild *ckpt_path_get_step (const CkptPath *self,
                                            guint           i);
CKPT_EXPORT void       ckpt_path_push      (CkptPath        *self,
                                            const CkptChild *step);
CKPT_EXPORT void       ckpt_path_pop       (CkptPath        *self);
CKPT_EXPORT CkptNodeId ckpt_path_get_node  (const CkptPath  *self,
                                            CkptTree        *tree);
CKPT_EXPORT char      *ckpt_path_to_string (const CkptPath  *self,
                                            CkptTree        *tree);
/* The last step only, as a tree shows it: `conv1.weight`, `0`, `.lr`; escaped, not cut. */
CKPT_EXPORT char      *ckpt_path_step_to_label (CkptTree        *tree,
                                            const CkptChild *step);
/* The one value that @text (long form, or keys joined by "/") names. */
CKPT_EXPORT CkptPath  *ckpt_path_resolve   (CkptTree        *tree,
                                            const char      *text,
                                            GError         **error);
/* Depth-first in file order, without recursion, each value entered once. */
CKPT_EXPORT void       ckpt_tree_walk      (CkptTree        *tree,
                                            CkptNodeId       from,
                                            CkptWalkFunc     func,
                                            gpointer         user_data);
/* All values that @pattern matches: long form, keys joined by "/", a glob within a key, "**" across keys. */
CKPT_EXPORT GPtrArray *ckpt_tree_match     (CkptTree        *tree,
                                            const char      *pattern,
                                            GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptPath, ckpt_path_free)

G_END_DECLS
