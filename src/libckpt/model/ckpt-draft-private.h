/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-draft.h"
#include "model/ckpt-tree-data.h"

G_BEGIN_DECLS

/**
 * CkptDraftGroups:
 * @first: (element-type guint32): by number of a group: where its list begins in @entries
 * @entries: (element-type CkptDraftEntry): all lists
 *
 * Lists of numbers by a number, in little memory.
 */
typedef struct
{
  GArray *first;
  GArray *entries;
} CkptDraftGroups;

typedef struct
{
  guint32 value;
  guint32 next;
} CkptDraftEntry;

#define CKPT_DRAFT_END G_MAXUINT32

/**
 * CkptDraft:
 * @tree: the version that is made
 * @first: the first of the values that it adds
 * @touched: (element-type CkptNodeId): objects to be recognised anew
 * @wrappers: by number of a tensor: those that wrap it
 * @ids: by number of a storage: the persistent ids that name it
 * @views: by number of a storage: the tensors that view it
 * @location: (nullable): the tag that storages were moved to last
 * @location_node: its text
 * @is_moved: whether storages were moved since the values were recognised
 */
struct _CkptDraft
{
  CkptTree *tree;
  CkptNodeId first;
  GArray *touched;
  CkptDraftGroups wrappers;
  CkptDraftGroups ids;
  CkptDraftGroups views;
  const char *location;
  CkptNodeId location_node;
  gboolean is_moved;
};

void     ckpt_draft_groups_clear (CkptDraftGroups *self);
/* What is made of tensors that were moved, such as a sparse tensor, was moved with them. */
gboolean ckpt_draft_move_made    (CkptDraft       *self,
                                  GError         **error);

G_END_DECLS
