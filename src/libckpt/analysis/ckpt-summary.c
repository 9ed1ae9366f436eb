/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-summary.h"

#include "analysis/ckpt-provenance.h"
#include "analysis/ckpt-waste.h"
#include "model/ckpt-totals.h"

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
  self->n_wasted_bytes = ckpt_waste_count (tree, totals);
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
