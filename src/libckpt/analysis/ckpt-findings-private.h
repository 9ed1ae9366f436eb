/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "analysis/ckpt-findings.h"
#include "analysis/ckpt-role.h"

G_BEGIN_DECLS

/**
 * CkptSubject:
 * @tensor: a tensor of floating numbers that was read
 * @node: the same as a value
 * @parent: what it is directly in
 * @path: text form of its path
 * @role: what it is for
 * @is_part: whether it is a part of another tensor: the values of a sparse one, the scales of a quantized one
 * @stats: what was found in it
 * @has_few_values: whether it has less different values than training leaves
 *
 * A tensor that something may be said about.
 */
typedef struct
{
  const CkptTensor *tensor;
  CkptNodeId node;
  CkptNodeId parent;
  char *path;
  CkptRole role;
  gboolean is_part;
  CkptStats stats;
  gboolean has_few_values;
} CkptSubject;

/**
 * CkptLooking:
 * @survey: what is known of the tensors
 * @tree: the tree
 * @subjects: (element-type CkptSubject): in file order
 * @names: (element-type utf8 CkptSubject): the subjects by the names of their roles
 * @findings: (element-type CkptFinding): what was found so far
 *
 * A search for findings.
 */
typedef struct
{
  CkptSurvey *survey;
  CkptTree *tree;
  GPtrArray *subjects;
  GHashTable *names;
  GPtrArray *findings;
} CkptLooking;

gboolean     ckpt_subject_is_zero     (const CkptSubject *self);
gboolean     ckpt_subject_is_matrix   (const CkptSubject *self);
CkptSubject *ckpt_looking_find_bias   (const CkptLooking *self,
                                       const CkptSubject *subject);
/* Takes the text. */
void         ckpt_looking_add         (CkptLooking       *self,
                                       CkptFindingGrade   grade,
                                       const char        *kind,
                                       const CkptSubject *subject,
                                       guint64            count,
                                       char              *text);

/* Each looks for findings of its kinds in all subjects. */
void         ckpt_looking_for_nonfinite (CkptLooking       *self);
void         ckpt_looking_for_same    (CkptLooking       *self);
void         ckpt_looking_for_scale   (CkptLooking       *self);
void         ckpt_looking_for_types   (CkptLooking       *self);
/* The subjects of which the numbers in the names differ alone: pattern -> GPtrArray of CkptSubject. */
GHashTable  *ckpt_looking_list_siblings (CkptLooking     *self);
gboolean     ckpt_looking_for_dead    (CkptLooking       *self,
                                       GCancellable      *cancellable,
                                       GError           **error);

G_END_DECLS
