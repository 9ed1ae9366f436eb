/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "io/ckpt-error.h"
#include "model/ckpt-elements.h"

#include <string.h>

/* A storage in memory that counts what is read of it. */
typedef struct
{
  guint8 *bytes;
  gsize n_bytes;
  guint n_reads;
  guint64 n_read;
} Memory;

static gboolean
memory_read (gpointer data, guint64 offset, gpointer buffer, gsize length, GError **error)
{
  Memory *memory = data;

  g_assert_cmpuint (length, >, 0);
  memory->n_reads++;
  memory->n_read += length;
  if (offset > memory->n_bytes || length > memory->n_bytes - offset)
    return ckpt_error_set (error, CKPT_ERROR_TRUNCATED, "storage-short", "short");
  memcpy (buffer, memory->bytes + offset, length);
  return TRUE;
}

static void
memory_init (Memory *memory, gsize n_bytes)
{
  *memory = (Memory) { .bytes = g_malloc (n_bytes), .n_bytes = n_bytes };
  for (gsize i = 0; i < n_bytes; i++)
    memory->bytes[i] = g_test_rand_int ();
}

static void
memory_clear (Memory *memory)
{
  g_free (memory->bytes);
}

static CkptElements *
open_elements (Memory *memory,
               CkptDtype dtype,
               guint n_dims,
               const gint64 *shape,
               const gint64 *stride,
               gint64 offset)
{
  CkptGeometry geometry;

  g_assert_true (ckpt_geometry_init (&geometry, n_dims, shape, stride, offset));
  return ckpt_elements_new (&geometry, ckpt_window_new (dtype, FALSE, memory_read, memory, NULL));
}

/* Element of the storage that is element @number of the tensor, by the definition. */
static guint64
locate (guint n_dims, const gint64 *shape, const gint64 *stride, gint64 offset, guint64 number)
{
  guint64 element = offset;

  for (guint i = n_dims; i > 0; i--)
    {
      element += number % shape[i - 1] * stride[i - 1];
      number /= shape[i - 1];
    }
  return element;
}

static const CkptDtype dtypes_of_all_sizes[] = {
  CKPT_DTYPE_UINT8,      CKPT_DTYPE_FLOAT16,  CKPT_DTYPE_INT32,    CKPT_DTYPE_FLOAT64,
  CKPT_DTYPE_COMPLEX128, CKPT_DTYPE_QUINT4X2, CKPT_DTYPE_QUINT2X4, CKPT_DTYPE_FLOAT6_E2M3,
};

static void
check_item (Memory *memory, CkptDtype dtype, guint64 element, const guint8 *item)
{
  const CkptDtypeInfo *info = ckpt_dtype_get_info (dtype);
  guint value = 0;

  if (info->bits >= 8)
    {
      g_assert_cmpmem (item, info->item_size, memory->bytes + element * info->item_size, info->item_size);
      return;
    }
  for (guint i = 0; i < info->bits; i++)
    {
      guint64 bit = element * info->bits + i;

      value |= (guint) (memory->bytes[bit / 8] >> bit % 8 & 1) << i;
    }
  g_assert_cmpuint (*item, ==, value);
}

