/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "stats/ckpt-scan.h"

#include <glib/gi18n-lib.h>

/* A bound on the time that a file can ask for: about half an hour. */
#define MAX_STEPS ((guint64) 1 << 40)
/* More blocks than that are made larger instead, since each is remembered while a tensor is gone over. */
#define MAX_BLOCKS 65536

static gboolean
is_per_channel (const CkptTensor *tensor)
{
  return tensor->quantizer != NULL && tensor->quantizer->scheme == CKPT_QSCHEME_PER_CHANNEL;
}

/* Of axes from the innermost on: whether a later element is never before an earlier one in the storage. */
static gboolean
is_rising (const CkptGeometry *geometry)
{
  guint64 extent = 1;

  for (guint i = geometry->n_axes; i > 0; i--)
    {
      const CkptAxis *axis = &geometry->axes[i - 1];

      if (axis->stride < extent)
        return FALSE;
      extent += (axis->size - 1) * axis->stride;
    }
  return TRUE;
}

/* How many elements of a rising geometry are before @limit, which the first one is but the last one is not. */
static guint64
count_before (const CkptGeometry *geometry, guint64 limit)
{
  guint64 n = 0, n_inner = geometry->n, extent = ckpt_geometry_get_last (geometry) - geometry->offset + 1;
  guint64 left = limit - geometry->offset;

  for (guint i = 0; i < geometry->n_axes && left > 0; i++)
    {
      const CkptAxis *axis = &geometry->axes[i];
      guint64 n_whole;

      n_inner /= axis->size;
      extent -= (axis->size - 1) * axis->stride;
      n_whole = left < extent ? 0 : MIN (axis->size, (left - extent) / axis->stride + 1);
      n += n_whole * n_inner;
      if (n_whole == axis->size)
        return n;
      left -= MIN (left, n_whole * axis->stride);
    }
  return n;
}

static guint64
count_present (CkptTree *tree, const CkptTensor *tensor)
{
  const CkptStorage *storage = ckpt_tree_get_storage (tree, tensor->storage);
  guint bits = ckpt_dtype_get_info (tensor->dtype)->bits;

  return storage->n_bytes_present / bits * 8 + storage->n_bytes_present % bits * 8 / bits;
}

/* Leaves out what is not in the file. */
static void
leave_out_missing (CkptScan *self)
{
  if (self->geometry.n == 0)
    return;
  self->limit = count_present (self->tree, self->tensor);
  if (ckpt_geometry_get_last (&self->geometry) < self->limit)
    return;
  if (self->geometry.offset >= self->limit)
    self->geometry.n = 0;
  else if (is_rising (&self->geometry))
    self->geometry.n = count_before (&self->geometry, self->limit);
  else
    self->is_ragged = TRUE;
}

/* The elements that are there of a rising geometry come first, so that fewer of them are asked for; its axes stay. */
static gboolean
plan (CkptScan *self, GError **error)
{
  const CkptTensor *tensor = self->tensor;

  self->n_total = self->geometry.n;
  if (self->geometry.n > 0 && !is_per_channel (tensor))
    {
      self->times = ckpt_geometry_collapse (&self->geometry);
      /* Of both numbers in an element of float4 a count would have to know; nothing overlaps such tensors. */
      if (!ckpt_scan_is_pair (self) && !ckpt_overlap_init (&self->overlap, &self->geometry, error))
        return FALSE;
    }
  if (self->geometry.n > MAX_STEPS)
    return ckpt_error_set (error, CKPT_ERROR_LIMIT, "tensor-too-large-to-scan",
                           _ ("The tensor has so many elements that going over them would take too long."));
  return TRUE;
}

static void
cut_into_blocks (CkptScan *self)
{
  guint64 n = self->geometry.n;

  self->block_size = CKPT_SCAN_BYTES / ckpt_dtype_get_info (self->dtype)->item_size;
  while (n / MAX_BLOCKS >= self->block_size)
    self->block_size *= 2;
  self->n_blocks = n / self->block_size + (n % self->block_size > 0);
}

/**
 * ckpt_scan_init:
 * @self: (out): what there is to do
 * @tree: the tree; must outlive @self
 * @tensor: a tensor of it
 * @error: return location for an error
 *
 * Returns: %FALSE with the errors of ckpt_tensor_read(), or %CKPT_ERROR_LIMIT for more than 2^40 elements that are not repetitions
 */
gboolean
ckpt_scan_init (CkptScan *self, CkptTree *tree, const CkptTensor *tensor, GError **error)
{
  *self = (CkptScan) { .tree = tree, .tensor = tensor, .times = 1, .dtype = tensor->dtype };
  if (!ckpt_tensor_check_readable (tree, tensor, error) ||
      !ckpt_tensor_get_geometry (tensor, &self->geometry, error) || !plan (self, error))
    return FALSE;
  if (is_per_channel (tensor))
    self->dtype = CKPT_DTYPE_FLOAT64;
  leave_out_missing (self);
  cut_into_blocks (self);
  self->is_serial = ckpt_scan_is_deflated (tree, tensor);
  ckpt_dtype_get_bytes (tensor->dtype, self->geometry.n, &self->n_bytes);
  return TRUE;
}

/**
 * ckpt_scan_clear:
 * @self: what there was to do
 */
