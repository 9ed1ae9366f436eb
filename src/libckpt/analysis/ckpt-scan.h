/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/* Values that ckpt_scan() gives at a time, at most. */
#define CKPT_SCAN_BLOCK 16384

/**
 * CkptScanFunc:
 * @values: (array length=n): some values
 * @n: at least 1, at most %CKPT_SCAN_BLOCK
 * @times: how many elements each of them stands for
 */
typedef void (*CkptScanFunc) (const double *values,
                              gsize         n,
                              guint64       times,
                              gpointer      user_data);

/**
 * CkptScan:
 * @func: gets the values
 * @progress: (nullable): told how many bytes are done
 * @cancellable: (nullable): asked before each block
 *
 * What is to be done with all values of a tensor, in no particular order.
 */
typedef struct
{
  CkptScanFunc func;
  gpointer data;
  CkptProgressFunc progress;
  gpointer progress_data;
  GCancellable *cancellable;
} CkptScan;

gboolean ckpt_scan (CkptTree          *tree,
                    const CkptTensor  *tensor,
                    const CkptScan    *scan,
                    GError           **error);

G_END_DECLS
