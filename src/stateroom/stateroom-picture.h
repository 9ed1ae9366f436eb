/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-types.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Writes a picture of a window with a file open, and ends the application: for a machine without a display. */
typedef struct _StateroomPicture StateroomPicture;

void              stateroom_picture_add_options      (GApplication      *app);
StateroomPicture *stateroom_picture_new_from_options (GVariantDict      *options,
                                                      GError           **error);
void              stateroom_picture_free             (StateroomPicture  *self);
void              stateroom_picture_start            (StateroomPicture  *self,
                                                      StateroomWindow   *window);
gboolean          stateroom_picture_has_failed       (StateroomPicture  *self);

G_END_DECLS
