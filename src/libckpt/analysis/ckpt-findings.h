/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-path.h"
#include "stats/ckpt-survey.h"

G_BEGIN_DECLS

/**
 * CkptFindingGrade:
 * @CKPT_FINDING_PROBLEM: what should never be
 * @CKPT_FINDING_NOTE: what may well be on purpose
 */
typedef enum
{
  CKPT_FINDING_PROBLEM,
  CKPT_FINDING_NOTE,
} CkptFindingGrade;

/**
 * CkptFinding:
 * @grade: how bad it is
 * @kind: a stable name, one of ckpt_findings_get_kinds()
 * @tensor: the tensor that it is about; of several the first
 * @node: the same as a value of the tree
 * @path: text form of the path where that tensor comes first
 * @count: how much of it: values, rows, columns or tensors
 * @text: a sentence for a person
 *
 * Something about values that a person wants to know.
 */
typedef struct
{
  CkptFindingGrade grade;
  const char *kind;
  guint32 tensor;
  CkptNodeId node;
  char *path;
  guint64 count;
  char *text;
} CkptFinding;

/* (element-type CkptFinding): problems first, and those of a kind together, in file order. */
CKPT_EXPORT GPtrArray         *ckpt_findings_new       (CkptSurvey        *survey,
                                                        CkptNodeId         below,
                                                        CkptProgressFunc   progress,
                                                        gpointer           progress_data,
                                                        GCancellable      *cancellable,
                                                        GError           **error);
CKPT_EXPORT GPtrArray         *ckpt_findings_list      (CkptSurvey        *survey,
                                                        const CkptPath *const *below,
                                                        gsize              n,
                                                        CkptProgressFunc   progress,
                                                        gpointer           progress_data,
                                                        GCancellable      *cancellable,
                                                        GError           **error);
CKPT_EXPORT const char *const *ckpt_findings_get_kinds (void);
CKPT_EXPORT const char        *ckpt_finding_kind_get_title (const char    *kind);

G_END_DECLS
