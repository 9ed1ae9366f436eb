/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/ckpt-load.h"

#include "test-files.h"
#include "test-pickle.h"
#include "test-tree.h"

#include <string.h>

static CkptTree *
load (const char *header, gsize header_length, gsize n_data, GError **error)
{
  static const float values[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autofree char *file = NULL;

  test_u64 (content, header_length);
  test_text (content, header);
  g_byte_array_append (content, (const guint8 *) values, n_data);
  file = test_files_write ("model.safetensors", content->data, content->len);
  return ckpt_load (file, NULL, NULL, NULL, error);
}

#define W(dtype, shape, begin, end) \
  "\"w\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":[" #begin "," #end "]}"

static void
test_good (void)
{
  static const char header[] = "{\"__metadata__\":{\"format\":\"pt\"}," W ("F32", "[2,2]", 0, 16) "}   ";
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptTree) tree = load (header, sizeof header - 1, 16, &error);
  const CkptTensor *tensor;
  CkptNodeId metadata;
  float value;

  g_assert_no_error (error);
  g_assert_cmpint (ckpt_tree_get_container (tree), ==, CKPT_CONTAINER_SAFETENSORS);
  g_assert_cmpuint (ckpt_tree_get_n_warnings (tree), ==, 0);
  g_assert_cmpstr (ckpt_tree_get_fact (tree, "format"), ==, "pt");

  tensor = ckpt_tree_get_node_tensor (tree, ckpt_tree_get_key (tree, ckpt_tree_get_root (tree), "w"));
  g_assert_nonnull (tensor);
  g_assert_cmpint (tensor->dtype, ==, CKPT_DTYPE_FLOAT32);
  g_assert_cmpuint (tensor->n_dims, ==, 2);
  g_assert_cmpint (tensor->stride[0], ==, 2);
  g_assert_cmpint (tensor->stride[1], ==, 1);
  g_assert_cmpstr (ckpt_tree_get_storage (tree, tensor->storage)->key, ==, "w");
  g_assert_true (ckpt_tree_read_storage (tree, tensor->storage, 12, &value, sizeof value, NULL));
  g_assert_cmpfloat (value, ==, 4);

  metadata = ckpt_tree_get_key (tree, ckpt_tree_get_root (tree), "__metadata__");
  g_assert_cmpint (ckpt_tree_get_kind (tree, metadata), ==, CKPT_KIND_DICT);
}

typedef struct
{
  const char *name;
  const char *header;
  gsize n_data;
  const char *code;
  gboolean opens;
} Case;

static const Case cases[] = {
  { "array", "[]", 16, "safetensors-not-object", FALSE },
  { "space", " {" W ("F32", "[4]", 0, 16) "}", 16, "safetensors-leading-space", TRUE },
  { "not-json", "{\377}", 16, "safetensors-json", FALSE },
  { "name-twice", "{" W ("F32", "[4]", 0, 16) "," W ("I32", "[4]", 0, 16) "}", 16, "key-twice", FALSE },
  { "field-twice", "{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16],\"shape\":[2]}}", 16,
    "key-twice", FALSE },
  { "begin-after-end", "{" W ("F32", "[4]", 16, 0) "}", 16, "safetensors-offsets", FALSE },
  { "short", "{" W ("F32", "[400]", 0, 1600) "}", 16, "storage-short", TRUE },
  { "big-number", "{" W ("F32", "[4]", 0, 18446744073709551616) "}", 16, "safetensors-number", FALSE },
  { "float-shape", "{" W ("F32", "[1e2]", 0, 16) "}", 16, "safetensors-number", FALSE },
  { "overflow", "{" W ("F32", "[4294967296,4294967296]", 0, 16) "}", 16, "tensor-malformed", TRUE },
  { "range", "{" W ("F32", "[5]", 0, 16) "}", 16, "tensor-malformed", TRUE },
  { "dtype", "{" W ("F7", "[4]", 0, 16) "}", 16, "tensor-malformed", TRUE },
  { "half-byte", "{" W ("F4", "[3]", 0, 2) "}", 2, "tensor-malformed", TRUE },
  { "metadata", "{\"__metadata__\":{\"a\":1}," W ("F32", "[4]", 0, 16) "}", 16, "safetensors-metadata",
    TRUE },
  { "overlap",
    "{" W ("F32", "[4]", 0, 16) ",\"v\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[8,24]}}", 24,
    "safetensors-overlap", TRUE },
  { "gap", "{" W ("F32", "[4]", 0, 16) ",\"v\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,32]}}",
    32, "safetensors-gap", TRUE },
  { "trailing", "{" W ("F32", "[4]", 0, 16) "}", 24, "bytes-after-data", TRUE },
  { "no-shape", "{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,16]}}", 16, "safetensors-tensor", FALSE },
};

static void
test_case (gconstpointer data)
{
  const Case *item = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptTree) tree = load (item->header, strlen (item->header), item->n_data, &error);

  if (!item->opens)
    {
      g_assert_null (tree);
      g_assert_cmpstr (ckpt_error_get_code (error), ==, item->code);
      return;
    }

  g_assert_no_error (error);
  g_assert_true (test_tree_has_warning (tree, item->code));
}

static void
assert_refused (const char *header, guint64 length, const char *code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (load (header, length, 16, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, code);
}

static void
test_lengths (void)
{
  static const char header[] = "{" W ("F32", "[4]", 0, 16) "}";

  assert_refused (header, G_GUINT64_CONSTANT (1) << 63, "safetensors-header-size");
  assert_refused (header, G_MAXUINT64, "safetensors-header-size");
  assert_refused (header, 1000, "safetensors-header-cut");
}

/* Offsets in errors count from the header's first byte, and in the file 8 more. */
static void
test_place (void)
{
  static const char header[] = "{" W ("F32", "[4]", 16, 0) "}";
  g_autoptr (GError) error = NULL;
  const CkptPlace *place;

  g_assert_null (load (header, sizeof header - 1, 16, &error));
  place = ckpt_error_get_place (error);
  g_assert_cmpstr (place->record, ==, "header");
  g_assert_cmpuint (place->offset, ==, 2);
  g_assert_cmpuint (place->file_offset, ==, 10);
}

/* The last dimension of float4 counts numbers here and bytes in PyTorch. */
static void
test_float4 (void)
{
  static const char header[] = "{" W ("F4", "[2,8]", 0, 8) "}";
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptTree) tree = load (header, sizeof header - 1, 8, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (ckpt_tree_get_n_warnings (tree), ==, 0);
  g_assert_cmpint (ckpt_tree_get_tensor (tree, 0)->shape[1], ==, 4);
  g_assert_cmpuint (ckpt_tree_get_tensor (tree, 0)->n_bytes, ==, 8);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/safetensors/good", test_good);
  g_test_add_func ("/safetensors/lengths", test_lengths);
  g_test_add_func ("/safetensors/place", test_place);
  g_test_add_func ("/safetensors/float4", test_float4);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/safetensors/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
