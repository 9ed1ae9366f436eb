/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-geometry.h"
#include "model/ckpt-window.h"

G_BEGIN_DECLS

/* The elements of a tensor, read from its storage in any order. For one thread. */
typedef struct _CkptElements CkptElements;

CkptElements *ckpt_elements_new          (const CkptGeometry  *geometry,
                                          CkptWindow          *window);
void          ckpt_elements_free         (CkptElements        *self);
guint64       ckpt_elements_get_n        (CkptElements        *self);
gboolean      ckpt_elements_read         (CkptElements        *self,
                                          guint64              first,
                                          gsize                n,
                                          gpointer             items,
                                          GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptElements, ckpt_elements_free)

G_END_DECLS
