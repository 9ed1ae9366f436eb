/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "slices/ckpt-blocks.h"
#include "slices/ckpt-cells.h"

#include "model/ckpt-values.h"
#include "test-files.h"
#include "test-tensors.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define N_BYTES  40000
#define MAX_DIMS 6

static const CkptDtype dtypes[] = {
  CKPT_DTYPE_FLOAT64,   CKPT_DTYPE_FLOAT32,  CKPT_DTYPE_FLOAT16, CKPT_DTYPE_BFLOAT16,
  CKPT_DTYPE_COMPLEX64, CKPT_DTYPE_INT64,    CKPT_DTYPE_UINT8,   CKPT_DTYPE_BOOL,
  CKPT_DTYPE_QUINT4X2,  CKPT_DTYPE_QUINT2X4, CKPT_DTYPE_INT16,   CKPT_DTYPE_FLOAT8_E5M2,
};

/* Shapes and strides of every kind: permuted, repeated, overlapping, with gaps. The arrays must outlive the tensor. */
static const CkptTensor *
add_random_tensor (CkptTree *tree, gint64 *shape, gint64 *stride)
{
  static const CkptQuantizer quantizer = { CKPT_QSCHEME_PER_TENSOR, 0.25, 3 };
  CkptDtype dtype = dtypes[g_test_rand_int_range (0, G_N_ELEMENTS (dtypes))];
  guint n_dims = g_test_rand_int_range (0, MAX_DIMS);
  CkptTensor view;

  for (guint i = 0; i < n_dims; i++)
    {
      shape[i] = g_test_rand_int_range (1, 8);
      stride[i] = g_test_rand_int_range (0, 4) == 0 ? 0 : g_test_rand_int_range (1, 60);
    }
  view = test_tensors_view (dtype, n_dims, shape, stride, g_test_rand_int_range (0, 9));
  if (ckpt_dtype_get_info (dtype)->dtype_class == CKPT_CLASS_QUANTIZED)
    view.quantizer = &quantizer;
  if (g_test_rand_int_range (0, 4) == 0)
    view.flags = CKPT_TENSOR_NEG | CKPT_TENSOR_CONJ;
  return test_tensors_add (tree, view);
}

static CkptSlice *
new_random_slice (CkptTree *tree, const CkptTensor *tensor)
{
  g_autoptr (GError) error = NULL;
  CkptSlice *slice = ckpt_slice_new (tree, tensor, &error);
  int row_axis = g_test_rand_int_range (-1, (int) tensor->n_dims);
  int column_axis = g_test_rand_int_range (-1, (int) tensor->n_dims);

  g_assert_no_error (error);
  if (row_axis == column_axis)
    column_axis = CKPT_NO_AXIS;
  ckpt_slice_set_axes (slice, row_axis, column_axis);
  for (int i = 0; i < (int) tensor->n_dims; i++)
    if (i != row_axis && i != column_axis)
      ckpt_slice_set_index (slice, i, g_test_rand_int_range (0, tensor->shape[i]));
  return slice;
}

static CkptRect
get_random_rect (const CkptSlice *slice)
{
  gint32 n_rows = (gint32) ckpt_slice_get_n_rows (slice),
         n_columns = (gint32) ckpt_slice_get_n_columns (slice);
  CkptRect rect = { g_test_rand_int_range (0, n_rows), 0, g_test_rand_int_range (0, n_columns), 0 };

  rect.n_rows = g_test_rand_int_range (1, n_rows - (gint32) rect.row + 1);
  rect.n_columns = g_test_rand_int_range (1, n_columns - (gint32) rect.column + 1);
  return rect;
}

/* Each cell is what reading its one element of the whole tensor gives, and missing where that fails. */
static void
check_cells (CkptTree *tree, const CkptSlice *slice, const CkptRect *rect)
{
  const CkptTensor *tensor = ckpt_slice_get_tensor (slice);
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptCells) cells = ckpt_cells_read (slice, rect, NULL, &error);
  guint64 n_missing = 0;

  g_assert_no_error (error);
  for (guint64 row = rect->row; row < rect->row + rect->n_rows; row++)
    for (guint64 column = rect->column; column < rect->column + rect->n_columns; column++)
      {
        g_autofree char *expected = ckpt_tensor_item_to_string (
            tree, tensor, ckpt_slice_get_element (slice, row, column), NULL);
        g_autofree char *text = ckpt_cells_dup_text (cells, row, column);

        g_assert_cmpstr (text, ==, expected);
        n_missing += expected == NULL;
      }
  g_assert_cmpuint (ckpt_cells_get_n_missing (cells), ==, n_missing);
}

