/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "stateroom-tensor-rows.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_TENSOR_TABLE (stateroom_tensor_table_get_type ())

/* A table of tensors and their figures, sorted by any of them. Emits "activated" with the path of a row. */
G_DECLARE_FINAL_TYPE (StateroomTensorTable, stateroom_tensor_table, STATEROOM, TENSOR_TABLE, AdwBin)

GtkWidget           *stateroom_tensor_table_new      (void);
void                 stateroom_tensor_table_set_list (StateroomTensorTable *self,
                                                      StateroomTensorList  *list,
                                                      StateroomSurvey      *survey);
StateroomTensorRows *stateroom_tensor_table_get_rows (StateroomTensorTable *self);
/* For tests: what a click on a heading does. */
void                 stateroom_tensor_table_sort     (StateroomTensorTable *self,
                                                      StateroomTensorOrder  order,
                                                      gboolean              is_descending);
/* The text of a cell. */
char                *stateroom_tensor_table_dup_text (StateroomTensorTable *self,
                                                      StateroomTensorOrder  column,
                                                      guint                 position);

G_END_DECLS
