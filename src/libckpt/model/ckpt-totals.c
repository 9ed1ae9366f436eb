/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "model/ckpt-totals.h"

#include "model/ckpt-extent.h"
#include "model/ckpt-path.h"

#include <string.h>

/* A storage that was met. */
typedef struct
{
  gboolean is_met;
  guint64 n_covered;
} Met;

/* Elements of a storage that a tensor shows. */
typedef struct
{
  guint32 storage;
  CkptDtype dtype;
  const char *device;
  gboolean is_counted; /* not the indices of a sparse tensor, nor the scales of a quantized one */
  CkptExtent place;
} Extent;

struct _CkptTotals
{
  CkptTree *tree;
  CkptTotal all;
  CkptTotal dtypes[CKPT_N_DTYPES];
  GHashTable *devices; /* name -> CkptTotal */
  guint n_tied;
  Met *storages;
  GHashTable *indices; /* CkptStorage -> its number; made when it is first asked for */
  GArray *extents;
  gboolean is_unsorted;
};

/* A walk that adds what it meets. */
typedef struct
{
  CkptTotals *totals;
  guint outer_depth; /* of the tensor whose parts the walk is in, and */
  const CkptTensor *outer;
} Walk;

static void
total_free (gpointer data)
{
  CkptTotal *total = data;

  g_free (total->name);
  g_free (total);
}

static CkptTotal *
get_device_total (CkptTotals *self, const char *device)
{
  CkptTotal *total = g_hash_table_lookup (self->devices, device);

  if (total == NULL)
    {
      total = g_new0 (CkptTotal, 1);
      total->name = g_strdup (device);
      g_hash_table_insert (self->devices, total->name, total);
    }
  return total;
}

/* A file may announce more than can be counted. */
static void
add_capped (guint64 *sum, guint64 n)
{
  if (__builtin_add_overflow (*sum, n, sum))
    *sum = G_MAXUINT64;
}

static void
add_values (CkptTotals *self, CkptDtype dtype, const char *device, guint64 n)
{
  add_capped (&self->all.n_values, n);
  add_capped (&self->dtypes[dtype].n_values, n);
  add_capped (&get_device_total (self, device)->n_values, n);
}

/* A storage counts once and whole, as what the first tensor that shows it says. */
static void
add_storage (CkptTotals *self, guint32 index, CkptDtype dtype, const char *device)
{
  guint64 n_bytes;

  if (index == CKPT_NO_STORAGE || self->storages[index].is_met)
    return;
  self->storages[index].is_met = TRUE;
  n_bytes = ckpt_tree_get_storage (self->tree, index)->n_bytes;
  add_capped (&self->all.n_bytes, n_bytes);
  add_capped (&self->dtypes[dtype].n_bytes, n_bytes);
  add_capped (&get_device_total (self, device)->n_bytes, n_bytes);
}

#define COMPARE(a, b) \
  if ((a) != (b))     \
  return (a) < (b) ? -1 : 1

static int
compare_extents (gconstpointer a, gconstpointer b)
{
  const Extent *one = a, *other = b;

  COMPARE (one->storage, other->storage);
  COMPARE (one->dtype, other->dtype);
  COMPARE (one->place.first, other->place.first);
  COMPARE (one->place.end, other->place.end);
  COMPARE (one->place.n, other->place.n);
  return 0;
}

/* Where the values are; files mostly have the tensors in the order of their storages. */
static void
add_extent (CkptTotals *self, const CkptTensor *tensor, const CkptTensor *outer)
{
  Extent extent = { tensor->storage, tensor->dtype, outer->device };
  guint n = self->extents->len;

  /* What a sparse or quantized tensor is made of counts as its values where it has their type. */
  extent.is_counted = tensor->dtype == outer->dtype;
  if (!ckpt_extent_init (&extent.place, tensor))
    return;
  if (n > 0 && compare_extents (&extent, &g_array_index (self->extents, Extent, n - 1)) < 0)
    self->is_unsorted = TRUE;
  g_array_append_val (self->extents, extent);
}

static void
count_tensor (CkptTotals *self, const CkptTensor *tensor, gboolean is_repeat)
{
  self->all.n_tensors++;
  self->dtypes[tensor->dtype].n_tensors++;
  get_device_total (self, tensor->device)->n_tensors++;
  if (is_repeat || ckpt_tree_get_tied_to (self->tree, tensor) != CKPT_NO_TENSOR)
    self->n_tied++;
}

