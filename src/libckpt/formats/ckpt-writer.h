/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-output.h"

G_BEGIN_DECLS

/**
 * CkptRun:
 * @offset: byte of the new file where it begins
 * @length: its bytes
 * @crc: their CRC-32
 *
 * Bytes of a new file that passed through memory, as they should be on the disk.
 */
typedef struct
{
  guint64 offset;
  gsize length;
  guint32 crc;
} CkptRun;

/* Writes a file, and keeps in mind what it wrote. For one thread. */
typedef struct _CkptWriter CkptWriter;

CkptWriter    *ckpt_writer_new          (CkptOutput   *output);
void           ckpt_writer_free         (CkptWriter   *self);
guint64        ckpt_writer_get_position (CkptWriter   *self);
gboolean       ckpt_writer_write        (CkptWriter   *self,
                                         const void   *bytes,
                                         gsize         length,
                                         GError      **error);
/* A range of another file, whose CRC is found out where @crc is not NULL. */
gboolean       ckpt_writer_copy         (CkptWriter   *self,
                                         CkptSource   *source,
                                         guint64       offset,
                                         guint64       length,
                                         guint32      *crc,
                                         GError      **error);
const CkptRun *ckpt_writer_get_runs     (CkptWriter   *self,
                                         guint        *n_runs);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptWriter, ckpt_writer_free)

G_END_DECLS
