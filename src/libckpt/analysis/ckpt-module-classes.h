/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "analysis/ckpt-state-dict.h"

G_BEGIN_DECLS

/**
 * CkptModuleWays:
 * @CKPT_MODULE_WAY_SAVE: has its own _save_to_state_dict()
 * @CKPT_MODULE_WAY_EXTRA: has its own get_extra_state()
 * @CKPT_MODULE_WAY_ALL: has its own state_dict()
 *
 * What of state_dict() a class does in its own way, so that it cannot be told from the file.
 */
typedef enum
{
  CKPT_MODULE_WAY_SAVE = 1 << 0,
  CKPT_MODULE_WAY_EXTRA = 1 << 1,
  CKPT_MODULE_WAY_ALL = 1 << 2,
} CkptModuleWays;

/**
 * CkptModuleClass:
 * @name: with its module, as Python 3 calls it
 * @version: its `_version`, which state_dict() writes into `_metadata`; 0 if it is not the same in all PyTorch releases
 * @ways: see #CkptModuleWays
 *
 * A class of PyTorch's own that is an nn.Module.
 */
struct _CkptModuleClass
{
  const char *name;
  guint version;
  CkptModuleWays ways;
};

/* Sorted by name; made from module-classes/ by make-tables.py. */
extern const CkptModuleClass ckpt_module_classes[];
extern const gsize ckpt_n_module_classes;

const CkptModuleClass *ckpt_module_class_find (const char *name);

G_END_DECLS
