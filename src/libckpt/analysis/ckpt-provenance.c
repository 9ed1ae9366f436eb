/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-provenance.h"

#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A release of PyTorch: 2.1 is 201. */
#define RELEASE(major, minor) ((major) * 100 + (minor))

/* The first release that loads tensors of a type; those that are not here are as old as the formats. */
static const guint16 dtype_releases[CKPT_N_DTYPES] = {
  [CKPT_DTYPE_BFLOAT16] = RELEASE (1, 2),        [CKPT_DTYPE_BOOL] = RELEASE (1, 2),
  [CKPT_DTYPE_QINT8] = RELEASE (1, 3),           [CKPT_DTYPE_QUINT8] = RELEASE (1, 3),
  [CKPT_DTYPE_QINT32] = RELEASE (1, 3),          [CKPT_DTYPE_COMPLEX64] = RELEASE (1, 6),
  [CKPT_DTYPE_COMPLEX128] = RELEASE (1, 6),      [CKPT_DTYPE_QUINT4X2] = RELEASE (1, 8),
  [CKPT_DTYPE_QUINT2X4] = RELEASE (1, 11),       [CKPT_DTYPE_COMPLEX32] = RELEASE (2, 1),
  [CKPT_DTYPE_BITS8] = RELEASE (2, 1),           [CKPT_DTYPE_BITS16] = RELEASE (2, 1),
  [CKPT_DTYPE_BITS1X8] = RELEASE (2, 1),         [CKPT_DTYPE_BITS2X4] = RELEASE (2, 1),
  [CKPT_DTYPE_BITS4X2] = RELEASE (2, 1),         [CKPT_DTYPE_FLOAT8_E4M3FN] = RELEASE (2, 1),
  [CKPT_DTYPE_FLOAT8_E5M2] = RELEASE (2, 1),     [CKPT_DTYPE_FLOAT8_E4M3FNUZ] = RELEASE (2, 2),
  [CKPT_DTYPE_FLOAT8_E5M2FNUZ] = RELEASE (2, 2), [CKPT_DTYPE_UINT16] = RELEASE (2, 3),
  [CKPT_DTYPE_UINT32] = RELEASE (2, 3),          [CKPT_DTYPE_UINT64] = RELEASE (2, 3),
  [CKPT_DTYPE_FLOAT8_E8M0FNU] = RELEASE (2, 7),  [CKPT_DTYPE_FLOAT4_E2M1FN_X2] = RELEASE (2, 8),
};

static gboolean
has_fact (CkptTree *tree, const char *name)
{
  return ckpt_tree_get_fact (tree, name) != NULL;
}

static gboolean
fact_is (CkptTree *tree, const char *name, const char *value)
{
  return g_strcmp0 (ckpt_tree_get_fact (tree, name), value) == 0;
}

/* torch/serialization.py: each release that added a record to the zip is known by it. */
static const char *
get_zip_writer (CkptTree *tree)
{
  if (has_fact (tree, "format_version") || has_fact (tree, "storage_alignment"))
    return _ ("PyTorch 2.7 or newer");
  if (has_fact (tree, "byteorder") || has_fact (tree, "serialization_id"))
    return _ ("PyTorch 2.1 to 2.6");
  if (fact_is (tree, "version", "1") || fact_is (tree, "version", "2"))
    return _ ("PyTorch 1.4 or 1.5");
  return _ ("PyTorch 1.6 to 2.0");
}

/* The "format" that libraries put into the metadata. */
static char *
get_safetensors_writer (CkptTree *tree)
{
  static const struct
  {
    const char *format;
    const char *library;
  } libraries[] = {
    { "pt", "PyTorch" }, { "tf", "TensorFlow" }, { "flax", "Flax" }, { "np", "NumPy" }, { "mlx", "MLX" },
  };
  const char *format = ckpt_tree_get_fact (tree, "format");
  g_autofree char *escaped = NULL;

  if (format == NULL)
    return g_strdup (_ ("safetensors, from any library"));
  for (gsize i = 0; i < G_N_ELEMENTS (libraries); i++)
    if (g_str_equal (format, libraries[i].format))
      /* Translators: %s is the name of a library, such as PyTorch. */
      return g_strdup_printf (_ ("safetensors, from %s"), libraries[i].library);
  escaped = ckpt_text_escape (format, strlen (format), 40);
  return g_strdup_printf (_ ("safetensors, from another tool: “%s”"), escaped);
}

/**
 * ckpt_provenance_get_writer:
 * @tree: a tree
 *
 * Returns: (transfer full): what wrote the file, such as "PyTorch 2.7 or newer"
 */
