/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "analysis/ckpt-summary.h"

#include "test-tensors.h"

#include <string.h>

static const CkptTotal *
find_total (GPtrArray *totals, const char *name)
{
  for (guint i = 0; i < totals->len; i++)
    {
      const CkptTotal *total = totals->pdata[i];

      if (g_str_equal (total->name, name))
        return total;
    }
  g_assert_not_reached ();
}

static guint
add_storage (CkptTree *tree, const char *key, guint64 n_bytes)
{
  CkptStorage storage = { .key = key,
                          .location = "cuda:1",
                          .dtype = CKPT_DTYPE_FLOAT32,
                          .record = 0,
                          .node = CKPT_NO_NODE };

  storage.n_bytes = storage.n_bytes_present = n_bytes;
  return ckpt_tree_add_storage (tree, &storage);
}

/* Values of one storage of 64 bytes, seen through these tensors of float32. */
typedef struct
{
  guint n_dims;
  gint64 shape[2];
  gint64 stride[2];
  gint64 offset;
} View;

static guint64
count_values (const View *views, guint n_views)
{
  guint8 bytes[64] = { 0 };
  g_autoptr (CkptTree) tree = test_tensors_new (bytes, sizeof bytes);
  g_autoptr (CkptSummary) summary = NULL;

  for (guint i = 0; i < n_views; i++)
    test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, views[i].n_dims, views[i].shape,
                                               views[i].stride, views[i].offset));
  test_tensors_set_root (tree);
  summary = ckpt_summary_new (tree);
  g_assert_cmpuint (summary->total.n_tensors, ==, n_views);
  g_assert_cmpuint (summary->total.n_bytes, ==, 64);
  return summary->total.n_values;
}

static void
test_values (void)
{
  const View whole = { 1, { 16 }, { 1 }, 0 }, square = { 2, { 4, 4 }, { 4, 1 }, 0 },
             turned = { 2, { 4, 4 }, { 1, 4 }, 0 };
  const View head = { 1, { 4 }, { 1 }, 0 }, middle = { 1, { 6 }, { 1 }, 2 }, tail = { 1, { 4 }, { 1 }, 12 };
  const View column = { 1, { 4 }, { 4 }, 0 }, other_column = { 1, { 4 }, { 4 }, 1 },
             repeated = { 2, { 9, 2 }, { 0, 1 }, 0 };
  const View none = { 1, { 0 }, { 1 }, 0 };

  g_assert_cmpuint (count_values ((View[]) { whole }, 1), ==, 16);
  g_assert_cmpuint (count_values ((View[]) { whole, square, whole, turned }, 4), ==, 16);
  g_assert_cmpuint (count_values ((View[]) { head, tail }, 2), ==, 8);
  g_assert_cmpuint (count_values ((View[]) { tail, middle, head }, 3), ==, 12);
  g_assert_cmpuint (count_values ((View[]) { column }, 1), ==, 4);
  g_assert_cmpuint (count_values ((View[]) { column, column }, 2), ==, 4);
  g_assert_cmpuint (count_values ((View[]) { column, other_column }, 2), ==, 8);
  g_assert_cmpuint (count_values ((View[]) { repeated }, 1), ==, 2);
  g_assert_cmpuint (count_values ((View[]) { none, head }, 2), ==, 4);
}

