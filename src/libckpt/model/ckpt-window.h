/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-dtype.h"

G_BEGIN_DECLS

/**
 * CkptReadFunc:
 * @offset: byte of the storage
 * @length: bytes to read, at least 1
 *
 * Reads bytes of a storage; all of them, or fails.
 */
typedef gboolean (*CkptReadFunc) (gpointer   data,
                                  guint64    offset,
                                  gpointer   buffer,
                                  gsize      length,
                                  GError   **error);

/* Elements of a storage, in host order and unpacked; holds some of those read last. For one thread. */
typedef struct _CkptWindow CkptWindow;

CkptWindow   *ckpt_window_new          (CkptDtype        dtype,
                                        gboolean         is_swapped,
                                        CkptReadFunc     read,
                                        gpointer         data,
                                        GDestroyNotify   destroy);
void          ckpt_window_free         (CkptWindow      *self);
CkptDtype     ckpt_window_get_dtype    (CkptWindow      *self);
gsize         ckpt_window_get_capacity (CkptWindow      *self);
const guint8 *ckpt_window_get          (CkptWindow      *self,
                                        guint64          first,
                                        gsize            n,
                                        guint64          ahead,
                                        GError         **error);
gboolean      ckpt_window_read         (CkptWindow      *self,
                                        guint64          first,
                                        gsize            n,
                                        guint8          *items,
                                        GError         **error);

void          ckpt_swap_bytes          (guint8          *bytes,
                                        gsize            n_bytes,
                                        guint            swap_size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptWindow, ckpt_window_free)

G_END_DECLS
