/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_WATCHER (stateroom_watcher_get_type ())

/* Watches a file. Emits "removed" when it is gone, and "changed" when it was written or replaced and has since been left
 * alone for a while. */
G_DECLARE_FINAL_TYPE (StateroomWatcher, stateroom_watcher, STATEROOM, WATCHER, GObject)

StateroomWatcher *stateroom_watcher_new          (GFile            *file);
void              stateroom_watcher_set_delay_ms (StateroomWatcher *self,
                                                  guint             delay_ms);
void              stateroom_watcher_stop         (StateroomWatcher *self);

G_END_DECLS