/* What a block should be, element by element. */
typedef struct
{
  guint64 n_finite;
  double sum;
  double magnitude;
  double min;
  double max;
  guint flags;
} Expected;

static void
add_expected (Expected *expected,
              CkptTree *tree,
              const CkptTensor *tensor,
              guint64 element,
              guint64 counts[3])
{
  double value;

  if (!ckpt_tensor_read_doubles (tree, tensor, element, 1, &value, NULL))
    {
      expected->flags |= CKPT_BLOCK_HAS_MISSING;
      counts[2]++;
      return;
    }
  expected->flags |= CKPT_BLOCK_HAS_VALUE;
  if (isnan (value))
    expected->flags |= CKPT_BLOCK_HAS_NAN;
  else if (isinf (value))
    expected->flags |= value > 0 ? CKPT_BLOCK_HAS_POS_INF : CKPT_BLOCK_HAS_NEG_INF;
  counts[0] += isnan (value);
  counts[1] += isinf (value) != 0;
  if (!isnan (value))
    {
      expected->min = fmin (expected->min, value);
      expected->max = fmax (expected->max, value);
    }
  if (!isfinite (value))
    return;
  expected->n_finite++;
  expected->sum += value / 64;
  expected->magnitude = fmax (expected->magnitude, fabs (value));
}

static void
check_block (const CkptBlocks *blocks, guint64 row, guint64 column, const Expected *expected)
{
  double mean = ckpt_blocks_get_value (blocks, CKPT_BLOCK_MEAN, row, column);
  double min = ckpt_blocks_get_value (blocks, CKPT_BLOCK_MIN, row, column);
  double max = ckpt_blocks_get_value (blocks, CKPT_BLOCK_MAX, row, column);
  double shown = ckpt_blocks_get_shown (blocks, CKPT_BLOCK_MAX, row, column);

  if (expected->flags & CKPT_BLOCK_HAS_NAN)
    g_assert_true (isnan (shown));
  else if (expected->flags & (CKPT_BLOCK_HAS_POS_INF | CKPT_BLOCK_HAS_NEG_INF))
    g_assert_true (isinf (shown));
  else if (expected->n_finite > 0)
    g_assert_cmpfloat (shown, ==, expected->max);
  g_assert_cmpuint (ckpt_blocks_get_flags (blocks, row, column), ==, expected->flags);
  if (expected->n_finite > 0)
    g_assert_cmpfloat (fabs (mean / 64 - expected->sum / (double) expected->n_finite), <=,
                       1e-12 * expected->magnitude);
  if (expected->min <= expected->max)
    {
      g_assert_cmpfloat (min, ==, expected->min);
      g_assert_cmpfloat (max, ==, expected->max);
    }
  else
    {
      g_assert_true (isnan (min) && isnan (max) && isnan (mean));
    }
}

static void
check_blocks (CkptTree *tree, const CkptSlice *slice, const CkptRect *rect)
{
  const CkptTensor *tensor = ckpt_slice_get_tensor (slice);
  guint64 row_factor = g_test_rand_int_range (1, 5), column_factor = g_test_rand_int_range (1, 5);
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptBlocks)
      blocks = ckpt_blocks_compute (slice, rect, row_factor, column_factor, NULL, NULL, NULL, &error);
  guint64 counts[3] = { 0 };

  g_assert_no_error (error);
  g_assert_cmpuint (ckpt_blocks_get_n_rows (blocks), ==, (rect->n_rows + row_factor - 1) / row_factor);
  g_assert_cmpuint (ckpt_blocks_get_n_columns (blocks), ==,
                    (rect->n_columns + column_factor - 1) / column_factor);
  for (guint64 i = 0; i < ckpt_blocks_get_n_rows (blocks); i++)
    for (guint64 j = 0; j < ckpt_blocks_get_n_columns (blocks); j++)
      {
        Expected expected = { .min = INFINITY, .max = -INFINITY };

        for (guint64 row = i * row_factor; row < MIN ((i + 1) * row_factor, rect->n_rows); row++)
          for (guint64 k = j * column_factor; k < MIN ((j + 1) * column_factor, rect->n_columns); k++)
            add_expected (&expected, tree, tensor,
                          ckpt_slice_get_element (slice, rect->row + row, rect->column + k), counts);
        check_block (blocks, i, j, &expected);
      }
  g_assert_cmpuint (ckpt_blocks_get_n_nan (blocks), ==, counts[0]);
  g_assert_cmpuint (ckpt_blocks_get_n_inf (blocks), ==, counts[1]);
  g_assert_cmpuint (ckpt_blocks_get_n_missing (blocks), ==, counts[2]);
}

