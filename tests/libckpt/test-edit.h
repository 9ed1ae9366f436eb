/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "edit/ckpt-edit.h"
#include "model/ckpt-tree-private.h"

G_BEGIN_DECLS

/* A checkpoint of tests/fixtures/torch-2.13. */
CkptTree *test_edit_load       (const char   *name);
/* Does what a line of a recipe says. Checks that the tree it begins with stays the same, and that doing it again gives the same. */
CkptTree *test_edit_apply      (CkptTree     *tree,
                                const char   *line,
                                CkptEffect  **effect);
/* The same without wanting to know the effect. */
CkptTree *test_edit_do         (CkptTree     *tree,
                                const char   *line);
/* Does the lines of which the last one is NULL, one after the other. */
CkptTree *test_edit_do_all     (CkptTree     *tree,
                                ...) G_GNUC_NULL_TERMINATED;
/* The message with which it fails. */
char     *test_edit_fail       (CkptTree     *tree,
                                const char   *line);
/* All values with their places, and the elements of tensors. */
char     *test_edit_describe   (CkptTree     *tree,
                                CkptNodeId    from);
/* The same under two values, in two trees. */
void      test_edit_assert_same (CkptTree    *a,
                                CkptNodeId    a_node,
                                CkptTree     *b,
                                CkptNodeId    b_node);
/* The tensor at a path. */
const CkptTensor *test_edit_get_tensor (CkptTree *tree,
                                const char   *path);
gboolean  test_edit_has        (CkptTree     *tree,
                                const char   *path);
/* All notes, one a line. */
char     *test_edit_join_notes (CkptEffect   *effect);

G_END_DECLS
