/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-facts.h"
#include "stateroom-figures.h"
#include "stateroom-histogram-card.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_TENSOR_PAGE (stateroom_tensor_page_get_type ())

/* The inspector of a tensor. */
G_DECLARE_FINAL_TYPE (StateroomTensorPage, stateroom_tensor_page, STATEROOM, TENSOR_PAGE, AdwBin)

GtkWidget              *stateroom_tensor_page_new                (void);
void                    stateroom_tensor_page_show               (StateroomTensorPage *self,
                                                                  StateroomSurvey     *survey,
                                                                  const CkptPath      *path,
                                                                  const CkptTensor    *tensor);
void                    stateroom_tensor_page_clear              (StateroomTensorPage *self);
gboolean                stateroom_tensor_page_is_busy            (StateroomTensorPage *self);
StateroomHistogramCard *stateroom_tensor_page_get_histogram_card (StateroomTensorPage *self);
AdwViewStack           *stateroom_tensor_page_get_views          (StateroomTensorPage *self);
StateroomFigures       *stateroom_tensor_page_get_figures        (StateroomTensorPage *self);
StateroomFacts         *stateroom_tensor_page_get_storage_facts  (StateroomTensorPage *self);

G_END_DECLS
