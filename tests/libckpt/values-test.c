/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/ckpt-values.h"

#include "io/ckpt-limits.h"
#include "test-files.h"
#include "test-tensors.h"

#include <math.h>
#include <string.h>

#define assert_item(tree, tensor, element, expected)                                              \
  G_STMT_START                                                                                    \
  {                                                                                               \
    g_autoptr (GError) item_error = NULL;                                                         \
    g_autofree char *item_text = ckpt_tensor_item_to_string (tree, tensor, element, &item_error); \
    g_assert_no_error (item_error);                                                               \
    g_assert_cmpstr (item_text, ==, expected);                                                    \
  }                                                                                               \
  G_STMT_END

static void
test_ranges (void)
{
  const gint16 stored[] = { 10, 11, 12, 13, 14, 15 };
  const gint64 shape[] = { 3, 2 }, stride[] = { 1, 3 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  const CkptTensor *tensor = test_tensors_add (tree,
                                               test_tensors_view (CKPT_DTYPE_INT16, 2, shape, stride, 0));
  const gint16 expected[] = { 10, 13, 11, 14, 12, 15 };
  gint16 items[6];

  for (guint first = 0; first <= 6; first++)
    for (guint n = 0; first + n <= 6; n++)
      {
        g_assert_true (ckpt_tensor_read (tree, tensor, first, n, items, NULL));
        g_assert_cmpmem (items, n * 2, expected + first, n * 2);
      }
}

static void
test_big_endian (void)
{
  const guint8 stored[] = { 0x3f, 0x80, 0, 0, 0x40, 0, 0, 0 };
  const gint64 two[] = { 2 }, one[] = { 1 }, four[] = { 4 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  const CkptTensor *floats = test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, two, NULL, 0));
  const CkptTensor *complex = test_tensors_add (tree,
                                                test_tensors_view (CKPT_DTYPE_COMPLEX64, 1, one, NULL, 0));
  const CkptTensor *halves = test_tensors_add (tree,
                                               test_tensors_view (CKPT_DTYPE_FLOAT16, 1, four, NULL, 0));
  float values[2];

  ckpt_tree_edit_storage (tree, 0)->is_big_endian = TRUE;
  g_assert_true (ckpt_tensor_read (tree, floats, 0, 2, values, NULL));
  g_assert_cmpfloat (values[0], ==, 1);
  g_assert_cmpfloat (values[1], ==, 2);
  assert_item (tree, complex, 0, "1+2j");
  assert_item (tree, halves, 2, "2.0");
}

static void
test_bools_are_normalised (void)
{
  const guint8 stored[] = { 0, 1, 2, 255 }, expected[] = { 0, 1, 1, 1 };
  const gint64 shape[] = { 4 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  const CkptTensor *tensor = test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_BOOL, 1, shape, NULL, 0));
  guint8 items[4];

  g_assert_true (ckpt_tensor_read (tree, tensor, 0, 4, items, NULL));
  g_assert_cmpmem (items, 4, expected, 4);
}

static void
test_packed (void)
{
  const guint8 stored[] = { 0x21, 0x43, 0xe4 };
  const gint64 six[] = { 6 }, transposed[] = { 2, 3 }, stride[] = { 1, 2 }, four[] = { 4 };
  const guint8 nibbles[] = { 1, 2, 3, 4, 4, 14 }, columns[] = { 1, 3, 4, 2, 4, 14 },
               crumbs[] = { 0, 1, 2, 3 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  const CkptTensor *plain = test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_QUINT4X2, 1, six, NULL, 0));
  const CkptTensor *turned = test_tensors_add (
      tree, test_tensors_view (CKPT_DTYPE_QUINT4X2, 2, transposed, stride, 0));
  const CkptTensor *small = test_tensors_add (tree,
                                              test_tensors_view (CKPT_DTYPE_QUINT2X4, 1, four, NULL, 8));
  guint8 items[6];

  g_assert_true (ckpt_tensor_read (tree, plain, 0, 6, items, NULL));
  g_assert_cmpmem (items, 6, nibbles, 6);
  g_assert_true (ckpt_tensor_read (tree, turned, 0, 6, items, NULL));
  g_assert_cmpmem (items, 6, columns, 6);
  g_assert_true (ckpt_tensor_read (tree, small, 0, 4, items, NULL));
  g_assert_cmpmem (items, 4, crumbs, 4);
}

