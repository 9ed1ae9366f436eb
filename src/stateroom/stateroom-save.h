/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-editor.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_SAVE (stateroom_save_get_type ())

/* Writes one file in a thread, and tells how far it is. */
G_DECLARE_FINAL_TYPE (StateroomSave, stateroom_save, STATEROOM, SAVE, GObject)

StateroomSave *stateroom_save_new           (CkptTree               *tree,
                                             const CkptSaveOptions  *options,
                                             GFile                  *file,
                                             gboolean                is_copy);
void           stateroom_save_run_async     (StateroomSave          *self,
                                             StateroomEditor        *editor,
                                             GCancellable           *cancellable,
                                             GAsyncReadyCallback     callback,
                                             gpointer                user_data);
CkptTree      *stateroom_save_run_finish    (StateroomSave          *self,
                                             GAsyncResult           *result,
                                             GError                **error);
GFile         *stateroom_save_get_file      (StateroomSave          *self);
CkptTree      *stateroom_save_get_tree      (StateroomSave          *self);
gboolean       stateroom_save_is_copy       (StateroomSave          *self);
const CkptSaveOptions *stateroom_save_get_options (StateroomSave    *self);
GPtrArray     *stateroom_save_get_notes     (StateroomSave          *self);
double         stateroom_save_get_fraction  (StateroomSave          *self);

G_END_DECLS
