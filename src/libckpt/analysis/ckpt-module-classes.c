/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "analysis/ckpt-module-classes.h"

#include <stdlib.h>
#include <string.h>

static int
compare (gconstpointer name, gconstpointer row)
{
  return strcmp (name, ((const CkptModuleClass *) row)->name);
}

/**
 * ckpt_module_class_find:
 * @name: (nullable): a class, as ckpt_tree_get_class_name() gives it
 *
 * Returns: (transfer none) (nullable): what is known of it, if it is a module class of PyTorch's own
 */
const CkptModuleClass *
ckpt_module_class_find (const char *name)
{
  if (name == NULL)
    return NULL;
  return bsearch (name, ckpt_module_classes, ckpt_n_module_classes, sizeof (CkptModuleClass), compare);
}
