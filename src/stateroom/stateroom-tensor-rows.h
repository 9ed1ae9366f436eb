/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-survey.h"
#include "stateroom-tensor-list.h"

G_BEGIN_DECLS

typedef enum
{
  STATEROOM_BY_FILE,
  STATEROOM_BY_NAME,
  STATEROOM_BY_SHAPE,
  STATEROOM_BY_TYPE,
  STATEROOM_BY_MEAN,
  STATEROOM_BY_STD,
  STATEROOM_BY_MIN,
  STATEROOM_BY_MAX,
  STATEROOM_BY_ZEROS,
  STATEROOM_BY_BAD,
} StateroomTensorOrder;

#define STATEROOM_TYPE_TENSOR_ROWS (stateroom_tensor_rows_get_type ())

/* The rows of a table of tensors, as a list of GtkStringObject whose text is the path. What is shown of them stands in arrays, and there
 * they are sorted, however many they are. */
G_DECLARE_FINAL_TYPE (StateroomTensorRows, stateroom_tensor_rows, STATEROOM, TENSOR_ROWS, GObject)

StateroomTensorRows        *stateroom_tensor_rows_new        (StateroomTensorList  *list,
                                                              StateroomSurvey      *survey);
void                        stateroom_tensor_rows_sort       (StateroomTensorRows  *self,
                                                              StateroomTensorOrder  order,
                                                              gboolean              is_descending);
/* After results arrived. */
void                        stateroom_tensor_rows_sort_again (StateroomTensorRows  *self);
const StateroomTensorEntry *stateroom_tensor_rows_get_entry  (StateroomTensorRows  *self,
                                                              guint                 position);
const CkptTensor           *stateroom_tensor_rows_get_tensor (StateroomTensorRows  *self,
                                                              guint                 position);
const StateroomResult      *stateroom_tensor_rows_get_result (StateroomTensorRows  *self,
                                                              guint                 position);

G_END_DECLS
