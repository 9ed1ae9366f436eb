/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/ckpt-values.h"

#include "test-tensors.h"

#include <math.h>

/* The expected texts are what PyTorch 2.6 prints; tests/interop compares many more with a living one. */
#define assert_print(tree, view, expected)                                                            \
  G_STMT_START                                                                                        \
  {                                                                                                   \
    g_autoptr (GError) print_error = NULL;                                                            \
    g_autofree char *printed = ckpt_tensor_print (tree, test_tensors_add (tree, view), &print_error); \
    g_assert_no_error (print_error);                                                                  \
    g_assert_cmpstr (printed, ==, expected);                                                          \
  }                                                                                                   \
  G_STMT_END

static void
test_floats (void)
{
  const float stored[] = { 1, 2, 3, 0.5f, -1.25f, 1e-5f, NAN, INFINITY, -INFINITY, 0, 1000, 1e9f };
  const gint64 three[] = { 3 }, two[] = { 2 }, rows[] = { 2, 3 }, none[] = { 0 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);

  assert_print (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, three, NULL, 0), "tensor([1., 2., 3.])");
  assert_print (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, two, NULL, 3), "tensor([ 0.5000, -1.2500])");
  assert_print (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, two, NULL, 4),
                "tensor([-1.2500e+00,  1.0000e-05])");
  assert_print (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, three, NULL, 6), "tensor([nan, inf, -inf])");
  assert_print (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, three, NULL, 7), "tensor([inf, -inf, 0.])");
  assert_print (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, three, NULL, 9),
                "tensor([0.0000e+00, 1.0000e+03, 1.0000e+09])");
  assert_print (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 2, rows, NULL, 0),
                "tensor([[ 1.0000e+00,  2.0000e+00,  3.0000e+00],\n"
                "        [ 5.0000e-01, -1.2500e+00,  1.0000e-05]])");
  assert_print (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 0, none, NULL, 4), "tensor(-1.2500)");
  assert_print (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 1, none, NULL, 0), "tensor([])");
  assert_print (tree, test_tensors_view (CKPT_DTYPE_COMPLEX64, 1, two, NULL, 1),
                "tensor([ 3.0000+5.0000e-01j, -1.2500+1.0000e-05j])");
}

static void
test_ints (void)
{
  const gint64 stored[] = { 1, -20, 300 };
  const gint64 three[] = { 3 }, empty[] = { 2, 0 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);

  assert_print (tree, test_tensors_view (CKPT_DTYPE_INT64, 1, three, NULL, 0), "tensor([  1, -20, 300])");
  assert_print (tree, test_tensors_view (CKPT_DTYPE_INT8, 1, three, NULL, 0),
                "tensor([1, 0, 0], dtype=torch.int8)");
  assert_print (tree, test_tensors_view (CKPT_DTYPE_BOOL, 1, three, NULL, 0),
                "tensor([ True, False, False])");
  assert_print (tree, test_tensors_view (CKPT_DTYPE_INT64, 2, empty, NULL, 0),
                "tensor([], size=(2, 0), dtype=torch.int64)");
}

static void
test_edges (void)
{
  gint32 stored[1100];
  const gint64 line[] = { 1100 }, square[] = { 30, 36 };
  g_autoptr (CkptTree) tree = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (stored); i++)
    stored[i] = i;
  tree = test_tensors_new (stored, sizeof stored);
  assert_print (tree, test_tensors_view (CKPT_DTYPE_INT32, 1, line, NULL, 0),
                "tensor([   0,    1,    2,  ..., 1097, 1098, 1099], dtype=torch.int32)");
  assert_print (tree, test_tensors_view (CKPT_DTYPE_INT32, 2, square, NULL, 0),
                "tensor([[   0,    1,    2,  ...,   33,   34,   35],\n"
                "        [  36,   37,   38,  ...,   69,   70,   71],\n"
                "        [  72,   73,   74,  ...,  105,  106,  107],\n"
                "        ...,\n"
                "        [ 972,  973,  974,  ..., 1005, 1006, 1007],\n"
                "        [1008, 1009, 1010,  ..., 1041, 1042, 1043],\n"
                "        [1044, 1045, 1046,  ..., 1077, 1078, 1079]], dtype=torch.int32)");
}

