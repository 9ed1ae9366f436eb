/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-storage.h"

G_BEGIN_DECLS

#define CKPT_NO_TENSOR G_MAXUINT32

typedef enum
{
  CKPT_LAYOUT_STRIDED,
  CKPT_LAYOUT_SPARSE_COO,
  CKPT_LAYOUT_SPARSE_CSR,
  CKPT_LAYOUT_SPARSE_CSC,
  CKPT_LAYOUT_SPARSE_BSR,
  CKPT_LAYOUT_SPARSE_BSC,
  CKPT_LAYOUT_NESTED,
  CKPT_LAYOUT_JAGGED,
  CKPT_LAYOUT_UNKNOWN,
} CkptLayout;

/**
 * CkptTensorFlags:
 * @CKPT_TENSOR_REQUIRES_GRAD: requires_grad is True
 * @CKPT_TENSOR_PARAMETER: an nn.Parameter
 * @CKPT_TENSOR_CONJ: values are to be conjugated when read (done by ckpt_tensor_read())
 * @CKPT_TENSOR_NEG: values are to be negated when read (likewise)
 * @CKPT_TENSOR_META: has a shape but no data in any file
 * @CKPT_TENSOR_WRAPPER: a wrapper subclass: its data, if any, are tensors in its state
 * @CKPT_TENSOR_BROKEN: its description makes no sense or its storage is missing; @problem says why; no values can be read
 */
typedef enum
{
  CKPT_TENSOR_REQUIRES_GRAD = 1 << 0,
  CKPT_TENSOR_PARAMETER = 1 << 1,
  CKPT_TENSOR_CONJ = 1 << 2,
  CKPT_TENSOR_NEG = 1 << 3,
  CKPT_TENSOR_META = 1 << 4,
  CKPT_TENSOR_WRAPPER = 1 << 5,
  CKPT_TENSOR_BROKEN = 1 << 6,
} CkptTensorFlags;

typedef enum
{
  CKPT_QSCHEME_NONE,
  CKPT_QSCHEME_PER_TENSOR,
  CKPT_QSCHEME_PER_CHANNEL,
} CkptQscheme;

/**
 * CkptQuantizer:
 * @scale: of a per-tensor scheme
 * @zero_point: of a per-tensor scheme
 * @scales: of a per-channel scheme: tensor with one scale for each index of dimension @axis
 * @zero_points: likewise
 * @axis: dimension of a per-channel scheme
 * @first_channel: channel of index 0 of @axis; other than 0 only of a part of a tensor
 * @is_one_channel: whether all elements are of @first_channel, as they can be in a part of a tensor; @axis then says nothing
 *
 * How stored numbers of a quantized tensor become real ones: real = (stored - zero point) * scale.
 */
typedef struct
{
  CkptQscheme scheme;
  double scale;
  gint64 zero_point;
  guint32 scales;
  guint32 zero_points;
  gint64 axis;
  guint64 first_channel;
  gboolean is_one_channel;
} CkptQuantizer;

/**
 * CkptTensor:
 * @index: its number in the tree
 * @node: the value that it is
 * @storage: its storage, or %CKPT_NO_STORAGE (sparse, nested, meta, wrapper, broken)
 * @dtype: type of its elements
 * @layout: how its values are laid out
 * @flags: see #CkptTensorFlags
 * @n_dims: dimensions
 * @shape: (array length=n_dims): elements along each dimension
 * @stride: (array length=n_dims): elements of the storage from one index to the next, for strided tensors
 * @offset: element of the storage where it begins
 * @numel: product of @shape
 * @n_bytes: @numel x element size; for sparse and nested tensors the sum of the tensors it is made of
 * @device: its device, such as "cpu", "cuda:1", "xla:0"
 * @class_name: "Tensor", "Parameter", or the subclass with its module
 * @quantizer: (nullable): for quantized tensors
 * @inner: for a parameter, a device tensor or a subclass: the tensor it wraps; else %CKPT_NO_TENSOR. Its storage, shape and so on are already taken over
 * @tied_to: as in the file: see ckpt_tree_get_tied_to()
 * @problem: (nullable): why it is broken: a sentence
 *
 * A tensor as the file describes it.
 */
typedef struct
{
  guint32 index;
  CkptNodeId node;
  guint32 storage;
  CkptDtype dtype;
  CkptLayout layout;
  CkptTensorFlags flags;
  guint32 n_dims;
  const gint64 *shape;
  const gint64 *stride;
  gint64 offset;
  guint64 numel;
  guint64 n_bytes;
  const char *device;
  const char *class_name;
  const CkptQuantizer *quantizer;
  guint32 inner;
  guint32 tied_to;
  const char *problem;
} CkptTensor;

CKPT_EXPORT const char *ckpt_layout_get_name (CkptLayout layout);

G_END_DECLS
