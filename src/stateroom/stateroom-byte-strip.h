/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_BYTE_STRIP (stateroom_byte_strip_get_type ())

/* A storage from its first byte to its last one: which bytes tensors show. */
G_DECLARE_FINAL_TYPE (StateroomByteStrip, stateroom_byte_strip, STATEROOM, BYTE_STRIP, GtkWidget)

GtkWidget *stateroom_byte_strip_new        (const GArray       *ranges,
                                            guint64             n_bytes);
/* Marks the bytes of one of the views; an empty range marks none. */
void       stateroom_byte_strip_set_marked (StateroomByteStrip *self,
                                            CkptByteRange       range);

G_END_DECLS