static void
test_suffixes (void)
{
  const float stored[] = { 1, 2 };
  const gint64 two[] = { 2 }, four[] = { 4 };
  const CkptQuantizer quantizer = { CKPT_QSCHEME_PER_TENSOR, 0.5, 1 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  CkptTensor view = test_tensors_view (CKPT_DTYPE_FLOAT32, 1, two, NULL, 0), quantized;

  view.device = "cuda:1";
  assert_print (tree, view, "tensor([1., 2.], device='cuda:1')");
  view.flags = CKPT_TENSOR_PARAMETER | CKPT_TENSOR_REQUIRES_GRAD;
  view.class_name = "Parameter";
  assert_print (tree, view, "Parameter containing:\ntensor([1., 2.], device='cuda:1', requires_grad=True)");
  view.flags = CKPT_TENSOR_META;
  view.device = "meta";
  view.class_name = "Tensor";
  assert_print (tree, view, "tensor(..., device='meta', size=(2,))");
  view.flags = 0;
  view.device = "cpu";
  view.class_name = "my.own.Wrapped";
  assert_print (tree, view, "Wrapped([1., 2.])");
  view = test_tensors_view (CKPT_DTYPE_FLOAT16, 1, four, NULL, 0);
  assert_print (tree, view, "tensor([0.0000, 1.8750, 0.0000, 2.0000], dtype=torch.float16)");
  quantized = test_tensors_view (CKPT_DTYPE_QUINT8, 1, four, NULL, 0);
  quantized.quantizer = &quantizer;
  assert_print (tree, quantized,
                "tensor([-0.5000, -0.5000, 63.5000, 31.0000], size=(4,), dtype=torch.quint8,\n"
                "       quantization_scheme=torch.per_tensor_affine, scale=0.5, zero_point=1)");
}

/* What a file says goes to a terminal. */
static void
test_escaped (void)
{
  const float stored[] = { 1 };
  const gint64 one[] = { 1 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  CkptTensor view = test_tensors_view (CKPT_DTYPE_FLOAT32, 1, one, NULL, 0);
  g_autofree char *text = NULL;

  view.device = "cuda\x1b[31m\n";
  view.class_name = "a.\x1b]0;b";
  text = ckpt_tensor_print (tree, test_tensors_add (tree, view), NULL);
  for (const char *c = text; *c != '\0'; c++)
    g_assert_true (g_ascii_isprint (*c));
}

static void
test_many_dimensions (void)
{
  gint64 shape[62], stride[62];
  g_autoptr (CkptTree) tree = test_tensors_new ("1234", 4);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  CkptTensor view;

  for (guint i = 0; i < 62; i++)
    {
      shape[i] = 2;
      stride[i] = 0;
    }
  view = test_tensors_view (CKPT_DTYPE_UINT8, 62, shape, stride, 0);
  g_assert_null (ckpt_tensor_print (tree, test_tensors_add (tree, view), &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_LIMIT);
  /* 6^7 elements are too many for PyTorch's edges, 4^7 are not. */
  for (guint i = 0; i < 7; i++)
    shape[i] = 100;
  view = test_tensors_view (CKPT_DTYPE_UINT8, 7, shape, stride, 0);
  text = ckpt_tensor_print (tree, test_tensors_add (tree, view), NULL);
  g_assert_true (g_str_has_prefix (text, "tensor([[[[[[[49, 49,  ..., 49, 49],\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/print/floats", test_floats);
  g_test_add_func ("/print/ints", test_ints);
  g_test_add_func ("/print/edges", test_edges);
  g_test_add_func ("/print/suffixes", test_suffixes);
  g_test_add_func ("/print/escaped", test_escaped);
  g_test_add_func ("/print/many-dimensions", test_many_dimensions);
  return g_test_run ();
}