/**
 * ckpt_totals_add_tensor:
 * @tensor: a tensor of the tree
 * @outer: the tensor that it is a part of, or itself
 * @is_repeat: whether it was added before; then it only counts as one more tensor
 *
 * Adds a tensor. What a sparse, nested or quantized one is made of is to be added too, after it.
 */
void
ckpt_totals_add_tensor (CkptTotals *self,
                        const CkptTensor *tensor,
                        const CkptTensor *outer,
                        gboolean is_repeat)
{
  if (tensor == outer)
    count_tensor (self, tensor, is_repeat);
  if (is_repeat || (tensor->flags & CKPT_TENSOR_BROKEN))
    return;
  if (tensor->flags & CKPT_TENSOR_META)
    add_values (self, tensor->dtype, tensor->device, tensor->numel);
  else if (tensor->storage != CKPT_NO_STORAGE)
    {
      add_storage (self, tensor->storage, outer->dtype, outer->device);
      if (tensor->layout == CKPT_LAYOUT_STRIDED)
        add_extent (self, tensor, outer);
    }
}

static guint
get_storage_index (CkptTotals *self, const CkptStorage *storage)
{
  if (self->indices == NULL)
    {
      self->indices = g_hash_table_new (NULL, NULL);
      for (guint i = 0; i < ckpt_tree_get_n_storages (self->tree); i++)
        g_hash_table_insert (self->indices, (gpointer) ckpt_tree_get_storage (self->tree, i),
                             GUINT_TO_POINTER (i));
    }
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->indices, storage));
}

/**
 * ckpt_totals_add_storage:
 * @node: a storage that is a value itself
 *
 * Adds a storage. It hides none of its bytes.
 */
void
ckpt_totals_add_storage (CkptTotals *self, CkptNodeId node)
{
  const CkptStorage *storage = ckpt_tree_get_node_storage (self->tree, node);
  guint index;

  if (storage == NULL)
    return;
  index = get_storage_index (self, storage);
  add_storage (self, index, storage->dtype, storage->location);
  self->storages[index].n_covered = storage->n_bytes;
}

static gboolean
on_value (CkptTree *tree,
          const CkptPath *path,
          guint depth,
          const CkptChild *child,
          gboolean is_repeat,
          gpointer user_data)
{
  Walk *walk = user_data;
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, child->node);

  if (depth <= walk->outer_depth)
    walk->outer = NULL;
  if (tensor == NULL)
    {
      if (!is_repeat && ckpt_tree_get_kind (tree, child->node) == CKPT_KIND_STORAGE)
        ckpt_totals_add_storage (walk->totals, child->node);
      return TRUE;
    }
  if (walk->outer == NULL)
    {
      /* What it is made of are no tensors of their own. */
      walk->outer = tensor;
      walk->outer_depth = depth;
    }
  ckpt_totals_add_tensor (walk->totals, tensor, walk->outer, is_repeat);
  return TRUE;
}

/**
 * ckpt_totals_add_tree:
 * @node: where to begin
 *
 * Adds a value and all that is under it. Takes time in proportion to that.
 */
void
ckpt_totals_add_tree (CkptTotals *self, CkptNodeId node)
{
  Walk walk = { .totals = self };

  if (ckpt_tree_get_n_tensors (self->tree) > 0 || ckpt_tree_get_n_storages (self->tree) > 0)
    ckpt_tree_walk (self->tree, node, on_value, &walk);
}

/* The extents from @start on that overlap each other, all of one storage and type; gives the number behind the last. */
static guint
add_group (CkptTotals *self, guint start)
{
  const Extent *first = &g_array_index (self->extents, Extent, start);
  const Extent *before = first;
  CkptExtent all = first->place;
  guint64 byte_first, byte_end;
  gboolean is_counted = first->is_counted;
  Met *met = &self->storages[first->storage];
  guint i;

  for (i = start + 1; i < self->extents->len; i++)
    {
      const Extent *extent = &g_array_index (self->extents, Extent, i);

      if (extent->storage != first->storage || extent->dtype != first->dtype ||
          extent->place.first >= all.end)
        break;
      /* What looks the same is the same: tied tensors count once. */
      if (compare_extents (extent, before) != 0)
        add_capped (&all.n, extent->place.n);
      all.end = MAX (all.end, extent->place.end);
      is_counted = is_counted || extent->is_counted;
      before = extent;
    }
  if (is_counted)
    add_values (self, first->dtype, first->device, MIN (all.end - all.first, all.n));
  if (ckpt_extent_get_bytes (&all, first->dtype, &byte_first, &byte_end))
    add_capped (&met->n_covered, byte_end - byte_first);
  return i;
}

/**
 * ckpt_totals_new:
 * @tree: the tree; must live as long as the result
 *
 * Returns: (transfer full): totals of nothing
 */
