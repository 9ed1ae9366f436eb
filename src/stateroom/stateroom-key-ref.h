/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>
#include <gdk/gdk.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_KEY_REF (stateroom_key_ref_get_type ())

/* A value of a file, on its way to another one by the clipboard or by a drag. */
G_DECLARE_FINAL_TYPE (StateroomKeyRef, stateroom_key_ref, STATEROOM, KEY_REF, GObject)

StateroomKeyRef    *stateroom_key_ref_new          (CkptItem        *item);
/* For a drag or the clipboard: others get the key as text. */
GdkContentProvider *stateroom_key_ref_new_provider (CkptItem        *item);
CkptSource         *stateroom_key_ref_get_source   (StateroomKeyRef *self);
const char         *stateroom_key_ref_get_key      (StateroomKeyRef *self);
const char         *stateroom_key_ref_get_path     (StateroomKeyRef *self);

G_END_DECLS
