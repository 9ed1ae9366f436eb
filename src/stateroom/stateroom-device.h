/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/* Whether this computer has the device of a location tag, as far as that can be told without asking a driver. */
gboolean stateroom_device_is_here     (const char *tag);
/* A device of the file that this computer does not have, or NULL. */
char    *stateroom_device_dup_missing (CkptTree   *tree);

G_END_DECLS
