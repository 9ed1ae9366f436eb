/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-source.h"

G_BEGIN_DECLS

/* A deflated range of a file, read at any place of what it holds: going back costs at most a stretch of
 * inflating. For one thread. */
typedef struct _CkptInflate CkptInflate;

CkptInflate *ckpt_inflate_new  (CkptSource  *source,
                                guint64      offset,
                                guint64      stored_size,
                                guint64      size,
                                GError     **error);
void         ckpt_inflate_free (CkptInflate *self);
gboolean     ckpt_inflate_read (CkptInflate *self,
                                guint64      offset,
                                gpointer     buffer,
                                gsize        length,
                                GError     **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptInflate, ckpt_inflate_free)

G_END_DECLS
