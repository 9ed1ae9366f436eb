/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "stats/ckpt-survey.h"

G_BEGIN_DECLS

/* Results by what they are of. For one thread at a time. */
typedef struct _CkptSurveyCache CkptSurveyCache;

CkptSurveyCache *ckpt_survey_cache_new            (void);
void             ckpt_survey_cache_free           (CkptSurveyCache *self);
CkptProfile     *ckpt_survey_cache_peek           (CkptSurveyCache *self,
                                                   const char      *key);
void             ckpt_survey_cache_add            (CkptSurveyCache *self,
                                                   GRefString      *key,
                                                   CkptProfile     *profile);
CkptHistogram   *ckpt_survey_cache_peek_histogram (CkptSurveyCache *self,
                                                   const char      *key);
void             ckpt_survey_cache_take_histogram (CkptSurveyCache *self,
                                                   const char      *key,
                                                   CkptHistogram   *histogram);

/**
 * CkptSurvey:
 * @mutex: guards what follows
 * @pending: keys of what a thread is working on
 * @settled: signalled when there is one less
 */
struct _CkptSurvey
{
  gatomicrefcount ref_count;
  CkptTree *tree;
  guint n_threads;
  GMutex mutex;
  CkptSurveyCache *cache;
  GHashTable *pending;
  GCond settled;
};

char            *ckpt_survey_dup_key              (const CkptTensor *tensor);
CkptProfile     *ckpt_survey_find_key             (CkptSurvey       *self,
                                                   const char       *key);
guint64          ckpt_survey_count_bytes          (CkptTree         *tree,
                                                   const CkptTensor *tensor);
/* Whether nothing is left to read for a profile: its sketch is there, or needs not be. */
gboolean         ckpt_survey_is_complete          (const CkptProfile *profile);

G_END_DECLS