char *
ckpt_provenance_get_writer (CkptTree *tree)
{
  switch (ckpt_tree_get_container (tree))
    {
    case CKPT_CONTAINER_TORCH_ZIP:
      return g_strdup (get_zip_writer (tree));
    case CKPT_CONTAINER_TORCH_LEGACY:
      return g_strdup (_ ("PyTorch before 1.6, or with _use_new_zipfile_serialization=False"));
    case CKPT_CONTAINER_SAFETENSORS:
      return get_safetensors_writer (tree);
    case CKPT_CONTAINER_TORCHSCRIPT:
      return g_strdup (has_fact (tree, "byteorder") ? _ ("TorchScript of PyTorch 2.1 or newer")
                                                    : _ ("TorchScript of PyTorch before 2.1"));
    case CKPT_CONTAINER_PT2:
      return g_strdup (_ ("torch.export of PyTorch 2"));
    case CKPT_CONTAINER_TAR:
      return g_strdup (_ ("PyTorch 0.1"));
    case CKPT_CONTAINER_PACKAGE:
      return g_strdup (_ ("torch.package of PyTorch 1.9 or newer"));
    case CKPT_CONTAINER_PICKLE:
    default:
      return g_strdup (_ ("Python’s pickle"));
    }
}

/**
 * ckpt_provenance_get_dtype_release:
 * @dtype: type of elements
 *
 * Returns: the first release of PyTorch that loads tensors of that type, as 100 times major plus minor; 0 for any
 */
guint
ckpt_provenance_get_dtype_release (CkptDtype dtype)
{
  return dtype_releases[dtype];
}

static guint
get_layout_release (const CkptTensor *tensor)
{
  switch (tensor->layout)
    {
    case CKPT_LAYOUT_SPARSE_CSC:
    case CKPT_LAYOUT_SPARSE_BSR:
    case CKPT_LAYOUT_SPARSE_BSC:
    case CKPT_LAYOUT_NESTED:
      return RELEASE (2, 0);
    case CKPT_LAYOUT_JAGGED:
      return RELEASE (2, 3);
    default:
      return 0;
    }
}

/* The conj and neg bits are in the metadata of _rebuild_tensor_v2() since 2.0. */
static guint
get_release (const CkptTensor *tensor)
{
  guint release = MAX (dtype_releases[tensor->dtype], get_layout_release (tensor));

  if (tensor->flags & (CKPT_TENSOR_CONJ | CKPT_TENSOR_NEG))
    release = MAX (release, RELEASE (2, 0));
  return release;
}

/* The first release of PyTorch whose torch.load() takes the container and every tensor. */
static guint
get_first_release (CkptTree *tree, guint release)
{
  if (fact_is (tree, "byteorder", "big"))
    release = MAX (release, RELEASE (2, 1));
  for (guint i = 0; i < ckpt_tree_get_n_tensors (tree); i++)
    if (ckpt_tree_has_tensor (tree, i))
      release = MAX (release, get_release (ckpt_tree_get_tensor (tree, i)));
  return release;
}

/* What weights_only takes is protocol 2 and 3. */
static gboolean
needs_all_of_pickle (CkptTree *tree)
{
  const char *protocol = ckpt_tree_get_fact (tree, "protocol");

  return protocol != NULL && g_ascii_strtoull (protocol, NULL, 10) >= 4;
}

static char *
get_torch_readers (CkptTree *tree, guint release)
{
  guint first = get_first_release (tree, release);

  if (ckpt_tree_is_cut (tree))
    return g_strdup (_ ("no PyTorch, as the file is cut"));
  if (needs_all_of_pickle (tree))
    return g_strdup_printf (_ ("PyTorch %u.%u or newer, with weights_only=False"), first / 100, first % 100);
  return g_strdup_printf (_ ("PyTorch %u.%u or newer"), first / 100, first % 100);
}

/**
 * ckpt_provenance_get_readers:
 * @tree: a tree
 *
 * Returns: (transfer full): what reads the file, such as "PyTorch 1.6 or newer"
 */
char *
ckpt_provenance_get_readers (CkptTree *tree)
{
  switch (ckpt_tree_get_container (tree))
    {
    case CKPT_CONTAINER_TORCH_ZIP:
      return get_torch_readers (tree, RELEASE (1, 6));
    case CKPT_CONTAINER_TORCH_LEGACY:
      return get_torch_readers (tree, RELEASE (0, 4));
    case CKPT_CONTAINER_TAR:
      return get_torch_readers (tree, RELEASE (0, 2));
    case CKPT_CONTAINER_SAFETENSORS:
      return g_strdup (_ ("safetensors"));
    case CKPT_CONTAINER_TORCHSCRIPT:
      return g_strdup (_ ("torch.jit.load"));
    case CKPT_CONTAINER_PT2:
      return g_strdup (_ ("torch.export.load"));
    case CKPT_CONTAINER_PACKAGE:
      return g_strdup (_ ("torch.package"));
    case CKPT_CONTAINER_PICKLE:
    default:
      return g_strdup (_ ("Python’s pickle"));
    }
}
