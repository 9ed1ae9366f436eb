/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "stateroom-result.h"

G_BEGIN_DECLS

/* Tensors that are larger are read only when asked for. */
#define STATEROOM_MAX_UNASKED ((guint64) 256 << 20)
/* All tensors of a file together. */
#define STATEROOM_MAX_UNASKED_FILE ((guint64) 2000 * 1000 * 1000)

/**
 * StateroomSurveyProgress:
 * @is_looking: whether it is being looked what is wrong or odd, after the figures
 * @n_done: tensors that are done
 * @n_total: tensors that were asked for
 * @bytes_done: bytes of elements that were read
 * @bytes_total: and are to be read; 0 as long as that is not known
 * @rate: bytes a second, 0 as long as that is not known
 * @seconds_left: likewise, -1
 */
typedef struct
{
  gboolean is_looking;
  guint n_done;
  guint n_total;
  guint64 bytes_done;
  guint64 bytes_total;
  double rate;
  double seconds_left;
} StateroomSurveyProgress;

#define STATEROOM_TYPE_SURVEY (stateroom_survey_get_type ())

/* The statistics of the tensors of one file: those that are there, and the work on those that were asked for. */
G_DECLARE_FINAL_TYPE (StateroomSurvey, stateroom_survey, STATEROOM, SURVEY, GObject)

/* What the threads and the main thread share. */
typedef struct _StateroomSurveyShared StateroomSurveyShared;

StateroomSurvey       *stateroom_survey_new          (CkptTree                *tree);
/* Of an edited file, with what was known before the edit and is still true; on any thread. */
StateroomSurvey       *stateroom_survey_new_after    (CkptTree                *tree,
                                                      StateroomSurveyShared   *older);
CkptSurvey            *stateroom_survey_get_survey   (StateroomSurvey         *self);
CkptTree              *stateroom_survey_get_tree     (StateroomSurvey         *self);
const StateroomResult *stateroom_survey_get_result   (StateroomSurvey         *self,
                                                      guint32                  tensor);
void                   stateroom_survey_start        (StateroomSurvey         *self,
                                                      const guint32           *tensors,
                                                      gsize                    n);
/* Of all tensors of the file: then it is looked what is wrong or odd with them. */
void                   stateroom_survey_start_file   (StateroomSurvey         *self,
                                                      const guint32           *tensors,
                                                      gsize                    n);
GPtrArray             *stateroom_survey_get_findings (StateroomSurvey         *self);
void                   stateroom_survey_cancel       (StateroomSurvey         *self);
gboolean               stateroom_survey_is_running   (StateroomSurvey         *self);
void                   stateroom_survey_get_progress (StateroomSurvey         *self,
                                                      StateroomSurveyProgress *progress);
/* What a button says that reads so much: "Compute (30 GB, about 40 s)". */
char                  *stateroom_survey_dup_question (StateroomSurvey         *self,
                                                      guint64                  n_bytes);

/* For work in other threads. */
StateroomSurveyShared *stateroom_survey_share        (StateroomSurvey         *self);
void                   stateroom_survey_shared_unref (StateroomSurveyShared   *shared);
CkptSurvey            *stateroom_survey_shared_get_survey (StateroomSurveyShared *shared);
CkptProfile           *stateroom_survey_shared_run_one (StateroomSurveyShared *shared,
                                                      guint32                  tensor,
                                                      CkptProgressFunc         progress,
                                                      gpointer                 progress_data,
                                                      GCancellable            *cancellable,
                                                      GError                 **error);

G_END_DECLS
