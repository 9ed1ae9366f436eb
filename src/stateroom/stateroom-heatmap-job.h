/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/**
 * StateroomHeatmapWish:
 * @rect: cells of the slice
 * @row_factor: rows that make a block
 * @column_factor: columns that make a block
 *
 * Which blocks are wanted.
 */
typedef struct
{
  CkptRect rect;
  guint64 row_factor;
  guint64 column_factor;
} StateroomHeatmapWish;

#define STATEROOM_TYPE_HEATMAP_JOB (stateroom_heatmap_job_get_type ())

/* Reduces a slice to blocks in a thread; emits "changed" when there is something new. */
G_DECLARE_FINAL_TYPE (StateroomHeatmapJob, stateroom_heatmap_job, STATEROOM, HEATMAP_JOB, GObject)

StateroomHeatmapJob *stateroom_heatmap_job_new          (const CkptSlice            *slice);
guint64              stateroom_heatmap_job_count_bytes  (StateroomHeatmapJob        *self,
                                                         const StateroomHeatmapWish *wish);
void                 stateroom_heatmap_job_start        (StateroomHeatmapJob        *self,
                                                         const StateroomHeatmapWish *wish);
void                 stateroom_heatmap_job_cancel       (StateroomHeatmapJob        *self);
gboolean             stateroom_heatmap_job_is_running   (StateroomHeatmapJob        *self);
double               stateroom_heatmap_job_get_progress (StateroomHeatmapJob        *self);
const CkptSlice     *stateroom_heatmap_job_get_slice    (StateroomHeatmapJob        *self);
CkptBlocks          *stateroom_heatmap_job_get_blocks   (StateroomHeatmapJob        *self);
const GError        *stateroom_heatmap_job_get_error    (StateroomHeatmapJob        *self);

G_END_DECLS
