/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

typedef enum
{
  SAVE_NPY,
  SAVE_CSV,
  SAVE_UNKNOWN,
} SaveFormat;

SaveFormat save_format_from_name  (const char        *name);
gboolean   save_value             (CkptTree          *tree,
                                   const CkptPath    *path,
                                   const char        *name,
                                   GError           **error);
gboolean   save_check             (CkptTree          *tree,
                                   const CkptTensor  *tensor,
                                   GError           **error);

G_END_DECLS
