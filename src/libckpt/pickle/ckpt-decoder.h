/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-reader.h"
#include "io/ckpt-warnings.h"
#include "model/ckpt-nodes.h"

G_BEGIN_DECLS

/**
 * CkptPickleInfo:
 * @root: the value that the pickle holds
 * @protocol: the highest protocol that PROTO opcodes named, 0 without any
 * @n_opcodes: opcodes read
 * @end: byte of the record after STOP
 */
typedef struct
{
  CkptNodeId root;
  guint8 protocol;
  guint64 n_opcodes;
  guint64 end;
} CkptPickleInfo;

gboolean ckpt_decode_pickle (CkptReader      *reader,
                             CkptNodes       *nodes,
                             CkptWarnings    *warnings,
                             CkptProgressFunc progress,
                             gpointer         progress_data,
                             GCancellable    *cancellable,
                             CkptPickleInfo  *info,
                             GError         **error);

/**
 * CkptOpcodeFunc:
 * @position: byte of the record where the opcode stands
 *
 * Told of each opcode of a pickle in turn, before it takes effect.
 */
typedef void (*CkptOpcodeFunc) (guint64    position,
                                guint8     opcode,
                                gpointer   user_data);

/* Walks the opcodes of a pickle without building anything. */
gboolean ckpt_scan_pickle   (CkptReader      *reader,
                             CkptOpcodeFunc   func,
                             gpointer         user_data,
                             GError         **error);

G_END_DECLS
