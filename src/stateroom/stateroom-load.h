/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>
#include <gio/gio.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_LOAD (stateroom_load_get_type ())

/* Opens one file in a thread of its own. */
G_DECLARE_FINAL_TYPE (StateroomLoad, stateroom_load, STATEROOM, LOAD, GObject)

StateroomLoad *stateroom_load_new          (CkptItemFlags        flags);
void           stateroom_load_run_async    (StateroomLoad       *self,
                                            const char          *path,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
CkptItem      *stateroom_load_run_finish   (StateroomLoad       *self,
                                            GAsyncResult        *result,
                                            GError             **error);
CkptArchive   *stateroom_load_get_records  (StateroomLoad       *self);
double         stateroom_load_get_fraction (StateroomLoad       *self);

G_END_DECLS
