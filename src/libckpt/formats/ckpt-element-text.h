/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

typedef enum
{
  CKPT_ELEMENT_JSON, /* 1.5, "nan", true, [1.0, 2.0] */
  CKPT_ELEMENT_CSV,  /* 1.5, nan, True, 1.0+2.0j */
} CkptElementStyle;

/* The elements of a tensor as text, one after the other, in row-major order; read a block at a time. For one thread. */
typedef struct _CkptElementText CkptElementText;

CKPT_EXPORT CkptElementText *ckpt_element_text_new    (CkptTree          *tree,
                                                       const CkptTensor  *tensor,
                                                       CkptElementStyle   style);
CKPT_EXPORT void             ckpt_element_text_free   (CkptElementText   *self);
CKPT_EXPORT gboolean         ckpt_element_text_append (CkptElementText   *self,
                                                       GString           *text,
                                                       GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptElementText, ckpt_element_text_free)

G_END_DECLS
