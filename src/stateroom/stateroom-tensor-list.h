/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/**
 * StateroomTensorEntry:
 * @tensor: its number in the tree
 * @name: from what it is listed under: "attn.c_attn.weight", safe to show
 * @sort_key: of the name, with numbers by their value
 * @path: text form of its path
 *
 * A tensor at one place.
 */
typedef struct
{
  guint32 tensor;
  char *name;
  char *sort_key;
  char *path;
} StateroomTensorEntry;

/* The tensors under something, in the order of the file. Does not change, so any thread may use it. */
typedef struct _StateroomTensorList StateroomTensorList;

void                        stateroom_tensor_list_load_async  (CkptItem            *item,
                                                               GCancellable        *cancellable,
                                                               GAsyncReadyCallback  callback,
                                                               gpointer             user_data);
/* Of all that is under a value. */
void                        stateroom_tensor_list_load_path_async (CkptTree        *tree,
                                                               const CkptPath      *path,
                                                               GCancellable        *cancellable,
                                                               GAsyncReadyCallback  callback,
                                                               gpointer             user_data);
StateroomTensorList        *stateroom_tensor_list_load_finish (GAsyncResult        *result);
StateroomTensorList        *stateroom_tensor_list_ref         (StateroomTensorList *self);
void                        stateroom_tensor_list_unref       (StateroomTensorList *self);
CkptTree                   *stateroom_tensor_list_get_tree    (StateroomTensorList *self);
guint                       stateroom_tensor_list_get_n       (StateroomTensorList *self);
const StateroomTensorEntry *stateroom_tensor_list_get         (StateroomTensorList *self,
                                                               guint                i);
const guint32              *stateroom_tensor_list_get_tensors (StateroomTensorList *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StateroomTensorList, stateroom_tensor_list_unref)

G_END_DECLS
