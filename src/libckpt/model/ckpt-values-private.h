/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-elements.h"
#include "model/ckpt-values.h"

G_BEGIN_DECLS

gboolean      ckpt_tensor_check_readable (CkptTree           *tree,
                                          const CkptTensor   *tensor,
                                          GError            **error);
gboolean      ckpt_tensor_get_geometry   (const CkptTensor   *tensor,
                                          CkptGeometry       *geometry,
                                          GError            **error);
/* The elements as they are stored: not negated, not conjugated. @geometry is that of @tensor, or made from it. */
CkptElements *ckpt_tensor_open           (CkptTree           *tree,
                                          const CkptTensor   *tensor,
                                          const CkptGeometry *geometry);
void          ckpt_tensor_finish_items   (const CkptTensor   *tensor,
                                          guint8             *items,
                                          gsize               n);
/* Turns stored numbers of elements [first, first + n) of a quantized tensor into real ones. */
gboolean      ckpt_tensor_dequantize     (CkptTree           *tree,
                                          const CkptTensor   *tensor,
                                          guint64             first,
                                          gsize               n,
                                          double             *values,
                                          GError            **error);

G_END_DECLS
