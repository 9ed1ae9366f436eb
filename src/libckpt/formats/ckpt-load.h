/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-tree.h"

G_BEGIN_DECLS

CKPT_EXPORT CkptTree *ckpt_load        (const char          *path,
                                        CkptProgressFunc     progress,
                                        gpointer             progress_data,
                                        GCancellable        *cancellable,
                                        GError             **error);
CKPT_EXPORT void      ckpt_load_async  (const char          *path,
                                        CkptProgressFunc     progress,
                                        gpointer             progress_data,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data);
CKPT_EXPORT CkptTree *ckpt_load_finish (GAsyncResult        *result,
                                        GError             **error);
CkptTree             *ckpt_load_source   (CkptSource          *source,
                                         GCancellable        *cancellable,
                                         GError             **error);
CKPT_EXPORT CkptArchive *ckpt_load_records (const char       *path,
                                        GError             **error);

G_END_DECLS
