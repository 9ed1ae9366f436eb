/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

typedef enum
{
  ELEMENT_JSON, /* 1.5, "nan", true, [1.0, 2.0] */
  ELEMENT_CSV,  /* 1.5, nan, True, 1.0+2.0j */
} ElementStyle;

/* The elements of a tensor as text, one after the other, in row-major order; read a block at a time. */
typedef struct _Elements Elements;

Elements *elements_new    (CkptTree          *tree,
                           const CkptTensor  *tensor,
                           ElementStyle       style);
void      elements_free   (Elements          *self);
gboolean  elements_append (Elements          *self,
                           GString           *text,
                           GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Elements, elements_free)

G_END_DECLS
