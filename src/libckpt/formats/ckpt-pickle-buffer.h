/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "formats/ckpt-writer.h"
#include "model/ckpt-tree-private.h"

G_BEGIN_DECLS

/* A pickle that is going to be written: its length and CRC are known beforehand, and it is kept in memory only if it is small. */
typedef struct _CkptPickleBuffer CkptPickleBuffer;

CkptPickleBuffer *ckpt_pickle_buffer_new      (const CkptNodes   *nodes,
                                               CkptArchive       *archive,
                                               CkptNodeId         root,
                                               GCancellable      *cancellable,
                                               GError           **error);
void              ckpt_pickle_buffer_free     (CkptPickleBuffer  *self);
guint64           ckpt_pickle_buffer_get_size (CkptPickleBuffer  *self);
guint32           ckpt_pickle_buffer_get_crc  (CkptPickleBuffer  *self);
gboolean          ckpt_pickle_buffer_write    (CkptPickleBuffer  *self,
                                               CkptWriter        *writer,
                                               GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptPickleBuffer, ckpt_pickle_buffer_free)

G_END_DECLS
