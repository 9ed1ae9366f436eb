/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "slices/ckpt-slice.h"

#include "model/ckpt-values-private.h"

#include <string.h>

struct _CkptSlice
{
  CkptTree *tree;
  const CkptTensor *tensor;
  int row_axis;
  int column_axis;
  guint64 *indices; /* of all axes; those of rows and columns are 0 */
};

/* A part of a tensor, in one block that its tensor points into. */
typedef struct
{
  CkptTensor tensor;
  CkptQuantizer quantizer;
  gint64 shape[2];
  gint64 stride[2];
} Part;

/* The two longest axes; of equally long ones the later. */
static void
choose_axes (CkptSlice *self)
{
  const gint64 *shape = self->tensor->shape;
  int first = CKPT_NO_AXIS, second = CKPT_NO_AXIS;

  for (int i = 0; i < (int) self->tensor->n_dims; i++)
    if (first == CKPT_NO_AXIS || shape[i] >= shape[first])
      {
        second = first;
        first = i;
      }
    else if (second == CKPT_NO_AXIS || shape[i] >= shape[second])
      second = i;
  self->row_axis = second == CKPT_NO_AXIS ? first : MIN (first, second);
  self->column_axis = second == CKPT_NO_AXIS ? CKPT_NO_AXIS : MAX (first, second);
}

/**
 * ckpt_slice_new:
 * @tree: a tree
 * @tensor: a tensor of it
 * @error: return location for an error
 *
 * At first the two longest axes are rows and columns, of equally long ones the later, so that of the weight of a convolution its channels
 * are seen and not one of its small kernels; the indices of the others are 0. The only axis of a vector is rows; a scalar is one cell.
 * Without elements there are neither rows nor columns.
 *
 * Returns: (transfer full): a slice; %NULL with the errors of ckpt_tensor_read() if the tensor cannot be read
 */
CkptSlice *
ckpt_slice_new (CkptTree *tree, const CkptTensor *tensor, GError **error)
{
  CkptGeometry geometry;
  CkptSlice *self;

  g_return_val_if_fail (tree != NULL && tensor != NULL, NULL);

  if (!ckpt_tensor_check_readable (tree, tensor, error) ||
      !ckpt_tensor_get_geometry (tensor, &geometry, error))
    return NULL;
  self = g_new0 (CkptSlice, 1);
  self->tree = ckpt_tree_ref (tree);
  self->tensor = tensor;
  self->indices = g_new0 (guint64, tensor->n_dims + 1);
  choose_axes (self);
  return self;
}

/**
 * ckpt_slice_copy:
 * @self: a slice
 *
 * Returns: (transfer full): another one of the same cells
 */
CkptSlice *
ckpt_slice_copy (const CkptSlice *self)
{
  CkptSlice *copy = g_memdup2 (self, sizeof *self);

  ckpt_tree_ref (copy->tree);
  copy->indices = g_memdup2 (self->indices, (self->tensor->n_dims + 1) * sizeof *self->indices);
  return copy;
}

/**
 * ckpt_slice_free:
 * @self: (nullable) (transfer full): a slice
 */
void
ckpt_slice_free (CkptSlice *self)
{
  if (self == NULL)
    return;
  ckpt_tree_unref (self->tree);
  g_free (self->indices);
  g_free (self);
}

/**
 * ckpt_slice_equal:
 * @self: a slice
 * @other: a slice
 *
 * Returns: whether both have the same cells in the same places
 */
gboolean
ckpt_slice_equal (const CkptSlice *self, const CkptSlice *other)
{
  return self->tree == other->tree && self->tensor == other->tensor && self->row_axis == other->row_axis &&
         self->column_axis == other->column_axis &&
         memcmp (self->indices, other->indices, self->tensor->n_dims * sizeof *self->indices) == 0;
}

/**
 * ckpt_slice_get_tree:
 * @self: a slice
 *
 * Returns: (transfer none): the tree
 */
CkptTree *
ckpt_slice_get_tree (const CkptSlice *self)
{
  return self->tree;
}

/**
 * ckpt_slice_get_tensor:
 * @self: a slice
 *
 * Returns: (transfer none): the tensor that it is cut from
 */
const CkptTensor *
ckpt_slice_get_tensor (const CkptSlice *self)
{
  return self->tensor;
}

/**
 * ckpt_slice_set_axes:
 * @self: a slice
 * @row_axis: axis whose indices are the rows, or %CKPT_NO_AXIS
 * @column_axis: another one whose indices are the columns, or %CKPT_NO_AXIS
 */
