/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-values-private.h"
#include "stats/ckpt-overlap.h"

G_BEGIN_DECLS

/* Bytes that are read at a time: enough for the processor's cache to hold them until they are looked at. */
#define CKPT_SCAN_BYTES ((gsize) 256 << 10)

/**
 * CkptScan:
 * @tensor: the tensor
 * @geometry: the elements to go over: repetitions are counted, not walked, and the order is that of the storage
 * @n_total: elements of the tensor
 * @times: how often each of those that are gone over counts, where @overlap is empty
 * @overlap: how often each of the innermost elements counts besides
 * @dtype: type of the items that are given: that of @tensor, or float64 where each channel has a scale of its own
 * @n_bytes: bytes to read, about
 * @limit: elements of the storage that are in the file
 * @is_ragged: whether there are elements beyond @limit in more places than at the end
 * @is_serial: whether its bytes can only be had one after the other, so that more threads would be in each other's way
 * @block_size: elements of each block but the last
 * @n_blocks: blocks; many threads may read one each
 *
 * What there is to do to go once over all elements of a tensor that are in the file.
 */
typedef struct
{
  CkptTree *tree;
  const CkptTensor *tensor;
  CkptGeometry geometry;
  guint64 n_total;
  guint64 times;
  CkptOverlap overlap;
  CkptDtype dtype;
  guint64 n_bytes;
  guint64 limit;
  gboolean is_ragged;
  gboolean is_serial;
  guint64 block_size;
  guint64 n_blocks;
} CkptScan;

/**
 * CkptScanFunc:
 * @items: @n elements in host order
 * @first: number of the first one among those that are gone over
 * @n: at least 1, at most %CKPT_SCAN_BYTES
 *
 * Given elements that follow each other.
 */
typedef void (*CkptScanFunc) (guint8   *items,
                              guint64   first,
                              gsize     n,
                              gpointer  user_data);

gboolean      ckpt_scan_init            (CkptScan          *self,
                                         CkptTree          *tree,
                                         const CkptTensor  *tensor,
                                         GError           **error);
void          ckpt_scan_clear           (CkptScan          *self);
/* For one thread; NULL where it needs none. */
CkptElements *ckpt_scan_open            (const CkptScan    *self);
gboolean      ckpt_scan_read_block      (const CkptScan    *self,
                                         CkptElements      *elements,
                                         guint64            block,
                                         guint8            *buffer,
                                         CkptScanFunc       func,
                                         gpointer           user_data,
                                         GError           **error);
gboolean      ckpt_scan_is_deflated     (CkptTree          *tree,
                                         const CkptTensor  *tensor);
gboolean      ckpt_scan_is_pair         (const CkptScan    *self);
void          ckpt_scan_to_doubles      (const CkptScan    *self,
                                         const guint8      *items,
                                         gsize              n,
                                         double            *values);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CkptScan, ckpt_scan_clear)

G_END_DECLS