static void
test_totals (void)
{
  const gint64 four[] = { 4 }, two[] = { 2 };
  guint8 bytes[64] = { 0 };
  g_autoptr (CkptTree) tree = test_tensors_new (bytes, sizeof bytes);
  guint other = add_storage (tree, "1", 1000);
  CkptTensor floats = test_tensors_view (CKPT_DTYPE_FLOAT32, 1, four, NULL, 0), tied = floats, far = floats,
             meta = floats;
  CkptTensor broken = floats, halves;
  g_autoptr (CkptSummary) summary = NULL;
  CkptTotal total;

  tied.tied_to = test_tensors_add (tree, floats)->index;
  test_tensors_add (tree, tied);
  far.storage = other;
  far.device = "cuda:1";
  test_tensors_add (tree, far);
  meta.flags = CKPT_TENSOR_META;
  meta.storage = CKPT_NO_STORAGE;
  meta.device = "meta";
  test_tensors_add (tree, meta);
  broken.flags = CKPT_TENSOR_BROKEN;
  broken.offset = -7;
  test_tensors_add (tree, broken);
  halves = test_tensors_view (CKPT_DTYPE_FLOAT16, 1, two, NULL, 20);
  test_tensors_add (tree, halves);
  test_tensors_set_root (tree);

  summary = ckpt_summary_new (tree);
  g_assert_cmpuint (summary->total.n_tensors, ==, 6);
  g_assert_cmpuint (summary->total.n_values, ==, 4 + 4 + 4 + 2);
  g_assert_cmpuint (summary->total.n_bytes, ==, 1064);
  g_assert_cmpuint (summary->n_tied, ==, 1);
  g_assert_cmpuint (summary->by_dtype->len, ==, 2);
  g_assert_cmpstr (((CkptTotal *) summary->by_dtype->pdata[0])->name, ==, "float32");
  g_assert_cmpuint (find_total (summary->by_dtype, "float32")->n_tensors, ==, 5);
  g_assert_cmpuint (find_total (summary->by_dtype, "float16")->n_values, ==, 2);
  g_assert_cmpuint (summary->by_device->len, ==, 3);
  g_assert_cmpstr (((CkptTotal *) summary->by_device->pdata[0])->name, ==, "cuda:1");
  g_assert_cmpuint (find_total (summary->by_device, "cuda:1")->n_bytes, ==, 1000);
  g_assert_cmpuint (find_total (summary->by_device, "cpu")->n_bytes, ==, 64);
  g_assert_cmpuint (find_total (summary->by_device, "meta")->n_values, ==, 4);

  ckpt_totals_compute (tree, ckpt_tree_get_tensor (tree, 1)->node, &total);
  g_assert_cmpuint (total.n_tensors, ==, 1);
  g_assert_cmpuint (total.n_values, ==, 4);
  g_assert_cmpuint (total.n_bytes, ==, 64);
}

static void
test_wasted (void)
{
  const gint64 four[] = { 4 };
  guint8 bytes[64] = { 0 };
  g_autoptr (CkptTree) tree = test_tensors_new (bytes, sizeof bytes);
  CkptArchive *archive = ckpt_tree_get_archive (tree);
  g_autoptr (CkptSummary) summary = NULL;

  ckpt_tree_set_container (tree, CKPT_CONTAINER_TORCH_ZIP, "zip");
  /* 16 of 40 bytes are shown, 24 are behind the storage, and one record is nobody's. */
  ckpt_tree_edit_storage (tree, 0)->n_bytes = ckpt_tree_edit_storage (tree, 0)->n_bytes_present = 40;
  test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, four, NULL, 4));
  ckpt_archive_add (archive, "archive/data/17", -1, 0, 7);
  ckpt_archive_add (archive, "archive/byteorder", -1, 0, 6);
  test_tensors_set_root (tree);
  summary = ckpt_summary_new (tree);
  g_assert_cmpuint (summary->n_wasted_bytes, ==, 24 + 24 + 7);
}

/* The facts of a file, as "name=value" words. */
static void
assert_provenance (CkptContainer container,
                   const char *facts,
                   CkptDtype dtype,
                   const char *writer,
                   const char *readers)
{
  const gint64 one[] = { 1 };
  guint8 bytes[64] = { 0 };
  g_autoptr (CkptTree) tree = test_tensors_new (bytes, sizeof bytes);
  g_auto (GStrv) words = g_strsplit (facts, " ", -1);
  g_autoptr (CkptSummary) summary = NULL;

  ckpt_tree_set_container (tree, container, "file");
  for (guint i = 0; words[i] != NULL; i++)
    {
      char *value = strchr (words[i], '=');

      *value++ = '\0';
      ckpt_tree_add_fact (tree, words[i], value);
    }
  test_tensors_add (tree, test_tensors_view (dtype, 1, one, NULL, 0));
  test_tensors_set_root (tree);
  summary = ckpt_summary_new (tree);
  g_assert_cmpstr (summary->writer, ==, writer);
  g_assert_cmpstr (summary->readers, ==, readers);
}

