/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-waste.h"

#include "model/ckpt-extent.h"
#include "model/ckpt-path.h"

#include <string.h>

#define MAX_RANGES 256
#define MAX_VIEWS  100

/* A walk that collects what shows the storages of which something is wasted. */
typedef struct
{
  CkptWaste **by_storage; /* NULL for storages that are shown whole */
  GHashTable *storages;   /* CkptStorage -> CkptWaste */
} Walk;

static void
view_free (gpointer data)
{
  CkptWasteView *view = data;

  g_free (view->path);
  g_free (view);
}

static void
waste_free (gpointer data)
{
  CkptWaste *waste = data;

  g_array_unref (waste->shown);
  g_ptr_array_unref (waste->views);
  g_free (waste);
}

static CkptWaste *
waste_new (guint32 storage, guint32 record, guint64 n_bytes)
{
  CkptWaste *waste = g_new0 (CkptWaste, 1);

  waste->storage = storage;
  waste->record = record;
  waste->n_bytes = n_bytes;
  waste->shown = g_array_new (FALSE, FALSE, sizeof (CkptByteRange));
  waste->views = g_ptr_array_new_with_free_func (view_free);
  return waste;
}

static guint64
count_present (const CkptStorage *storage)
{
  return MIN (storage->n_bytes, storage->n_bytes_present);
}

/* Bytes of a storage in the file that no tensor shows. */
static guint64
count_hidden (CkptTree *tree, CkptTotals *totals, guint index)
{
  guint64 n_present = count_present (ckpt_tree_get_storage (tree, index)), n_covered;

  ckpt_totals_get_storage (totals, index, &n_covered);
  return n_present > n_covered ? n_present - n_covered : 0;
}

/* Whether records of a storage's name hold a storage and nothing else. */
static gboolean
is_storage_record (CkptTree *tree, const CkptRecord *record)
{
  const char *slash = strchr (record->name, '/');

  return ckpt_tree_get_container (tree) == CKPT_CONTAINER_TORCH_ZIP && slash != NULL &&
         g_str_has_prefix (slash + 1, "data/");
}

/* Of each record, the bytes from its beginning that are some storage's. */
static guint64 *
find_used_ends (CkptTree *tree)
{
  guint64 *ends = g_new0 (guint64, ckpt_archive_get_n (ckpt_tree_get_archive (tree)));

  for (guint i = 0; i < ckpt_tree_get_n_storages (tree); i++)
    {
      const CkptStorage *storage = ckpt_tree_get_storage (tree, i);

      if (storage->record != CKPT_NO_RECORD && storage->archive == NULL)
        ends[storage->record] = MAX (ends[storage->record],
                                     storage->record_offset + storage->n_bytes_present);
    }
  return ends;
}

/* Bytes of records that belong to no storage: adds a waste for each such record, if @list is not NULL. */
static guint64
count_loose (CkptTree *tree, GPtrArray *list)
{
  CkptArchive *archive = ckpt_tree_get_archive (tree);
  g_autofree guint64 *ends = find_used_ends (tree);
  guint64 n_loose = 0;

  for (guint i = 0; i < ckpt_archive_get_n (archive); i++)
    {
      const CkptRecord *record = ckpt_archive_get (archive, i);
      CkptByteRange used = { 0, ends[i] };
      CkptWaste *waste;

      if (!is_storage_record (tree, record) || record->size <= used.end)
        continue;
      n_loose += record->size - used.end;
      if (list == NULL)
        continue;
      waste = waste_new (CKPT_NO_STORAGE, i, record->size);
      waste->n_wasted = record->size - used.end;
      if (used.end > 0)
        g_array_append_val (waste->shown, used);
      g_ptr_array_add (list, waste);
    }
  return n_loose;
}

/**
 * ckpt_waste_count:
 * @tree: a tree
 * @totals: finished totals of all of it
 *
 * Returns: bytes of storages that no tensor shows, and of records that nothing refers to
 */
guint64
ckpt_waste_count (CkptTree *tree, CkptTotals *totals)
{
  guint64 n_wasted = count_loose (tree, NULL);

  for (guint i = 0; i < ckpt_tree_get_n_storages (tree); i++)
    if (ckpt_tree_has_storage (tree, i))
      n_wasted += count_hidden (tree, totals, i);
  return n_wasted;
}

static void
add_view (CkptWaste *waste,
          CkptTree *tree,
          const CkptPath *path,
          CkptNodeId node,
          guint32 tensor,
          CkptByteRange range)
{
  range.first = MIN (range.first, waste->n_bytes);
  range.end = MIN (range.end, waste->n_bytes);
  if (range.first < range.end)
    g_array_append_val (waste->shown, range);
  waste->n_views++;
  if (waste->views->len < MAX_VIEWS)
    {
      CkptWasteView *view = g_new (CkptWasteView, 1);

      *view = (CkptWasteView) { ckpt_path_to_string (path, tree), node, tensor, range };
      g_ptr_array_add (waste->views, view);
    }
}

