/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-names.h"

#include <string.h>

typedef struct
{
  const char *module;
  const char *name;
  CkptName id;
} KnownName;

/* From torch/_utils.py, torch/_tensor.py, torch/serialization.py, torch/nested/_internal/nested_tensor.py, torch/jit/_pickle.py and what
 * CPython and NumPy pickle their own types as. */
static const KnownName known_names[] = {
  { "torch._utils", "_rebuild_tensor", CKPT_NAME_REBUILD_TENSOR },
  { "torch._utils", "_rebuild_tensor_v2", CKPT_NAME_REBUILD_TENSOR_V2 },
  { "torch._utils", "_rebuild_tensor_v3", CKPT_NAME_REBUILD_TENSOR_V3 },
  { "torch._utils", "_rebuild_parameter", CKPT_NAME_REBUILD_PARAMETER },
  { "torch._utils", "_rebuild_parameter_with_state", CKPT_NAME_REBUILD_PARAMETER_WITH_STATE },
  { "torch._utils", "_rebuild_qtensor", CKPT_NAME_REBUILD_QTENSOR },
  { "torch._utils", "_rebuild_sparse_tensor", CKPT_NAME_REBUILD_SPARSE_TENSOR },
  { "torch._utils", "_rebuild_sparse_csr_tensor", CKPT_NAME_REBUILD_SPARSE_CSR_TENSOR },
  { "torch._utils", "_rebuild_meta_tensor_no_storage", CKPT_NAME_REBUILD_META_TENSOR },
  { "torch._utils", "_rebuild_nested_tensor", CKPT_NAME_REBUILD_NESTED_TENSOR },
  { "torch._utils", "_rebuild_wrapper_subclass", CKPT_NAME_REBUILD_WRAPPER_SUBCLASS },
  { "torch._utils", "_rebuild_device_tensor_from_numpy", CKPT_NAME_REBUILD_DEVICE_TENSOR_FROM_NUMPY },
  { "torch._utils", "_rebuild_xla_tensor", CKPT_NAME_REBUILD_DEVICE_TENSOR_FROM_NUMPY },
  { "torch._utils", "_rebuild_device_tensor_from_cpu_tensor", CKPT_NAME_REBUILD_DEVICE_TENSOR_FROM_CPU },
  { "torch.nested._internal.nested_tensor", "_rebuild_njt", CKPT_NAME_REBUILD_JAGGED_TENSOR },
  { "torch._tensor", "_rebuild_from_type", CKPT_NAME_REBUILD_FROM_TYPE },
  { "torch._tensor", "_rebuild_from_type_v2", CKPT_NAME_REBUILD_FROM_TYPE },
  { "torch._tensor", "Tensor", CKPT_NAME_TENSOR_CLASS },
  { "torch", "Tensor", CKPT_NAME_TENSOR_CLASS },
  { "torch.nn.parameter", "Parameter", CKPT_NAME_PARAMETER },
  { "torch.autograd.variable", "Variable", CKPT_NAME_PARAMETER },
  { "torch", "Size", CKPT_NAME_SIZE },
  { "torch", "device", CKPT_NAME_DEVICE },
  { "torch", "per_tensor_affine", CKPT_NAME_QSCHEME_PER_TENSOR },
  { "torch", "per_tensor_symmetric", CKPT_NAME_QSCHEME_PER_TENSOR },
  { "torch", "per_channel_affine", CKPT_NAME_QSCHEME_PER_CHANNEL },
  { "torch", "per_channel_symmetric", CKPT_NAME_QSCHEME_PER_CHANNEL },
  { "torch", "per_channel_affine_float_qparams", CKPT_NAME_QSCHEME_PER_CHANNEL },
  { "torch", "strided", CKPT_NAME_LAYOUT },
  { "torch", "jagged", CKPT_NAME_LAYOUT },
  { "torch", "sparse_coo", CKPT_NAME_LAYOUT },
  { "torch", "sparse_csr", CKPT_NAME_LAYOUT },
  { "torch", "sparse_csc", CKPT_NAME_LAYOUT },
  { "torch", "sparse_bsr", CKPT_NAME_LAYOUT },
  { "torch", "sparse_bsc", CKPT_NAME_LAYOUT },
  { "torch.serialization", "_get_layout", CKPT_NAME_GET_LAYOUT },
  { "torch.storage", "_load_from_bytes", CKPT_NAME_LOAD_FROM_BYTES },
  { "torch.jit._pickle", "build_intlist", CKPT_NAME_TYPED_LIST },
  { "torch.jit._pickle", "build_doublelist", CKPT_NAME_TYPED_LIST },
  { "torch.jit._pickle", "build_boollist", CKPT_NAME_TYPED_LIST },
  { "torch.jit._pickle", "build_tensorlist", CKPT_NAME_TYPED_LIST },
  { "torch.jit._pickle", "restore_type_tag", CKPT_NAME_RESTORE_TYPE_TAG },
  { "collections", "OrderedDict", CKPT_NAME_ORDERED_DICT },
  { "collections", "defaultdict", CKPT_NAME_DEFAULTDICT },
  { "collections", "Counter", CKPT_NAME_COUNTER },
  { "builtins", "set", CKPT_NAME_SET },
  { "builtins", "frozenset", CKPT_NAME_FROZENSET },
  { "builtins", "bytes", CKPT_NAME_BYTES },
  { "builtins", "bytearray", CKPT_NAME_BYTEARRAY },
  { "builtins", "object", CKPT_NAME_OBJECT },
  { "_codecs", "encode", CKPT_NAME_ENCODE },
  { "copyreg", "_reconstructor", CKPT_NAME_RECONSTRUCTOR },
  { "re", "_compile", CKPT_NAME_COMPILE_PATTERN },
  { "numpy", "ndarray", CKPT_NAME_NUMPY_ARRAY_CLASS },
  { "numpy", "dtype", CKPT_NAME_NUMPY_DTYPE },
  { "numpy._core.multiarray", "_reconstruct", CKPT_NAME_NUMPY_RECONSTRUCT },
  { "numpy._core.multiarray", "scalar", CKPT_NAME_NUMPY_SCALAR },
  { "numpy._core.numeric", "_frombuffer", CKPT_NAME_NUMPY_FROM_BUFFER },
};

