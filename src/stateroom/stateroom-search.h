/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>
#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  STATEROOM_SEARCH_TEXT,
  STATEROOM_SEARCH_GLOB,
  STATEROOM_SEARCH_REGEX,
} StateroomSearchKind;

#define STATEROOM_SEARCH_MAX 10000u /* values that are shown; more are counted only */

/**
 * StateroomFound:
 * @paths: (element-type CkptPath): in the order of the file
 * @n_found: how many there are in all
 */
typedef struct
{
  GPtrArray *paths;
  guint n_found;
} StateroomFound;

void            stateroom_search_async  (CkptTree             *tree,
                                         StateroomSearchKind   kind,
                                         const char           *text,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
StateroomFound *stateroom_search_finish (GAsyncResult         *result,
                                         GError              **error);
void            stateroom_found_free    (StateroomFound       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StateroomFound, stateroom_found_free)

G_END_DECLS
