/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "formats/ckpt-pickle-buffer.h"
#include "formats/ckpt-writer.h"
#include "model/ckpt-tree-private.h"

G_BEGIN_DECLS

/**
 * CkptPayloadKind:
 * @CKPT_PAYLOAD_BYTES: bytes in memory
 * @CKPT_PAYLOAD_PICKLE: a pickle that is encoded
 * @CKPT_PAYLOAD_RECORD: packed bytes of a record of another file, as they are
 * @CKPT_PAYLOAD_STORAGE: bytes of a storage, made or unpacked or turned round on their way
 * @CKPT_PAYLOAD_ELEMENTS: the elements of a tensor in row-major order
 */
typedef enum
{
  CKPT_PAYLOAD_BYTES,
  CKPT_PAYLOAD_PICKLE,
  CKPT_PAYLOAD_RECORD,
  CKPT_PAYLOAD_STORAGE,
  CKPT_PAYLOAD_ELEMENTS,
} CkptPayloadKind;

/**
 * CkptPayload:
 * @kind: where the bytes come from
 * @swap_size: of a storage: bytes that are reversed together, 0 for none
 * @has_crc: whether @crc is known before the bytes are written
 * @crc: CRC-32 of the bytes once unpacked, right or wrong
 * @index: number of the record, storage or tensor
 * @offset: byte of the record or storage where they begin
 * @size: how many bytes go into the file
 * @bytes: for %CKPT_PAYLOAD_BYTES; owned
 * @pickle: for %CKPT_PAYLOAD_PICKLE; owned
 * @archive: for %CKPT_PAYLOAD_RECORD; not owned
 * @tree: for the others; not owned
 *
 * Bytes of a file that is going to be written.
 */
typedef struct
{
  guint8 kind;
  guint8 swap_size;
  gboolean has_crc;
  guint32 crc;
  guint32 index;
  guint64 offset;
  guint64 size;
  union
  {
    GBytes *bytes;
    CkptPickleBuffer *pickle;
    CkptArchive *archive;
    CkptTree *tree;
  };
} CkptPayload;

void     ckpt_payload_init_bytes    (CkptPayload       *self,
                                     GBytes            *bytes);
void     ckpt_payload_init_pickle   (CkptPayload       *self,
                                     CkptPickleBuffer  *pickle);
/* All of a record, packed as it is. */
void     ckpt_payload_init_record   (CkptPayload       *self,
                                     CkptArchive       *archive,
                                     guint              record);
gboolean ckpt_payload_init_storage  (CkptPayload       *self,
                                     CkptTree          *tree,
                                     guint              storage,
                                     gboolean           is_big_endian,
                                     GError           **error);
gboolean ckpt_payload_init_part     (CkptPayload       *self,
                                     CkptTree          *tree,
                                     guint              storage,
                                     guint64            begin,
                                     guint64            length,
                                     gboolean           is_big_endian,
                                     GError           **error);
gboolean ckpt_payload_init_elements (CkptPayload       *self,
                                     CkptTree          *tree,
                                     const CkptTensor  *tensor,
                                     GError           **error);
void     ckpt_payload_clear         (CkptPayload       *self);
/* The file and the byte where they are, if they are copied as they are. */
gboolean ckpt_payload_locate        (const CkptPayload *self,
                                     CkptSource       **source,
                                     guint64           *offset,
                                     GError           **error);
gboolean ckpt_payload_write         (const CkptPayload *self,
                                     CkptWriter        *writer,
                                     guint32           *crc,
                                     GError           **error);

G_END_DECLS