typedef struct
{
  const char *from;
  const char *to;
} Alias;

/* Modules that have moved. */
static const Alias module_aliases[] = {
  { "torch.tensor", "torch._tensor" },
  { "numpy.core.multiarray", "numpy._core.multiarray" },
  { "numpy.core.numeric", "numpy._core.numeric" },
};

typedef struct
{
  const char *module;
  const char *name;
  const char *new_module;
  const char *new_name;
} Renamed;

/* Names of Python 2 that have another place in Python 3, from CPython's Lib/_compat_pickle.py. Pickles up to protocol 2 hold them whoever
 * wrote them. Without a name, the whole module. */
static const Renamed python2_names[] = {
  { "__builtin__", "xrange", "builtins", "range" },
  { "__builtin__", "reduce", "functools", "reduce" },
  { "__builtin__", "intern", "sys", "intern" },
  { "__builtin__", "unichr", "builtins", "chr" },
  { "__builtin__", "unicode", "builtins", "str" },
  { "__builtin__", "basestring", "builtins", "str" },
  { "__builtin__", "long", "builtins", "int" },
  { "exceptions", "StandardError", "builtins", "Exception" },
  { "itertools", "izip", "builtins", "zip" },
  { "itertools", "imap", "builtins", "map" },
  { "itertools", "ifilter", "builtins", "filter" },
  { "itertools", "ifilterfalse", "itertools", "filterfalse" },
  { "itertools", "izip_longest", "itertools", "zip_longest" },
  { "UserDict", "IterableUserDict", "collections", "UserDict" },
  { "__builtin__", NULL, "builtins", NULL },
  { "exceptions", NULL, "builtins", NULL },
  { "copy_reg", NULL, "copyreg", NULL },
  { "cPickle", NULL, "pickle", NULL },
  { "Queue", NULL, "queue", NULL },
  { "SocketServer", NULL, "socketserver", NULL },
  { "ConfigParser", NULL, "configparser", NULL },
  { "StringIO", NULL, "io", NULL },
  { "cStringIO", NULL, "io", NULL },
  { "UserDict", NULL, "collections", NULL },
  { "UserList", NULL, "collections", NULL },
  { "UserString", NULL, "collections", NULL },
};

