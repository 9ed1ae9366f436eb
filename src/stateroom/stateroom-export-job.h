/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-editor.h"

G_BEGIN_DECLS

/**
 * StateroomExport:
 * @result: what would be written, and what was done for it
 * @n_bytes_before: size of the file that is open
 * @n_bytes: size of the file that would be written
 * @notes: (element-type utf8): what the file type has no place for
 *
 * What an export would come to.
 */
typedef struct
{
  CkptExport *result;
  guint64 n_bytes_before;
  guint64 n_bytes;
  GPtrArray *notes;
} StateroomExport;

void             stateroom_export_make_async  (StateroomEditor         *editor,
                                               const CkptExportOptions *options,
                                               GCancellable            *cancellable,
                                               GAsyncReadyCallback      callback,
                                               gpointer                 user_data);
StateroomExport *stateroom_export_make_finish (GAsyncResult            *result,
                                               GError                 **error);
void             stateroom_export_free        (StateroomExport         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StateroomExport, stateroom_export_free)

G_END_DECLS
