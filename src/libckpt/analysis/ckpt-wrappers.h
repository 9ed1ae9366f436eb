/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/**
 * CkptWrapper:
 * @name: a component of keys, such as "module" or "_orig_mod"
 * @is_suggested: whether it can only be what a wrapper of PyTorch put there; names that users give are never suggested
 * @n_keys: keys with it
 * @n_others: keys without it; `n_averaged`, which AveragedModel adds beside its wrapped model, is not counted
 * @n_paths: entries of `_metadata` with it: hooks of PyTorch remove some wrappers from keys but not from there
 *
 * What could be stripped from the keys of a state dict.
 */
typedef struct
{
  char *name;
  gboolean is_suggested;
  guint64 n_keys;
  guint64 n_others;
  guint64 n_paths;
} CkptWrapper;

CKPT_EXPORT GArray *ckpt_wrappers_find         (CkptTree          *tree,
                                                CkptNodeId         dict);
/* Dicts with text keys that hold tensors, outside of modules. */
CKPT_EXPORT GArray *ckpt_wrappers_list_dicts   (CkptTree          *tree,
                                                CkptNodeId         from);
/* A key, or with @is_path a path of `_metadata`, without the components. */
CKPT_EXPORT char   *ckpt_wrappers_strip        (const char        *key,
                                                gboolean           is_path,
                                                const char *const *names);

/* The text of the key of a pair, or NULL where it is none, or not all of it is in memory. */
const char         *ckpt_wrappers_peek_key     (CkptTree          *tree,
                                                const CkptChild   *child);
/* The dict `_metadata` of a state dict, and its number among the children. */
gboolean            ckpt_wrappers_find_metadata (CkptTree         *tree,
                                                CkptNodeId         dict,
                                                guint32           *i,
                                                CkptNodeId        *metadata);
/* Whether it is like what state_dict() gives: has `_metadata`, or tensors at keys with dots. */
gboolean            ckpt_wrappers_check_dict   (CkptTree          *tree,
                                                CkptNodeId         dict);
gboolean            ckpt_wrapper_is_anywhere   (const char        *name);

G_END_DECLS
