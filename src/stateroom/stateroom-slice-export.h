/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

typedef enum
{
  STATEROOM_EXPORT_TEXT, /* as in the cells, but with all digits; tabs between columns */
  STATEROOM_EXPORT_CSV,
  STATEROOM_EXPORT_NPY,
} StateroomExportFormat;

/* Cells that are copied at once; more of them are for a file. */
#define STATEROOM_EXPORT_MAX_COPIED ((guint64) 500000)

void     stateroom_slice_export_text_async  (const CkptSlice        *slice,
                                             const CkptRect         *rect,
                                             StateroomExportFormat   format,
                                             GCancellable           *cancellable,
                                             GAsyncReadyCallback     callback,
                                             gpointer                user_data);
char    *stateroom_slice_export_text_finish (GAsyncResult           *result,
                                             GError                **error);
void     stateroom_slice_export_file_async  (const CkptSlice        *slice,
                                             const CkptRect         *rect,
                                             StateroomExportFormat   format,
                                             GFile                  *file,
                                             GCancellable           *cancellable,
                                             GAsyncReadyCallback     callback,
                                             gpointer                user_data);
gboolean stateroom_slice_export_file_finish (GAsyncResult           *result,
                                             GError                **error);

G_END_DECLS
