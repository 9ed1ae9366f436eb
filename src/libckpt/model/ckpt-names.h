/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-dtype.h"

G_BEGIN_DECLS

/* The classes and functions that PyTorch, Python and NumPy name in pickles and that mean something to this library. */
typedef enum
{
  CKPT_NAME_UNKNOWN,

  /* Functions of PyTorch that rebuild a tensor. */
  CKPT_NAME_REBUILD_TENSOR,
  CKPT_NAME_REBUILD_TENSOR_V2,
  CKPT_NAME_REBUILD_TENSOR_V3,
  CKPT_NAME_REBUILD_PARAMETER,
  CKPT_NAME_REBUILD_PARAMETER_WITH_STATE,
  CKPT_NAME_REBUILD_QTENSOR,
  CKPT_NAME_REBUILD_SPARSE_TENSOR,
  CKPT_NAME_REBUILD_SPARSE_CSR_TENSOR,
  CKPT_NAME_REBUILD_META_TENSOR,
  CKPT_NAME_REBUILD_NESTED_TENSOR,
  CKPT_NAME_REBUILD_JAGGED_TENSOR,
  CKPT_NAME_REBUILD_WRAPPER_SUBCLASS,
  CKPT_NAME_REBUILD_DEVICE_TENSOR_FROM_NUMPY,
  CKPT_NAME_REBUILD_DEVICE_TENSOR_FROM_CPU,
  CKPT_NAME_REBUILD_FROM_TYPE,

  /* Other names of PyTorch. */
  CKPT_NAME_TENSOR_CLASS, /* torch.FloatTensor and the like, torch.Tensor */
  CKPT_NAME_PARAMETER,    /* torch.nn.parameter.Parameter, torch.autograd.variable.Variable */
  CKPT_NAME_STORAGE_CLASS,
  CKPT_NAME_UNTYPED_STORAGE,
  CKPT_NAME_DTYPE,
  CKPT_NAME_QSCHEME_PER_TENSOR,
  CKPT_NAME_QSCHEME_PER_CHANNEL,
  CKPT_NAME_LAYOUT,
  CKPT_NAME_GET_LAYOUT,
  CKPT_NAME_SIZE,
  CKPT_NAME_DEVICE,
  CKPT_NAME_LOAD_FROM_BYTES,
  CKPT_NAME_TYPED_LIST,       /* TorchScript: build_intlist and the like, with the list as argument */
  CKPT_NAME_RESTORE_TYPE_TAG, /* TorchScript: with the value as first argument */

  /* Names of Python. */
  CKPT_NAME_ORDERED_DICT,
  CKPT_NAME_DEFAULTDICT,
  CKPT_NAME_COUNTER,
  CKPT_NAME_SET,
  CKPT_NAME_FROZENSET,
  CKPT_NAME_BYTES,
  CKPT_NAME_BYTEARRAY,
  CKPT_NAME_ENCODE,
  CKPT_NAME_OBJECT,
  CKPT_NAME_RECONSTRUCTOR,
  CKPT_NAME_COMPILE_PATTERN,

  /* Names of NumPy. */
  CKPT_NAME_NUMPY_ARRAY_CLASS,
  CKPT_NAME_NUMPY_RECONSTRUCT,
  CKPT_NAME_NUMPY_FROM_BUFFER,
  CKPT_NAME_NUMPY_SCALAR,
  CKPT_NAME_NUMPY_DTYPE,
} CkptName;

CkptName ckpt_name_find      (const char *module,
                              const char *name,
                              CkptDtype  *dtype);
char    *ckpt_name_to_python (const char *module,
                              const char *name);

G_END_DECLS
