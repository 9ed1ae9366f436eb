/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-tally.h"

#include "model/ckpt-geometry.h"

/* Where in a storage the elements of a tensor are. */
typedef struct
{
  const CkptStorage *storage;
  CkptDtype dtype;
  guint64 first;
  guint64 end;
  guint64 n; /* different elements */
} Extent;

struct _CkptTally
{
  CkptTree *tree;
  GArray *extents;
  gboolean is_unsorted;
  gboolean is_mixed_device;
  CkptTallyTotals totals;
};

/**
 * ckpt_tally_new:
 * @tree: the tree whose tensors will be added
 *
 * Begins an empty sum.
 *
 * Returns: (transfer full): the sum
 */
CkptTally *
ckpt_tally_new (CkptTree *tree)
{
  CkptTally *self = g_new0 (CkptTally, 1);

  self->tree = ckpt_tree_ref (tree);
  self->extents = g_array_new (FALSE, FALSE, sizeof (Extent));
  return self;
}

/**
 * ckpt_tally_free:
 */
void
ckpt_tally_free (CkptTally *self)
{
  g_array_unref (self->extents);
  ckpt_tree_unref (self->tree);
  g_free (self);
}

static int
compare_extents (gconstpointer a, gconstpointer b)
{
  const Extent *x = a, *y = b;

  if (x->storage != y->storage)
    return x->storage < y->storage ? -1 : 1;
  if (x->dtype != y->dtype)
    return x->dtype < y->dtype ? -1 : 1;
  if (x->first != y->first)
    return x->first < y->first ? -1 : 1;
  if (x->end != y->end)
    return x->end < y->end ? -1 : 1;
  return (x->n > y->n) - (x->n < y->n);
}

static void
append_extent (CkptTally *self, const Extent *extent)
{
  const Extent *last = NULL;

  if (self->extents->len > 0)
    last = &g_array_index (self->extents, Extent, self->extents->len - 1);
  if (last != NULL && compare_extents (extent, last) < 0)
    self->is_unsorted = TRUE;
  g_array_append_vals (self->extents, extent, 1);
}

static void
add_extent (CkptTally *self, const CkptTensor *tensor)
{
  Extent extent = { .storage = ckpt_tree_get_storage (self->tree, tensor->storage), .dtype = tensor->dtype };
  CkptGeometry geometry;

  if (tensor->layout == CKPT_LAYOUT_STRIDED &&
      ckpt_geometry_init (&geometry, tensor->n_dims, tensor->shape, tensor->stride, tensor->offset) &&
      geometry.n > 0)
    {
      ckpt_geometry_collapse (&geometry);
      extent.first = geometry.offset;
      extent.end = ckpt_geometry_get_last (&geometry) + 1;
      extent.n = geometry.n;
    }
  append_extent (self, &extent);
}

/* A file may announce more than can be counted. */
static void
add_capped (guint64 *sum, guint64 n)
{
  if (__builtin_add_overflow (*sum, n, sum))
    *sum = G_MAXUINT64;
}

static void
note_device (CkptTally *self, const char *device)
{
  if (self->totals.device == NULL)
    self->totals.device = device;
  else if (device != self->totals.device && g_strcmp0 (device, self->totals.device) != 0)
    self->is_mixed_device = TRUE;
}

/**
 * ckpt_tally_add_tensor:
 * @tensor: a tensor of the tree; one that was added before adds nothing but to the number of tensors
 * @is_part: whether it is what another tensor is made of: then it does not count as a tensor
 *
 * Adds a tensor. The parts of a sparse or nested tensor have the elements, and are to be added too.
 */
void
ckpt_tally_add_tensor (CkptTally *self, const CkptTensor *tensor, gboolean is_part)
{
  if (!is_part)
    self->totals.n_tensors++;
  note_device (self, tensor->device);

  if (tensor->flags & CKPT_TENSOR_BROKEN)
    return;
  if (tensor->flags & CKPT_TENSOR_META)
    add_capped (&self->totals.n_values, tensor->numel);
  else if (tensor->storage != CKPT_NO_STORAGE)
    add_extent (self, tensor);
}

/**
 * ckpt_tally_add_storage:
 * @storage: a storage that stands in the tree by itself
 *
 * Adds the bytes of a storage of which no tensor needs to be a view; it has no elements.
 */
void
ckpt_tally_add_storage (CkptTally *self, const CkptStorage *storage)
{
  Extent extent = { .storage = storage };

  note_device (self, storage->location);
  append_extent (self, &extent);
}

/* Counts the extents from @start on that overlap each other, and returns the first one that does not. */
static guint
add_group (CkptTally *self, guint start)
{
  const Extent *first = &g_array_index (self->extents, Extent, start);
  const Extent *before = first;
  guint64 end = first->end, n = first->n;
  guint i;

  for (i = start + 1; i < self->extents->len; i++)
    {
      const Extent *extent = &g_array_index (self->extents, Extent, i);

      if (extent->storage != first->storage || extent->dtype != first->dtype || extent->first >= end)
        break;
      /* What looks the same is the same: tied tensors count once. */
      if (compare_extents (extent, before) != 0)
        add_capped (&n, extent->n);
      end = MAX (end, extent->end);
      before = extent;
    }
  add_capped (&self->totals.n_values, MIN (end - first->first, n));
  return i;
}

/**
 * ckpt_tally_finish:
 * @totals: (out caller-allocates): the sum
 *
 * Adds up: overlapping tensors of one storage count the elements that they cover together, but never more than they
 * have, and a storage counts once, whole.
 */
void
ckpt_tally_finish (CkptTally *self, CkptTallyTotals *totals)
{
  const CkptStorage *storage = NULL;

  if (self->is_unsorted)
    g_array_sort (self->extents, compare_extents);
  for (guint i = 0; i < self->extents->len;)
    {
      const CkptStorage *next = g_array_index (self->extents, Extent, i).storage;

      if (next != storage)
        add_capped (&self->totals.n_bytes, next->n_bytes);
      storage = next;
      i = add_group (self, i);
    }
  *totals = self->totals;
  if (self->is_mixed_device)
    totals->device = NULL;
}