/* A length of the storage that cuts amid the cells, perhaps amid an element. */
static guint64
get_random_cut (const CkptSlice *slice, const CkptRect *rect)
{
  CkptTensor *part = ckpt_slice_get_part (slice, rect);
  guint bits = ckpt_dtype_get_info (part->dtype)->bits;
  gint64 last = part->offset;

  for (guint i = 0; i < part->n_dims; i++)
    last += (part->shape[i] - 1) * part->stride[i];
  last = g_test_rand_int_range ((gint32) part->offset * bits / 8, (gint32) (last + 1) * bits / 8 + 1);
  ckpt_part_free (part);
  return last;
}

static void
test_random (void)
{
  g_autofree guint8 *stored = test_files_noise (N_BYTES);
  g_autoptr (CkptTree) tree = test_tensors_new (stored, N_BYTES);

  for (guint round = 0; round < 3000; round++)
    {
      gint64 shape[MAX_DIMS], stride[MAX_DIMS];
      const CkptTensor *tensor = add_random_tensor (tree, shape, stride);
      g_autoptr (CkptSlice) slice = new_random_slice (tree, tensor);
      CkptRect rect = get_random_rect (slice);

      ckpt_tree_edit_storage (tree, 0)->n_bytes_present = round % 2 ? N_BYTES : get_random_cut (slice, &rect);
      check_cells (tree, slice, &rect);
      check_blocks (tree, slice, &rect);
    }
}

/* Of channels, whichever axes are shown. */
static void
test_channels (void)
{
  const gint64 shape[] = { 4, 5, 6 }, five[] = { 5 };
  double scales[5 + 15] = { 0.5, 0.25, 2, 1, 8 };
  g_autoptr (CkptTree) tree = test_tensors_new (scales, sizeof scales);
  const CkptTensor *scale = test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT64, 1, five, NULL, 0));
  const CkptQuantizer quantizer = { CKPT_QSCHEME_PER_CHANNEL, 0, 0, scale->index, scale->index, 1 };
  CkptTensor view = test_tensors_view (CKPT_DTYPE_QINT8, 3, shape, NULL, 3);
  const CkptTensor *tensor;

  view.quantizer = &quantizer;
  tensor = test_tensors_add (tree, view);
  for (guint round = 0; round < 100; round++)
    {
      g_autoptr (CkptSlice) slice = new_random_slice (tree, tensor);
      CkptRect rect = get_random_rect (slice);

      check_cells (tree, slice, &rect);
      check_blocks (tree, slice, &rect);
    }
}

static guint64
count_bytes (CkptTree *tree)
{
  CkptSourceCounts counts;

  ckpt_source_get_counts (ckpt_tree_get_source (tree), &counts);
  return counts.n_bytes;
}

static guint64
count_bytes_of_cells (CkptTree *tree, const CkptSlice *slice, const CkptRect *rect)
{
  guint64 before = count_bytes (tree);
  g_autoptr (CkptCells) cells = ckpt_cells_read (slice, rect, NULL, NULL);

  g_assert_nonnull (cells);
  return count_bytes (tree) - before;
}

static guint64
count_bytes_of_blocks (CkptTree *tree, const CkptSlice *slice, const CkptRect *rect)
{
  guint64 before = count_bytes (tree);
  g_autoptr (CkptBlocks) blocks = ckpt_blocks_compute (slice, rect, 10, 10, NULL, NULL, NULL, NULL);

  g_assert_nonnull (blocks);
  return count_bytes (tree) - before;
}

/* A page of a large matrix reads that page, however it lies; a pass reads each element once. */
static void
test_cost (void)
{
  const gint64 shape[] = { 1000, 2000 }, turned[] = { 2000, 1000 }, turned_stride[] = { 1, 2000 };
  const CkptRect page = { 500, 64, 300, 16 }, whole = { 0, 1000, 0, 2000 },
                 whole_turned = { 0, 2000, 0, 1000 };
  g_autofree float *stored = g_new0 (float, 2000000);
  g_autoptr (CkptTree) tree = test_tensors_new (stored, 2000000 * sizeof *stored);
  const CkptTensor *plain = test_tensors_add (tree,
                                              test_tensors_view (CKPT_DTYPE_FLOAT32, 2, shape, NULL, 0));
  const CkptTensor *view = test_tensors_add (
      tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 2, turned, turned_stride, 0));
  g_autoptr (CkptSlice) slice = ckpt_slice_new (tree, plain, NULL);
  g_autoptr (CkptSlice) turned_slice = ckpt_slice_new (tree, view, NULL);

  /* Gaps of a row's length, 8 kB, are cheaper to read than to jump over. */
  g_assert_cmpuint (count_bytes_of_cells (tree, slice, &page), <=, 64 * 8000);
  g_assert_cmpuint (count_bytes_of_cells (tree, turned_slice, &page), <=, 16 * 8000);
  g_assert_cmpuint (count_bytes_of_blocks (tree, slice, &whole), ==, 8000000);
  g_assert_cmpuint (count_bytes_of_blocks (tree, turned_slice, &whole_turned), ==, 8000000);
}

