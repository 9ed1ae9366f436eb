/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/ckpt-save.h"

G_BEGIN_DECLS

/* Paths of all files of the fixtures, and of the folder of real checkpoints where there is one. */
GPtrArray *test_checkpoints_list        (void);
/* All of a file. */
GBytes    *test_checkpoints_read        (const char    *path);
CkptTree  *test_checkpoints_load        (const char    *path);
/* Saves with every part made anew, in the container of the tree; gives the bytes of the file. */
GBytes    *test_checkpoints_save_anew   (CkptTree      *tree);
/* A version of the tree in which nothing is changed: it is written as if something was. */
CkptTree  *test_checkpoints_touch       (CkptTree      *tree);
/* Saves it as it is in a container; gives the path. */
char      *test_checkpoints_save        (CkptTree      *tree,
                                         CkptContainer  container,
                                         guint          alignment);
/* As test_checkpoints_check_anew(), of trees that are taken for edited. */
guint      test_checkpoints_check_touched (CkptContainer container,
                                         const char   *const *others);
/* Whether all checkpoints of that container come out as they are, but for those that are named: with their name's end, up to a NULL.
 * Gives how many came out the same. */
guint      test_checkpoints_check_anew  (CkptContainer  container,
                                         const char   *const *others);

G_END_DECLS
