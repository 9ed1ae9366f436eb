/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/* All that Python would see of a tree: a line for each value with its path, type and value, which earlier one it is the same object as, and
 * of tensors what they are views of, with a checksum of the bytes of each storage. Keys of storages are not in it, nor how a value is written. */
GPtrArray *test_compare_list  (CkptTree *tree);
/* Where two trees differ first; NULL if nowhere. */
char      *test_compare_lists (GPtrArray *a,
                               GPtrArray *b);
char      *test_compare_trees (CkptTree  *a,
                               CkptTree  *b);
/* Ends the test where they differ. */
void       test_assert_same_trees (CkptTree *a,
                                   CkptTree *b);

G_END_DECLS
