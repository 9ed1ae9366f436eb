/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-words.h"

G_BEGIN_DECLS

/* What map_location of torch.load() can be: a dict of tags. */
typedef struct _CkptDeviceMap CkptDeviceMap;

/* Words FROM=TO; `*` is any tag that no other word names. */
CkptDeviceMap *ckpt_device_map_new      (const CkptWords      *words,
                                         GError              **error);
void           ckpt_device_map_free     (CkptDeviceMap        *self);
/* Where what is on @tag goes; NULL if it stays. */
const char    *ckpt_device_map_find     (const CkptDeviceMap  *self,
                                         const char           *tag);
/* The one device that all goes to, or NULL. */
const char    *ckpt_device_map_get_only (const CkptDeviceMap  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptDeviceMap, ckpt_device_map_free)

G_END_DECLS