void
ckpt_slice_set_axes (CkptSlice *self, int row_axis, int column_axis)
{
  g_return_if_fail (row_axis >= CKPT_NO_AXIS && row_axis < (int) self->tensor->n_dims);
  g_return_if_fail (column_axis >= CKPT_NO_AXIS && column_axis < (int) self->tensor->n_dims);
  g_return_if_fail (row_axis != column_axis || row_axis == CKPT_NO_AXIS);

  self->row_axis = row_axis;
  self->column_axis = column_axis;
  if (row_axis != CKPT_NO_AXIS)
    self->indices[row_axis] = 0;
  if (column_axis != CKPT_NO_AXIS)
    self->indices[column_axis] = 0;
}

/**
 * ckpt_slice_get_row_axis:
 * @self: a slice
 *
 * Returns: the axis whose indices are the rows, or %CKPT_NO_AXIS
 */
int
ckpt_slice_get_row_axis (const CkptSlice *self)
{
  return self->row_axis;
}

/**
 * ckpt_slice_get_column_axis:
 * @self: a slice
 *
 * Returns: the axis whose indices are the columns, or %CKPT_NO_AXIS
 */
int
ckpt_slice_get_column_axis (const CkptSlice *self)
{
  return self->column_axis;
}

static gboolean
is_shown (const CkptSlice *self, guint axis)
{
  return (int) axis == self->row_axis || (int) axis == self->column_axis;
}

/**
 * ckpt_slice_set_index:
 * @self: a slice
 * @axis: an axis that is neither rows nor columns
 * @index: at which index of it to cut
 */
void
ckpt_slice_set_index (CkptSlice *self, guint axis, guint64 index)
{
  g_return_if_fail (axis < self->tensor->n_dims && !is_shown (self, axis));
  g_return_if_fail (index < (guint64) self->tensor->shape[axis]);

  self->indices[axis] = index;
}

/**
 * ckpt_slice_get_index:
 * @self: a slice
 * @axis: an axis
 *
 * Returns: at which index of it the tensor is cut; 0 for rows and columns
 */
guint64
ckpt_slice_get_index (const CkptSlice *self, guint axis)
{
  g_return_val_if_fail (axis < self->tensor->n_dims, 0);

  return self->indices[axis];
}

static guint64
count (const CkptSlice *self, int axis)
{
  if (self->tensor->numel == 0)
    return 0;
  return axis == CKPT_NO_AXIS ? 1 : (guint64) self->tensor->shape[axis];
}

/**
 * ckpt_slice_get_n_rows:
 * @self: a slice
 *
 * Returns: how many rows it has
 */
guint64
ckpt_slice_get_n_rows (const CkptSlice *self)
{
  return count (self, self->row_axis);
}

/**
 * ckpt_slice_get_n_columns:
 * @self: a slice
 *
 * Returns: how many columns it has
 */
guint64
ckpt_slice_get_n_columns (const CkptSlice *self)
{
  return count (self, self->column_axis);
}

static guint64
get_index_of_cell (const CkptSlice *self, guint axis, guint64 row, guint64 column)
{
  if ((int) axis == self->row_axis)
    return row;
  return (int) axis == self->column_axis ? column : self->indices[axis];
}

static gboolean
is_within (const CkptSlice *self, const CkptRect *rect)
{
  guint64 n_rows = ckpt_slice_get_n_rows (self), n_columns = ckpt_slice_get_n_columns (self);

  return rect->row <= n_rows && rect->n_rows <= n_rows - rect->row && rect->column <= n_columns &&
         rect->n_columns <= n_columns - rect->column;
}

/**
 * ckpt_slice_get_element:
 * @self: a slice
 * @row: a row
 * @column: a column
 *
 * Returns: the number of the cell's element in row-major order of the whole tensor
 */
guint64
ckpt_slice_get_element (const CkptSlice *self, guint64 row, guint64 column)
{
  guint64 element = 0;

  g_return_val_if_fail (is_within (self, &(CkptRect) { row, 1, column, 1 }), 0);

  for (guint i = 0; i < self->tensor->n_dims; i++)
    element = element * (guint64) self->tensor->shape[i] + get_index_of_cell (self, i, row, column);
  return element;
}

/**
 * ckpt_slice_dup_index:
 * @self: a slice
 * @row: a row
 * @column: a column
 *
 * Returns: (transfer full): where the cell is in the tensor, as in Python: "[3, 17, 250]"; "[]" of a scalar
 */
char *
ckpt_slice_dup_index (const CkptSlice *self, guint64 row, guint64 column)
{
  GString *text = g_string_new ("[");

  for (guint i = 0; i < self->tensor->n_dims; i++)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, i > 0 ? ", " : "",
                            get_index_of_cell (self, i, row, column));
  return g_string_free_and_steal (g_string_append_c (text, ']'));
}

