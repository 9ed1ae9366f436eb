/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-survey.h"

G_BEGIN_DECLS

/**
 * StateroomVersion:
 * @root: the item of the file
 * @survey: its statistics: those of the version before that are true of this one too
 *
 * What the page shows of a file after an edit.
 */
typedef struct
{
  CkptItem *root;
  StateroomSurvey *survey;
} StateroomVersion;

void              stateroom_version_make_async  (CkptTree             *tree,
                                                 CkptItemFlags         flags,
                                                 StateroomSurvey      *older,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
StateroomVersion *stateroom_version_make_finish (GAsyncResult         *result,
                                                 GError              **error);
void              stateroom_version_free        (StateroomVersion     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StateroomVersion, stateroom_version_free)

G_END_DECLS
