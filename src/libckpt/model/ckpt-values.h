/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

/* Why the values of a tensor cannot be read, or NULL if they can. */
CKPT_EXPORT const char *ckpt_tensor_get_unreadable (CkptTree         *tree,
                                                    const CkptTensor *tensor);
/* Elements [first, first + n) in row-major order: item_size bytes each, host order, conj and neg bits applied, packed ones unpacked,
 * quantized ones as stored. */
CKPT_EXPORT gboolean    ckpt_tensor_read           (CkptTree         *tree,
                                                    const CkptTensor *tensor,
                                                    guint64           first,
                                                    gsize             n,
                                                    gpointer          items,
                                                    GError          **error);
/* The same as doubles: quantized ones as real numbers, complex ones as magnitudes. */
CKPT_EXPORT gboolean    ckpt_tensor_read_doubles   (CkptTree         *tree,
                                                    const CkptTensor *tensor,
                                                    guint64           first,
                                                    gsize             n,
                                                    double           *values,
                                                    GError          **error);
/* FALSE if writing all elements out would come to far more than is in the file. */
CKPT_EXPORT gboolean    ckpt_tensor_check_repetition (CkptTree       *tree,
                                                    const CkptTensor *tensor,
                                                    GError          **error);
/* One element as text; quantized ones as real numbers. */
CKPT_EXPORT char       *ckpt_tensor_item_to_string (CkptTree         *tree,
                                                    const CkptTensor *tensor,
                                                    guint64           element,
                                                    GError          **error);
/* All of a small tensor, or the edges of a larger one, laid out as PyTorch prints it. */
CKPT_EXPORT char       *ckpt_tensor_print          (CkptTree         *tree,
                                                    const CkptTensor *tensor,
                                                    GError          **error);
/* "3×224×224", "scalar"; "768×768 of 2,304×768" is left to the views. */
CKPT_EXPORT char       *ckpt_tensor_shape_to_string (const CkptTensor *tensor);

G_END_DECLS
