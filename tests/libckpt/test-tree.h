/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/ckpt-tree-private.h"

G_BEGIN_DECLS

/* Pickles written as words, so that a test can be read:
 *   'text' 'it\x27s'   BINUNICODE          b'text'      SHORT_BINSTRING, a str of Python 2
 *   12  -1  2^70       ints                f0.5         BINFLOAT
 *   @torch:float16     GLOBAL              True False   NEWTRUE, NEWFALSE
 *   NEWOBJ NEWOBJ_EX   opcodes by name     p0 g0        BINPUT, BINGET
 * Every other word is the opcodes that its characters are: "(" "t" "}" "s" "R" "Q" ")R". STOP is added. */
GByteArray *test_pickle_assemble (const char          *words);

/* The tree of such a pickle, recognised and finished. Storages are in the file unless their key begins with "missing"; one whose key
 * begins with "short" lacks 4 bytes, with "long" has 4 too many. */
CkptTree   *test_tree_new        (const char          *words,
                                  CkptPersistentStyle  style);
CkptTree   *test_tree_new_for    (GByteArray          *pickle,
                                  CkptPersistentStyle  style,
                                  CkptContainer        container);
/* Decodes a pickle into a new tree, and leaves it at that. */
void        test_tree_decode     (CkptTree            *tree,
                                  GByteArray          *pickle);
/* The value at a path in the long form, which must be there. */
CkptNodeId  test_tree_get        (CkptTree            *tree,
                                  const char          *path);
/* Codes of the warnings, in order, joined by spaces. */
char       *test_tree_codes      (CkptTree            *tree);

/* Words of a tensor: two floats of storage @key, from the size on what is given. */
#define TEST_TENSOR_ID(class, key, numel) "( ( 'storage' @torch:" class " '" key "' 'cpu' " numel " t Q "
#define TEST_HOOKS "@collections:OrderedDict )R "
#define TEST_TENSOR_OF(class, key, numel, rest) "@torch._utils:_rebuild_tensor_v2 " TEST_TENSOR_ID (class, key, numel) rest " False " TEST_HOOKS "tR "
#define TEST_TENSOR(key) TEST_TENSOR_OF ("FloatStorage", key, "4", "0 ( 2 2 t ( 2 1 t")

/* Whether a warning with this code is among them. */
gboolean test_tree_has_warning (CkptTree *tree,
                                const char *code);

G_END_DECLS
