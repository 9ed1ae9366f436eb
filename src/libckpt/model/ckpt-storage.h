/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-archive.h"
#include "model/ckpt-dtype.h"
#include "model/ckpt-nodes.h"

G_BEGIN_DECLS

#define CKPT_NO_STORAGE G_MAXUINT32
#define CKPT_NO_RECORD G_MAXUINT32

/**
 * CkptBytesKind:
 * @CKPT_BYTES_RECORD: in a record of an archive
 * @CKPT_BYTES_RANGE: bytes from @begin on of storage @origin
 * @CKPT_BYTES_CAST: the elements of storage @origin, converted to this one's type as torch.Tensor.to() does
 * @CKPT_BYTES_ELEMENTS: the elements of tensor @origin one after another, in row-major order
 *
 * Where the bytes of a storage come from. All but the first are of edits that are not saved yet.
 */
typedef enum
{
  CKPT_BYTES_RECORD,
  CKPT_BYTES_RANGE,
  CKPT_BYTES_CAST,
  CKPT_BYTES_ELEMENTS,
} CkptBytesKind;

/**
 * CkptStorage:
 * @key: its name in the file; owned by the tree
 * @location: the location tag that PyTorch wrote, such as "cuda:1"; owned by the tree
 * @dtype: type of its elements as the file says; uint8 for an untyped storage
 * @is_untyped: whether it is an UntypedStorage
 * @numel: elements as the file counts them: of @dtype, or bytes where @dtype packs several elements into one
 * @n_bytes: bytes that it should have
 * @n_bytes_present: bytes that are in the file; less than @n_bytes if the file is cut or the record is short
 * @record: record of the archive with its bytes, or %CKPT_NO_RECORD if it is missing, or cannot be trusted: then @n_bytes_present
 *   is not 0, and the format has warned of it
 * @record_offset: where it begins in that record
 * @is_big_endian: whether its elements are stored most significant byte first
 * @node: the first persistent id that names it
 * @bytes: where its bytes come from; @record and @record_offset are for %CKPT_BYTES_RECORD
 * @archive: (nullable): whose record it is, if it is of another file than the tree's
 * @origin: number of the storage or tensor that its bytes are made from
 * @begin: see %CKPT_BYTES_RANGE
 * @from_dtype: of %CKPT_BYTES_CAST: type of the elements of @origin, which that storage does not tell if it is untyped
 * @to_dtype: likewise: type of the elements of this one
 *
 * The bytes that tensors are views of.
 */
typedef struct
{
  const char *key;
  const char *location;
  CkptDtype dtype;
  gboolean is_untyped;
  guint64 numel;
  guint64 n_bytes;
  guint64 n_bytes_present;
  guint32 record;
  guint64 record_offset;
  gboolean is_big_endian;
  CkptNodeId node;
  CkptBytesKind bytes;
  CkptArchive *archive;
  guint32 origin;
  guint64 begin;
  CkptDtype from_dtype;
  CkptDtype to_dtype;
} CkptStorage;

/* Bytes of @numel elements, counted as the file counts those of this storage; FALSE if no file can hold them. */
gboolean ckpt_storage_get_bytes (const CkptStorage *self,
                                 guint64            numel,
                                 guint64           *n_bytes);

G_END_DECLS
