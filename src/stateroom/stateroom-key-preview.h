/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_KEY_PREVIEW (stateroom_key_preview_get_type ())

/* Lists what an edit changes: old keys, and the new ones beside them. */
G_DECLARE_FINAL_TYPE (StateroomKeyPreview, stateroom_key_preview, STATEROOM, KEY_PREVIEW, GtkBox)

void  stateroom_key_preview_set_effect (StateroomKeyPreview *self,
                                        CkptEffect          *effect);
guint stateroom_key_preview_get_n      (StateroomKeyPreview *self);
/* The texts of a line, for tests. */
char *stateroom_key_preview_dup_line   (StateroomKeyPreview *self,
                                        guint                i);

G_END_DECLS
