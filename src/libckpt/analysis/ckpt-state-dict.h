/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/* What is known of a class of PyTorch's own. */
typedef struct _CkptModuleClass CkptModuleClass;

/**
 * CkptStateEntry:
 * @key: "conv1.weight"
 * @value: the parameter or buffer
 *
 * A pair of a state dict.
 */
typedef struct
{
  char *key;
  CkptNodeId value;
} CkptStateEntry;

/**
 * CkptStateModule:
 * @path: the names on the way to it, joined by dots; "" of the outermost
 * @module: the module
 * @class: (nullable): its class, if that is one of PyTorch's own
 * @has_hooks: whether functions of the user were to run when its state dict is made
 *
 * A module that state_dict() goes through.
 */
typedef struct
{
  char *path;
  CkptNodeId module;
  const CkptModuleClass *class;
  gboolean has_hooks;
} CkptStateModule;

/**
 * CkptStateDict:
 * @entries: (element-type CkptStateEntry): the pairs, in the order of state_dict()
 * @modules: (element-type CkptStateModule): the modules, in the order of `_metadata`
 *
 * What state_dict() of a pickled module gives.
 */
typedef struct
{
  GArray *entries;
  GArray *modules;
} CkptStateDict;

CKPT_EXPORT CkptStateDict *ckpt_state_dict_new           (CkptTree              *tree,
                                                          CkptNodeId             module,
                                                          GError               **error);
CKPT_EXPORT void           ckpt_state_dict_free          (CkptStateDict         *self);
/* The tensor that state_dict() has for a pair: what is inside of a parameter. */
CKPT_EXPORT CkptNodeId     ckpt_state_entry_get_tensor   (const CkptStateEntry  *self,
                                                          CkptTree              *tree);
/* The version that `_metadata` has for a module; FALSE where it would be a guess. */
CKPT_EXPORT gboolean       ckpt_state_module_get_version (const CkptStateModule *self,
                                                          guint                 *version);
/* Sentences for a person: why PyTorch's own state_dict() could give something else. */
CKPT_EXPORT GPtrArray     *ckpt_state_dict_list_doubts   (CkptStateDict         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptStateDict, ckpt_state_dict_free)

G_END_DECLS
