/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-totals.h"

G_BEGIN_DECLS

/**
 * CkptByteRange:
 * @first: the first byte
 * @end: one behind the last
 */
typedef struct
{
  guint64 first;
  guint64 end;
} CkptByteRange;

/**
 * CkptWasteView:
 * @path: text form of the path where the tensor, or the storage itself, comes first
 * @node: the value
 * @tensor: its number in the tree, or %CKPT_NO_TENSOR for a storage that is a value itself
 * @range: bytes of the storage from its first element to its last one
 *
 * Something that keeps a storage in the file.
 */
typedef struct
{
  char *path;
  CkptNodeId node;
  guint32 tensor;
  CkptByteRange range;
} CkptWasteView;

/**
 * CkptWaste:
 * @storage: a storage that is larger than what is seen of it, or %CKPT_NO_STORAGE for bytes that belong to none
 * @record: the record where it is, or %CKPT_NO_RECORD
 * @n_bytes: bytes of the storage that are in the file; without a storage, of the record
 * @n_wasted: how many of them no tensor shows
 * @shown: (element-type CkptByteRange): the bytes that are used: in ascending order, apart from each other, at most 256; of more
 *   the nearest are joined
 * @views: (element-type CkptWasteView): what shows them, in file order, at most 100
 * @n_views: how many there are in all
 *
 * Bytes of a file that are there for nothing.
 */
typedef struct
{
  guint32 storage;
  guint32 record;
  guint64 n_bytes;
  guint64 n_wasted;
  GArray *shown;
  GPtrArray *views;
  guint n_views;
} CkptWaste;

/* (element-type CkptWaste): the most wasted bytes first. */
CKPT_EXPORT GPtrArray *ckpt_waste_list  (CkptTree   *tree);
guint64                ckpt_waste_count (CkptTree   *tree,
                                         CkptTotals *totals);

G_END_DECLS
