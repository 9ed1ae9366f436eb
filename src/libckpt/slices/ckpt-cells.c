/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "slices/ckpt-cells.h"

#include "io/ckpt-error.h"
#include "model/ckpt-values.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

struct _CkptCells
{
  gatomicrefcount ref_count;
  CkptRect rect;
  CkptDtype dtype;
  gsize item_size;
  guint64 n_missing;
  gsize *n_present; /* of each row: the elements at its beginning that are there; NULL if all are */
  guint8 *items;
};

/* What one reading goes through. */
typedef struct
{
  CkptTree *tree;
  const CkptSlice *slice;
  CkptCells *cells;
} Reading;

static gboolean
read_as_float (CkptTree *tree, const CkptTensor *part, float *items, GError **error)
{
  g_autofree double *values = g_new (double, part->numel);

  if (!ckpt_tensor_read_doubles (tree, part, 0, part->numel, values, error))
    return FALSE;
  for (gsize i = 0; i < part->numel; i++)
    items[i] = (float) values[i];
  return TRUE;
}

/* The elements of some cells, one row after the other. */
static gboolean
read_items (const Reading *reading, const CkptRect *rect, guint8 *items, GError **error)
{
  CkptTensor *part = ckpt_slice_get_part (reading->slice, rect);
  gboolean is_read;

  if (part->quantizer != NULL)
    is_read = read_as_float (reading->tree, part, (gpointer) items, error);
  else
    is_read = ckpt_tensor_read (reading->tree, part, 0, part->numel, items, error);
  ckpt_part_free (part);
  return is_read;
}

/* Rows [row, row + n_rows) of the cells, as far as column @n_columns. */
static gboolean
read_rows (const Reading *reading, guint64 row, guint64 n_rows, guint64 n_columns, GError **error)
{
  CkptCells *cells = reading->cells;
  const CkptRect rect = { cells->rect.row + row, n_rows, cells->rect.column, n_columns };
  gsize row_size = cells->rect.n_columns * cells->item_size, size = n_columns * cells->item_size;
  guint8 *target = cells->items + row * row_size;
  g_autofree guint8 *items = NULL;

  if (n_columns == 0)
    return TRUE;
  if (n_columns == cells->rect.n_columns)
    return read_items (reading, &rect, target, error);
  items = g_malloc (n_rows * size);
  if (!read_items (reading, &rect, items, error))
    return FALSE;
  for (guint64 i = 0; i < n_rows; i++)
    memcpy (target + i * row_size, items + i * size, size);
  return TRUE;
}

static void
count_present (const Reading *reading)
{
  CkptCells *cells = reading->cells;
  const CkptRect *rect = &cells->rect;
  CkptTensor *part = ckpt_slice_get_part (reading->slice, rect);
  /* To the part a vector is one row, even where it stands upright here. */
  gboolean is_upright = part->n_dims == 1 && ckpt_slice_get_row_axis (reading->slice) != CKPT_NO_AXIS;
  guint64 n_here = is_upright ? ckpt_part_count_present (reading->tree, part, 0) : 0;

  cells->n_present = g_new (gsize, rect->n_rows);
  for (guint64 i = 0; i < rect->n_rows; i++)
    {
      cells->n_present[i] = is_upright ? i < n_here : ckpt_part_count_present (reading->tree, part, i);
      cells->n_missing += rect->n_columns - cells->n_present[i];
    }
  if (cells->n_missing == 0)
    g_clear_pointer (&cells->n_present, g_free);
  ckpt_part_free (part);
}

/* Rows of which equally much is there go together: of most layouts there are two kinds of them. */
static gboolean
read_present (const Reading *reading, GCancellable *cancellable, GError **error)
{
  CkptCells *cells = reading->cells;

  if (cells->n_present == NULL)
    return read_rows (reading, 0, cells->rect.n_rows, cells->rect.n_columns, error);
  for (guint64 i = 0, end; i < cells->rect.n_rows; i = end)
    {
      for (end = i + 1; end < cells->rect.n_rows && cells->n_present[end] == cells->n_present[i]; end++)
        ;
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !read_rows (reading, i, end - i, cells->n_present[i], error))
        return FALSE;
    }
  return TRUE;
}

/**
 * ckpt_cells_read:
 * @slice: a slice
 * @rect: cells of it; at least one, and at most %CKPT_CELLS_MAX_BYTES of elements, or four bytes an element if they are quantized
 * @cancellable: (nullable): to stop
 * @error: return location for an error
 *
 * Reads what these cells need and no more. What a file that is cut lacks of them is missing; that is no error. May be called on any
 * thread.
 *
 * Returns: (transfer full): the cells; %NULL with %CKPT_ERROR_LIMIT if they are too many, %G_IO_ERROR_CANCELLED, or an error of reading
 *   the file
 */
