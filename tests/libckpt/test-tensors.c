/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-tensors.h"

#include "test-files.h"

/* Where the strides of tensors without any are made up. */
static gint64 strides[64];

CkptTree *
test_tensors_new (const void *bytes, gsize n_bytes)
{
  g_autofree char *path = test_files_write ("tensors", bytes, n_bytes);
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptSource) source = ckpt_source_open (path, &error);
  g_autoptr (CkptArchive) archive = NULL;
  CkptStorage storage = { .key = "0", .location = "cpu", .dtype = CKPT_DTYPE_UINT8, .node = CKPT_NO_NODE };
  CkptTree *tree;

  g_assert_no_error (error);
  archive = ckpt_archive_new (source);
  storage.record = ckpt_archive_add (archive, "archive/data/0", -1, 0, n_bytes);
  storage.numel = storage.n_bytes = storage.n_bytes_present = n_bytes;
  tree = ckpt_tree_new (archive);
  g_assert_cmpuint (ckpt_tree_add_storage (tree, &storage), ==, 0);
  return tree;
}

CkptTensor
test_tensors_view (CkptDtype dtype, guint n_dims, const gint64 *shape, const gint64 *stride, gint64 offset)
{
  gint64 step = 1, n = 1;

  for (guint i = n_dims; i > 0; i--)
    {
      strides[i - 1] = step;
      step *= MAX (1, shape[i - 1]);
      n *= shape[i - 1];
    }
  return (CkptTensor) {
    .dtype = dtype,
    .n_dims = n_dims,
    .shape = shape,
    .stride = stride != NULL ? stride : strides,
    .offset = offset,
    .numel = n,
    .n_bytes = n * ckpt_dtype_get_info (dtype)->item_size,
    .device = "cpu",
    .class_name = "Tensor",
    .inner = CKPT_NO_TENSOR,
    .tied_to = CKPT_NO_TENSOR,
  };
}

const CkptTensor *
test_tensors_add (CkptTree *tree, CkptTensor tensor)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (ckpt_tree_add_tensor (tree, &tensor, &error), !=, CKPT_NO_NODE);
  g_assert_no_error (error);
  return ckpt_tree_get_tensor (tree, ckpt_tree_get_n_tensors (tree) - 1);
}

void
test_tensors_set_root (CkptTree *tree)
{
  guint n = ckpt_tree_get_n_tensors (tree);
  g_autofree CkptNodeId *nodes = g_new (CkptNodeId, n + 1);

  for (guint i = 0; i < n; i++)
    nodes[i] = ckpt_tree_get_tensor (tree, i)->node;
  ckpt_tree_set_root (
      tree, ckpt_nodes_add_container (ckpt_tree_get_nodes (tree), CKPT_KIND_LIST, 0, 0, nodes, n, NULL));
}