static void
test_provenance (void)
{
  assert_provenance (CKPT_CONTAINER_TORCH_ZIP, "version=3 byteorder=little format_version=1 protocol=2",
                     CKPT_DTYPE_FLOAT32, "PyTorch 2.7 or newer", "PyTorch 1.6 or newer");
  assert_provenance (CKPT_CONTAINER_TORCH_ZIP, "version=3 byteorder=little protocol=2",
                     CKPT_DTYPE_FLOAT8_E5M2, "PyTorch 2.1 to 2.6", "PyTorch 2.1 or newer");
  assert_provenance (CKPT_CONTAINER_TORCH_ZIP, "version=3 protocol=2", CKPT_DTYPE_UINT16,
                     "PyTorch 1.6 to 2.0", "PyTorch 2.3 or newer");
  assert_provenance (CKPT_CONTAINER_TORCH_ZIP, "version=2 protocol=2", CKPT_DTYPE_FLOAT32,
                     "PyTorch 1.4 or 1.5", "PyTorch 1.6 or newer");
  assert_provenance (CKPT_CONTAINER_TORCH_ZIP, "version=3 byteorder=big protocol=4", CKPT_DTYPE_FLOAT32,
                     "PyTorch 2.1 to 2.6", "PyTorch 2.1 or newer, with weights_only=False");
  assert_provenance (CKPT_CONTAINER_TORCH_LEGACY, "little_endian=True protocol=2", CKPT_DTYPE_BOOL,
                     "PyTorch before 1.6, or with _use_new_zipfile_serialization=False",
                     "PyTorch 1.2 or newer");
  assert_provenance (CKPT_CONTAINER_SAFETENSORS, "format=pt", CKPT_DTYPE_FLOAT32, "safetensors, from PyTorch",
                     "safetensors");
  assert_provenance (CKPT_CONTAINER_SAFETENSORS, "format=x\x1b[1m", CKPT_DTYPE_FLOAT32,
                     "safetensors, from another tool: “x\\x1b[1m”", "safetensors");
}

static void
test_cut (void)
{
  g_autoptr (CkptTree) tree = test_tensors_new ("", 0);
  g_autoptr (CkptSummary) summary = NULL;

  ckpt_tree_set_container (tree, CKPT_CONTAINER_TORCH_ZIP, "zip");
  ckpt_tree_set_cut (tree);
  test_tensors_set_root (tree);
  summary = ckpt_summary_new (tree);
  g_assert_cmpstr (summary->readers, ==, "no PyTorch, as the file is cut");
}

/* Nothing takes time that grows faster than the file. */
static void
test_large (void)
{
  const gint64 shape[] = { 4 };
  guint8 bytes[64] = { 0 };
  g_autoptr (CkptTree) tree = test_tensors_new (bytes, sizeof bytes);
  g_autoptr (CkptSummary) summary = NULL;
  gint64 start;

  for (guint i = 0; i < 200000; i++)
    test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, shape, NULL, i % 13));
  test_tensors_set_root (tree);
  start = g_get_monotonic_time ();
  summary = ckpt_summary_new (tree);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
  g_assert_cmpuint (summary->total.n_tensors, ==, 200000);
  g_assert_cmpuint (summary->total.n_values, ==, 16);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/summary/values", test_values);
  g_test_add_func ("/summary/totals", test_totals);
  g_test_add_func ("/summary/wasted", test_wasted);
  g_test_add_func ("/summary/provenance", test_provenance);
  g_test_add_func ("/summary/cut", test_cut);
  g_test_add_func ("/summary/large", test_large);
  return g_test_run ();
}