/* A view of 2^42 elements over a few costs those few. */
static void
test_repeated (void)
{
  const gint64 shape[] = { 1 << 21, 1 << 21 }, rows[] = { 0, 0 };
  const CkptRect whole = { 0, 1 << 21, 0, 1 << 21 }, page = { (1 << 21) - 3, 3, (1 << 21) - 4, 4 };
  const float stored = 2.5f;
  g_autoptr (CkptTree) tree = test_tensors_new (&stored, sizeof stored);
  const CkptTensor *tensor = test_tensors_add (tree,
                                               test_tensors_view (CKPT_DTYPE_FLOAT32, 2, shape, rows, 0));
  g_autoptr (CkptSlice) slice = ckpt_slice_new (tree, tensor, NULL);
  g_autoptr (CkptBlocks) blocks = NULL;
  g_autoptr (CkptCells) cells = NULL;
  g_autoptr (GError) error = NULL;
  double low, high;

  blocks = ckpt_blocks_compute (slice, &whole, 1 << 14, 1 << 14, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (ckpt_blocks_get_value (blocks, CKPT_BLOCK_MEAN, 127, 127), ==, 2.5);
  g_assert_true (ckpt_blocks_get_range (blocks, CKPT_BLOCK_MAX, &low, &high));
  g_assert_true (low == 2.5 && high == 2.5);
  cells = ckpt_cells_read (slice, &page, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (ckpt_cells_get_double (cells, (1 << 21) - 1, (1 << 21) - 1), ==, 2.5);
  g_assert_null (ckpt_cells_read (slice, &whole, NULL, &error));
  g_assert_error (error, CKPT_ERROR, CKPT_ERROR_LIMIT);
}

static void
test_large_numbers (void)
{
  const double stored[] = { DBL_MAX, DBL_MAX, -DBL_MAX, DBL_MAX };
  const gint64 shape[] = { 4 };
  const CkptRect whole = { 0, 4, 0, 1 };
  g_autoptr (CkptTree) tree = test_tensors_new (stored, sizeof stored);
  const CkptTensor *tensor = test_tensors_add (tree,
                                               test_tensors_view (CKPT_DTYPE_FLOAT64, 1, shape, NULL, 0));
  g_autoptr (CkptSlice) slice = ckpt_slice_new (tree, tensor, NULL);
  g_autoptr (CkptBlocks) blocks = ckpt_blocks_compute (slice, &whole, 4, 1, NULL, NULL, NULL, NULL);

  g_assert_cmpfloat (fabs (ckpt_blocks_get_value (blocks, CKPT_BLOCK_MEAN, 0, 0) / (DBL_MAX / 2) - 1), <,
                     1e-12);
}

/* A few values far off are left out of the usual range; many are not. */
static void
test_usual_range (void)
{
  const gint64 shape[] = { 100, 100 };
  const CkptRect whole = { 0, 100, 0, 100 };
  g_autofree float *stored = g_new (float, 10000);
  double low = 0, high = 0;

  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (CkptTree) tree = NULL;
      g_autoptr (CkptSlice) slice = NULL;
      g_autoptr (CkptBlocks) blocks = NULL;
      guint n_far = round == 0 ? 0 : round == 1 ? 5 : 5000;

      for (guint i = 0; i < 10000; i++)
        stored[i] = (float) (i * 7919 % 10000) / 10000;
      for (guint i = 0; i < n_far; i++)
        stored[i * 2] = 1000;
      tree = test_tensors_new (stored, 10000 * sizeof *stored);
      slice = ckpt_slice_new (
          tree, test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_FLOAT32, 2, shape, NULL, 0)), NULL);
      blocks = ckpt_blocks_compute (slice, &whole, 1, 1, NULL, NULL, NULL, NULL);
      g_assert_cmpint (ckpt_blocks_get_usual_range (blocks, CKPT_BLOCK_MEAN, &low, &high), ==, round == 1);
    }
  g_assert_cmpfloat (low, <, 0.01);
  g_assert_cmpfloat (high, >, 0.99);
  g_assert_cmpfloat (high, <=, 1);
}

