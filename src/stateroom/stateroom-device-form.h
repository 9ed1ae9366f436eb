/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-form.h"

G_BEGIN_DECLS

#define STATEROOM_TYPE_DEVICE_FORM (stateroom_device_form_get_type ())

/* Where tensors go: a row for each device of the file, with what takes its place. */
G_DECLARE_FINAL_TYPE (StateroomDeviceForm, stateroom_device_form, STATEROOM, DEVICE_FORM, GtkBox)

GtkWidget *stateroom_device_form_new        (CkptItem            *item,
                                             CkptTree            *tree);
gboolean   stateroom_device_form_is_busy    (StateroomDeviceForm *self);
/* What takes the place of a device, for tests. */
GtkEntry  *stateroom_device_form_find_entry (StateroomDeviceForm *self,
                                             const char          *tag);

G_END_DECLS
