/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/**
 * StateroomTensorDetails:
 * @same: (element-type utf8): other paths to the same elements, the first of them
 * @n_same: how many such paths there are
 * @sharing: (element-type utf8): paths of other tensors in the same storage, the first of them
 * @n_sharing: how many such paths there are
 *
 * What takes time to find out about a tensor.
 */
typedef struct
{
  GPtrArray *same;
  guint n_same;
  GPtrArray *sharing;
  guint n_sharing;
} StateroomTensorDetails;

void                    stateroom_tensor_details_load_async  (CkptTree               *tree,
                                                              const CkptPath         *path,
                                                              const CkptTensor       *tensor,
                                                              GCancellable           *cancellable,
                                                              GAsyncReadyCallback     callback,
                                                              gpointer                user_data);
StateroomTensorDetails *stateroom_tensor_details_load_finish (GAsyncResult           *result,
                                                              GError                **error);
void                    stateroom_tensor_details_free        (StateroomTensorDetails *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StateroomTensorDetails, stateroom_tensor_details_free)

G_END_DECLS
