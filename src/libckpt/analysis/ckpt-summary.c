/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-summary.h"

#include "analysis/ckpt-provenance.h"
#include "model/ckpt-totals.h"

#include <string.h>

/* Bytes of a storage in the file that no tensor shows. */
static guint64
count_hidden (CkptTotals *totals, guint index, const CkptStorage *storage)
{
  guint64 n_present = MIN (storage->n_bytes, storage->n_bytes_present), n_covered;

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

      if (storage->record != CKPT_NO_RECORD)
        ends[storage->record] = MAX (ends[storage->record],
                                     storage->record_offset + storage->n_bytes_present);
    }
  return ends;
}

static guint64
count_wasted (CkptTree *tree, CkptTotals *totals)
{
  CkptArchive *archive = ckpt_tree_get_archive (tree);
  g_autofree guint64 *ends = find_used_ends (tree);
  guint64 n_wasted = 0;

  for (guint i = 0; i < ckpt_tree_get_n_storages (tree); i++)
    n_wasted += count_hidden (totals, i, ckpt_tree_get_storage (tree, i));
  for (guint i = 0; i < ckpt_archive_get_n (archive); i++)
    {
      const CkptRecord *record = ckpt_archive_get (archive, i);

      if (is_storage_record (tree, record) && record->size > ends[i])
        n_wasted += record->size - ends[i];
    }
  return n_wasted;
}

/**
 * ckpt_summary_new:
 * @tree: a tree
 *
 * A tensor counts at each of its places, except in a container that is met again. What a sparse, nested
 * or quantized tensor is made of counts as its bytes, and as its values where it has its type. Takes time in proportion to the size of the tree, and reads nothing of the file.
 *
 * Returns: (transfer full): what the file holds
 */
CkptSummary *
ckpt_summary_new (CkptTree *tree)
{
  g_autoptr (CkptTotals) totals = NULL;
  CkptSummary *self;

  g_return_val_if_fail (tree != NULL, NULL);

  totals = ckpt_totals_new (tree);
  ckpt_totals_add_tree (totals, ckpt_tree_get_root (tree));
  ckpt_totals_finish (totals);
  self = g_new0 (CkptSummary, 1);
  self->total = *ckpt_totals_get_all (totals);
  self->by_dtype = ckpt_totals_list_dtypes (totals);
  self->by_device = ckpt_totals_list_devices (totals);
  self->n_tied = ckpt_totals_get_n_tied (totals);
  self->n_wasted_bytes = count_wasted (tree, totals);
  self->writer = ckpt_provenance_get_writer (tree);
  self->readers = ckpt_provenance_get_readers (tree);
  return self;
}

/**
 * ckpt_summary_free:
 * @self: (nullable): a summary
 */
void
ckpt_summary_free (CkptSummary *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->by_dtype);
  g_ptr_array_unref (self->by_device);
  g_free (self->writer);
  g_free (self->readers);
  g_free (self);
}

/**
 * ckpt_totals_compute:
 * @tree: a tree
 * @node: a value of it
 * @total: (out): what lies under it, itself included; its name is %NULL
 *
 * Each storage counts once and whole, whatever else shows it. Takes time in proportion to the values under @node.
 */
void
ckpt_totals_compute (CkptTree *tree, CkptNodeId node, CkptTotal *total)
{
  g_autoptr (CkptTotals) totals = NULL;

  g_return_if_fail (tree != NULL && total != NULL);

  totals = ckpt_totals_new (tree);
  ckpt_totals_add_tree (totals, node);
  ckpt_totals_finish (totals);
  *total = *ckpt_totals_get_all (totals);
}
