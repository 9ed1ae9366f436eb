/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/* Statistics of one file that were computed already. Main thread only. */
typedef struct _StateroomStatsCache StateroomStatsCache;

StateroomStatsCache *stateroom_stats_cache_new           (void);
StateroomStatsCache *stateroom_stats_cache_ref           (StateroomStatsCache *self);
void                 stateroom_stats_cache_unref         (StateroomStatsCache *self);
char                *stateroom_stats_cache_dup_key       (const CkptTensor    *tensor);
const CkptStats     *stateroom_stats_cache_get_stats     (StateroomStatsCache *self,
                                                          const char          *key);
const CkptHistogram *stateroom_stats_cache_get_histogram (StateroomStatsCache *self,
                                                          const char          *key,
                                                          guint                n_bins);
void                 stateroom_stats_cache_add_stats     (StateroomStatsCache *self,
                                                          const char          *key,
                                                          const CkptStats     *stats);
void                 stateroom_stats_cache_take_histogram (StateroomStatsCache *self,
                                                          const char          *key,
                                                          guint                n_bins,
                                                          CkptHistogram       *histogram);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StateroomStatsCache, stateroom_stats_cache_unref)

G_END_DECLS