static void
check_range (Memory *memory,
             CkptElements *elements,
             CkptDtype dtype,
             guint n_dims,
             const gint64 *shape,
             const gint64 *stride,
             gint64 offset,
             guint64 first,
             gsize n)
{
  gsize item_size = ckpt_dtype_get_info (dtype)->item_size;
  g_autofree guint8 *items = g_malloc (n * item_size + 1);
  g_autoptr (GError) error = NULL;

  items[n * item_size] = 0x5a;
  g_assert_true (ckpt_elements_read (elements, first, n, items, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (items[n * item_size], ==, 0x5a);
  for (gsize i = 0; i < n; i++)
    check_item (memory, dtype, locate (n_dims, shape, stride, offset, first + i), items + i * item_size);
}

/* Shapes and strides of every kind: permuted, repeated, overlapping, with gaps. */
static void
test_random (void)
{
  for (guint round = 0; round < 3000; round++)
    {
      CkptDtype dtype = dtypes_of_all_sizes[g_test_rand_int_range (0, G_N_ELEMENTS (dtypes_of_all_sizes))];
      guint n_dims = g_test_rand_int_range (0, 6);
      gint64 shape[6], stride[6], offset = g_test_rand_int_range (0, 9), last = offset;
      guint64 n = 1;
      Memory memory;

      for (guint i = 0; i < n_dims; i++)
        {
          shape[i] = g_test_rand_int_range (1, 7);
          stride[i] = g_test_rand_int_range (0, 4) == 0 ? 0 : g_test_rand_int_range (1, 40);
          last += (shape[i] - 1) * stride[i];
          n *= shape[i];
        }
      memory_init (&memory, (last + 1) * ckpt_dtype_get_info (dtype)->item_size);
      {
        g_autoptr (CkptElements) elements = open_elements (&memory, dtype, n_dims, shape, stride, offset);

        g_assert_cmpuint (ckpt_elements_get_n (elements), ==, n);
        for (guint i = 0; i < 4; i++)
          {
            guint64 first = g_test_rand_int_range (0, n), length = g_test_rand_int_range (0, n - first + 1);

            check_range (&memory, elements, dtype, n_dims, shape, stride, offset, first, length);
          }
        check_range (&memory, elements, dtype, n_dims, shape, stride, offset, 0, n);
      }
      memory_clear (&memory);
    }
}

/* Larger than the window, in both directions. */
static void
test_large (void)
{
  const struct
  {
    gint64 shape[3];
    gint64 stride[3];
  } layouts[] = {
    { { 100, 90, 80 }, { 7200, 80, 1 } },      { { 80, 90, 100 }, { 1, 80, 7200 } },
    { { 4, 300, 301 }, { 1, 1200, 4 } },       { { 2, 200000, 1 }, { 0, 1, 9 } },
    { { 300000, 2, 1 }, { 1, 1, 1 } },         { { 3, 5, 2 }, { 90001, 6000, 1 } },
    { { 2, 3, 70000 }, { 350001, 70000, 1 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (layouts); i++)
    {
      const gint64 *shape = layouts[i].shape, *stride = layouts[i].stride;
      gint64 n = shape[0] * shape[1] * shape[2];
      Memory memory;

      memory_init (&memory, 800000 * 4);
      {
        g_autoptr (CkptElements) elements = open_elements (&memory, CKPT_DTYPE_INT32, 3, shape, stride, 5);

        check_range (&memory, elements, CKPT_DTYPE_INT32, 3, shape, stride, 5, 0, n);
        check_range (&memory, elements, CKPT_DTYPE_INT32, 3, shape, stride, 5, n / 3, n / 2);
      }
      memory_clear (&memory);
    }
}

/* What reading all of a tensor of int32 asks of the storage. */
static void
assert_cost (guint n_dims,
             const gint64 *shape,
             const gint64 *stride,
             gsize n_bytes,
             guint max_reads,
             guint64 max_read)
{
  Memory memory;

  memory_init (&memory, n_bytes);
  {
    g_autoptr (CkptElements) elements = open_elements (&memory, CKPT_DTYPE_INT32, n_dims, shape, stride, 0);
    gsize n = ckpt_elements_get_n (elements);
    g_autofree guint32 *items = g_new (guint32, n);

    g_assert_true (ckpt_elements_read (elements, 0, n, items, NULL));
  }
  g_assert_cmpuint (memory.n_reads, <=, max_reads);
  g_assert_cmpuint (memory.n_read, <=, max_read);
  memory_clear (&memory);
}

static void
test_cost (void)
{
  const gint64 contiguous[] = { 512, 1024 }, contiguous_stride[] = { 1024, 1 };
  const gint64 transposed[] = { 1024, 512 }, transposed_stride[] = { 1, 1024 };
  const gint64 expanded[] = { 1000, 1000 }, expanded_stride[] = { 0, 0 };
  const gint64 bias[] = { 700, 768 }, bias_stride[] = { 0, 1 };
  const gint64 column[] = { 512 }, column_stride[] = { 1024 };
  const gint64 sparse[] = { 4, 16 }, sparse_stride[] = { 100000, 1 };
  const gint64 points[] = { 5 }, points_stride[] = { 100000 };

  assert_cost (2, contiguous, contiguous_stride, 2 << 20, 1, 2 << 20);
  assert_cost (2, transposed, transposed_stride, 2 << 20, 9, (2 << 20) + 65536);
  assert_cost (2, expanded, expanded_stride, 4, 1, 4);
  assert_cost (2, bias, bias_stride, 768 * 4, 1, 768 * 4);
  assert_cost (1, column, column_stride, 2 << 20, 9, 2 << 20);
  assert_cost (2, sparse, sparse_stride, 400000 * 4, 4, 4 * 16 * 4);
  assert_cost (1, points, points_stride, 400001 * 4, 5, 20);
}

static void
test_swapped (void)
{
  const gint64 shape[] = { 2 }, stride[] = { 1 };
  const struct
  {
    CkptDtype dtype;
    guint8 items[32];
  } cases[] = {
    { CKPT_DTYPE_INT16, { 1, 0, 3, 2 } },
    { CKPT_DTYPE_COMPLEX32, { 1, 0, 3, 2, 5, 4, 7, 6 } },
    { CKPT_DTYPE_FLOAT32, { 3, 2, 1, 0, 7, 6, 5, 4 } },
    { CKPT_DTYPE_FLOAT64, { 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8 } },
    { CKPT_DTYPE_COMPLEX64, { 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12 } },
    { CKPT_DTYPE_BOOL, { 0, 1 } },
  };
  guint8 bytes[32], items[32];
  Memory memory = { .bytes = bytes, .n_bytes = sizeof bytes };
  CkptGeometry geometry;

  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = i;
  g_assert_true (ckpt_geometry_init (&geometry, 1, shape, stride, 0));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CkptElements) elements = ckpt_elements_new (
          &geometry, ckpt_window_new (cases[i].dtype, TRUE, memory_read, &memory, NULL));
      gsize n_bytes = 2 * ckpt_dtype_get_info (cases[i].dtype)->item_size;

      g_assert_true (ckpt_elements_read (elements, 0, 2, items, NULL));
      g_assert_cmpmem (items, n_bytes, cases[i].items, n_bytes);
    }
}

static void
test_short_storage (void)
{
  const gint64 shape[] = { 3, 4 }, stride[] = { 4, 1 };
  guint8 items[12 * 4];
  Memory memory;

  memory_init (&memory, 40);
  {
    g_autoptr (CkptElements) elements = open_elements (&memory, CKPT_DTYPE_INT32, 2, shape, stride, 0);
    g_autoptr (GError) error = NULL;

    g_assert_true (ckpt_elements_read (elements, 0, 10, items, &error));
    g_assert_no_error (error);
    g_assert_false (ckpt_elements_read (elements, 0, 12, items, &error));
    g_assert_error (error, CKPT_ERROR, CKPT_ERROR_TRUNCATED);
  }
  memory_clear (&memory);
}

static void
test_geometry_limits (void)
{
  const gint64 huge[] = { G_MAXINT64, 3 }, ones[] = { 1, 1 }, negative[] = { -2, 2 },
               empty[] = { 0, G_MAXINT64 };
  const gint64 large[] = { 2, G_MAXINT64 / 2 }, far[] = { G_GINT64_CONSTANT (1) << 62, 1 }, two[] = { 2, 2 };
  gint64 many[1000];
  CkptGeometry geometry;

  for (guint i = 0; i < G_N_ELEMENTS (many); i++)
    many[i] = 1;
  g_assert_false (ckpt_geometry_init (&geometry, 2, huge, ones, 0));
  g_assert_false (ckpt_geometry_init (&geometry, 2, negative, ones, 0));
  g_assert_false (ckpt_geometry_init (&geometry, 2, two, negative, 0));
  g_assert_false (ckpt_geometry_init (&geometry, 2, two, ones, -1));
  g_assert_false (ckpt_geometry_init (&geometry, 2, two, far, far[0]));
  g_assert_true (ckpt_geometry_init (&geometry, 2, empty, ones, 0));
  g_assert_cmpuint (geometry.n, ==, 0);
  g_assert_true (ckpt_geometry_init (&geometry, 2, large, ones, 0));
  g_assert_cmpuint (geometry.n, ==, G_MAXINT64 - 1);
  g_assert_true (ckpt_geometry_init (&geometry, 1000, many, many, 7));
  g_assert_cmpuint (geometry.n, ==, 1);
  g_assert_cmpuint (geometry.n_axes, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (many); i++)
    many[i] = 2;
  g_assert_false (ckpt_geometry_init (&geometry, 1000, many, many, 7));
  g_assert_true (ckpt_geometry_init (&geometry, 62, many, many, 7));
  g_assert_cmpuint (geometry.n, ==, G_GUINT64_CONSTANT (1) << 62);
}

static void
test_collapse (void)
{
  const gint64 shape[] = { 5, 4, 7, 3 }, stride[] = { 3, 15, 0, 1 };
  CkptGeometry geometry;

  g_assert_true (ckpt_geometry_init (&geometry, 4, shape, stride, 2));
  g_assert_cmpuint (ckpt_geometry_collapse (&geometry), ==, 7);
  g_assert_cmpuint (geometry.n_axes, ==, 1);
  g_assert_cmpuint (geometry.axes[0].size, ==, 60);
  g_assert_cmpuint (geometry.axes[0].stride, ==, 1);
  g_assert_cmpuint (geometry.n, ==, 60);
  g_assert_cmpuint (ckpt_geometry_get_last (&geometry), ==, 61);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/elements/random", test_random);
  g_test_add_func ("/elements/large", test_large);
  g_test_add_func ("/elements/cost", test_cost);
  g_test_add_func ("/elements/swapped", test_swapped);
  g_test_add_func ("/elements/short-storage", test_short_storage);
  g_test_add_func ("/elements/geometry-limits", test_geometry_limits);
  g_test_add_func ("/elements/collapse", test_collapse);
  return g_test_run ();
}
