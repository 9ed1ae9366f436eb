/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/ckpt-query.h"

#include "test-tensors.h"
#include "test-tree.h"

/* Tensors whose indices a query is to find. */
typedef struct
{
  CkptTree *tree;
} Fixture;

static void
add (Fixture *self, CkptDtype dtype, const char *device, guint n_dims, const gint64 *shape)
{
  CkptTensor tensor = test_tensors_view (dtype, n_dims, shape, NULL, 0);

  tensor.device = device;
  test_tensors_add (self->tree, tensor);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->tree = test_tensors_new ("", 1);
  add (self, CKPT_DTYPE_FLOAT32, "cpu", 2, (const gint64[]) { 768, 768 });
  add (self, CKPT_DTYPE_FLOAT16, "cuda:1", 2, (const gint64[]) { 768, 3072 });
  add (self, CKPT_DTYPE_BFLOAT16, "cuda:10", 1, (const gint64[]) { 768 });
  add (self, CKPT_DTYPE_INT64, "cpu", 0, NULL);
  add (self, CKPT_DTYPE_FLOAT8_E5M2, "meta", 3, (const gint64[]) { 12, 768, 64 });
  test_tensors_set_root (self->tree);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ckpt_tree_unref (self->tree);
}

/* The indices of those that are found, as "0 3". */
static char *
find (Fixture *self, const CkptQuery *query)
{
  GString *found = g_string_new (NULL);

  for (guint i = 0; i < ckpt_tree_get_n_tensors (self->tree); i++)
    if (ckpt_query_matches (query, self->tree, ckpt_tree_get_tensor (self->tree, i)->node))
      g_string_append_printf (found, "%s%u", found->len > 0 ? " " : "", i);
  return g_string_free_and_steal (found);
}

static void
assert_finds (Fixture *self, const char *text, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptQuery) query = ckpt_query_new (text, &error);
  g_autofree char *found = NULL;

  g_test_message ("%s", text);
  g_assert_no_error (error);
  g_assert_true (ckpt_query_has_terms (query));
  found = find (self, query);
  g_assert_cmpstr (found, ==, expected);
}

static void
test_dtype (Fixture *self, gconstpointer data)
{
  assert_finds (self, "dtype:float32", "0");
  assert_finds (self, "DType: Float32", "0");
  assert_finds (self, "dtype=torch.float16", "1");
  assert_finds (self, "dtype:half", "1");
  assert_finds (self, "dtype:fp16,bf16", "1 2");
  assert_finds (self, "dtype:float", "0 1 2 4");
  assert_finds (self, "dtype:float8*", "4");
  assert_finds (self, "dtype:fp8", "4");
  assert_finds (self, "dtype:int", "3");
  assert_finds (self, "dtype:uint", "");
  assert_finds (self, "-dtype:float", "3");
}

static void
test_shape (Fixture *self, gconstpointer data)
{
  assert_finds (self, "shape:768x768", "0");
  assert_finds (self, "shape:768×*", "0 1");
  assert_finds (self, "shape:(768, 3072)", "1");
  assert_finds (self, "shape:torch.Size([768, 3072])", "1");
  assert_finds (self, "shape:768", "2");
  assert_finds (self, "shape:(768,)", "2");
  assert_finds (self, "shape:()", "3");
  assert_finds (self, "shape:768x", "0 1 2");
  assert_finds (self, "shape:...x64", "4");
  assert_finds (self, "shape:…,768", "0 2");
  assert_finds (self, "shape:12x...x64", "4");
  assert_finds (self, "shape:>=768x>768", "1");
  assert_finds (self, "shape:*x*x*", "4");
  assert_finds (self, "dims:2", "0 1");
  assert_finds (self, "ndim>=2", "0 1 4");
}

static void
test_device (Fixture *self, gconstpointer data)
{
  assert_finds (self, "device:cuda:1", "1");
  assert_finds (self, "device:CUDA", "1 2");
  assert_finds (self, "device:cuda:1*", "1 2");
  assert_finds (self, "device:cpu,meta", "0 3 4");
  assert_finds (self, "device:cud", "");
  assert_finds (self, "-device:cpu", "1 2 4");
}

static void
test_amounts (Fixture *self, gconstpointer data)
{
  assert_finds (self, "size:>2MB", "0 1");
  assert_finds (self, "size > 2 MB", "0 1");
  assert_finds (self, "size:2.4 MB", "0");
  assert_finds (self, "bytes<=8", "3");
  assert_finds (self, "values:>600k", "1");
  assert_finds (self, "numel=1", "3");
  assert_finds (self, "values:500k..600k", "0 4");
  assert_finds (self, "size:>1MB dtype:float16 shape:768x*", "1");
}

static void
test_type (Fixture *self, gconstpointer data)
{
  assert_finds (self, "type:tensor", "0 1 2 3 4");
  assert_finds (self, "type:float16", "1");
  assert_finds (self, "type:int", "");
}