void
ckpt_scan_clear (CkptScan *self)
{
  ckpt_overlap_clear (&self->overlap);
}

/**
 * ckpt_scan_open:
 * @self: what there is to do; must outlive the result
 *
 * Returns: (transfer full) (nullable): its elements, for ckpt_scan_read_block() in one thread
 */
CkptElements *
ckpt_scan_open (const CkptScan *self)
{
  return is_per_channel (self->tensor) ? NULL : ckpt_tensor_open (self->tree, self->tensor, &self->geometry);
}

/* Of @n elements from @first on: how many follow each other that are there, or that are not. */
static gsize
find_piece (const CkptScan *self, guint64 first, gsize n, gboolean *is_there)
{
  const CkptGeometry *geometry = &self->geometry;
  guint64 element = geometry->offset, rest = first, n_row = 0, stride = 1, n_there;

  for (guint i = geometry->n_axes; i > 0; i--)
    {
      const CkptAxis *axis = &geometry->axes[i - 1];

      element += rest % axis->size * axis->stride;
      if (i == geometry->n_axes)
        {
          n_row = axis->size - rest % axis->size;
          stride = axis->stride;
        }
      rest /= axis->size;
    }
  n_row = MIN (MAX (n_row, 1), n);
  *is_there = element < self->limit;
  if (!*is_there)
    return n_row;
  n_there = stride == 0 ? n_row : (self->limit - 1 - element) / stride + 1;
  return MIN (n_there, n_row);
}

static gboolean
read_items (const CkptScan *self,
            CkptElements *elements,
            guint64 first,
            gsize n,
            guint8 *buffer,
            GError **error)
{
  if (elements == NULL)
    return ckpt_tensor_read_doubles (self->tree, self->tensor, first, n, (double *) (gpointer) buffer, error);
  if (!ckpt_elements_read (elements, first, n, buffer, error))
    return FALSE;
  if (self->tensor->flags & CKPT_TENSOR_NEG)
    ckpt_tensor_finish_items (self->tensor, buffer, n);
  return TRUE;
}

/**
 * ckpt_scan_read_block:
 * @self: what there is to do
 * @elements: (nullable): from ckpt_scan_open()
 * @block: number of a block
 * @buffer: %CKPT_SCAN_BYTES of memory
 * @func: (scope call): given the elements
 * @user_data: for @func
 * @error: return location for an error of reading
 *
 * Reads a block, in as many parts as it needs.
 *
 * Returns: whether all elements of the block were read that were in the file when it was opened
 */
gboolean
ckpt_scan_read_block (const CkptScan *self,
                      CkptElements *elements,
                      guint64 block,
                      guint8 *buffer,
                      CkptScanFunc func,
                      gpointer user_data,
                      GError **error)
{
  gsize n_at_once = CKPT_SCAN_BYTES / ckpt_dtype_get_info (self->dtype)->item_size, n;
  guint64 first = block * self->block_size;
  guint64 end = first + MIN (self->block_size, self->geometry.n - first);

  for (; first < end; first += n)
    {
      gboolean is_there = TRUE;

      n = MIN (n_at_once, end - first);
      if (self->is_ragged)
        n = find_piece (self, first, n, &is_there);
      if (!is_there)
        continue;
      if (!read_items (self, elements, first, n, buffer, error))
        return FALSE;
      func (buffer, first, n, user_data);
    }
  return TRUE;
}

/**
 * ckpt_scan_is_deflated:
 * @tree: a tree
 * @tensor: a tensor of it
 *
 * Returns: whether the bytes of @tensor come out of a stream
 */
gboolean
ckpt_scan_is_deflated (CkptTree *tree, const CkptTensor *tensor)
{
  const CkptStorage *storage;
  CkptArchive *archive;

  if (tensor->storage == CKPT_NO_STORAGE)
    return FALSE;
  storage = ckpt_tree_get_storage (tree, tensor->storage);
  archive = storage->archive != NULL ? storage->archive : ckpt_tree_get_archive (tree);
  return storage->record != CKPT_NO_RECORD &&
         ckpt_archive_get (archive, storage->record)->method == CKPT_RECORD_DEFLATED;
}

/**
 * ckpt_scan_is_pair:
 * @self: what there is to do
 *
 * Returns: whether each element is two numbers
 */
gboolean
ckpt_scan_is_pair (const CkptScan *self)
{
  return self->tensor->dtype == CKPT_DTYPE_FLOAT4_E2M1FN_X2;
}

/**
 * ckpt_scan_to_doubles:
 * @self: what there is to do
 * @items: elements as they were read
 * @n: how many
 * @values: (out caller-allocates): the numbers that they are for the tensor; two for each element if ckpt_scan_is_pair()
 *
 * A quantized element gives the real number that it stands for, a complex one its magnitude.
 */
void
ckpt_scan_to_doubles (const CkptScan *self, const guint8 *items, gsize n, double *values)
{
  const CkptTensor *tensor = self->tensor;

  if (ckpt_scan_is_pair (self))
    ckpt_dtype_to_complex (self->dtype, items, n, values);
  else
    ckpt_dtype_to_doubles (self->dtype, items, n, values);
  /* Of one scale for all elements, which needs no reading. */
  if (tensor->quantizer != NULL && self->dtype == tensor->dtype)
    ckpt_tensor_dequantize (self->tree, tensor, 0, n, values, NULL);
}