static void
test_cancel (void)
{
  const gint64 shape[] = { 4 };
  const CkptRect whole = { 0, 4, 0, 1 };
  g_autoptr (CkptTree) tree = test_tensors_new ("1234", 4);
  const CkptTensor *tensor = test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_UINT8, 1, shape, NULL, 0));
  g_autoptr (CkptSlice) slice = ckpt_slice_new (tree, tensor, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (ckpt_blocks_compute (slice, &whole, 1, 1, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (ckpt_cells_read (slice, &whole, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_names (void)
{
  const gint64 shape[] = { 3, 4, 5 }, empty[] = { 3, 0 };
  g_autofree guint8 *stored = test_files_noise (60);
  g_autoptr (CkptTree) tree = test_tensors_new (stored, 60);
  g_autoptr (CkptSlice) slice = ckpt_slice_new (
      tree, test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_UINT8, 3, shape, NULL, 0)), NULL);
  g_autoptr (CkptSlice) nothing = ckpt_slice_new (
      tree, test_tensors_add (tree, test_tensors_view (CKPT_DTYPE_UINT8, 2, empty, NULL, 0)), NULL);
  g_autoptr (CkptSlice) copy = ckpt_slice_copy (slice);
  g_autofree char *first = NULL, *second = NULL;

  g_assert_true (ckpt_slice_equal (slice, copy));
  ckpt_slice_set_index (slice, 0, 2);
  g_assert_false (ckpt_slice_equal (slice, copy));
  first = ckpt_slice_dup_index (slice, 3, 1);
  g_assert_cmpstr (first, ==, "[2, 3, 1]");
  g_assert_cmpuint (ckpt_slice_get_element (slice, 3, 1), ==, 56);
  ckpt_slice_set_axes (slice, 2, 0);
  g_assert_cmpuint (ckpt_slice_get_n_rows (slice), ==, 5);
  g_assert_cmpuint (ckpt_slice_get_n_columns (slice), ==, 3);
  second = ckpt_slice_dup_index (slice, 3, 1);
  g_assert_cmpstr (second, ==, "[1, 0, 3]");
  g_assert_cmpuint (ckpt_slice_get_n_rows (nothing), ==, 0);
  g_assert_cmpuint (ckpt_slice_get_n_columns (nothing), ==, 0);
}

static void
test_first_axes (void)
{
  const struct
  {
    guint n_dims;
    gint64 shape[4];
    int rows;
    int columns;
  } cases[] = {
    { 0, { 0 }, -1, -1 },        { 1, { 5 }, 0, -1 },         { 2, { 5, 3 }, 0, 1 },
    { 2, { 3, 5 }, 0, 1 },       { 4, { 8, 4, 3, 3 }, 0, 1 }, { 4, { 4, 8, 3, 3 }, 0, 1 },
    { 4, { 2, 2, 2, 2 }, 2, 3 }, { 3, { 3, 7, 7 }, 1, 2 },    { 4, { 9, 1, 5, 9 }, 0, 3 },
    { 3, { 4, 1, 1 }, 0, 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree guint8 *stored = test_files_noise (500);
      g_autoptr (CkptTree) tree = test_tensors_new (stored, 500);
      const CkptTensor *tensor = test_tensors_add (
          tree, test_tensors_view (CKPT_DTYPE_UINT8, cases[i].n_dims, cases[i].shape, NULL, 0));
      g_autoptr (CkptSlice) slice = ckpt_slice_new (tree, tensor, NULL);

      g_assert_cmpint (ckpt_slice_get_row_axis (slice), ==, cases[i].rows);
      g_assert_cmpint (ckpt_slice_get_column_axis (slice), ==, cases[i].columns);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slice/random", test_random);
  g_test_add_func ("/slice/channels", test_channels);
  g_test_add_func ("/slice/cost", test_cost);
  g_test_add_func ("/slice/repeated", test_repeated);
  g_test_add_func ("/slice/large-numbers", test_large_numbers);
  g_test_add_func ("/slice/usual-range", test_usual_range);
  g_test_add_func ("/slice/cancel", test_cancel);
  g_test_add_func ("/slice/first-axes", test_first_axes);
  g_test_add_func ("/slice/names", test_names);
  return g_test_run ();
}