static void
map_python2 (const char **module, const char **name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (python2_names); i++)
    {
      const Renamed *row = &python2_names[i];

      if (strcmp (*module, row->module) != 0 || (row->name != NULL && strcmp (*name, row->name) != 0))
        continue;

      *module = row->new_module;
      if (row->new_name != NULL)
        *name = row->new_name;
      return;
    }
}

/* torch.FloatTensor, torch.cuda.FloatTensor, torch.sparse.FloatTensor, ...: the classes of PyTorch before 0.4. */
static gboolean
is_tensor_class (const char *module, const char *name)
{
  g_autofree char *storage_class = NULL;

  if ((strcmp (module, "torch") != 0 && strcmp (module, "torch.cuda") != 0) ||
      !g_str_has_suffix (name, "Tensor"))
    return FALSE;

  storage_class = g_strdup_printf ("%.*sStorage", (int) (strlen (name) - strlen ("Tensor")), name);
  return ckpt_dtype_from_storage_class (storage_class) != CKPT_DTYPE_UNKNOWN;
}

/* Storage classes go by their name alone: torch.load() itself looks only at it (persistent_load and find_class in
 * torch/serialization.py), so that torch.FloatStorage, torch.cuda.FloatStorage and torch.storage.FloatStorage are one. */
static CkptName
find_storage_class (const char *name, CkptDtype *dtype)
{
  if (strstr (name, "Storage") == NULL)
    return CKPT_NAME_UNKNOWN;

  if (strcmp (name, "UntypedStorage") == 0)
    {
      *dtype = CKPT_DTYPE_UINT8;
      return CKPT_NAME_UNTYPED_STORAGE;
    }

  *dtype = ckpt_dtype_from_storage_class (name);
  return *dtype != CKPT_DTYPE_UNKNOWN ? CKPT_NAME_STORAGE_CLASS : CKPT_NAME_UNKNOWN;
}

/* Types that PyTorch has as objects only: no tensor has such elements. */
static gboolean
is_narrow_dtype (const char *name)
{
  const char *digit = name + (g_str_has_prefix (name, "uint") ? 4 : 3);

  return (g_str_has_prefix (name, "int") || g_str_has_prefix (name, "uint")) && *digit >= '1' &&
         *digit <= '7' && digit[1] == '\0';
}

static CkptName
find_dtype (const char *name, CkptDtype *dtype)
{
  *dtype = ckpt_dtype_from_name (name);
  return *dtype != CKPT_DTYPE_UNKNOWN || is_narrow_dtype (name) ? CKPT_NAME_DTYPE : CKPT_NAME_UNKNOWN;
}

/**
 * ckpt_name_find:
 * @module: module of a global, as in the file
 * @name: its name there
 * @dtype: (out): element type, for a dtype or a storage class; else unknown
 *
 * Looks a global up under all the names that versions of Python, PyTorch and NumPy have given it.
 *
 * Returns: what it is, or %CKPT_NAME_UNKNOWN
 */
CkptName
ckpt_name_find (const char *module, const char *name, CkptDtype *dtype)
{
  CkptName storage_class;

  *dtype = CKPT_DTYPE_UNKNOWN;
  map_python2 (&module, &name);
  for (gsize i = 0; i < G_N_ELEMENTS (module_aliases); i++)
    if (strcmp (module, module_aliases[i].from) == 0)
      module = module_aliases[i].to;

  for (gsize i = 0; i < G_N_ELEMENTS (known_names); i++)
    if (strcmp (known_names[i].name, name) == 0 && strcmp (known_names[i].module, module) == 0)
      return known_names[i].id;

  storage_class = find_storage_class (name, dtype);
  if (storage_class != CKPT_NAME_UNKNOWN)
    return storage_class;

  if (is_tensor_class (module, name))
    return CKPT_NAME_TENSOR_CLASS;

  return strcmp (module, "torch") == 0 ? find_dtype (name, dtype) : CKPT_NAME_UNKNOWN;
}

/**
 * ckpt_name_to_python:
 * @module: module of a global, as in the file
 * @name: its name there
 *
 * Returns: (transfer full): how Python 3 calls it, "builtins.range" for `__builtin__ xrange`
 */
char *
ckpt_name_to_python (const char *module, const char *name)
{
  map_python2 (&module, &name);
  return g_strconcat (module, ".", name, NULL);
}