CkptCells *
ckpt_cells_read (const CkptSlice *slice, const CkptRect *rect, GCancellable *cancellable, GError **error)
{
  const CkptTensor *tensor = ckpt_slice_get_tensor (slice);
  g_autoptr (CkptCells) self = NULL;
  Reading reading = { ckpt_slice_get_tree (slice), slice, NULL };
  CkptDtype dtype = tensor->quantizer != NULL ? CKPT_DTYPE_FLOAT32 : tensor->dtype;
  gsize item_size = ckpt_dtype_get_info (dtype)->item_size, n;

  g_return_val_if_fail (rect->n_rows > 0 && rect->n_columns > 0, NULL);

  if (!g_size_checked_mul (&n, rect->n_rows, rect->n_columns) || n > CKPT_CELLS_MAX_BYTES / item_size)
    {
      ckpt_error_set (error, CKPT_ERROR_LIMIT, "too-many-cells", _ ("These are too many values at once."));
      return NULL;
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  self = g_new0 (CkptCells, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->rect = *rect;
  self->dtype = dtype;
  self->item_size = item_size;
  self->items = g_malloc0 (n * item_size);
  reading.cells = self;
  count_present (&reading);
  return read_present (&reading, cancellable, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * ckpt_cells_ref:
 * @self: cells
 *
 * Returns: (transfer full): the same
 */
CkptCells *
ckpt_cells_ref (CkptCells *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ckpt_cells_unref:
 * @self: (transfer full): cells
 */
void
ckpt_cells_unref (CkptCells *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->n_present);
  g_free (self->items);
  g_free (self);
}

/**
 * ckpt_cells_get_rect:
 * @self: cells
 *
 * Returns: (transfer none): which cells of the slice they are
 */
const CkptRect *
ckpt_cells_get_rect (const CkptCells *self)
{
  return &self->rect;
}

/**
 * ckpt_cells_get_dtype:
 * @self: cells
 *
 * Returns: type of the elements as they are here: float32 for those of quantized tensors, which are real numbers then
 */
CkptDtype
ckpt_cells_get_dtype (const CkptCells *self)
{
  return self->dtype;
}

/**
 * ckpt_cells_get_n_missing:
 * @self: cells
 *
 * Returns: how many of them the file lacks
 */
guint64
ckpt_cells_get_n_missing (const CkptCells *self)
{
  return self->n_missing;
}

/**
 * ckpt_cells_get_item:
 * @self: cells
 * @row: a row of the slice that is among them
 * @column: a column of the slice that is among them
 *
 * Returns: (transfer none) (nullable): the element in host order, as ckpt_tensor_read() gives it; %NULL where the file lacks it
 */
const void *
ckpt_cells_get_item (const CkptCells *self, guint64 row, guint64 column)
{
  guint64 i = row - self->rect.row, j = column - self->rect.column;

  g_return_val_if_fail (row >= self->rect.row && i < self->rect.n_rows, NULL);
  g_return_val_if_fail (column >= self->rect.column && j < self->rect.n_columns, NULL);

  if (self->n_present != NULL && j >= self->n_present[i])
    return NULL;
  return self->items + (i * self->rect.n_columns + j) * self->item_size;
}

/**
 * ckpt_cells_get_double:
 * @self: cells
 * @row: a row of the slice that is among them
 * @column: a column of the slice that is among them
 *
 * Returns: the element as ckpt_dtype_to_doubles() gives it; NaN where the file lacks it
 */
double
ckpt_cells_get_double (const CkptCells *self, guint64 row, guint64 column)
{
  const void *item = ckpt_cells_get_item (self, row, column);
  double value = NAN;

  if (item != NULL)
    ckpt_dtype_to_doubles (self->dtype, item, 1, &value);
  return value;
}

/**
 * ckpt_cells_dup_text:
 * @self: cells
 * @row: a row of the slice that is among them
 * @column: a column of the slice that is among them
 *
 * Returns: (transfer full) (nullable): the element as ckpt_tensor_item_to_string() gives it; %NULL where the file lacks it
 */
char *
ckpt_cells_dup_text (const CkptCells *self, guint64 row, guint64 column)
{
  const void *item = ckpt_cells_get_item (self, row, column);

  return item != NULL ? ckpt_dtype_item_to_string (self->dtype, item) : NULL;
}
