/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "stats/ckpt-pass.h"

G_BEGIN_DECLS

/**
 * CkptPool:
 * @next: (transfer full) (nullable): gives the next pass; %NULL if there is none. One call at a time, on any thread
 * @done: (transfer full): given each pass when no block of it is left; then its error says whether it is whole. On any threads, several calls
 *   at once
 * @data: for both
 * @n_threads: how many threads work, at most; the calling one is one of them
 * @n_bytes: what all passes will read together, about
 * @progress: (nullable): told on the calling thread how many bytes are done
 * @cancellable: (nullable): asked before each block
 *
 * Passes that some threads work on.
 */
typedef struct
{
  CkptPass *(*next) (gpointer data);
  void (*done) (CkptPass *pass, gpointer data);
  gpointer data;
  guint n_threads;
  guint64 n_bytes;
  CkptProgressFunc progress;
  gpointer progress_data;
  GCancellable *cancellable;
} CkptPool;

void     ckpt_pool_run     (const CkptPool   *pool);
gboolean ckpt_pool_run_one (CkptPass         *pass,
                            guint             n_threads,
                            CkptProgressFunc  progress,
                            gpointer          progress_data,
                            GCancellable     *cancellable,
                            GError          **error);

G_END_DECLS
