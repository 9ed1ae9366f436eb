/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_SLICE_MODEL (stateroom_slice_model_get_type ())

/* Which rows and columns of a tensor are looked at; emits "changed". Views of one tensor share it. */
G_DECLARE_FINAL_TYPE (StateroomSliceModel, stateroom_slice_model, STATEROOM, SLICE_MODEL, GObject)

StateroomSliceModel *stateroom_slice_model_new       (CkptSlice            *slice);
const CkptSlice     *stateroom_slice_model_get_slice (StateroomSliceModel  *self);
void                 stateroom_slice_model_set_rows  (StateroomSliceModel  *self,
                                                      int                   axis);
void                 stateroom_slice_model_set_columns (StateroomSliceModel *self,
                                                      int                   axis);
void                 stateroom_slice_model_set_index (StateroomSliceModel  *self,
                                                      guint                 axis,
                                                      guint64               index);
gboolean             stateroom_slice_model_go_to     (StateroomSliceModel  *self,
                                                      const char           *text,
                                                      guint64              *row,
                                                      guint64              *column,
                                                      GError              **error);

G_END_DECLS
