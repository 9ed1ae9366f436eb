/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-dead.h"

#include "io/ckpt-alloc.h"
#include "model/ckpt-values.h"

#include <string.h>

#define BLOCK 16384

/* A pass over the elements in row-major order. */
typedef struct
{
  guint64 n_columns;
  guint64 n_inner; /* elements of a row and column */
  guint64 row;
  guint64 column;
  guint64 inner;
  gboolean is_row_alive;
  guint8 *are_alive; /* one for each column */
  CkptDeadSlices *rows;
} Pass;

static void
add_slice (CkptDeadSlices *slices, guint64 index)
{
  if (slices->n++ == 0)
    slices->first = index;
  slices->last = index;
}

static void
end_row (Pass *pass)
{
  if (!pass->is_row_alive)
    add_slice (pass->rows, pass->row);
  pass->is_row_alive = FALSE;
  pass->column = 0;
  pass->row++;
}

/* NaN is not zero. */
static gboolean
has_any (const double *values, gsize n)
{
  gboolean has = FALSE;

  for (gsize i = 0; i < n; i++)
    has |= !(values[i] == 0);
  return has;
}

static void
take_values (Pass *pass, const double *values, gsize n)
{
  while (n > 0)
    {
      gsize n_run = MIN (n, pass->n_inner - pass->inner);

      if (has_any (values, n_run))
        pass->are_alive[pass->column] = pass->is_row_alive = TRUE;
      values += n_run;
      n -= n_run;
      pass->inner += n_run;
      if (pass->inner < pass->n_inner)
        continue;
      pass->inner = 0;
      if (++pass->column == pass->n_columns)
        end_row (pass);
    }
}

/**
 * ckpt_dead_find:
 * @tree: a tree
 * @tensor: a tensor of it that has elements and at least two dimensions
 * @cancellable: (nullable): asked every 16,384 elements
 * @rows: (out): the indices of dimension 0 under which all elements are zero
 * @columns: (out): likewise of dimension 1
 * @error: return location for an error
 *
 * Reads all of it once, with a byte of memory for each index of dimension 1.
 *
 * Returns: %FALSE with the errors of ckpt_tensor_read(), %G_IO_ERROR_CANCELLED, or %CKPT_ERROR_LIMIT if there is no memory
 */
gboolean
ckpt_dead_find (CkptTree *tree,
                const CkptTensor *tensor,
                GCancellable *cancellable,
                CkptDeadSlices *rows,
                CkptDeadSlices *columns,
                GError **error)
{
  guint64 n_columns = (guint64) tensor->shape[1];
  g_autofree double *values = g_new (double, BLOCK);
  g_autofree guint8 *are_alive = ckpt_try_malloc (n_columns, error);
  CkptDeadSlices dead_rows = { 0 }, dead_columns = { 0 };
  Pass pass = { .n_columns = n_columns, .are_alive = are_alive, .rows = &dead_rows };

  g_return_val_if_fail (tensor->n_dims >= 2 && tensor->numel > 0, FALSE);

  if (are_alive == NULL)
    return FALSE;
  memset (are_alive, 0, n_columns);
  pass.n_inner = tensor->numel / (guint64) tensor->shape[0] / n_columns;
  for (guint64 done = 0; done < tensor->numel; done += BLOCK)
    {
      gsize n = MIN (BLOCK, tensor->numel - done);

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !ckpt_tensor_read_doubles (tree, tensor, done, n, values, error))
        return FALSE;
      take_values (&pass, values, n);
    }
  for (guint64 i = 0; i < n_columns; i++)
    if (!are_alive[i])
      add_slice (&dead_columns, i);
  *rows = dead_rows;
  *columns = dead_columns;
  return TRUE;
}
