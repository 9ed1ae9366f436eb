/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-scan.h"

#include "analysis/ckpt-overlap.h"
#include "model/ckpt-values-private.h"

#include <glib/gi18n-lib.h>

/* A bound on the time that a file can ask for: about half an hour. */
#define MAX_STEPS ((guint64) 1 << 40)
/* Bytes from one call of the progress function to the next. */
#define PROGRESS_BYTES ((guint64) 4 << 20)

typedef struct
{
  CkptTree *tree;
  const CkptTensor *tensor;
  const CkptScan *scan;
  gsize item_size;
  guint64 times; /* how many elements each one stands for */
  CkptOverlap overlap;
  guint8 *items;
  double *values;
} Run;

static void
run_clear (Run *run)
{
  ckpt_overlap_clear (&run->overlap);
  g_free (run->items);
  g_free (run->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static gboolean
is_pair (const CkptTensor *tensor)
{
  return tensor->dtype == CKPT_DTYPE_FLOAT4_E2M1FN_X2;
}

static gboolean
is_per_channel (const CkptTensor *tensor)
{
  return tensor->quantizer != NULL && tensor->quantizer->scheme == CKPT_QSCHEME_PER_CHANNEL;
}

/* Of a scan whose values are counted, those in a row that count the same go together. */
static void
emit (const Run *run, guint64 first, gsize n)
{
  const CkptScan *scan = run->scan;
  const guint64 *counts = run->overlap.counts;

  if (counts == NULL)
    {
      scan->func (run->values, n, run->times, scan->data);
      return;
    }
  for (gsize i = 0, end; i < n; i = end)
    {
      guint64 count = counts[(first + i) % run->overlap.extent];

      for (end = i + 1; end < n && counts[(first + end) % run->overlap.extent] == count; end++)
        ;
      if (count > 0)
        scan->func (run->values + i, end - i, count * run->times, scan->data);
    }
}

static gboolean
convert (Run *run, gsize n, GError **error)
{
  const CkptTensor *tensor = run->tensor;

  if (is_pair (tensor))
    ckpt_dtype_to_complex (tensor->dtype, run->items, n, run->values);
  else
    ckpt_dtype_to_doubles (tensor->dtype, run->items, n, run->values);
  if (tensor->flags & CKPT_TENSOR_NEG &&
      ckpt_dtype_get_info (tensor->dtype)->dtype_class != CKPT_CLASS_COMPLEX)
    for (gsize i = 0; i < n; i++)
      run->values[i] = -run->values[i];
  return tensor->quantizer == NULL || ckpt_tensor_dequantize (run->tree, tensor, 0, n, run->values, error);
}

/* Channels have scales of their own, so that their order counts. */
static gboolean
read_block (Run *run, CkptElements *elements, guint64 first, gsize n, GError **error)
{
  if (is_per_channel (run->tensor))
    return ckpt_tensor_read_doubles (run->tree, run->tensor, first, n, run->values, error);
  return ckpt_elements_read (elements, first, n, run->items, error) && convert (run, n, error);
}

static gboolean
run_blocks (Run *run, const CkptGeometry *geometry, GError **error)
{
  g_autoptr (CkptElements) elements = ckpt_tensor_open (run->tree, run->tensor, geometry);
  const CkptScan *scan = run->scan;
  guint n_parts = is_pair (run->tensor) ? 2 : 1;
  gsize n_block = CKPT_SCAN_BLOCK / n_parts;
  guint64 told = 0;

  for (guint64 done = 0; done < geometry->n; done += n_block)
    {
      gsize n = MIN (n_block, geometry->n - done);

      if (g_cancellable_set_error_if_cancelled (scan->cancellable, error))
        return FALSE;
      if (!read_block (run, elements, done, n, error))
        return FALSE;
      emit (run, done, n * n_parts);
      if (scan->progress != NULL && (done - told) * run->item_size >= PROGRESS_BYTES)
        {
          scan->progress (done * run->item_size, geometry->n * run->item_size, scan->progress_data);
          told = done;
        }
    }
  if (scan->progress != NULL)
    scan->progress (geometry->n * run->item_size, geometry->n * run->item_size, scan->progress_data);
  return TRUE;
}

/**
 * ckpt_scan:
 * @tree: the tree
 * @tensor: a tensor of it
 * @scan: what to do
 * @error: return location for an error
 *
 * Goes once over the storage, block after block: repetitions are counted, not walked, so that a view of 2^42 elements over one
 * costs a step. Values are those of ckpt_tensor_read_doubles(), and both numbers of an element of float4.
 *
 * Returns: %FALSE with the errors of ckpt_tensor_read(), %G_IO_ERROR_CANCELLED, or %CKPT_ERROR_LIMIT for more than 2^40 steps
 */
gboolean
ckpt_scan (CkptTree *tree, const CkptTensor *tensor, const CkptScan *scan, GError **error)
{
  g_auto (Run) run = { .tree = tree, .tensor = tensor, .scan = scan, .times = 1 };
  CkptGeometry geometry;

  if (!ckpt_tensor_check_readable (tree, tensor, error) ||
      !ckpt_tensor_get_geometry (tensor, &geometry, error))
    return FALSE;
  if (geometry.n > 0 && !is_per_channel (tensor))
    {
      run.times = ckpt_geometry_collapse (&geometry);
      /* Of both numbers in an element of float4 a count would have to know; nothing overlaps such tensors. */
      if (!is_pair (tensor) && !ckpt_overlap_init (&run.overlap, &geometry, error))
        return FALSE;
    }
  if (geometry.n > MAX_STEPS)
    return ckpt_error_set (error, CKPT_ERROR_LIMIT, "tensor-too-large-to-scan",
                           _ ("The tensor has so many elements that going over them would take too long."));
  run.item_size = ckpt_dtype_get_info (tensor->dtype)->item_size;
  run.items = g_malloc (CKPT_SCAN_BLOCK * run.item_size);
  run.values = g_new (double, CKPT_SCAN_BLOCK);
  return run_blocks (&run, &geometry, error);
}