static void
test_words (Fixture *self, gconstpointer data)
{
  const struct
  {
    const char *word;
    const char *expected;
  } words[] = { { "768×768", "0" }, { "768x*", "0 1" }, { "768x", "0 1 2" }, { "Float16", "1" },
                { "half", "" },     { "cuda:1", "1" },  { "cuda", "1 2" },   { "768", "" },
                { "x", "" },        { "1x2xx3", "" } };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (CkptQuery) query = ckpt_query_new_for_word (words[i].word);
      g_autofree char *found = find (self, query);

      g_test_message ("%s", words[i].word);
      g_assert_cmpstr (found, ==, words[i].expected);
    }
}

static void
test_other_values (void)
{
  g_autoptr (CkptTree)
      tree = test_tree_new ("} ( 'a' 1 'b' f0.5 'c' @torch:device ( 'cpu' tR u", CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptQuery) ints = ckpt_query_new ("type:int", NULL);
  g_autoptr (CkptQuery) no_ints = ckpt_query_new ("-type:int", NULL);
  g_autoptr (CkptQuery) big = ckpt_query_new ("-size:>1MB", NULL);
  CkptNodeId a = test_tree_get (tree, "[\"a\"]");
  CkptNodeId b = test_tree_get (tree, "[\"b\"]");

  g_assert_true (ckpt_query_matches (ints, tree, a));
  g_assert_false (ckpt_query_matches (ints, tree, b));
  g_assert_false (ckpt_query_matches (no_ints, tree, a));
  g_assert_true (ckpt_query_matches (no_ints, tree, b));
  /* What has no size is not small either. */
  g_assert_false (ckpt_query_matches (big, tree, a));
}

static void
test_text (void)
{
  const struct
  {
    const char *text;
    const char *rest;
    gboolean has_terms;
  } texts[] = {
    { "", "", FALSE },
    { "  conv1  weight ", "conv1  weight", FALSE },
    { "conv1 dtype:float32  weight", "conv1 weight", TRUE },
    { "size:> 1 MB conv", "conv", TRUE },
    { "size:3 conv", "conv", TRUE },
    { "size:1 mean", "mean", TRUE },
    { "cuda:1", "cuda:1", FALSE },
    { "xdtype:float32", "xdtype:float32", FALSE },
    { "my-size:3", "my-size:3", FALSE },
    { "size", "size", FALSE },
    { "type dict", "type dict", FALSE },
    { "^conv[12]\\.(weight|bias)$ values:>1", "^conv[12]\\.(weight|bias)$", TRUE },
    { "-0.5", "-0.5", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CkptQuery) query = ckpt_query_new (texts[i].text, &error);

      g_test_message ("%s", texts[i].text);
      g_assert_no_error (error);
      g_assert_cmpstr (ckpt_query_get_text (query), ==, texts[i].rest);
      g_assert_cmpint (ckpt_query_has_terms (query), ==, texts[i].has_terms);
    }
}

static void
test_refused (void)
{
  const struct
  {
    const char *text;
    const char *message;
  } texts[] = {
    { "dtype:flaot16", "“flaot16” is no dtype. Write float16, int or float8*." },
    { "dtype:", "“” is no dtype. Write float16, int or float8*." },
    { "dtype:float32,\xe2\x80\xae%s", "“\\u202e%s” is no dtype. Write float16, int or float8*." },
    { "shape:768xx3", "“768xx3” is no shape. Write 768x768, 768x* or >1000x*." },
    { "shape:(768", "“(768” is no shape. Write 768x768, 768x* or >1000x*." },
    { "shape:", "“” is no shape. Write 768x768, 768x* or >1000x*." },
    { "shape:...x3x...", "“...x3x...” is no shape. Write 768x768, 768x* or >1000x*." },
    { "size:>10XB", "“>10XB” is no size. Write >10MB, <=4KiB or 1MB..2MB." },
    { "size > MB", "“> MB” is no size. Write >10MB, <=4KiB or 1MB..2MB." },
    { "values:many", "“many” is no number. Write >1M, 768 or 1k..2k." },
    { "dims:", "“” is no number. Write >1M, 768 or 1k..2k." },
    { "device:", "A device is missing. Write device:cuda:1 or device:cuda." },
    { "type:,", "A type is missing. Write type:dict or type:float32." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ckpt_query_new (texts[i].text, &error));
      g_assert_error (error, CKPT_ERROR, CKPT_ERROR_NO_SUCH_PATH);
      g_assert_cmpstr (error->message, ==, texts[i].message);
      g_assert_cmpstr (ckpt_error_get_code (error), ==, "query-syntax");
    }
}

static void
add_test (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (name, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_test ("/query/dtype", test_dtype);
  add_test ("/query/shape", test_shape);
  add_test ("/query/device", test_device);
  add_test ("/query/amounts", test_amounts);
  add_test ("/query/type", test_type);
  add_test ("/query/words", test_words);
  g_test_add_func ("/query/other-values", test_other_values);
  g_test_add_func ("/query/text", test_text);
  g_test_add_func ("/query/refused", test_refused);

  return g_test_run ();
}