CkptTotals *
ckpt_totals_new (CkptTree *tree)
{
  CkptTotals *self = g_new0 (CkptTotals, 1);

  self->tree = tree;
  self->devices = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, total_free);
  self->storages = g_new0 (Met, ckpt_tree_get_n_storages (tree));
  self->extents = g_array_new (FALSE, FALSE, sizeof (Extent));
  return self;
}

/**
 * ckpt_totals_finish:
 * @self: totals to which nothing more will be added
 *
 * Counts the elements. Those of one storage that several tensors show count once.
 */
void
ckpt_totals_finish (CkptTotals *self)
{
  if (self->is_unsorted)
    g_array_sort (self->extents, compare_extents);
  for (guint i = 0; i < self->extents->len;)
    i = add_group (self, i);
}

/**
 * ckpt_totals_free:
 * @self: (nullable): totals
 */
void
ckpt_totals_free (CkptTotals *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->devices);
  g_clear_pointer (&self->indices, g_hash_table_unref);
  g_free (self->storages);
  g_array_unref (self->extents);
  g_free (self);
}

/**
 * ckpt_totals_get_all:
 * @self: totals
 *
 * Returns: (transfer none): the total of everything, without a name
 */
const CkptTotal *
ckpt_totals_get_all (CkptTotals *self)
{
  return &self->all;
}

/**
 * ckpt_totals_get_n_tied:
 * @self: totals
 *
 * Returns: tensors that are the same object as an earlier one, or show the same elements
 */
guint
ckpt_totals_get_n_tied (CkptTotals *self)
{
  return self->n_tied;
}

/**
 * ckpt_totals_get_storage:
 * @self: totals
 * @storage: number of a storage
 * @n_covered: (out): bytes of it between the first and the last element of its tensors; may be more than it has
 *
 * Returns: whether anything that was met has to do with it
 */
gboolean
ckpt_totals_get_storage (CkptTotals *self, guint storage, guint64 *n_covered)
{
  *n_covered = self->storages[storage].n_covered;
  return self->storages[storage].is_met;
}

/**
 * ckpt_totals_get_device:
 * @self: totals
 *
 * Returns: (transfer none) (nullable): the device of all that was added, if it is the same
 */
const char *
ckpt_totals_get_device (CkptTotals *self)
{
  GHashTableIter iter;
  gpointer name;

  if (g_hash_table_size (self->devices) != 1)
    return NULL;
  g_hash_table_iter_init (&iter, self->devices);
  g_hash_table_iter_next (&iter, &name, NULL);
  return name;
}

static int
compare_totals (gconstpointer a, gconstpointer b)
{
  const CkptTotal *one = *(CkptTotal *const *) a, *other = *(CkptTotal *const *) b;

  COMPARE (other->n_bytes, one->n_bytes);
  COMPARE (other->n_values, one->n_values);
  return strcmp (one->name, other->name);
}

static void
add_copy (GPtrArray *totals, const CkptTotal *total, const char *name)
{
  CkptTotal *copy = g_new (CkptTotal, 1);

  *copy = *total;
  copy->name = g_strdup (name);
  g_ptr_array_add (totals, copy);
}

/**
 * ckpt_totals_list_dtypes:
 * @self: totals
 *
 * Returns: (transfer full) (element-type CkptTotal): one for each type of elements that was met, the most bytes first
 */
GPtrArray *
ckpt_totals_list_dtypes (CkptTotals *self)
{
  GPtrArray *totals = g_ptr_array_new_with_free_func (total_free);

  for (guint dtype = 0; dtype < CKPT_N_DTYPES; dtype++)
    if (self->dtypes[dtype].n_tensors > 0 || self->dtypes[dtype].n_bytes > 0)
      add_copy (totals, &self->dtypes[dtype], ckpt_dtype_get_name (dtype));
  g_ptr_array_sort (totals, compare_totals);
  return totals;
}

/**
 * ckpt_totals_list_devices:
 * @self: totals
 *
 * Returns: (transfer full) (element-type CkptTotal): one for each device that was met, the most bytes first
 */
GPtrArray *
ckpt_totals_list_devices (CkptTotals *self)
{
  GPtrArray *totals = g_ptr_array_new_with_free_func (total_free);
  GHashTableIter iter;
  gpointer total;

  g_hash_table_iter_init (&iter, self->devices);
  while (g_hash_table_iter_next (&iter, NULL, &total))
    add_copy (totals, total, ((CkptTotal *) total)->name);
  g_ptr_array_sort (totals, compare_totals);
  return totals;
}