static CkptWaste *
find_tensor_waste (const Walk *walk, const CkptTensor *tensor)
{
  if (tensor->storage == CKPT_NO_STORAGE || tensor->layout != CKPT_LAYOUT_STRIDED ||
      (tensor->flags & (CKPT_TENSOR_BROKEN | CKPT_TENSOR_META)))
    return NULL;
  return walk->by_storage[tensor->storage];
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
  CkptWaste *waste;
  CkptExtent extent;
  CkptByteRange range;

  if (is_repeat)
    return TRUE;
  if (tensor != NULL)
    {
      waste = find_tensor_waste (walk, tensor);
      if (waste != NULL && ckpt_extent_init (&extent, tensor) &&
          ckpt_extent_get_bytes (&extent, tensor->dtype, &range.first, &range.end))
        add_view (waste, tree, path, child->node, tensor->index, range);
      return TRUE;
    }
  waste = g_hash_table_lookup (walk->storages, ckpt_tree_get_node_storage (tree, child->node));
  if (waste != NULL)
    add_view (waste, tree, path, child->node, CKPT_NO_TENSOR, (CkptByteRange) { 0, waste->n_bytes });
  return TRUE;
}

static int
compare_ranges (gconstpointer a, gconstpointer b)
{
  const CkptByteRange *one = a, *other = b;

  return (one->first > other->first) - (one->first < other->first);
}

/* Joins ranges between which there are at most @gap bytes, as long as there are more than @n_max. */
static void
join_ranges (GArray *ranges, guint64 gap, guint n_max)
{
  CkptByteRange *all = (CkptByteRange *) ranges->data;
  guint n = 0;

  for (guint i = 0; i < ranges->len; i++)
    if (n > 0 && n + ranges->len - i > n_max && all[i].first <= all[n - 1].end + gap)
      all[n - 1].end = MAX (all[n - 1].end, all[i].end);
    else
      all[n++] = all[i];
  g_array_set_size (ranges, n);
}

static int
compare_gaps (gconstpointer a, gconstpointer b)
{
  guint64 one = *(const guint64 *) a, other = *(const guint64 *) b;

  return (one > other) - (one < other);
}

/* The widest gap that has to be closed for no more than MAX_RANGES to remain. */
static guint64
choose_gap (const GArray *ranges)
{
  g_autofree guint64 *gaps = g_new (guint64, ranges->len - 1);

  for (guint i = 0; i + 1 < ranges->len; i++)
    gaps[i] = g_array_index (ranges, CkptByteRange, i + 1).first -
              g_array_index (ranges, CkptByteRange, i).end;
  qsort (gaps, ranges->len - 1, sizeof *gaps, compare_gaps);
  return gaps[ranges->len - MAX_RANGES - 1];
}

static void
finish (CkptWaste *waste)
{
  waste->n_wasted = waste->n_bytes;
  g_array_sort (waste->shown, compare_ranges);
  join_ranges (waste->shown, 0, 0);
  for (guint i = 0; i < waste->shown->len; i++)
    {
      const CkptByteRange *range = &g_array_index (waste->shown, CkptByteRange, i);

      waste->n_wasted -= range->end - range->first;
    }
  if (waste->shown->len > MAX_RANGES)
    {
      join_ranges (waste->shown, choose_gap (waste->shown) - 1, 0);
      join_ranges (waste->shown, choose_gap (waste->shown), MAX_RANGES);
    }
}

/* Of each storage that is not shown whole. */
static void
add_storages (CkptTree *tree, GPtrArray *list)
{
  guint n_storages = ckpt_tree_get_n_storages (tree);
  g_autofree CkptWaste **by_storage = g_new0 (CkptWaste *, n_storages);
  g_autoptr (GHashTable) storages = g_hash_table_new (NULL, NULL);
  g_autoptr (CkptTotals) totals = ckpt_totals_new (tree);
  guint n_before = list->len;
  Walk walk = { by_storage, storages };

  ckpt_totals_add_tree (totals, ckpt_tree_get_root (tree));
  ckpt_totals_finish (totals);
  for (guint i = 0; i < n_storages; i++)
    {
      const CkptStorage *storage = ckpt_tree_get_storage (tree, i);

      if (count_hidden (tree, totals, i) == 0)
        continue;
      by_storage[i] = waste_new (i, storage->archive == NULL ? storage->record : CKPT_NO_RECORD,
                                 count_present (storage));
      g_hash_table_insert (storages, (gpointer) storage, by_storage[i]);
      g_ptr_array_add (list, by_storage[i]);
    }
  if (list->len == n_before)
    return;
  ckpt_tree_walk (tree, ckpt_tree_get_root (tree), on_value, &walk);
  for (guint i = n_before; i < list->len; i++)
    finish (list->pdata[i]);
}

static int
compare_wastes (gconstpointer a, gconstpointer b)
{
  const CkptWaste *one = *(CkptWaste *const *) a, *other = *(CkptWaste *const *) b;

  return (one->n_wasted < other->n_wasted) - (one->n_wasted > other->n_wasted);
}

/**
 * ckpt_waste_list:
 * @tree: a tree
 *
 * Finds the storages that are larger than what their tensors show, and the records of which a part, or all, is no storage. What lies
 * between the first and the last element of a tensor counts as shown, though a view with strides may pass over some of it.
 * Takes time in proportion to the size of the tree, and reads nothing of the file. May be called on any thread.
 *
 * Returns: (transfer full) (element-type CkptWaste): where bytes are wasted, the most first
 */
GPtrArray *
ckpt_waste_list (CkptTree *tree)
{
  GPtrArray *list;

  g_return_val_if_fail (tree != NULL, NULL);

  list = g_ptr_array_new_with_free_func (waste_free);
  count_loose (tree, list);
  add_storages (tree, list);
  g_ptr_array_sort (list, compare_wastes);
  return list;
}
