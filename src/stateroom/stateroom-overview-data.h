/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/**
 * StateroomScalar:
 * @name: its key, escaped
 * @value: what it is, escaped
 */
typedef struct
{
  char *name;
  char *value;
} StateroomScalar;

/**
 * StateroomOverviewData:
 * @summary: totals, writer and readers
 * @scalars: (element-type StateroomScalar): single values at the top of the file: epoch, loss
 * @waste: (element-type CkptWaste): bytes that are there for nothing
 * @n_more_scalars: those beyond the first few
 * @refusal: (nullable): why torch.load (weights_only=True) does not take the file, in English as in a comment of code
 *
 * What takes time to find out about a file.
 */
typedef struct
{
  CkptSummary *summary;
  GPtrArray *scalars;
  GPtrArray *waste;
  guint n_more_scalars;
  char *refusal;
} StateroomOverviewData;

void                   stateroom_overview_data_load_async  (CkptTree              *tree,
                                                            GCancellable          *cancellable,
                                                            GAsyncReadyCallback    callback,
                                                            gpointer               user_data);
StateroomOverviewData *stateroom_overview_data_load_finish (GAsyncResult          *result,
                                                            GError               **error);
void                   stateroom_overview_data_free        (StateroomOverviewData *self);
char                  *stateroom_overview_data_dup_code    (StateroomOverviewData *self,
                                                            CkptTree              *tree);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StateroomOverviewData, stateroom_overview_data_free)

G_END_DECLS
