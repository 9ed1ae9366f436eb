/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/ckpt-names.h"

#include <string.h>

typedef struct
{
  const char *module;
  const char *name;
  CkptName id;
  CkptDtype dtype;
} NameCase;

static const NameCase name_cases[] = {
  { "torch._utils", "_rebuild_tensor_v2", CKPT_NAME_REBUILD_TENSOR_V2 },
  { "torch._utils", "_rebuild_tensor_v2\u200b", CKPT_NAME_UNKNOWN },
  { "torch._utils", "_rebuild_tensor", CKPT_NAME_REBUILD_TENSOR },
  { "torch", "_rebuild_tensor_v2", CKPT_NAME_UNKNOWN },
  { "torch.tensor", "_rebuild_from_type", CKPT_NAME_REBUILD_FROM_TYPE },
  { "torch._tensor", "_rebuild_from_type_v2", CKPT_NAME_REBUILD_FROM_TYPE },
  { "torch", "FloatStorage", CKPT_NAME_STORAGE_CLASS, CKPT_DTYPE_FLOAT32 },
  { "torch.cuda", "HalfStorage", CKPT_NAME_STORAGE_CLASS, CKPT_DTYPE_FLOAT16 },
  { "torch.storage", "BFloat16Storage", CKPT_NAME_STORAGE_CLASS, CKPT_DTYPE_BFLOAT16 },
  { "torch", "QUInt4x2Storage", CKPT_NAME_STORAGE_CLASS, CKPT_DTYPE_QUINT4X2 },
  { "torch.storage", "UntypedStorage", CKPT_NAME_UNTYPED_STORAGE, CKPT_DTYPE_UINT8 },
  { "torch", "FooStorage", CKPT_NAME_UNKNOWN },
  { "torch.storage", "TypedStorage", CKPT_NAME_UNKNOWN },
  { "torch", "float16", CKPT_NAME_DTYPE, CKPT_DTYPE_FLOAT16 },
  { "torch", "half", CKPT_NAME_DTYPE, CKPT_DTYPE_FLOAT16 },
  { "torch", "float8_e8m0fnu", CKPT_NAME_DTYPE, CKPT_DTYPE_FLOAT8_E8M0FNU },
  { "torch", "uint4", CKPT_NAME_DTYPE },
  { "torch", "int7", CKPT_NAME_DTYPE },
  { "torch", "int9", CKPT_NAME_UNKNOWN },
  { "torch", "int", CKPT_NAME_DTYPE, CKPT_DTYPE_INT32 },
  { "numpy", "float16", CKPT_NAME_UNKNOWN },
  { "torch", "per_channel_affine_float_qparams", CKPT_NAME_QSCHEME_PER_CHANNEL },
  { "torch", "FloatTensor", CKPT_NAME_TENSOR_CLASS },
  { "torch.cuda", "LongTensor", CKPT_NAME_TENSOR_CLASS },
  { "torch", "Tensor", CKPT_NAME_TENSOR_CLASS },
  { "torch", "FooTensor", CKPT_NAME_UNKNOWN },
  { "evil", "FloatTensor", CKPT_NAME_UNKNOWN },
  { "torch.nn.parameter", "Parameter", CKPT_NAME_PARAMETER },
  { "torch.autograd.variable", "Variable", CKPT_NAME_PARAMETER },
  { "torch", "sparse_coo", CKPT_NAME_LAYOUT },
  { "__builtin__", "set", CKPT_NAME_SET },
  { "builtins", "set", CKPT_NAME_SET },
  { "copy_reg", "_reconstructor", CKPT_NAME_RECONSTRUCTOR },
  { "copyreg", "_reconstructor", CKPT_NAME_RECONSTRUCTOR },
  { "numpy.core.multiarray", "scalar", CKPT_NAME_NUMPY_SCALAR },
  { "numpy._core.multiarray", "_reconstruct", CKPT_NAME_NUMPY_RECONSTRUCT },
  { "numpy.core.numeric", "_frombuffer", CKPT_NAME_NUMPY_FROM_BUFFER },
  { "collections", "OrderedDict", CKPT_NAME_ORDERED_DICT },
  { "", "", CKPT_NAME_UNKNOWN },
};

static void
test_find (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (name_cases); i++)
    {
      const NameCase *row = &name_cases[i];
      CkptDtype dtype = CKPT_N_DTYPES;
      CkptName id = ckpt_name_find (row->module, row->name, &dtype);

      if (id != row->id || dtype != row->dtype)
        g_error ("%s.%s is %u with type %u, not %u with type %u", row->module, row->name, id, dtype, row->id,
                 row->dtype);
    }
}

static void
test_to_python (void)
{
  g_autofree char *own = ckpt_name_to_python ("x.y", "Z");
  g_autofree char *range = ckpt_name_to_python ("__builtin__", "xrange");
  g_autofree char *object = ckpt_name_to_python ("__builtin__", "object");

  g_assert_cmpstr (own, ==, "x.y.Z");
  g_assert_cmpstr (range, ==, "builtins.range");
  g_assert_cmpstr (object, ==, "builtins.object");
}

/* Python's own table of what moved says the same. */
static void
test_against_python (void)
{
  const char *const argv[] = {
    "python3", "-c",
    "import _compat_pickle as c\n"
    "for (m, n), (mm, nn) in c.NAME_MAPPING.items():\n"
    "  if m in ('__builtin__', 'exceptions', 'itertools', 'UserDict'): print(m, n, mm + '.' + nn)\n"
    "for m in ('__builtin__', 'copy_reg', 'cPickle', 'Queue', 'StringIO'): print(m, 'x', c.IMPORT_MAPPING[m] + '.x')",
    NULL
  };
  g_autofree char *output = NULL;
  g_auto (GStrv) lines = NULL;
  guint n_rows = 0;
  int status;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL, &status,
                     NULL) ||
      status != 0)
    {
      g_test_skip ("no python3");
      return;
    }

  lines = g_strsplit (output, "\n", -1);
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++, n_rows++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", 3);
      g_autofree char *name = ckpt_name_to_python (words[0], words[1]);

      g_assert_cmpstr (name, ==, words[2]);
    }
  g_assert_cmpuint (n_rows, >, 40);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/names/find", test_find);
  g_test_add_func ("/names/to-python", test_to_python);
  g_test_add_func ("/names/against-python", test_against_python);
  return g_test_run ();
}