static void
test_conj_and_neg (void)
{
  const float stored[] = { 1, -2, 3, 4 };
  const gint64 two[] = { 2 }, four[] = { 4 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  CkptTensor view = test_tensors_view (CKPT_DTYPE_COMPLEX64, 1, two, NULL, 0);
  CkptTensor floats = test_tensors_view (CKPT_DTYPE_FLOAT32, 1, four, NULL, 0);
  const CkptTensor *conj, *both, *neg;

  view.flags = CKPT_TENSOR_CONJ;
  conj = test_tensors_add (tree, view);
  view.flags = CKPT_TENSOR_CONJ | CKPT_TENSOR_NEG;
  both = test_tensors_add (tree, view);
  floats.flags = CKPT_TENSOR_NEG;
  neg = test_tensors_add (tree, floats);
  assert_item (tree, conj, 0, "1+2j");
  assert_item (tree, conj, 1, "3-4j");
  assert_item (tree, both, 0, "-1-2j");
  assert_item (tree, neg, 1, "2.0");
  assert_item (tree, neg, 2, "-3.0");
}

static void
test_quantized (void)
{
  const guint8 stored[] = { 12, 10, 255, 0 };
  const gint64 shape[] = { 4 };
  const CkptQuantizer quantizer = { CKPT_QSCHEME_PER_TENSOR, 0.1, 10 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  CkptTensor view = test_tensors_view (CKPT_DTYPE_QUINT8, 1, shape, NULL, 0);
  const CkptTensor *tensor;
  guint8 items[4];
  double values[4];

  view.quantizer = &quantizer;
  tensor = test_tensors_add (tree, view);
  g_assert_true (ckpt_tensor_read (tree, tensor, 0, 4, items, NULL));
  g_assert_cmpmem (items, 4, stored, 4);
  g_assert_true (ckpt_tensor_read_doubles (tree, tensor, 0, 4, values, NULL));
  g_assert_cmpfloat (values[0], ==, 0.2f);
  g_assert_cmpfloat (values[1], ==, 0);
  g_assert_cmpfloat (values[3], ==, -1);
  assert_item (tree, tensor, 0, "0.2");
  assert_item (tree, tensor, 2, "24.5");
}

/* Scales that do not fit, or name the tensor itself, are an error and no endless loop. */
static void
test_bad_quantizers (void)
{
  const double stored[] = { 1, 2, 3, 4 };
  const gint64 four[] = { 4 }, two[] = { 2 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  const CkptTensor *short_scales = test_tensors_add (tree,
                                                     test_tensors_view (CKPT_DTYPE_FLOAT64, 1, two, NULL, 0));
  CkptQuantizer quantizers[] = {
    { CKPT_QSCHEME_PER_CHANNEL, 0, 0, short_scales->index, short_scales->index, 0 },
    { CKPT_QSCHEME_PER_CHANNEL, 0, 0, 2, 2, 0 }, /* itself: it is added as number 2 */
    { CKPT_QSCHEME_PER_CHANNEL, 0, 0, short_scales->index, short_scales->index, 1 },
    { CKPT_QSCHEME_PER_CHANNEL, 0, 0, short_scales->index, short_scales->index, -1 },
    { CKPT_QSCHEME_PER_CHANNEL, 0, 0, CKPT_NO_TENSOR, CKPT_NO_TENSOR, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (quantizers); i++)
    {
      CkptTensor view = test_tensors_view (CKPT_DTYPE_QUINT8, 1, four, NULL, 0);
      g_autoptr (GError) error = NULL;
      const CkptTensor *tensor;
      double values[4];

      view.quantizer = &quantizers[i];
      tensor = test_tensors_add (tree, view);
      g_assert_false (ckpt_tensor_read_doubles (tree, tensor, 0, 4, values, &error));
      g_assert_error (error, CKPT_ERROR, CKPT_ERROR_MALFORMED);
      g_assert_cmpstr (ckpt_error_get_code (error), ==, "quantizer-invalid");
      g_assert_null (ckpt_tensor_item_to_string (tree, tensor, 0, NULL));
      g_free (ckpt_tensor_print (tree, tensor, NULL));
    }
}

static void
assert_unreadable (CkptTree *tree, CkptTensor view)
{
  const CkptTensor *tensor = test_tensors_add (tree, view);
  g_autoptr (GError) error = NULL;
  guint8 items[64];

  g_assert_nonnull (ckpt_tensor_get_unreadable (tree, tensor));
  g_assert_false (ckpt_tensor_read (tree, tensor, 0, 1, items, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_UNSUPPORTED);
  g_assert_cmpstr (error->message, ==, ckpt_tensor_get_unreadable (tree, tensor));
}

static void
test_unreadable (void)
{
  const gint64 shape[] = { 2 };
  gint64 *many = g_new (gint64, CKPT_LIMIT_DIMENSIONS + 1);
  g_autoptr (CkptTree) tree = test_tensors_new ("12345678", 8);
  const CkptTensor good = test_tensors_view (CKPT_DTYPE_FLOAT32, 1, shape, NULL, 0);
  CkptTensor view = good;

  view.flags = CKPT_TENSOR_META;
  assert_unreadable (tree, view);
  view.flags = CKPT_TENSOR_BROKEN;
  view.problem = "It is odd.";
  assert_unreadable (tree, view);
  view.problem = NULL;
  assert_unreadable (tree, view);
  view = good;
  view.storage = CKPT_NO_STORAGE;
  assert_unreadable (tree, view);
  view = good;
  view.dtype = CKPT_DTYPE_UNKNOWN;
  assert_unreadable (tree, view);
  for (guint layout = CKPT_LAYOUT_SPARSE_COO; layout <= CKPT_LAYOUT_UNKNOWN; layout++)
    {
      view = good;
      view.layout = layout;
      assert_unreadable (tree, view);
    }
  view = good;
  for (guint i = 0; i <= CKPT_LIMIT_DIMENSIONS; i++)
    many[i] = 1;
  view.n_dims = CKPT_LIMIT_DIMENSIONS + 1;
  view.shape = view.stride = many;
  view.numel = 1;
  assert_unreadable (tree, view);
  view.n_dims--;
  g_assert_null (ckpt_tensor_get_unreadable (tree, &view));
  ckpt_tree_edit_storage (tree, 0)->record = CKPT_NO_RECORD;
  assert_unreadable (tree, good);
  ckpt_tree_edit_storage (tree, 0)->n_bytes_present = 0;
  assert_unreadable (tree, good);
  g_free (many);
}

static void
test_short_storage (void)
{
  const gint64 shape[] = { 4 };
  g_autoptr (CkptTree) tree = test_tensors_new ("123456789", 9);
  const CkptTensor *tensor = test_tensors_add (tree,
                                               test_tensors_view (CKPT_DTYPE_FLOAT32, 1, shape, NULL, 0));
  g_autoptr (GError) error = NULL;
  float items[4];

  ckpt_tree_edit_storage (tree, 0)->n_bytes = 16;
  g_assert_null (ckpt_tensor_get_unreadable (tree, tensor));
  g_assert_true (ckpt_tensor_read (tree, tensor, 0, 2, items, NULL));
  g_assert_false (ckpt_tensor_read (tree, tensor, 1, 3, items, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
  g_assert_nonnull (strstr (error->message, "9 of 16 bytes"));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "storage-short");
  g_assert_cmpstr (ckpt_error_get_place (error)->record, ==, "archive/data/0");
  g_assert_cmpuint (ckpt_error_get_place (error)->offset, ==, 9);
}

static void
test_empty (void)
{
  const gint64 shape[] = { 0, 3 };
  g_autoptr (CkptTree) tree = test_tensors_new ("", 0);
  CkptTensor view = test_tensors_view (CKPT_DTYPE_COMPLEX64, 2, shape, NULL, 0);
  const CkptTensor *tensor;
  guint8 items[1] = { 7 };
  double values[1];

  view.storage = CKPT_NO_STORAGE;
  view.flags = CKPT_TENSOR_CONJ | CKPT_TENSOR_NEG;
  tensor = test_tensors_add (tree, view);
  g_assert_null (ckpt_tensor_get_unreadable (tree, tensor));
  g_assert_true (ckpt_tensor_read (tree, tensor, 0, 0, items, NULL));
  g_assert_true (ckpt_tensor_read_doubles (tree, tensor, 0, 0, values, NULL));
  g_assert_cmpuint (items[0], ==, 7);
}

/* Rows of a transposed matrix are not read with a call for each element. */
static void
test_cost (void)
{
  const gint64 shape[] = { 1000, 300 }, stride[] = { 1, 1000 };
  g_autofree guint8 *stored = test_files_noise (300000 * 4);
  g_autoptr (CkptTree) tree = test_tensors_new (stored, 300000 * 4);
  const CkptTensor *tensor = test_tensors_add (tree,
                                               test_tensors_view (CKPT_DTYPE_FLOAT32, 2, shape, stride, 0));
  g_autofree double *values = g_new (double, 300000);
  CkptSourceCounts before, after;

  ckpt_source_get_counts (ckpt_tree_get_source (tree), &before);
  g_assert_true (ckpt_tensor_read_doubles (tree, tensor, 0, 300000, values, NULL));
  ckpt_source_get_counts (ckpt_tree_get_source (tree), &after);
  g_assert_cmpuint (after.n_reads - before.n_reads, <=, 8);
  g_assert_cmpuint (after.n_bytes - before.n_bytes, <=, 300000 * 4 + 65536);
  for (guint i = 0; i < 300000; i += 997)
    {
      float expected;

      memcpy (&expected, stored + (i % 300 * 1000 + i / 300) * 4, sizeof expected);
      g_assert_true (values[i] == expected || (isnan (values[i]) && isnan (expected)));
    }
}

static void
test_shapes (void)
{
  const gint64 shape[] = { 3, 224, 50257 };
  CkptTensor tensor = test_tensors_view (CKPT_DTYPE_FLOAT32, 3, shape, NULL, 0);
  g_autofree char *three = ckpt_tensor_shape_to_string (&tensor);
  g_autofree char *none = NULL;

  g_assert_cmpstr (three, ==, "3×224×50257");
  tensor.n_dims = 0;
  none = ckpt_tensor_shape_to_string (&tensor);
  g_assert_cmpstr (none, ==, "scalar");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/values/ranges", test_ranges);
  g_test_add_func ("/values/big-endian", test_big_endian);
  g_test_add_func ("/values/bools-are-normalised", test_bools_are_normalised);
  g_test_add_func ("/values/packed", test_packed);
  g_test_add_func ("/values/conj-and-neg", test_conj_and_neg);
  g_test_add_func ("/values/quantized", test_quantized);
  g_test_add_func ("/values/bad-quantizers", test_bad_quantizers);
  g_test_add_func ("/values/unreadable", test_unreadable);
  g_test_add_func ("/values/short-storage", test_short_storage);
  g_test_add_func ("/values/empty", test_empty);
  g_test_add_func ("/values/cost", test_cost);
  g_test_add_func ("/values/shapes", test_shapes);
  return g_test_run ();
}
