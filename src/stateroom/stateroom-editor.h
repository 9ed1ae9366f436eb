/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * StateroomPreview:
 * @effect: what an edit does
 * @n_bytes: by how much the file becomes larger
 *
 * What an edit would do.
 */
typedef struct
{
  CkptEffect *effect;
  gint64 n_bytes;
} StateroomPreview;

#define STATEROOM_TYPE_EDITOR (stateroom_editor_get_type ())

/* Edits one document, in a thread: one edit at a time, previews among them. */
G_DECLARE_FINAL_TYPE (StateroomEditor, stateroom_editor, STATEROOM, EDITOR, GObject)

StateroomEditor  *stateroom_editor_new            (CkptDocument         *document);
CkptDocument     *stateroom_editor_get_document   (StateroomEditor      *self);
gboolean          stateroom_editor_is_busy        (StateroomEditor      *self);
void              stateroom_editor_preview_async  (StateroomEditor      *self,
                                                   CkptEdit             *edit,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
StateroomPreview *stateroom_editor_preview_finish (StateroomEditor      *self,
                                                   GAsyncResult         *result,
                                                   GError              **error);
void              stateroom_preview_free          (StateroomPreview     *self);
/* Does it. */
void              stateroom_editor_apply_async    (StateroomEditor      *self,
                                                   CkptEdit             *edit,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
gboolean          stateroom_editor_apply_finish   (StateroomEditor      *self,
                                                   GAsyncResult         *result,
                                                   GError              **error);

void              stateroom_editor_run            (StateroomEditor      *self,
                                                   GTask                *task,
                                                   GTaskThreadFunc       func);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StateroomPreview, stateroom_preview_free)

G_END_DECLS
