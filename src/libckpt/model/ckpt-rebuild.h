/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-recognise.h"

G_BEGIN_DECLS

/**
 * CkptRebuild:
 * @owner: what it is a step of
 * @node: the value that is being recognised
 * @args: (array length=n_args): arguments of the call
 * @n_args: how many
 * @tensor: what is known of the tensor
 *
 * A call that rebuilds a tensor, while it is read. The functions below that return a boolean return %FALSE when the tensor makes no sense;
 * they have then said why in it and in a warning.
 */
typedef struct
{
  CkptRecogniser *owner;
  CkptNodeId node;
  const CkptNodeId *args;
  guint32 n_args;
  CkptTensor tensor;
} CkptRebuild;

/* Marks the tensor as broken, with a warning. */
gboolean ckpt_rebuild_fail         (CkptRebuild   *self,
                                    const char    *code,
                                    const char    *format,
                                    ...) G_GNUC_PRINTF (3, 4);
/* The same without a warning, where one has been given, or none is due. */
gboolean ckpt_rebuild_break        (CkptRebuild   *self,
                                    const char    *problem);
CkptNodeId ckpt_rebuild_get_arg    (CkptRebuild   *self,
                                    guint32        i);
gboolean ckpt_rebuild_is_true      (CkptRebuild   *self,
                                    CkptNodeId     node);
gboolean ckpt_rebuild_read_shape   (CkptRebuild   *self,
                                    CkptNodeId     node);
gboolean ckpt_rebuild_read_stride  (CkptRebuild   *self,
                                    CkptNodeId     node);
gboolean ckpt_rebuild_read_dtype   (CkptRebuild   *self,
                                    CkptNodeId     node);
gboolean ckpt_rebuild_read_device  (CkptRebuild   *self,
                                    CkptNodeId     node);
gboolean ckpt_rebuild_count        (CkptRebuild   *self);
/* Takes storage, offset, size and stride from the four arguments at @args. */
gboolean ckpt_rebuild_read_strided (CkptRebuild      *self,
                                    const CkptNodeId *args,
                                    CkptDtype         dtype);
/* Takes everything over from the tensor at @node. */
gboolean ckpt_rebuild_wrap         (CkptRebuild   *self,
                                    CkptNodeId     node);
/* The tensor at @node, or NULL. */
const CkptTensor *ckpt_rebuild_get_tensor (CkptRebuild *self,
                                    CkptNodeId     node);

/* One function for each form of call; each is given the number of arguments that it takes. */
void ckpt_rebuild_sparse           (CkptRebuild   *self);
void ckpt_rebuild_sparse_csr       (CkptRebuild   *self);
void ckpt_rebuild_nested           (CkptRebuild   *self);
void ckpt_rebuild_jagged           (CkptRebuild   *self);

G_END_DECLS
