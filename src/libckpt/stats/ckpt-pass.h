/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "stats/ckpt-counter.h"
#include "stats/ckpt-kernels.h"
#include "stats/ckpt-scan.h"

G_BEGIN_DECLS

typedef struct _CkptPass CkptPass;

/**
 * CkptWorker:
 * @counter: counts keys; empty between two runs
 * @counts: (array length=CKPT_COUNTER_KEYS): what was drained from it
 * @buffer: %CKPT_SCAN_BYTES of elements
 * @values: twice %CKPT_KERNEL_MAX numbers, of part of them
 * @keys: room for a number of 32 bits for each of these
 *
 * What one thread needs to take part in passes.
 */
typedef struct
{
  CkptCounter *counter;
  CkptKeyCount *counts;
  guint8 *buffer;
  double *values;
  guint32 *keys;
} CkptWorker;

/**
 * CkptPassClass:
 * @take: looks at elements of block @block; in a run, which is some blocks that follow each other and one thread works on
 * @end_run: adds what was found in a run to the pass; under its lock
 * @free: frees what the class has added
 *
 * What a pass over a tensor is for.
 */
typedef struct
{
  void (*take)    (CkptPass   *self,
                   CkptWorker *worker,
                   guint64     block,
                   guint8     *items,
                   guint64     first,
                   gsize       n);
  void (*end_run) (CkptPass   *self,
                   CkptWorker *worker);
  void (*free)    (CkptPass   *self);
} CkptPassClass;

/**
 * CkptPass:
 * @scan: what to go over
 * @tag: number that whoever made it knows it by
 * @mutex: guards what follows
 * @n_left: blocks that are not done
 * @error: (nullable): what went wrong
 *
 * Going once over all elements of a tensor, with as many threads as take part.
 */
struct _CkptPass
{
  const CkptPassClass *klass;
  CkptScan scan;
  gsize tag;
  GMutex mutex;
  guint64 n_left;
  GError *error;
};

CkptWorker *ckpt_worker_new     (void);
void        ckpt_worker_free    (CkptWorker          *self);

gboolean    ckpt_pass_init      (CkptPass            *self,
                                 const CkptPassClass *klass,
                                 CkptTree            *tree,
                                 const CkptTensor    *tensor,
                                 GError             **error);
void        ckpt_pass_free      (CkptPass            *self);
guint64     ckpt_pass_run       (CkptPass            *self,
                                 CkptWorker          *worker,
                                 guint64              first,
                                 guint64              n,
                                 GCancellable        *cancellable,
                                 void               (*on_block) (guint64   n_bytes,
                                                                 gpointer  user_data),
                                 gpointer             user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptWorker, ckpt_worker_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptPass, ckpt_pass_free)

G_END_DECLS
