/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "stats/ckpt-profile.h"

G_BEGIN_DECLS

/* The profiles of the tensors of one file, made by as many threads as there are cores and then kept. Any thread may use it. */
typedef struct _CkptSurvey CkptSurvey;

/**
 * CkptSurveyFunc:
 * @tensor: number of a tensor in the tree
 * @profile: (nullable): what was found, with its sketch if there are finite values
 * @error: (nullable): why nothing was found
 *
 * Given the result of a tensor. One call at a time, on any thread.
 */
typedef void (*CkptSurveyFunc) (guint32       tensor,
                                CkptProfile  *profile,
                                const GError *error,
                                gpointer      user_data);

CKPT_EXPORT CkptSurvey    *ckpt_survey_new           (CkptTree         *tree,
                                                      guint             n_threads);
CKPT_EXPORT CkptSurvey    *ckpt_survey_new_after     (CkptSurvey       *older,
                                                      CkptTree         *tree);
CKPT_EXPORT CkptSurvey    *ckpt_survey_ref           (CkptSurvey       *self);
CKPT_EXPORT void           ckpt_survey_unref         (CkptSurvey       *self);
CKPT_EXPORT CkptTree      *ckpt_survey_get_tree      (CkptSurvey       *self);
CKPT_EXPORT CkptProfile   *ckpt_survey_find          (CkptSurvey       *self,
                                                      const CkptTensor *tensor);
CKPT_EXPORT guint64        ckpt_survey_get_bytes     (CkptSurvey       *self,
                                                      const guint32    *tensors,
                                                      gsize             n);
CKPT_EXPORT gboolean       ckpt_survey_run           (CkptSurvey       *self,
                                                      const guint32    *tensors,
                                                      gsize             n,
                                                      CkptSurveyFunc    func,
                                                      gpointer          data,
                                                      CkptProgressFunc  progress,
                                                      gpointer          progress_data,
                                                      GCancellable     *cancellable,
                                                      GError          **error);
CKPT_EXPORT gboolean       ckpt_survey_has_histogram (CkptSurvey       *self,
                                                      const CkptTensor *tensor,
                                                      const CkptScale  *scale,
                                                      double            low,
                                                      double            high,
                                                      guint             n_bins);
CKPT_EXPORT CkptHistogram *ckpt_survey_get_histogram (CkptSurvey       *self,
                                                      const CkptTensor *tensor,
                                                      const CkptScale  *scale,
                                                      double            low,
                                                      double            high,
                                                      guint             n_bins,
                                                      CkptProgressFunc  progress,
                                                      gpointer          progress_data,
                                                      GCancellable     *cancellable,
                                                      GError          **error);
CKPT_EXPORT CkptProfile   *ckpt_survey_merge         (CkptSurvey       *self,
                                                      const guint32    *tensors,
                                                      gsize             n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptSurvey, ckpt_survey_unref)

G_END_DECLS