/* Where the scales of the part's elements are. */
static void
set_quantizer (Part *part, const CkptSlice *self, const CkptRect *rect)
{
  const CkptQuantizer *quantizer = self->tensor->quantizer;
  gint64 axis;

  if (quantizer == NULL)
    return;
  part->quantizer = *quantizer;
  part->tensor.quantizer = &part->quantizer;
  axis = quantizer->axis;
  if (quantizer->scheme != CKPT_QSCHEME_PER_CHANNEL || axis < 0 || axis >= self->tensor->n_dims)
    return;
  if (axis == self->row_axis)
    {
      part->quantizer.axis = 0;
      part->quantizer.first_channel = rect->row;
    }
  else if (axis == self->column_axis)
    {
      part->quantizer.axis = self->row_axis != CKPT_NO_AXIS;
      part->quantizer.first_channel = rect->column;
    }
  else
    {
      part->quantizer.is_one_channel = TRUE;
      part->quantizer.first_channel = self->indices[axis];
    }
}

static void
add_axis (Part *part, const CkptSlice *self, int axis, guint64 first, guint64 n)
{
  gint64 stride;

  if (axis == CKPT_NO_AXIS)
    return;
  /* That of a single index may be anything. */
  stride = self->tensor->shape[axis] > 1 ? self->tensor->stride[axis] : 0;
  part->tensor.offset += (gint64) first * stride;
  part->shape[part->tensor.n_dims] = (gint64) n;
  part->stride[part->tensor.n_dims] = stride;
  part->tensor.n_dims++;
}

/**
 * ckpt_slice_get_part:
 * @self: a slice
 * @rect: cells of it
 *
 * Gives a tensor that is not in the tree: its rows and columns, as far as the slice has such axes, are those of @rect, and the scales
 * of quantized ones are those of its elements. Reading it reads what these cells need and no more.
 *
 * Returns: (transfer full): the cells as a tensor, which must not outlive the tree; free it with ckpt_part_free()
 */
CkptTensor *
ckpt_slice_get_part (const CkptSlice *self, const CkptRect *rect)
{
  const CkptTensor *whole = self->tensor;
  Part *part;

  g_return_val_if_fail (is_within (self, rect), NULL);

  part = g_new0 (Part, 1);
  part->tensor = *whole;
  part->tensor.n_dims = 0;
  part->tensor.shape = part->shape;
  part->tensor.stride = part->stride;
  if (whole->numel > 0)
    for (guint i = 0; i < whole->n_dims; i++)
      if (whole->shape[i] > 1)
        part->tensor.offset += (gint64) self->indices[i] * whole->stride[i];
  add_axis (part, self, self->row_axis, rect->row, rect->n_rows);
  add_axis (part, self, self->column_axis, rect->column, rect->n_columns);
  part->tensor.numel = rect->n_rows * rect->n_columns;
  if (!ckpt_dtype_get_bytes (whole->dtype, part->tensor.numel, &part->tensor.n_bytes))
    part->tensor.n_bytes = G_MAXUINT64;
  set_quantizer (part, self, rect);
  return &part->tensor;
}

/**
 * ckpt_part_free:
 * @part: (nullable) (transfer full): what ckpt_slice_get_part() gave
 */
void
ckpt_part_free (CkptTensor *part)
{
  g_free (part);
}

/* Elements of the storage that are in the file. */
static guint64
count_stored (CkptTree *tree, const CkptTensor *part)
{
  const CkptStorage *storage;
  guint bits = ckpt_dtype_get_info (part->dtype)->bits;
  guint64 n;

  if (part->storage == CKPT_NO_STORAGE)
    return 0;
  storage = ckpt_tree_get_storage (tree, part->storage);
  /* Only of a storage that no file can hold there are more bits than can be counted. */
  return __builtin_mul_overflow (storage->n_bytes_present, 8, &n) ? G_MAXINT64 : n / bits;
}

/**
 * ckpt_part_count_present:
 * @tree: the tree
 * @part: a part of a tensor of it that has elements
 * @row: a row of the part; 0 if it has one dimension
 *
 * What a file lacks is at the end of storages, and strides are not negative: so that what is there of a row is its beginning, and the
 * further a row, the less.
 *
 * Returns: how many of the row's elements are in the file
 */
guint64
ckpt_part_count_present (CkptTree *tree, const CkptTensor *part, guint64 row)
{
  guint64 n_stored = count_stored (tree, part), first = (guint64) part->offset, stride;
  guint64 n = part->n_dims > 0 ? (guint64) part->shape[part->n_dims - 1] : 1;

  if (part->n_dims > 1)
    first += row * (guint64) part->stride[0];
  if (first >= n_stored)
    return 0;
  stride = part->n_dims > 0 ? (guint64) part->stride[part->n_dims - 1] : 0;
  return stride == 0 ? n : MIN (n, (n_stored - 1 - first) / stride + 1);
}
